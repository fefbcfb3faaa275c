"""An attribution with its source, as one stretch of tokens that content stands before, around or behind."""

from dataclasses import dataclass

from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.sentence.parts import OPENING, Cue
from processors.annotate.statements.text.tokens import Token

TELLERS = ("person", "role", "pronoun")
"""Kinds of mentions that speak as people do."""
# "Laut Lawrow wird …", "Według Ławrowa traktat …": nothing divides the source from the clause.
_NO_COMMA = frozenset(["de", "pl"])
TOLD_WORDS = 8
"""At most, from those who were told, or what was told of, to the verb."""
ABOUT_WORDS = 2
"""At least, of an object that is content: «о готовности к переговорам»."""
OBJECT_WORDS = 3
"""At least, of an object by which a verb tells what it reports."""
FRONTED_WORDS = 5
"""At least, of a clause that stands in front though it begins like a circumstance."""


@dataclass(slots=True)
class Group:
    """``[first, last)``: tokens of a cue and its source; ``framed``: it attributes as "according to Lavrov" does."""

    cue: Cue
    first: int
    last: int
    framed: bool


def group_of(tokens: list[Token], cue: Cue, lexicon: Lexicon) -> Group:
    """A cue with all that belongs to the attribution: source, auxiliaries, addressees, what describes the source."""
    first, last = cue.first, cue.last
    if OPENING in cue.kinds:
        return Group(cue, first, last, framed=False)
    if cue.source is not None:
        first, last = min(first, cue.source.first), max(last, cue.source.last)
    inverted = cue.source is not None and first == cue.source.first and "-" in tokens[first].low
    if (first == cue.first or inverted) and not cue.accord:  # "leur a-t-il dit"
        while first > 0 and tokens[first - 1].kind == "w" and lexicon.has("auxiliaries", tokens[first - 1].low):
            if lexicon.has("conjunctions", tokens[first - 1].low):
                break  # «X, и напомнил о Y»: what stands before is not its content
            first -= 1
    if first > 0 and cue.source is not None and first == cue.source.first and tokens[first - 1].low.endswith("'s"):
        # "…, Russia's Sergei Lavrov said"
        first -= 1
    if lexicon.lang == "de" and cue.source is not None and first == cue.source.first and first > 1:
        # "X, hatte Lawrow in Minsk geurteilt"
        between = tokens[cue.source.last : cue.first]
        apart = not between or lexicon.has("prepositions", between[0].low) or lexicon.is_time(between[0].low)
        inverted = lexicon.has("finite_auxiliaries", tokens[first - 1].low) and tokens[first - 2].text == ","
        first -= int(apart and inverted)
    framed = cue.accord
    if cue.accord and cue.source is not None and cue.source.first >= cue.last:
        stop = last
        while stop < len(tokens) and tokens[stop].kind == "w" and stop - first < 18:
            stop += 1
        # Without a comma ("Laut Lawrow wird …") the clause begins behind the source.
        if lexicon.order == "svo" or cue.source.kind == "noun" or (stop < len(tokens) and stop - first < 18):
            last = last if lexicon.lang in _NO_COMMA else stop
    if cue.base == "quoted_as":
        while first > 0 and tokens[first - 1].kind == "w":
            first -= 1
    if lexicon.has("told", cue.base) and last < len(tokens):
        # "he told Fidan, ..."
        stop = last
        while stop < len(tokens) and tokens[stop].kind == "w" and stop - last < 5:
            if lexicon.has("complementizers", tokens[stop].low) or lexicon.has("prepositions", tokens[stop].low):
                break
            stop += 1
        if (
            stop > last
            and stop < len(tokens)
            and tokens[stop].text == ","
            and first > 0
            and tokens[first - 1].text == ","
        ):
            last = stop
    back = first - 1
    while back >= 0 and tokens[back].kind == "w" and lexicon.has("determiners", tokens[back].low):
        back -= 1
    if back >= 0 and not cue.accord and lexicon.phrase_at("as_verb", [t.low for t in tokens], back):
        # "Talks broke down as both sides accused each other of": what is told of them beside, no view that they had.
        framed = cue.kinds != {"name"} or any(t.kind != "w" for t in tokens[last : last + OBJECT_WORDS])
        first = back if framed else first
    return Group(cue, first, last, framed)


def independent(tokens: list[Token], group: Group, lexicon: Lexicon) -> bool:
    """Whether a later attribution is not part of what an earlier one reports."""
    if group.first == 0:
        return True
    before = tokens[group.first - 1]
    if lexicon.has("relatives", before.low) and group.cue.source is not None and group.cue.source.kind in TELLERS:
        # "condemned the words of the minister, who told students that …"
        return "say" in group.cue.kinds and group.cue.source.last < group.first
    if lexicon.has("complementizers", before.low) or lexicon.has("relatives", before.low):
        return False
    verb = tokens[group.cue.source.last : group.cue.first] if group.cue.source is not None else []
    if group.cue.source is not None and group.cue.source.kind not in TELLERS and _related(verb, lexicon):
        # "in regions like Donetsk and Luhansk, areas that have seen much"
        return False
    if lexicon.order == "svo" and any(lexicon.has("weak_modals", t.low) for t in verb):
        # "said India and China would decide for themselves where to buy"
        return False
    if group.cue.elided:
        # "said Russia would go on observing the limits": no comma, no participle of his.
        led = before.kind == "p" or lexicon.has("conjunctions", before.low) or lexicon.has("connectors", before.low)
        return led or lexicon.order != "svo" or not is_participle(tokens, group, lexicon)
    return (before.kind == "p" and before.text in ",;—–") or lexicon.has("connectors", before.low)


def retold(tokens: list[Token], outer: Group, inner: Group, floor: int, lexicon: Lexicon) -> bool:
    """German: whether an attribution is the first clause of what another reports, in the subjunctive: "Rubio sagte,
    Lawrow habe ihm versichert, dass X". ``floor``: where the sentence, or what is left of it, begins.
    """
    source = inner.cue.source
    if lexicon.order != "v2" or outer.cue.source is None or source is None or source.first >= inner.cue.first:
        return False
    if outer.first != floor or [t.text for t in tokens[outer.last : source.first]] != [","]:
        return False
    return any(lexicon.has("subjunctive", t.low) for t in tokens[source.last : inner.cue.last])


def _related(between: list[Token], lexicon: Lexicon) -> bool:
    """Whether a verb is that of an English relative clause; ``between``: what stands between its source and itself."""
    return lexicon.order == "svo" and any(lexicon.has(n, t.low) for t in between for n in ("that", "relatives"))


def is_participle(tokens: list[Token], group: Group, lexicon: Lexicon) -> bool:
    return group.cue.source is None and not group.cue.accord and lexicon.is_participle(tokens[group.cue.first].low)
