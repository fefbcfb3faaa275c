"""Which id a story gets that a report begins: one that readers know it by, as far as there is one.

It derives from the first member and stays. What a person splits off is not to take it along: others that it was split
from are the story that links and notes mean. So it leaves the id to them, also where it came first, be it that it is
decided anew or that a replay knows of the split from the beginning.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from processors.group.overrides import Overrides
from processors.group.report.facts import Facts
from processors.group.state import State, natural_story, story_ids
from schemas import Decision


@dataclass(frozen=True)
class Anew:
    """Reports that are decided anew together. ``had``: who of them was in which story with the main part; ``back``: of
    those that a ruling named which is taken back, how many were in which.
    """

    had: Mapping[str, frozenset[str]] = field(default_factory=dict)
    back: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, before: Iterable[Decision], taken_back: Iterable[str] = ()) -> "Anew":
        """``before``: how they were decided; ``taken_back``: reports of a ruling that is taken back."""
        had: dict[str, set[str]] = {}
        for decision in before:
            for part in decision.parts[:1]:
                if part.story_id is not None:
                    had.setdefault(part.story_id, set()).add(decision.report_id)
        named = set(taken_back)
        back = Counter({story_id: len(members & named) for story_id, members in had.items() if members & named})
        return cls({story_id: frozenset(members) for story_id, members in had.items()}, back)


def left_to_others(state: State, overrides: Overrides, facts: Facts, before: Decision | None, anew: Anew) -> set[str]:
    """The ids that a report may not take, because others that it was split from are to have them."""
    report_id = facts.report.report_id
    apart, parted = overrides.cannot_link(report_id), overrides.split_off(report_id)
    if before is None:
        first = parted and not any(other in state.facts and state.facts[other].order < facts.order for other in parted)
        return {next(iter(_inherited(state, overrides, facts)), natural_story(report_id))} if first else set()
    main = before.parts[0].story_id if before.parts else None
    members = anew.had.get(main, frozenset()) if main is not None else frozenset()
    theirs = len(apart & members)
    ours = len(members) - theirs
    fewer = ours < theirs or (ours == theirs and not parted.isdisjoint(members))
    return {main} if main is not None and members and fewer else set()


def known_ids(state: State, overrides: Overrides, facts: Facts, before: Decision | None, anew: Anew) -> list[str]:
    """Ids that a story which the report begins may have from before, the best first; some may be taken."""
    if before is None:
        return _inherited(state, overrides, facts)
    own = [part.story_id for part in before.parts if part.story_id]
    if anew.back:
        # Together again, they have the id that most of them kept.
        again = sorted((s for s in story_ids(before) if s in anew.back), key=lambda s: (-anew.back[s], s in own))
        return [*dict.fromkeys([*again, *own])]
    return own


def _inherited(state: State, overrides: Overrides, facts: Facts) -> list[str]:
    """The ids left by earlier reports that were split off from this one, and from nobody before them."""
    found = []
    for first in overrides.split_from(facts.report.report_id):
        theirs = state.facts.get(first)
        if theirs is None or theirs.order > facts.order:
            continue
        others = (state.facts[other].order for other in overrides.split_off(first) if other in state.facts)
        if all(theirs.order < order for order in others):
            found.append((theirs.order, natural_story(first)))
    return [story_id for _, story_id in sorted(found)]
