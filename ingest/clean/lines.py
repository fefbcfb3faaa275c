"""Text as lines: one paragraph a line, NFC, single spaces, nothing invisible."""

import re
import unicodedata
from collections.abc import Iterable

# Soft hyphens, zero-width characters, byte order marks, direction marks.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")


def tidy(text: str) -> str:
    """One line: white space of any kind is one space."""
    text = _CONTROL.sub(" ", _INVISIBLE.sub("", text))
    return unicodedata.normalize("NFC", " ".join(text.split()))


def lines_of(text: str) -> list[str]:
    """The lines that are not empty, tidy."""
    return [line for raw in text.splitlines() if (line := tidy(raw))]


def fold(text: str) -> str:
    """Letters and digits alone, for comparing a title with a line."""
    return re.sub(r"[\W_]+", "", text).casefold()


def without_title(lines: list[str], title: str) -> list[str]:
    """Drops the title where the text begins with it once more."""
    wanted = fold(title)
    start = 0
    while start < len(lines) and len(found := fold(lines[start])) > 8 and wanted and found == wanted:
        start += 1
    return lines[start:]


def joined(lines: Iterable[str]) -> str:
    return "\n".join(lines)
