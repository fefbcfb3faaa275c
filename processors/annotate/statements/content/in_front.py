"""What stands before an attribution and is its content, or the object that its content is about."""

from processors.annotate.statements.language.case import is_person
from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.sentence import clauses
from processors.annotate.statements.sentence.groups import ABOUT_WORDS, FRONTED_WORDS, TOLD_WORDS, Group
from processors.annotate.statements.text.tokens import Token

# Words of an object that is content, at least.
_OBJECT_WORDS = 2


def uncovered(tokens: list[Token], group: Group, covered: list[tuple[int, int]]) -> int:
    """Where what stands before an attribution and belongs to no other one begins."""
    return clauses.skip_marks(tokens, max([0, *(last for _, last in covered if last <= group.first)]), group.first)


def object_in_front(tokens: list[Token], group: Group, covered: list[tuple[int, int]], lexicon: Lexicon) -> int | None:
    """Where the object of a verdict begins that stands before it: «Портовый сбор министр назвал ошибкой»; else None."""
    if (
        lexicon.order != "free"
        or not lexicon.has("verdicts", group.cue.base)
        or group.cue.source is None
        or group.framed
    ):
        return None
    if any(lexicon.has("relatives", t.low) for t in tokens[group.cue.source.last : group.cue.first]):
        return None  # «заяву колеги, який назвав буксири цілями»
    if not _judged(tokens, group, lexicon):
        return None
    begin = uncovered(tokens, group, covered)
    words = [t for t in tokens[begin : group.first] if t.kind == "w"]
    before = tokens[group.first - 1]
    if len(words) < _OBJECT_WORDS or before.kind == "p" or lexicon.has("pointers", before.low):
        return None
    first = words[0].low
    if group.cue.source.kind in ("person", "name") and any(is_person(word.low, lexicon.lang or "") for word in words):
        return None  # «Начальник порта Иван Рыбак назвал …»: he is described
    opens = any(lexicon.has(name, first) for name in ("prepositions", "connectors", "auxiliaries", "openers"))
    return None if opens or lexicon.is_time(first) or lexicon.is_participle(first) else begin


def _judged(tokens: list[Token], group: Group, lexicon: Lexicon) -> bool:
    """Whether more than where it was stands around a subject behind the verb: no «Новый срок назвал в Баку министр»."""
    source = group.cue.source
    if source is None or source.first < group.cue.last:
        return True
    rest = [*tokens[group.cue.last : source.first], *tokens[source.last : clauses.end(tokens)]]
    words = [t.low for t in rest if t.kind != "p"]
    of_place = {i + 1 for i, low in enumerate(words) if lexicon.has("prepositions", low)}
    return any(i not in of_place and i + 1 not in of_place and not lexicon.is_time(low) for i, low in enumerate(words))


def about_in_front(
    tokens: list[Token], group: Group, covered: list[tuple[int, int]], lexicon: Lexicon
) -> tuple[int, int] | None:
    """«О готовности ответить напомнил в интервью Лавров»: what a verb of speech is about stands before it."""
    if not lexicon.cases or "say" not in group.cue.kinds or group.framed or group.cue.first != group.first:
        return None
    lows = [t.low for t in tokens]
    floor = max(uncovered(tokens, group, covered), group.first - TOLD_WORDS)
    for at in range(group.first - 1, floor - 1, -1):
        if tokens[at].kind != "w":
            return None
        if lexicon.has("about", lows[at]):
            words = group.first - at - 1
            taken_up = lexicon.phrase_at("demonstratives", lows, at) or lexicon.has("these", lows[at + 1])
            return (at + 1, group.first) if words >= ABOUT_WORDS and not taken_up else None
    return None


def fronted(
    tokens: list[Token], group: Group, covered: list[tuple[int, int]], lexicon: Lexicon
) -> tuple[int, int] | None:
    """A clause before an attribution that has nothing behind it, though it begins like a circumstance.

    As in "In the end the levy will go, Lavrov said".
    """
    first = uncovered(tokens, group, covered)
    if group.framed or group.first == 0 or tokens[group.first - 1].text != ",":
        return None
    words = [t for t in tokens[first : group.first] if t.kind == "w"]
    if lexicon.order == "svo" and _subordinate(tokens[first : group.first - 1], lexicon):
        return None
    says = "say" in group.cue.kinds and not lexicon.has("clausal", group.cue.base)
    if lexicon.order == "svo" and not says and not clauses.ends(tokens, group.last, lexicon):
        return None  # "In the fall of that year, she held a lead"
    if len(words) < FRONTED_WORDS or lexicon.is_participle(words[0].low) or lexicon.has("openers", words[0].low):
        return None
    return clauses.trim(tokens, first, group.first)


