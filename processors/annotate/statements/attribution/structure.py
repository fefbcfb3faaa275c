"""Attributions that no list of verbs has, found by the structure of the sentence.

A person and any finite verb beside a clause of content ("X, Lavrov volunteered"; « X, insiste Lavrov »; "Lavrov made
it plain that X"), or a person and a colon ("For Syria he had one line: X").
"""

from processors.annotate.statements.attribution.led_up import led_up
from processors.annotate.statements.attribution.reporting import denied
from processors.annotate.statements.language.case import LANGUAGES, part_of_speech
from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.people.mentions import Mention
from processors.annotate.statements.sentence.clauses import ends, relative_that
from processors.annotate.statements.sentence.groups import TELLERS
from processors.annotate.statements.sentence.parts import Cue
from processors.annotate.statements.sentence.relatives import opened_behind_subject
from processors.annotate.statements.sentence.subject import governed
from processors.annotate.statements.text.tokens import Token

# Spaces in a quotation that is no name, at least.
_QUOTE_WORDS = 2
# Words of a clause of content before an attribution, and behind it, at least.
_LEFT_WORDS = 3
_RIGHT_WORDS = 3
# Words from a known cue to a "that" that may be its own, at most.
_GOVERNS = 14
# Words between a verb and its subject behind it: «порадовал гостей Лавров».
_OBJECT_WORDS = 3
# Words from the beginning to a noun of speech before a colon: "His answer to the council was this:".
_NAMING = 7
_PARTICIPLES = ("é", "i", "u", "is", "it")
_PREDICATES = frozenset({"VERB", "INFN", "GRND", "PRTS", "ADJS", "PRED", "ADVB", "COMP"})


def by_structure(
    tokens: list[Token], lows: list[str], mentions: list[Mention], lexicon: Lexicon, known: list[Cue]
) -> list[Cue]:
    """Cues beside persons who can be subjects, apart from those that are ``known``."""
    found: list[Cue] = []
    taken = {i for c in known for i in range(c.first, c.last)}
    for mention in mentions:
        if not _subject(mention, lows, lexicon):
            continue
        for cue in (
            _before_clause(tokens, lows, mention, lexicon, taken),
            _after_quotation(tokens, mention, lexicon, taken),
            _inserted(tokens, lows, mention, lexicon, taken),
            _before_subjunctive(tokens, lows, mention, lexicon, known),
        ):
            if cue is not None:
                found.append(cue)
                taken.update(range(cue.first, cue.last))
    found.extend(_without_subject(tokens, lows, mentions, lexicon, taken))
    found.extend(_that_clauses(tokens, lows, mentions, lexicon, known + found))
    leading = led_up(tokens, lows, mentions, lexicon) if ":" in lows else None
    if leading is not None and any(c.first < leading.last for c in (*known, *found)):
        leading = None
    found.extend([leading] if leading is not None else _colons(tokens, lows, mentions, lexicon, known + found))
    return found


def _subject(mention: Mention, lows: list[str], lexicon: Lexicon) -> bool:
    if mention.kind not in TELLERS or mention.oblique or mention.number in ("i", "n"):
        return False
    return not (mention.first > 0 and lexicon.has("prepositions", lows[mention.first - 1]))


def _before_clause(
    tokens: list[Token], lows: list[str], mention: Mention, lexicon: Lexicon, taken: set[int]
) -> Cue | None:
    """A person, one word, and a clause or quotation."""
    at = mention.last
    while at < len(tokens) and lexicon.has("auxiliaries", lows[at]) and at - mention.last < 3:
        at += 1
    if at + 2 >= len(tokens) or at in taken or not _plain_verb(tokens, at, lexicon):
        return None
    comma = at + 1
    if lexicon.order == "free":
        # «остановился на том, что»
        while comma + 2 < len(tokens) and comma - at < 4 and tokens[comma].kind == "w":
            comma += 1
    then = comma + 1 if tokens[comma].text in ",:" else at + 1
    clause = lexicon.has("that", lows[then]) and not _relative_that(lows, then, lexicon)
    quotation = tokens[then].kind == "q" and tokens[then].text.count(" ") >= _QUOTE_WORDS
    return Cue(at, at + 1, frozenset({"clause"}), "", mention) if clause or quotation else None


def _relative_that(lows: list[str], at: int, lexicon: Lexicon) -> bool:
    return at + 1 < len(lows) and relative_that(lows[at], lows[at + 1], lexicon)


