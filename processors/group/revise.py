"""Whether a report goes better with another story, now that more is known of that one.

Decisions are made as reports arrive; the first ones of an occasion often say little of it. When a report that says more
comes, those near it are asked once more, each against its own story without itself and against that of the new one.
"""

from processors.group.decide import Placer
from processors.group.facts import ANY
from processors.group.overrides import Overrides
from processors.group.state import State
from processors.group.stories import Score


def moves(state: State, overrides: Overrides, chain: list[str], source: str, target: str) -> Score | None:
    """What speaks for the first report of ``chain`` (the others are its copies and go with it) being of ``target``
    rather than of ``source``; None where it stays. The state is left as it was.
    """
    lifted = [(state.holders[report_id], state.lift(report_id)) for report_id in chain]
    scores = Placer(state, overrides, state.facts[chain[0]], None).rescored([source, target])
    for holder, decision in lifted:
        state.place(decision, holder)
    there, here = scores.get(target), scores.get(source)
    model = state.model.whole if state.facts[chain[0]].report.speaker_id == ANY else state.model.stories
    if there is None or there.total < model.join:
        return None
    return None if here is not None and there.total < here.total + model.move else there