def _subordinate(before: list[Token], lexicon: Lexicon) -> bool:
    """As in "But when Congress cut the funding, Mexico said enough": one clause, that tells when."""
    at = next((i for i, t in enumerate(before) if t.kind == "w" and not lexicon.has("conjunctions", t.low)), None)
    led = at is not None and lexicon.has("connectors", before[at].low) and not lexicon.is_time(before[at].low)
    return led and all(t.text != "," for t in before[at or 0 :])


def enclosed(tokens: list[Token], group: Group, lexicon: Lexicon) -> tuple[int, int] | None:
    """German participles close the clause: "hat Lawrow die Pläne als Diebstahl bezeichnet"."""
    source = group.cue.source
    if lexicon.lang != "de" or source is None or source.last >= group.cue.first - 1:
        return None
    end = clauses.end(tokens)
    closes = (
        group.cue.last >= end
        or tokens[group.cue.last].kind == "p"
        or lexicon.has("conjunctions", tokens[group.cue.last].low)
    )
    if not closes or any(tokens[i].kind == "p" for i in range(source.last, group.cue.first)):
        return None
    if any(lexicon.has("passive_auxiliaries", t.low) for t in tokens[max(0, source.first - 1) : group.cue.first]):
        return None  # "Lawrow wird in Brasilien erwartet"
    first = clauses.skip_adjuncts(tokens, source.last, group.cue.first, lexicon)
    return clauses.trim(tokens, first, group.cue.first) if group.cue.first - first >= 2 else None


def object_first(
    tokens: list[Token], group: Group, covered: list[tuple[int, int]], lexicon: Lexicon
) -> tuple[int, int] | None:
    """German: "Den Hafenplan wies der Minister in Baku zurück", "Einen Gipfel hat Lawrow vorgeschlagen": an object, a
    verb in second place, its subject, and no other object behind it.
    """
    cue, source = group.cue, group.cue.source
    if lexicon.lang != "de" or source is None or "name" not in cue.kinds:
        return None
    end = clauses.end(tokens)
    if source.first == cue.last:
        verb, last = cue.first, end
    elif source.last <= cue.first and lexicon.has("perfect_auxiliaries", tokens[source.first - 1].low):
        verb, last = source.first - 1, cue.first
    else:
        return None
    first = uncovered(tokens, group, covered)
    stop = next((i for i in range(source.last, last) if tokens[i].kind != "w"), last)
    further = stop < last and not (tokens[stop].text == "," and clauses.foreign(tokens, stop + 1, end, lexicon))
    behind = tokens[source.last : stop]
    if further or not _is_object(tokens[first:verb], lexicon) or not _no_object(behind, lexicon):
        return None
    phrased = any(lexicon.has("prepositions", t.low) for t in behind[:-1])
    closed = verb != cue.first or lexicon.has("particles", behind[-1].low if behind else "")
    if phrased and not closed and not clauses.only_place(behind, lexicon):
        return None  # "Den Fahrplan rechtfertigte er mit dem frühen Frost"
    # "Die Regierung in Kiew verurteilte Lawrow bei einem Treffen": of a bare name nothing shows that it is the subject.
    told = source.kind != "person" or lexicon.has("object_articles", tokens[first].low) or verb != cue.first
    brief = verb - first > _OBJECT_WORDS and len(behind) <= _OBJECT_WORDS
    return clauses.trim(tokens, first, verb) if told or brief else None


def _is_object(before: list[Token], lexicon: Lexicon) -> bool:
    """Whether words have an article and are more than a noun that something before has named ("Den Plan")."""
    if len(before) < _OBJECT_WORDS or any(t.kind != "w" for t in before):
        return False
    low = before[0].low
    when = any(lexicon.is_time(t.low) or lexicon.has("auxiliaries", t.low) for t in before)  # "Einen Tag später"
    if when or not lexicon.has("determiners", low):
        return False
    return len(before) > _OBJECT_WORDS or lexicon.has("indefinite", low)


def _no_object(behind: list[Token], lexicon: Lexicon) -> bool:
    """Whether only adverbs, phrases of prepositions and the verb's particle stand there."""
    governed = False
    for token in behind:
        if lexicon.has("prepositions", token.low):
            governed = True
        elif (token.capital or lexicon.has("determiners", token.low)) and not (governed or lexicon.is_time(token.low)):
            return False
    return True
