"""Whether a report goes better with another story, now that more is known of that one.

Decisions are made as reports arrive; the first ones of an occasion often say little of it. When a report that says more
comes, those near it are asked once more, each against its own story without itself and against that of the new one.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from processors.group.decision.case import Case
from processors.group.decision.joining import Joining
from processors.group.overrides import Overrides
from processors.group.state import State


def moves(state: State, overrides: Overrides, chain: list[str], source: str, target: str) -> bool:
    """Whether the first report of ``chain`` (the others are its copies and go with it) is rather of ``target`` than of
    ``source``. The state is left as it was.
    """
    with aside(state, overrides, chain):
        joining = Joining(Case(state, overrides, state.facts[chain[0]], None))
        model = state.model.weights_of(state.facts[chain[0]].report.speaker_id)
        there = joining.rescored(target, model.join)
        if there is None or there.total < model.join:
            return False
        here = joining.rescored(source)
        return here is None or there.total >= here.total + model.move


@contextmanager
def aside(state: State, overrides: Overrides, chain: list[str]) -> Iterator[None]:
    """The stories as they are without some reports. Only their profiles are changed, unless more is asked of them."""
    if not overrides.cannot_link(chain[0]) and not state.any_large(chain):
        for report_id in chain:
            state.profiles.remove(report_id, state.decisions[report_id].parts)
        yield
        for report_id in chain:
            state.profiles.add(state.facts[report_id], enumerate(state.decisions[report_id].parts))
    else:
        lifted = [(state.holders[report_id], state.lift(report_id)) for report_id in chain]
        yield
        for holder, decision in lifted:
            state.place(decision, holder)