def _after_quotation(tokens: list[Token], mention: Mention, lexicon: Lexicon, taken: set[int]) -> Cue | None:
    """A quotation, one word, and a person; or the person and the word ("…," he scoffed)."""
    at = mention.last
    if (
        mention.first > 0 and at < len(tokens) and at not in taken and _finite_verb(tokens, at, lexicon)
        and ends(tokens, at + 1, lexicon)
        and (tokens[mention.first - 1].kind == "q" or (
            mention.first > 1 and tokens[mention.first - 1].text in ",—–" and tokens[mention.first - 2].kind == "q"
        ))
    ):  # fmt: skip
        return Cue(at, at + 1, frozenset({"clause"}), "", mention)
    back = mention.first - 1
    if lexicon.lang in LANGUAGES and not mention.oblique:
        # «…», — порадовал гостей Лавров: what the verb has for an object may stand between.
        reach = range(back, max(0, back - _OBJECT_WORDS) - 1, -1)
        back = next((i for i in reach if tokens[i].kind != "w" or _finite_verb(tokens, i, lexicon)), back)
    if back <= 0 or back in taken or not _plain_verb(tokens, back, lexicon):
        return None
    before = back - 1
    while before > 0 and tokens[before].text in ",—–-":
        before -= 1
    if tokens[before].kind == "q" and before < back - (0 if tokens[before].text[-2:-1] in ",.!?" else 1):
        return Cue(back, back + 1, frozenset({"clause"}), "", mention)
    return None


def _inserted(tokens: list[Token], lows: list[str], mention: Mention, lexicon: Lexicon, taken: set[int]) -> Cue | None:
    """An attribution between commas, or behind the last one: ", insists Lavrov,", ", he went on"."""
    if lexicon.order == "sov":
        return None
    back = mention.first - 1
    if (
        back > _LEFT_WORDS - 1 and back not in taken and _finite_verb(tokens, back, lexicon)
        and tokens[back - 1].text in ",—–" and ends(tokens, mention.last, lexicon)
        # "The crew, who had waited for hours, cheered Lavrov"
        and not 0 < opened_behind_subject(tokens, lexicon) < back - 1
    ):  # fmt: skip
        return Cue(back, back + 1, frozenset({"clause"}), "", mention)
    if lexicon.order != "svo" or mention.first < _LEFT_WORDS or tokens[mention.first - 1].text != ",":
        return None
    at = mention.last
    while at < len(tokens) and (lexicon.has("auxiliaries", lows[at]) or lows[at].endswith("ly")):
        at += 1
    if at >= len(tokens) or at in taken or not _finite_verb(tokens, at, lexicon):
        return None
    if ends(tokens, at + 1, lexicon):
        return Cue(at, at + 1, frozenset({"clause"}), "", mention)
    return None


def _without_subject(
    tokens: list[Token], lows: list[str], mentions: list[Mention], lexicon: Lexicon, taken: set[int]
) -> list[Cue]:
    """An inserted verb that needs no subject beside it: "X, rememoró, Y" and « X, a-t-il grincé »."""
    found = [
        Cue(i, i + 1, frozenset({"clause"}), "", None, True)
        for i in range(_LEFT_WORDS, len(tokens) if lexicon.inserted_ends else 0)
        if i not in taken and tokens[i - 1].text in ",—–" and lows[i].endswith(lexicon.inserted_ends)
        and _finite_verb(tokens, i, lexicon) and (i + 1 >= len(tokens) or tokens[i + 1].text in ",.;—–")
    ]  # fmt: skip
    if lexicon.lang != "fr":
        return found
    for mention in mentions:
        joined = lows[mention.first].split("-")
        at = mention.first if len(joined) > 1 and not lexicon.has("finite_auxiliaries", joined[0]) else mention.last
        colon = next((i for i in range(mention.first) if tokens[i].text == ":"), -1)
        if any(i < colon for i in taken):
            continue  # "Un diplomate nuance : X, dit-il, Y" has its speaker
        if mention.kind != "pronoun" or mention.number not in "sp" or len(joined) < 2 or mention.first < _LEFT_WORDS:
            continue
        at += int(at > mention.first and at < len(tokens) and lows[at].endswith("ment"))
        verb = at < len(tokens) and tokens[at].kind == "w" and (at == mention.first or lows[at].endswith(_PARTICIPLES))
        led = tokens[mention.first - 1].text in ",—–!?" or tokens[mention.first - 1].kind == "q"
        modal = lexicon.has("modals", joined[0]) or lexicon.has("clitics", joined[0])
        if verb and led and not modal and at not in taken and ends(tokens, at + 1, lexicon):
            found.append(Cue(at, at + 1, frozenset({"clause"}), "", mention))
    return found


