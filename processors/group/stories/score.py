"""Whether a report belongs to a story: a sum of log-odds over what identifies an occasion, each part of it told.

The weights and their order are from trials on labelled reports (docs/quality-log.md): date, place, counterpart, medium
and kind of occasion first, then numbers and names, then the similarity of what was said.
"""

import datetime
import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from processors.group.model import Stories
from processors.group.report.facts import day_of
from processors.group.report.media import is_key, same_medium
from processors.group.report.occasions import APART, LOOSE, ORDINARY, Features, kinds_agree
from processors.group.report.rarity import Rarity
from processors.group.stories.profile import Profile
from schemas import Evidence

Value = str | Callable[[], list[str]]
Point = tuple[str, Value, Value, float]
"""One contribution: feature, our value, theirs, log-odds. Lists of values are only sorted when they are to be read."""


@dataclass(frozen=True)
class Likeness:
    """Similarities of the report's statements to those of a story: for each of ours the best of theirs."""

    best: tuple[float, ...] = ()
    agreement: float | None = None
    """Log-odds that the whole articles tell the same (agreement.py)."""


@dataclass(slots=True)
class Score:
    """The sum of the points for a story."""

    total: float
    points: list[Point]
    against: str

    @property
    def conflict(self) -> bool:
        """Whether date or kind of occasion speak against it."""
        return any(feature in {"date", "occasion"} and value < 0 for feature, _, _, value in self.points)

    @property
    def evidence(self) -> list[Evidence]:
        """Each contribution that is not nil."""
        return [
            Evidence(feature=feature, value=_text(ours), other=_text(theirs), against=self.against, score=round(n, 3))
            for feature, ours, theirs, n in self.points
            if n
        ]


def _text(value: Value) -> str:
    """The first of several values, in their order of importance."""
    return value if isinstance(value, str) else ", ".join(value()[:_MOST_TOLD])


_MOST_TOLD = 5
# Days apart at which another value of ``apart`` begins to count.
_STEPS = (1, 2, 4, 5)


class Scorer:
    """Scores one part of one report against stories."""

    def __init__(self, ours: Features, rarity: Rarity, model: Stories, namesakes: frozenset[str] = frozenset()) -> None:
        """``namesakes``: the outlets that are one of our media (``Namesakes.of``)."""
        self._ours, self._rarity, self._model, self._namesakes = ours, rarity, model, namesakes
        self._weights = {w: rarity.of(w) ** 2 for w in ours.words}
        self._total = math.fsum(self._weights.values())
        self._day = str(day_of(ours.moment_ms))
        self._anyone = ours.names | ours.elsewhere
        self._bias: Point = ("bias", "", "", model.bias)

    def score(self, story: Profile, likeness: Likeness, against: str) -> Score:
        """How much speaks for the part being of the story's occasion, and each reason."""
        first, visit = self._first(story)
        return self.with_similarity(self._with_shared(first, visit, story, against, self._words(story)), likeness)

    def with_similarity(self, score: Score, likeness: Likeness) -> Score:
        """The score with what the similarity of the statements adds."""
        found = [*score.points, *_similarity(likeness, self._model)]
        return Score(math.fsum([point[3] for point in found]), found, score.against)

    def without_similarity(self, story: Profile, against: str, least: float) -> Score | None:
        """The score by all but the similarity of the statements; None where it is less than ``least``."""
        first, visit = self._first(story)
        most = abs(self._model.words) if self._ours.lang in story.langs else 0.0
        if math.fsum([point[3] for point in first]) + self._most(story, visit) + most < least:
            return None  # however much there is of what is shared
        words = self._words(story) if self._model.same is None else []
        if math.fsum([point[3] for point in (*first, *words)]) + self._most(story, visit) < least:
            return None
        found = self._with_shared(first, visit, story, against, words)
        return found if found.total >= least else None

    def _most(self, story: Profile, visit: float) -> float:
        """No more than this (and rounding) can what is shared of numbers, names and days add."""
        ours, model, most = self._ours, self._model, 1e-6
        if not story.numbers.keys().isdisjoint(ours.numbers):
            most += abs(model.number_most)
        named = self._anyone
        if visit and not (story.names.keys().isdisjoint(named) and story.elsewhere.keys().isdisjoint(named)):
            most += abs(model.name_most)
        if not story.days.keys().isdisjoint(ours.days):
            most += abs(model.day_most)
        return most

    def _first(self, story: Profile) -> tuple[list[Point], float]:
        """What date, kind, place, counterpart and medium say, and whether names can say something (1, else 0)."""
        ours, model = self._ours, self._model
        found = [self._bias]
        found += _date(ours, story, model, self._day)
        if model.same is not None:  # whole articles: all else is in their agreement
            return found, 0.0
        kind = _kind(ours, story, model)
        # One host sees several occasions of a visit: where the kinds conflict, that he is named again says nothing.
        visit = 0.0 if kind and kind[0][3] <= model.kind_other else 1.0
        if ours.places and story.places:
            same, other = visit * model.place_same, model.place_other
            found.append(self._where("place", ours.places, story, "places", same, other))
        if ours.counterparts and story.counterparts:
            same, other = visit * model.counterpart_same, model.counterpart_other
            found.append(self._where("counterpart", ours.counterparts, story, "counterparts", same, other))
        found += _medium(ours, story, model, self._namesakes)
        return found + kind, visit

    def _where(
        self, feature: str, mine: frozenset[str], story: Profile, counted: str, same: float, other: float
    ) -> Point:
        """Place or counterpart, which both tell. Who names the other's anywhere does not contradict it."""
        theirs: Counter[str] = getattr(story, counted)
        shared = mine & theirs.keys()
        if shared:
            value = min(shared, key=lambda v: (-theirs[v], v))
            told = self._readable(story, value)
            return feature, told, told, same
        known = not (story.elsewhere.keys().isdisjoint(mine) and story.names.keys().isdisjoint(mine))
        known = known or not theirs.keys().isdisjoint(self._anyone)
        their_own = story.top(counted) or ""
        return feature, self._readable(story, min(mine)), self._readable(story, their_own), 0.0 if known else other

    def _readable(self, story: Profile, name: str) -> Value:
        """A name as the article has it, else as a member of the story does, where they are compared by a key."""
        return (lambda: [readable(name, self._ours, story)]) if is_key(name) else name

    def _with_shared(self, first: list[Point], visit: float, story: Profile, against: str, words: list[Point]) -> Score:
        """With what is shared of numbers, names, days, and of ``words``."""
        ours, model, rarity = self._ours, self._model, self._rarity
        found = list(first)
        if model.same is not None:
            return Score(math.fsum([point[3] for point in found]), found, against)
        found += _shared("numbers", ours.numbers, story.numbers, "#", rarity, model.number, model.number_most)
        if visit:
            found += _named(ours, self._anyone, story, rarity, model)
        found += _shared("days named", ours.days, story.days, "~", rarity, model.day, model.day_most)
        found += words
        return Score(math.fsum([point[3] for point in found]), found, against)

    def _words(self, story: Profile) -> list[Point]:
        """The part of our rarer words that a member of the story in our language has on average. The mean over
        members keeps large stories, in which every word occurs, from drawing everything.
        """
        members = story.langs[self._ours.lang]
        if not members or not self._total:
            return []
        counts = story.words[self._ours.lang]
        weights = self._weights
        shared = self._ours.words & counts.keys()
        have = math.fsum([weights[w] * counts[w] for w in shared]) / members

        def tell() -> list[str]:
            return sorted(shared, key=lambda w: (-weights[w], w))

        return [("words", tell, tell, self._model.words * (have / self._total - self._model.words_from))]


