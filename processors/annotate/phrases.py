"""Phrases of a lexicon as patterns, of which only those are searched for that can begin with a word of the text.

Most sentences have no word of most lists, and a look-up for each of its words costs less than a search for each list.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

_RUN = re.compile(r"[^\W_]+")
_NEVER = re.compile(r"(?!)")  # of an empty list
_REMEMBERED = 20_000


class Phrases:
    """``pattern`` finds any of the phrases in text in small letters; a star at the end of a word stands for any ending,
    alone for up to three words.
    """

    def __init__(self, phrases: Iterable[str] | None) -> None:
        distinct = {str(phrase).lower() for phrase in phrases or ()}
        longest_first = sorted(distinct, key=lambda phrase: (-len(phrase), phrase))
        alternatives = [r"\s".join(map(_written, phrase.split())) for phrase in longest_first]
        self.pattern = re.compile(r"(?<!\w)(?:" + "|".join(alternatives) + r")(?!\w)") if alternatives else _NEVER
        openings = [_opening(phrase) for phrase in longest_first]
        self._words = frozenset(word for word, whole in openings if whole)
        self._stems = tuple(word for word, whole in openings if not whole)

    def may_begin(self, word: str) -> bool:
        """Whether a phrase can begin with ``word``, a run of letters and digits."""
        return word in self._words or word.startswith(self._stems)


def _written(word: str) -> str:
    if word == "*":
        return r"(?:\S+\s){0,2}\S+"
    return re.escape(word.rstrip("*")) + (r"\w*" if word.endswith("*") else "")


def _opening(phrase: str) -> tuple[str, bool]:
    """The letters and digits that a phrase begins with, and whether nothing but another mark can follow them."""
    first = phrase.split(maxsplit=1)[0]
    bare = first.rstrip("*")
    run = _RUN.match(bare)
    return (run[0], first == bare or run[0] != bare) if run is not None else ("", False)


def openings_of(lists: Sequence[Phrases]) -> Callable[[str], frozenset[Phrases]]:
    """A function that tells which of the lists can have a phrase in a text in small letters."""

    @lru_cache(maxsize=_REMEMBERED)
    def beginning(word: str) -> frozenset[Phrases]:
        return frozenset(phrases for phrases in lists if phrases.may_begin(word))

    def within(low: str) -> frozenset[Phrases]:
        return frozenset().union(*map(beginning, _RUN.findall(low)))

    return within
