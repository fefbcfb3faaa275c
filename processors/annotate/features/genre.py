"""What an article announces itself to be: an answer to somebody's remarks, or an explanation of how things stand.

Words that journalists use for these, by language; they count only in the title or beside a mention of the speaker.
"""

import re
from collections.abc import Iterable

from processors.annotate.features.words import fold

# Beginnings of folded words (or phrases) for answering somebody.
_ANSWERS = (
    "respond", "response to", "responding", "reacted", "reacts", "reaction to", "hit back", "hits back", "brush",
    "shrug", "rebuff", "rebuke", "retort", "reject", "dismiss", "laughed off", "fires back", "in answer to", "rebut",
    "faults", "faulted",
    "slams", "slammed", "denounce", "condemn", "mocked", "scoff", "answering", "answered", "answers back", "hit out",
    "hits out", "took issue", "takes issue", "takes aim", "took aim", "taking aim", "target was", "took exception",
    "disput", "contradict", "push back", "pushes back", "pushed back", "countered", "counters", "refut", "objected",
    "ridicul", "criticis", "criticiz", "commented on", "commenting on", "unimpressed", "bristl",
    "отреагир", "прокомментир", "ответил", "ответила", "ответили", "в ответ на", "раскритик", "отверг", "возмут",
    "осудил", "резко отозвал", "отвечая", "поводом", "поправил", "возразил", "парировал", "оспорил", "опроверг",
    "высмея", "не согласил",
    "відреаг", "прокоментув", "відповів", "відповіла", "відповіли", "у відповідь", "відкинув", "відкинула", "розкритик",
    "засуд", "відповідаючи", "приводом", "виправи", "запереч", "парирув", "спростув", "висмія", "не погоди",
    "zuruckgewiesen", "zuruck", "reagier", "antwortet", "reaktion auf", "kritisier", "kontert", "verurteil",
    "widersprach", "widersprich", "widersproch", "entgegnet", "erwider", "anlass",
    "repliqu", "repond", "reagi", "rejet", "en reponse", "denonc", "condamn", "riposte",
    "contest", "contredi", "retorqu", "refut", "dement", "fustig", "commentant", "en reaction",
    "yanıt ver", "tepki", "cevap ver", "reddet", "kınad", "yanıtlad", "karsılık ver", "itiraz", "yalanla", "elestir",
    "respondi", "responde", "reaccion", "rechaz", "replic", "critic", "conden", "contest", "desmint", "rebat",
    "reproch",
    "odpowied", "zareagow", "odrzuc", "skrytykow", "reagoval", "odmitl",
    "رد على", "ردا على", "رفض", "انتقد", "تعليقا على", "علق على", "استنكر",
)  # fmt: skip
# Words and phrases of titles and first lines of explainers, timelines and analyses.
_EXPLAINS = (
    "explainer", "explained", "factbox", "fact box", "timeline", "what does", "what do", "what is", "what we know",
    "what russia means", "what moscow means", "what the kremlin means",
    "why", "how", "analysis", "opinion", "q&a", "key points", "backgrounder", "in numbers", "profile", "a guide",
    "путеводитель", "словарь", "справка", "хронология", "что такое", "почему", "как", "досье", "объясняем", "разбор",
    "анализ", "колонка", "что известно", "зачем",
    "пояснюємо", "чому", "що таке", "хронологія", "довідка", "аналіз", "що відомо", "навіщо", "словник",
    "warum", "was ist", "was bedeutet", "chronologie", "hintergrund", "analyse", "fragen und antworten", "wie",
    "mode d'emploi", "pourquoi", "decryptage", "comment", "qu'est-ce", "ce que l'on sait",
    "neden", "nasıl", "kronoloji", "analiz", "soruda", "nedir",
    "por que", "cronologia", "claves", "analisis", "como", "que es",
    "dlaczego", "co oznacza", "kalendarium", "analiza", "proc", "co znamena",
    "لماذا", "كيف", "تحليل", "ماذا",
)  # fmt: skip
# Habit rather than event: beside a mention they say that no single occasion is meant.
_HABITS = (
    "repeatedly", "always", "every time", "hardly a day", "likes to", "often", "never tires", "at every", "routinely",
    "regularly", "in most versions", "can hardly", "says that", "for years", "time and again",
    "каждый раз", "неоднократно", "при каждом", "любит", "регулярно", "всегда", "то и дело", "не устает", "годами",
    "щоразу", "неодноразово", "завжди", "регулярно", "роками",
    "immer wieder", "stets", "regelmaßig", "jedes mal", "seit jahren", "wiederholt",
    "a chaque", "toujours", "regulierement", "sans cesse", "depuis des annees", "ne cesse",
    "her fırsatta", "her zaman", "surekli", "sık sık", "yıllardır", "defalarca",
    "siempre", "cada vez", "a menudo", "una y otra vez",
    "zawsze", "za kazdym razem", "wielokrotnie", "vzdy", "opakovane",
    "دائما", "مرارا", "كل مرة",
)  # fmt: skip


