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
_ANSWER, _EXPLAIN, _HABIT = _beginnings(_ANSWERS), _whole(_EXPLAINS), _whole(_HABITS)
_QUESTION, _ASKS = _beginnings(_QUESTIONS), _whole(_ASKING)
_SENTENCE_END = re.compile(r"[.!?…][»”\"')]*\s|\n")
_QUOTE = re.compile(r"[«»“”„\"‘’']")
_REACH = 300


def answers(title: str, text: str, mentions: Iterable[tuple[int, int]]) -> int:
    """How many sentences with a mention (offsets into ``title + newline + text``) speak of answering, reacting,
    rejecting; the title counts where it has a mention.
    """
    full = f"{title}\n{text}"
    return len({sentence for s, e in mentions if _tells_answer(fold(sentence := _sentence(full, s, e)))})


def _tells_answer(folded: str) -> bool:
    return _ANSWER.search(folded) is not None and _QUESTION.search(folded) is None


def lead_answers(title: str, text: str) -> bool:
    """Whether the title or the first sentence speaks of answering, whoever is named there."""
    first = _SENTENCE_END.split(text.lstrip()[: 2 * _REACH])[0]
    return _tells_answer(fold(title)) or _tells_answer(fold(first))


def habits(title: str, text: str, mentions: Iterable[tuple[int, int]]) -> int:
    """How many sentences with a mention speak of what somebody does again and again."""
    full = f"{title}\n{text}"
    return len({sentence for s, e in mentions if _HABIT.search(fold(sentence := _sentence(full, s, e)))})


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
    before = _SENTENCE_END.split(full[max(0, start - _REACH) : start])[-1]
    after = _SENTENCE_END.split(full[end : end + _REACH])[0]
    return before + full[start:end] + after
