"""Finds new articles of the sources, fetches them politely and publishes them as fetched."""

import asyncio
import contextlib
from collections.abc import Callable

from filelock import FileLock, Timeout

from ingest.fetch.crawl import Crawl
from ingest.fetch.polite import PoliteClient
from ingest.fetch.publish import KafkaPublisher, Publisher
from ingest.fetch.state import State
from ingest.fetch.totals import FetchTotals
from ingest.sources import SourceEntry
from runtime.lifecycle import Stop
from runtime.settings import Settings
from schemas.errors import SettingsError

__all__ = ["FetchTotals", "KafkaPublisher", "Publisher", "fetch"]


async def fetch(
    settings: Settings,
    sources: list[SourceEntry],
    publisher: Publisher,
    *,
    once: bool,
    stop: Stop | asyncio.Event,
    progress: Callable[[FetchTotals], None] | None = None,
) -> FetchTotals:
    """Runs the fetcher until ``stop``, or for one pass over all sources where ``once``.

    State is kept in ``fetch.sqlite`` of ``pipeline.data``. Raises ``KafkaUnavailable`` where deliveries fail and
    ``SettingsError`` where another fetcher works on the same state.
    """
    path = settings.pipeline.data / "fetch.sqlite"
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path.with_suffix(".lock"))
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(lock.acquire(timeout=0))
        except Timeout as error:
            raise SettingsError(f"{path}: another fetcher works on it; give each its own pipeline.data") from error
        state = stack.enter_context(State(path))
        async with PoliteClient(settings.fetch) as client:
            crawl = Crawl(settings, sources, publisher, client, state, stop=_event_of(stop), progress=progress)
            return await (crawl.once() if once else crawl.forever())


def _event_of(stop: Stop | asyncio.Event) -> asyncio.Event:
    """A ``Stop`` is set by a signal handler or a thread, the loop waits for an event of its own."""
    if isinstance(stop, asyncio.Event):
        return stop
    event = asyncio.Event()
    loop = asyncio.get_running_loop()

    def forward() -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(event.set)

    stop.on_set(forward)
    if stop:
        event.set()
    return event
