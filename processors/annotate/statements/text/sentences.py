"""Paragraphs and sentences with exact offsets; quotations are not split.

Own rules instead of a library: what follows a full stop is judged with the quotations masked, and with the language's
abbreviations from its lexicon.
"""

import bisect
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from processors.annotate.statements.text.quotes import Quote

# Stops with the marks that close behind them; a colon or semicolon before a bullet ends an item of a list.
_END = re.compile(r"[.!?…]{1,4}[\"'”’»«›‹“)\]*_]{0,4}(?=\s|$)|[:;]\s*(?=•)")
_STAMP = re.compile(
    r"\s{0,8}[•*–—-]{0,2}\s?\d{1,2}[:.]\d{2}(?::\d{2})?(?:\s?(?:[AaPp]\.?[Mm]\.?|[A-Z]{2,4}|МСК|Uhr))?[.,:]?\*{0,2}\s?(?:[–—-]\s)?(?=\s?\S)"
)
"""When an entry of a live blog was written: "10.24 Lavrov: …"."""
# What a stop stands behind: an abbreviation ends no sentence.
_BEFORE = re.compile(r"([\w.&’'-]{1,20})$")
_MAX_SENTENCE = 3000


@dataclass(frozen=True, slots=True)
class Sentence:
    """``[start, end)`` without surrounding space; ``paragraph`` counts from 0 (the title)."""

    start: int
    end: int
    paragraph: int
    first: bool


def split(
    text: str,
    quotes: list[Quote],
    abbreviations: Collection[str],
    months: tuple[str, ...] = (),
    before_numbers: Collection[str] = (),
) -> list[Sentence]:
    """Sentences of ``text`` in order. ``abbreviations`` are lower-case, without the final full stop.

    ``months``: beginnings of their names; a number with a full stop before one is a day ("am 18. Juni").
    ``before_numbers``: words that are abbreviations only there ("No. 5"), and elsewhere end a sentence ("He said no.").
    """
    sentences: list[Sentence] = []
    starts = [q.start for q in quotes]
    begin, number = 0, 0
    for line in text.split("\n"):
        end = begin + len(line)
        if line.strip():
            first = True
            stamp = _STAMP.match(text, begin, end) if number else None
            behind = stamp.end() if stamp else begin
            for start, stop in _in_line(text, behind, end, quotes, starts, abbreviations, months, before_numbers):
                sentences.append(Sentence(start, stop, number, first))
                first = False
            number += 1
        begin = end + 1
    return sentences


def pieces(
    text: str, begin: int, end: int, abbreviations: Collection[str], before_numbers: Collection[str] = ()
) -> Iterator[tuple[int, int]]:
    """Sentences within a quotation, as offsets."""
    return _in_line(text, begin, end, [], [], abbreviations, (), before_numbers)


def _in_line(
    text: str,
    begin: int,
    end: int,
    quotes: list[Quote],
    starts: list[int],
    abbreviations: Collection[str],
    months: tuple[str, ...],
    before_numbers: Collection[str],
) -> Iterator[tuple[int, int]]:
    cuts: list[int] = []
    for match in _END.finditer(text, begin, end):
        at = match.start()
        nearest = bisect.bisect_left(starts, at) - 1
        holder = quotes[nearest] if nearest >= 0 and at < quotes[nearest].end else None
        if holder is not None:
            # A full stop just before the closing mark ends the sentence around it, if a new one begins.
            if match.end() < holder.inner_end:
                continue
            cut = holder.end
        else:
            cut = match.end()
        if cut < end and _ends(text, at, cut, end, abbreviations, months, before_numbers):
            cuts.append(cut)
    cuts.append(end)
    start = begin
    for cut in cuts:
        piece = text[start:cut]
        left = len(piece) - len(piece.lstrip())
        right = len(piece.rstrip())
        if right > left:
            yield start + left, min(start + right, start + left + _MAX_SENTENCE)
        start = cut


def _ends(
    text: str,
    at: int,
    cut: int,
    end: int,
    abbreviations: Collection[str],
    months: tuple[str, ...],
    before_numbers: Collection[str],
) -> bool:
    rest = text[cut : min(end, cut + 40)].lstrip(" \t\u00a0\"'“”„«»‘’([—–-•*")
    if not rest:
        return True
    if rest[0].islower():
        return False
    if text[at] == "." and text[at : at + 2] != "..":
        word = _BEFORE.search(text, max(0, at - 20), at)
        if word:
            token = word.group(1)
            last = token.rsplit(".", 1)[-1]
            if token.isdigit() and len(token) <= 2 and months and rest.lower().startswith(months):
                return False
            if token.lower() in abbreviations or last.lower() in abbreviations:
                return False
            if rest[0].isdigit() and last.lower() in before_numbers:
                return False
            if len(last) == 1 and last.isupper() and rest[0].isupper():
                return False
        if rest[0].isdigit() and at > 0 and text[at - 1].isdigit() and text[cut : cut + 1] != " ":
            return False
    return True
