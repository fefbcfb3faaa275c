"""Which part of a sentence a cue reports: what stands before it, after it, or around it.

Three forms: the attribution follows or is inserted ("X, Lavrov said", "X, he said, Y"), it leads ("Lavrov said that
X"), or it is a frame ("According to Lavrov, X"). Attributions of the first form are settled first, because cues inside
their content belong to it; of the rest each ends where the next independent one begins.
"""

from processors.annotate.statements.content.around import content_around, read_out
from processors.annotate.statements.content.behind import content_behind
from processors.annotate.statements.content.in_front import (
    about_in_front,
    enclosed,
    fronted,
    object_first,
    object_in_front,
    uncovered,
)
from processors.annotate.statements.content.verb_final import find_before
from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.language.mood import end_of_reported
from processors.annotate.statements.sentence import clauses
from processors.annotate.statements.sentence.claims import CLAIM
from processors.annotate.statements.sentence.found import Content, Found
from processors.annotate.statements.sentence.groups import TELLERS, Group, group_of, independent, is_participle
from processors.annotate.statements.text.tokens import Token

_PASSIVE_WORDS = 3
_RELATIVE_WORDS = 5
_OBJECT = frozenset({"name"})
_JOINING_WORDS = 3
"""At most, between two verbs of one clause: ", and still"."""


def find_contents(tokens: list[Token], cues: list[Found], lexicon: Lexicon) -> tuple[list[Content], list[Found]]:
    """Contents in order, and the cues for which the sentence has none (they may claim what stands before)."""
    if not cues:
        return [], []
    if lexicon.order == "sov":
        return find_before(tokens, cues, lexicon)
    groups = [group_of(tokens, cue, lexicon) for cue in cues]
    contents: list[Content] = []
    lone: list[Found] = []
    covered: list[tuple[int, int]] = []
    floor = 0
    settled: set[int] = set()
    for index, group in enumerate(groups):
        if any(first <= group.first and group.last <= last for first, last in covered):
            settled.add(index)
            continue
        source = group.cue.source
        relays = floor > 0 and source is not None and source.kind not in TELLERS
        if relays and clauses.only_circumstance(tokens, floor, group.first, lexicon):
            # "…, Lavrov said on Sunday after talks in Baku, Reuters reported"
            settled.add(index)
            continue
        following = next((g.cue.first for g in groups[index + 1 :] if g.cue.first >= group.last), len(tokens))
        around = (
            [] if is_participle(tokens, group, lexicon) else content_around(tokens, group, floor, following, lexicon)
        )
        if around and group.framed and read_out(group, groups, around):
            continue
        if any(_claim_in(group, span, groups, lexicon) is not None for span in around):
            settled.add(index)
            continue
        if around:
            for first, last in around:
                contents.append(Content(group.cue, first, last))
                covered.append((first, last))
            if len(around) > 1:
                # What stands between two parts of a quotation is no attribution of its own.
                covered.append((group.last, around[1][0]))
            settled.add(index)
            floor = max(group.last, *(last for _, last in around))
    for index, group in enumerate(groups):
        if index in settled or any(first <= group.cue.first < last for first, last in covered):
            continue
        stop = len(tokens)
        for later in groups[index + 1 :]:
            if later.first >= group.last and independent(tokens, later, lexicon):
                inside = clauses.complement(tokens, group.last, later.first, lexicon)
                if inside is not None and (later.framed or clauses.adjunct(tokens, inside, later.first, lexicon)):
                    # «уточнил, что Африке, с точки зрения Москвы, полагаются два места»; "noted that in May,
                    # Moscow demanded that …": within the clause.
                    continue
                stop = later.first
                break
        stop = min(stop, _end_of_relative(tokens, group, lexicon))
        for content in contents:
            if content.first >= group.last:
                stop = min(stop, content.first)
        limit = next((g.cue.first for g in groups if g.cue.first >= group.last), stop)
        if "passive" in group.cue.kinds:
            # "The plan was described by the minister as a trap": object, verdict and all.
            contents.append(Content(group.cue, *clauses.trim(tokens, uncovered(tokens, group, covered), stop)))
            covered.append((contents[-1].first, contents[-1].last))
            continue
        if group.cue.base == CLAIM:
            stop = min(stop, end_of_reported(tokens, group.last, lexicon))
        span = object_first(tokens, group, covered, lexicon)
        span = span or content_behind(tokens, group, stop, limit, lexicon)
        if span is None and group.cue.base == "impersonal":
            # "commitment to its unity was reaffirmed"
            span = clauses.trim(tokens, uncovered(tokens, group, covered), group.first)
            span = span if span[1] - span[0] >= _PASSIVE_WORDS else None
        if span is None and group.cue.kinds & {"say", "name", "clause"}:
            span = enclosed(tokens, group, lexicon) or fronted(tokens, group, covered, lexicon)
        if span is None:
            span = about_in_front(tokens, group, covered, lexicon)
        begin = object_in_front(tokens, group, covered, lexicon)
        if span is None and begin is not None and stop - group.last >= 1:
            # «Требования портов министр назвал справедливыми»
            span = clauses.trim(tokens, begin, min(stop, clauses.end(tokens)))
        claim = _claim_in(group, span, groups, lexicon) if span is not None else None
        if span is not None and claim is not None:
            contents.append(Content(group.cue, *clauses.trim(tokens, min(span[0], claim.first), claim.last)))
            covered.append((group.first, claim.first))
            continue
        if span is None and group.cue.elided and _goes_on(tokens, contents, group, lexicon):
            # "said Moscow was taking it calmly and still believed a settlement possible"
            contents[-1] = Content(contents[-1].cue, contents[-1].first, min(stop, clauses.end(tokens)))
            covered[-1] = (covered[-1][0], contents[-1].last)
            continue
        if span is None:
            lone.append(group.cue)
            continue
        contents.append(Content(group.cue, span[0] if begin is None else begin, span[1]))
        covered.append((group.first, span[1]))
    # "answered Lavrov's claim that X": his name is part of what is answered, and of nobody's address.
    claims = [cue for cue in cues if cue.base == CLAIM]
    contents = [_from_claim(content, claims) for content in contents]
    # «прокомментировал слова Лаврова о том, что X»: whose words they are, not who comments on them.
    claimed = {(c.first, c.last) for c in contents if c.cue.base == CLAIM}
    kept = [c for c in contents if c.last > c.first and (c.cue.base == CLAIM or (c.first, c.last) not in claimed)]
    empty = {id(c) for c in kept if _empty(tokens, c, lexicon)}
    lone.extend(c.cue for c in kept if id(c) in empty)
    kept = [c for c in kept if id(c) not in empty]
    return sorted(kept, key=lambda c: (c.first, c.last)), lone