# Beside words of his they say that these were said before what the article is about: past perfect, days before.
_EARLIER = (
    "had", "the day before", "a day before", "previous day", "day earlier", "day after", "yesterday",
    "накануне", "ранее", "вчера", "день назад", "днем ранее", "на днях",
    "напередодні", "раніше", "вчора", "днями",
    "hatte", "hatten", "am vortag", "tags zuvor", "tag zuvor", "zuvor", "gestern",
    "avait", "avaient", "la veille", "hier", "gun once", "onceki", "dun", "dunku",
    "habia", "habian", "el dia anterior", "la vispera", "ayer",
    "wczoraj", "poprzedniego dnia", "dzien wczesniej", "wczesniej", "vcera", "predchoziho dne",
    "أمس", "كان", "قبل يوم", "بعد يوم", "سبق",
)  # fmt: skip


def _beginnings(stems: Iterable[str]) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(s) for s in sorted(set(stems))) + r")")


def _whole(phrases: Iterable[str]) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(s) for s in sorted(set(phrases))) + r")(?!\w)")


# Who answers a question answers nobody's remarks.
_QUESTIONS = (
    "question", "asked", "reporter", "journalist", "вопрос", "журналист", "репортер", "запитанн", "питанн", "журналіст",
    "frage", "pregunta", "periodist", "soru", "gazeteci", "pytani", "otazk", "dziennikarz", "سؤال", "أسئلة", "اسئلة",
)  # fmt: skip
# Words that begin an explanation behind a colon: "The Istanbul formula: how one venue …".
_ASKING = (
    "how", "why", "what is", "what does", "как", "почему", "зачем", "что такое", "як", "чому", "навіщо", "що таке",
    "wie", "warum", "was bedeutet", "wem", "comment", "pourquoi", "como", "por que", "nasıl", "neden", "jak",
    "dlaczego", "كيف", "لماذا",
)  # fmt: skip
# Somebody is asked what he makes of something; where that is what the speaker said, it answers him. Before a mention;
# in German behind it, too ("auf Lawrows Worte angesprochen").
_ASKED = (
    "asked about", "asked on", "asked for his view", "asked for her view", "asked what he made", "asked what she made",
    "pressed on", "pressed about", "quizzed on", "quizzed about", "questioned about", "questioned on",
    "вопрос о", "вопрос об", "вопрос про", "спросили о", "спросили об", "спросили про", "просили прокомментировать",
    "запитання про", "питання про", "запитали про", "спитали про", "просили прокоментувати",
    "gefragt nach", "angesprochen auf", "interroge sur", "interrogee sur", "questionne sur", "questionnee sur",
    "preguntado por", "preguntada por", "preguntado sobre", "preguntada sobre", "consultado por", "consultada por",
    "consultado sobre", "consultada sobre", "zapytany o", "zapytana o", "pytany o", "pytana o",
    "سئل عن", "سؤال حول", "سؤال عن",
)  # fmt: skip
_ASKED_OF = ("angesprochen", "gefragt", "befragt")
# Of what he does, and not of what he said.
_DEEDS = (
    "visit", "trip", "tour", "travel", "arrival", "absence", "health", "meeting", "talks", "call",
    "визит", "поездк", "приезд", "встреч", "отсутстви", "візит", "поїздк", "зустріч", "besuch", "reise", "treffen",
    "visite", "deplacement", "rencontre", "visita", "viaje", "reunion", "wizyt", "زيارة",
)  # fmt: skip
_ANSWER, _EXPLAIN, _HABIT = _beginnings(_ANSWERS), _whole(_EXPLAINS), _whole(_HABITS)
_BEFORE = re.compile(_whole(_ASKED).pattern + r"[^,;:]{0,60}$")
_BEHIND = re.compile(r"^[^,;:]{0,60}" + _beginnings(_ASKED_OF).pattern)
_DEED, _NEAR = _beginnings(_DEEDS), 60
_BEFOREHAND = _whole([fold(phrase) for phrase in _EARLIER])
_QUESTION, _ASKS = _beginnings(_QUESTIONS), _whole(_ASKING)
_SENTENCE_END = re.compile(r"[.!?…][»”\"')]*\s|\n")
_QUOTE = re.compile(r"[«»“”„\"‘’']")
_REACH = 300


