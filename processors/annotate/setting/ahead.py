"""What had still to come when somebody spoke: "ahead of Friday's talks in Geneva" tells neither when nor where."""

import re
from collections.abc import Iterator, Sequence

from processors.annotate.setting.passage import WORD, Reading, some
from processors.annotate.setting.words import Nouns

# Characters that an event can take, and words from "before" to "talks".
_REACH = 90
_WORDS = 4
_STOP = re.compile(r"[,;:—–()\n]|\s-\s")

Stretch = tuple[int, int]


def ahead(reading: Reading, subjects: Sequence[Stretch]) -> list[Stretch]:
    """Where the passage tells of an event that had still to come, each from its "before" to the end of the clause.

    ``subjects``: where a verb of speech or the speaker stands; there such an event ends too ("Vor dem Gipfel am Freitag
    sagte Lawrow in Berlin").
    """
    low, words = reading.low, reading.words
    stretches: list[Stretch] = []
    for start, end in _openings(reading):
        stop = _STOP.search(low, end, end + _REACH)
        last = min([stop.start() if stop else end + _REACH, *(at for at, _ in subjects if at >= end)])
        stretches.append((start, last))
    for match in some(reading.all(words.ahead_behind)):
        first = max(0, match.start() - _REACH)
        stops = [m.end() for m in _STOP.finditer(low, first, match.start())]
        begun = [at for at, _ in subjects if at < match.start()]
        stretches.append((max([first, *stops, *begun]), match.end()))
    return stretches


def within(at: int, stretches: Sequence[Stretch]) -> bool:
    """Whether a place in the passage is in one of them."""
    return any(start <= at < end for start, end in stretches)


def _openings(reading: Reading) -> Iterator[Stretch]:
    """Where "ahead of" stands, and "before" with the event it is followed by: one may also speak before students."""
    words = reading.words
    days = [
        match.span()
        for phrases in (words.yesterday, words.before_yesterday, words.vague, words.flashback)
        for match in some(reading.all(phrases))
    ]
    found = [match.span() for match in some(reading.all(words.ahead))]
    for match in some(reading.all(words.before_events)):
        end = _event(reading, match.end(), words.events[" ".join(match.group().split())])
        if end is not None:
            found.append((match.start(), end))
    for start, end in found:
        # "antes de" is not all of "antes de ayer"; but "накануне" is only a part of "накануне саммита".
        if not any(a <= start and end <= b and b - a > end - start for a, b in days):
            yield start, end


def _event(reading: Reading, at: int, events: Nouns) -> int | None:
    """The end of the event behind a "before", with adjectives and an article between them but no other phrase."""
    low, words = reading.low, reading.words
    for number, match in enumerate(WORD.finditer(low, at, at + _REACH)):
        word = match.group()
        if number == _WORDS or _STOP.search(low, at, match.start()):
            return None
        if word in words.prepositions or (number and word in words.determiners):
            return None
        if word in events:
            return match.end()
    return None
