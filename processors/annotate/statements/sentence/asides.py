"""Asides between a subject and its verb: "X, commenting on the words of Y, said", «X, отвечая на вопрос о Y, сказал».

Nobody in one is the subject of the verb behind it, and what is reported in one ends at its closing comma.
"""

from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.text.tokens import Token

# Words from an aside's comma to its other comma.
_REACH = 30
# Auxiliaries and adverbs between the closing comma and the verb.
_LED_WORDS = 3
_BREAKS = ";:—–."


def opens(tokens: list[Token], comma: int, lexicon: Lexicon) -> bool:
    """Whether a comma opens an aside: a participle, a gerund or "asked" stands behind it, or behind "when"."""
    at = comma + 1
    at += int(at < len(tokens) and lexicon.has("connectors", tokens[at].low))
    if tokens[comma].text != "," or at >= len(tokens) or tokens[at].kind != "w":
        return False
    return lexicon.has("openers", tokens[at].low) or lexicon.is_participle(tokens[at].low)


def opened(tokens: list[Token], close: int, lexicon: Lexicon) -> list[int]:
    """The commas that may open an aside which the comma at ``close`` ends, the nearest first."""
    if close < 0 or tokens[close].text != ",":
        return []
    found = []
    for i in range(close - 1, max(0, close - _REACH), -1):
        if tokens[i].kind == "p" and tokens[i].text in _BREAKS:
            break
        if tokens[i].text == "," and opens(tokens, i, lexicon):
            found.append(i)
    return found


def closed(tokens: list[Token], lows: list[str], comma: int, lexicon: Lexicon) -> int:
    """The comma that ends an aside which one at ``comma`` opens: a reporting verb stands behind it. -1 for no aside."""
    if not opens(tokens, comma, lexicon):
        return -1
    for i in range(comma + 2, min(len(tokens) - 1, comma + _REACH)):
        if tokens[i].kind == "p" and tokens[i].text in _BREAKS:
            return -1
        if tokens[i].text == "," and _says(lows, i + 1, lexicon):
            return i
    return -1


def _says(lows: list[str], at: int, lexicon: Lexicon) -> bool:
    """Whether a finite verb of saying stands there, behind its auxiliaries."""
    for i in range(at, min(len(lows), at + _LED_WORDS)):
        cue = lexicon.verb_at(lows, i)
        if cue is not None and not (lexicon.is_participle(lows[i]) or lexicon.has("openers", lows[i])):
            return True
        if not (lexicon.has("auxiliaries", lows[i]) or lows[i].endswith("ly")):
            return False
    return False
