"""Whether a sentence names a foreign ministry."""

from collections.abc import Sequence

from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.text.possessive import without_possessive
from processors.annotate.statements.text.tokens import Token

_REACH = 4


def names_foreign_ministry(tokens: Sequence[Token], lexicon: Lexicon) -> bool:
    """Whether the tokens of a sentence name a foreign ministry, of whatever country: "the Japanese foreign ministry",
    «МИД», "Ministerio de Exteriores".
    """
    lows = [without_possessive(t.low) for t in tokens]
    if lexicon.has_any("foreign_ministries", lows):
        return True
    # Few sentences name any ministry, and every sentence is asked.
    return lexicon.has_any("ministries", lows) and any(
        lexicon.has("ministries", low) and lexicon.has_any("foreign", lows[max(0, at - 1) : at + 1 + _REACH])
        for at, low in enumerate(lows)
    )
