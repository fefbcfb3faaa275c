"""Content where an attribution follows or is inserted: "X, he said", "X, he said, Y"; where it frames: ``framed``."""

from dataclasses import dataclass, replace

from processors.annotate.statements.content.framed import content_framed
from processors.annotate.statements.content.inserted import divides_a_clause
from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.language.mood import reported_clause
from processors.annotate.statements.sentence import clauses
from processors.annotate.statements.sentence.claims import CLAIM
from processors.annotate.statements.sentence.groups import FRONTED_WORDS, Group
from processors.annotate.statements.sentence.parts import OPENING, Cue
from processors.annotate.statements.text.tokens import DASHES, Token, names_something

_Range = tuple[int, int]
"""Tokens ``[first, last)``."""

# Of a clause in front of an attribution, at least; of a remark between two attributions, at most.
_LEFT_WORDS = 3
# From "in an interview" to "that aired", more than.
_FAR = 3
# Of a clause in front, at least; of a circumstance in front of a verb with a colon behind it, at most.
_CLAUSE_WORDS = 6
# "told the chamber", at most.
_ADDRESSEE_WORDS = 5
# "The response, he told deputies, would be": of the subject with its comma, at most.
_SUBJECT_WORDS = 6
# Words and marks in which a second comma is looked for.
_COMMA_REACH = 10
# "From Kaliningrad, the minister weighed in"
_ADJUNCT_WORDS = 4
# "when a deputy raised the matter", at most.
_WHEN_WORDS = 14
# From a verb to the colon that explains it, at most.
_OBJECT_WORDS = 8
# "Take trains, Lavrov advised"
_BID_WORDS = 2


def content_around(tokens: list[Token], group: Group, floor: int, following: int, lexicon: Lexicon) -> list[_Range]:
    """Spans of content where the attribution follows, is inserted or frames; empty where it leads. ``following``: where
    the next attribution begins, whose complementizer is its own ("…, he said, dismissing suggestions that …").
    """
    if group.cue.base == CLAIM or group.cue.kinds == {"infinitive"} or group.cue.kinds & {OPENING, "passive"}:
        return []
    first, last = group.first, group.last
    end = clauses.end(tokens)
    begin = clauses.skip_marks(tokens, floor, first)
    left = any(t.kind != "p" for t in tokens[begin:first])
    if left and divides_a_clause(tokens, begin, first, last, end, lexicon):
        return [clauses.trim(tokens, begin, end)]
    left = left and (_quoted(tokens, begin, first - 1) or tokens[first - 1].text in ",?!…—–-")
    if group.framed:
        rest = clauses.skip_adjuncts(tokens, last, end, lexicon)
        return content_framed(tokens, group, begin, rest, end, lexicon, left=left)
    if not left or _colon_explains(tokens, begin, first, last, end):
        return []
    quoted = clauses.ends_with_quote(tokens, begin, first)
    if lexicon.subject_follows and not quoted:
        return []  # «وفي الشأن الليبي، رأى الوزير أن …»: a topic, and the verb opens what follows
    sides = _both_sides(tokens, group, begin, end, following, lexicon, quoted=quoted)
    if _told_within(sides):
        return [sides.whole]
    spans = _with_circumstance(sides) if sides.circumstance else None
    if spans is not None:
        return spans
    if sides.complementizer is not None and not quoted and not sides.goes_on:
        return []
    if sides.announces and not quoted:
        # «X, пообещал Лавров: Y»: what explains it is his too.
        return [sides.whole] if tokens[sides.rest].text == ":" and sides.rest == sides.last else []
    return _quotations(sides) if quoted else _indirect(sides)


