"""The machine-readable side of an outlet: RSS, Atom, news sitemaps and robots.txt.

Times are those of the corpus. A feed lists what a careless newsroom's would: tracking parameters, mobile and AMP
addresses, an entry twice, a section page, something that is gone, something that robots.txt forbids.
"""

import datetime
import email.utils
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from console.demo.data import Article, Outlet, url_of
from console.demo.site.fronts import Front

_ATOM = "http://www.w3.org/2005/Atom"
_DC = "http://purl.org/dc/elements/1.1/"
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
for _prefix, _namespace in (("atom", _ATOM), ("dc", _DC), ("news", _NEWS)):
    ET.register_namespace(_prefix, _namespace)

_TEASER_WORDS = 24


class FeedItem(NamedTuple):
    link: str
    title: str
    published: datetime.datetime
    updated: datetime.datetime | None
    authors: tuple[str, ...]
    section: str
    teaser: str


def feed_items(front: Front, articles: Iterable[Article]) -> list[FeedItem]:
    """What the outlet's feed lists, newest first; an article may be in it under several addresses."""
    items = []
    for article in articles:
        if front.feed_only and article.id not in front.feed_only:
            continue
        teaser = " ".join(article.text.split()[:_TEASER_WORDS]) + " …"
        about = (article.title, article.published, article.modified, article.authors, article.section, teaser)
        links = front.links.get(article.id) or (_tracked(url_of(article), front.feed_query),)
        items += [FeedItem(link, *about) for link in links]
    items += [FeedItem(front.url + e.path, e.title, e.at, None, (), "", e.title) for e in front.entries]
    return sorted(items, key=lambda item: (item.published, item.link), reverse=True)


def rss(front: Front, outlet: Outlet, items: Sequence[FeedItem]) -> bytes:
    root = ET.Element("rss", version="2.0")
    channel = ET.SubElement(root, "channel")
    _texts(channel, title=outlet.name, link=f"{front.url}/", description=outlet.about, language=outlet.lang)
    for item in items:
        entry = ET.SubElement(channel, "item")
        _texts(entry, title=item.title, link=item.link, description=item.teaser)
        ET.SubElement(entry, "guid", isPermaLink="false").text = item.link
        ET.SubElement(entry, "pubDate").text = email.utils.format_datetime(item.published)
        if item.updated:
            ET.SubElement(entry, f"{{{_ATOM}}}updated").text = item.updated.isoformat()
        if item.section:
            ET.SubElement(entry, "category").text = item.section
        for author in item.authors:
            ET.SubElement(entry, f"{{{_DC}}}creator").text = author
    return _xml(root, front.charset)


def atom(front: Front, outlet: Outlet, items: Sequence[FeedItem]) -> bytes:
    root = ET.Element("feed", xmlns=_ATOM)
    _texts(root, title=outlet.name, id=f"{front.url}/", subtitle=outlet.about)
    root.set("xml:lang", outlet.lang)
    ET.SubElement(root, "link", rel="self", href=f"{front.url}{front.feed_path}")
    ET.SubElement(root, "updated").text = max(item.updated or item.published for item in items).isoformat()
    for item in items:
        entry = ET.SubElement(root, "entry")
        _texts(entry, title=item.title, id=item.link, summary=item.teaser)
        ET.SubElement(entry, "link", rel="alternate", type="text/html", href=item.link)
        _texts(entry, published=item.published.isoformat(), updated=(item.updated or item.published).isoformat())
        for author in item.authors:
            _texts(ET.SubElement(entry, "author"), name=author)
    return _xml(root, front.charset)


def news_sitemap(outlet: Outlet, articles: Iterable[Article], others: Iterable[str] = ()) -> bytes:
    """``others`` are addresses without a ``news:`` entry, which a reader of news has to leave alone."""
    root = ET.Element("urlset", xmlns=_SITEMAP)
    for address in others:
        _texts(ET.SubElement(root, "url"), loc=address)
    for article in articles:
        url = ET.SubElement(root, "url")
        _texts(url, loc=url_of(article), lastmod=(article.modified or article.published).isoformat())
        news = ET.SubElement(url, f"{{{_NEWS}}}news")
        publication = ET.SubElement(news, f"{{{_NEWS}}}publication")
        ET.SubElement(publication, f"{{{_NEWS}}}name").text = outlet.name
        ET.SubElement(publication, f"{{{_NEWS}}}language").text = outlet.lang
        ET.SubElement(news, f"{{{_NEWS}}}publication_date").text = article.published.isoformat()
        ET.SubElement(news, f"{{{_NEWS}}}title").text = article.title
    return _xml(root, "utf-8")


def sitemap_index(addresses: Iterable[tuple[str, datetime.datetime]]) -> bytes:
    root = ET.Element("sitemapindex", xmlns=_SITEMAP)
    for address, modified in addresses:
        _texts(ET.SubElement(root, "sitemap"), loc=address, lastmod=modified.isoformat())
    return _xml(root, "utf-8")


def robots(front: Front) -> bytes:
    lines = ["User-agent: *"]
    lines += [f"Disallow: {path}" for path in front.disallow] or ["Disallow:"]
    if front.crawl_delay is not None:
        lines.append(f"Crawl-delay: {front.crawl_delay}")
    if front.sitemap_path:
        lines += ["", f"Sitemap: {front.url}{front.sitemap_path}"]
    return ("\n".join(lines) + "\n").encode()


def _tracked(url: str, query: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}{query}" if query else url


def _texts(parent: ET.Element, **children: str) -> None:
    for tag, text in children.items():
        ET.SubElement(parent, tag).text = text


def _xml(root: ET.Element, charset: str) -> bytes:
    ET.indent(root)
    return bytes(ET.tostring(root, encoding=charset, xml_declaration=True))
