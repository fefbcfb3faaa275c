"""Which part of a sentence a cue reports: what stands before it, after it, or around it.

Three forms: the attribution follows or is inserted ("X, Lavrov said", "X, he said, Y"), it leads ("Lavrov said that
X"), or it is a frame ("According to Lavrov, X"). Attributions of the first form are settled first, because cues inside
their content belong to it; of the rest each ends where the next independent one begins.
"""

from dataclasses import dataclass

from processors.annotate.statements import clauses
from processors.annotate.statements.case import is_person
from processors.annotate.statements.claims import CLAIM
from processors.annotate.statements.found import Found
from processors.annotate.statements.lexicon import Lexicon
from processors.annotate.statements.tokens import Token
from processors.annotate.statements.verb_final import Content, find_before

_DASHES = "—–-"
_FRONTED_WORDS = 5
_ADDRESSED = frozenset(
    ["tell", "assure", "remind", "inform", "warn", "advise", "notify", "promise", "caution", "ask", "answer"]
)
_OBJECT_WORDS = 2
# «о том, что», «об этих тоннах», «про цей порт»
_POINTING = ("эт", "том", "тех", "те", "це", "ці", "цьо", "ту")
_LEFT_WORDS = 3
_PASSIVE_WORDS = 3
_TELLERS = ("person", "role", "pronoun")
_ABOUT_WORDS = 2
_ADDRESSEE_WORDS = 5
_TOLD_WORDS = 8
_QUESTIONS = frozenset(["question", "questions", "query", "queries"])
# "Laut Lawrow wird …", "Według Ławrowa traktat …": nothing divides the source from the clause.
_NO_COMMA = frozenset(["de", "pl"])
_WITH_OBJECT = frozenset(["vorwerfen", "drohen", "androhen", "zarzucić"])


@dataclass(slots=True)
class _Group:
    cue: Found
    first: int
    last: int
    framed: bool


def find_contents(tokens: list[Token], cues: list[Found], lexicon: Lexicon) -> tuple[list[Content], list[Found]]:
    """Contents in order, and the cues for which the sentence has none (they may claim what stands before)."""
    if lexicon.order == "sov":
        return find_before(tokens, cues, lexicon)
    groups = [_group(tokens, cue, lexicon) for cue in cues]
    contents: list[Content] = []
    lone: list[Found] = []
    covered: list[tuple[int, int]] = []
    floor = 0
    settled: set[int] = set()
    for index, group in enumerate(groups):
        if any(first <= group.first and group.last <= last for first, last in covered):
            settled.add(index)
            continue
        following = next((g.cue.first for g in groups[index + 1 :] if g.cue.first >= group.last), len(tokens))
        around = [] if _is_participle(tokens, group, lexicon) else _around(tokens, group, floor, following, lexicon)
        if around and group.framed and _read_out(group, groups, around):
            continue
        if around:
            for first, last in around:
                contents.append(Content(group.cue, first, last))
                covered.append((first, last))
            settled.add(index)
            floor = max(group.last, *(last for _, last in around))
    for index, group in enumerate(groups):
        if index in settled or any(first <= group.cue.first < last for first, last in covered):
            continue
        stop = len(tokens)
        for later in groups[index + 1 :]:
            if later.first >= group.last and _independent(tokens, later, lexicon):
                inside = clauses.complement(tokens, group.last, later.first, lexicon)
                if inside is not None and (later.framed or clauses.adjunct(tokens, inside, later.first, lexicon)):
                    # «уточнил, что Африке, с точки зрения Москвы, полагаются два места»; "noted that in May,
                    # Moscow demanded that …": within the clause.
                    continue
                stop = later.first
                break
        for content in contents:
            if content.first >= group.last:
                stop = min(stop, content.first)
        limit = next((g.cue.first for g in groups if g.cue.first >= group.last), stop)
        span = _after(tokens, group, stop, limit, lexicon)
        if span is None and group.cue.base == "impersonal":
            # "commitment to its unity was reaffirmed"
            span = clauses.trim(tokens, _uncovered(tokens, group, covered), group.first)
            span = span if span[1] - span[0] >= _PASSIVE_WORDS else None
        if span is None and group.cue.kinds & {"say", "name", "clause"}:
            span = _enclosed(tokens, group, lexicon) or _fronted(tokens, group, covered, lexicon)
        if span is None:
            span = _about_in_front(tokens, group, covered, lexicon)
        begin = _object_in_front(tokens, group, covered, lexicon)
        if span is None and begin is not None and stop - group.last >= 1:
            # «Требования портов министр назвал справедливыми»
            span = clauses.trim(tokens, begin, min(stop, clauses.end(tokens)))
        if span is None:
            lone.append(group.cue)
            continue
        contents.append(Content(group.cue, span[0] if begin is None else begin, span[1]))
        covered.append((group.first, span[1]))
    kept = [c for c in contents if c.last > c.first]
    return sorted(kept, key=lambda c: (c.first, c.last)), lone