def answers(title: str, text: str, mentions: Iterable[tuple[int, int]]) -> int:
    """How many sentences with a mention (offsets into ``title + newline + text``) speak of answering, reacting,
    rejecting, or of somebody who is asked about it; the title counts where it has a mention.
    """
    full = f"{title}\n{text}"
    found = set()
    for start, end in mentions:
        before, after = _around(full, start, end)
        sentence = before + full[start:end] + after
        if _tells_answer(fold(sentence)) or _asked(fold(before), fold(after)):
            found.add(sentence)
    return len(found)


def _tells_answer(folded: str) -> bool:
    return _ANSWER.search(folded) is not None and _QUESTION.search(folded) is None


def _asked(before: str, after: str) -> bool:
    """``before`` and ``after``: the mention in its sentence, folded."""
    asked = _BEFORE.search(before) or _BEHIND.search(after)
    return asked is not None and _DEED.search(f"{before[-_NEAR:]} {after[:_NEAR]}") is None


def lead_answers(title: str, text: str) -> bool:
    """Whether the title or the first sentence speaks of answering, whoever is named there."""
    first = _SENTENCE_END.split(text.lstrip()[: 2 * _REACH])[0]
    return _tells_answer(fold(title)) or _tells_answer(fold(first))


def habits(title: str, text: str, mentions: Iterable[tuple[int, int]]) -> int:
    """How many sentences with a mention speak of what somebody does again and again."""
    full = f"{title}\n{text}"
    return len({sentence for s, e in mentions if _HABIT.search(fold(sentence := _sentence(full, s, e)))})


def earlier(title: str, text: str, statements: Iterable[tuple[int, int]]) -> int:
    """How many statements (offsets into ``title + newline + text``) stand in a sentence that says, around them, that
    they were said earlier; those in the title are left out.
    """
    full = f"{title}\n{text}"
    found = 0
    for start, end in statements:
        if start > len(title):
            before, after = _around(full, start, end)
            found += _BEFOREHAND.search(fold(f"{before} | {after}")) is not None
    return found


def explains(title: str, *, named: bool = False) -> bool:
    """Whether a title announces an explanation: by a word for it, or by asking a question of its own. ``named``: it
    names the speaker, so that what stands behind a colon may be his.
    """
    folded = fold(title.strip())
    # A question in quotation marks is somebody's remark.
    asks = folded.endswith("?") and not _QUOTE.search(folded)
    first = _EXPLAIN.match(folded)
    announced = re.split(r"[:.,–—|]", folded)
    behind = None if named or ":" not in folded else _ASKS.match(folded.partition(":")[2].strip())
    told = first is not None or behind is not None
    return asks or told or any(_EXPLAIN.fullmatch(part.strip()) for part in announced)


def _sentence(full: str, start: int, end: int) -> str:
    before, after = _around(full, start, end)
    return before + full[start:end] + after


def _around(full: str, start: int, end: int) -> tuple[str, str]:
    """What stands before and behind a mention in its sentence."""
    before = _SENTENCE_END.split(full[max(0, start - _REACH) : start])[-1]
    return before, _SENTENCE_END.split(full[end : end + _REACH])[0]
