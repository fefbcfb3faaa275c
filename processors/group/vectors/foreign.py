"""Whether many vectors are not of the space: ``annotate`` has another model than ``group``."""

from processors.group.vectors.space import Space
from schemas import Report

# So many statements are no straggler of before a change of the model.
_MANY = 50


class Foreign:
    """Counts them over all reports that a worker reads."""

    def __init__(self, space: Space) -> None:
        self._space = space
        self._met = 0

    def many_with(self, report: Report) -> bool:
        """True once: with the statements of this report they become many."""
        before = self._met
        self._met += sum(bool(s.vector) and self._space.unpack(s.vector) is None for s in report.statements)
        return before < _MANY <= self._met