def _before_subjunctive(
    tokens: list[Token], lows: list[str], mention: Mention, lexicon: Lexicon, known: list[Cue]
) -> Cue | None:
    """German: "Dem Rat hielt Lawrow vor, die Fähren seien sein Werk": any verb before a clause in the subjunctive."""
    verb = mention.first - 1
    if lexicon.lang != "de" or verb < 0 or tokens[verb].kind != "w" or tokens[verb].capital or known:
        return None
    comma = next((i for i in range(mention.last, min(len(tokens), mention.last + 8)) if tokens[i].text in ",:"), None)
    if comma is None or comma + 2 >= len(tokens) or not lexicon.may_be_noun(lows[verb]):
        return None
    relative = lexicon.has("relatives", lows[comma + 1]) and not tokens[comma + 2].capital
    mood = any(lexicon.has("subjunctive", low) for low in lows[comma + 1 : comma + 12])
    return Cue(verb, verb + 1, frozenset({"say"}), "", mention) if mood and not relative else None


def _that_clauses(
    tokens: list[Token], lows: list[str], mentions: list[Mention], lexicon: Lexicon, known: list[Cue]
) -> list[Cue]:
    """Clauses of content that no cue governs, in a sentence whose subject is a person."""
    if not mentions or lexicon.order == "sov" or not lexicon.has_any("that", lows):
        return []
    found: list[Cue] = []
    for i in range(2, len(tokens) - 2):
        if not lexicon.has("that", lows[i]) or _relative_that(lows, i, lexicon):
            continue
        word = i - 2 if tokens[i - 1].text == "," else i - 1
        if tokens[word].kind != "w" or not _governs(tokens, lows, word, i, lexicon):
            continue
        if denied(lows, word, lexicon):
            continue  # "did not say that": he did not
        if lexicon.pro_drop and lexicon.has("prepositions", lows[word]):
            continue  # "advirtió al secretario de Estado de EE. UU., Marco Rubio, de que …"
        if any(c.first <= i and i - c.last <= _GOVERNS for c in [*known, *found]):
            continue
        if any(m.first <= word < m.last for m in mentions):
            continue
        before = [m for m in mentions if m.last <= word and m.kind != "noun"]
        subjects = [m for m in before if _subject(m, lows, lexicon) or (_possessor(m, lows) and m.last == word)]
        others = [
            m for m in before
            if m.kind in ("org", "name") and not m.oblique
            and not (m.first > 0 and lexicon.has("prepositions", lows[m.first - 1]))
        ]  # fmt: skip
        if not subjects or any(m.first > subjects[-1].first for m in others):
            continue
        if any(tokens[k].text in ";:." for k in range(subjects[-1].last, word)):
            continue
        found.append(Cue(word, word + 1, frozenset({"clause"}), "", subjects[-1]))
    return found


def _governs(tokens: list[Token], lows: list[str], word: int, that: int, lexicon: Lexicon) -> bool:
    """Whether the word before "that" can have a clause of content: no noun, except nouns of speech and thought."""
    low = lows[word]
    if lexicon.has("noun_cues", low) or lexicon.has("predicates", low):
        return True
    if lexicon.lang in LANGUAGES:
        if tokens[that - 1].text != "," or lexicon.has("purpose", lows[that]):
            return lexicon.has("purpose_correlatives", low) and lexicon.has("purpose", lows[that])
        if lexicon.has("that_correlatives", low):
            return True
        return part_of_speech(low, lexicon.lang or "ru") in _PREDICATES
    if lexicon.lang == "de":
        return True
    before = lows[word - 1] if word else ""
    if lexicon.lang == "fr" and any(
        low.startswith(("n'", "ne")) for low in lows[max(0, word - 3) : word] if len(low) < 8
    ):
        return False  # "il n'aura passé qu'une heure": no more than that
    if lexicon.has("determiners", before) or (lexicon.has("prepositions", before) and not lexicon.has("to", before)):
        return False
    return bool(lexicon.predicate_ends) and low.endswith(lexicon.predicate_ends)


def _colons(
    tokens: list[Token], lows: list[str], mentions: list[Mention], lexicon: Lexicon, known: list[Cue]
) -> list[Cue]:
    """A clause about a person that ends with a colon: what follows is his, if no cue has it."""
    if ":" not in lows and not (lexicon.cases and ("—" in lows or "–" in lows)):
        return []
    for k in range(2, len(tokens) - 1):
        if tokens[k].text in "—–" and lexicon.cases:
            # «Главный посыл министра — переговоры возможны на равных»
            owner = next((m for m in mentions if m.last == k and _answering(tokens, lows, m, lexicon)), None)
            if owner is not None and not any(c.first <= k for c in known) and _says_enough(tokens[k + 1 :], lexicon):
                return [Cue(k, k + 1, frozenset({"noun"}), "noun", owner)]
        if tokens[k].text != ":" or tokens[k + 1].start == tokens[k].end:
            continue
        if any(c.first <= k for c in known):
            return []
        if not _says_enough(tokens[k + 1 :], lexicon) and not _short_reply(tokens, k, lexicon):
            return []
        before = [m for m in mentions if m.last <= k and not governed(tokens, m.first, lexicon)]
        # «Об исследователе Валькуре Лавров высказался сдержанно: …»
        inflected = lexicon.cases or (lexicon.order == "sov" and tokens[-1].text == ".")  # no title
        before = [m for m in before if not (inflected and m.kind == "name" and m.oblique)]
        # "Die Botschaft war klar: …" is no embassy.
        before = [m for m in before if not _message(m, lows, lexicon)]
        subjects = [m for m in before if _subject(m, lows, lexicon) or _possessor(m, lows)]
        answering = next((m for m in mentions if m.last <= k and _answering(tokens, lows, m, lexicon)), None)
        if answering is not None:
            return [Cue(k, k + 1, frozenset({"noun"}), "noun", answering)]
        if not before and any(lexicon.has("speech_nouns", low) for low in lows[: min(k, _NAMING)]):
            # «Еще одна цифра из доклада: …», "The last point concerned borders: …"
            return [Cue(k, k + 1, frozenset({"noun"}), "noun", None, True)]
        if not subjects or subjects[0] is not before[0] or subjects[0].last == k:
            return []
        if _a_list(tokens, k, lexicon):
            return []
        return [Cue(k, k + 1, frozenset({"noun"}), "noun", subjects[0])]
    return []


