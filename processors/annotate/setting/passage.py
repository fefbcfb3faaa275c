"""A stretch of an article that may tell of an occasion, and how it is read."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from processors.annotate.phrases import Phrases
from processors.annotate.setting.words import Words

WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
# Characters in which the word before is looked for.
_BEHIND = 30
# Phrases, dates or weekdays of one kind that are looked at in a passage.
_MOST = 30
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of the article's text, ``[start, end)``, with holes where statements stand."""

    start: int
    end: int


class Reading:
    """A passage with what of the language's words it can have.

    ``raw``: as it is written; ``low``: in small letters, of the same length; ``start``: where it begins in the text.
    """

    def __init__(self, text: str, passage: Passage, words: Words) -> None:
        self.raw = text[passage.start : passage.end]
        self.start, self.words = passage.start, words
        # The Turkish capital would become two characters, and offsets be wrong.
        low = self.raw.replace("İ", "i").lower().replace("’", "'")
        self.low = low if len(low) == len(self.raw) else self.raw
        self._here = words.within(self.low)

    def may_have(self, phrases: Phrases) -> bool:
        """Whether a word of the passage can begin one of the phrases."""
        return phrases in self._here

    def has(self, phrases: Phrases) -> bool:
        """Whether any of the phrases stands there."""
        return phrases in self._here and phrases.pattern.search(self.low) is not None

    def all(self, phrases: Phrases) -> Iterable[re.Match[str]]:
        """Where the phrases stand."""
        return phrases.pattern.finditer(self.low) if phrases in self._here else ()


def word_before(low: str, at: int) -> str:
    """The last word before a place; empty at the beginning."""
    words = low[max(0, at - _BEHIND) : at].split()
    return words[-1] if words else ""


def some(matches: Iterable[_T]) -> Iterator[_T]:
    """The first of them, as many as are looked at: a passage may be the whole of a text without any stop."""
    return islice(matches, _MOST)
