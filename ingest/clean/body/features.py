"""What speaks for and against a block: one row of figures for each, the same for every language and site.

Figures of the block itself, of its neighbours, of the elements around it, of other blocks in the same kind of place,
of what trafilatura took, and of what recurs over the outlet's pages. All lie roughly between 0 and 1.
"""

import functools
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ingest.clean.body.blocks import Block, Place
from ingest.clean.profiles.profile import Profile
from ingest.clean.text.furniture import kind_of
from ingest.clean.text.lines import weight
from runtime.folding import fold

Rows = NDArray[np.float64]

_SENTENCE_MARK = re.compile(r"[.!?…؟。！？।][»”\"'’)\]」』]*(?=\s|$)|[。！？]")
_ENDS = re.compile(r"[.!?…؟。！？।:;؛][»”\"'’)\]」』]*$")
_COMMA = re.compile(r"[,;،、，؛]")
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"\w+")
_MARKS = re.compile(r"[|©»›>→•·]|https?://|www\.|@")
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[:.]\d\d\b")
_TAGS = ("p", "li", "h1", "h2", "td", "div", "a", "dd", "pre")
_TAG_OF = {
    "h3": "h2", "h4": "h2", "h5": "h2", "h6": "h2", "th": "td", "dt": "dd", "section": "div", "article": "div",
    "body": "div", "center": "div", "blockquote": "p",
}  # fmt: skip
# The last row is for tags that tell nothing.
_TAG_ROWS = np.vstack([np.eye(len(_TAGS)), np.zeros(len(_TAGS))])
_ROW_OF = {name: n for n, name in enumerate(_TAGS)}
_ROW_OF |= {name: _ROW_OF[one] for name, one in _TAG_OF.items()}
_PLACES = tuple(Place)
_BITS = np.array([int(place) for place in _PLACES], dtype=np.int64)
_LONG = 80
_SHORT = 100
_LONGEST_FOLDED = 300
_OWN = 22
# The columns that say how far trafilatura took the block too, and whether it is the title.
AGREED = _OWN + len(_PLACES) + 3
TITLED = AGREED + 1
# The share of the outlet's other pages that have the line, and how many of these are known (``known_pages``).
SHARED = AGREED + 3
KNOWN = AGREED + 6


def rows_of(blocks: Sequence[Block], taken: str, title: str, profile: Profile) -> Rows:
    """One row for each block. ``taken`` is the text that trafilatura took, ``title`` that of the page."""
    if not blocks:
        return np.zeros((0, width()))
    texts = [_figures_of(block.text) for block in blocks]
    sizes = np.array([text.size for text in texts])
    linked = np.array([block.linked for block in blocks], dtype=np.float64)
    agreed = _agreement(texts, taken)
    shares = np.array(profile.shares([block.text for block in blocks]))
    own = _own(blocks, texts, linked)
    wanted = fold(title)
    folded = [text.folded for text in texts]
    titled = np.array([_titled(text, wanted) for text in folded])
    counts = Counter(text for text in folded if text)
    repeated = np.array([min(3, counts[text] - 1) / 3 if text else 0.0 for text in folded])
    bits = np.array([block.places for block in blocks], dtype=np.int64)
    places = ((bits[:, None] & _BITS) > 0).astype(np.float64)
    kinds = np.array([text.kinds for text in texts])
    columns = [
        own, places, kinds, agreed[:, None], titled[:, None], repeated[:, None],
        _recurrence(shares, profile), _position(sizes, agreed, titled, kinds[:, 0]),
        _around(blocks, sizes, agreed, own), _neighbours(sizes, agreed, own, shares),
        _page(sizes, agreed, own),
    ]  # fmt: skip
    return np.hstack(columns)


def known_pages(count: int) -> float:
    """The figure for how many other pages of the outlet are known."""
    return min(1.0, math.log1p(max(0, count)) / math.log1p(50))


def width() -> int:
    """How many figures a row has."""
    return _WIDTH


def _log(values: Rows, most: float) -> Rows:
    found: Rows = np.minimum(1.0, np.log1p(values) / np.log1p(most))
    return found


