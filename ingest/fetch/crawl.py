"""The fetcher's loop: polls sources that are due, fetches articles that are due, publishes, and remembers.

All of its decisions are in ``plan``; what it knows is in ``state``; this module only brings them together.
"""

import asyncio
import datetime
import hashlib
import random
import time
from collections.abc import Callable, Coroutine
from typing import Any

from ingest.body import pack
from ingest.fetch import plan
from ingest.fetch.announced import Announced
from ingest.fetch.http import Response
from ingest.fetch.polite import PoliteClient
from ingest.fetch.poll import Poll, Source, effective_date, pages_of, poll, sources_of
from ingest.fetch.publish import Publisher
from ingest.fetch.state import ArticleState, State
from ingest.fetch.totals import FetchTotals
from ingest.identity import article_id
from ingest.sources import SourceEntry
from runtime.logging import logger
from runtime.metrics import FETCHES
from runtime.settings import Settings
from schemas.article import RawArticle, Seq
from schemas.errors import FetchFailed, FetchRefused, InputError
from schemas.message import epoch_ms

Progress = Callable[[FetchTotals], None]

_PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml", "application/xml", "text/xml", "text/plain", ""})
_KEPT_HEADERS = ("content-type", "content-language", "last-modified", "etag", "date", "server")
_MOST_BUSY = 256
_TICK_SECONDS = 0.5
_GRACE_SECONDS = 10.0


