"""What recurs over an outlet's pages: lines of its furniture, by hash, with the number of articles they stood in.

Pure: who keeps the memory, and which version a page is cleaned with, is decided at the edges (``service``, ``files``).
"""

import functools
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ingest.clean.text.lines import fold_letters


@functools.lru_cache(maxsize=20_000)
def line_hash(text: str) -> str:
    """64 bits of a line's letters, in hex: figures, case and marks do not count; empty where there are no letters."""
    letters = fold_letters(text)
    return hashlib.blake2b(letters.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest() if letters else ""


@dataclass(frozen=True)
class Profile:
    """An outlet's lines. ``own``: the page that is looked at is one of the ``pages`` itself (files are read twice)."""

    pages: int = 0
    lines: Mapping[str, int] = field(default_factory=dict)
    version: int | None = None
    own: bool = False

    def shares(self, texts: Iterable[str]) -> list[float]:
        """For each line the share of the outlet's other articles that have it; 0 where fewer than two are known."""
        off = int(self.own)
        others = self.pages - off
        if others < 2:
            return [0.0 for _ in texts]
        found = []
        for text in texts:
            count = self.lines.get(line_hash(text), 0) - off
            found.append(max(0, count) / others)
        return found


def hashes_of(texts: Iterable[str]) -> tuple[str, ...]:
    """The distinct hashes of a page's lines."""
    return tuple(sorted({line_hash(text) for text in texts} - {""}))


NO_PROFILE = Profile()
