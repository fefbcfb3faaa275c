"""Content where an attribution follows, is inserted or frames: "X, he said", "X, he said, Y", "According to him, X"."""

from processors.annotate.statements.content.inserted import divides_a_clause
from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.language.mood import reported_clause
from processors.annotate.statements.sentence import clauses
from processors.annotate.statements.sentence.claims import CLAIM
from processors.annotate.statements.sentence.found import OPENING
from processors.annotate.statements.sentence.groups import FRONTED_WORDS, TELLERS, Group
from processors.annotate.statements.text.tokens import DASHES, Token, names_something

_LEFT_WORDS = 3
_FAR = 3
_CLAUSE_WORDS = 6
_ADDRESSEE_WORDS = 5
_SUBJECT_WORDS = 6
# "From Kaliningrad, the minister weighed in"
_ADJUNCT_WORDS = 4
_WHEN_WORDS = 14
_OBJECT_WORDS = 8
# "Take trains, Lavrov advised"
_BID_WORDS = 2


def content_around(
    tokens: list[Token], group: Group, floor: int, following: int, lexicon: Lexicon
) -> list[tuple[int, int]]:
    """Spans of content where the attribution follows, is inserted or frames; empty where it leads. ``following``: where
    the next attribution begins, whose complementizer is its own ("…, he said, dismissing suggestions that …").
    """
    if (
        group.cue.base == CLAIM
        or OPENING in group.cue.kinds
        or group.cue.kinds == {"infinitive"}
        or "passive" in group.cue.kinds
    ):
        return []
    first, last = group.first, group.last
    end = clauses.end(tokens)
    begin = clauses.skip_marks(tokens, floor, first)
    left = first - begin > 0 and any(t.kind != "p" for t in tokens[begin:first])
    if left and divides_a_clause(tokens, begin, first, last, end, lexicon):
        return [clauses.trim(tokens, begin, end)]
    separated = first > begin and (_quoted(tokens, begin, first - 1) or tokens[first - 1].text in ",?!…—–-")
    rest = clauses.skip_adjuncts(tokens, last, end, lexicon)
    if group.framed:
        return _frame(tokens, group, begin, left and separated, rest, end, lexicon)
    if not left or not separated or _colon_explains(tokens, begin, first, last, end):
        return []
    quoted = clauses.ends_with_quote(tokens, begin, first)
    if lexicon.subject_follows and not quoted:
        return []  # «وفي الشأن الليبي، رأى الوزير أن …»: a topic, and the verb opens what follows
    adjunct = not quoted and clauses.adjunct(tokens, begin, first, lexicon)
    if lexicon.cases and separated and tokens[first - 1].text == "," and not quoted:
        rest = _behind_addressee(tokens, rest, min(end, following), lexicon)
        last = max(last, rest)
    if rest + 1 == end and names_something(tokens[rest]) and tokens[rest].kind == "q":
        rest = end  # «X, сообщил министр «Гавани»»
    comma = rest < end and tokens[rest].text == ","
    dash = rest < end and tokens[rest].text in DASHES
    starts = rest < end and (tokens[rest].kind == "q" or tokens[rest].text == ":")
    conjoined = clauses.complement(tokens, last, min(end, following), lexicon)
    if conjoined is not None and (
        # «Вместе с тем, подчеркнул он, делегация вылетит, как только …»: the complementizer is of a later clause.
        clauses.has_verb(tokens, last, conjoined, lexicon)
        # "X, Lavrov said in an interview that aired on Sunday"
        or (lexicon.lang == "en" and _in_what(tokens, begin, first, last, conjoined, lexicon))
        # "…, advirtió el ministro, que hablaba ante la prensa": a relative.
        or (not lexicon.cases and first - begin >= _LEFT_WORDS and _relative(tokens, last, lexicon))
        # "X, sostiene, fueron arrojados por quienes hoy dicen que …"
        or (lexicon.que_conjunctions and last < end and tokens[last].text == "," and conjoined - last > _FAR)
        # « …, a redit le ministre aux ambassadeurs qu'il avait conviés »
        or (lexicon.que_conjunctions and conjoined - last > 1 and _clause(tokens, begin, first, lexicon))
    ):
        conjoined = None
    if adjunct and conjoined is None and _bids(tokens, group, begin, lexicon):
        adjunct = False
    short = first - begin <= _SUBJECT_WORDS and not quoted and tokens[first - 1].text == ","
    if short and lexicon.order == "svo" and lexicon.has("told", group.cue.base):
        # "The response, he told deputies in the Duma, would be a mirror one"
        second = next((i for i in range(last, min(end, last + 10)) if tokens[i].text == ","), None)
        if second is not None and second + 1 < end and lexicon.has("finite_auxiliaries", tokens[second + 1].low):
            return [clauses.trim(tokens, begin, end)]
    if adjunct and _goes_on_behind(tokens, last, end, lexicon):
        return [(begin, end)]
    if adjunct and not comma and (rest < end or _only_circumstance(tokens[begin:first], lexicon)):
        return []
    if adjunct and comma and rest + 1 < end and lexicon.has("openers", tokens[begin].low):
        if conjoined is not None or (tokens[rest + 1].kind == "q" and not lexicon.cases):
            return []  # 'Asked about the ferries, he said, "X"'
        if not lexicon.cases:
            return [clauses.trim(tokens, rest + 1, end)]
    if adjunct and comma:
        # "On Monday, he said, talks would ..." has its content on the right, but is rare: take both sides.
        phrase = lexicon.has("prepositions", tokens[begin].low)
        # «Сроков нет, отметил он, и торопиться никто не будет»
        joined = lexicon.cases and not phrase and tokens[last].text == ","
        return [(begin, end)] if not clauses.foreign(tokens, rest + 1, end, lexicon, inserted=joined) else []
    joined = (
        comma and tokens[last].text == "," and lexicon.has("going_on", tokens[last + 1].low)
        if last + 1 < end
        else False
    )
    if conjoined is not None and not quoted and not joined:
        return []
    if starts and not quoted:
        # «X, пообещал Лавров: Y»: what explains it is his too.
        return [clauses.trim(tokens, begin, end)] if tokens[rest].text == ":" and rest == last else []
    if quoted:
        spans = [(clauses.quote_start(tokens, begin, first), first)]
        after = next((i for i in range(last, end) if tokens[i].kind == "q"), None)
        if after is not None and (
            all(t.kind == "p" or lexicon.is_time(t.low) for t in tokens[rest:after])
            or _when(tokens, last, after, lexicon)
        ):  # fmt: skip
            spans.append((after, clauses.quote_run(tokens, after, end)))
        elif dash and rest + 1 < end:
            spans.append((rest + 1, end))
        elif joined and spans[0][0] == begin and tokens[begin].kind == "w":
            # 'It is no "plot", he said, and nobody need fear it'
            return [clauses.trim(tokens, begin, end)]
        return [clauses.trim(tokens, *s) for s in spans]
    # "The hosts were pleased: X, he said": what leads up to a colon is the reporter's.
    colon = next((i for i in range(first - 1, begin, -1) if tokens[i].text == ":"), begin)
    if sum(1 for t in tokens[colon:first] if t.kind == "w") >= FRONTED_WORDS:
        begin = colon
    if rest >= end:
        return [clauses.trim(tokens, begin, first)]
    if _goes_on_behind(tokens, last, end, lexicon):
        return [clauses.trim(tokens, begin, end)]
    if tokens[rest].text == ";" and not clauses.foreign(tokens, rest + 1, end, lexicon):
        # "X, he said; Y"
        return [clauses.trim(tokens, begin, end)]
    if lexicon.has("told", group.cue.base):
        semicolon = next((i for i in range(rest, min(end, rest + _ADDRESSEE_WORDS)) if tokens[i].text == ";"), None)
        if semicolon is not None and not clauses.foreign(tokens, semicolon + 1, end, lexicon):
            # "X, he assured the chamber; Y"
            return [clauses.trim(tokens, begin, end)]
    told = lexicon.has("told", group.cue.base) and rest + 1 < end and lexicon.has("determiners", tokens[rest + 1].low)
    if comma and rest + 1 < end and lexicon.phrase_at("additions", [t.low for t in tokens], rest + 1):
        # "Flights had been raised, he told reporters, as well as the embassies"
        return [clauses.trim(tokens, begin, end)]
    joins = comma and rest + 2 < end and lexicon.has("conjunctions", tokens[rest + 1].low)
    if joins and not told and lexicon.has("told", group.cue.base) and _goes_on(tokens, rest + 1, end, lexicon):
        # "X, he told reporters in Ankara, and no ship would be safe until …"
        return [clauses.trim(tokens, begin, end)]
    if comma and told:
        # "…, he told the council, the upper house, on Monday"
        return [clauses.trim(tokens, begin, first)]
    if comma and tokens[last].text == "," and not clauses.foreign(tokens, rest + 1, end, lexicon, inserted=True):
        return [clauses.trim(tokens, begin, end)]
    if tokens[rest].kind == "w" and lexicon.has("prepositions", tokens[rest].low):
        # "…, he said in Baku, the road would open": a second comma, and a clause with a verb.
        second = next((i for i in range(rest, min(end, rest + 10)) if tokens[i].text == ","), None)
        if second is not None and clauses.clause(tokens, second + 1, end, lexicon):
            return [clauses.trim(tokens, begin, end)]
    if dash and rest < following < end and following - rest <= _LEFT_WORDS:
        # "X, hatte er geurteilt – nach Ansicht der Botschafterin ein Irrtum"
        return [clauses.trim(tokens, begin, first)]
    if dash and rest + 3 < end and not clauses.foreign(tokens, rest + 1, end, lexicon):
        return [clauses.trim(tokens, begin, end)]
    if (
        comma
        or lexicon.has("prepositions", tokens[rest].low)
        or lexicon.has("told", group.cue.base)
        or clauses.tail(tokens, rest, lexicon)
    ):
        return [clauses.trim(tokens, begin, first)]
    if group.cue.source is not None and group.cue.source.first >= group.cue.last:
        return [clauses.trim(tokens, begin, first)]
    if lexicon.order != "svo" and "name" not in group.cue.kinds:
        return [clauses.trim(tokens, begin, first)]
    return []


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


