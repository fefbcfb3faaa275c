"""Text as lines: one paragraph a line, NFC, single spaces, nothing invisible."""

import re
import unicodedata
from collections.abc import Iterable

from runtime.folding import fold

# Soft hyphens, zero-width characters, byte order marks, direction marks.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_HEAD_LINES = 4
_LABEL_CHARS = 40
_LIVE_ENTRIES = 3
_DENSE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_NO_LETTERS = re.compile(r"[\W\d_]+")
_TIME = re.compile(r"[0-2]?\d[:.h][0-5]\d(?: ?(?:Uhr|GMT|UTC|MSK|[ap]\.?m\.?))?", re.IGNORECASE)
_BY = re.compile(r"^(?:by|von|par|por|автор:?)\s+", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")


def tidy(text: str) -> str:
    """One line: white space of any kind is one space."""
    plain = " ".join(text.split())
    if plain.isprintable():
        # Nothing invisible and no control character in it, which is nearly all text.
        return plain if plain.isascii() else unicodedata.normalize("NFC", plain)
    text = _CONTROL.sub(" ", _INVISIBLE.sub("", text))
    return unicodedata.normalize("NFC", " ".join(text.split()))


def lines_of(text: str) -> list[str]:
    """The lines that are not empty, tidy."""
    return [line for raw in text.splitlines() if (line := tidy(raw))]


def weight(text: str) -> float:
    """Characters, those of dense scripts (Chinese, Japanese, Korean) counted as two and a half."""
    return float(len(text)) if text.isascii() else len(text) + 1.5 * len(_DENSE.findall(text))


def fold_letters(text: str) -> str:
    """Letters alone: what is left of a line whose figures change from page to page."""
    return _NO_LETTERS.sub("", text).casefold()


def without_head(lines: list[str], title: str, authors: Iterable[str]) -> list[str]:
    """Drops what stands above the body once more: section, title and byline, where they are lines of their own."""
    names = {fold(name) for name in authors}
    head = [fold(line) for line in lines[:_HEAD_LINES]]
    start = 0
    if (wanted := fold(title)) in head and wanted:
        found = len(head) - 1 - head[::-1].index(wanted)
        # Above the title there are labels; a sentence there would be the article's.
        if all(len(line) <= _LABEL_CHARS or fold(line) == wanted for line in lines[:found]):
            start = found + 1
    while start < min(len(lines), start + 1) and fold(_BY.sub("", lines[start])) in names:
        start += 1
    return lines[start:]


def with_times(lines: list[str]) -> list[str]:
    """Puts the bare times of a live blog in front of their entries, where there are several."""
    bare = [bool(_TIME.fullmatch(line)) for line in lines]
    if sum(bare) < _LIVE_ENTRIES:
        return lines
    out: list[str] = []
    pending = ""
    for line, is_time in zip(lines, bare, strict=True):
        if is_time:
            pending = f"{line} "
        else:
            out.append(pending + line)
            pending = ""
    return out


def joined(lines: Iterable[str]) -> str:
    return "\n".join(lines)
