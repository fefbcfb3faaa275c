"""The fetcher's loop: polls sources that are due, visits articles that are due, and remembers.

Its decisions are in ``plan`` and ``volume``; what it knows is in ``state``; this module only brings them together.
"""

import asyncio
import datetime
import random
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any

from ingest.fetch import plan
from ingest.fetch.announced import Announced
from ingest.fetch.health import look, with_discovered
from ingest.fetch.lists.discover import discover
from ingest.fetch.memory.forgetting import Forgetting
from ingest.fetch.memory.handing_on import Others
from ingest.fetch.memory.shards import Shard
from ingest.fetch.memory.state import ArticleState, Entry, SourceState, State
from ingest.fetch.poll import Poll, Source, pages_of, poll, sources_of
from ingest.fetch.publish import Publisher
from ingest.fetch.reported import Found, Reports
from ingest.fetch.revisions import Revisions
from ingest.fetch.totals import FetchTotals
from ingest.fetch.visit import Visitor, next_visit_ms
from ingest.fetch.web.http import HostBusy
from ingest.fetch.web.network import Outage, Unreached
from ingest.fetch.web.polite import PoliteClient
from ingest.identity import article_id, host_of
from ingest.sources import SourceEntry
from runtime.logging import logger
from runtime.metrics import FETCH_DROPS, FETCHES
from runtime.settings import FetchSettings
from schemas.errors import DEFECTS, FetchFailed, FetchRefused, InputError
from schemas.message import epoch_ms

Progress = Callable[[FetchTotals], None]

# Requests in flight: what bounds memory is these times the largest body.
_MOST_POLLS = 32
_MOST_HOSTS = 48
_MOST_DELIVERIES = 64
_READY_PER_HOST = 64
_READY = 4000
_TICK_SECONDS = 0.5
_GRACE_SECONDS = 10.0
_REPORTS_SECONDS = 2.0
_HEALTH_SECONDS = 60.0
_SLACK_SECONDS = 3600.0
_FORGET_SECONDS = 10.0


