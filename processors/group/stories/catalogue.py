"""The stories of a speaker by what their members have in common, and where each value is found again."""

from collections.abc import Iterable

from processors.group.report.facts import DAY_MS, Facts
from processors.group.report.media import Namesakes
from processors.group.report.occasions import features_of
from processors.group.report.rarity import Rarity
from processors.group.stories.gathering import MEMBER_ROLES
from processors.group.stories.profile import Profile
from processors.group.stories.score import terms_of
from processors.group.stories.spans import Spans
from processors.group.vectors.store import RowSet, Vectors
from schemas import Part


class Profiles:
    """``vectors``: those of the statements of all members."""

    def __init__(self, vectors: Vectors, window_days: float) -> None:
        self._vectors = vectors
        self._reach = round(window_days * DAY_MS)
        self.stories: dict[str, Profile] = {}
        self.said: dict[str, RowSet] = {}
        """For each story the rows of what its members say in ``vectors``."""
        self.terms: dict[str, dict[int, int]] = {}
        """For each term the numbers of the stories that have it, and how many of their members."""
        self.numbers: dict[str, int] = {}
        self.numbered: list[str] = []
        """Stories by number; numbers of stories that are gone are given again."""
        self._free: list[int] = []
        self.namesakes = Namesakes()
        self._spans = Spans()

    def rarity(self, moment_ms: int) -> Rarity:
        """Among the stories about that time: what an archive brings in says nothing of what is rare now."""
        apart = self._spans.apart(moment_ms - self._reach, moment_ms + self._reach)
        return Rarity(len(self.stories), self.terms, frozenset(map(self.numbers.__getitem__, apart)))

    def any_large(self, parts: Iterable[Part], most: int) -> bool:
        """Whether one of their stories has more statements than so many."""
        found = (self.said.get(part.story_id) for part in parts if part.story_id is not None)
        return any(len(said.rows) > most for said in found if said is not None)

    def add(self, facts: Facts, parts: Iterable[tuple[int, Part]]) -> None:
        """Puts parts of a report into their stories; with each its place among all parts."""
        for number, part in parts:
            if part.story_id is not None and part.role in MEMBER_ROLES:
                self._join(part.story_id, facts, part, main=number == 0)

    def remove(self, report_id: str, parts: Iterable[Part]) -> None:
        """Takes out what ``add`` put in."""
        for part in parts:
            if part.story_id is not None and part.role in MEMBER_ROLES:
                self._leave(part.story_id, report_id)

    def _join(self, story_id: str, facts: Facts, part: Part, main: bool) -> None:
        features = features_of(facts, [use.statement_id for use in part.remarks], main)
        profile = self.stories.get(story_id)
        if profile is None:
            profile, before = self.stories.setdefault(story_id, Profile()), None
            self._number(story_id)
        else:
            before = profile.span_ms
        profile.add(facts.report.report_id, features)
        self._spans.change(story_id, before, profile.span_ms)
        if features.outlet:
            self.namesakes.add(features.outlet)
        self.said.setdefault(story_id, RowSet()).add(self._vectors.rows(features.statements))
        terms, number = self.terms, self.numbers[story_id]
        for term in terms_of(features):
            having = terms.get(term)
            if having is None:
                terms[term] = {number: 1}
            else:
                having[number] = having.get(number, 0) + 1

    def _number(self, story_id: str) -> None:
        if self._free:
            number = self._free.pop()
            self.numbered[number] = story_id
        else:
            number = len(self.numbered)
            self.numbered.append(story_id)
        self.numbers[story_id] = number

    def _leave(self, story_id: str, report_id: str) -> None:
        profile = self.stories[story_id]
        features, before = profile.members[report_id], profile.span_ms
        profile.remove(report_id)
        self._spans.change(story_id, before, profile.span_ms if profile.moments else None)
        self.said[story_id].remove(self._vectors.rows(features.statements))
        number = self.numbers[story_id]
        for term in terms_of(features):
            having = self.terms[term]
            having[number] -= 1
            if not having[number]:
                del having[number]
                if not having:
                    del self.terms[term]
        if not profile.members:
            self._free.append(self.numbers.pop(story_id))
            del self.stories[story_id]
            del self.said[story_id]
