"""Whether a story turned out to be of two occasions, now that a report says more.

The first report of an occasion may say so little that it joins the story of another one, of the same day or visit. The
next one then finds it there, and joins it. So each report that comes to a young story has all its members compared with
each other: where they are better seen as two groups, the smaller one leaves.
"""

from processors.group.consequences.splits_without_vectors import leaving_with
from processors.group.report.occasions import kinds_mixed
from processors.group.state import State
from processors.group.stories.division import best_cut, together
from schemas import ANY

# Only a story of so few reports in words of their own is still finding itself.
_YOUNG = 13


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
    asked: dict[str, list[str]] = {}
    for member, features in profile.members.items():
        if state.decisions[member].parts[0].copy_of is None:
            # Who has no vectors cannot be told from the others by what was said, and stays.
            asked[member] = [s for s in features.statements if state.vectors.row(s) is not None]
            if len(asked) > _YOUNG:
                return []
    if not any(asked.values()):
        return leaving_with(state, profile, report_id, list(asked))
    # A report of two occasions goes with both of them.
    names = sorted(m for m, said in asked.items() if said and not kinds_mixed(profile.members[m].kinds))
    if len(names) <= 2:
        return []
    weights = state.model.together
    rows = state.vectors.rows([s for member in names for s in asked[member]])
    sizes = [len(asked[member]) for member in names]
    table = together([profile.members[member] for member in names], sizes, state.vectors.propositions(rows), weights)
    part, strength = best_cut(table, weights)
    if not part or strength < weights.part:
        return []
    leaving = {names[i] for i in part}
    # Of equal parts the one that the report has just made.
    if 2 * len(leaving) > len(names) or (2 * len(leaving) == len(names) and report_id not in leaving):
        leaving = set(names) - leaving
    return sorted(leaving)
