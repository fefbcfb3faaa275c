"""What a speaker says again and again: on how many distinct days each wording was said, for a year.

Wording is compared as hashes of four words in a row. A passage whose wording was said on many days proves nothing
about the occasion of a report; what is counted are days of speaking, not articles, so that one remark that is reported
for a week counts once. The history outlives the window of grouping, in a table of its own; phrases that are known
before anything was read are shipped (``data/stock.json``).

    stock.days("…")                  # on how many days the rarest half of its wording was said
    stock.is_stock("…", besides=day)  # whether that is many, the day itself not counted
"""

import datetime
import json
from bisect import bisect_left, insort
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files

import numpy as np
import xxhash

from processors.group.report.facts import words_of
from schemas import Report, Said, Source

GRAM_WORDS = 4
KEPT_DAYS = 365
# So many days of speaking make a wording stock.
STOCK_DAYS = 3
_MOST_GRAMS = 512
_EXPIRE_AT_MOST = 64
# A shipped phrase counts as said on so many days.
_SHIPPED_DAYS = 30


@lru_cache(maxsize=256)  # of one report they are asked for twice
def grams(text: str) -> tuple[int, ...]:
    """Distinct 32-bit hashes of four words in a row, in order of the text; none where there are fewer words."""
    found = words_of(text)
    hashed = (
        xxhash.xxh32_intdigest(" ".join(found[i : i + GRAM_WORDS]).encode())
        for i in range(len(found) - GRAM_WORDS + 1)
    )  # fmt: skip
    return tuple(dict.fromkeys(hashed))


class Stock:
    """The history of one speaker. A function of the entries put, whatever their order."""

    def __init__(self, speaker_id: str) -> None:
        self._speaker_id = speaker_id
        self._shipped = _shipped().get(speaker_id, frozenset())
        self._days: dict[int, list[int]] = {}
        self._entries: dict[str, Said] = {}
        self._ages: list[tuple[int, str]] = []

    def __len__(self) -> int:
        return len(self._entries)

    def entry(self, report_id: str) -> Said | None:
        return self._entries.get(report_id)

    def days(self, text: str, besides: datetime.date | None = None) -> int:
        """On how many days at least half of the wording was said, the day ``besides`` not counted; 0 for a text of
        fewer than four words.
        """
        apart = besides.toordinal() if besides is not None else None
        found = grams(text)
        if not found:
            return 0
        known, shipped = self._days, self._shipped
        counts = sorted([self._count(gram, apart) for gram in found if gram in known or gram in shipped], reverse=True)
        middle = (len(found) - 1) // 2
        return counts[middle] if middle < len(counts) else 0

    def is_stock(self, text: str, besides: datetime.date | None = None) -> bool:
        return self.days(text, besides) >= STOCK_DAYS

    def said(self, report: Report, day: datetime.date, source: Source) -> Said | None:
        """The entry for a report whose statements were said on ``day``: wording that is not on record for that day
        yet, and what an earlier revision of the report had for it; None where nothing is new.
        """
        ordinal = day.toordinal()
        every = dict.fromkeys(gram for statement in report.statements for gram in grams(statement.text))
        new = [gram for gram in every if ordinal not in self._days.get(gram, ())][:_MOST_GRAMS]
        if not new:
            return None
        known = self._entries.get(report.report_id)
        if known is not None and known.day == str(day):
            new = [*_unpacked(known), *new][:_MOST_GRAMS]
        packed = np.array(sorted(new), dtype="<u4").tobytes()
        return Said(report_id=report.report_id, speaker_id=report.speaker_id, day=str(day), grams=packed, source=source)

    def put(self, entry: Said) -> None:
        """Takes an entry, in the place of one of the same report."""
        self.remove(entry.report_id)
        ordinal = datetime.date.fromisoformat(entry.day).toordinal()
        self._entries[entry.report_id] = entry
        insort(self._ages, (ordinal, entry.report_id))
        for gram in _unpacked(entry):
            insort(self._days.setdefault(gram, []), ordinal)

    def remove(self, report_id: str) -> None:
        entry = self._entries.pop(report_id, None)
        if entry is None:
            return
        ordinal = datetime.date.fromisoformat(entry.day).toordinal()
        del self._ages[bisect_left(self._ages, (ordinal, report_id))]
        for gram in _unpacked(entry):
            days = self._days[gram]
            del days[bisect_left(days, ordinal)]
            if not days:
                del self._days[gram]

    def expire(self, today: datetime.date) -> tuple[str, ...]:
        """Forgets what is older than a year, the oldest first, a bounded number; returns the report ids."""
        limit = today.toordinal() - KEPT_DAYS
        found = tuple(report_id for day, report_id in self._ages[:_EXPIRE_AT_MOST] if day < limit)
        for report_id in found:
            self.remove(report_id)
        return found

    def _count(self, gram: int, apart: int | None) -> int:
        shipped = _SHIPPED_DAYS if gram in self._shipped else 0
        days = self._days.get(gram, ())
        return shipped + sum(1 for i, day in enumerate(days) if day != apart and (i == 0 or days[i - 1] != day))


def _unpacked(entry: Said) -> Iterable[int]:
    found: list[int] = np.frombuffer(entry.grams, dtype="<u4").tolist()
    return found


@cache
def _shipped() -> dict[str, frozenset[int]]:
    """For each speaker of the shipped file the wording of his stock phrases."""
    raw: dict[str, dict[str, list[str]]] = json.loads(
        files("processors.group").joinpath("data/stock.json").read_text("utf-8")
    )
    return {
        speaker_id: frozenset(gram for phrases in by_lang.values() for text in phrases for gram in grams(text))
        for speaker_id, by_lang in raw.items()
    }
