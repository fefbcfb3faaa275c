"""What is fuzzed, and what must hold whatever comes: a value that is well-formed, or a named error of ours."""

import contextlib
import datetime
import functools
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from ingest.clean.page import clean_page
from ingest.fetch.lists.discover import linked_feeds
from ingest.fetch.lists.feeds import MOST_ENTRIES, parse_feed
from ingest.fetch.lists.sitemaps import parse_sitemap
from ingest.identity import article_id, host_of, normalise_url
from ingest.imports import import_paths
from ingest.links import canonical_of
from processors.annotate.core import annotate
from processors.annotate.entities import Gazetteer, load_gazetteer
from processors.annotate.knowledge import knowledge_of
from processors.dispatch import reports_of
from schemas import CleanArticle, Message, Outlet, RawArticle, SkippedArticle, headers_of
from schemas.errors import DEFECTS, CleanError, FetchRefused, InputError, MessageError
from tests.builders import clean_article, raw_article
from tests.fuzz import inputs
from tests.fuzz.constructions import constructions
from tests.fuzz.splices import spliced

DAY = datetime.datetime(2026, 6, 3, 12, tzinfo=datetime.UTC)
OUTLET = Outlet(id="paper.example")
URL = "https://paper.example/feed"


@dataclass(frozen=True)
class Target:
    """``check`` fails where something does not hold for one of ``inputs``."""

    name: str
    inputs: st.SearchStrategy[Any]
    check: Callable[[Any], None]


def message(given: tuple[type[Message], bytes]) -> None:
    kind, value = given
    try:
        found = kind.decode(value)
    except MessageError:
        return
    assert kind.decode(found.encode()).encode() == found.encode()
    if hasattr(found, "message_id"):
        # A time without a year is nobody's: a defect of that record, which ends as a dead letter.
        with contextlib.suppress(*DEFECTS):
            assert headers_of(found, "fuzz")


def feed(body: bytes) -> None:
    for content_type in ("application/rss+xml", "text/xml; charset=windows-1251"):
        try:
            found = parse_feed(body, url=URL, content_type=content_type, outlet=OUTLET)
        except FetchRefused:
            continue
        assert len(found.entries) <= MOST_ENTRIES
        for entry in found.entries:
            assert host_of(entry.url)
            assert entry.facts is not None
            assert_sendable(raw_article(b"", feed=entry.facts, url=entry.url))


def sitemap(body: bytes) -> None:
    try:
        found = parse_sitemap(body, url=URL, outlet=OUTLET, source=URL)
    except FetchRefused:
        return
    for link in (*found.children, *(entry.url for entry in found.entries)):
        assert host_of(link).endswith("paper.example")
    for entry in found.entries:
        assert_sendable(raw_article(b"", feed=entry.facts, url=entry.url))


def page(body: bytes) -> None:
    given = raw_article(body, fetched=DAY)
    try:
        found = clean_page(given)
    except CleanError:
        return
    assert_sendable(found)
    assert found == clean_page(given)
    if isinstance(found, CleanArticle):
        assert found.published is None or found.published <= DAY
    canonical = canonical_of(body, URL)
    assert canonical is None or article_id(canonical)
    for link in linked_feeds(body, URL):
        assert host_of(link)


def statements(given: tuple[str, str]) -> None:
    lang, text = given
    title, _, body = text.partition("\n")
    article = clean_article(title, body, at=DAY, lang=lang)
    found = annotate(article, gazetteer=_gazetteer())
    full = article.full_text
    for one in (*found.entities, *found.statements):
        assert 0 <= one.start < one.end <= len(full)
        assert full[one.start : one.end] == one.text
    assert_sendable(found)
    for report in reports_of(found, ["any"], known=knowledge_of(_gazetteer())):
        assert_sendable(report)


def file(given: tuple[str, bytes]) -> None:
    suffix, body = given
    kept = _Kept()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"x{suffix}")
        path.write_bytes(body)
        totals = import_paths([path], kept, now=DAY)  # type: ignore[arg-type]
    assert totals.imported == len(kept.raw)
    for one in kept.raw:
        assert_sendable(one)


def address(link: str) -> None:
    try:
        normal = normalise_url(link)
    except InputError:
        return
    assert normalise_url(normal) == normal
    assert article_id(link) == article_id(normal)
    assert host_of(normal)


class _Kept:
    def __init__(self) -> None:
        self.raw: list[RawArticle] = []

    async def publish(self, one: RawArticle) -> bool:
        self.raw.append(one)
        return True


def assert_sendable(found: Any) -> None:
    """It passes through a topic unchanged, headers and all."""
    assert type(found).decode(found.encode(), headers_of(found, "fuzz")) == found
    if isinstance(found, CleanArticle | SkippedArticle):
        assert "\x00" not in found.encode().decode()


@functools.cache
def _gazetteer() -> Gazetteer:
    return load_gazetteer()


TARGETS = (
    Target("messages", inputs.messages(), message),
    Target("feeds", inputs.feeds, feed),
    Target("sitemaps", inputs.sitemaps, sitemap),
    Target("pages", inputs.pages, page),
    Target("statements", inputs.prose(), statements),
    Target("splices", spliced(), statements),
    Target("constructions", constructions(), statements),
    Target("files", inputs.files, file),
    Target("addresses", inputs.links | st.text(max_size=40).map(lambda tail: f"http://{tail}"), address),
)
