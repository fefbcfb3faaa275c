"""Reporting verbs and phrases of a sentence, each with the mention that is its subject.

Which mention that is, ``subjects`` tells; ``sources`` where it is none that stands beside the verb.
"""

from processors.annotate.statements.attribution.colons import explains, nouns_before_colons
from processors.annotate.statements.attribution.figures import by_figures
from processors.annotate.statements.attribution.hearsay import heard_at
from processors.annotate.statements.attribution.issuers import issuer
from processors.annotate.statements.attribution.openings import in_openings
from processors.annotate.statements.attribution.outlets import outlet_behind
from processors.annotate.statements.attribution.passives import stated_by
from processors.annotate.statements.attribution.perceived import perceived
from processors.annotate.statements.attribution.phrases import (
    after_phrases,
    around,
    phrase_at,
    quoted_as,
    replies,
    views,
)
from processors.annotate.statements.attribution.reporting import NAMES, reports
from processors.annotate.statements.attribution.sources import (
    agent,
    inserted,
    lasts,
    quoted,
    quoted_before,
    relayed,
    said_before,
    unsaid,
)
from processors.annotate.statements.attribution.strangers import asks_first, set_off
from processors.annotate.statements.attribution.structure import by_structure
from processors.annotate.statements.attribution.subjects import led, subject_of
from processors.annotate.statements.attribution.verbs import Verb
from processors.annotate.statements.language.lexicon import NOMINAL, Lexicon, ReportingVerb
from processors.annotate.statements.people.mentions import Mention
from processors.annotate.statements.sentence.asides import closed
from processors.annotate.statements.sentence.claims import find_claims
from processors.annotate.statements.sentence.groups import TELLERS
from processors.annotate.statements.sentence.nominals import possessor_of
from processors.annotate.statements.sentence.parts import Cue
from processors.annotate.statements.sentence.subject import neither
from processors.annotate.statements.text.tokens import Token

# A bound on the work for a sentence that is no sentence (a list, a table).
_MAX_CUES = 30
# Words from another verb of the same attribution, at most: "TASS *quoted* the minister as saying".
_QUOTER = 8
# Words from the beginning to the source of an inserted attribution, at least.
_INSIDE = 3
# Words that may point to the sentence before, from the beginning: «Об этом».
_POINTING = 3


def find_cues(tokens: list[Token], mentions: list[Mention], lexicon: Lexicon) -> list[Cue]:
    """Cues outside quotations in order of appearance."""
    lows = [t.low for t in tokens]
    found = _in_order(tokens, lows, mentions, lexicon)
    found.extend(replies(tokens, lows, found, lexicon))
    found.extend(nouns_before_colons(tokens, lows, found, lexicon))
    if len(found) >= _MAX_CUES:
        return found
    found.extend(c for c in by_structure(tokens, lows, mentions, lexicon, found) if not explains(tokens, c, found))
    claims = find_claims(tokens, lows, mentions, lexicon, found)
    # "selon lesquels" belongs to the claim, and to nobody else.
    found = [c for c in found if not any(_tells_only(c, claim, lexicon) for claim in claims)] + claims
    found.extend(after_phrases(tokens, lows, mentions, lexicon))
    found.extend(views(tokens, lows, mentions, lexicon))
    told = [
        rule for rules in (around, by_figures, stated_by, perceived) for rule in rules(tokens, lows, mentions, lexicon)
    ]
    # "as Lavrov tells it", "by the count that Lavrov gave" have a verb.
    found = [c for c in found if not any(one.first <= c.first < one.last for one in told)]
    found.extend(told)
    passed_on = quoted_as(tokens, lows, mentions, lexicon)
    for cue in passed_on:
        # What the paper does ("quoted") and "saying" are parts of the same attribution.
        found = [c for c in found if c.last <= cue.first - _QUOTER or c.first >= cue.last]
    found.extend(passed_on)
    if lexicon.lang == "en":
        found = [c for c in found if not _tells_of(c, tokens, found, lexicon)]
    return in_openings(tokens, lows, mentions, sorted(found, key=lambda c: c.first), lexicon)


