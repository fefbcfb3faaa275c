"""How rare words, names and numbers are among the stories of the window."""

import math
from collections.abc import Mapping

# With so many stories what is rare is half known.
_FEW = 6


class Rarity:
    """How much it says that two reports share a value: little when many stories have it.

    ``certainty`` is near 0 while there are only a few stories: it is not known then what is common.
    Holds for one state of the stories; values are worked out once.
    """

    def __init__(
        self, stories: int, having: Mapping[str, Mapping[int, object]], apart: frozenset[int] = frozenset()
    ) -> None:
        """``having``: for each term the stories that have it; ``apart``: those of other times, which do not count."""
        stories -= len(apart)
        self._apart = apart
        self.certainty = stories / (stories + _FEW)
        self._having = having
        self._all = stories + 2
        self._scale = math.log(self._all)
        self._known: dict[str, float] = {}
        self._totals: dict[frozenset[str], float] = {}
        self._squares: dict[frozenset[str], float] = {}

    def of(self, key: str) -> float:
        """Between 0 (all stories have it) and 1 (no other has it)."""
        value = self._known.get(key)
        if value is None:
            value = self._known[key] = math.log(self._all / (self._count(key) + 1)) / self._scale
        return value

    def share(self, key: str) -> float:
        """The share of stories that have it, roughly; near one while there are few stories."""
        return (self._count(key) + 1) / self._all

    def _count(self, key: str) -> int:
        having = self._having.get(key)
        if having is None:
            return 0
        return len(having) - len(self._apart & having.keys()) if self._apart else len(having)

    def squared(self, key: str) -> float:
        """The same, with rare ones weighing more."""
        return self.of(key) ** 2

    def squares(self, keys: frozenset[str]) -> float:
        """Sum of the squares over the keys, independent of their order."""
        value = self._squares.get(keys)
        if value is None:
            value = self._squares[keys] = math.fsum(map(self.squared, keys))
        return value

    def total(self, keys: frozenset[str]) -> float:
        """Sum over the keys, independent of their order."""
        value = self._totals.get(keys)
        if value is None:
            value = self._totals[keys] = math.fsum(map(self.of, keys))
        return value
