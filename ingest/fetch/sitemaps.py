"""News sitemaps and sitemap indices: only ``news:`` entries, bounded in number and size, no entities.

A sitemap may speak only for its own site and for the outlet that it is listed under.
"""

import datetime
from dataclasses import dataclass, field
from urllib.parse import urljoin
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml import ElementTree as Xml

from ingest.clean.dates import parse as parse_date
from ingest.fetch.announced import Announced, plain
from ingest.fetch.http import inflate
from ingest.identity import host_of, site_of
from schemas.article import FeedFacts, Outlet
from schemas.errors import FetchRefused, InputError

MAX_BYTES = 16 * 1024 * 1024
MOST_ENTRIES = 2000
MOST_CHILDREN = 20
_OLDEST = datetime.datetime.min.replace(tzinfo=datetime.UTC)


@dataclass
class Sitemap:
    """``children``: addresses of the sitemaps of an index, those changed last first."""

    entries: list[Announced] = field(default_factory=list)
    children: list[str] = field(default_factory=list)


def parse_sitemap(body: bytes, *, url: str, outlet: Outlet, source: str) -> Sitemap:
    """Reads a sitemap or an index. ``source`` is the address that sources.yaml names.

    Raises ``FetchRefused`` where it is no sitemap, too large, or has a DTD or entities.
    """
    if body[:2] == b"\x1f\x8b":
        opened = inflate(body, MAX_BYTES)
        if opened is None:
            raise FetchRefused(f"{url}: opens to more than {MAX_BYTES} bytes")
        body = opened
    try:
        root = Xml.fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise FetchRefused(f"{url}: is no sitemap: {type(error).__name__} {error}") from error
    sites = {site_of(host_of(url)), site_of(outlet.id)}
    match _local(root):
        case "sitemapindex":
            return Sitemap(children=_children(root, url, sites))
        case "urlset":
            return Sitemap(entries=_entries(root, url, outlet, source, sites))
        case other:
            raise FetchRefused(f"{url}: is no sitemap: its root is <{other}>")


def _children(root: Element, url: str, sites: set[str]) -> list[str]:
    found = []
    for node in root:
        link = _text(node, "loc")
        if _local(node) == "sitemap" and link and _speaks_for(link, sites):
            found.append((parse_date(_text(node, "lastmod") or "") or _OLDEST, urljoin(url, link)))
    found.sort(key=lambda pair: pair[0], reverse=True)
    return [link for _, link in found[:MOST_CHILDREN]]


def _entries(root: Element, url: str, outlet: Outlet, source: str, sites: set[str]) -> list[Announced]:
    found = []
    for node in root:
        news = _child(node, "news")
        link = _text(node, "loc")
        if news is None or not link or not _speaks_for(link, sites):
            continue
        publication = _child(news, "publication")
        facts = FeedFacts(
            source=source,
            title=plain(_text(news, "title")),
            published=parse_date(_text(news, "publication_date") or ""),
            lang=(_text(publication, "language") or "")[:2].lower() or None if publication is not None else None,
        )
        updated = parse_date(_text(node, "lastmod") or "")
        found.append(Announced(url=urljoin(url, link), outlet=outlet, facts=facts, updated=updated))
        if len(found) >= MOST_ENTRIES:
            break
    return found


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