def _short_reply(tokens: list[Token], colon: int, lexicon: Lexicon) -> bool:
    """As in 'The answer was dry: "Ask Rubio."': an answer may be a word or two, in quotation marks."""
    announced = any(lexicon.has("speech_nouns", t.low) for t in tokens[: min(colon, _NAMING)])
    return announced and tokens[colon + 1].kind == "q" and tokens[colon + 1].text.count(" ") > 0


def _says_enough(tokens: list[Token], lexicon: Lexicon) -> bool:
    words = sum(1 for t in tokens if t.kind == "w")
    # Turkish says "we will not return to the table" in two.
    return words >= _RIGHT_WORDS - int(lexicon.order == "sov" and tokens[-1].text == ".") or any(
        t.kind == "q" and t.text.count(" ") >= _QUOTE_WORDS for t in tokens
    )


def _answering(tokens: list[Token], lows: list[str], mention: Mention, lexicon: Lexicon) -> bool:
    """As in "Lavrov's answer", "Réponse de Lavrov", «Ответ Лаврова»: a noun of speech and whose it is."""
    if mention.kind not in ("person", "role"):
        return False
    at = mention.first - 1
    if at > 0 and lexicon.has("prepositions", lows[at]):
        at -= 1
    before = at >= 0 and _speech(lows[at], lexicon)
    after = mention.last < len(tokens) and mention.oblique and _speech(lows[mention.last], lexicon)
    return before or after


def _message(mention: Mention, lows: list[str], lexicon: Lexicon) -> bool:
    """German „Die Botschaft war klar: …“, which is no embassy."""
    was = lexicon.has("finite_auxiliaries", lows[mention.last]) or lows[mention.last] == ":"
    return mention.kind == "org" and was and lexicon.has("speech_nouns", lows[mention.last - 1])


def _speech(low: str, lexicon: Lexicon) -> bool:
    return lexicon.has("noun_cues", low) or lexicon.has("speech_nouns", low)


def _possessor(mention: Mention, lows: list[str]) -> bool:
    return mention.kind == "person" and mention.first <= 1 and lows[mention.last - 1].endswith(("'s", "s'"))


def _a_list(tokens: list[Token], colon: int, lexicon: Lexicon) -> bool:
    """As in "three ministers: Fidan, Wang Yi and Araghchi": names without a clause."""
    words = [t for t in tokens[colon + 1 :] if t.kind == "w"]
    plain = [t for t in words if not t.capital and not lexicon.has("conjunctions", t.low)]
    return len(plain) < len(words) / 2 and lexicon.lang != "de" and all(t.kind != "q" for t in tokens[colon:])


def _plain_verb(tokens: list[Token], at: int, lexicon: Lexicon) -> bool:
    token = tokens[at]
    return (
        token.kind == "w" and token.text.islower() and len(token.text) > 3
        and (lexicon.may_be_noun(token.low) or lexicon.only_begins(token.low))
        and not lexicon.has("determiners", token.low) and not token.low.endswith("ly")
        and lexicon.role_at([token.low], 0) is None
    )  # fmt: skip


def _finite_verb(tokens: list[Token], at: int, lexicon: Lexicon) -> bool:
    """A word that looks like a finite verb: by dictionary where there is one, else by its ending."""
    if not _plain_verb(tokens, at, lexicon):
        return False
    low = tokens[at].low
    if lexicon.lang in LANGUAGES:
        return part_of_speech(low, lexicon.lang or "ru") in ("VERB", "PRTS", "ADJS")
    if lexicon.has("finite", low):
        return True
    return bool(lexicon.finite_ends) and low.endswith(lexicon.finite_ends)
