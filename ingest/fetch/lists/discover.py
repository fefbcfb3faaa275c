"""Where an outlet announces its articles, from the address of its home page: link tags, robots.txt, common places.

Whatever is found was opened and read; an address that only looks like a feed is none.
"""

import datetime
import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urljoin

from ingest.fetch.announced import Announced
from ingest.fetch.lists import sitemaps
from ingest.fetch.lists.feeds import parse_feed
from ingest.fetch.web.network import Outage
from ingest.fetch.web.polite import PoliteClient
from ingest.identity import host_of, normalise_url, site_of
from schemas.article import Outlet
from schemas.errors import FetchFailed, FetchRefused, InputError

_LINK = re.compile(rb"<(?:link|a)\b[^>]{0,1500}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\b(rel|type|href)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"})
_FEEDS = ("/rss", "/rss.xml", "/feed", "/feed/", "/atom.xml", "/feed.json", "/index.xml")
_SITEMAPS = ("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap_news.xml", "/news.xml", "/sitemap.xml")
# Per kind; a home page of a portal names a feed for each of its sections.
_MOST_TRIED = 12
_MOST_FOUND = 8
_HEAD_BYTES = 512 * 1024

Kind = Literal["feed", "sitemap"]


@dataclass(frozen=True)
class Place:
    """An address that announces articles. ``entries``: how many it has now; ``newest``: the latest of their dates."""

    url: str
    kind: Kind
    entries: int
    newest: datetime.datetime | None


async def discover(client: PoliteClient, home: str, outlet: Outlet, *, max_bytes: int) -> list[Place]:
    """Feeds of link tags, else of common places; sitemaps of robots.txt, else of common places.

    Raises ``FetchFailed`` or ``FetchRefused`` where the home page cannot be had, ``Outage`` wherever there is one.
    """
    page = await client.get(home, limit=max_bytes)
    if page.status != 200:
        raise FetchFailed(f"{home}: status {page.status}", f"status_{page.status}")
    found = await _feeds(client, linked_feeds(page.body, page.url), outlet, max_bytes)
    if not found:
        found = await _feeds(client, [urljoin(page.url, place) for place in _FEEDS], outlet, max_bytes, most=1)
    named = sitemaps.of_robots(await client.sitemaps(page.url), url=page.url, outlet=outlet)
    maps = await _sitemaps(client, named, outlet)
    if not maps and not found:
        maps = await _sitemaps(client, [urljoin(page.url, place) for place in _SITEMAPS], outlet, most=1)
    return [*found, *maps]


def linked_feeds(body: bytes, base: str) -> list[str]:
    """The feeds that a page's link tags name, on any host, in their order, each once."""
    found: dict[str, None] = {}
    for tag in _LINK.findall(body[:_HEAD_BYTES]):
        try:
            given = {
                name.lower(): html.unescape(double or single or bare).strip()
                for name, double, single, bare in _ATTRIBUTE.findall(tag.decode(errors="replace"))
            }
        except ValueError:
            # An entity of thousands of digits.
            continue
        if given.get("type", "").partition(";")[0].lower() not in _FEED_TYPES or "href" not in given:
            continue
        if tag[:5].lower() == b"<link" and "alternate" not in given.get("rel", "").lower():
            continue
        try:
            url = urljoin(base, given["href"])
            host_of(url)
        except (ValueError, InputError):
            continue
        if "/comments/" not in url:
            found[url] = None
    return [*found]


async def _feeds(
    client: PoliteClient, links: Iterable[str], outlet: Outlet, max_bytes: int, most: int = _MOST_FOUND
) -> list[Place]:
    out: list[Place] = []
    for link in _each_once(links):
        try:
            answer = await client.get(link, limit=max_bytes)
            if answer.status != 200:
                continue
            kind = answer.headers.get("content-type", "")
            entries = parse_feed(answer.body, url=answer.url, content_type=kind, outlet=outlet).entries
        except Outage:
            raise
        except (FetchFailed, FetchRefused):
            continue
        if entries:
            out.append(_place(link, "feed", entries))
        if len(out) >= most:
            break
    return out


async def _sitemaps(client: PoliteClient, links: Iterable[str], outlet: Outlet, most: int = _MOST_FOUND) -> list[Place]:
    out: list[Place] = []
    for link in _each_once(links):
        try:
            parsed = await _sitemap(client, link, outlet)
            # Of an index its first child tells: those that changed last, or are named for news, come first.
            for child in () if parsed.entries else parsed.children[:1]:
                parsed = await _sitemap(client, child, outlet)
        except Outage:
            raise
        except (FetchFailed, FetchRefused):
            continue
        if parsed.entries:
            out.append(_place(link, "sitemap", parsed.entries))
        if len(out) >= most:
            break
    return out


async def _sitemap(client: PoliteClient, url: str, outlet: Outlet) -> sitemaps.Sitemap:
    answer = await client.get(url, limit=sitemaps.MAX_BYTES)
    if answer.status != 200:
        raise FetchFailed(f"{url}: status {answer.status}", f"status_{answer.status}")
    return sitemaps.parse_sitemap(answer.body, url=answer.url, outlet=outlet, source=url)


def _each_once(links: Iterable[str]) -> list[str]:
    seen: dict[str, str] = {}
    for link in links:
        seen.setdefault(normalise_url(link), link)
    return [*seen.values()][:_MOST_TRIED]


def _place(url: str, kind: Kind, entries: list[Announced]) -> Place:
    dates = [entry.published for entry in entries if entry.published is not None]
    return Place(url, kind, len(entries), max(dates, default=None))


def outlet_at(url: str) -> Outlet:
    """The outlet of an address that no list names: its site."""
    return Outlet(id=site_of(host_of(url)))
