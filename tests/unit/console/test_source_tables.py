"""The list of sources on a terminal of 80 columns."""

import io

from rich.console import Console

from console.source_tables import source_table
from ingest.fetch.health import Fare, Volume
from ingest.fetch.memory.state import SourceState
from ingest.fetch.poll import Source
from schemas.article import Outlet

DAY_MS = 86_400_000


def test_it_is_readable_in_80_columns() -> None:
    now = 100 * DAY_MS
    url = "https://www.harbour-post.example/en/feeds/politics-and-society.xml?format=rss"
    state = SourceState(url, None, now + 55 * 60_000, 600.0, 9, 3, "status 404", 0, now - 59 * 60_000, now - DAY_MS)
    fare = Fare(
        Source(url, "feed", Outlet(id="harbour-post.example", name="Harbour Post"), 600.0), "failing",
        Volume(today=123, usual=456.7, silent_ms=None), state,
    )  # fmt: skip
    console = Console(width=80, record=True, highlight=False, file=io.StringIO())
    console.print(source_table([fare], now))
    text = console.export_text()
    assert "…" not in text
    for whole in (
        "source", "health", "success", "today /", "usual", "next", "harbour-post.example (feed)", "status 404",
        "failing", "59 min ago", "123 / 456.7", "in 55 min",
    ):  # fmt: skip
        assert whole in text
