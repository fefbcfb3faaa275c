"""One visit of one article: fetched, compared, published, remembered. What happens next is decided in ``plan``."""

import asyncio
import dataclasses
import datetime
import hashlib
import random
import re
from collections.abc import Callable

from ingest.body import pack
from ingest.fetch import plan
from ingest.fetch.memory.shards import Shard
from ingest.fetch.memory.state import ArticleState, State
from ingest.fetch.publish import Publisher
from ingest.fetch.revisions import Revisions
from ingest.fetch.totals import FetchTotals
from ingest.fetch.web.http import HostBusy, Response
from ingest.fetch.web.network import Outage
from ingest.fetch.web.polite import PoliteClient
from ingest.links import canonical_of
from runtime.logging import logger
from runtime.metrics import FETCHES
from runtime.settings import FetchSettings
from runtime.steps import step
from schemas.article import RawArticle, Seq
from schemas.errors import DEFECTS, FetchFailed, FetchRefused, InputError, MessageTooLarge, TimeRefused

_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml", "application/xml", "text/xml", ""})
# Declared so by servers that know no better; what they are is seen in the first bytes.
_SNIFFED = frozenset({"text/plain", "application/octet-stream", "binary/octet-stream"})
# A comment ends at its first end, so that there is one way only to read what a page may begin with.
_LOOKS_LIKE_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<!--(?:[^-]|-(?!->))*-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE
)
# Other answers have no page of the article: 202 is how some ask for a script to be run, 204 and 304 have no body,
# and what is left of 3xx leads nowhere.
_WITH_PAGE = frozenset({200, 203})
# While robots.txt cannot be had nothing may be fetched; that is no failure of the article.
_ROBOTS_SECONDS = 1800.0
_KEPT_HEADERS = ("content-type", "content-language", "last-modified", "etag", "date", "server")


