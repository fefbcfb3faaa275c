"""Numbers in headers of strangers."""

_MOST_DIGITS = 12


def whole(value: str) -> int | None:
    """A number of ASCII digits, a trillion at most; None for anything else.

    ``isdigit`` alone takes the superscripts of Latin-1 for digits, which ``int`` does not; and hundreds of digits make
    an infinite ``float``, thousands no ``int`` at all.
    """
    text = value.strip()
    if not (text.isascii() and text.isdigit()):
        return None
    text = text.lstrip("0") or "0"
    return int(text) if len(text) <= _MOST_DIGITS else 10**_MOST_DIGITS
