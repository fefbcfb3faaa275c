"""An attribution between a subject and its verb, with where and to whom it was said: "Such a bridge, Lavrov insisted at
the plenary, needs the consent of all".
"""

from processors.annotate.statements.language.case import LANGUAGES
from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.sentence import clauses
from processors.annotate.statements.text.tokens import Token

# Words of a subject that an attribution divides from its verb, at most.
_SUBJECT_WORDS = 8
# Words of where and to whom it was said, at most.
_ADJUNCT_WORDS = 10
# Words of the verb's part of the clause, at least.
_REST_WORDS = 2
# None of these begins the verb's part of a clause whose subject stands before the attribution.
_OTHERS = (
    "connectors", "conjunctions", "relatives", "complementizers", "that", "prepositions", "determiners", "openers",
    "going_on",
)  # fmt: skip
_CLAUSES = ("connectors", "complementizers", "that")


def divides_a_clause(tokens: list[Token], begin: int, first: int, last: int, end: int, lexicon: Lexicon) -> bool:
    """Whether the attribution ``[first, last)`` stands with its circumstances between a subject, which begins at
    ``begin``, and the verb of the subject.
    """
    if lexicon.order == "sov" or lexicon.lang in LANGUAGES or tokens[first - 1].text != ",":
        return False
    comma = next((i for i in range(last, min(end, last + _ADJUNCT_WORDS + 1)) if tokens[i].kind != "w"), end)
    if comma == last or comma + _REST_WORDS >= end or tokens[comma].text != ",":
        return False
    inside = [t.low for t in tokens[last:comma] if not lexicon.has("prepositions", t.low)]
    if any(lexicon.has_any(name, inside) for name in _CLAUSES):
        return False
    return _subject(tokens[begin : first - 1], lexicon) and _predicate(tokens, comma + 1, lexicon)


def _subject(tokens: list[Token], lexicon: Lexicon) -> bool:
    """Whether words are a noun with what belongs to it, and no clause or circumstance."""
    if not 0 < len(tokens) <= _SUBJECT_WORDS or any(t.kind != "w" for t in tokens):
        return False
    low = tokens[0].low
    if any(lexicon.has("relatives", t.low) and not lexicon.has("determiners", t.low) for t in tokens[:_REST_WORDS]):
        return len(tokens) > _REST_WORDS  # "Ceux qui ont fermé le port", "Wer den Hafen schloss"
    led = any(lexicon.has(name, low) for name in ("determiners", "pointers", "these", "negations", "nobody"))
    bare = lexicon.subject_follows or "'" in low or (tokens[0].capital and len(tokens) == 1)
    if not (led or bare) or any(lexicon.has(name, low) for name in ("prepositions", "connectors", "openers")):
        return False
    if any(lexicon.is_time(t.low) for t in tokens[:_REST_WORDS]) or any(
        lexicon.has(name, t.low) for t in tokens for name in ("finite_auxiliaries", "modals", "relatives")
        if not (lexicon.has("determiners", t.low) or lexicon.has("nobody", t.low))
    ):  # fmt: skip
        return False
    return not lexicon.is_participle(low)


def _predicate(tokens: list[Token], at: int, lexicon: Lexicon) -> bool:
    """Whether the verb's part of a clause begins: nothing that begins another clause, a phrase or a noun."""
    token = tokens[at]
    if token.kind != "w" or token.capital or clauses.foreign(tokens, at, len(tokens), lexicon):
        return False
    if token.low in lexicon.pronouns or lexicon.is_time(token.low) or lexicon.is_participle(token.low):
        return False
    return not any(lexicon.has(name, token.low) for name in _OTHERS)