def _frame(
    tokens: list[Token], group: Group, begin: int, left: bool, rest: int, end: int, lexicon: Lexicon
) -> list[tuple[int, int]]:
    inserted = left and rest + 1 < end and tokens[rest].text in ",—–" and tokens[group.first - 1].text in ",—–"
    told = any(lexicon.has("finite_auxiliaries", t.low) for t in tokens[begin : group.first])
    if inserted and told and _describes(tokens[rest + 1 : end], lexicon):
        # "As for prices, they will fall, according to Lavrov, who arrived on Monday", "…, the chief of the harbour"
        return [clauses.trim(tokens, begin, group.first)]
    quote = tokens[rest + 1] if inserted else None
    if quote is not None and quote.kind == "q" and _governs(tokens[group.first - 2], lexicon):
        # «списал задержки на, как он выразился, «лень лоцманов»»
        return [clauses.trim(tokens, rest + 1, rest + 2)]
    if group.cue.source is not None and group.first > begin and tokens[group.first - 1].text == ";" and rest < end:
        left, begin = False, group.first  # 'Rubio called it "a dead end"; according to Lavrov, X'
    quoted = left and clauses.ends_with_quote(tokens, begin, group.first)
    start = clauses.quote_start(tokens, begin, group.first) if quoted else begin
    if quoted and tokens[start].kind == "q":
        return _around_quoted(tokens, start, group.first, rest, end)
    # Two Arabic words are a clause: article, preposition and conjunction are written together with them.
    least = 1 if inserted or quoted else 2 if lexicon.subject_follows else 3
    fronted = inserted and lexicon.cases and _fronted_phrase(tokens[begin : group.first - 1], lexicon)
    if left and (fronted or not clauses.adjunct(tokens, begin, group.first, lexicon, least=least)):
        if rest >= end or (tokens[rest].text == "," and clauses.foreign(tokens, rest + 1, end, lexicon)):
            return [clauses.trim(tokens, begin, group.first)]
        return [clauses.trim(tokens, begin, end)]
    if not left and group.first > begin:
        if rest >= end:
            return [clauses.trim(tokens, begin, group.first)]
        return [clauses.trim(tokens, begin, end)]
    at = next((i for i in range(group.last, end) if tokens[i].text in ",:" or tokens[i].kind == "q"), group.last)
    return [clauses.trim(tokens, at, end)] if at < end else []


