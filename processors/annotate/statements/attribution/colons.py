"""Attributions before a colon: "He gave this answer: …", "a warning to the West: …"."""

from collections.abc import Sequence

from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.sentence.parts import Cue
from processors.annotate.statements.text.tokens import Token

# Words between a noun or verb and its colon: "a warning to the envoys in the hall:".
_ADDRESSED = 7
# Words between an article and its noun, and the article.
_ADJECTIVES = 3
# A noun and an adjective stand before the colon.
_QUALIFIED = 2


def nouns_before_colons(tokens: list[Token], lows: list[str], earlier: Sequence[Cue], lexicon: Lexicon) -> list[Cue]:
    """Cues that are a noun of speech and a colon, but for those that stand behind such a noun or in another cue."""
    found: list[Cue] = []
    for i in range(1, len(tokens) - 2) if ":" in lows else ():
        noun = _noun_before(tokens, lows, i, lexicon) if lows[i] == ":" else -1
        if noun >= 0 and not any(noun < c.last <= i for c in (*earlier, *found)):
            found.append(Cue(noun, i + 1, frozenset({"noun"}), "noun", None, True))
    return found


def _noun_before(tokens: list[Token], lows: list[str], colon: int, lexicon: Lexicon) -> int:
    """Where the noun of speech stands that leads up to a colon ("He gave this answer:", "a warning to the West:"); -1
    without.
    """
    for at in range(colon - 1, max(0, colon - _ADDRESSED) - 1, -1):
        if tokens[at].kind != "w":
            return -1
        if at == 0 and colon == _QUALIFIED and tokens[1].text.islower():
            # « Réponse laconique : … », «Последовало короткое: «…»»; but "Réponse Lavrov : …" has whose it is
            came = lexicon.has("replying", lows[0]) and tokens[colon + 1].kind == "q"
            return at if came or lexicon.has("speech_nouns", lows[0]) else -1
        if lexicon.has("noun_cues", lows[at]) or (at == colon - 1 and lexicon.has("speech_nouns", lows[at])):
            to = at == colon - 1 or lexicon.has("addressing", lows[at + 1])
            return at if to else -1
    return -1


def announces(tokens: list[Token], lows: list[str], at: int, lexicon: Lexicon) -> bool:
    """Whether it is a noun with an adjective that leads up to a colon: "a stark warning to the West: …"."""
    behind = lows[at + 1] if at + 1 < len(lows) else ""
    if not lexicon.has("noun_cues", lows[at]) or not (behind == ":" or lexicon.has("addressing", behind)):
        return False
    colon = next((i for i in range(at + 1, min(len(tokens), at + _ADDRESSED)) if tokens[i].kind != "w"), at)
    article = any(lexicon.has("determiners", low) for low in lows[max(0, at - _ADJECTIVES) : at])
    return lows[colon] == ":" and article


def explains(tokens: list[Token], cue: Cue, found: list[Cue]) -> bool:
    """Whether it stands behind a colon that another attribution has in front of it: "He promised an answer: X"."""
    colon = next((i for i in range(cue.first - 1, -1, -1) if tokens[i].text == ":"), -1)
    return any(c.last <= colon and c.source is not None and "name" in c.kinds for c in found)