class Crawl:
    """One run of the fetcher. ``stop`` is set from outside; ``run`` returns when all that was begun is settled."""

    def __init__(
        self,
        settings: Settings,
        sources: list[SourceEntry],
        publisher: Publisher,
        client: PoliteClient,
        state: State,
        *,
        stop: asyncio.Event,
        progress: Progress | None = None,
    ) -> None:
        self._settings = settings.fetch
        self._sources = sources_of(sources, settings.fetch.interval_seconds)
        self._pages = pages_of(sources)
        self._publisher = publisher
        self._client = client
        self._state = state
        self._stop = stop
        self._progress = progress
        self._totals = FetchTotals()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._publishing: set[asyncio.Task[None]] = set()
        self._error: BaseException | None = None
        self._log = logger(__name__)

    async def once(self) -> FetchTotals:
        """Asks every source once, then fetches what is due, each article once at most."""
        self._announce_pages()
        for source in self._sources:
            self._begin(source.url, self._poll(source))
        await self._settle()
        seen: set[str] = set()
        while not self._stop.is_set() and not self._error:
            due = [a for a in self._state.due(_now_ms(), len(seen) + 10_000) if a.article_id not in seen]
            if not due:
                break
            for article in due:
                seen.add(article.article_id)
                self._begin(article.article_id, self._fetch(article))
            await self._settle()
        return await self._finish()

    async def forever(self) -> FetchTotals:
        """Polls and fetches until ``stop``."""
        self._announce_pages()
        while not self._stop.is_set() and not self._error:
            now = _now_ms()
            for source in self._sources:
                known = self._state.source(source.url)
                if (known is None or known.due_ms <= now) and source.url not in self._tasks:
                    self._begin(source.url, self._poll(source))
            room = _MOST_BUSY - len(self._tasks)
            for article in self._state.due(now, _MOST_BUSY + 1) if room > 0 else ():
                if article.article_id not in self._tasks and len(self._tasks) < _MOST_BUSY:
                    self._begin(article.article_id, self._fetch(article))
            await self._stopped_within(_TICK_SECONDS)
        return await self._finish()

    def _begin(self, key: str, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work, name=key)
        self._tasks[key] = task

        def ended(done: asyncio.Task[None]) -> None:
            self._tasks.pop(key, None)
            if not done.cancelled() and done.exception() is not None:
                self._error = self._error or done.exception()
            if self._progress is not None:
                self._progress(self._totals)

        task.add_done_callback(ended)

    async def _settle(self) -> None:
        """Waits until all tasks are done, or the end is asked for."""
        while self._tasks and not self._error and not await self._stopped_within(0.0):
            stopped = asyncio.create_task(self._stop.wait())
            await asyncio.wait({*self._tasks.values(), stopped}, return_when=asyncio.FIRST_COMPLETED)
            stopped.cancel()

    async def _stopped_within(self, seconds: float) -> bool:
        if self._stop.is_set():
            return True
        try:
            await asyncio.wait_for(self._stop.wait(), seconds) if seconds else await asyncio.sleep(0)
        except TimeoutError:
            return False
        return self._stop.is_set()

    async def _finish(self) -> FetchTotals:
        """What is being delivered is waited for and marked; what is only being fetched is dropped unmarked."""
        for task in [*self._tasks.values()]:
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        if self._publishing:
            done, _ = await asyncio.wait(self._publishing, timeout=_GRACE_SECONDS)
            for task in done:
                self._error = self._error or task.exception()
        if self._error is not None:
            raise self._error
        return self._totals

    def _announce_pages(self) -> None:
        if not self._pages:
            return
        known = self._state.source("pages")
        self._totals.announced += self._state.polled(
            "pages",
            self._entries(self._pages),
            etag=None,
            modified=None,
            due_ms=known.due_ms if known else 0,
            interval=0.0,
        )

    async def _poll(self, source: Source) -> None:
        known = self._state.source(source.url)
        last = known.interval if known else source.interval
        self._totals.sources += 1
        try:
            found = await poll(self._client, source, known, max_bytes=self._settings.max_bytes)
        except (FetchFailed, FetchRefused) as error:
            self._totals.source_failures += 1
            FETCHES.labels("source_failed").inc()
            wait = plan.after_failure((known.failures if known else 0) + 1, base=source.interval)
            self._log.warning("source failed", source=source.url, error=str(error), again_in_seconds=round(wait))
            self._state.poll_failed(source.url, due_ms=_now_ms() + self._jittered(wait), interval=last, note=str(error))
            return
        new = self._record(source, found, last)
        self._totals.announced += new

    def _record(self, source: Source, found: Poll, last: float) -> int:
        entries = self._entries(found.entries)
        new = sum(when is not None and self._state.article(key) is None for key, _, when, _ in entries)
        interval = plan.next_interval(last, base=source.interval, new=new)
        return self._state.polled(
            source.url,
            entries,
            etag=found.etag,
            modified=found.modified,
            due_ms=_now_ms() + self._jittered(max(interval, found.floor)),
            interval=interval,
        )

    def _entries(self, found: list[Announced]) -> list[tuple[str, Announced, int | None, str | None]]:
        """With ids, each once; what is too old is noted, so that it is judged once."""
        now = datetime.datetime.now(datetime.UTC)
        oldest = now - datetime.timedelta(days=self._settings.max_age_days)
        out: dict[str, tuple[str, Announced, int | None, str | None]] = {}
        for entry in found:
            try:
                key = article_id(entry.url)
            except InputError as error:
                self._log.info("entry without a web address", error=str(error))
                continue
            if key in out:
                continue
            if effective_date(entry, now) < oldest:
                self._totals.too_old += self._state.article(key) is None
                out[key] = (key, entry, None, "too_old")
            else:
                out[key] = (key, entry, epoch_ms(now), None)
        return list(out.values())

    async def _fetch(self, article: ArticleState) -> None:
        url = article.announced.url
        try:
            response = await self._client.get(url, limit=self._settings.max_bytes, wants=_is_page)
        except FetchRefused as error:
            self._totals.refused += 1
            FETCHES.labels("refused").inc()
            self._log.info("refused", article_id=article.article_id, error=str(error))
            self._state.settled(article.article_id, f"refused: {error}")
            return
        except FetchFailed as error:
            self._failed(article, str(error))
            return
        await self._answered(article, response)

    def _failed(self, article: ArticleState, note: str) -> None:
        self._totals.failed += 1
        FETCHES.labels("failed").inc()
        self._log.info("failed", article_id=article.article_id, error=note)
        wait = plan.article_retry(article.failures + 1)
        due = None if wait is None else _now_ms() + self._jittered(wait)
        self._state.failed(article.article_id, due_ms=due, note=note)

    async def _answered(self, article: ArticleState, response: Response) -> None:
        if response.status in {404, 410}:
            self._totals.gone += 1
            if not article.visits:
                self._state.settled(article.article_id, f"gone: status {response.status}")
                return
        elif response.status >= 400:
            self._failed(article, f"status {response.status}")
            return
        now = _now_ms()
        asked = None
        if not article.visits and (final := plan.id_after_redirect(article.announced.url, response.url)):
            if final in self._tasks and final != article.article_id:
                # It is just being fetched under its own address.
                self._state.settled(article.article_id, f"same as {final}")
                return
            if final != article.article_id:
                asked = article.article_id
                self._state.stamp(final, article.announced, now)
                article = self._state.article(final) or article
        if article.visits and _digest(response) == article.body_hash:
            self._totals.unchanged += 1
            self._state.unchanged(article.article_id, now_ms=now, due_ms=self._next_check(article, now))
            if asked is not None:
                self._state.settled(asked, f"same as {article.article_id}")
            return
        await self._deliver(article, response, now, asked)

    async def _deliver(self, article: ArticleState, response: Response, now: int, asked: str | None) -> None:
        """``asked``: the id of the address that was asked for, where the answer came from that of another article."""
        announced = article.announced
        first = self._state.stamp(article.article_id, announced, now)
        raw = RawArticle(
            article_id=article.article_id,
            seq=Seq(first, article.article_id),
            url=announced.url,
            outlet=announced.outlet,
            fetched=datetime.datetime.fromtimestamp(now / 1000, datetime.UTC),
            media_type=response.media_type or "text/html",
            body=pack(response.body) if response.status < 400 else b"",
            final_url=response.url if response.url != announced.url else None,
            status=response.status,
            charset=response.charset,
            http_headers={name: value for name in _KEPT_HEADERS if (value := response.headers.get(name))},
            feed=announced.facts,
            visit=article.visits + 1,
        )
        task = asyncio.create_task(self._publish(raw, article, response, now, asked))
        self._publishing.add(task)
        task.add_done_callback(self._publishing.discard)
        # A stop cancels this task, not the delivery: it ends marked or, where Kafka fails, unmarked.
        await asyncio.shield(task)

    async def _publish(
        self, raw: RawArticle, article: ArticleState, response: Response, now: int, asked: str | None
    ) -> None:
        await self._publisher.publish(raw)
        due = None if response.status >= 400 else self._next_check(article, raw.seq.ms)
        self._state.confirmed(raw.article_id, visit=raw.visit, now_ms=now, body_hash=_digest(response), due_ms=due)
        if asked is not None:
            # Only now: before the confirmation a crash would lose the article.
            self._state.settled(asked, f"same as {raw.article_id}")
        self._totals.published += 1
        self._totals.changed += raw.visit > 1
        FETCHES.labels("published").inc()

    def _next_check(self, article: ArticleState, first_ms: int) -> int | None:
        first = (article.first_ms if article.first_ms is not None else first_ms) / 1000
        when = plan.next_check(first, article.checks + 1, self._settings.revisit_seconds)
        return None if when is None else int(when * 1000)

    @staticmethod
    def _jittered(seconds: float) -> int:
        """Milliseconds, spread a little, so that sources do not come due all at once."""
        return int(plan.jittered(seconds, random.random()) * 1000)  # noqa: S311 - spreads load, decides nothing


def _is_page(media_type: str) -> bool:
    return media_type in _PAGE_TYPES


def _digest(response: Response) -> str:
    return hashlib.sha256(str(response.status // 100).encode() + b"\0" + response.body).hexdigest()


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
