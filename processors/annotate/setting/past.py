"""Words of long ago: "Back in March 2022 Lavrov said", "Lavrov said on 24 February 2022"."""

import datetime
import re
from collections.abc import Sequence

from processors.annotate.setting.dates import DIGIT, RECENT_DAYS, calendar
from processors.annotate.setting.passage import Reading, some
from processors.annotate.setting.words import Words
from schemas import Setting

# Characters in which "in the spring of" is looked for, and words between the verb and it.
_BEFORE = 30
_WORDS = 4
# A month without a year is one of so many past ones.
_MONTHS = 6
_STOP = re.compile(r"[,;:—()]")
_MARKS = " ,(«»“”\"'"


def long_ago(
    reading: Reading, published: datetime.datetime | None, subjects: Sequence[tuple[int, int]], cue: str
) -> Setting | None:
    """The day, where one is told, of something said long before publication; None where nothing is.

    A date or year counts that begins the passage, or that follows the verb by which the speaker is cited or his name
    (``subjects``: where they stand). Any other may be what he spoke about ("Citing the treaty of 2014, …").
    """
    low, words = reading.low, reading.words
    if published is None:
        return None
    day = published.date()
    if low.lstrip(_MARKS).startswith(words.earlier):
        return Setting(flashback=True)
    numbers = DIGIT.search(low) is not None
    for pattern in words.dates if numbers else ():
        for match in some(pattern.finditer(low)):
            date = calendar(match, words, day)
            if date is None or (day - date).days <= RECENT_DAYS:
                continue
            if _tells(low, match.start(), words.on_day, subjects, words) is not None:
                return Setting(date=date.isoformat(), flashback=True)
    for match in some(words.year.finditer(low)) if numbers else ():
        if int(match["year"]) >= day.year:
            continue
        opening = _tells(low, match.start(), words.in_year, subjects, words)
        behind = low[match.end() :].lstrip()
        if opening or (opening == "" and behind.startswith((cue.lower(), *words.year_behind))):
            return Setting(flashback=True)
    if any(_in_month(low, match, day, subjects, words) for match in some(words.month.finditer(low))):
        return Setting(flashback=True)
    return None


def _in_month(
    low: str, match: re.Match[str], day: datetime.date, subjects: Sequence[tuple[int, int]], words: Words
) -> bool:
    """Whether somebody spoke in one of the months before: "In March, Lavrov said", «Лавров заявил в апреле». It begins
    the passage or stands directly behind the name or the verb: of other months he may have spoken.
    """
    ago = (day.month - words.months[match["stem"] or match["whole"]]) % 12
    if not 0 < ago <= _MONTHS:
        return False
    behind = low[match.end() :].split(maxsplit=1)
    if behind and behind[0][0].isdigit() and behind[0].strip(_MARKS) != str(day.year):
        return False
    # "In March parliament passed a law which is void, Lavrov said": far from it.
    near = any(start <= match.end() + _BEFORE and match.start() - _BEFORE <= end for start, end in subjects)
    return near and bool(_tells(low, match.start(), words.in_year, subjects, words, most=0))


def _tells(
    low: str, at: int, openings: Sequence[str], subjects: Sequence[tuple[int, int]], words: Words, most: int = _WORDS
) -> str | None:
    """The words like "back in" by which a date there tells when somebody spoke; None where it does not. ``most``:
    words that may stand between the verb and them.
    """
    before = low[max(0, at - _BEFORE) : at].rstrip()
    opening = next((o for o in openings if _ends(before, o)), None)
    if opening is None:
        return None
    place = max(0, at - _BEFORE) + len(before) - len(opening)
    if not low[:place].strip(_MARKS):
        return opening
    last = max((end for _, end in subjects if end <= place), default=None)
    if last is None:
        return None
    between = low[last:place].strip(_MARKS)
    told = between.split()
    if not told:
        return opening
    near = len(told) <= most and not _STOP.search(between) and words.not_after.isdisjoint(told)
    return opening if opening and near else None


def _ends(text: str, phrase: str) -> bool:
    """Whether a text ends with a phrase, as words of their own; any does with an empty one."""
    return not phrase or (text.endswith(phrase) and not text[-len(phrase) - 1 : -len(phrase)].isalnum())
