"""News sitemaps and sitemap indices: only ``news:`` entries, bounded in number and size, no entities.

A sitemap may speak only for its own site and for the outlet that it is listed under.
"""

import datetime
import zlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urljoin
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml import ElementTree as Xml

from ingest.clean.metadata.dates import parse as parse_date
from ingest.fetch.announced import Announced, plain
from ingest.fetch.web.http import inflate
from ingest.identity import host_of, site_of
from schemas.article import FeedFacts, Outlet
from schemas.errors import FetchRefused, InputError

MAX_BYTES = 16 * 1024 * 1024
MOST_ENTRIES = 2000
MOST_CHILDREN = 20
_OLDEST = datetime.datetime.min.replace(tzinfo=datetime.UTC)


@dataclass
class Sitemap:
    """``children``: addresses of the sitemaps of an index, those changed last first. ``dropped``: by reason."""

    entries: list[Announced] = field(default_factory=list)
    children: list[str] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)


def parse_sitemap(body: bytes, *, url: str, outlet: Outlet, source: str) -> Sitemap:
    """Reads a sitemap or an index. ``source`` is the address that sources.yaml names.

    Raises ``FetchRefused`` where it is no sitemap, too large, or has a DTD or entities.
    """
    if body[:2] == b"\x1f\x8b":
        try:
            opened = inflate(body, MAX_BYTES)
        except zlib.error as error:
            raise FetchRefused(f"{url}: broken gzip: {error}", "broken_body") from error
        if opened is None:
            raise FetchRefused(f"{url}: opens to more than {MAX_BYTES} bytes", "too_large")
        body = opened
    try:
        root = Xml.fromstring(body, forbid_dtd=True)
    except DefusedXmlException as error:
        raise FetchRefused(f"{url}: has a DTD or entities: {type(error).__name__}", "xml_entities") from error
    except (ParseError, ValueError, LookupError) as error:
        raise FetchRefused(f"{url}: is no sitemap: {type(error).__name__} {error}", "no_sitemap") from error
    sites = {site_of(host_of(url)), site_of(outlet.id)}
    match _local(root):
        case "sitemapindex":
            return _index(root, url, sites)
        case "urlset":
            return _urls(root, url, outlet, source, sites)
        case other:
            raise FetchRefused(f"{url}: is no sitemap: its root is <{other}>", "no_sitemap")


def choose(links: Iterable[tuple[str, datetime.datetime | None]], *, most: int) -> list[str]:
    """Which sitemaps are opened: those changed last, and of those without a date the ones that are named for news."""
    order = sorted(dict(links).items(), key=lambda pair: (pair[1] or _OLDEST, "news" in pair[0].lower()), reverse=True)
    return [link for link, _ in order[:most]]


def of_robots(links: list[str], *, url: str, outlet: Outlet) -> list[str]:
    """The sitemaps that a robots.txt names, as far as they are of its own site or the outlet's."""
    sites = {site_of(host_of(url)), site_of(outlet.id)}
    return choose(((link, None) for link in links if _speaks_for(link, sites)), most=MOST_CHILDREN)


def _index(root: Element, url: str, sites: set[str]) -> Sitemap:
    found: list[tuple[str, datetime.datetime | None]] = []
    dropped: Counter[str] = Counter()
    for node in root:
        link = _text(node, "loc")
        if _local(node) != "sitemap" or not link:
            continue
        link = _joined(url, link)
        if _speaks_for(link, sites):
            found.append((link, parse_date(_text(node, "lastmod") or "")))
        else:
            dropped["other_site"] += 1
    children = choose(found, most=MOST_CHILDREN)
    dropped["too_many_sitemaps"] = len(dict(found)) - len(children)
    return Sitemap(children=children, dropped=+dropped)


def _urls(root: Element, url: str, outlet: Outlet, source: str, sites: set[str]) -> Sitemap:
    found: list[tuple[Element, Element, str, datetime.datetime | None]] = []
    dropped: Counter[str] = Counter()
    for node in root:
        news = _child(node, "news")
        link = _text(node, "loc")
        if news is None or not link:
            continue
        link = _joined(url, link)
        if not _speaks_for(link, sites):
            dropped["other_site"] += 1
            continue
        found.append((node, news, link, parse_date(_text(news, "publication_date") or "")))
    if len(found) > MOST_ENTRIES:
        # Many are written on at their end; what has no date keeps its place among the newest.
        dropped["too_many_entries"] = len(found) - MOST_ENTRIES
        late = sorted(range(len(found)), key=lambda n: (found[n][3] is None, found[n][3] or _OLDEST, -n))
        found = [found[n] for n in sorted(late[-MOST_ENTRIES:])]
    entries = []
    for node, news, link, published in found:
        publication = _child(news, "publication")
        facts = FeedFacts(
            source=source,
            title=plain(_text(news, "title")),
            published=published,
            lang=(_text(publication, "language") or "")[:2].lower() or None if publication is not None else None,
        )
        updated = parse_date(_text(node, "lastmod") or "")
        entries.append(Announced(url=link, outlet=outlet, facts=facts, updated=updated))
    return Sitemap(entries=entries, dropped=+dropped)


def _joined(base: str, link: str) -> str:
    """``link`` itself where it cannot be joined: it is no address then, and speaks for nobody."""
    try:
        return urljoin(base, link)
    except ValueError:
        return link


def _speaks_for(link: str, sites: set[str]) -> bool:
    try:
        return site_of(host_of(link)) in sites
    except InputError:
        return False


def _local(node: Element) -> str:
    return node.tag.rpartition("}")[2].lower() if isinstance(node.tag, str) else ""


def _child(node: Element, name: str) -> Element | None:
    return next((child for child in node if _local(child) == name), None)


def _text(node: Element, name: str) -> str | None:
    child = _child(node, name)
    return child.text.strip() if child is not None and child.text else None
