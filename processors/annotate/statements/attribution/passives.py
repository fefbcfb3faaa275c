"""Whose words a passive tells: "That Moscow is ready was confirmed by the minister", "Dass …, wurde von Lawrow betont",
"Moskova'nın hazır olduğu Lavrov tarafından teyit edildi". The content is its subject, a clause or what is ruled out.
"""

from collections.abc import Sequence

from processors.annotate.statements.language.lexicon import Lexicon, ReportingVerb
from processors.annotate.statements.people.mentions import Mention
from processors.annotate.statements.sentence.parts import STATED, Cue
from processors.annotate.statements.text.tokens import Token

_TELLERS = ("person", "role")
_PASSIVE = frozenset({"passive"})
# Words of a clause that is a passive's subject, at least; from its verb to "by", at most.
_WORDS = 3
# Words of "has not been", at most.
_AUXILIARIES = 4
# Words from German "von" to the participle that closes the clause.
_REACH = 8
_CLAUSE = ("ğı", "ği", "ğu", "ğü", "ması", "mesi")


def stated_by(tokens: list[Token], lows: list[str], mentions: list[Mention], lexicon: Lexicon) -> Sequence[Cue]:
    """A cue for the passive with which a sentence ends whose subject somebody has stated."""
    if not lexicon.has_any("agents", lows):
        return []
    if lexicon.order == "sov":
        return _turkish(lows, mentions, lexicon)
    for at, low in enumerate(lows):
        if at < _WORDS or not lexicon.has("agents", low):
            continue
        teller = next((m for m in mentions if at <= m.first <= at + 1 and m.kind in _TELLERS), None)
        if teller is None:
            continue
        closes = lexicon.lang == "de"
        verb = _german(tokens, lows, at, teller, lexicon) if closes else _before(lows, at, teller, lexicon)
        if verb is not None and _has_subject(tokens, verb[0], verb[2], lexicon):
            return [Cue(verb[0], verb[1], _PASSIVE, STATED, teller)]
    return []


def _before(lows: list[str], agent: int, teller: Mention, lexicon: Lexicon) -> tuple[int, int, ReportingVerb] | None:
    """Where the passive before "by" begins and the attribution ends, and its verb."""
    for at in range(agent - 1, max(0, agent - _WORDS), -1):
        hit = lexicon.verb_at(lows, at)
        if hit is None or at + hit.length != agent:
            continue
        first = at
        while first > 0 and at - first < _AUXILIARIES and lexicon.has("auxiliaries", lows[first - 1]):
            first -= 1
        return (first, teller.last, hit) if first < at else None
    return None


def _german(
    tokens: list[Token], lows: list[str], agent: int, teller: Mention, lexicon: Lexicon
) -> tuple[int, int, ReportingVerb] | None:
    """The participle closes the clause, and its auxiliary stands in front of the agent."""
    stop = next((i for i in range(teller.last, len(tokens)) if tokens[i].kind != "w"), len(tokens))
    last = stop - 1 - int(lows[stop - 1] == "worden")
    hit = lexicon.verb_at(lows, last)
    first = agent - 1
    if hit is None or last < teller.last or not lexicon.has("auxiliaries", lows[first]) or last - agent > _REACH:
        return None
    passive = lexicon.has("passive_auxiliaries", lows[first]) or last < stop - 1
    return (first, stop, hit) if passive else None


def _has_subject(tokens: list[Token], at: int, verb: ReportingVerb, lexicon: Lexicon) -> bool:
    """Whether the sentence begins with a clause of content, or with a thing that such a verb tells something of."""
    if at < _WORDS or any(t.text in ":;" or t.kind == "q" for t in tokens[:at]):
        return False
    if lexicon.has("that", tokens[0].low):
        second = tokens[1]
        # "That plan of his was rejected by …"
        clause = second.capital or lexicon.has("determiners", second.low) or second.low in lexicon.pronouns
        clause = clause or lexicon.order == "v2" or any(lexicon.has("modals", t.low) for t in tokens[1:at])
        return at > _WORDS and "say" in verb.kinds and clause
    told = lexicon.has("passive_verbs", verb.base)
    return told and all(t.kind == "w" and not lexicon.has("relatives", t.low) for t in tokens[:at])


def _turkish(lows: list[str], mentions: list[Mention], lexicon: Lexicon) -> list[Cue]:
    """Clause, teller, "tarafından", and a verb in the passive."""
    stems = tuple(lexicon.words.get("passive_verbs", ()))
    for mention in mentions:
        at = mention.last
        agent = mention.kind in _TELLERS and at + 1 < len(lows) and lexicon.has("agents", lows[at])
        if not agent or mention.first < _WORDS - 1 or not lows[mention.first - 1].endswith(_CLAUSE):
            continue
        verb = next((i for i in range(at + 1, min(len(lows), at + 1 + _WORDS)) if lows[i].startswith(stems)), None)
        if verb is not None:
            return [Cue(mention.first, verb + 1, frozenset({"say"}), STATED, mention)]
    return []
