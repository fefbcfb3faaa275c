"""One poll of one source: what it announces now."""

import asyncio
import datetime
import functools
import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from ingest.fetch import plan
from ingest.fetch.announced import Announced
from ingest.fetch.lists import sitemaps
from ingest.fetch.lists.feeds import parse_feed
from ingest.fetch.memory.state import SourceState
from ingest.fetch.web.http import Response
from ingest.fetch.web.polite import PoliteClient
from ingest.sources import SourceEntry
from schemas.article import Outlet
from schemas.errors import FetchFailed, FetchRefused

Kind = Literal["feed", "sitemap", "robots", "home"]
"""``home``: a home page, whose feeds and sitemaps are looked for now and then."""
# An index of indices is followed so deep; so many sitemaps are opened in one poll.
DEPTH = 3
MOST_OPENED = 20
_SMALL_BYTES = 16_384


@dataclass(frozen=True)
class Source:
    """An address that announces articles."""

    url: str
    kind: Kind
    outlet: Outlet
    interval: float


@dataclass
class Poll:
    """``entries`` as they stand, empty where the answer is that of the last poll (``answer``: its hash); ``floor``:
    the source asks to be left alone for so many seconds; ``dropped``: what was not taken, by reason.
    """

    entries: list[Announced] = field(default_factory=list)
    answer: str = ""
    floor: float = 0.0
    dropped: Counter[str] = field(default_factory=Counter)


def sources_of(entries: Iterable[SourceEntry], interval: float) -> list[Source]:
    """Feeds, sitemaps and home pages of all outlets; ``interval`` in seconds where an entry has none."""
    found = []
    for entry in entries:
        outlet, every = entry.as_outlet(), entry.interval or interval
        found += [Source(url, "feed", outlet, every) for url in entry.feeds]
        found += [Source(url, kind_of_sitemap(url), outlet, every) for url in entry.sitemaps]
        found += [Source(url, "home", outlet, every) for url in ([entry.discover] if entry.discover else [])]
    return found


def kind_of_sitemap(url: str) -> Kind:
    """``robots`` where the address is that of a robots.txt, which names the sitemaps."""
    return "robots" if urlsplit(url).path.lower() == "/robots.txt" else "sitemap"


def pages_of(entries: Iterable[SourceEntry]) -> list[Announced]:
    """The addresses of articles that sources.yaml lists itself."""
    return [Announced(url=url, outlet=entry.as_outlet()) for entry in entries for url in entry.pages]


async def poll(
    client: PoliteClient, source: Source, known: SourceState | None, *, max_bytes: int, now: datetime.datetime
) -> Poll:
    """Asks a source, conditionally where its answer is in the cache. Raises ``FetchFailed`` or ``FetchRefused``."""
    full = known is not None and (known.polls + known.failures + 1) % plan.FULL_EVERY == 0
    if source.kind == "robots":
        named = sitemaps.of_robots(await client.sitemaps(source.url), url=source.url, outlet=source.outlet)
        return await _Walk(client, source, full=full, now=now).open(named, index=True)
    if source.kind == "sitemap":
        return await _Walk(client, source, full=full, now=now).open([source.url], index=False)
    response = await _ask(client, source.url, max_bytes, full=full)
    answer = hashlib.sha256(response.body).hexdigest()
    if known is not None and answer == known.answer:
        # The same bytes were read before, and their entries are in the state: nothing can be new in them.
        return Poll(answer=answer, floor=plan.floor(response.headers, 0.0, now))
    content_type = response.headers.get("content-type", "")
    parse = functools.partial(
        parse_feed, response.body, url=response.url, content_type=content_type, outlet=source.outlet
    )
    # In a thread: a feed of thousands of entries takes seconds, and the others' answers are waiting. A small one takes
    # less time than it takes two threads to agree on whose turn it is.
    feed = parse() if len(response.body) <= _SMALL_BYTES else await asyncio.to_thread(parse)
    return Poll(feed.entries, answer, plan.floor(response.headers, feed.ttl, now), feed.dropped)


class _Walk:
    """The way through an index: breadth first, each sitemap once, bounded in number and depth."""

    def __init__(self, client: PoliteClient, source: Source, *, full: bool, now: datetime.datetime) -> None:
        self._client = client
        self._source = source
        self._full = full
        self._now = now
        self._opened: set[str] = set()
        self._found = Poll()

    async def open(self, links: list[str], *, index: bool) -> Poll:
        """``index``: these come from an index, so one that is broken must not hide the others."""
        for depth in range(DEPTH):
            below: list[str] = []
            for link in links:
                if link in self._opened:
                    continue
                if len(self._opened) >= MOST_OPENED + (not index):
                    self._found.dropped["too_many_sitemaps"] += 1
                    continue
                self._opened.add(link)
                try:
                    below += await self._one(link)
                except FetchRefused as error:
                    if not index and depth == 0:
                        raise
                    self._found.dropped[error.why] += 1
            links = below
        self._found.dropped["too_deep"] += len([link for link in links if link not in self._opened])
        self._found.dropped = +self._found.dropped
        return self._found

    async def _one(self, link: str) -> list[str]:
        response = await _ask(self._client, link, sitemaps.MAX_BYTES, full=self._full)
        self._found.floor = max(self._found.floor, plan.floor(response.headers, 0.0, self._now))
        parsed = await asyncio.to_thread(
            sitemaps.parse_sitemap,
            response.body,
            url=response.url,
            outlet=self._source.outlet,
            source=self._source.url,
        )
        self._found.entries += parsed.entries
        self._found.dropped += parsed.dropped
        return parsed.children


async def _ask(client: PoliteClient, url: str, limit: int, *, full: bool) -> Response:
    if full:
        await client.forget(url)
    response = await client.get(url, limit=limit, cached=True)
    if response.status != 200:
        raise FetchFailed(f"{url}: status {response.status}", f"status_{response.status}")
    return response
