"""The fetcher's loop: polls sources that are due, visits articles that are due, and remembers.

Sources are polled in ``poller``, articles visited in ``visit``; what is known is in ``state``. This module only says
when each begins, and waits for what is under way.
"""

import asyncio
import math
from collections import deque
from collections.abc import Callable, Collection, Coroutine
from typing import Any

from ingest.fetch.health import look
from ingest.fetch.hung import Hung
from ingest.fetch.memory.forgetting import Forgetting
from ingest.fetch.memory.handing_on import Others
from ingest.fetch.memory.shards import Shard
from ingest.fetch.memory.state import ArticleState, State
from ingest.fetch.poll import Source
from ingest.fetch.poller import Poller
from ingest.fetch.publish import Publisher
from ingest.fetch.reported import Found, Reports
from ingest.fetch.revisions import Revisions
from ingest.fetch.totals import FetchTotals
from ingest.fetch.visit import Visitor, next_visit_ms
from ingest.fetch.web.polite import PoliteClient
from ingest.identity import host_of
from ingest.sources import SourceEntry
from runtime.health import Health
from runtime.settings import FetchSettings
from runtime.watch import end

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

    ``clock`` gives milliseconds since 1970; ``others`` opens the state of another shard; ``taken_out`` gives the
    articles that were taken out for good since it was called last; ``service`` is told whether it does its work,
    ``hung`` what is under way.
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
        taken_out: Callable[[], Collection[str]] = tuple,
        progress: Progress | None = None,
        service: Health | None = None,
        hung: Hung | None = None,
    ) -> None:
        self._settings = settings
        self._client = client
        self._service = service or Health()
        self._hung = hung or Hung(math.inf)
        self._state = state
        self._stop = stop
        self._reports = reports
        self._clock = clock
        self._taken_out = taken_out
        self._progress = progress
        self._forgetting = Forgetting(state, settings)
        self._totals = FetchTotals()
        handing = Others(shard, others, self._totals, clock)
        self._poller = Poller(settings, sources, client, state, handing, self._totals, clock=clock)
        self._visitor = Visitor(
            settings, client, state, publisher, revisions, self._totals,
            shard=shard, hand_on=handing.hand_on_page, clock=clock,
        )  # fmt: skip
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._ready: dict[str, deque[ArticleState]] = {}
        self._queued: set[str] = set()
        self._refill_at = 0.0
        self._deliveries: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(_MOST_DELIVERIES)
        self._changed = asyncio.Event()
        self._error: BaseException | None = None

    async def once(self, *, only_due: bool = False) -> FetchTotals:
        """Asks every source once (or those that are due), then visits what is due, each article once at most."""
        self._poller.announce_pages()
        self._take_out()
        await self._read_reports(to_end=True)
        waiting = deque(self._poller.due() if only_due else self._poller.sources)
        seen: set[str] = set()
        count = len(self._poller.sources)
        while not self._ended:
            self._say()
            waiting.extend(self._poller.sources[count:])
            count = len(self._poller.sources)
            self._begin_polls(waiting)
            # Visits begin once all sources have spoken: the earliest publication goes first.
            more = not waiting and not self._polling and self._begin_visits(seen)
            if not (waiting or more or self._tasks or self._deliveries):
                break
            self._end_where_hung()
            await self._something(_TICK_SECONDS, at_once=True)
        # Whoever runs us by the clock has no other time for it.
        self._forgetting.whole(self._clock())
        return await self._finish()

    async def forever(self) -> FetchTotals:
        """Polls and visits until ``stop``."""
        self._poller.announce_pages()
        reports_at = health_at = forget_at = 0.0
        loop = asyncio.get_running_loop()
        while not self._ended:
            self._say()
            if loop.time() >= reports_at and "reports" not in self._tasks:
                reports_at = loop.time() + _REPORTS_SECONDS
                self._begin("reports", self._read_reports(to_end=False))
            self._end_where_hung()
            if loop.time() >= health_at:
                health_at = loop.time() + _HEALTH_SECONDS
                self._totals.silent = look(self._state, self._poller.sources, self._clock())
            if loop.time() >= forget_at:
                forget_at = loop.time() + _FORGET_SECONDS
                self._forgetting.step(self._clock())
                self._take_out()
            self._begin_polls(deque(self._poller.due()))
            self._begin_visits(None)
            await self._something(_TICK_SECONDS)
        return await self._finish()

    # The loop's parts.

    def _end_where_hung(self) -> None:
        if (reason := self._hung.reason()) is not None:
            end(reason)

    def _say(self) -> None:
        """Whether it can do its work."""
        if self._client.away:
            self._service.waiting("any site to be reached: the network is away")
        else:
            self._service.ready()

    @property
    def _ended(self) -> bool:
        return self._stop.is_set() or self._error is not None

    @property
    def _polling(self) -> int:
        return sum(key.startswith("poll ") for key in self._tasks)

    def _begin_polls(self, waiting: deque[Source]) -> None:
        polling = self._polling
        while waiting and polling < _MOST_POLLS:
            source = waiting.popleft()
            if f"poll {source.url}" not in self._tasks:
                self._begin(f"poll {source.url}", self._poller.poll(source))
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
            self._hung.moved()
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
        self._hung.begun(key)

        def ended(done: asyncio.Task[None]) -> None:
            self._tasks.pop(key, None)
            self._hung.ended(key)
            self._note(done)

        task.add_done_callback(ended)

    def _note(self, done: asyncio.Task[None]) -> None:
        if not done.cancelled() and done.exception() is not None:
            self._error = self._error or done.exception()
        self._changed.set()
        if self._progress is not None:
            self._progress(self._totals)

    async def _something(self, seconds: float, *, at_once: bool = False) -> None:
        """Waits until a task has ended, the end is asked for, or the time is over."""
        self._changed.clear()
        waits = [asyncio.create_task(event.wait()) for event in (self._stop, self._changed)]
        try:
            await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        if not at_once and self._changed.is_set() and not self._ended:
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
        self._totals.silent = look(self._state, self._poller.sources, self._clock())
        if self._error is not None:
            raise self._error
        return self._totals

    def _take_out(self) -> None:
        if ids := self._taken_out():
            self._state.taken_out(ids)

    # Pages that report a watched speaker.

    async def _read_reports(self, *, to_end: bool) -> None:
        delays = self._settings.revisit_seconds
        now = self._clock()
        if not delays:
            self._state.prune(now)
            return
        known = self._state.offsets()
        since = now / 1000 - max(delays) - _SLACK_SECONDS
        found: Found = await asyncio.to_thread(self._reports.take, known, now / 1000, since=since, to_end=to_end)
        if found.article_ids or found.offsets:
            self._state.watched(
                found.article_ids, lambda article: next_visit_ms(article, delays, now), offsets=found.offsets
            )
        self._state.prune(now - int((min(delays) + _SLACK_SECONDS) * 1000))
