"""Whether a story turned out to be of two occasions, where there are no vectors (``annotate.embeddings`` off).

Words say little of what two reports share, so a story is not divided by its pairs: by the scores with which reports
join stories, only those leave that go better with the report that has just come than with the others, if the others
alone would not have been joined.
"""

from collections.abc import Sequence

from processors.group.report.rarity import Rarity
from processors.group.state import State
from processors.group.stories.profile import Profile
from processors.group.stories.score import Likeness, Scorer

_YOUNG = 10


def leaving_with(state: State, profile: Profile, report_id: str, asked: Sequence[str]) -> list[str]:
    """The reports of ``asked`` (in words of their own) that leave with the report, or the rest where it is smaller."""
    if len(asked) > _YOUNG:
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

    def __init__(self, state: State, profile: Profile, asked: Sequence[str]) -> None:
        model, namesakes = state.model.stories, state.profiles.namesakes
        self._features = {r: profile.members[r] for r in asked}
        rarity: Rarity = state.rarity(max(f.moment_ms for f in self._features.values()))
        self._scorers = {r: Scorer(f, rarity, model, namesakes.of(f.media)) for r, f in self._features.items()}

    def of(self, report_id: str, others: Sequence[str]) -> float:
        """The score of one report against a story that has these members; nothing speaks for a story of none."""
        if not others:
            return float("-inf")
        story = Profile()
        for member in others:
            story.add(member, self._features[member])
        return self._scorers[report_id].score(story, Likeness(), "").total
