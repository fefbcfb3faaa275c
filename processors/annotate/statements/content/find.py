"""Which part of a sentence a cue reports: what stands before it, after it, or around it.

Three forms: the attribution follows or is inserted ("X, Lavrov said", "X, he said, Y"), it leads ("Lavrov said that
X"), or it is a frame ("According to Lavrov, X"). Attributions of the first form are settled first, because cues inside
their content belong to it; of the rest each ends where the next independent one begins.
"""

from processors.annotate.statements.content.around import content_around
from processors.annotate.statements.content.behind import content_behind
from processors.annotate.statements.content.framed import read_out
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
from processors.annotate.statements.sentence.asides import opens
from processors.annotate.statements.sentence.claim_ends import end_of_claim
from processors.annotate.statements.sentence.claims import CLAIM
from processors.annotate.statements.sentence.groups import TELLERS, Group, group_of, independent, is_participle, retold
from processors.annotate.statements.sentence.parts import OPENING, STATED, Content, Cue
from processors.annotate.statements.sentence.relatives import acts, opened_behind_subject
from processors.annotate.statements.text.tokens import Token, names_something

# Words of the subject of a passive that is content, at least.
_PASSIVE_WORDS = 3
# Words from the comma to the verdict in a relative clause.
_RELATIVE_WORDS = 5
_OBJECT = frozenset({"name"})
_JOINING_WORDS = 3
"""At most, between two verbs of one clause: ", and still"."""


def find_contents(tokens: list[Token], cues: list[Cue], lexicon: Lexicon) -> tuple[list[Content], list[Cue]]:
    """Contents in order, and the cues for which the sentence has none (they may claim what stands before)."""
    if not cues:
        return [], []
    if lexicon.order == "sov":
        return find_before(tokens, cues, lexicon)
    search = _Search(tokens, [group_of(tokens, cue, lexicon) for cue in cues], lexicon)
    search.look_around()
    search.look_behind()
    return search.found()


