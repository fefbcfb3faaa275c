"""What tells that a text is its author's own, for articles under a byline and for speeches under a title."""

import re
from collections.abc import Sequence

from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.people.mentions import Mention
from processors.annotate.statements.text.tokens import Token

_WORD = re.compile(r"\w+")
# Letters of a surname that case endings leave alone.
_STEM = 5


def words_of(text: str) -> list[str]:
    """In small letters."""
    return _WORD.findall(text.lower())


def in_first_person(text: str, lexicon: Lexicon) -> bool:
    return lexicon.has_any("first_person", words_of(text))


def stem(name: str) -> str:
    """What all forms of a surname have in common: «Лавро» of «С.В.Лаврова»."""
    return name.replace(".", " ").split()[-1][:_STEM]


def ends_or_places(tokens: Sequence[Token], author: Mention, lexicon: Lexicon) -> bool:
    """Whether behind an author's name in a title stands where it was or is printed, or nothing: «Выступление Лаврова
    вызвало споры» is news.
    """
    behind = tokens[author.last : author.last + 1]
    return all(t.kind != "w" or lexicon.has("prepositions", t.low) for t in behind)
