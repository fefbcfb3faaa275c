"""Ministers of other matters than foreign affairs: "Minister of Energy", «министр транспорта», "Ulaştırma Bakanı".

Whatever stands where a portfolio stands is one, unless it is a country or foreign affairs; the list ``portfolios`` is
for words in lower case that could be something else. They must be told apart because whoever "the minister" is, once
one of them has spoken, is rarely the foreign minister whom the article names in passing.
"""

from collections.abc import Collection

from processors.annotate.knowledge import Knowledge
from processors.annotate.statements.language.case import LANGUAGES, is_genitive_adjective, is_genitive_of_thing
from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.text.tokens import Token

# "Family, Labour and Social Services" has three; a bound, since lists of them have no end.
_MOST = 8
_DEFINITE = "ال"
_ELIDED = ("d'", "l'", "d’", "l’")


def with_portfolio(
    tokens: list[Token], first: int, last: int, places: Collection[int], lexicon: Lexicon, knowledge: Knowledge
) -> tuple[int, int] | None:
    """The tokens of a minister at ``[first, last)`` with what he is minister of; None where nothing says so.

    ``places``: tokens of known places and institutions.
    """
    if lexicon.order == "sov":
        before = first - 1
        named = before >= 0 and before not in places and _named_in_front(tokens[before], lexicon, knowledge)
        return (before, last) if named and lexicon.has("possessed", tokens[first].low.partition("'")[0]) else None
    if first > 0 and lexicon.has("portfolios", tokens[first - 1].low):
        return first - 1, last
    at = last
    if not lexicon.cases and at < len(tokens):
        # « ministre turc de l'Agriculture »
        at += int(knowledge.country_of_adjective(tokens[at].low, lexicon.lang) is not None)
    end = at
    while end - at < _MOST:
        behind = _one(tokens, end, places, lexicon, knowledge, linked=end > at)
        if behind is None:
            break
        end = behind
        if end < len(tokens) and lexicon.has("conjunctions", tokens[end].low):
            end = _one(tokens, end + 1, places, lexicon, knowledge, linked=True) or end
    return (first, end) if end > at else None


def _one(
    tokens: list[Token], at: int, places: Collection[int], lexicon: Lexicon, knowledge: Knowledge, *, linked: bool
) -> int | None:  # fmt: skip
    """Behind one matter that begins at ``at``; ``linked``: another stands before it."""
    link = at < len(tokens) and lexicon.has("portfolio_links", tokens[at].low)
    if link:
        at += 1
        at += int(at < len(tokens) and lexicon.has("determiners", tokens[at].low))
    if at >= len(tokens) or at in places or tokens[at].kind != "w":
        return None
    low = tokens[at].low
    if lexicon.has("foreign", low) and not linked:
        return None  # but "Minister of State for External Affairs"
    if lexicon.lang in LANGUAGES:
        return _genitive(tokens, at, lexicon)
    if lexicon.subject_follows:
        definite = low.startswith(_DEFINITE) and knowledge.country_of_adjective(low, lexicon.lang) is None
        return at + 1 if definite and not linked else None
    elided = low.startswith(_ELIDED)
    word = low[2:] if elided else low
    if lexicon.has("portfolios", word):
        return at + 1
    capital = tokens[at].capital or (elided and tokens[at].text[2:3].isupper())
    named = (link or elided) and capital and lexicon.words.get("portfolio_links")
    return at + 1 if named and not lexicon.has("common_starts", low) else None


def _genitive(tokens: list[Token], at: int, lexicon: Lexicon) -> int | None:
    """Behind a noun in the genitive, with the adjectives before it: «сельского хозяйства»."""
    lang, noun = lexicon.lang or "", at
    while noun < len(tokens) and not tokens[noun].capital and is_genitive_adjective(tokens[noun].low, lang):
        noun += 1
    if noun >= len(tokens) or tokens[noun].capital or tokens[noun].kind != "w":
        return None
    low = tokens[noun].low
    return noun + 1 if is_genitive_of_thing(low, lang) and not lexicon.has("states", low) else None


def _named_in_front(token: Token, lexicon: Lexicon, knowledge: Knowledge) -> bool:
    """Turkish: whether a word before "Bakanı" is what he is minister of."""
    low = token.low
    if token.kind != "w" or "'" in low or lexicon.has("foreign", low) or not lexicon.may_be_noun(low):
        return False
    return knowledge.country_of_adjective(low, lexicon.lang) is None