def _uncovered(tokens: list[Token], group: _Group, covered: list[tuple[int, int]]) -> int:
    """Where what stands before an attribution and belongs to no other one begins."""
    return clauses.skip_marks(tokens, max([0, *(last for _, last in covered if last <= group.first)]), group.first)


def _object_in_front(
    tokens: list[Token], group: _Group, covered: list[tuple[int, int]], lexicon: Lexicon
) -> int | None:
    """Where the object of a verdict begins that stands before it: «Портовый сбор министр назвал ошибкой»; else None."""
    if (
        lexicon.order != "free"
        or not lexicon.has("verdicts", group.cue.base)
        or group.cue.source is None
        or group.framed
    ):
        return None
    begin = _uncovered(tokens, group, covered)
    words = [t for t in tokens[begin : group.first] if t.kind == "w"]
    before = tokens[group.first - 1]
    if len(words) < _OBJECT_WORDS or before.kind == "p" or lexicon.has("pointers", before.low):
        return None
    first = words[0].low
    if group.cue.source.kind in ("person", "name") and any(is_person(word.low, lexicon.lang or "") for word in words):
        return None  # «Начальник порта Иван Рыбак назвал …»: he is described
    opens = any(lexicon.has(name, first) for name in ("prepositions", "connectors", "auxiliaries", "openers"))
    return None if opens or lexicon.is_time(first) or lexicon.is_participle(first) else begin


def _about_in_front(
    tokens: list[Token], group: _Group, covered: list[tuple[int, int]], lexicon: Lexicon
) -> tuple[int, int] | None:
    """«О готовности ответить напомнил в интервью Лавров»: what a verb of speech is about stands before it."""
    if not lexicon.cases or "say" not in group.cue.kinds or group.framed or group.cue.first != group.first:
        return None
    lows = [t.low for t in tokens]
    floor = max(_uncovered(tokens, group, covered), group.first - _TOLD_WORDS)
    for at in range(group.first - 1, floor - 1, -1):
        if tokens[at].kind != "w":
            return None
        if lexicon.has("about", lows[at]):
            words = group.first - at - 1
            taken_up = lexicon.phrase_at("demonstratives", lows, at) or lows[at + 1].startswith(_POINTING)
            return (at + 1, group.first) if words >= _ABOUT_WORDS and not taken_up else None
    return None


def _fronted(
    tokens: list[Token], group: _Group, covered: list[tuple[int, int]], lexicon: Lexicon
) -> tuple[int, int] | None:
    """A clause before an attribution that has nothing behind it, though it begins like a circumstance.

    As in "In the end the levy will go, Lavrov said".
    """
    first = _uncovered(tokens, group, covered)
    if group.framed or group.first == 0 or tokens[group.first - 1].text != ",":
        return None
    words = [t for t in tokens[first : group.first] if t.kind == "w"]
    if len(words) < _FRONTED_WORDS or lexicon.is_participle(words[0].low) or lexicon.has("openers", words[0].low):
        return None
    return clauses.trim(tokens, first, group.first)


def _enclosed(tokens: list[Token], group: _Group, lexicon: Lexicon) -> tuple[int, int] | None:
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
    first = clauses.skip_adjuncts(tokens, source.last, group.cue.first, lexicon)
    return clauses.trim(tokens, first, group.cue.first) if group.cue.first - first >= 2 else None


def _group(tokens: list[Token], cue: Found, lexicon: Lexicon) -> _Group:
    first, last = cue.first, cue.last
    if cue.source is not None:
        first, last = min(first, cue.source.first), max(last, cue.source.last)
    if first == cue.first and not cue.accord:
        while first > 0 and tokens[first - 1].kind == "w" and lexicon.has("auxiliaries", tokens[first - 1].low):
            first -= 1
    if first > 0 and cue.source is not None and first == cue.source.first and tokens[first - 1].low.endswith("'s"):
        # "…, Russia's Sergei Lavrov said"
        first -= 1
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
    if cue.base in _ADDRESSED and last < len(tokens):
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
        first, framed = back, True
    return _Group(cue, first, last, framed)