@dataclass(frozen=True, slots=True)
class _Text:
    """What the text of a block tells alone, wherever it stands."""

    length: int
    size: float
    marks: tuple[float, ...]
    kinds: tuple[float, float, float]
    folded: str
    words: tuple[str, ...]


def _figures_of(text: str) -> _Text:
    return _of_short(text) if len(text) <= _SHORT else _of_any(text)


def _of_any(text: str) -> _Text:
    size = weight(text)
    kind = kind_of(text)
    return _Text(
        len(text),
        size,
        (
            min(1.0, math.log1p(size) / 7.0),
            float(size >= _LONG),
            float(bool(_ENDS.search(text))),
            min(1.0, len(_SENTENCE_MARK.findall(text)) / 5),
            min(1.0, len(_COMMA.findall(text)) / 5),
            min(1.0, len(_DIGIT.findall(text[:300])) / min(len(text), 300) * 4),
            float(bool(_MARKS.search(text))),
            float(size < 60 and bool(_DATE.search(text))),
        ),
        (float(kind == "tail"), float(kind == "aside"), float(kind == "line")),
        fold(text) if len(text) <= _LONGEST_FOLDED else "",
        tuple(_WORD.findall(text)),
    )


# Menus are the same on every page of an outlet. A pure function's memory changes no result.
_of_short = functools.lru_cache(maxsize=30_000)(_of_any)


def _own(blocks: Sequence[Block], texts: Sequence[_Text], linked: Rows) -> Rows:
    marks = np.array([text.marks for text in texts])
    lengths = np.array([text.length for text in texts], dtype=np.float64)
    links = np.array([block.links for block in blocks], dtype=np.float64)
    out = np.empty((len(blocks), _OWN))
    out[:, :2] = marks[:, :2]
    out[:, 2] = linked / lengths
    out[:, 3] = np.minimum(1.0, links / 5)
    out[:, 4] = linked >= 0.9 * lengths
    out[:, 5:11] = marks[:, 2:]
    out[:, 11] = [block.bold for block in blocks]
    out[:, 12] = [block.after_break for block in blocks]
    out[:, 13:] = _TAG_ROWS[[_ROW_OF.get(block.tag, -1) for block in blocks]]
    return out


def _titled(text: str, wanted: str) -> float:
    if not wanted or not text:
        return 0.0
    if text == wanted:
        return 1.0
    return 0.5 if len(text) > 14 and (text in wanted or wanted in text) else 0.0


def _agreement(texts: Sequence[_Text], taken: str) -> Rows:
    """Share of each block that stands in what trafilatura took: word triples, or a whole line where it is short."""
    words = _WORD.findall(taken)
    triples = set(zip(words, words[1:], words[2:], strict=False))
    lines = {fold(line) for line in taken.splitlines()}
    found = np.zeros(len(texts))
    for n, text in enumerate(texts):
        own = text.words
        if len(own) < 4:
            found[n] = float(text.folded in lines)
        elif triples:
            found[n] = sum(map(triples.__contains__, zip(own, own[1:], own[2:], strict=False))) / (len(own) - 2)
    return found


def _recurrence(shares: Rows, profile: Profile) -> Rows:
    known = profile.pages - int(profile.own)
    out = np.zeros((len(shares), 4))
    out[:, 0] = shares
    out[:, 1] = shares > 0
    out[:, 2] = shares > 0.3
    out[:, 3] = known_pages(known)
    return out