def _date(ours: Features, story: Profile, model: Stories, published: str) -> list[Point]:
    """``published``: the day of our publication."""
    theirs = story.top("dates")
    if ours.dates and theirs is not None:
        # A member with a wrong day must not draw others after it: the story's day is that of most members.
        if theirs in ours.dates:
            return [("date", theirs, theirs, model.date_same)]
        apart = min(_days(day, theirs) for day in ours.dates)
        points = model.date_near if apart <= 1 else model.date_far
        if ours.dates & story.dates.keys():
            points /= 2
        return [("date", min(ours.dates), theirs, points)]
    if theirs is None and not (ours.dated and story.dated):
        return [("published", "", "", model.undated)]  # all that is known is when they were fetched
    # One day is unknown: the day of publication stands for it, and later by little says little.
    mine, other = (min(ours.dates) if ours.dates else published), (theirs or story.first_day)
    days = _days(mine, other)
    points = model.apart[bisect_right(_STEPS, days)]
    found: list[Point] = [("published", mine, other, points)]
    vague = min(ours.vague) if ours.vague else None
    known = theirs or story.top("vague")
    if known and vague and _days(known, vague) <= 3:
        found.append(("date", vague, known, model.date_vague))
    return found


@lru_cache(maxsize=4096)
def _days(one: str, other: str) -> int:
    return abs((datetime.date.fromisoformat(one) - datetime.date.fromisoformat(other)).days)


def _medium(ours: Features, story: Profile, model: Stories, namesakes: frozenset[str]) -> list[Point]:
    """The same broadcaster or paper; it may itself be the outlet that tells of its interview."""
    own = [m for m in story.media if same_medium(ours.outlet, m)] if ours.outlet and story.media else []
    theirs = story.outlets.keys() & namesakes if namesakes else None
    if own or theirs:
        name = min(own or theirs or ())
        return [("medium", name, name, model.medium_same)]
    if not ours.media or not story.media:
        return []
    shared = [(a, b) for a in ours.media for b in story.media if same_medium(a, b)]
    if shared:
        mine, value = min(shared, key=lambda pair: (-story.media[pair[1]], pair))
        return [("medium", mine, value, model.medium_same)]
    return [("medium", min(ours.media), story.top("media") or "", model.medium_other)]