@dataclass(frozen=True, slots=True)
class _Sides:
    """A sentence with words in front of an attribution: these begin at ``begin``, the attribution is ``[first, last)``,
    and behind it and the circumstances of speaking the sentence goes on from ``rest`` to ``end``.
    """

    tokens: list[Token]
    lexicon: Lexicon
    cue: Cue
    begin: int
    first: int
    last: int
    rest: int
    end: int
    following: int
    """Where the next attribution begins."""
    quoted: bool
    """What stands in front ends with a quotation."""
    circumstance: bool
    """What stands in front is only when, where or upon what something is said."""
    complementizer: int | None
    """Where the clause behind the attribution begins that is its content: the attribution leads then."""

    @property
    def whole(self) -> _Range:
        return clauses.trim(self.tokens, self.begin, self.end)

    @property
    def front(self) -> _Range:
        return clauses.trim(self.tokens, self.begin, self.first)

    @property
    def comma(self) -> bool:
        """The sentence goes on behind a comma."""
        return self.rest < self.end and self.tokens[self.rest].text == ","

    @property
    def dash(self) -> bool:
        return self.rest < self.end and self.tokens[self.rest].text in DASHES

    @property
    def announces(self) -> bool:
        """A quotation or a colon follows."""
        return self.rest < self.end and (self.tokens[self.rest].kind == "q" or self.tokens[self.rest].text == ":")

    @property
    def inserted(self) -> bool:
        """A comma stands directly behind the attribution, as in "X, he said, Y"."""
        return self.comma and self.tokens[self.last].text == ","

    @property
    def goes_on(self) -> bool:
        """As in "X, he said, and Y"."""
        joined = self.last + 1 < self.end and self.lexicon.has("going_on", self.tokens[self.last + 1].low)
        return self.inserted and joined

    def second_comma(self, at: int) -> int | None:
        """The next comma from there, behind the one in front of the attribution."""
        reach = range(at, min(self.end, at + _COMMA_REACH))
        return next((i for i in reach if self.tokens[i].text == ","), None)

    @property
    def told(self) -> bool:
        """The verb has an object for those who are told."""
        return self.lexicon.has("told", self.cue.base)


def _both_sides(
    tokens: list[Token], group: Group, begin: int, end: int, following: int, lexicon: Lexicon, *, quoted: bool
) -> _Sides:
    first, last = group.first, group.last
    following = min(end, following)
    rest = clauses.skip_adjuncts(tokens, last, end, lexicon)
    if lexicon.cases and tokens[first - 1].text == "," and not quoted:
        rest = _behind_addressee(tokens, rest, following, lexicon)
        last = max(last, rest)
    if rest + 1 == end and names_something(tokens[rest]) and tokens[rest].kind == "q":
        rest = end  # «X, сообщил министр «Гавани»»
    complementizer = clauses.complement(tokens, last, following, lexicon)
    if complementizer is not None and _of_another_clause(tokens, begin, first, last, end, complementizer, lexicon):
        complementizer = None
    circumstance = not quoted and clauses.adjunct(tokens, begin, first, lexicon)
    if circumstance and complementizer is None and _bids(tokens, group, begin, lexicon):
        circumstance = False
    return _Sides(
        tokens, lexicon, group.cue, begin, first, last, rest, end, following, quoted, circumstance, complementizer
    )


def _of_another_clause(
    tokens: list[Token], begin: int, first: int, last: int, end: int, complementizer: int, lexicon: Lexicon
) -> bool:
    """Whether a complementizer behind the attribution begins none of what it reports."""
    return (
        # «Вместе с тем, подчеркнул он, делегация вылетит, как только …»: the complementizer is of a later clause.
        clauses.has_verb(tokens, last, complementizer, lexicon)
        # "X, Lavrov said in an interview that aired on Sunday"
        or (lexicon.lang == "en" and _in_what(tokens, begin, first, last, complementizer, lexicon))
        # "…, advirtió el ministro, que hablaba ante la prensa": a relative.
        or (not lexicon.cases and first - begin >= _LEFT_WORDS and _relative(tokens, last, lexicon))
        # "X, sostiene, fueron arrojados por quienes hoy dicen que …"
        or (lexicon.que_conjunctions and last < end and tokens[last].text == "," and complementizer - last > _FAR)
        # « …, a redit le ministre aux ambassadeurs qu'il avait conviés »
        or (lexicon.que_conjunctions and complementizer - last > 1 and _clause(tokens, begin, first, lexicon))
    )


