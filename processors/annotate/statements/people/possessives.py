"""Whose "its foreign minister" is: "Russia sees it differently: its foreign minister spoke of theft"."""

from collections.abc import Sequence

from msgspec.structs import replace

from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.people.mentions import Mention
from processors.annotate.statements.people.speakers import Speakers
from processors.annotate.statements.sentence.rows import Row
from processors.annotate.statements.sentence.subject import governed
from processors.annotate.statements.text.tokens import Token


def place_possessed(rows: Sequence[Row], lexicon: Lexicon, speakers: Speakers) -> None:
    """Gives "its foreign minister" the country that the sentence is about, else the one before it if it is known who
    is that country's minister.
    """
    country: str | None = None
    for row in rows:
        tokens = row.tokens
        own = [m for m in row.mentions if _is_possessed(m, tokens, lexicon)]
        about = [(m.first, at) for m in row.mentions if (at := _country(m, tokens, lexicon, speakers)) is not None]
        if own:
            named = next((place for at, place in about if at < own[0].first), None)
            if named is None:
                # "Moldova's president has hit back at Moscow after its foreign minister declared …"
                near = [m for m in row.mentions if m.kind == "org" and m.places and m.first < own[0].first]
                named = speakers.country_of(near[-1]) if near else None
            here = named or country
            if here is not None and (named is not None or speakers.knows_minister(here)):
                row.mentions = [replace(m, places=(here,)) if m in own else m for m in row.mentions]
        country = about[0][1] if about else country


def _is_possessed(mention: Mention, tokens: list[Token], lexicon: Lexicon) -> bool:
    named = mention.kind != "role" or mention.office != "foreign_minister" or bool(mention.places)
    return not named and lexicon.has("possessives", tokens[mention.first].low)


def _country(mention: Mention, tokens: list[Token], lexicon: Lexicon, speakers: Speakers) -> str | None:
    """The country of a country's or city's name that depends on no preposition."""
    if mention.kind != "org" or not mention.places or mention.office is not None or mention.oblique:
        return None
    if governed(tokens, mention.first, lexicon):
        return None
    return speakers.country_of(mention)
