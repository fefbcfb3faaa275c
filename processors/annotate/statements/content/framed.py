"""Content of an attribution that frames a clause: "According to him, X", "X, according to him", "X, as he said, Y"."""

from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.sentence import clauses
from processors.annotate.statements.sentence.groups import TELLERS, Group
from processors.annotate.statements.text.tokens import Token


def content_framed(
    tokens: list[Token], group: Group, begin: int, rest: int, end: int, lexicon: Lexicon, *, left: bool
) -> list[tuple[int, int]]:
    """Spans of content before and behind a frame. ``begin``: where the sentence, or what is left of it, begins;
    ``rest``: where it goes on behind the frame; ``left``: a clause stands in front, closed by a mark.
    """
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
