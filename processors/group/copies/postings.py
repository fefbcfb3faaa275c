"""For each of very many keys the documents that have it, in little memory.

Most keys of wording (bands of a signature, shingles) have one document alone; its number is kept as such, a list is
made where a second one comes. What is answered depends on what is stored, not on the order of storing.
"""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from heapq import nsmallest

from processors.group.report.facts import Order


class Postings:
    """Without ``order`` keys with many documents are passed over; with it their first documents count: it is the
    place among all of the number of a document that is stored.
    """

    def __init__(self, order: Callable[[int], Order] | None = None) -> None:
        self._order = order
        self._having: dict[int, int | list[int]] = {}

    def add(self, keys: Iterable[int], number: int) -> None:
        """``keys``: distinct, and none that the document has already."""
        having, order = self._having, self._order
        place = order(number) if order is not None else None
        for key in keys:
            known = having.setdefault(key, number)
            if known is number:
                continue
            if isinstance(known, int):
                having[key] = sorted((known, number), key=order)
            elif order is None or place is None:
                insort(known, number)
            elif order(known[-1]) < place:
                known.append(number)  # nearly all come in order
            else:
                insort(known, number, key=order)

    def remove(self, keys: Iterable[int], number: int) -> None:
        """``keys``: those with which the document was added."""
        having, order = self._having, self._order
        place = order(number) if order is not None else None
        for key in keys:
            known = having[key]
            if isinstance(known, int):
                del having[key]
            else:
                del known[bisect_left(known, number) if place is None else bisect_left(known, place, key=order)]
                if len(known) == 1:
                    having[key] = known[0]

    def count(self, keys: Iterable[int], first: int) -> Counter[int]:
        """For each document how many of the keys it has. Of a key that more than ``first`` documents have the first
        count, or none.
        """
        found: list[int] = []
        for known in map(self._having.get, keys):
            if known is None:
                continue
            if isinstance(known, int):
                found.append(known)
            elif len(known) <= first:
                found += known
            elif self._order is not None:
                found += known[:first]
        return Counter(found)


def ranked(votes: Mapping[str, float], first: int) -> Iterator[str]:
    """Keys by their votes, most first, of equals in order; only the first so many are put in order unless more of them
    are asked for.
    """
    if len(votes) <= first:
        yield from _in_order((-n, key) for key, n in votes.items())
        return
    least = sorted(votes.values(), reverse=True)[first]
    most = sorted((-n, key) for key, n in votes.items() if n > least)
    yield from (key for _, key in most)
    # Of thousands with one vote each a few are wanted.
    equal = [key for key, n in votes.items() if n == least]
    chosen = nsmallest(first - len(most), equal)
    yield from chosen
    yield from sorted(set(equal) - set(chosen))
    yield from _in_order((-n, key) for key, n in votes.items() if n < least)


def _in_order(pairs: Iterable[tuple[float, str]]) -> Iterator[str]:
    return (key for _, key in sorted(pairs))
