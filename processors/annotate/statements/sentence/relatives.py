"""A relative clause between an English sentence's subject and its verb: "The crew, who had waited, cheered"."""

from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.text.tokens import Token

# Words of a subject before its relative clause, at most.
_SUBJECT_WORDS = 6


def opened_behind_subject(tokens: list[Token], lexicon: Lexicon) -> int:
    """The comma before the relative clause, where nothing but a subject stands before it; 0 without one."""
    if lexicon.order != "svo":
        return 0
    comma = next((i for i, t in enumerate(tokens[: _SUBJECT_WORDS + 1]) if t.kind != "w"), 0)
    if not comma or tokens[comma].text != "," or comma + 1 >= len(tokens):
        return 0
    related = lexicon.has("relative_subjects", tokens[comma + 1].low)
    return comma if related and not any(acts(t, lexicon) for t in tokens[:comma]) else 0


def acts(token: Token, lexicon: Lexicon) -> bool:
    """Whether a word is a verb that is known, or has the form of one that no noun has."""
    if token.low in lexicon.cues or lexicon.has("finite_auxiliaries", token.low) or lexicon.has("finite", token.low):
        return True
    return token.low.endswith(lexicon.finite_ends) and not token.low.endswith("s")
