"""Names of days and months as the data files write them."""

from collections.abc import Iterable


def stems(names: object) -> list[str]:
    """Beginnings of the names of one day or month: ``samstag*|sonnabend*``."""
    return [name.strip().rstrip("*").lower() for name in str(names).split("|")]


def whole(names: Iterable[object]) -> frozenset[str]:
    """The names of days and months that take no ending: those without a star."""
    every = [name.strip().lower() for some in names for name in str(some).split("|")]
    return frozenset(name for name in every if not name.endswith("*"))