class Visitor:
    """Visits articles for one fetcher. ``clock`` gives milliseconds since 1970."""

    def __init__(
        self,
        settings: FetchSettings,
        client: PoliteClient,
        state: State,
        publisher: Publisher,
        revisions: Revisions,
        totals: FetchTotals,
        *,
        shard: Shard,
        hand_on: Callable[[ArticleState, str], None],
        clock: Callable[[], int],
    ) -> None:
        self._settings = settings
        self._client = client
        self._state = state
        self._publisher = publisher
        self._revisions = revisions
        self._totals = totals
        self._shard = shard
        self._hand_on = hand_on
        self._clock = clock
        self._log = logger(__name__)
        # An alert asks whether none was published; of a counter that is not there it would hear nothing.
        FETCHES.labels("published")
        self._fetching: set[str] = set()
        self._delivering: set[str] = set()

    def has(self, article_id: str) -> bool:
        """Whether the article is being fetched or delivered."""
        return article_id in self._fetching or article_id in self._delivering

    async def visit(self, article: ArticleState) -> asyncio.Task[None] | None:
        """Fetches an article; returns the task of its delivery, where there is something to deliver."""
        if self._came_meanwhile(article):
            return None
        self._fetching.add(article.article_id)
        try:
            return await self._fetch(article)
        except (InputError, *DEFECTS) as error:
            # As in a poll: what one page is must not stop the others.
            self._log.exception("defect", article_id=article.article_id, url=article.announced.url)
            self._failed(article, f"{type(error).__name__}: {error}", "defect")
            return None
        finally:
            self._fetching.discard(article.article_id)

    def _came_meanwhile(self, article: ArticleState) -> bool:
        """Whether the article was visited under another of its addresses while it stood in line."""
        known = self._state.article(article.article_id)
        return article.article_id in self._delivering or (known is not None and known.visits != article.visits)

    async def _fetch(self, article: ArticleState) -> asyncio.Task[None] | None:
        url = article.announced.url
        try:
            response = await self._client.get(url, limit=self._settings.max_bytes, wants=_is_wanted)
        except FetchRefused as error:
            self._totals.refused += 1
            FETCHES.labels("refused").inc()
            self._totals.drop(error.why)
            self._log.info("refused", article_id=article.article_id, error=str(error))
            self._state.settled(article.article_id, f"refused: {error}")
            return None
        except FetchFailed as error:
            if isinstance(error, HostBusy | Outage) or error.why == "robots_unavailable":
                self._totals.postponed += 1
                wait = error.seconds if isinstance(error, HostBusy | Outage) else _ROBOTS_SECONDS
                due = self._clock() + self._delayed(wait)
                self._state.postponed(article.article_id, due_ms=due, note=str(error))
                return None
            self._failed(article, str(error), error.why)
            return None
        return await self._answered(article, _sniffed(response))

    def _failed(self, article: ArticleState, note: str, why: str) -> None:
        self._totals.failed += 1
        FETCHES.labels("failed").inc()
        self._log.info("failed", article_id=article.article_id, error=note)
        wait = plan.article_retry(article.failures + 1)
        self._totals.drop(why if wait is not None else "given_up")
        due = None if wait is None else self._clock() + self._delayed(wait)
        self._state.failed(article.article_id, due_ms=due, note=note)

    async def _answered(self, article: ArticleState, response: Response) -> asyncio.Task[None] | None:
        if response.status in {404, 410} and plan.is_gone(response.status, article.visits, article.failures):
            self._totals.gone += 1
            self._totals.drop("gone")
            if not article.visits:
                self._state.settled(article.article_id, f"gone: status {response.status}")
                return None
        elif response.status not in _WITH_PAGE:
            self._failed(article, f"status {response.status}", f"status_{response.status}")
            return None
        now = self._clock()
        asked = None
        if not article.visits:
            final, url = self._identity(article, response)
            if final != article.article_id:
                if self.has(final):
                    # It is just being fetched under its own address.
                    self._state.settled(article.article_id, f"same as {final}")
                    return None
                if not self._shard.owns(url):
                    self._hand_on(article, url)
                    self._state.settled(article.article_id, f"same as {final}")
                    return None
                asked = article.article_id
                self._state.stamp(final, article.announced, now)
                article = self._state.article(final) or article
                if article.visits:
                    # Seen under another of its addresses; what that one shows beside the article is no revision.
                    self._totals.unchanged += 1
                    self._state.settled(asked, f"same as {final}")
                    return None
        raw = self._raw(article, response, now)
        encoded = raw.encode()
        if article.visits and await self._is_same(article, response, encoded):
            self._totals.unchanged += 1
            due = self._next(article, now) if response.status < 400 else None
            self._state.unchanged(article.article_id, now_ms=now, body_hash=_digest(response), due_ms=due)
            return None
        self._delivering.add(article.article_id)
        return asyncio.create_task(self._publish(raw, encoded, article, response, now, asked))

    def _identity(self, article: ArticleState, response: Response) -> tuple[str, str]:
        """The id under which an answer counts, and the address that it is from."""
        minted = plan.id_after_redirect(article.announced.url, response.url)
        if response.status >= 400:
            return minted, response.url
        canonical = canonical_of(response.body, response.url)
        named = plan.id_of_canonical(minted, response.url, canonical)
        return named, canonical if named != minted and canonical else response.url

    def _raw(self, article: ArticleState, response: Response, now: int) -> RawArticle:
        announced = article.announced
        first = self._state.stamp(article.article_id, announced, now) if article.first_ms is None else article.first_ms
        return RawArticle(
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

    async def _is_same(self, article: ArticleState, response: Response, encoded: bytes) -> bool:
        if _digest(response) == article.body_hash:
            return True
        before = self._state.page(article.article_id)
        if before is None or response.status >= 400:
            return False
        return await self._revisions.same(before, encoded)

    async def _publish(
        self, raw: RawArticle, encoded: bytes, article: ArticleState, response: Response, now: int, asked: str | None
    ) -> None:
        try:
            step("fetch.fetched")
            sent = await self._publisher.publish(raw)
            step("fetch.confirmed")
            if not sent:
                self._totals.drop("forgotten")
                self._state.taken_out({raw.article_id, asked or raw.article_id})
                return
            gone = response.status >= 400
            # For as long as its speakers may become known, and then for as long as it is visited.
            page = None if gone or not self._settings.revisit_seconds else encoded
            self._state.confirmed(
                raw.article_id,
                visit=raw.visit,
                now_ms=now,
                body_hash=_digest(response),
                due_ms=None if gone else self._next(article, now, first_ms=raw.seq.ms),
                page=page,
            )
            if asked is not None:
                # Only now: before the confirmation a crash would lose the article.
                self._state.settled(asked, f"same as {raw.article_id}")
            step("fetch.noted")
        except MessageTooLarge as error:
            # However often it is fetched: a headline of megabytes, a body that compression makes no smaller.
            self._totals.refused += 1
            FETCHES.labels("refused").inc()
            self._totals.drop(error.reason)
            self._log.info("refused", article_id=raw.article_id, error=str(error))
            for article_id in {raw.article_id, asked or raw.article_id}:
                self._state.settled(article_id, f"refused: {error}")
            return
        except TimeRefused as error:
            # Clocks are set right some day; what was due is tried again, under whichever address it was.
            self._log.warning("refused", article_id=raw.article_id, error=str(error))
            self._failed(self._state.article(asked or raw.article_id) or article, str(error), error.reason)
            return
        finally:
            self._delivering.discard(raw.article_id)
        self._totals.published += 1
        self._totals.changed += raw.visit > 1
        FETCHES.labels("published").inc()

    def _next(self, article: ArticleState, now: int, first_ms: int | None = None) -> int | None:
        # Its report may have been read while the page was on its way: what we have of it may be old.
        article = self._state.article(article.article_id) or article
        if not article.watched:
            return None
        first = article.first_ms if article.first_ms is not None else first_ms
        return next_visit_ms(article, self._settings.revisit_seconds, now, first_ms=first, last_ms=now)

    @staticmethod
    def _delayed(seconds: float) -> int:
        """Milliseconds, spread a little, never earlier: most waits are those that a host asks for."""
        return int(plan.delayed(seconds, random.random()) * 1000)  # noqa: S311 - spreads load, decides nothing


def next_visit_ms(
    article: ArticleState, delays: list[float], now_ms: int, *, first_ms: int | None = None, last_ms: int | None = None
) -> int | None:
    """When a watched article is looked at again, in milliseconds since 1970."""
    first = article.first_ms if first_ms is None else first_ms
    last = article.last_ms if last_ms is None else last_ms
    if first is None:
        return None
    when = plan.next_visit(first / 1000, (first if last is None else last) / 1000, delays, now_ms / 1000)
    return None if when is None else int(when * 1000)


def _is_wanted(media_type: str) -> bool:
    return media_type in _HTML_TYPES or media_type in _SNIFFED


def _sniffed(response: Response) -> Response:
    """With the media type that the body has, where the declared one says nothing."""
    if response.media_type not in _SNIFFED:
        return response
    if _LOOKS_LIKE_HTML.match(response.body[:2000]):
        return dataclasses.replace(response, media_type="text/html")
    return response if response.media_type == "text/plain" else dataclasses.replace(response, body=b"")


def _digest(response: Response) -> str:
    return hashlib.sha256(str(response.status // 100).encode() + b"\0" + response.body).hexdigest()