def _around(tokens: list[Token], group: _Group, floor: int, following: int, lexicon: Lexicon) -> list[tuple[int, int]]:
    """Spans of content where the attribution follows, is inserted or frames; empty where it leads. ``following``: where
    the next attribution begins, whose complementizer is its own ("…, he said, dismissing suggestions that …").
    """
    if group.cue.base == CLAIM:
        return []
    first, last = group.first, group.last
    end = clauses.end(tokens)
    begin = clauses.skip_marks(tokens, floor, first)
    left = first - begin > 0 and any(t.kind != "p" for t in tokens[begin:first])
    separated = first > begin and (tokens[first - 1].kind == "q" or tokens[first - 1].text in f",?!…{_DASHES}")
    rest = clauses.skip_adjuncts(tokens, last, end, lexicon)
    if group.framed:
        return _frame(tokens, group, begin, left and separated, rest, end, lexicon)
    if not left or not separated:
        return []
    quoted = clauses.ends_with_quote(tokens, begin, first)
    adjunct = not quoted and clauses.adjunct(tokens, begin, first, lexicon)
    if lexicon.cases and separated and tokens[first - 1].text == "," and not quoted:
        rest = _behind_addressee(tokens, rest, min(end, following), lexicon)
        last = max(last, rest)
    comma = rest < end and tokens[rest].text == ","
    dash = rest < end and tokens[rest].text in _DASHES
    starts = rest < end and (tokens[rest].kind == "q" or tokens[rest].text == ":")
    conjoined = clauses.complement(tokens, last, min(end, following), lexicon)
    if conjoined is not None and (
        # «Вместе с тем, подчеркнул он, делегация вылетит, как только …»: the complementizer is of a later clause.
        clauses.has_verb(tokens, last, conjoined, lexicon)
        # "…, advirtió el ministro, que hablaba ante la prensa": a relative.
        or (not lexicon.cases and first - begin >= _LEFT_WORDS and _relative(tokens, last, lexicon))
    ):
        conjoined = None
    if adjunct and rest < end and not comma:
        return []
    if adjunct and comma:
        # "On Monday, he said, talks would ..." has its content on the right, but is rare: take both sides.
        return [(begin, end)] if not clauses.foreign(tokens, rest + 1, end, lexicon) else []
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
        if after is not None and all(
            t.kind == "p" or lexicon.is_time(t.low) for t in tokens[rest:after]
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
    if sum(1 for t in tokens[colon:first] if t.kind == "w") >= _FRONTED_WORDS:
        begin = colon
    if rest >= end:
        return [clauses.trim(tokens, begin, first)]
    if tokens[rest].text == ";" and not clauses.foreign(tokens, rest + 1, end, lexicon):
        # "X, he said; Y"
        return [clauses.trim(tokens, begin, end)]
    told = group.cue.base in _ADDRESSED and rest + 1 < end and lexicon.has("determiners", tokens[rest + 1].low)
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
    if dash and rest + 3 < end and not clauses.foreign(tokens, rest + 1, end, lexicon):
        return [clauses.trim(tokens, begin, end)]
    if (
        comma
        or lexicon.has("prepositions", tokens[rest].low)
        or group.cue.base in _ADDRESSED
        or clauses.tail(tokens, rest, lexicon)
    ):
        return [clauses.trim(tokens, begin, first)]
    if group.cue.source is not None and group.cue.source.first >= group.cue.last:
        return [clauses.trim(tokens, begin, first)]
    if lexicon.order != "svo" and "name" not in group.cue.kinds:
        return [clauses.trim(tokens, begin, first)]
    return []


def _behind_addressee(tokens: list[Token], at: int, end: int, lexicon: Lexicon) -> int:
    """«X, сказал он студентам, Y», «X, ответил министр на вопрос из зала, Y»: where the second comma stands."""
    stop = at
    while stop < end and stop - at < _ADDRESSEE_WORDS and tokens[stop].kind == "w":
        if lexicon.has("complementizers", tokens[stop].low):
            return at
        stop += 1
    closed = stop < end and tokens[stop].text == ","
    return stop if closed and not clauses.has_verb(tokens, at, stop, lexicon) else at


def _relative(tokens: list[Token], at: int, lexicon: Lexicon) -> bool:
    return tokens[at].text == "," and at + 1 < len(tokens) and lexicon.has("relatives", tokens[at + 1].low)


def _frame(
    tokens: list[Token], group: _Group, begin: int, left: bool, rest: int, end: int, lexicon: Lexicon
) -> list[tuple[int, int]]:
    inserted = left and rest + 1 < end and tokens[rest].text in ",—–" and tokens[group.first - 1].text in ",—–"
    told = any(lexicon.has("finite_auxiliaries", t.low) for t in tokens[begin : group.first])
    if inserted and told and lexicon.has("relatives", tokens[rest + 1].low):
        # "As for prices, they will fall, according to Lavrov, who arrived on Monday"
        return [clauses.trim(tokens, begin, group.first)]
    if left and not clauses.adjunct(tokens, begin, group.first, lexicon, least=1 if inserted else 3):
        if rest >= end or (tokens[rest].text == "," and clauses.foreign(tokens, rest + 1, end, lexicon)):
            return [clauses.trim(tokens, begin, group.first)]
        return [clauses.trim(tokens, begin, end)]
    if not left and group.first > begin:
        if rest >= end:
            return [clauses.trim(tokens, begin, group.first)]
        return [clauses.trim(tokens, begin, end)]
    at = next((i for i in range(group.last, end) if tokens[i].text in ",:" or tokens[i].kind == "q"), group.last)
    return [clauses.trim(tokens, at, end)] if at < end else []


def _is_participle(tokens: list[Token], group: _Group, lexicon: Lexicon) -> bool:
    return group.cue.source is None and not group.cue.accord and lexicon.is_participle(tokens[group.cue.first].low)


def _read_out(group: _Group, groups: list[_Group], around: list[tuple[int, int]]) -> bool:
    """As in "According to the ministry, Lavrov stressed that X": an institution's account of what a person said."""
    source = group.cue.source
    if source is None or source.kind not in ("org", "noun"):
        return False
    return any(
        other.cue.source is not None
        and (other.cue.source.kind in _TELLERS or (source.kind == "noun" and other.cue.source.kind == "org"))
        and any(first <= other.first and other.last <= last for first, last in around)
        for other in groups
        if other is not group
    )


def _after(tokens: list[Token], group: _Group, stop: int, limit: int, lexicon: Lexicon) -> tuple[int, int] | None:
    """What follows a leading attribution; its complementizer stands before the next cue (``limit``)."""
    end = min(stop, clauses.end(tokens))
    if group.cue.kinds == {"infinitive"}:
        colon = next((i for i in range(group.cue.last, min(end, group.cue.last + 6)) if tokens[i].text == ":"), None)
        return clauses.trim(tokens, colon + 1, end) if colon is not None and colon + 2 < end else None
    if group.cue.kinds == {"noun"}:
        enough = end - group.last > 2 or any(t.kind == "q" for t in tokens[group.last : end])
        return clauses.trim(tokens, group.last, end) if enough else None
    at = _about(tokens, group, end, lexicon)
    if at is None:
        at = clauses.complement(tokens, group.last, min(end, limit), lexicon, group.cue.base in _ADDRESSED)
    if at is not None and group.cue.kinds == {"name"} and at > group.last + 1:
        at = None
    if at is None and _is_participle(tokens, group, lexicon):
        # "…, citing the lack of progress" reports words, "Citing the lack of progress, he left" does not.
        led = group.first > 1 and (tokens[group.first - 1].text in ",—–" or tokens[group.first - 1].text[-2:-1] == ",")
        led = led or (group.first > 1 and lexicon.has("conjunctions", tokens[group.first - 1].low))
        if not led or not group.cue.kinds & {"say", "name"}:
            return None
    if at is None:
        rest = clauses.skip_adjuncts(tokens, group.last, end, lexicon)
        if rest + 1 < end and tokens[rest + 1].text in ",:" and lexicon.has("particles", tokens[rest].low):
            # "teilte mit, …"
            rest += 1
        mark = next((i for i in range(rest, end) if tokens[i].kind == "q" or tokens[i].text == ":"), None)
        comma = next((i for i in range(rest, end) if tokens[i].text == ","), None)
        if group.cue.base in _WITH_OBJECT and comma is not None and rest < comma:
            # "warf dem Rat vor, die Fähren aufzuhalten"
            at = comma + 1
        elif "name" in group.cue.kinds and group.cue.base not in _ADDRESSED:
            at = rest
        elif mark is not None and tokens[mark].text == ":":
            at = mark + 1
        elif mark is not None and mark - rest <= 1:
            at = mark
        elif (
            comma is not None
            and _circumstance(tokens, rest, comma, lexicon)
            and _bare_clause(tokens, group, comma, end, lexicon)
        ):
            at = comma + 1
        elif "say" in group.cue.kinds and lexicon.order == "svo":
            # "responded to the speech", "answered questions": what is answered is another's.
            answers = lexicon.has("responders", group.cue.base) and rest < end
            answers = answers and (
                tokens[rest].low == "to" or not _QUESTIONS.isdisjoint(t.low for t in tokens[rest : rest + 3])
            )
            at = None if answers else rest
            if at is not None and group.cue.base in _ADDRESSED:
                at = clauses.skip_addressee(tokens, rest, end, lexicon)
                if at is None and "name" in group.cue.kinds and tokens[rest].kind == "w":
                    at = rest
        elif mark is not None and all(t.kind != "p" for t in tokens[rest:mark]):
            at = mark
    if at is None:
        return None
    first, last = clauses.trim(tokens, at, end)
    while last > first and tokens[last - 1].kind == "w" and lexicon.has("connectors", tokens[last - 1].low):
        last -= 1
    first, last = clauses.trim(tokens, first, last)
    words = sum(1 for t in tokens[first:last] if t.kind == "w")
    quoted = any(t.kind == "q" for t in tokens[first:last])
    if words < 2 and not quoted:
        return None
    short = all(t.kind != "q" or t.text.count(" ") < 2 for t in tokens[first:last])
    named = at <= group.last + 1 or tokens[first - 1].kind == "w"
    if not words and short and named and tokens[first - 1].text != ":":
        # «передает „Веста“»: a name in quotation marks.
        return None
    return first, last


def _about(tokens: list[Token], group: _Group, end: int, lexicon: Lexicon) -> int | None:
    """Where the object of a verb of speech begins: «заявил о готовности к переговорам», «выразил надежду на ответ»."""
    if "say" not in group.cue.kinds:
        return None
    at = clauses.skip_adjuncts(tokens, group.last, end, lexicon)
    if at + _ABOUT_WORDS >= end or tokens[at].kind != "w":
        return None
    low = tokens[at].low
    governed = lexicon.has("about", low) or (
        lexicon.cases and "_" in group.cue.base and lexicon.has("prepositions", low)
    )
    if not governed or lexicon.has("correlatives", tokens[at + 1].low) or lexicon.is_time(tokens[at + 1].low):
        return None
    words = 0
    while at + 1 + words < end and tokens[at + 1 + words].kind == "w":
        words += 1
    return at + 1 if words >= _ABOUT_WORDS else None


def _circumstance(tokens: list[Token], at: int, comma: int, lexicon: Lexicon) -> bool:
    """Whether nothing, or only a circumstance ("auf einem Forum in Minsk"), stands before the comma; in German also
    those who were told ("sagte Journalisten in Moskau, …", "sagte dem Sender, …").
    """
    if at >= comma:
        return True
    low = tokens[at].low
    if lexicon.lang == "de" and (tokens[at].capital or lexicon.has("determiners", low)):
        return comma - at <= _TOLD_WORDS and not clauses.has_verb(tokens, at, comma, lexicon)
    return lexicon.order == "v2" and comma - at < 14 and (lexicon.has("prepositions", low) or lexicon.is_time(low))


def _bare_clause(tokens: list[Token], group: _Group, comma: int, end: int, lexicon: Lexicon) -> bool:
    """German reports without a complementizer: "sagte, die Straße sei gesperrt"."""
    if any(lexicon.has("subjunctive", t.low) for t in tokens[comma:end]):
        return True
    if lexicon.lang != "de" or "say" not in group.cue.kinds or comma + 2 >= end:
        return False
    after, then = tokens[comma + 1], tokens[comma + 2]
    relative = lexicon.has("relatives", after.low) and not then.capital
    return not relative and not lexicon.has("connectors", after.low)


def _independent(tokens: list[Token], group: _Group, lexicon: Lexicon) -> bool:
    """Whether a later attribution is not part of what an earlier one reports."""
    if group.first == 0:
        return True
    before = tokens[group.first - 1]
    if lexicon.has("relatives", before.low) and group.cue.source is not None and group.cue.source.kind in _TELLERS:
        # "condemned the words of the minister, who told students that …"
        return "say" in group.cue.kinds and group.cue.source.last < group.first
    if lexicon.has("complementizers", before.low) or lexicon.has("relatives", before.low):
        return False
    if group.cue.elided:
        return True
    return (before.kind == "p" and before.text in ",;—–") or lexicon.has("connectors", before.low)
