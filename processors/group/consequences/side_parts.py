"""Stories that a person made one, and articles that tell of both.

Such an article has a part in each of the two. No two parts of an article join one story, so of the other story its part
would be left, alone, and what it says there would be told as new.
"""

from collections.abc import Iterable
from itertools import islice

from processors.group.consequences.changes import Changes
from processors.group.decision.case import Case
from processors.group.decision.joining import Joining
from processors.group.state import State

# Of the reports that a person put into a story so many, the earliest, are compared with what was left behind.
_MOST_ASKED = 32


def bring_along(changes: Changes) -> None:
    """Where a person put reports into a story, what its members left behind goes there, too: a story in which nobody
    else is, and which another one of the reports that were put there would have joined. Asked for those that were
    decided on, or changed.
    """
    state = changes.state
    if not changes.overrides.puts_together:
        return
    for report_id in sorted({*changes.changed, *changes.decided}):
        for home in sorted(_stories(state, [report_id])):
            put = _put(changes, home)
            if not put:
                continue
            tellers = list(state.members[home]) if report_id in put else [report_id]
            for story_id in sorted(_stories(state, tellers) - {home}):
                members = state.members[story_id]
                alone = members <= state.members[home] and not _put(changes, story_id)
                others = [r for r in put if r not in members]
                if alone and not changes.bound(members, story_id, home) and _is_of(changes, story_id, others):
                    changes.merge(story_id, home, changes.overrides.evidence("must_link", min(put), against=home))


def _stories(state: State, report_ids: Iterable[str]) -> set[str]:
    parts = (part for report_id in report_ids for part in state.decisions[report_id].parts)
    return {part.story_id for part in parts if part.story_id is not None}


def _put(changes: Changes, story_id: str) -> list[str]:
    """Reports whose main part is in a story because a person said so, or that others are with for that reason."""
    decisions, members = changes.state.decisions, changes.state.members.get(story_id, ())
    return [r for r in members if changes.overrides.must_link(r) and decisions[r].parts[0].story_id == story_id]


def _is_of(changes: Changes, story_id: str, reports: list[str]) -> bool:
    """Whether one of these reports would have joined the story."""
    state = changes.state
    for report_id in islice(sorted(reports, key=lambda r: state.facts[r].order), _MOST_ASKED):
        case = Case(state, changes.overrides, state.facts[report_id], None)
        score = Joining(case).rescored(story_id, case.weights.join)
        if score is not None and score.total >= case.weights.join:
            return True
    return False
