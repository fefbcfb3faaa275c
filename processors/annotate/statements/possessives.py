"""Whose "its foreign minister" is: "Russia sees it differently: its foreign minister spoke of theft"."""

from collections.abc import Sequence
from dataclasses import replace

from processors.annotate.statements.lexicon import Lexicon
from processors.annotate.statements.mentions import Mention, governed
from processors.annotate.statements.rows import Row
from processors.annotate.statements.speakers import Speakers
from processors.annotate.statements.tokens import Token


def possessed(rows: Sequence[Row], lexicon: Lexicon, speakers: Speakers) -> list[Row]:
    """The sentences of an article, in which "its foreign minister" has the country that the sentence is about, else
    the one before it; unless nobody is known to be that country's minister.
    """
    country: str | None = None
    found: list[Row] = []
    for row in rows:
        tokens, mentions = row.tokens, row.mentions
        own = [m for m in mentions if _is_possessed(m, tokens, lexicon)]
        about = [(m.first, place) for m in mentions if (place := _country(m, tokens, lexicon, speakers)) is not None]
        if own:
            here = next((place for at, place in about if at < own[0].first), country)
            if here is not None and speakers.knows_minister(here):
                mentions = [replace(m, places=(here,)) if m in own else m for m in mentions]
        country = about[0][1] if about else country
        found.append(replace(row, mentions=mentions))
    return found


def _is_possessed(mention: Mention, tokens: list[Token], lexicon: Lexicon) -> bool:
    named = mention.kind != "role" or mention.office != "foreign_minister" or bool(mention.places)
    return not named and lexicon.has("possessives", tokens[mention.first].low)


def _country(mention: Mention, tokens: list[Token], lexicon: Lexicon, speakers: Speakers) -> str | None:
    """The country of a country's or city's name that depends on no preposition."""
    if mention.kind != "org" or not mention.places or mention.office is not None or mention.oblique:
        return None
    if governed(tokens, mention.first, lexicon):
        return None
    return speakers.knowledge.seats.get(mention.places[0], mention.places[0])
