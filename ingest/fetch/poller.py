"""The sources of a fetcher: which are due, what they announce, and when they are asked again.

What a source says is read in ``poll``; when it is asked next is decided in ``plan``.
"""

import datetime
import random
from collections.abc import Callable

from ingest.fetch import plan
from ingest.fetch.announced import Announced
from ingest.fetch.health import with_discovered
from ingest.fetch.lists.discover import discover
from ingest.fetch.memory.handing_on import Others
from ingest.fetch.memory.state import ArticleState, Entry, SourceState, State
from ingest.fetch.poll import Poll, Source, pages_of, poll, sources_of
from ingest.fetch.totals import FetchTotals
from ingest.fetch.web.http import HostBusy
from ingest.fetch.web.network import Outage, Unreached
from ingest.fetch.web.polite import PoliteClient
from ingest.identity import article_id
from ingest.sources import SourceEntry
from runtime.logging import logger
from runtime.metrics import FETCHES
from runtime.settings import FetchSettings
from schemas.errors import DEFECTS, FetchFailed, FetchRefused, InputError
from schemas.message import epoch_ms


class Poller:
    """Polls ``sources`` for one fetcher; what is discovered joins them. ``clock`` gives milliseconds since 1970."""

    def __init__(
        self,
        settings: FetchSettings,
        sources: list[SourceEntry],
        client: PoliteClient,
        state: State,
        others: Others,
        totals: FetchTotals,
        *,
        clock: Callable[[], int],
    ) -> None:
        self.sources = with_discovered(state, sources_of(sources, settings.interval_seconds))
        self._pages = pages_of(sources)
        self._settings = settings
        self._client = client
        self._state = state
        self._others = others
        self._totals = totals
        self._clock = clock
        self._due: dict[str, int] = {}
        self._log = logger(__name__)

    def due(self) -> list[Source]:
        now = self._clock()
        for source in self.sources:
            if source.url not in self._due:
                known = self._state.source(source.url)
                self._due[source.url] = known.due_ms if known else now
        return [source for source in self.sources if self._due[source.url] <= now]

    def announce_pages(self) -> None:
        if not self._pages:
            return
        now = self._clock()
        self._totals.announced += self._state.announce(self._entries(self._pages, now), now_ms=now)

    async def poll(self, source: Source) -> None:
        known = self._state.source(source.url)
        self._totals.sources += 1
        try:
            await self._ask(source, known)
        except Outage as error:
            self._totals.source_failures += 1
            self._totals.drop(f"source_{error.why}")
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
            self._totals.drop(why, count)
        self._record(source, found, known.interval if known else source.interval)

    def _poll_failed(self, source: Source, known: SourceState | None, error: Exception, why: str) -> None:
        self._totals.source_failures += 1
        FETCHES.labels("source_failed").inc()
        self._totals.drop(f"source_{why}")
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
        known = {source.url for source in self.sources}
        self.sources += [one for one in with_discovered(self._state, [home]) if one.url not in known]
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
                self._totals.drop("no_address")
                self._log.info("entry without a web address", error=str(error))
                continue
            if key in out:
                continue
            known = self._state.article(key)
            if known is not None:
                out[key] = (key, entry, _updated(known, entry, now_ms, self._settings.revisit_seconds), None)
            elif plan.effective_date(entry.published, now) < oldest:
                self._totals.too_old += 1
                self._totals.drop("too_old")
                out[key] = (key, entry, None, "too_old")
            else:
                out[key] = (key, entry, now_ms, None)
        return list(out.values())

    @staticmethod
    def _jittered(seconds: float) -> int:
        """Milliseconds, spread a little, so that sources do not come due all at once."""
        return int(plan.jittered(seconds, random.random()) * 1000)  # noqa: S311 - spreads load, decides nothing


def _updated(known: ArticleState, entry: Announced, now_ms: int, delays: list[float]) -> int | None:
    """When a known article is looked at again because its source says that it was updated since. ``delays``: after
    those a page that reports a watched speaker is looked at anyway; such looks say nothing of the source's word.
    """
    if entry.updated is None or not known.visits or known.last_ms is None:
        return None
    if not known.last_ms < epoch_ms(entry.updated) <= now_ms:
        return None
    first, last = (known.first_ms or known.last_ms) / 1000, known.last_ms / 1000
    if known.watched:
        anyway = sum(first + delay <= last for delay in delays)
        in_vain = max(0, known.checks - known.visits - anyway)
        when = plan.correction_visit(first, last, in_vain, now_ms / 1000)
    else:
        when = plan.update_visit(last, known.checks, now_ms / 1000)
    return None if when is None else int(when * 1000)