class _Search:
    """What the attributions of a sentence report, as far as it is known; an attribution is meant by its index."""

    def __init__(self, tokens: list[Token], groups: list[Group], lexicon: Lexicon) -> None:
        self._tokens = tokens
        self._groups = groups
        self._lexicon = lexicon
        self._passed_on = _passed_on(tokens, groups, lexicon)
        self._contents: list[Content] = []
        self._lone: list[Cue] = []
        self._covered: list[tuple[int, int]] = []
        """Tokens of contents, and of attributions with them: who speaks there is part of what is reported."""
        self._settled: set[int] = set()
        """Attributions that need no content any more."""

    def look_around(self) -> None:
        """Settles the attributions that follow their content, are inserted in it, or frame it."""
        floor = 0
        for index, group in enumerate(self._groups):
            if any(first <= group.first and group.last <= last for first, last in self._covered):
                self._settled.add(index)
                continue
            source = group.cue.source
            relays = floor > 0 and source is not None and source.kind not in TELLERS
            if relays and clauses.only_circumstance(self._tokens, floor, group.first, self._lexicon):
                # "…, Lavrov said on Sunday after talks in Baku, Reuters reported"
                self._settled.add(index)
                continue
            if index and retold(self._tokens, self._groups[index - 1], group, floor, self._lexicon):
                continue  # "Rubio sagte, Lawrow habe ihm versichert, dass": "Rubio sagte" is nothing that Lavrov said
            spans = self._spans_around(index, floor)
            if not spans or (group.framed and read_out(group, self._groups, spans)):
                continue
            self._settled.add(index)
            if any(_claim_in(group, span, self._groups, self._lexicon) is not None for span in spans):
                continue
            self._contents.extend(Content(group.cue, first, last) for first, last in spans)
            self._covered.extend(spans)
            if len(spans) > 1:
                # What stands between two parts of a quotation is no attribution of its own.
                self._covered.append((group.last, spans[1][0]))
            if group.first < self._passed_on < len(self._tokens) and not self._groups[-1].framed:
                self._settled.add(len(self._groups) - 1)
            floor = max(group.last, *(last for _, last in spans))

    def _spans_around(self, index: int, floor: int) -> list[tuple[int, int]]:
        tokens, group = self._tokens, self._groups[index]
        if is_participle(tokens, group, self._lexicon):
            return []
        # "According to Lavrov, X, an agency reports": X ends where the agency begins.
        if group.first < self._passed_on and not self._groups[-1].framed:
            tokens = tokens[: self._passed_on]
        later = (g.cue.first for g in self._groups[index + 1 :])
        following = next((first for first in later if first >= group.last), len(self._tokens))
        return content_around(tokens, group, floor, following, self._lexicon)

    def look_behind(self) -> None:
        """Settles the other attributions, which lead: each reports what follows, up to the next independent one."""
        asides = _ends_of_asides(self._tokens, self._groups, self._lexicon)
        for index, group in enumerate(self._groups):
            if index in self._settled or any(first <= group.cue.first < last for first, last in self._covered):
                continue
            aside = next((close for comma, close in asides if comma < group.first < close), None)
            self._lead(index, self._stop(index, aside), aside)

    def _stop(self, index: int, aside: int | None) -> int:
        """Where the content behind an attribution ends at the latest; ``aside``: where the aside ends that it is in."""
        tokens, group, lexicon = self._tokens, self._groups[index], self._lexicon
        stop = next((g.first for g in self._groups[index + 1 :] if self._ends_before(group, g)), len(tokens))
        stop = min(stop, _end_of_relative(tokens, group, lexicon), aside or stop)
        return min([stop, *(c.first for c in self._contents if c.first >= group.last)])

    def _ends_before(self, group: Group, later: Group) -> bool:
        """Whether an attribution's content ends where a later one begins, which is no part of it."""
        tokens, lexicon = self._tokens, self._lexicon
        if group.cue.kinds == {"noun"} and group.cue.elided and later.cue.kinds == {"infinitive"}:
            return False  # «Про Рубио отозвался тепло: с ним можно говорить»
        if retold(tokens, group, later, group.first, lexicon):
            return False
        if later.first < group.last or not independent(tokens, later, lexicon):
            return False
        inside = clauses.complement(tokens, group.last, later.first, lexicon)
        if inside is None or later.first > self._passed_on:
            return True
        # «уточнил, что Африке, с точки зрения Москвы, полагаются два места»; "noted that in May, Moscow demanded
        # that …": within the clause.
        return not (later.framed or clauses.adjunct(tokens, inside, later.first, lexicon))

    def _lead(self, index: int, stop: int, aside: int | None) -> None:
        """Notes what an attribution reports that leads; content behind it ends at ``stop``."""
        tokens, group, lexicon = self._tokens, self._groups[index], self._lexicon
        cue = group.cue
        limit = next((g.cue.first for g in self._groups[index + 1 :] if g.cue.first >= group.last), stop)
        if OPENING in cue.kinds and cue.source is not None:
            commas = (i for i in range(cue.source.first - 1, group.last, -1) if tokens[i].text == ",")
            stop = min(stop, next(commas, stop))
        if cue.base == STATED or "passive" in cue.kinds:
            self._add(cue, self._span_of_passive(group, stop))
            return
        if cue.base == CLAIM:
            stop = min(stop, end_of_reported(tokens, group.last, lexicon))
            if cue.kinds == {"noun"}:
                stop = min(stop, end_of_claim(tokens, cue.first, group.last, lexicon))
        span = self._span_of(group, stop, limit)
        judged = object_in_front(tokens, group, self._covered, lexicon)
        if span is None and judged is not None and stop > group.last:
            # «Требования портов министр назвал справедливыми»
            span = clauses.trim(tokens, judged, min(stop, clauses.end(tokens)))
        claim = _claim_in(group, span, self._groups, lexicon) if span is not None else None
        if span is not None and claim is not None:
            close = claim.last - int(lexicon.has("that", tokens[claim.last - 1].low))
            self._contents.append(Content(cue, *clauses.trim(tokens, min(span[0], claim.first), close)))
            self._covered.append((group.first, claim.first))
        elif span is None and cue.elided and _goes_on(tokens, self._contents, group, lexicon):
            # "said Moscow was taking it calmly and still believed a settlement possible"
            before = self._contents[-1]
            self._contents[-1] = Content(before.cue, before.first, min(stop, clauses.end(tokens)))
            self._covered[-1] = (self._covered[-1][0], self._contents[-1].last)
        elif span is None or (aside is not None and _points(tokens, span, group, lexicon)):
            self._lone.append(cue)
        else:
            self._contents.append(Content(cue, span[0] if judged is None else judged, span[1]))
            self._covered.append((group.first, span[1]))

    def _span_of_passive(self, group: Group, stop: int) -> tuple[int, int]:
        front = uncovered(self._tokens, group, self._covered)
        if group.cue.base == STATED:
            front += int(self._lexicon.has("that", self._tokens[front].low))
            return clauses.trim(self._tokens, front, group.first)
        # "The plan was described by the minister as a trap": object, verdict and all.
        return clauses.trim(self._tokens, front, stop)

    def _span_of(self, group: Group, stop: int, limit: int) -> tuple[int, int] | None:
        """What stands behind a leading attribution (see ``content_behind``), or else before it."""
        tokens, lexicon, covered = self._tokens, self._lexicon, self._covered
        span = object_first(tokens, group, covered, lexicon)
        span = span or content_behind(tokens, group, stop, limit, lexicon)
        if span is None and group.cue.base == "impersonal":
            # "commitment to its unity was reaffirmed"
            first, last = clauses.trim(tokens, uncovered(tokens, group, covered), group.first)
            span = (first, last) if last - first >= _PASSIVE_WORDS else None
        if span is None and group.cue.kinds & {"say", "name", "clause"}:
            span = enclosed(tokens, group, lexicon) or fronted(tokens, group, covered, lexicon)
        return span or about_in_front(tokens, group, covered, lexicon)

    def _add(self, cue: Cue, span: tuple[int, int]) -> None:
        self._contents.append(Content(cue, *span))
        self._covered.append(span)

    def found(self) -> tuple[list[Content], list[Cue]]:
        """Contents in order, without what is none or is another's, and the cues that have none."""
        # "answered Lavrov's claim that X": his name is part of what is answered, and of nobody's address.
        claims = [group.cue for group in self._groups if group.cue.base == CLAIM]
        contents = [_from_claim(content, claims) for content in self._contents]
        # «прокомментировал слова Лаврова о том, что X»: whose words they are, not who comments on them.
        claimed = {(c.first, c.last) for c in contents if c.cue.base == CLAIM}
        told = [c for c in contents if c.last > c.first and (c.cue.base == CLAIM or (c.first, c.last) not in claimed)]
        kept = [c for c in told if not _empty(self._tokens, c, self._lexicon)]
        lone = [*self._lone, *(c.cue for c in told if _empty(self._tokens, c, self._lexicon))]
        return sorted(kept, key=lambda c: (c.first, c.last)), lone


