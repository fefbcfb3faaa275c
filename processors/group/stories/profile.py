"""What the members of one story have in common, as counts that a part of a report is scored against."""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from processors.group.report.facts import day_of
from processors.group.report.occasions import Features
from schemas import Occasion

# More values than this are counted faster by ``Counter.update``, which takes a moment to begin.
_FEW = 8


@dataclass
class Profile:
    """What the members of a story have in common: how many members have each value. Only whole numbers are kept, so
    that adding and removing members in any order gives the same profile.
    """

    members: dict[str, Features] = field(default_factory=dict)
    dates: Counter[str] = field(default_factory=Counter)
    vague: Counter[str] = field(default_factory=Counter)
    places: Counter[str] = field(default_factory=Counter)
    counterparts: Counter[str] = field(default_factory=Counter)
    media: Counter[str] = field(default_factory=Counter)
    outlets: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    scene_kinds: Counter[str] = field(default_factory=Counter)
    deep_kinds: Counter[str] = field(default_factory=Counter)
    numbers: Counter[str] = field(default_factory=Counter)
    names: Counter[str] = field(default_factory=Counter)
    elsewhere: Counter[str] = field(default_factory=Counter)
    days: Counter[str] = field(default_factory=Counter)
    langs: Counter[str] = field(default_factory=Counter)
    dated: int = 0
    words: dict[str, Counter[str]] = field(default_factory=dict)
    moments: list[int] = field(default_factory=list)
    _kept: dict[str, str | None] = field(default_factory=dict, repr=False, compare=False)
    """What ``top`` and ``first_day`` found, until a member comes or goes."""

    def top(self, counted: str) -> str | None:
        """The value that most members have; ``counted`` names a counter."""
        kept = self._kept
        if counted not in kept:
            kept[counted] = top(getattr(self, counted))
        return kept[counted]

    @property
    def first_day(self) -> str:
        """The UTC day of the earliest publication."""
        found = self._kept.get("first_day")
        if found is None:
            found = self._kept["first_day"] = str(day_of(self.moments[0]))
        return found

    def add(self, report_id: str, features: Features) -> None:
        self._kept.clear()
        self.members[report_id] = features
        insort(self.moments, features.moment_ms)
        self.dated += features.dated
        for counter, values in self._counted(features):
            if len(values) > _FEW:
                counter.update(values)
            else:
                for value in values:
                    counter[value] = counter.get(value, 0) + 1

    def remove(self, report_id: str) -> None:
        features = self.members.pop(report_id, None)
        if features is None:
            return
        self._kept.clear()
        del self.moments[bisect_left(self.moments, features.moment_ms)]
        self.dated -= features.dated
        for counter, values in self._counted(features):
            for value in values:
                left = counter[value] - 1
                if left:
                    counter[value] = left
                else:
                    del counter[value]

    def _counted(self, features: Features) -> Iterator[tuple[Counter[str], Collection[str]]]:
        yield self.dates, features.dates
        yield self.vague, features.vague
        yield self.places, features.places
        yield self.counterparts, features.counterparts
        yield self.media, features.media
        yield self.outlets, (features.outlet,) if features.outlet else ()
        yield self.kinds, features.kinds
        yield self.scene_kinds, features.scene_kinds
        yield self.deep_kinds, features.deep_kinds
        yield self.numbers, features.numbers
        yield self.names, features.names
        yield self.elsewhere, features.elsewhere
        yield self.days, features.days
        yield self.langs, (features.lang,)
        words = self.words.get(features.lang)
        if words is None:
            words = self.words[features.lang] = Counter()
        yield words, features.words

    @property
    def span_ms(self) -> tuple[int, int]:
        """The earliest and the latest publication."""
        return self.moments[0], self.moments[-1]

    def occasion(self) -> Occasion:
        """What most members say; of equals the first in the alphabet."""
        return Occasion(
            date=self.top("dates") or self.top("vague"),
            place=self.top("places"),
            counterparts=[name for name, n in _by_count(self.counterparts) if 2 * n >= max(self.counterparts.values())],
            medium=self.top("media"),
            kind=self.top("kinds") or self.top("deep_kinds"),
        )


def _by_count(counter: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counter.items(), key=lambda item: (-item[1], item[0]))


def top(counter: Mapping[str, int]) -> str | None:
    if len(counter) < 2:
        return next(iter(counter), None)
    return min(counter.items(), key=lambda item: (-item[1], item[0]))[0]
