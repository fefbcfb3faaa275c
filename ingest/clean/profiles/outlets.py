"""The memories of all outlets that a cleaner is responsible for, and which article is cleaned with which version.

An article is begun with the version that all articles of its outlet before it make, though some of them are still at
work: it waits only where one of these could make the next version. So many pages of an outlet are at work at once, and
versions are the same as if they came one by one.
"""

from collections import Counter
from collections.abc import Collection, Iterable

from ingest.clean.profiles.memory import learnt, profile_of, until_next
from ingest.clean.profiles.profile import NO_PROFILE, Profile
from schemas.message import Moment
from schemas.outlet_profile import OutletProfile


class Outlets:
    """Not thread-safe. Articles must be ended in the order in which they were begun."""

    def __init__(self, states: Iterable[OutletProfile] = ()) -> None:
        self._states = {state.outlet: state for state in states}
        self._at_work: Counter[str] = Counter()
        self._changed: set[str] = set()

    def may_begin(self, outlet: str) -> bool:
        """Whether it is settled with which version the outlet's next article is cleaned."""
        return self._at_work[outlet] < until_next(self._states.get(outlet))

    def begin(self, outlet: str) -> Profile:
        """The profile for the outlet's next article; without a name there is none."""
        if not outlet:
            return NO_PROFILE
        self._at_work[outlet] += 1
        return profile_of(self._states.get(outlet))

    def end(self, outlet: str, article_id: str = "", lines: Collection[str] = (), made: Moment | None = None) -> None:
        """The outlet's oldest article at work is done; ``lines`` are its hashes, none where it teaches nothing."""
        if not outlet:
            return
        self._at_work[outlet] -= 1
        if not self._at_work[outlet]:
            del self._at_work[outlet]
        if made is None:
            return
        before = self._states.get(outlet)
        after = learnt(before, outlet, article_id, lines, made)
        if after is not None and after is not before:
            self._states[outlet] = after
            self._changed.add(outlet)

    def changed(self) -> list[OutletProfile]:
        """The states that have changed since this was asked last."""
        found = [self._states[outlet] for outlet in sorted(self._changed)]
        self._changed.clear()
        return found