def _tells_only(cue: Cue, claim: Cue, lexicon: Lexicon) -> bool:
    """Whether a cue is a part of a claim, or only refers to it: "referring to Lavrov's claim that"."""
    within = claim.first <= cue.first < claim.last
    return within or (lexicon.has("referring", cue.base) and 0 <= claim.first - cue.last <= 1)


def _tells_of(cue: Cue, tokens: list[Token], found: list[Cue], lexicon: Lexicon) -> bool:
    """As "the ministry said" in "He reminded the secretary, the ministry said, that …"."""
    source, last = cue.source, cue.last
    if source is None or source.first < _INSIDE or last + 1 >= len(tokens) or tokens[last].text != ",":
        return False
    before = source.first - 1
    before -= int(lexicon.has("determiners", tokens[before].low))  # "…, the Russians say, that"
    if tokens[before].text != "," or not lexicon.has("that", tokens[last + 1].low):
        return False
    told = (c for c in found if lexicon.has("told", c.base) and 0 < source.first - c.last <= _QUOTER)
    return any(c.source is not None for c in told)


def _in_order(tokens: list[Token], lows: list[str], mentions: list[Mention], lexicon: Lexicon) -> list[Cue]:
    """The cues that the lexicon knows by a word or phrase, from the left; none begins within another."""
    named = {i for m in mentions if not _infinitive(m, lows, lexicon) for i in range(m.first, m.last)}
    starts = lexicon.cue_starts
    found: list[Cue] = []
    at = 0
    while at < len(tokens) and len(found) < _MAX_CUES:
        if lows[at] not in starts or tokens[at].kind != "w":
            at += 1
            continue
        phrase = phrase_at(tokens, lows, at, mentions, lexicon) if lows[at] in lexicon.phrase_starts else None
        if phrase is not None:
            found.append(phrase[0])
            at += phrase[1]
            continue
        if at in named:
            at += 1
            continue
        if lexicon.has("openers", lows[at]) and _in_aside(tokens, lows, at, lexicon):
            at += 1  # "Lavrov, asked about the plan, said"
            continue
        hit = lexicon.verb_at(lows, at)
        split = lexicon.split_at(lows, at) if hit is None or hit.length == 1 else None
        if split is not None and reports(tokens, lows, at, split, mentions, lexicon):
            cue = _of_verb(tokens, lows, at, split, mentions, found, lexicon)
            if cue is not None and cue.source is not None and cue.source.kind in TELLERS:
                found.append(cue)
                at += split.length
                continue
        other = heard_at(tokens, lows, at, mentions, lexicon)
        if other is None and hit is not None:
            other = _passive(lows, at, hit, mentions, lexicon)
        if other is not None:
            found.append(other)
            at = other.last
            continue
        if hit is None or not reports(tokens, lows, at, hit, mentions, lexicon):
            at += 1
            continue
        cue = _of_verb(tokens, lows, at, hit, mentions, found, lexicon)
        if cue is not None:
            found.append(cue)
        at += hit.length
    return found


def _infinitive(mention: Mention, lows: list[str], lexicon: Lexicon) -> bool:
    """Whether what may be a source is a verb: "was pleased to report"."""
    at = mention.first
    return mention.last == at + 1 and at > 0 and lexicon.has("to", lows[at - 1]) and lows[at] in lexicon.cues


def _in_aside(tokens: list[Token], lows: list[str], at: int, lexicon: Lexicon) -> bool:
    """Whether a word opens an aside between a subject and its verb, behind "when" too."""
    comma = at - 1 - int(at > 1 and lexicon.has("connectors", lows[at - 1]))
    return comma > 0 and closed(tokens, lows, comma, lexicon) > 0


