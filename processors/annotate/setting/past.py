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
    if published is None or not DIGIT.search(low):
        return None
    day = published.date()
    for pattern in words.dates:
        for match in some(pattern.finditer(low)):
            date = calendar(match, words, day)
            if date is None or (day - date).days <= RECENT_DAYS:
                continue
            if _tells(low, match.start(), words.on_day, subjects, words) is not None:
                return Setting(date=date.isoformat(), flashback=True)
    for match in some(words.year.finditer(low)):
        if int(match["year"]) >= day.year:
            continue
        opening = _tells(low, match.start(), words.in_year, subjects, words)
        behind = low[match.end() :].lstrip()
        if opening or (opening == "" and behind.startswith((cue.lower(), *words.year_behind))):
            return Setting(flashback=True)
    return None


def _tells(low: str, at: int, openings: Sequence[str], subjects: Sequence[tuple[int, int]], words: Words) -> str | None:
    """The words like "back in" by which a date there tells when somebody spoke; None where it does not."""
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
    near = len(told) <= _WORDS and not _STOP.search(between) and words.not_after.isdisjoint(told)
    return opening if opening and near else None


def _ends(text: str, phrase: str) -> bool:
    """Whether a text ends with a phrase, as words of their own; any does with an empty one."""
    return not phrase or (text.endswith(phrase) and not text[-len(phrase) - 1 : -len(phrase)].isalnum())
