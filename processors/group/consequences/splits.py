"""Whether a story turned out to be of two occasions, now that a report says more.

The first report of an occasion may say so little that it joins the story of another one, of the same day or visit. The
next one then finds it there, and joins it. So each report that comes to a young story is compared with its members one
by one: those that go better with it than with the others leave with it, if the others alone would not have been joined.
"""

from collections.abc import Collection, Sequence

from processors.group.report.rarity import Rarity
from processors.group.state import State
from processors.group.stories.profile import Profile
from processors.group.stories.score import Likeness, Scorer
from processors.group.vectors.priors import Floats
from schemas import ANY

# Only a story of so few reports in words of their own is still finding itself.
_YOUNG = 10


def split(state: State, report_id: str) -> list[str]:
    """The reports that leave the story of a report's main part, the report itself or the rest of its occasion among
    them; empty where it stays one. Copies are not asked, they go with their originals.
    """
    decision = state.decisions[report_id]
    main = decision.parts[0] if decision.parts else None
    if main is None or main.story_id is None or main.copy_of is not None:
        return []
    profile = state.stories.get(main.story_id)
    if profile is None or report_id not in profile.members or state.facts[report_id].report.speaker_id == ANY:
        return []
    asked = []
    for member in profile.members:
        if state.decisions[member].parts[0].copy_of is None:
            asked.append(member)
            if len(asked) > _YOUNG:
                return []
    if len(asked) <= 2:
        return []
    scores = _Scores(state, profile, asked)
    others = sorted(r for r in asked if r != report_id)
    model = state.model.stories
    leave = {report_id}
    for other in others:
        rest = [r for r in others if r != other]
        near = scores.of(other, [report_id])
        if near >= model.join and near >= scores.of(other, rest) + model.split:
            leave.add(other)
    rest = [r for r in others if r not in leave]
    if len(leave) < 2 or not rest or scores.of(report_id, rest) >= model.join:
        return []
    # The smaller part goes; of equals the one that the report has just made.
    return sorted(leave if len(leave) <= len(rest) else rest)


class _Scores:
    """How well members of a story go with others of it."""

    def __init__(self, state: State, profile: Profile, asked: Collection[str]) -> None:
        self._model, self._namesakes = state.model.stories, state.profiles.namesakes
        self._features = {r: profile.members[r] for r in asked}
        self._scorers: dict[str, Scorer] = {}
        self._stories: dict[tuple[str, ...], Profile] = {}
        self._rarity: Rarity = state.rarity(max(f.moment_ms for f in self._features.values()))
        ids = [s for r in asked for s in self._features[r].statements if state.vectors.row(s) is not None]
        self._columns: dict[str, list[int]] = {r: [] for r in asked}
        whose = {s: r for r in asked for s in self._features[r].statements}
        for column, statement_id in enumerate(ids):
            self._columns[whose[statement_id]].append(column)
        self._cosines: Floats | None = state.vectors.among(state.vectors.rows(ids)) if ids else None

    def of(self, report_id: str, others: Sequence[str]) -> float:
        """The score of one report against a story that has these members; nothing speaks for a story of none."""
        if not others:
            return float("-inf")
        scorer = self._scorers.get(report_id)
        if scorer is None:
            ours = self._features[report_id]
            scorer = Scorer(ours, self._rarity, self._model, self._namesakes.of(ours.media))
            self._scorers[report_id] = scorer
        return scorer.score(self._story(tuple(others)), self._likeness(report_id, others), "").total

    def _story(self, members: tuple[str, ...]) -> Profile:
        story = self._stories.get(members)
        if story is None:
            story = self._stories[members] = Profile()
            for member in members:
                story.add(member, self._features[member])
        return story

    def _likeness(self, report_id: str, others: Sequence[str]) -> Likeness:
        rows = self._columns[report_id]
        columns = [column for other in others for column in self._columns[other]]
        if self._cosines is None or not rows or not columns:
            return Likeness()
        return Likeness(tuple(self._cosines[rows][:, columns].max(axis=1).tolist()))
