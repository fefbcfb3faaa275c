"""What a spokesperson speaks for: "a spokesman for the city council", « la porte-parole de la diplomatie russe »."""

from collections.abc import Container

from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.text.tokens import Token

# Words of what a spokesperson speaks for, at most.
_WORDS = 10


def behind_spoken_for(
    tokens: list[Token], lows: list[str], at: int, people: Container[int], places: Container[int], lexicon: Lexicon
) -> int:
    """Behind the noun that a preposition at ``at`` joins to a spokesperson, with what describes it; ``at`` where none
    is. A name behind it is the spokesperson's (« porte-parole du ministère Jean Petit »), one in its place is whom he
    speaks for: "a spokesman for Lavrov" is not Lavrov.
    """
    last, noun = at, False
    for i in range(at, min(len(tokens), at + _WORDS)):
        token, low = tokens[i], lows[i]
        if token.kind != "w":
            break
        if lexicon.has("spoken_for", low):
            noun = False
            continue
        within = noun and i in people and i - 1 in people and not lows[i - 1].endswith("'s")
        if noun and not within and _another(i, tokens, lows, people, places, lexicon):
            break
        if lexicon.has("determiners", low):
            continue
        if i not in people and i not in places and not lexicon.may_be_noun(low):
            break
        last, noun = i + 1, True
    return last


def _another(
    at: int, tokens: list[Token], lows: list[str], people: Container[int], places: Container[int], lexicon: Lexicon
) -> bool:
    """Whether behind a noun something else begins: a name, or what has an article of its own."""
    if at in people or lexicon.has("determiners", lows[at]):
        return True
    if at - 1 in people and not lows[at - 1].endswith("'s"):
        return True
    named = at - 1 in places or not tokens[at - 1].capital
    return named and tokens[at].capital and at not in places
