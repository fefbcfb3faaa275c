"""Counts in sentences."""


def counted(number: int, one: str, many: str | None = None) -> str:
    """``1 article``, ``2 articles``; ``many`` where the plural is not the singular and an s."""
    return f"{number} {one if number == 1 else many or one + 's'}"
