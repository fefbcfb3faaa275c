"""What would be found at an address, and what would be made of its first article: for a look, nothing is kept."""

import asyncio
import datetime
from dataclasses import dataclass, field

from ingest.body import pack
from ingest.clean import clean_page
from ingest.fetch.announced import Announced
from ingest.fetch.lists import sitemaps
from ingest.fetch.lists.discover import Place, discover, linked_feeds
from ingest.fetch.lists.feeds import parse_feed
from ingest.fetch.plan import id_after_redirect, id_of_canonical
from ingest.fetch.poll import DEPTH, MOST_OPENED
from ingest.fetch.web.http import Response
from ingest.fetch.web.polite import PoliteClient
from ingest.links import canonical_of
from runtime.counts import counted
from schemas.article import CleanArticle, Outlet, RawArticle, Seq, SkippedArticle
from schemas.errors import FetchFailed, FetchRefused
from schemas.message import epoch_ms


@dataclass(frozen=True)
class Preview:
    """``what``: feed, sitemap, index, robots.txt, home page or article; ``entries``: what it announces; ``places``:
    feeds and sitemaps found behind a home page; ``article``: the first article, cleaned, or why there is none.
    """

    url: str
    what: str
    entries: list[Announced] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    dropped: dict[str, int] = field(default_factory=dict)
    article: CleanArticle | SkippedArticle | None = None
    problem: str | None = None


async def preview(client: PoliteClient, url: str, outlet: Outlet, *, max_bytes: int) -> Preview:
    """Looks at ``url`` as the fetcher would. Raises ``FetchFailed`` or ``FetchRefused`` where it cannot be had."""
    if url.lower().endswith("/robots.txt"):
        named = sitemaps.of_robots(await client.sitemaps(url), url=url, outlet=outlet)
        return await _of_sitemaps(client, url, "robots.txt", named, outlet, max_bytes)
    response = await client.get(url, limit=max(max_bytes, sitemaps.MAX_BYTES))
    if response.status != 200:
        raise FetchFailed(f"{url}: status {response.status}", f"status_{response.status}")
    kind = response.headers.get("content-type", "")
    for look in ("feed", "sitemap"):
        try:
            if look == "feed":
                feed = parse_feed(response.body, url=response.url, content_type=kind, outlet=outlet)
                return await _with_first(
                    client, Preview(url, "feed", feed.entries, dropped=dict(feed.dropped)), max_bytes
                )
            found = sitemaps.parse_sitemap(response.body, url=response.url, outlet=outlet, source=url)
        except FetchRefused:
            continue
        if found.children:
            return await _of_sitemaps(client, url, "sitemap index", found.children, outlet, max_bytes)
        return await _with_first(client, Preview(url, "sitemap", found.entries, dropped=dict(found.dropped)), max_bytes)
    article = await _cleaned(Announced(url=url, outlet=outlet), response)
    if isinstance(article, SkippedArticle) and linked_feeds(response.body, response.url):
        places = await discover(client, url, outlet, max_bytes=max_bytes)
        return Preview(url, "home page", places=places, article=article)
    return Preview(url, "article", article=article)


async def _of_sitemaps(
    client: PoliteClient, url: str, what: str, links: list[str], outlet: Outlet, max_bytes: int
) -> Preview:
    """The first sitemap with entries, looked for as far as a poll would; one that cannot be read hides no other."""
    opened: list[str] = []
    error = ""
    for _ in range(DEPTH if what == "robots.txt" else DEPTH - 1):
        below: list[str] = []
        for link in links:
            if link in opened or len(opened) >= MOST_OPENED:
                continue
            opened.append(link)
            try:
                response = await client.get(link, limit=sitemaps.MAX_BYTES)
                if response.status != 200:
                    raise FetchFailed(f"{link}: status {response.status}", f"status_{response.status}")
                found = sitemaps.parse_sitemap(response.body, url=response.url, outlet=outlet, source=url)
            except (FetchFailed, FetchRefused) as failed:
                error = f"; {failed}"
                continue
            if found.entries:
                shown = Preview(url, what, found.entries, dropped=dict(found.dropped))
                return await _with_first(client, shown, max_bytes)
            below += found.children
        links = below
    return Preview(url, what, problem=f"{counted(len(opened), 'sitemap')} opened, none with entries of news{error}")


async def _with_first(client: PoliteClient, found: Preview, max_bytes: int) -> Preview:
    if not found.entries:
        return Preview(found.url, found.what, dropped=found.dropped, problem="it announces nothing")
    first = found.entries[0]
    try:
        response = await client.get(first.url, limit=max_bytes)
        article = await _cleaned(first, response)
    except (FetchFailed, FetchRefused) as error:
        return Preview(found.url, found.what, found.entries, dropped=found.dropped, problem=str(error))
    return Preview(found.url, found.what, found.entries, dropped=found.dropped, article=article)


async def _cleaned(announced: Announced, response: Response) -> CleanArticle | SkippedArticle:
    now = datetime.datetime.now(datetime.UTC)
    minted = id_after_redirect(announced.url, response.url)
    minted = id_of_canonical(minted, response.url, canonical_of(response.body, response.url))
    raw = RawArticle(
        article_id=minted,
        seq=Seq(epoch_ms(now), minted),
        url=announced.url,
        outlet=announced.outlet,
        fetched=now,
        media_type=response.media_type or "text/html",
        body=pack(response.body),
        final_url=response.url if response.url != announced.url else None,
        status=response.status,
        charset=response.charset,
        feed=announced.facts,
    )
    return await asyncio.to_thread(clean_page, raw)
