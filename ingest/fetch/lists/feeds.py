"""RSS, Atom and JSON Feed, from bytes. Nothing is looked up: no external entity, no address."""

import calendar
import codecs
import datetime
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import feedparser

from ingest.clean.metadata.dates import parse as parse_date
from ingest.fetch.announced import Announced, names, plain
from ingest.identity import host_of, site_of
from schemas.article import FeedFacts, Outlet
from schemas.errors import FetchRefused, InputError

MOST_ENTRIES = 1000
_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}encoding\s*=\s*["']([\w.:-]{1,40})["']""", re.IGNORECASE)
_PERIODS = {"hourly": 3600.0, "daily": 86400.0, "weekly": 7 * 86400.0, "monthly": 30 * 86400.0, "yearly": 365 * 86400.0}
# What feedparser lets out on input that it did not think of: `&#x110000;`, a NUL in the name of an encoding.
_FEEDPARSER_FAULTS = (
    ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError,
)  # fmt: skip
_EPOCH = datetime.datetime.min.replace(tzinfo=datetime.UTC)


@dataclass(frozen=True)
class Feed:
    """``ttl``: the feed asks to be left alone for so many seconds; ``dropped``: entries by why they were not taken."""

    entries: list[Announced]
    ttl: float = 0.0
    dropped: Counter[str] = field(default_factory=Counter)


def parse_feed(body: bytes, *, url: str, content_type: str, outlet: Outlet) -> Feed:
    """The entries of a feed that have a web address, the newest ``MOST_ENTRIES`` of them, in the feed's order.

    ``url`` is the feed's own, for relative links. Raises ``FetchRefused`` where the body is no feed, or declares
    entities.
    """
    if body.removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"{":
        return _bounded(list(_json_feed(body, url, outlet)))
    if _declares_entities(body, content_type):
        raise FetchRefused(f"{url}: the feed declares XML entities; such documents are not read", "xml_entities")
    headers = {"content-type": content_type, "content-location": url}
    try:
        found = feedparser.parse(io.BytesIO(body), response_headers=headers)
    except _FEEDPARSER_FAULTS as error:
        raise FetchRefused(f"{url}: is no feed: {type(error).__name__} {error}", "no_feed") from error
    if not found.entries and not found.get("version"):
        raise FetchRefused(f"{url}: is no feed ({found.get('bozo_exception') or 'no entries'})", "no_feed")
    lang = _language(found.feed.get("language"))
    return _bounded([_entry(entry, url, outlet, lang) for entry in found.entries], _ttl(found.feed))


def _bounded(found: list[Announced | None], ttl: float = 0.0) -> Feed:
    entries = [entry for entry in found if entry is not None]
    dropped = Counter({"no_address": len(found) - len(entries)})
    if len(entries) > MOST_ENTRIES:
        # Some feeds have the newest entry last; what has no date keeps its place among the newest.
        late = sorted(
            range(len(entries)), key=lambda n: (entries[n].published is None, entries[n].published or _EPOCH, -n)
        )
        kept = set(late[-MOST_ENTRIES:])
        dropped["too_many_entries"] = len(entries) - len(kept)
        entries = [entry for n, entry in enumerate(entries) if n in kept]
    return Feed(entries, ttl, +dropped)


def _ttl(feed: Any) -> float:
    """``<ttl>`` is in minutes; ``sy:updatePeriod`` divided by ``sy:updateFrequency`` (RSS 1.0 syndication module)."""
    found = 0.0
    if re.fullmatch(r"\d{1,6}", str(feed.get("ttl", "")).strip()):
        found = int(feed["ttl"]) * 60.0
    period = _PERIODS.get(str(feed.get("sy_updateperiod", "")).strip().lower())
    if period is not None:
        times = str(feed.get("sy_updatefrequency", "1")).strip()
        found = max(found, period / max(1, int(times) if re.fullmatch(r"\d{1,6}", times) else 1))
    return found


def _declares_entities(body: bytes, content_type: str) -> bool:
    """Whether an entity is declared, in any encoding in which a parser could read it."""
    if _ENTITY.search(body.replace(b"\0", b"")):
        return True
    declared = _DECLARED.search(body[:400])
    names = [declared[1].decode()] if declared else []
    names += re.findall(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", content_type, re.IGNORECASE)
    return any(_hides_ascii(name) for name in names)


def _hides_ascii(name: str) -> bool:
    """UTF-7, EBCDIC and the like, in which our look for entities would see nothing; no feed needs them."""
    try:
        codec = codecs.lookup(name)
    except LookupError:
        return False
    if codec.name in {"utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"}:
        return False
    try:
        return codec.name == "utf-7" or codec.decode(b"<!ENTITY")[0] != "<!ENTITY"
    except (UnicodeError, ValueError, TypeError):
        return True


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
        authors=names(author.get("name") for author in entry.get("authors", [])),
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


def _json_feed(body: bytes, url: str, outlet: Outlet) -> Iterator[Announced | None]:
    """https://www.jsonfeed.org/version/1.1/"""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise FetchRefused(f"{url}: is no feed: {error}", "no_feed") from error
    if not isinstance(data, dict) or not isinstance(data.get("items"), list):
        raise FetchRefused(f"{url}: JSON without items is no feed", "no_feed")
    for item in data["items"]:
        link = (item.get("url") or _address(item.get("id"))) if isinstance(item, dict) else None
        if not isinstance(item, dict) or not isinstance(link, str):
            yield None
            continue
        link = _text(link)
        named = item.get("authors")
        authors = named if isinstance(named, list) else []
        facts = FeedFacts(
            source=url,
            title=plain(_text(item.get("title"))),
            published=parse_date(str(item.get("date_published") or "")),
            authors=names(_text(author.get("name")) for author in authors if isinstance(author, dict)),
            lang=_language(item.get("language") or data.get("language")),
        )
        yield _announced(url, link, outlet, facts, parse_date(str(item.get("date_modified") or "")))


def _address(identity: object) -> str | None:
    """An item's id, which the format wants to be the item's address."""
    web = isinstance(identity, str) and identity.startswith(("https://", "http://"))
    return str(identity) if web else None


def _text(value: object) -> str:
    """JSON can escape half a surrogate pair, which no UTF-8 can say: a replacement character stands in for it."""
    return str(value or "").encode(errors="replace").decode()