def _told_within(sides: _Sides) -> bool:
    """As in "The response, he told deputies in the Duma, would be a mirror one": a short subject stands in front, and
    its verb behind a second comma.
    """
    tokens, lexicon = sides.tokens, sides.lexicon
    short = sides.first - sides.begin <= _SUBJECT_WORDS and not sides.quoted and tokens[sides.first - 1].text == ","
    if not short or lexicon.order != "svo" or not sides.told:
        return False
    comma = sides.second_comma(sides.last)
    return comma is not None and comma + 1 < sides.end and lexicon.has("finite_auxiliaries", tokens[comma + 1].low)


def _with_circumstance(sides: _Sides) -> list[_Range] | None:
    """Where a circumstance stands in front: the content is on both sides, or behind ("Asked about the ferries, he said,
    X"). Empty where the attribution leads; None where the circumstance may be content, as any other words may.
    """
    tokens, lexicon, behind = sides.tokens, sides.lexicon, sides.rest + 1
    if _goes_on_behind(tokens, sides.last, sides.end, lexicon):
        return [(sides.begin, sides.end)]
    if not sides.comma:
        leads = sides.rest < sides.end or _only_circumstance(tokens[sides.begin : sides.first], lexicon)
        return [] if leads else None
    if behind < sides.end and lexicon.has("openers", tokens[sides.begin].low):
        if sides.complementizer is not None or (tokens[behind].kind == "q" and not lexicon.cases):
            return []  # 'Asked about the ferries, he said, "X"'
        if not lexicon.cases:
            return [clauses.trim(tokens, behind, sides.end)]
    # "On Monday, he said, talks would ..." has its content on the right, but is rare: take both sides.
    phrase = lexicon.has("prepositions", tokens[sides.begin].low)
    # «Сроков нет, отметил он, и торопиться никто не будет»
    joined = lexicon.cases and not phrase and sides.inserted
    foreign = clauses.foreign(tokens, behind, sides.end, lexicon, inserted=joined)
    return [] if foreign else [(sides.begin, sides.end)]


def _quotations(sides: _Sides) -> list[_Range]:
    """A quotation in front, and what goes on with it behind the attribution."""
    tokens, lexicon = sides.tokens, sides.lexicon
    start = clauses.quote_start(tokens, sides.begin, sides.first)
    spans = [(start, sides.first)]
    again = next((i for i in range(sides.last, sides.end) if tokens[i].kind == "q"), None)
    if again is not None and (
        all(t.kind == "p" or lexicon.is_time(t.low) for t in tokens[sides.rest : again])
        or _when(tokens, sides.last, again, lexicon)
    ):  # fmt: skip
        spans.append((again, clauses.quote_run(tokens, again, sides.end)))
    elif sides.dash and sides.rest + 1 < sides.end:
        spans.append((sides.rest + 1, sides.end))
    elif sides.goes_on and start == sides.begin and tokens[sides.begin].kind == "w":
        # 'It is no "plot", he said, and nobody need fear it'
        return [sides.whole]
    return [clauses.trim(tokens, *span) for span in spans]


def _indirect(sides: _Sides) -> list[_Range]:
    """Indirect speech in front of the attribution, and behind it, too, where the sentence goes on with it; empty where
    neither is known to be content.
    """
    tokens, begin, first = sides.tokens, sides.begin, sides.first
    # "The hosts were pleased: X, he said": what leads up to a colon is the reporter's.
    colon = next((i for i in range(first - 1, begin, -1) if tokens[i].text == ":"), begin)
    if sum(1 for t in tokens[colon:first] if t.kind == "w") >= FRONTED_WORDS:
        sides = replace(sides, begin=colon)
    if sides.rest >= sides.end:
        return [sides.front]
    if _taken_on(sides):
        return [sides.whole]
    return [sides.front] if _closed(sides) else []