def _passive(lows: list[str], at: int, hit: ReportingVerb, mentions: list[Mention], lexicon: Lexicon) -> Cue | None:
    by = agent(lows, at, hit, mentions, lexicon)
    return None if by is None else Cue(at, by.last, frozenset({"passive"}), hit.base, by)


def _nobody(tokens: list[Token], source: Mention, lexicon: Lexicon) -> bool:
    """As in "He was brief: Moscow would take it, yet nobody has asked": what stands in front is another's."""
    said = [t.low for t in tokens[source.first : source.last]]
    somebody = not said or lexicon.has("determiners", said[0])  # French "une personne"
    return (lexicon.has_any("nobody", said) and not somebody) or neither(tokens, source, lexicon)


def _of_verb(
    tokens: list[Token], lows: list[str], at: int, hit: ReportingVerb, mentions: list[Mention], found: list[Cue],
    lexicon: Lexicon,
) -> Cue | None:  # fmt: skip
    """The cue that a reporting verb is, with its source; None where it is no attribution. ``found``: those before."""
    last, kinds = at + hit.length, hit.kinds
    if NOMINAL in kinds:
        owner = possessor_of(tokens, lows, at, last, mentions, found, lexicon)
        if owner is not None:
            return Cue(at, last, frozenset({"say", NOMINAL}), hit.base, owner)
        kinds -= {NOMINAL}
        if not kinds:
            return None
    behind = (kinds == NAMES or lexicon.has("addressed", hit.base)) and not (
        quoted_before(tokens, lows, at, lexicon) or said_before(tokens, at, last, mentions, lexicon)
    )
    verb = Verb(tokens, lows, at, last, mentions, lexicon, found, behind)
    source, elided = subject_of(verb)
    # Who rejects somebody's words passes on none.
    relays = "say" in kinds or lexicon.has("relay_verbs", hit.base)
    teller = relayed(tokens, lows, last, hit.base, mentions, lexicon) if relays else None
    teller = teller or quoted(tokens, last, hit.base, mentions, lexicon)
    if teller is not None:
        source, elided = teller, False
    elif source is None and lexicon.plural_ends and lows[at].endswith(lexicon.plural_ends):
        # "Desde Kiev subrayaron que": nobody who was named before.
        source = issuer(tokens, lows, at, mentions, lexicon)
        elided = elided and source is None
    if source is None and not elided and lexicon.pro_drop:
        if found and any(lexicon.has("complementizers", low) for low in lows[found[-1].last : at]):
            return None  # a verb within the clause that another cue reports
        source, elided = unsaid(tokens, lows, last, kinds, lexicon)
        if source is None:
            source, elided = led(verb) or (source, elided)
    if source is None and lexicon.has("unspoken", hit.base):
        source = issuer(tokens, lows, at, mentions, lexicon)
    if source is None and lexicon.order == "sov" and not found:
        source = set_off(tokens, lows, at, lexicon)
        if source is None and lexicon.has("asking", hit.base):
            source = asks_first(tokens, lows, at, lexicon)
    written = inserted(tokens, at, last, lexicon)
    source = written or source
    passes_on = "say" in kinds and teller is None and not lexicon.is_participle(lows[at])
    outlet = None
    if passes_on and not any(lexicon.has(name, hit.base) for name in ("told", "quoters")):
        outlet = outlet_behind(tokens, at, last, mentions, lexicon, further=bool(found))
    if outlet is not None and any(lexicon.phrase_at("demonstratives", lows, i) for i in range(_POINTING)):
        return None  # «Об этом сообщил министр, пишет «Гавань»»: the sentence before is the minister's
    if outlet is not None:
        source, elided = outlet, False
    if written is None and lasts(tokens, hit.base, source, lexicon):
        return None
    if source is not None and ":" in lows[: source.first] and _nobody(tokens, source, lexicon):
        return None
    return Cue(at, last, kinds - {"infinitive"} or kinds, hit.base, source, elided)