def _passed_on(tokens: list[Token], groups: list[Group], lexicon: Lexicon) -> int:
    """Where the clause of an institution begins, comma included, that closes a sentence: "…, an agency reports"."""
    group = groups[-1]
    source = group.cue.source
    if source is None or "say" not in group.cue.kinds:
        return len(tokens)
    if source.kind not in ("org", "noun") and not (
        source.kind == "role" and lexicon.has("relay_verbs", group.cue.base)
    ):
        return len(tokens)
    first = group.first
    if first and any(lexicon.phrase_at(name, [tokens[first - 1].low], 0) for name in ("as_verb", "according")):
        first -= 1  # "…, según informó la agencia"
    before = tokens[first - 1].text if first else ""
    last = group.last
    while last < len(tokens) and (tokens[last].capital or names_something(tokens[last])):
        last += 1  # "die Agentur Tass"
    behind = tokens[last:]
    circumstances = not any(t.text in ",:;—–" or lexicon.has("complementizers", t.low) for t in behind)
    closes = clauses.ends(tokens, last, lexicon) and circumstances
    if not group.framed and any(t.kind == "w" for t in behind):
        # "…, NATO warned of escalation", «…, ودعت الوزارة إلى …»: it says more.
        closes = closes and not lexicon.subject_follows and not lexicon.has("of_verbs", group.cue.base)
    return first - 1 if before == "," and closes else len(tokens)


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
        return _end_of_told_relative(tokens, group, lexicon)
    opened = next(
        (i for i in range(group.first - 1, max(-1, group.first - _RELATIVE_WORDS), -1) if tokens[i].text == ","), -1
    )
    related = any(lexicon.has("relatives", t.low) for t in tokens[opened + 1 : group.first])
    if opened < 0 or not related:
        return len(tokens)
    return next((i for i in range(group.last, len(tokens)) if tokens[i].text == ","), len(tokens))


def _end_of_told_relative(tokens: list[Token], group: Group, lexicon: Lexicon) -> int:
    """Where the comma closes a relative clause in which somebody speaks, before the main verb: "The officers, who he
    said were paid by London, deny it".
    """
    source = group.cue.source
    comma = opened_behind_subject(tokens, lexicon) if source is not None else 0
    if source is None or not comma or comma not in (source.first - 2, source.last):
        return len(tokens)
    if any(t.text == "," for t in tokens[comma + 1 : group.cue.first]):
        return len(tokens)  # "Lavrov, who was answering a question, said …"
    ends = (i for i in range(group.last, len(tokens) - 1) if tokens[i].text == ",")
    return next((i for i in ends if acts(tokens[i + 1], lexicon)), len(tokens))


def _ends_of_asides(tokens: list[Token], groups: list[Group], lexicon: Lexicon) -> list[tuple[int, int]]:
    """The commas around asides between a subject and its verb: "Lavrov, warning that the port was shut, said"."""
    found = []
    for group in groups:
        source = group.cue.source
        if source is None or source.last >= group.cue.first or not opens(tokens, source.last, lexicon):
            continue
        close = next((i for i in range(group.cue.first - 1, source.last, -1) if tokens[i].text == ","), -1)
        if close > source.last:
            found.append((source.last, close))
    return found


def _points(tokens: list[Token], span: tuple[int, int], group: Group, lexicon: Lexicon) -> bool:
    """Whether an aside only points to words, and tells none: "citing Trump's remarks"."""
    words = tokens[span[0] : span[1]]
    told = group.cue.base == CLAIM or lexicon.has("that", tokens[span[0] - 1].low)
    return not told and all(t.kind == "w" for t in words) and any(lexicon.has("claims", t.low) for t in words)


def _from_claim(content: Content, claims: list[Cue]) -> Content:
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
