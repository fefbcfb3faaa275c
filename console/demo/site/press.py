"""The whole press of the demo in one phase: every host's pages, feeds, sitemaps and robots.txt.

A pure function of the corpus and the phase, so two runs serve the same bytes.
"""

import datetime
from collections.abc import Iterable, Sequence

from console.demo.data import Article, Gold, Outlet
from console.demo.site import feeds, pages
from console.demo.site.fronts import Front, load_fronts
from console.demo.site.page import Host, Page


def press(gold: Gold, phase: int) -> dict[str, Host]:
    """Pages by host and path. Mirrors (``m.``, ``www.``) serve what their outlet serves."""
    by_id = {article.id: article for article in gold.articles}
    outlets = {outlet.outlet: outlet for outlet in gold.outlets}
    adverts = {row.id for row in gold.revisions if row.changes == "advert" and row.phase <= phase}
    hosts: dict[str, Host] = {}
    for name, front in load_fronts().items():
        articles = [article for article in gold.as_of(phase) if article.outlet == name]
        host = _pages(front, outlets, articles, by_id, adverts) | _machine_pages(front, outlets[name], articles)
        hosts |= dict.fromkeys((name, *front.mirrors), host)
    return hosts


def _pages(
    front: Front,
    outlets: dict[str, Outlet],
    articles: Sequence[Article],
    by_id: dict[str, Article],
    adverts: set[str],
) -> Host:
    outlet = outlets[front.outlet]
    host: Host = {"/": pages.section_page(front, outlet, articles, title=outlet.name)}
    for article in articles:
        original = by_id[article.copy_of] if article.copy_of and article.credited else None
        origin = outlets[original.outlet] if original else None
        for amp in (False, True) if front.amp else (False,):
            host[article.path + ("amp/" if amp else "")] = pages.article_page(
                front,
                outlet,
                article,
                original=original,
                origin=origin,
                related=_related(article, by_id.values()),
                new_advert=article.id in adverts,
                amp=amp,
            )
    for path, target in front.redirects.items():
        host[path] = Page(status=301, location=front.url + target, kind="redirect")
    for entry in front.entries:
        if entry.page == "section":
            host[entry.path] = pages.section_page(front, outlet, articles, title=entry.title)
        elif entry.page != "missing":
            host[entry.path] = pages.entry_page(front, outlet, entry)
    return host


def _related(article: Article, all_articles: Iterable[Article]) -> list[Article]:
    """Teasers: what the outlet had published before, in first versions.

    Late articles and corrected headlines are left out, or old pages would change with them.
    """
    return [
        other
        for other in all_articles
        if other.outlet == article.outlet and other.phase == 1 and other.published < article.published
    ]


def _machine_pages(front: Front, outlet: Outlet, articles: Sequence[Article]) -> Host:
    modified = max(article.modified or article.published for article in articles)
    host = {"/robots.txt": Page(body=feeds.robots(front), content_type="text/plain", modified=modified, kind="robots")}
    if front.feed_path:
        build = feeds.rss if front.feed == "rss" else feeds.atom
        body = build(front, outlet, feeds.feed_items(front, articles))
        host[front.feed_path] = _xml(body, f"application/{front.feed}+xml", modified, "feed", gzip=front.gzip)
    if front.sitemap == "news":
        host["/news-sitemap.xml"] = _xml(feeds.news_sitemap(outlet, articles), "text/xml", modified, "sitemap")
    elif front.sitemap == "index":
        host |= _sitemap_tree(front, outlet, articles, modified)
    return host


def _sitemap_tree(front: Front, outlet: Outlet, articles: Sequence[Article], modified: datetime.datetime) -> Host:
    """An index over two news sitemaps and one of the site's standing pages, which are no news."""
    middle = len(articles) // 2
    parts = {
        "/sitemap-pages.xml": feeds.news_sitemap(outlet, (), [f"{front.url}/", f"{front.url}/redaktsiya"]),
        "/sitemap-news-1.xml": feeds.news_sitemap(outlet, articles[:middle]),
        "/sitemap-news-2.xml": feeds.news_sitemap(outlet, articles[middle:]),
    }
    index = feeds.sitemap_index((front.url + path, modified) for path in parts)
    return {
        path: _xml(body, "text/xml", modified, "sitemap") for path, body in {"/sitemap.xml": index, **parts}.items()
    }


def _xml(body: bytes, media_type: str, modified: datetime.datetime, kind: str, *, gzip: bool = False) -> Page:
    return Page(body=body, content_type=media_type, modified=modified, kind=kind, gzip=gzip)