def _position(sizes: Rows, agreed: Rows, titled: Rows, tails: Rows) -> Rows:
    count = len(sizes)
    index = np.arange(count)
    whole = sizes.sum() or 1.0
    before = (np.cumsum(sizes) - sizes) / whole
    strong = np.flatnonzero((agreed > 0.6) & (sizes >= _LONG))
    first, last = (int(strong[0]), int(strong[-1])) if len(strong) else (count, -1)
    heads = np.flatnonzero(titled >= 0.5)
    head = int(heads[0]) if len(heads) else -1
    if len(heads) and len(strong):
        above = heads[heads <= first]
        head = int(above[-1]) if len(above) else head
    ended = np.zeros(count)
    ends = [n for n in np.flatnonzero(tails > 0) if first < n]
    if ends:
        ended[ends[0] :] = 1.0
    out = np.zeros((count, 10))
    out[:, 0] = index / count
    out[:, 1] = before
    out[:, 2] = (index >= first) & (index <= last)
    out[:, 3] = _log(np.maximum(0, first - index).astype(np.float64), 50) if len(strong) else 1.0
    out[:, 4] = _log(np.maximum(0, index - last).astype(np.float64), 50) if len(strong) else 1.0
    out[:, 5] = (index > head) if head >= 0 else 0.5
    out[:, 6] = _log(np.abs(index - head).astype(np.float64), 100) if head >= 0 else 1.0
    out[:, 7] = float(head >= 0)
    out[:, 8] = ended
    out[:, 9] = ((index > head) & (index < first)) if head >= 0 and len(strong) else 0.0
    return out


def _around(blocks: Sequence[Block], sizes: Rows, agreed: Rows, own: Rows) -> Rows:
    """Figures of all blocks in the same element, in the element around it, and in places of the same names."""
    linked = own[:, 2] * sizes
    prose = sizes * (own[:, 1] > 0) * (own[:, 2] < 0.3)
    whole_prose = prose.sum() or 1.0
    out = np.zeros((len(blocks), 14))
    column = 0
    for numbers in (
        [block.parent for block in blocks], [block.over for block in blocks], [block.path for block in blocks],
    ):  # fmt: skip
        at = np.array(numbers)
        size = np.bincount(at, sizes)[at]
        out[:, column] = np.bincount(at, sizes * agreed)[at] / size
        out[:, column + 1] = np.bincount(at, linked)[at] / size
        out[:, column + 2] = np.bincount(at, prose)[at] / whole_prose
        out[:, column + 3] = np.minimum(1.0, np.bincount(at)[at] / 20)
        column += 4
    out[:, 12] = np.minimum(1.0, np.array([block.depth for block in blocks]) / 20)
    # How much of the page's prose stands in places of the same names, relative to the fullest.
    out[:, 13] = out[:, 10] / (out[:, 10].max() or 1.0)
    return out


def _neighbours(sizes: Rows, agreed: Rows, own: Rows, shares: Rows) -> Rows:
    base = np.column_stack([_log(sizes, 1000), own[:, 2], agreed, own[:, 5], shares])
    parts = [_shifted(base, by) for by in (1, -1, 2, -2)]
    sums = np.vstack([np.zeros((1, 3)), np.cumsum(base[:, :3], axis=0)])
    index = np.arange(len(base))
    for reach in (4, 8):
        ends, begins = np.minimum(index + reach + 1, len(base)), np.maximum(index - reach, 0)
        parts.append((sums[ends] - sums[begins]) / (2 * reach + 1))
    return np.hstack(parts)


def _shifted(rows: Rows, by: int) -> Rows:
    out = np.zeros_like(rows)
    if abs(by) >= len(rows):
        return out
    if by > 0:
        out[by:] = rows[:-by]
    elif by < 0:
        out[:by] = rows[-by:]
    else:
        out[:] = rows
    return out


def _page(sizes: Rows, agreed: Rows, own: Rows) -> Rows:
    whole = sizes.sum() or 1.0
    got = float((sizes * agreed).sum())
    prose = float((sizes * own[:, 1] * (own[:, 2] < 0.3)).sum())
    values = [
        got / whole,
        min(1.0, np.log1p(got) / 10),
        float((sizes * own[:, 2]).sum()) / whole,
        prose / whole,
        min(1.0, got / (prose or 1.0) / 2),
        min(1.0, np.log1p(len(sizes)) / 8),
    ]
    return np.tile(np.array(values), (len(sizes), 1))


_WIDTH = _OWN + len(_PLACES) + 3 + 3 + 4 + 10 + 14 + 26 + 6
