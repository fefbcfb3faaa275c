"""Names of days and months as the data files write them."""


def stems(names: object) -> list[str]:
    """Beginnings of the names of one day or month: ``samstag*|sonnabend*``."""
    return [name.strip().rstrip("*").lower() for name in str(names).split("|")]