def _describes(tokens: list[Token], lexicon: Lexicon) -> bool:
    """Whether what closes a sentence says who tells it: a relative clause, or an article, its noun and no verb."""
    if lexicon.has("relatives", tokens[0].low):
        return True
    if not lexicon.has("determiners", tokens[0].low) or any(t.kind != "w" for t in tokens):
        return False
    verbs = ("finite_auxiliaries", "modals", "weak_modals", "that")
    return not any(lexicon.has(name, t.low) or t.low in lexicon.cues for t in tokens for name in verbs)


def _around_quoted(tokens: list[Token], start: int, first: int, rest: int, end: int) -> list[tuple[int, int]]:
    """The quotation in front of "according to Lavrov", and the rest of it behind; what else follows is the reporter's:
    '"X," according to Lavrov, who spoke on Monday', „X“, so Lawrow am Montag in Moskau.
    """
    spans = [clauses.trim(tokens, start, first)]
    after = clauses.skip_marks(tokens, rest, end)
    if after < end and tokens[after].kind == "q":
        spans.append((after, clauses.quote_run(tokens, after, end)))
    return spans


def _governs(before: Token, lexicon: Lexicon) -> bool:
    """Whether a word needs a noun behind it."""
    return lexicon.has("prepositions", before.low) or lexicon.has("determiners", before.low)


