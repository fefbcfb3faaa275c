"""Finds new articles of the sources, fetches them politely and publishes them as fetched."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from ingest.fetch.crawl import Crawl
from ingest.fetch.hung import Hung
from ingest.fetch.lists.sitemaps import MAX_BYTES as SITEMAP_BYTES
from ingest.fetch.memory.shards import Shard, locks_in, states_in
from ingest.fetch.memory.state import State
from ingest.fetch.memory.trouble import not_written, told
from ingest.fetch.publish import KafkaPublisher, Publisher
from ingest.fetch.reported import KafkaReports, NoReports, Reports
from ingest.fetch.revisions import Revisions
from ingest.fetch.totals import FetchTotals
from ingest.fetch.web.cache import Cache
from ingest.fetch.web.polite import PoliteClient
from ingest.sources import SourceEntry
from runtime.health import Health
from runtime.lifecycle import Stop
from runtime.logging import logger
from runtime.settings import FetchSettings, Settings
from schemas.errors import SettingsError

__all__ = ["FetchTotals", "KafkaPublisher", "KafkaReports", "NoReports", "Publisher", "Reports", "Shard", "fetch"]

_ASKING_SECONDS = 2.0
# Two hours, by the default: 32 polls of one host that asks for a minute between two requests stand in line for one.
_HUNG = 24


def now_ms() -> int:
    return time.time_ns() // 1_000_000


async def fetch(
    settings: Settings,
    sources: list[SourceEntry],
    publisher: Publisher,
    *,
    once: bool,
    stop: Stop | asyncio.Event,
    reports: Reports | None = None,
    shard: Shard | None = None,
    only_due: bool = False,
    taken_out: Callable[[], Collection[str]] = tuple,
    clock: Callable[[], int] = now_ms,
    progress: Callable[[FetchTotals], None] | None = None,
    health: Health | None = None,
) -> FetchTotals:
    """Runs the fetcher until ``stop``, or for one pass over all sources (``only_due``: over those due) where ``once``.

    ``reports`` tells which pages report a watched speaker and are visited again, ``taken_out`` which articles were
    taken out for good since it was called last: nothing of their pages stays. ``clock`` gives milliseconds since
    1970. ``health`` is ready while it polls and visits and its network is there. State is kept in ``pipeline.data``, a
    file for each shard. Raises ``KafkaUnavailable`` where deliveries fail, ``StateUnavailable`` where the state's disk
    is full or one of its files was damaged, and ``SettingsError`` where another fetcher works on the same state, or one
    of another number of shards beside it.
    """
    folder, part = settings.pipeline.data, shard or Shard()
    path = part.state_path(folder)
    if settings.fetch.user_agent == FetchSettings().user_agent:
        logger(__name__).warning("fetch.user_agent names no contact; outlets cannot ask you to change anything")
    if not sources:
        logger(__name__).warning("there are no sources: nothing is fetched", fetch_sources=str(settings.fetch.sources))
    lock = FileLock(part.lock_path(folder))
    with contextlib.ExitStack() as stack:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            stack.enter_context(lock.acquire(timeout=0))
        except Timeout as error:
            raise SettingsError(f"{path}: another fetcher works on it; give each its own --shard") from error
        except OSError as error:
            raise not_written(folder, error) from error
        _ask_others(folder, part)
        # What was announced is told by its feeds again, so the next start goes on from what was kept.
        stack.enter_context(told(folder, part))
        state = stack.enter_context(_state(path, folder, part))
        revisions = stack.enter_context(Revisions(settings.clean.page_seconds))
        cache = Cache(part.cache_path(folder), largest=max(settings.fetch.max_bytes, SITEMAP_BYTES))
        hung = Hung(_HUNG * settings.pipeline.stuck_seconds)
        seconds = time.monotonic if clock is now_ms else lambda: clock() / 1000
        async with PoliteClient(settings.fetch, cache, seconds, state.failing(), hung.moved) as client:
            crawl = Crawl(
                settings.fetch, part.of(sources), publisher, client, state,
                stop=_event_of(stop), reports=reports or NoReports(), revisions=revisions, clock=clock, shard=part,
                others=lambda other: State(other.state_path(folder)), taken_out=taken_out, progress=progress,
                service=health, hung=hung,
            )  # fmt: skip
            return await (crawl.once(only_due=only_due) if once else crawl.forever())


def _ask_others(folder: Path, shard: Shard) -> None:
    """Raises ``SettingsError`` where fetchers of another number of shards are at work: each would fetch all sites."""
    for path, other in locks_in(folder):
        if other.count == shard.count:
            continue
        try:
            # Who starts beside us asks as well, and has it for a moment.
            with FileLock(path).acquire(timeout=_ASKING_SECONDS):
                pass
        except Timeout as error:
            raise SettingsError(
                f"{path}: a fetcher of another number of shards works in {folder}; end it first: `fetch` is --shard 1/1"
            ) from error


@contextlib.contextmanager
def _state(path: Path, folder: Path, shard: Shard) -> Iterator[State]:
    """The state of a shard; it takes over its part of what states of other numbers of shards have learnt."""
    with State(path) as state:
        for other, cut in states_in(folder):
            if cut.count != shard.count and (taken := state.adopt(other, shard.owns)):
                logger(__name__).info("state taken over", source=str(other), articles=taken)
        yield state


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
