"""What is known of articles before a file brings them: the outlets of the list, and what the fetcher has visited.

An import is stamped with its own time, and the later version is the one that counts everywhere (docs/ingest.md). So a
dump of older texts would undo what was fetched since; whether it does is decided here, before anything enters the log.
"""

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.fetch.memory.shards import states_in
from ingest.fetch.memory.state import State
from ingest.fetch.memory.trouble import looked_at
from ingest.sources import SourceEntry, listed
from schemas.article import Outlet


@dataclass(frozen=True)
class Visits:
    """The fetches of an article: the first and the last in milliseconds since 1970, and how many were published."""

    first_ms: int
    last_ms: int
    count: int


class Beforehand:
    """``sources``: the list; ``states``: of all fetchers."""

    def __init__(self, sources: Iterable[SourceEntry] = (), states: Iterable[State] = ()) -> None:
        self._states = list(states)
        self._outlets: dict[str, Outlet] = {}
        for entry in sources:
            self._outlets.setdefault(entry.outlet, entry.as_outlet())
            self._outlets.setdefault(entry.name.casefold(), entry.as_outlet())

    def outlet(self, outlet: Outlet) -> Outlet:
        """The outlet as the list has it, by its host or its name; as it is where the list has none such."""
        return self._outlets.get(outlet.id) or self._outlets.get(outlet.id.casefold(), outlet)

    def visits(self, article_id: str) -> Visits | None:
        """None where it was never fetched, as far as any fetcher remembers."""
        found = [known for state in self._states if (known := state.article(article_id)) is not None and known.visits]
        dated = [(one.last_ms, one.first_ms, one.visits) for one in found if one.last_ms and one.first_ms]
        if not dated:
            return None
        last, first, count = max(dated)
        return Visits(first, last, count)


@contextlib.contextmanager
def known_in(folder: Path, sources: Path) -> Iterator[Beforehand]:
    """What the fetchers' states of a data folder and a list of sources know, as far as they are there. Raises
    ``SettingsError`` where the list or the version of a state cannot be read, ``StateUnavailable`` for a damaged one.
    """
    entries = listed(sources)
    with contextlib.ExitStack() as stack:
        stack.enter_context(looked_at(folder))
        yield Beforehand(entries, [stack.enter_context(State(path)) for path, _ in states_in(folder)])