def _taken_on(sides: _Sides) -> bool:
    """Whether what the sentence goes on with is reported as well."""
    tokens, lexicon, end = sides.tokens, sides.lexicon, sides.end
    mark, behind = tokens[sides.rest], sides.rest + 1
    if _goes_on_behind(tokens, sides.last, end, lexicon):
        return True
    if mark.text == ";" and not clauses.foreign(tokens, behind, end, lexicon):
        return True  # "X, he said; Y"
    if sides.told:
        reach = range(sides.rest, min(end, sides.rest + _ADDRESSEE_WORDS))
        semicolon = next((i for i in reach if tokens[i].text == ";"), None)
        if semicolon is not None and not clauses.foreign(tokens, semicolon + 1, end, lexicon):
            return True  # "X, he assured the chamber; Y"
    if sides.comma and behind < end:
        if lexicon.phrase_at("additions", [t.low for t in tokens], behind):
            return True  # "Flights had been raised, he told reporters, as well as the embassies"
        if sides.told and lexicon.has("determiners", tokens[behind].low):
            return False  # "…, he told the council, the upper house, on Monday"
        joins = behind + 1 < end and lexicon.has("conjunctions", tokens[behind].low)
        if joins and sides.told and _goes_on(tokens, behind, end, lexicon):
            return True  # "X, he told reporters in Ankara, and no ship would be safe until …"
    if sides.inserted and not clauses.foreign(tokens, behind, end, lexicon, inserted=True):
        return True
    if mark.kind == "w" and lexicon.has("prepositions", mark.low):
        # "…, he said in Baku, the road would open": a second comma, and a clause with a verb.
        comma = sides.second_comma(sides.rest)
        if comma is not None and clauses.clause(tokens, comma + 1, end, lexicon):
            return True
    if not sides.dash or (sides.rest < sides.following < end and sides.following - sides.rest <= _LEFT_WORDS):
        return False  # "X, hatte er geurteilt – nach Ansicht der Botschafterin ein Irrtum"
    return sides.rest + 3 < end and not clauses.foreign(tokens, behind, end, lexicon)


def _closed(sides: _Sides) -> bool:
    """Whether what follows is not content but closes the attribution: when, where and to whom something was said, or a
    clause of the reporter's.
    """
    tokens, lexicon, source = sides.tokens, sides.lexicon, sides.cue.source
    return (
        sides.comma
        or lexicon.has("prepositions", tokens[sides.rest].low)
        or sides.told
        or clauses.tail(tokens, sides.rest, lexicon)
        or (source is not None and source.first >= sides.cue.last)
        or (lexicon.order != "svo" and "name" not in sides.cue.kinds)
    )


def _bids(tokens: list[Token], group: Group, begin: int, lexicon: Lexicon) -> bool:
    """Two words that are somebody's all the same, as an imperative is: «Берите редкий, посоветовал он», "Be patient,
    Lavrov told them". Only behind words does a verb stand before its subject.
    """
    source, first = group.cue.source, tokens[begin]
    words = tokens[begin : group.first - 1]
    if len(words) != _BID_WORDS or any(t.kind != "w" for t in words) or tokens[group.first - 1].text != ",":
        return False
    circumstance = any(lexicon.has(n, first.low) for n in ("prepositions", "connectors", "openers", "time_qualifiers"))
    if circumstance or any(lexicon.is_time(t.low) or lexicon.has("adverbs", t.low) for t in words):
        return False
    marks = [t for t in tokens[group.last : clauses.end(tokens)] if t.kind != "w"]
    if marks and not (lexicon.cases and marks[0].text == ":"):
        return False  # "Two things, said Lavrov: …", "Mehr noch, sagte er, …"
    inverted = source is not None and source.first >= group.cue.last and not lexicon.is_participle(first.low)
    return (inverted and lexicon.order != "svo") or lexicon.has("imperatives", first.low)


def _colon_explains(tokens: list[Token], begin: int, first: int, last: int, end: int) -> bool:
    """As in "Charte en main, le ministre a sermonné ses pairs : X": little stands in front, and an object and a colon
    behind the verb.
    """
    if first - begin > _CLAUSE_WORDS or any(t.kind == "q" for t in tokens[begin:first]):
        return False
    colon = next((i for i in range(last, min(end, last + _OBJECT_WORDS)) if tokens[i].kind != "w"), last)
    return colon > last + 1 and tokens[colon].text == ":"


