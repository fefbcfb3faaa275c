"""On which day something was said: dates, weekdays and words such as "yesterday", beside the day of publication."""

import datetime
import re
from collections.abc import Iterator, Sequence

from processors.annotate.setting.ahead import Stretch, within
from processors.annotate.setting.passage import WORD, Reading, some, word_before
from processors.annotate.setting.words import Words

DIGIT = re.compile(r"\d")
_FUTURE_DAYS = 1
# What was said longer ago than this is told only to look back (``past``).
RECENT_DAYS = 60
# Characters from "is expected" to the day, on either side.
_EXPECTED = 50
# Words from "flew" to "Sunday".
_ARRIVED = 4
# Characters from a weekday to the date that is the same day ("Wednesday morning, March 4"), and words between them; of
# both fewer where the weekday stands behind.
_BESIDE = 16
_BEHIND = 2


def spoken_on(
    reading: Reading, published: datetime.datetime | None, coming: Sequence[Stretch] = ()
) -> tuple[str | None, bool]:
    """ISO date of the speaking and whether it is vague; what lies in the future is not it.

    ``coming``: where the passage tells of an event that had still to come.
    """
    if published is None:
        return None, False
    words, day = reading.words, published.date()
    found = _first_day(reading, day, coming)
    if found is not None:
        return found.isoformat(), False
    if reading.has(words.before_yesterday):
        return (day - datetime.timedelta(2)).isoformat(), False
    if any(not within(match.start(), coming) for match in reading.all(words.yesterday)):
        return (day - datetime.timedelta(1)).isoformat(), False
    if reading.has(words.today):
        return day.isoformat(), False
    if reading.has(words.vague):
        return (day - datetime.timedelta(3)).isoformat(), True
    return None, False


def _first_day(reading: Reading, day: datetime.date, coming: Sequence[Stretch]) -> datetime.date | None:
    """The first date or weekday that can be that of speaking."""
    low, words = reading.low, reading.words
    weekdays = list(some(_weekdays(reading)))
    found: list[tuple[int, datetime.date]] = []

    def excluded(at: int) -> bool:
        return within(at, coming) or _excluded(low, at, words)

    for pattern in words.dates if DIGIT.search(low) else ():
        for match in some(pattern.finditer(low)):
            date = calendar(match, words, day)
            if date is None:
                continue
            # A weekday beside a date is that date's, even where the two do not agree.
            beside = [w for w in weekdays if _same_day(reading, w, match)]
            weekdays = [w for w in weekdays if w not in beside]
            places = [match.start(), *(start for start, _, _ in beside)]
            if not any(map(excluded, places)) and -_FUTURE_DAYS <= (day - date).days <= RECENT_DAYS:
                found.append((match.start(), date))
    for start, _, number in weekdays:
        if not excluded(start):
            back = (day.weekday() - number) % 7
            if back == 0 and word_before(low, start) in words.last:
                back = 7
            found.append((start, day - datetime.timedelta(back)))
    return min(found)[1] if found else None


def _weekdays(reading: Reading) -> Iterator[tuple[int, int, int]]:
    """Beginning, end and number, from Monday, of each weekday in the passage."""
    words = reading.words
    for match in WORD.finditer(reading.low) if reading.may_have(words.weekday) else ():
        word = match.group()
        if word.startswith(words.weekday_stems):
            for stem, number in words.weekdays:
                if word.startswith(stem) and len(word) <= len(stem) + 3:
                    yield match.start(), match.end(), number
                    break


def _same_day(reading: Reading, weekday: tuple[int, int, int], date: re.Match[str]) -> bool:
    """Whether a weekday stands beside a date: "Wednesday, the 4th of March", "4 March, Wednesday"."""
    low, (start, end, _) = reading.low, weekday
    if 0 <= date.start() - end <= _BESIDE:
        between = low[end : date.start()]
        told = between.split()
        return len(told) <= _BEHIND and not DIGIT.search(between) and reading.words.conjunctions.isdisjoint(told)
    return 0 <= start - date.end() <= _BEHIND and not low[date.end() : start].strip(" ,(")


def calendar(match: re.Match[str], words: Words, day: datetime.date) -> datetime.date | None:
    """The date that a match of one of ``words.dates`` is; without a year the one nearest to ``day``, before it."""
    groups = match.groupdict()
    if "mark" in groups:
        return _numbers(match, words)
    month = words.months.get(groups.get("m1") or groups.get("m2") or "")
    number = int(groups.get("d1") or groups.get("d2") or 0)
    year = groups.get("y1") or groups.get("y2")
    if month is None:
        return None
    try:
        if year:
            return datetime.date(int(year), month, number)
        found = datetime.date(day.year, month, number)
        return found if (found - day).days < 180 else datetime.date(day.year - 1, month, number)
    except ValueError:
        return None


def _numbers(match: re.Match[str], words: Words) -> datetime.date | None:
    """28.02.2026, 28/2/2026; an American writes 2/28/2026, so that of 3/4/2026 in English nobody knows the month."""
    number, month = int(match["n1"]), int(match["n2"])
    if words.month_or_day and match["mark"] == "/":
        if month > 12:
            number, month = month, number
        elif number <= 12 and number != month:
            return None
    try:
        return datetime.date(int(match["y3"]), month, number)
    except ValueError:
        return None


def _excluded(low: str, at: int, words: Words) -> bool:
    """After "since", "until", "next" … a date is not that of the speaking, nor in "who flew in on Sunday night",
    "who met him on Friday" or "is expected in Cairo on Friday".
    """
    if words.expected.pattern.search(low, max(0, at - _EXPECTED), at + _EXPECTED):
        return True
    clause = low[low.rfind(",", 0, at) + 1 : _comma_behind(low, at)].split()
    if clause and clause[0] in words.relatives and not words.meetings.isdisjoint(clause):
        return True
    before = low[max(0, at - 40) : at].split()
    if not before:
        return False
    if any(word in words.arrivals for word in before[-_ARRIVED:]):
        return True
    return before[-1] in words.not_after or (
        len(before) > 1 and before[-1] in ("on", "the", "am", "le") and before[-2] in words.not_after
    )


def _comma_behind(low: str, at: int) -> int:
    found = low.find(",", at)
    return found if found >= 0 else len(low)
