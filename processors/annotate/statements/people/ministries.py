"""Foreign ministries: in an account of their minister's talks what they tell is his position."""

from collections.abc import Sequence

from processors.annotate.knowledge import Knowledge
from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.sentence.found import Mention
from processors.annotate.statements.text.tokens import Token

UNNAMED = ""
"""The country of a ministry that none is named of."""
_REACH = 4
_BEHIND = 3
_POSSESSIVE = ("'s", "’s")


def foreign_ministry(tokens: Sequence[Token], mention: Mention, lexicon: Lexicon, knowledge: Knowledge) -> str | None:
    """Id of the country whose foreign ministry a mention is; ``UNNAMED`` for "the ministry" alone, None for others."""
    if mention.kind != "org":
        return None
    if not _of_foreign_affairs(tokens, mention.first, mention.last, lexicon) and not _alone(tokens, mention, lexicon):
        return None
    if mention.places:
        return knowledge.seats.get(mention.places[0], mention.places[0])
    for token in _described(tokens, mention, lexicon):
        word = _plain(token.low)
        country = knowledge.countries.get(word) or knowledge.country_of_adjective(word, lexicon.lang)
        if country is not None:
            return country
    return UNNAMED


def _described(tokens: Sequence[Token], mention: Mention, lexicon: Lexicon) -> list[Token]:
    """The words that can name the country: of the name, a possessor before it ("Japan's foreign ministry"), and what
    stands behind the word for foreign affairs ("el Ministerio de Exteriores ruso").
    """
    words = list(tokens[mention.first : mention.last])
    if mention.first and tokens[mention.first - 1].low.endswith(_POSSESSIVE):
        words.append(tokens[mention.first - 1])
    for at in range(mention.last, min(mention.last + _REACH, len(tokens))):
        if tokens[at].kind != "w":
            break
        if lexicon.has("foreign", tokens[at].low):
            words += [t for t in tokens[at + 1 : at + _BEHIND] if t.kind == "w"]
            break
    return words


def names_foreign_ministry(tokens: Sequence[Token], lexicon: Lexicon) -> bool:
    """Whether a sentence names a foreign ministry, of whatever country."""
    names = ("foreign_ministries", "ministries")
    ministries = [at for at, t in enumerate(tokens) if any(lexicon.has(name, _plain(t.low)) for name in names)]
    return any(_of_foreign_affairs(tokens, at, at + 1, lexicon) for at in ministries)


def _of_foreign_affairs(tokens: Sequence[Token], first: int, last: int, lexicon: Lexicon) -> bool:
    lows = [_plain(t.low) for t in tokens[first : last + _REACH]]
    own = lows[: last - first]
    return lexicon.has_any("foreign_ministries", own) or (
        lexicon.has_any("ministries", own) and lexicon.has_any("foreign", lows)
    )


def _alone(tokens: Sequence[Token], mention: Mention, lexicon: Lexicon) -> bool:
    """Whether nothing says of what: "the ministry said", but "the ministry of defence said"."""
    nouns = [t for t in tokens[mention.first : mention.last] if not _determines(t.low, lexicon)]
    if len(nouns) != 1 or not lexicon.has("ministries", _plain(nouns[0].low)):
        return False
    if mention.last >= len(tokens):
        return True
    if nouns[0].low.endswith(_POSSESSIVE):
        return True  # "according to the ministry's account"
    then = tokens[mention.last]
    return then.kind != "w" or then.low in lexicon.cues or lexicon.has("auxiliaries", then.low)


def _determines(low: str, lexicon: Lexicon) -> bool:
    return lexicon.has("determiners", low) or lexicon.has("possessives", low)


def _plain(low: str) -> str:
    return low.removesuffix("'s").removesuffix("’s")