def _fronted_phrase(tokens: list[Token], lexicon: Lexicon) -> bool:
    """As in «На национальные валюты, по его словам, приходится половина»: of the clause, but no time and no gerund."""
    if not all(t.kind == "w" for t in tokens):
        return False
    return any(
        not (lexicon.is_time(t.low) or t.low.isdigit())
        and not any(lexicon.has(name, t.low) for name in ("prepositions", "these", "connectors", "conjunctions"))
        for t in tokens
    )


def read_out(group: Group, groups: list[Group], around: list[tuple[int, int]]) -> bool:
    """As in "According to the ministry, Lavrov stressed that X": an institution's account of what a person said."""
    source = group.cue.source
    if source is None or source.kind not in ("org", "noun"):
        return False
    return any(
        other.cue.source is not None
        and (other.cue.source.kind in TELLERS or (source.kind == "noun" and other.cue.source.kind == "org"))
        and any(first <= other.first and other.last <= last for first, last in around)
        for other in groups
        if other is not group
    )


def _goes_on_behind(tokens: list[Token], last: int, end: int, lexicon: Lexicon) -> bool:
    """German: "X, sagte er am Montag vor Abgeordneten; man sei bereit", "X, schreibt er, und der Hafen bleibe zu"."""
    mark = next((i for i in range(last, min(end, last + _WHEN_WORDS)) if tokens[i].kind != "w"), end)
    if mark + 1 >= end or tokens[mark].text not in ",;":
        return False
    at = mark + 1 + int(lexicon.has("conjunctions", tokens[mark + 1].low))
    return reported_clause(tokens, at, lexicon)
