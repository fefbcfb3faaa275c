"""What was seen long ago is forgotten, a few rows at a time: the state of a fetcher that runs for years stays small.

An entry that comes again later is refused by its date, as long as that is older than what is fetched at all. So only
what has a date is forgotten: a source may show an entry without one for years, and it would be new each time.
"""

from ingest.fetch.memory.state import State
from ingest.fetch.plan import FIRST_DATE
from runtime.settings import FetchSettings
from schemas.message import epoch_ms

_ROWS = 2000
_DAY_MS = 24 * 3_600_000
# Clocks of sources and ours differ, and an entry on the border must not be forgotten and new at once.
_MARGIN_DAYS = 1.0


class Forgetting:
    """Goes through the articles of a state, round and round."""

    def __init__(self, state: State, settings: FetchSettings) -> None:
        self._state = state
        self._days = max(settings.seen_days, settings.max_age_days + _MARGIN_DAYS)
        self._at = 0

    def step(self, now_ms: int) -> bool:
        """Looks at the next rows, some milliseconds of work; False at the end of a round."""
        last = self._state.forget_old(
            self._at, _ROWS, before_ms=now_ms - int(self._days * _DAY_MS), dated_from_ms=epoch_ms(FIRST_DATE)
        )
        self._at = last or 0
        return last is not None

    def whole(self, now_ms: int) -> None:
        """All rows, some seconds of work for millions."""
        while self.step(now_ms):
            pass
