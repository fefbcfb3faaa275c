"""For each of very many keys the documents that have it, in little memory.

Most keys of wording (bands of a signature, shingles) have one document alone; its number is kept as such, a list is
made where a second one comes. Lists are in order of the documents, so that the first few can be taken, and what is
answered depends on what is stored, not on the order of storing.
"""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from processors.group.facts import Order

Key = TypeVar("Key", bytes, int)


class Postings(Generic[Key]):
    """``order``: for the number of a document that is stored, its place among all."""

    def __init__(self, order: Callable[[int], Order]) -> None:
        self._order = order
        self._having: dict[Key, int | list[int]] = {}

    def add(self, keys: Iterable[Key], number: int) -> None:
        """``keys``: distinct, and none that the document has already."""
        having, order = self._having, self._order
        for key in keys:
            known = having.setdefault(key, number)
            if known is number:
                continue
            if isinstance(known, int):
                having[key] = sorted((known, number), key=order)
            else:
                insort(known, number, key=order)

    def remove(self, keys: Iterable[Key], number: int) -> None:
        """``keys``: those with which the document was added."""
        having, order = self._having, self._order
        place = order(number)
        for key in keys:
            known = having[key]
            if isinstance(known, int):
                del having[key]
            else:
                del known[bisect_left(known, place, key=order)]
                if len(known) == 1:
                    having[key] = known[0]

    def count(self, keys: Iterable[Key], first: int, *, pass_over: bool) -> dict[int, int]:
        """For each document how many of the keys it has. Of a key that more than ``first`` documents have the first
        count, or with ``pass_over`` none.
        """
        votes: dict[int, int] = {}
        having = self._having
        for key in keys:
            known = having.get(key)
            if known is None:
                continue
            if isinstance(known, int):
                votes[known] = votes.get(known, 0) + 1
            elif len(known) <= first or not pass_over:
                for number in known[:first]:
                    votes[number] = votes.get(number, 0) + 1
        return votes
