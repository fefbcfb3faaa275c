"""On which day something was said: dates, weekdays and words such as "yesterday", beside the day of publication."""

import datetime
import re
from collections.abc import Sequence

from processors.annotate.setting.ahead import Stretch, within
from processors.annotate.setting.passage import WORD, Reading, word_before
from processors.annotate.setting.words import Words

_DIGIT = re.compile(r"\d")
_FUTURE_DAYS = 1
# Characters from "is expected" to the day, on either side.
_EXPECTED = 50
# Words from "flew" to "Sunday".
_ARRIVED = 4


def spoken_on(
    reading: Reading, published: datetime.datetime | None, coming: Sequence[Stretch] = ()
) -> tuple[str | None, bool]:
    """ISO date of the speaking and whether it is vague; what lies in the future is not it.

    ``coming``: where the passage tells of an event that had still to come.
    """
    if published is None:
        return None, False
    low, words, day = reading.low, reading.words, published.date()
    best: tuple[int, datetime.date] | None = None

    def excluded(at: int) -> bool:
        return within(at, coming) or _excluded(low, at, words)

    for pattern in words.dates if _DIGIT.search(low) else ():
        for match in pattern.finditer(low):
            found = _calendar(match, words, day)
            if found is None or excluded(match.start()) or found > day + datetime.timedelta(_FUTURE_DAYS):
                continue
            if (day - found).days <= 60 and (best is None or match.start() < best[0]):
                best = (match.start(), found)
    for match in WORD.finditer(low) if reading.may_have(words.weekday) else ():
        word = match.group()
        if not word.startswith(words.weekday_stems):
            continue
        number = next((n for stem, n in words.weekdays if word.startswith(stem) and len(word) <= len(stem) + 3), None)
        if number is None or excluded(match.start()):
            continue
        back = (day.weekday() - number) % 7
        if back == 0 and word_before(low, match.start()) in words.last:
            back = 7
        if best is None or match.start() < best[0]:
            best = (match.start(), day - datetime.timedelta(back))
    if best is not None:
        return best[1].isoformat(), False
    if reading.has(words.before_yesterday):
        return (day - datetime.timedelta(2)).isoformat(), False
    if any(not within(match.start(), coming) for match in reading.all(words.yesterday)):
        return (day - datetime.timedelta(1)).isoformat(), False
    if reading.has(words.today):
        return day.isoformat(), False
    if reading.has(words.vague):
        return (day - datetime.timedelta(3)).isoformat(), True
    return None, False


def _calendar(match: re.Match[str], words: Words, day: datetime.date) -> datetime.date | None:
    groups = match.groupdict()
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