def _empty(tokens: list[Token], content: Content, lexicon: Lexicon) -> bool:
    words = tokens[content.first : content.last]
    placed = content.cue.kinds == _OBJECT and "_" not in content.cue.base and clauses.only_place(words, lexicon)
    return placed or clauses.says_nothing(words, lexicon)


def _claim_in(group: Group, span: tuple[int, int], groups: list[Group], lexicon: Lexicon) -> Group | None:
    """German: the claim that is a verb's object: "wies Lawrows Behauptung zurück, der Hafen sei zu"."""
    if lexicon.order != "v2" or group.cue.base == CLAIM:
        return None
    claims = (g for g in groups if g.cue.base == CLAIM and g.last < span[1])
    # Its clause alone may be taken for content: "will den Vorwurf Lawrows, der Hafen sei zu, nicht gelten lassen".
    return next((g for g in claims if span[0] <= g.first or group.last <= g.first < g.last <= span[0] + 1), None)


def _end_of_relative(tokens: list[Token], group: Group, lexicon: Lexicon) -> int:
    """Where the comma closes a relative clause with a verdict in it: "Lavrov, whom Rubio had praised, said that …"."""
    if "name" not in group.cue.kinds:
        return len(tokens)
    opened = next(
        (i for i in range(group.first - 1, max(-1, group.first - _RELATIVE_WORDS), -1) if tokens[i].text == ","), -1
    )
    related = any(lexicon.has("relatives", t.low) for t in tokens[opened + 1 : group.first])
    if opened < 0 or not related:
        return len(tokens)
    return next((i for i in range(group.last, len(tokens)) if tokens[i].text == ","), len(tokens))


def _from_claim(content: Content, claims: list[Found]) -> Content:
    """The content from the owner of a claim's noun, behind whom it would begin."""
    owners = (c.source for c in claims if content.cue.base != CLAIM and c.source is not None)
    first = next((o.first for o in owners if o.first < content.first <= o.last), None)
    return content if first is None else Content(content.cue, first, content.last)


def _goes_on(tokens: list[Token], contents: list[Content], group: Group, lexicon: Lexicon) -> bool:
    """Whether a verb that reports nothing goes on with the clause of content just before it."""
    if not contents or lexicon.order != "svo" or not contents[-1].first < contents[-1].last <= group.first:
        return False
    between = tokens[contents[-1].last : group.first]
    joined = [t for t in between if t.kind == "p" or lexicon.has("conjunctions", t.low)]
    tells = "say" in group.cue.kinds and not lexicon.has("clausal", group.cue.base)
    return len(between) <= _JOINING_WORDS and any(t.kind == "w" for t in joined) and not tells
