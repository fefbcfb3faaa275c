"""Definite nouns that take up the sentence before: "The date was given by Lavrov on Friday", «Дату назвал в Казани
министр», "El compromiso lo asumió Lavrov", "Das gab Lawrow am Samstag in Riga bekannt".

What was said stands in the sentence before; this one has only what it was (a date, a condition, a pledge), the verb by
which words are given, and whose they are.
"""

from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.sentence.groups import TELLERS
from processors.annotate.statements.sentence.parts import Cue, Mention
from processors.annotate.statements.text.tokens import Token

# "The exact figure", «Назвал эту цифру».
_FRONT = 4
# From the noun to the verb: "El compromiso lo ha asumido", "L'annonce en a été faite".
_VERB = 5
# "the promise"
_OBJECT = 2
# Behind the clause: ", stating on Monday that".
_OWN = 6
_SAY = frozenset({"say"})
_JOINING = ("ar", "fr")
# The Arabic conjunction that is written together with its verb, and verbs too short to have it.
_AND = "و"
_SHORTEST = 3


def given_by(tokens: list[Token], lows: list[str], mentions: list[Mention], lexicon: Lexicon) -> Cue | None:
    """The verb and whose the sentence before it is; None where a sentence has words of its own, or does not take up."""
    if lexicon.lang in _JOINING:
        lows = [_bare(low, lexicon) for low in lows]
    if not lexicon.has_any("givers", lows):
        return None
    if any(t.kind == "q" or t.text == ":" for t in tokens):
        return None
    stop = next((i for i, t in enumerate(tokens) if t.kind != "w"), len(tokens))
    # "…, stating that the road is shut": words of its own.
    if any(lexicon.has("that", low) for low in lows[stop : stop + _OWN]):
        return None
    people = [m for m in mentions if m.last <= stop and m.kind in TELLERS and m.number == "s" and not m.indefinite]
    if not people:
        return None
    noun = next((i for i in range(min(_FRONT, stop)) if lexicon.has("givens", lows[i])), -1)
    if noun < 0:
        noun = _particle(lows, stop, lexicon)
    if noun >= 0 and not any(m.first <= noun for m in people) and _alone(tokens, noun, lexicon):
        return _fronted(tokens, lows, noun, stop, people, lexicon)
    ahead = lexicon.order in ("svo", "v2") and not lexicon.subject_follows
    return _behind(tokens, lows, stop, people, lexicon) if ahead else None


def _bare(low: str, lexicon: Lexicon) -> str:
    """Without what is written together with a word: "l'engagement", «وذكر»."""
    if lexicon.subject_follows:
        return low[1:] if low.startswith(_AND) and len(low) > _SHORTEST else low
    return low.removeprefix("l'")


def _particle(lows: list[str], stop: int, lexicon: Lexicon) -> int:
    """As in "Das gab Lawrow am Samstag in Riga bekannt": a pointer whose verb ends the clause."""
    if stop > 1 and lexicon.pro_drop and lexicon.has("clitics", lows[0]) and lexicon.has("givers", lows[1]):
        return 0  # "Lo anunció Lavrov en Riga"
    apart = stop > 1 and lexicon.has("given_out", lows[stop - 1]) and lexicon.has("givers", lows[1])
    return 0 if apart and lexicon.has("pointers", lows[0]) else -1


def _alone(tokens: list[Token], noun: int, lexicon: Lexicon) -> bool:
    """Whether nothing but an article and an adjective stands before the noun, and a name nowhere."""
    front = tokens[:noun]
    pointed = any(_points(t.low, lexicon) for t in front) or lexicon.cases or lexicon.order in ("sov", "free")
    joined = "'" in tokens[noun].low or noun == 0
    named = any(t.capital for t in front[1:])
    preposed = any(lexicon.has("prepositions", t.low) or lexicon.has("indefinite", t.low) for t in front)
    return (pointed or joined or lexicon.subject_follows) and not named and not preposed


def _points(low: str, lexicon: Lexicon) -> bool:
    return any(lexicon.has(name, low) for name in ("determiners", "these", "pointers"))


