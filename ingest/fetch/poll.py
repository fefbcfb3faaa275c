"""One poll of one source: what it announces now."""

import datetime
from dataclasses import dataclass, field
from typing import Literal

from ingest.fetch.announced import Announced
from ingest.fetch.feeds import parse_feed
from ingest.fetch.plan import FULL_EVERY
from ingest.fetch.polite import PoliteClient
from ingest.fetch.sitemaps import MAX_BYTES as SITEMAP_BYTES
from ingest.fetch.sitemaps import parse_sitemap
from ingest.fetch.state import SourceState
from ingest.sources import SourceEntry
from schemas.article import Outlet
from schemas.errors import FetchFailed, FetchRefused


@dataclass(frozen=True)
class Source:
    """An address that announces articles."""

    url: str
    kind: Literal["feed", "sitemap"]
    outlet: Outlet
    interval: float


@dataclass
class Poll:
    """``entries`` as they stand; validators for the next poll; ``floor``: the source asks for so many seconds."""

    entries: list[Announced] = field(default_factory=list)
    etag: str | None = None
    modified: str | None = None
    floor: float = 0.0


def sources_of(entries: list[SourceEntry], interval: float) -> list[Source]:
    """Feeds and sitemaps of all outlets; ``interval`` in seconds where an entry has none."""
    found = []
    for entry in entries:
        outlet, every = entry.as_outlet(), entry.interval or interval
        found += [Source(url, "feed", outlet, every) for url in entry.feeds]
        found += [Source(url, "sitemap", outlet, every) for url in entry.sitemaps]
    return found


def pages_of(entries: list[SourceEntry]) -> list[Announced]:
    """The addresses of articles that sources.yaml lists itself."""
    return [Announced(url=url, outlet=entry.as_outlet()) for entry in entries for url in entry.pages]


async def poll(client: PoliteClient, source: Source, known: SourceState | None, *, max_bytes: int) -> Poll:
    """Asks a source, conditionally where we know its last answer. Raises ``FetchFailed`` or ``FetchRefused``."""
    limit = SITEMAP_BYTES if source.kind == "sitemap" else max_bytes
    headers = {}
    if known is not None and (known.polls + 1) % FULL_EVERY:
        headers = {
            name: value
            for name, value in (("if-none-match", known.etag), ("if-modified-since", known.modified))
            if value
        }
    response = await client.get(source.url, limit=limit, headers=headers)
    floor = max(_max_age(response.headers.get("cache-control", "")), 0.0)
    if response.status == 304 and known is not None:
        return Poll(etag=known.etag, modified=known.modified, floor=floor)
    if response.status != 200:
        raise FetchFailed(f"{source.url}: status {response.status}")
    found = Poll(etag=response.headers.get("etag"), modified=response.headers.get("last-modified"), floor=floor)
    if source.kind == "feed":
        content_type = response.headers.get("content-type", "")
        found.entries = parse_feed(response.body, url=response.url, content_type=content_type, outlet=source.outlet)
    else:
        found.entries = await _sitemap(client, source, response.body, response.url)
    return found


def effective_date(entry: Announced, now: datetime.datetime) -> datetime.datetime:
    """When an entry counts as published for its age: not later than now, now where it has no date."""
    return min(entry.published or now, now)


async def _sitemap(client: PoliteClient, source: Source, body: bytes, url: str) -> list[Announced]:
    """The entries of a sitemap, or of the children of an index (not of theirs)."""
    top = parse_sitemap(body, url=url, outlet=source.outlet, source=source.url)
    entries = list(top.entries)
    for child in top.children:
        try:
            response = await client.get(child, limit=SITEMAP_BYTES)
            if response.status == 200:
                below = parse_sitemap(response.body, url=child, outlet=source.outlet, source=source.url)
                entries += below.entries
        except FetchRefused:
            # One broken child must not hide the others; the index itself is asked again anyway.
            continue
    return entries


def _max_age(value: str) -> float:
    for part in value.split(","):
        name, _, seconds = part.strip().partition("=")
        if name.lower() == "max-age" and seconds.isdigit():
            return min(float(seconds), 3600.0)
    return 0.0