def _kind(ours: Features, story: Profile, model: Stories) -> list[Point]:
    mine, theirs = ours.kinds or ours.scene_kinds, story.kinds or story.scene_kinds
    if mine and theirs:
        # What only the beginning tells may be of something else that happened that day.
        share = 1.0 if ours.kinds and story.kinds else model.kind_scene
        return [_kinds(mine, theirs, ours, story, model, share)]
    mine_all, theirs_all = ours.kinds | ours.deep_kinds, set(story.kinds) | set(story.deep_kinds)
    shared = mine_all & theirs_all
    if shared:
        value = min(shared, key=lambda v: (v in ORDINARY, v))
        return [("occasion", value, value, 0.0 if value in LOOSE else model.kind_same / 2)]
    return []


def _kinds(
    mine: frozenset[str], theirs: Counter[str], ours: Features, story: Profile, model: Stories, share: float
) -> Point:
    shared = mine & theirs.keys()
    if shared:
        value = min(shared, key=lambda v: (v in ORDINARY, -theirs[v], v))
        points = model.kind_same if value in ORDINARY else model.kind_same_distinctive
        return "occasion", value, value, 0.0 if value in LOOSE else share * points
    one, other = min(mine), story.top("kinds" if story.kinds else "scene_kinds") or ""
    if any(kinds_agree(a, b) for a in mine for b in theirs):
        return "occasion", one, other, 0.0
    if ours.deep_kinds & theirs.keys() or mine & (story.deep_kinds.keys() | story.scene_kinds.keys()):
        return "occasion", one, other, model.kind_other_deep
    loose = mine <= LOOSE or theirs.keys() <= LOOSE
    apart = mine <= APART or theirs.keys() <= APART
    points = model.kind_other_loose if loose else share * model.kind_other
    return "occasion", one, other, model.kind_other / 2 if loose and apart else points


def _shared(
    feature: str,
    ours: frozenset[str],
    theirs: Counter[str],
    prefix: str,
    rarity: Rarity,
    weight: float,
    most: float,
) -> list[Point]:
    if theirs.keys().isdisjoint(ours):
        return []
    shared = ours & theirs.keys()

    def tell() -> list[str]:
        return sorted(shared, key=lambda v: (-rarity.of(prefix + v), v))

    points = weight * rarity.certainty * math.fsum(rarity.of(prefix + v) for v in shared)
    return [(feature, tell, tell, min(most, points))]


def readable(name: str, ours: Features, story: Profile) -> str:
    """A name as our article has it, else as one of the story does, where it is known by its key."""
    if not is_key(name) or name in ours.spelled:
        return ours.spelled.get(name, name)
    # Not the first that is found: in what order members are known differs once they were read again.
    return min((one.spelled[name] for one in story.members.values() if name in one.spelled), default=name)


def _named(ours: Features, named: frozenset[str], story: Profile, rarity: Rarity, model: Stories) -> list[Point]:
    """Who and what both articles name: for each a log likelihood ratio of a mixture, half the story's members and half
    any story; names that would speak against the story are left out. ``named``: all that our article names.
    """
    members, names, elsewhere = len(story.members), story.names, story.elsewhere
    shared = [n for n in named if n in names or n in elsewhere]
    if not shared:
        return []

    def points(name: str) -> float:
        common = rarity.share("@" + name)
        here = min(members, names[name] + elsewhere[name]) / (members + 1)
        return math.log((here + common) / (2 * common))

    def tell() -> list[str]:
        return [readable(n, ours, story) for n in sorted(shared, key=lambda v: (-points(v), v))[:_MOST_TOLD]]

    total = model.name * math.fsum([p for n in shared if (p := points(n)) > 0])
    return [("names", tell, tell, min(model.name_most, total))]


def _similarity(likeness: Likeness, model: Stories) -> list[Point]:
    if likeness.agreement is not None:
        return [("agreement", "", "", likeness.agreement)]
    if not likeness.best:
        return []
    best, least = max(likeness.best), model.covered_from
    covered = math.fsum([s - least for s in likeness.best if s > least])
    points = model.best * (best - model.best_from) + min(model.covered_most, model.covered * covered)

    def ours() -> list[str]:
        return [f"{best:.2f}"]

    def theirs() -> list[str]:
        return [f"{sum(s > least for s in likeness.best)} alike"]

    return [("similarity", ours, theirs, points)]


def similarity_most(model: Stories) -> float:
    """No similarity of statements adds more than this (a cosine is at most 1, and rounding)."""
    if model.same is not None:
        return math.inf
    return max(0.0, model.best * (1 - model.best_from)) + max(0.0, model.covered_most) + 1e-6


def terms_of(features: Features) -> Iterable[str]:
    """The keys under which a story is found again: words, and with a prefix numbers, names and cues of the occasion."""
    yield from features.words
    for prefix, values in (
        ("#", features.numbers),
        ("@", features.names | features.elsewhere),
        ("~", features.days),
        ("d:", features.dates),
        ("c:", features.counterparts),
        ("m:", features.media),
        ("p:", features.places),
    ):
        for value in values:
            yield prefix + value
