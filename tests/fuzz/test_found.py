"""What fuzzing found, each as its smallest example: nothing else is raised than what is ours, nothing else is lost."""

from typing import Any

import pytest

from ingest.fetch.lists.sitemaps import parse_sitemap
from ingest.identity import MAX_URL_CHARS, article_id, host_of, normalise_url
from schemas import SkippedArticle
from schemas.errors import FetchRefused, InputError
from tests.fuzz.targets import OUTLET, TARGETS, URL

CHECKS = {target.name: target.check for target in TARGETS}
RSS = b'<?xml version="1.0" encoding="%s"?><rss version="2.0"><channel><title>t</title><ttl>%s</ttl></channel></rss>'
SKIPPED = (
    b'{"article_id": "a", "seq": [2, "a"], "url": "u", "outlet": {"id": "o"}, "fetched": "0001-01-01T00:00:00+0001", '
    b'"reason": "empty_text"}'
)
PARAGRAPH = b"The ferries will sail on Monday, the invented minister said in the port of Ankara; nobody believed him. "
FOUND: list[tuple[str, Any]] = [
    # feedparser: a character that there is not; a NUL in the name of an encoding.
    ("feeds", RSS % (b"utf-8", b"&#x110000;")),
    ("feeds", RSS % (b"\x00utf-8", b"")),
    # htmldate drops the root of a page that begins with an iframe.
    ("pages", b"\x00<!\x00<!doctype html\x00<head></head><body><iframe><p> " + PARAGRAPH + b"</p></body></html>"),
    # pymorphy3 asks the name of a character that has none.
    ("statements", ("ru", "Aa\U00017000 ")),
    # A noun of promising, or "according to", has nothing behind it.
    ("statements", ("en", "Rubio laughed at Moscow's “stamped” promise.")),
    ("statements", ("ar", "قال لافروف إن المفاعل جاهز وفق")),
    ("statements", ("es", "Según")),
    # A quotation behind a conjunction and nothing else.
    ("statements", ("en", "Lavrov in Baku\nAnd “Go home.”")),
    # The zone moves the moment before the first year: an error that the stages take for a dead letter.
    ("messages", (SkippedArticle, SKIPPED)),
    ("addresses", "http://."),
    ("sitemaps", b'<urlset xmlns:n="urn:news"><url><loc>http://[</loc><n:news></n:news></url></urlset>'),
]  # fmt: skip


@pytest.mark.parametrize(("target", "value"), FOUND, ids=[f"{n}-{name}" for n, (name, _) in enumerate(FOUND)])
def test_what_was_found_once_holds(target: str, value: Any) -> None:
    CHECKS[target](value)


def test_an_address_that_is_none_costs_a_sitemap_only_its_own_entry() -> None:
    entry = "<url><loc>{}</loc><n:news><n:title>t</n:title></n:news></url>"
    body = '<urlset xmlns:n="urn:news">' + entry.format("http://[") + entry.format("/a") + "</urlset>"
    found = parse_sitemap(body.encode(), url=URL, outlet=OUTLET, source=URL)
    assert [one.url for one in found.entries] == ["https://paper.example/a"]
    assert found.dropped == {"other_site": 1}


def test_a_feed_that_breaks_its_reader_is_refused_by_name() -> None:
    from ingest.fetch.lists.feeds import parse_feed

    with pytest.raises(FetchRefused, match="is no feed: ValueError"):
        parse_feed(RSS % (b"utf-8", b"&#x110000;"), url=URL, content_type="application/rss+xml", outlet=OUTLET)


def test_an_address_in_many_caches_is_read_without_recursion() -> None:
    wrapped = "http://a.cdn.ampproject.org/c/" + "a.cdn.ampproject.org/c/" * 340 + "paper.example/a"
    assert normalise_url(wrapped) == "https://paper.example/a"


def test_an_address_without_end_is_none() -> None:
    with pytest.raises(InputError, match="at most 8192"):
        article_id("http://paper.example/" + "a" * MAX_URL_CHARS)
    with pytest.raises(InputError, match="dots alone"):
        host_of("http://...")
