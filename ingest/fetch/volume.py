"""How much a source brings, against what it usually brings, and how it fares: pure decisions, no clock, no I/O.

Silence is the common failure: a feed that moved still answers, with the same entries for ever.
"""

import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

DAY_MS = 24 * 3600 * 1000
DAYS = 28
# Under this day stands what a source's first answer brought: new to us on that day, but nothing of a usual one.
BACKLOG = -1
# A Poisson process of the usual rate is silent so long with a chance of e^-7, about 0.1 %.
_EXPECTED = 7.0

Health = Literal["new", "ok", "failing", "silent"]


@dataclass(frozen=True)
class Volume:
    """``usual``: new articles on a usual day (mean of the last four weeks, as far as known; None before the second
    day); ``today``: so far, on the first day with those of the first answer; ``silent_ms``: since the last one, None
    while that is nothing unusual.
    """

    usual: float | None
    today: int
    silent_ms: int | None = None


def volume(daily: Mapping[int, int], *, since_ms: int, last_new_ms: int | None, now_ms: int) -> Volume:
    """``daily``: new articles by day since 1970, days without any may be missing, and ``BACKLOG``; ``since_ms``: of the
    first poll.

    Silent is what had none for longer than a day and longer than its longest pause of the last four weeks (papers
    have week-ends), while its usual rate would have brought seven.
    """
    today = now_ms // DAY_MS
    so_far = daily.get(today, 0) + (daily.get(BACKLOG, 0) if since_ms // DAY_MS == today else 0)
    first = max(since_ms // DAY_MS, today - DAYS)
    days = [daily.get(day, 0) for day in range(first, today)]
    if not days:
        return Volume(None, so_far)
    last = since_ms if last_new_ms is None else last_new_ms
    # Days of the present silence must neither lower the rate that it is measured by, nor count as a usual pause.
    before = days[: max(last // DAY_MS - first + 1, 0)]
    if not before:
        return Volume(statistics.fmean(days), so_far)
    usual = statistics.fmean(before)
    since = now_ms - last
    quiet = since > DAY_MS * (1 + _longest_pause(before)) and usual * since / DAY_MS > _EXPECTED
    return Volume(usual, so_far, since if quiet else None)


def health(*, polls: int, failures: int, found: Volume) -> Health:
    """One word for the state of a source."""
    if failures:
        return "failing"
    if not polls:
        return "new"
    return "silent" if found.silent_ms is not None else "ok"


def _longest_pause(days: list[int]) -> int:
    longest = run = 0
    for count in days:
        run = 0 if count else run + 1
        longest = max(longest, run)
    return longest
