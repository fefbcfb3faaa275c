"""What the gauges say of sources. All addresses are synthetic."""

from pathlib import Path

from prometheus_client import REGISTRY

from ingest.fetch.health import look
from ingest.fetch.memory.state import State
from ingest.fetch.poll import Source
from schemas import Outlet

NOW_MS = 1_780_000_000_000
GOOD, BAD, NEW = (f"https://{name}.example/never-worked" for name in ("good", "bad", "new"))


def test_sources_that_never_worked_show(tmp_path: Path) -> None:
    sources = [Source(url, "feed", Outlet(id="a.example", kind="paper"), 300.0) for url in (GOOD, BAD, NEW)]

    def never_worked(state: State) -> list[float | None]:
        look(state, sources, NOW_MS)
        name = "remarkwire_source_never_worked"
        return [REGISTRY.get_sample_value(name, {"source": source.url}) for source in sources]

    def works(state: State, url: str) -> None:
        state.polled(url, [], answer="a", due_ms=NOW_MS, interval=300, now_ms=NOW_MS)

    def fails(state: State, url: str) -> None:
        state.poll_failed(url, due_ms=NOW_MS, interval=300, note="status 404")

    with State(tmp_path / "fetch.sqlite") as state:
        works(state, GOOD)
        fails(state, BAD)
        assert never_worked(state) == [0, 1, 1]
        fails(state, GOOD)
        assert never_worked(state) == [0, 1, 1], "it did work once"
        works(state, BAD)
        assert never_worked(state) == [0, 0, 1]
    with State(tmp_path / "fetch.sqlite") as state:
        assert never_worked(state) == [0, 0, 1], "a restart changes nothing"