class Crawl:
    """One run of a fetcher. ``stop`` is set from outside; a run returns when all that was begun is settled.

    ``clock`` gives milliseconds since 1970; ``others`` opens the state of another shard.
    """

    def __init__(
        self,
        settings: FetchSettings,
        sources: list[SourceEntry],
        publisher: Publisher,
        client: PoliteClient,
        state: State,
        *,
        stop: asyncio.Event,
        reports: Reports,
        revisions: Revisions,
        clock: Callable[[], int],
        shard: Shard = Shard(),  # noqa: B008 - frozen
        others: Callable[[Shard], State] | None = None,
        progress: Progress | None = None,
    ) -> None:
        self._settings = settings
        self._sources = with_discovered(state, sources_of(sources, settings.interval_seconds))
        self._pages = pages_of(sources)
        self._client = client
        self._state = state
        self._stop = stop
        self._reports = reports
        self._clock = clock
        self._progress = progress
        self._forgetting = Forgetting(state, settings)
        self._totals = FetchTotals()
        self._others = Others(shard, others, self._totals, clock)
        self._visitor = Visitor(
            settings, client, state, publisher, revisions, self._totals,
            shard=shard, hand_on=self._others.hand_on_page, clock=clock,
        )  # fmt: skip
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._ready: dict[str, deque[ArticleState]] = {}
        self._queued: set[str] = set()
        self._refill_at = 0.0
        self._due: dict[str, int] = {}
        self._deliveries: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(_MOST_DELIVERIES)
        self._changed = asyncio.Event()
        self._error: BaseException | None = None
        self._log = logger(__name__)

    async def once(self, *, only_due: bool = False) -> FetchTotals:
        """Asks every source once (or those that are due), then visits what is due, each article once at most."""
        self._announce_pages()
        await self._read_reports(to_end=True)
        waiting = deque(self._due_sources() if only_due else self._sources)
        seen: set[str] = set()
        count = len(self._sources)
        while not self._ended:
            waiting.extend(self._sources[count:])
            count = len(self._sources)
            self._begin_polls(waiting)
            # Visits begin once all sources have spoken: the earliest publication goes first.
            more = not waiting and not self._polling and self._begin_visits(seen)
            if not (waiting or more or self._tasks or self._deliveries):
                break
            await self._something(None)
        # Whoever runs us by the clock has no other time for it.
        self._forgetting.whole(self._clock())
        return await self._finish()

    async def forever(self) -> FetchTotals:
        """Polls and visits until ``stop``."""
        self._announce_pages()
        reports_at = health_at = forget_at = 0.0
        loop = asyncio.get_running_loop()
        while not self._ended:
            if loop.time() >= reports_at and "reports" not in self._tasks:
                reports_at = loop.time() + _REPORTS_SECONDS
                self._begin("reports", self._read_reports(to_end=False))
            if loop.time() >= health_at:
                health_at = loop.time() + _HEALTH_SECONDS
                self._totals.silent = look(self._state, self._sources, self._clock())
            if loop.time() >= forget_at:
                forget_at = loop.time() + _FORGET_SECONDS
                self._forgetting.step(self._clock())
            self._begin_polls(deque(self._due_sources()))
            self._begin_visits(None)
            await self._something(_TICK_SECONDS)
        return await self._finish()

    # The loop's parts.

    @property
    def _ended(self) -> bool:
        return self._stop.is_set() or self._error is not None

    @property
    def _polling(self) -> int:
        return sum(key.startswith("poll ") for key in self._tasks)

    def _due_sources(self) -> list[Source]:
        now = self._clock()
        for source in self._sources:
            if source.url not in self._due:
                known = self._state.source(source.url)
                self._due[source.url] = known.due_ms if known else now
        return [source for source in self._sources if self._due[source.url] <= now]

    def _begin_polls(self, waiting: deque[Source]) -> None:
        polling = self._polling
        while waiting and polling < _MOST_POLLS:
            source = waiting.popleft()
            if f"poll {source.url}" not in self._tasks:
                self._begin(f"poll {source.url}", self._poll(source))
                polling += 1

    def _begin_visits(self, seen: set[str] | None) -> bool:
        """A task for each host that has articles due. ``seen``: what is not to come again. Whether any is begun."""
        running = sum(key.startswith("host ") for key in self._tasks)
        time = asyncio.get_running_loop().time()
        if not self._queued or (seen is None and time >= self._refill_at):
            self._refill_at = time + _TICK_SECONDS
            for article in self._state.due(self._clock(), _READY + (len(seen) if seen else 0), _READY_PER_HOST):
                key = article.article_id
                if key in self._queued or self._visitor.has(key) or (seen is not None and key in seen):
                    continue
                if seen is not None:
                    seen.add(key)
                self._queued.add(key)
                self._ready.setdefault(host_of(article.announced.url), deque()).append(article)
        for host in self._ready:
            if running >= _MOST_HOSTS:
                break
            if f"host {host}" not in self._tasks:
                self._begin(f"host {host}", self._host(host))
                running += 1
        return bool(running)

    async def _host(self, host: str) -> None:
        """The articles of one host, one after the other; their deliveries overlap with the next request."""
        while not self._ended and (ready := self._ready.get(host)):
            article = ready.popleft()
            self._queued.discard(article.article_id)
            delivery = await self._visitor.visit(article)
            if delivery is not None:
                await self._delivering(delivery)
        self._ready.pop(host, None)

    async def _delivering(self, delivery: asyncio.Task[None]) -> None:
        self._deliveries.add(delivery)

        def ended(done: asyncio.Task[None]) -> None:
            self._deliveries.discard(done)
            self._room.release()
            self._note(done)

        # Registered before anything is waited for: a stop cancels us, not the delivery.
        delivery.add_done_callback(ended)
        await self._room.acquire()

    def _begin(self, key: str, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work, name=key)
        self._tasks[key] = task

        def ended(done: asyncio.Task[None]) -> None:
            self._tasks.pop(key, None)
            self._note(done)

        task.add_done_callback(ended)

    def _note(self, done: asyncio.Task[None]) -> None:
        if not done.cancelled() and done.exception() is not None:
            self._error = self._error or done.exception()
        self._changed.set()
        if self._progress is not None:
            self._progress(self._totals)

    async def _something(self, seconds: float | None) -> None:
        """Waits until a task has ended, the end is asked for, or the time is over."""
        self._changed.clear()
        waits = [asyncio.create_task(event.wait()) for event in (self._stop, self._changed)]
        try:
            await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        if seconds is not None and self._changed.is_set() and not self._ended:
            # Under load something ends all the time; what is due is not looked for each time.
            await asyncio.sleep(min(seconds, 0.05))

    async def _finish(self) -> FetchTotals:
        """What is being delivered is waited for and marked; what is only being fetched is dropped unmarked."""
        for task in [*self._tasks.values()]:
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        if self._deliveries:
            done, _ = await asyncio.wait([*self._deliveries], timeout=_GRACE_SECONDS)
            for task in done:
                self._error = self._error or task.exception()
        self._totals.silent = look(self._state, self._sources, self._clock())
        if self._error is not None:
            raise self._error
        return self._totals

    # Sources.

    def _announce_pages(self) -> None:
        if not self._pages:
            return
        now = self._clock()
        self._totals.announced += self._state.announce(self._entries(self._pages, now), now_ms=now)

    async def _poll(self, source: Source) -> None:
        known = self._state.source(source.url)
        self._totals.sources += 1
        try:
            await self._ask(source, known)
        except Outage as error:
            self._totals.source_failures += 1
            self._drop(f"source_{error.why}")
            due = self._due[source.url] = self._clock() + self._jittered(error.seconds)
            self._state.poll_failed(source.url, due_ms=due, interval=source.interval, note=str(error), counted=False)
        except (FetchFailed, FetchRefused) as error:
            self._poll_failed(source, known, error, error.why)
        except (InputError, *DEFECTS) as error:
            # A stranger's bytes that nobody thought of: they must not stop the other sources.
            self._log.exception("defect", source=source.url)
            self._poll_failed(source, known, error, "defect")

    async def _ask(self, source: Source, known: SourceState | None) -> None:
        if source.kind == "home":
            await self._discover(source)
            return
        moment = datetime.datetime.fromtimestamp(self._clock() / 1000, datetime.UTC)
        found = await poll(self._client, source, known, max_bytes=self._settings.max_bytes, now=moment)
        for why, count in found.dropped.items():
            self._drop(why, count)
        self._record(source, found, known.interval if known else source.interval)

    def _poll_failed(self, source: Source, known: SourceState | None, error: Exception, why: str) -> None:
        self._totals.source_failures += 1
        FETCHES.labels("source_failed").inc()
        self._drop(f"source_{why}")
        wait = plan.after_failure((known.failures if known else 0) + 1, base=source.interval)
        due = self._clock() + self._jittered(wait)
        if isinstance(error, HostBusy):
            due = max(due, self._clock() + int(error.seconds * 1000))
        note = str(error) if why != "defect" else f"{type(error).__name__}: {error}"
        self._log.warning("source failed", source=source.url, error=note, again_in_seconds=round(wait))
        self._due[source.url] = due
        interval = known.interval if known else source.interval
        self._state.poll_failed(
            source.url, due_ms=due, interval=interval, note=note, unreached=isinstance(error, Unreached)
        )

    async def _discover(self, home: Source) -> None:
        places = await discover(self._client, home.url, home.outlet, max_bytes=self._settings.max_bytes)
        if not places:
            raise FetchRefused(f"{home.url}: no feed and no news sitemap was found", "no_feed")
        self._state.discover(home.url, [(place.url, place.kind) for place in places])
        known = {source.url for source in self._sources}
        self._sources += [one for one in with_discovered(self._state, [home]) if one.url not in known]
        now = self._clock()
        due = now + self._jittered(plan.DISCOVER_SECONDS)
        self._due[home.url] = due
        self._state.polled(home.url, [], answer=None, due_ms=due, interval=plan.DISCOVER_SECONDS, now_ms=now)

    def _record(self, source: Source, found: Poll, last: float) -> None:
        now = self._clock()
        entries = self._others.hand_on(self._entries(found.entries, now))
        new = sum(when is not None and self._state.article(key) is None for key, _, when, _ in entries)
        interval = plan.next_interval(last, base=source.interval, new=new)
        # The floor is asked for: the jitter goes above it, never below.
        due = now + max(self._jittered(interval), int(found.floor * 1000) + self._jittered(interval * 0.05))
        self._due[source.url] = due
        self._totals.announced += self._state.polled(
            source.url, entries, answer=found.answer, due_ms=due, interval=interval, now_ms=now
        )

    def _entries(self, found: list[Announced], now_ms: int) -> list[Entry]:
        """With ids, each once; what is too old is noted, so that it is judged once."""
        now = datetime.datetime.fromtimestamp(now_ms / 1000, datetime.UTC)
        oldest = now - datetime.timedelta(days=self._settings.max_age_days)
        out: dict[str, Entry] = {}
        for entry in found:
            try:
                key = article_id(entry.url)
            except InputError as error:
                self._drop("no_address")
                self._log.info("entry without a web address", error=str(error))
                continue
            if key in out:
                continue
            known = self._state.article(key)
            if known is not None:
                out[key] = (key, entry, _updated(known, entry, now_ms), None)
            elif plan.effective_date(entry.published, now) < oldest:
                self._totals.too_old += 1
                self._drop("too_old")
                out[key] = (key, entry, None, "too_old")
            else:
                out[key] = (key, entry, now_ms, None)
        return list(out.values())

    # Pages that report a watched speaker.

    async def _read_reports(self, *, to_end: bool) -> None:
        delays = self._settings.revisit_seconds
        if not delays:
            return
        now = self._clock()
        known = self._state.offsets()
        since = now / 1000 - max(delays) - _SLACK_SECONDS
        found: Found = await asyncio.to_thread(self._reports.take, known, now / 1000, since=since, to_end=to_end)
        if found.article_ids or found.offsets:
            self._state.watched(
                found.article_ids, lambda article: next_visit_ms(article, delays, now), offsets=found.offsets
            )
        self._state.prune(now - int((min(delays) + _SLACK_SECONDS) * 1000))

    def _drop(self, why: str, count: int = 1) -> None:
        self._totals.drops[why] += count
        FETCH_DROPS.labels(why).inc(count)

    @staticmethod
    def _jittered(seconds: float) -> int:
        """Milliseconds, spread a little, so that sources do not come due all at once."""
        return int(plan.jittered(seconds, random.random()) * 1000)  # noqa: S311 - spreads load, decides nothing


def _updated(known: ArticleState, entry: Announced, now_ms: int) -> int | None:
    """When a known article is looked at again because its source says that it was updated since."""
    if entry.updated is None or not known.visits or known.last_ms is None:
        return None
    if not known.last_ms < epoch_ms(entry.updated) <= now_ms:
        return None
    when = plan.update_visit(known.last_ms / 1000, known.checks, now_ms / 1000)
    return None if when is None else int(when * 1000)