def _fronted(
    tokens: list[Token], lows: list[str], noun: int, stop: int, people: list[Mention], lexicon: Lexicon
) -> Cue | None:
    """The noun in front: an object whose subject stands behind the verb, or the subject of a passive."""
    if lexicon.order == "sov":
        # "Tarihi Lavrov açıkladı"
        verb = stop - 1
        direct = people[0].first <= noun + 1 + int(noun > 0)
        return _found(verb, people[0]) if direct and lexicon.has("givers", lows[verb]) else None
    if lexicon.subject_follows:
        verb = next((i for i in range(noun) if lexicon.has("givers", lows[i])), -1)
        near = people[0].first - noun <= _FRONT
        return _found(verb, people[0]) if verb >= 0 and near else None
    reach = stop if lexicon.order == "v2" else min(stop, noun + _VERB)
    verb = next((i for i in range(noun + 1, reach) if lexicon.has("givers", lows[i])), -1)
    first = people[0]
    if lexicon.cases and first.first == noun + 1 and first.last <= verb and not first.oblique:
        # «Сроки министр назвал сам», but not «Условие он поставил давно»
        behind = tokens[verb + 1 : verb + 2]
        closed = all(lexicon.has("auxiliaries", t.low) or _closes(t, lexicon) for t in behind)
        return _found(verb, first) if verb - first.last <= 1 and closed else None
    if verb < 0 or not _leads_to(tokens, noun + 1, verb, lexicon):
        return None
    for person in people:
        at = person.first - 1
        while at > noun and lexicon.has("determiners", lows[at]):
            at -= 1
        if lexicon.has("coming", lows[verb]):
            # "The pledge came from Lavrov", «Дата прозвучала из уст министра»
            return _found(verb, person) if lexicon.has("heard_from", lows[at]) else None
        if lexicon.has("agents", lows[at]):
            # "The date given by Lavrov was wrong" is about it.
            return _found(verb, person) if lexicon.has_any("finite_auxiliaries", lows[noun + 1 : verb]) else None
        # An object stands in front of the verb, in Spanish with a pronoun that takes it up.
        active = lexicon.order in ("v2", "free") or lexicon.has_any("clitics", lows[noun : noun + 2])
        if active and person.first > verb and not person.oblique and not lexicon.has("prepositions", lows[at]):
            return _found(verb, person)
    return None


def _leads_to(tokens: list[Token], first: int, verb: int, lexicon: Lexicon) -> bool:
    """Whether only auxiliaries, clitics, words of time and, before a German participle, the agent stand between: no
    "The date of the visit was given by".
    """
    if any(lexicon.has(name, tokens[first].low) for name in ("passive_auxiliaries", "perfect_auxiliaries")):
        return True
    return all(
        lexicon.is_time(t.low) or any(lexicon.has(name, t.low) for name in ("auxiliaries", "clitics", "adverbs"))
        for t in tokens[first:verb]
    )


def _behind(tokens: list[Token], lows: list[str], stop: int, people: list[Mention], lexicon: Lexicon) -> Cue | None:
    """The noun behind the verb: "Lavrov named the date in Kazan", "Lavrov en a fait la promesse lundi"."""
    person = people[0]
    if person.first > 1:
        return None
    verb = next((i for i in range(person.last, min(stop, person.last + _VERB)) if lexicon.has("givers", lows[i])), -1)
    if verb < 0 or not _leads_to(tokens, person.last, verb, lexicon):
        return None
    # "made the same promise" is about another one.
    noun = next((i for i in range(verb + 1, min(stop, verb + 1 + _OBJECT)) if lexicon.has("givens", lows[i])), -1)
    if noun < 0:
        return None
    article = tokens[verb + 1].low
    definite = lexicon.has("determiners", article) and not lexicon.has("indefinite", article)
    if not (definite or (noun == verb + 1 and article.startswith("l'"))):
        return None
    behind = tokens[noun + 1 : noun + 2]
    own = any(lexicon.has(name, t.low) for t in behind for name in ("genitives", "addressing"))
    own = own and not (lexicon.order == "v2" and any(lexicon.has("addressing", t.low) for t in behind))
    closed = all(_closes(t, lexicon) for t in behind)
    return _found(verb, person) if closed and not own else None


def _closes(token: Token, lexicon: Lexicon) -> bool:
    return token.kind == "p" or lexicon.has("prepositions", token.low) or lexicon.is_time(token.low)


def _found(verb: int, person: Mention) -> Cue:
    return Cue(verb, verb + 1, _SAY, "", person)
