"""RSS, Atom and JSON Feed, from bytes. Nothing is looked up: no external entity, no address."""

import calendar
import datetime
import io
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

import feedparser

from ingest.clean.dates import parse as parse_date
from ingest.fetch.announced import Announced, plain
from ingest.identity import host_of, site_of
from schemas.article import FeedFacts, Outlet
from schemas.errors import FetchRefused, InputError

MOST_ENTRIES = 1000
_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)


def parse_feed(body: bytes, *, url: str, content_type: str, outlet: Outlet) -> list[Announced]:
    """The entries of a feed that have a web address, as they stand. ``url`` is the feed's own, for relative links.

    Raises ``FetchRefused`` where the body is no feed, or declares entities.
    """
    if body.lstrip()[:1] == b"{":
        return list(_json_feed(body, url, outlet))[:MOST_ENTRIES]
    if _ENTITY.search(body):
        raise FetchRefused(f"{url}: the feed declares XML entities; such documents are not read")
    headers = {"content-type": content_type, "content-location": url}
    found = feedparser.parse(io.BytesIO(body), response_headers=headers)
    if not found.entries and not found.get("version"):
        raise FetchRefused(f"{url}: is no feed ({found.get('bozo_exception') or 'no entries'})")
    lang = _language(found.feed.get("language"))
    entries = (_entry(entry, url, outlet, lang) for entry in found.entries[:MOST_ENTRIES])
    return [entry for entry in entries if entry is not None]


def outlet_of(link: str, outlet: Outlet) -> Outlet:
    """Who published what a source links to: the source's outlet, but for an aggregator's links to other sites."""
    host = host_of(link)
    if outlet.kind == "aggregator" and site_of(host) != site_of(outlet.id):
        return Outlet(id=host)
    return outlet


def _entry(entry: Any, url: str, outlet: Outlet, lang: str | None) -> Announced | None:
    link = entry.get("feedburner_origlink") or entry.get("link")
    if not link and str(entry.get("id", "")).startswith("http"):
        link = entry["id"]
    if not link:
        return None
    facts = FeedFacts(
        source=url,
        title=plain(entry.get("title")),
        published=_moment(entry, "published") or _moment(entry, "created") or _moment(entry, "updated"),
        authors=[name for author in entry.get("authors", []) if (name := plain(author.get("name")))],
        lang=_language(entry.get("language")) or lang,
    )
    return _announced(url, str(link).strip(), outlet, facts, _moment(entry, "updated"))


def _announced(
    base: str, link: str, outlet: Outlet, facts: FeedFacts, updated: datetime.datetime | None
) -> Announced | None:
    try:
        url = urljoin(base, link)
        return Announced(url=url, outlet=outlet_of(url, outlet), facts=facts, updated=updated)
    except (InputError, ValueError):
        return None


def _moment(entry: Any, key: str) -> datetime.datetime | None:
    # feedparser's own parsing is in UTC and loses the zone; it knows more formats, though.
    # Asked for with `in`, because feedparser gives `published` for an `updated` that is not there.
    if key in entry and (text := entry[key]) and (moment := parse_date(str(text))):
        return moment
    parsed = entry[f"{key}_parsed"] if f"{key}_parsed" in entry else None  # noqa: SIM401 - its get() has that fault, too
    try:
        return datetime.datetime.fromtimestamp(calendar.timegm(parsed), datetime.UTC) if parsed else None
    except (ValueError, OverflowError):
        return None


def _language(value: object) -> str | None:
    found = re.match(r"[A-Za-z]{2}(?=$|[-_])", str(value or ""))
    return found[0].lower() if found else None


def _json_feed(body: bytes, url: str, outlet: Outlet) -> Iterator[Announced]:
    """https://www.jsonfeed.org/version/1.1/"""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise FetchRefused(f"{url}: is no feed: {error}") from error
    if not isinstance(data, dict) or not isinstance(data.get("items"), list):
        raise FetchRefused(f"{url}: JSON without items is no feed")
    for item in data["items"]:
        link = item.get("url") if isinstance(item, dict) else None
        if not isinstance(link, str):
            continue
        link = _text(link)
        authors = item.get("authors") if isinstance(item.get("authors"), list) else []
        facts = FeedFacts(
            source=url,
            title=plain(_text(item.get("title"))),
            published=parse_date(str(item.get("date_published") or "")),
            authors=[n for a in authors if isinstance(a, dict) and (n := plain(_text(a.get("name"))))],
            lang=_language(item.get("language") or data.get("language")),
        )
        found = _announced(url, link, outlet, facts, parse_date(str(item.get("date_modified") or "")))
        if found is not None:
            yield found


def _text(value: object) -> str:
    """JSON can escape half a surrogate pair, which no UTF-8 can say: a replacement character stands in for it."""
    return str(value or "").encode(errors="replace").decode()