def _when(tokens: list[Token], at: int, quote: int, lexicon: Lexicon) -> bool:
    """As in '"X," he said when a deputy raised the matter, "Y"': a clause of circumstances, closed by a comma."""
    opened = (
        at < quote and lexicon.has("connectors", tokens[at].low) and not lexicon.has("conjunctions", tokens[at].low)
    )
    closed = tokens[quote - 1].text == "," and all(t.kind == "w" for t in tokens[at : quote - 1])
    return opened and closed and quote - at <= _WHEN_WORDS


def _quoted(tokens: list[Token], begin: int, at: int) -> bool:
    """Whether words in quotation marks stand there and no name («на вопрос «Гавани» ответил министр»)."""
    token = tokens[at]
    return token.kind == "q" and (" " in token.text or at == begin or tokens[at - 1].kind != "w")


def _only_circumstance(tokens: list[Token], lexicon: Lexicon) -> bool:
    """As in "Asked about the ferries, he bristled"."""
    words = [t.low for t in tokens if t.kind == "w"]
    opened = any(lexicon.has("openers", low) for low in words[:1])
    return not lexicon.cases and (opened or len(words) < _ADJUNCT_WORDS)


def _behind_addressee(tokens: list[Token], at: int, end: int, lexicon: Lexicon) -> int:
    """«X, сказал он студентам, Y», «X, ответил министр на вопрос из зала, Y»: where the second comma stands."""
    stop = at
    while stop < end and stop - at < _ADDRESSEE_WORDS and tokens[stop].kind == "w":
        if lexicon.has("complementizers", tokens[stop].low):
            return at
        stop += 1
    closed = stop < end and tokens[stop].text == ","
    return stop if closed and not clauses.has_verb(tokens, at, stop, lexicon) else at


def _clause(tokens: list[Token], begin: int, end: int, lexicon: Lexicon) -> bool:
    """Whether what stands in front is no circumstance and no dateline: it begins with a subject and has no date."""
    words = tokens[begin:end]
    opened = lexicon.has("determiners", words[0].low) and len(words) >= _CLAUSE_WORDS
    return opened and not any(lexicon.is_time(t.low) or t.text.isdigit() or t.text in "()–—-" for t in words)


def _goes_on(tokens: list[Token], at: int, end: int, lexicon: Lexicon) -> bool:
    """Whether a clause is joined there that goes on with what was told: no "but", and a subject that is nobody new."""
    if lexicon.has("adversatives", tokens[at].low) or not clauses.clause(tokens, at + 1, end, lexicon):
        return False
    subject = tokens[at + 1].low
    return subject in lexicon.pronouns or lexicon.has("nobody", subject) or lexicon.has("negations", subject)


def _in_what(tokens: list[Token], begin: int, first: int, last: int, that: int, lexicon: Lexicon) -> bool:
    """Whether a clause stands in front, and "that" belongs to where it was said."""
    place = lexicon.has("prepositions", tokens[last].low) and that - last > _FAR
    words = tokens[begin:first]
    told = any(lexicon.has("finite_auxiliaries", t.low) for t in words)
    return place and told and not lexicon.has("prepositions", words[0].low)


def _relative(tokens: list[Token], at: int, lexicon: Lexicon) -> bool:
    return tokens[at].text == "," and at + 1 < len(tokens) and lexicon.has("relatives", tokens[at + 1].low)


def _goes_on_behind(tokens: list[Token], last: int, end: int, lexicon: Lexicon) -> bool:
    """German: "X, sagte er am Montag vor Abgeordneten; man sei bereit", "X, schreibt er, und der Hafen bleibe zu"."""
    mark = next((i for i in range(last, min(end, last + _WHEN_WORDS)) if tokens[i].kind != "w"), end)
    if mark + 1 >= end or tokens[mark].text not in ",;":
        return False
    at = mark + 1 + int(lexicon.has("conjunctions", tokens[mark + 1].low))
    return reported_clause(tokens, at, lexicon)
