"""What a fetcher that runs for months meets: each against a real server that misbehaves so. All texts are synthetic.

The table of docs/ingest.md, "What it survives", has a line for each of these.
"""

import contextlib
import datetime
import gzip
import http.server
import shutil
import socket
import ssl
import subprocess
import threading
import tracemalloc
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from ingest.body import unpack
from ingest.clean import clean_page
from ingest.fetch import FetchTotals
from ingest.fetch.memory.state import State
from ingest.fetch.plan import FULL_EVERY
from schemas import CleanArticle
from tests.press import NOW, Answer, Clock, Kept, Press, once, page, source

pytestmark = pytest.mark.e2e

HOUR = 3600.0
LIMIT = 200_000
Handler = http.server.BaseHTTPRequestHandler


@pytest.fixture
def press() -> Iterator[Press]:
    with Press() as made:
        yield made


def head(request: Handler, *headers: tuple[str, str]) -> None:
    request.send_response(200)
    for name, value in (("Content-Type", "text/html; charset=utf-8"), *headers):
        request.send_header(name, value)
    request.end_headers()


def trickle(_press: Press, request: Handler) -> None:
    head(request, ("Content-Length", "100000"))
    gone = threading.Event()
    with contextlib.suppress(OSError):
        for _ in range(400):
            request.wfile.write(b"x")
            gone.wait(0.02)


def pour(_press: Press, request: Handler) -> None:
    """Bytes without an end, or to a length that is declared."""
    head(request)
    with contextlib.suppress(OSError):
        while True:
            request.wfile.write(b"x" * 65536)


def hundred_megabytes(press: Press, request: Handler) -> None:
    head(request, ("Content-Length", "100000000"))
    with contextlib.suppress(OSError):
        for _ in range(1600):
            request.wfile.write(b"x" * 62500)
            press.open_now["sent"] += 62500


def to(where: str) -> Answer:
    return Answer(status=302, headers={"Location": where})


PACKED = {"Content-Encoding": "gzip"}
# Name, route, what became of the page, and the reason under which it is counted.
PAGES: list[tuple[str, Answer | Callable[[Press, Handler], None], str, str]] = [
    ("slow bytes", trickle, "failed", "timeout"),
    ("endless body", pour, "refused", "too_large"),
    ("100 MB body", hundred_megabytes, "refused", "too_large"),
    ("gzip bomb", Answer(gzip.compress(b"<p>" + b"a" * 50_000_000), headers=PACKED), "refused", "too_large"),
    ("truncated gzip", Answer(gzip.compress(page(1))[:-20], headers=PACKED), "failed", "broken_body"),
    ("gzip that is none", Answer(page(1), headers=PACKED), "failed", "broken_body"),
    ("redirect loop", to("/1"), "refused", "redirects"),
    ("redirect to loopback", to("http://127.0.0.1:9/secret"), "refused", "private_address"),
    ("redirect to a name of loopback", to("http://localhost:9/secret"), "refused", "private_address"),
    ("redirect to link-local", to("http://169.254.169.254/latest/"), "refused", "private_address"),
    ("redirect to IPv6 loopback", to("http://[::1]:9/secret"), "refused", "private_address"),
    ("redirect to a file", to("file:///etc/hostname"), "refused", "scheme"),
    ("redirect to ftp", to("ftp://one.example/1"), "refused", "scheme"),
    ("redirect to nowhere", to("http://[bad"), "refused", "scheme"),
]


@pytest.mark.parametrize(("route", "fate", "why"), [case[1:] for case in PAGES], ids=[case[0] for case in PAGES])
def test_a_bad_page_ends_as_expected_and_the_others_go_on(
    route: Answer | Callable[[Press, Handler], None], fate: str, why: str, press: Press, tmp_path: Path
) -> None:
    press.feed("one.example", "/1")
    press.feed("two.example", "/2")
    press.routes |= {"one.example/1": route, "two.example/2": Answer(page(2))}
    text = source(feeds=["http://one.example/rss"]) + source(outlet="two.example", feeds=["http://two.example/rss"])
    kept = Kept()
    tracemalloc.start()
    try:
        totals = once(press, tmp_path, kept, text, attempts=1, timeout_seconds=1.0, max_bytes=LIMIT)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert getattr(totals, fate) == 1
    assert totals.drops[why] == 1
    assert kept.visits() == {"two.example/2": [1]}, "the others go on"
    assert not [hit for hit in press.hits if "secret" in hit or "latest" in hit]
    assert press.open_now["sent"] < 20_000_000
    assert peak < 40_000_000


def test_names_are_checked_at_the_connection(press: Press, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that was public at the first look and is private at the second (DNS rebinding) is not connected to."""
    asked = []

    def rebinding(host: str, port: int, *_: object, **__: object) -> list[tuple[object, ...]]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", press.port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    text = source(outlet="rebind.example", feeds=[f"http://rebind.example:{press.port}/rss"])
    totals = once(press, tmp_path, Kept(), text, attempts=1)
    assert totals.drops["source_private_address"] == 1
    assert asked
    assert press.hits == []


def test_wrong_content_types(press: Press, tmp_path: Path) -> None:
    press.feed("one.example", "/octets", "/plain", "/image", "/none")
    feed = press.routes["one.example/rss"]
    assert isinstance(feed, Answer)
    feed.kind = "text/html"
    kinds = {"octets": "application/octet-stream", "plain": "text/plain", "image": "image/png", "none": ""}
    press.routes |= {f"one.example/{name}": Answer(page(name), kind=kind) for name, kind in kinds.items()}
    kept = Kept()
    assert once(press, tmp_path, kept).published == 4
    found = {raw.url.rpartition("/")[2]: raw for raw in kept.raw}
    assert all(isinstance(clean_page(found[name]), CleanArticle) for name in ("octets", "plain", "none"))
    assert unpack(found["image"].body) == b""


def test_invalid_tls(press: Press, tmp_path: Path) -> None:
    """A server that speaks no TLS, and where openssl is at hand one whose certificate nobody has signed."""
    hosts = {"one.example": press.port}
    context = self_signed(tmp_path)
    served = None
    if context is not None:
        served = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
        served.socket = context.wrap_socket(served.socket, server_side=True)
        hosts["two.example"] = served.server_address[1]
        threading.Thread(target=served.serve_forever, args=(0.02,), daemon=True).start()
    try:
        text = "".join(source(outlet=host, feeds=[f"https://{host}/rss"]) for host in hosts)
        resolve = {host: f"127.0.0.1:{port}" for host, port in hosts.items()}
        totals = once(press, tmp_path, Kept(), text, resolve=resolve)
    finally:
        if served is not None:
            served.shutdown()
            served.server_close()
    # robots.txt comes first, and cannot be had for the same reason.
    assert totals.source_failures == totals.drops["source_robots_unavailable"] == len(hosts)
    with State(tmp_path / "fetch.sqlite") as state:
        notes = [known.note or "" for host in hosts if (known := state.source(f"https://{host}/rss"))]
    assert all("SSL" in note or "CERTIFICATE" in note for note in notes)


def self_signed(folder: Path) -> ssl.SSLContext | None:
    openssl = shutil.which("openssl")
    if openssl is None:
        return None
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=two.example",
         "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


def test_304_for_ever(press: Press, tmp_path: Path) -> None:
    press.feed("one.example", "/1")
    feeds = {"now": press.routes["one.example/rss"]}

    def frozen(_press: Press, request: Handler) -> Answer:
        feed = feeds["now"]
        assert isinstance(feed, Answer)
        if request.headers.get("If-None-Match"):
            return Answer(status=304, headers={"ETag": '"one"'})
        return Answer(feed.body, kind=feed.kind, headers={"ETag": '"one"'})

    press.routes |= {"one.example/rss": frozen, "one.example/1": Answer(page(1)), "one.example/2": Answer(page(2))}
    kept = Kept()
    once(press, tmp_path, kept)
    press.feed("one.example", "/1", "/2")
    feeds["now"] = press.routes["one.example/rss"]
    press.routes["one.example/rss"] = frozen
    polls = 0
    while len(kept.raw) < 2:
        polls += 1
        assert polls <= FULL_EVERY, "the full fetch did not come"
        once(press, tmp_path, kept)
    assert polls > 2, "the polls before were conditional"


def test_etag_that_changes_each_time(press: Press, tmp_path: Path) -> None:
    press.feed("one.example", "/1")
    feed = press.routes["one.example/rss"]
    assert isinstance(feed, Answer)
    press.routes |= {
        "one.example/rss": lambda _press, _request: Answer(
            feed.body, kind=feed.kind, headers={"ETag": f'"{uuid.uuid4()}"'}
        ),
        "one.example/1": Answer(page(1)),
    }
    kept = Kept()
    totals = [once(press, tmp_path, kept) for _ in range(3)]
    assert [t.announced for t in totals] == [1, 0, 0]
    assert press.asked("one.example/1") == 1


@pytest.mark.parametrize(("headers", "wait"), [({"Retry-After": "7200"}, 2 * HOUR), ({}, 6.0)])
def test_a_host_that_answers_429_is_left_alone_as_long_as_it_asks(
    headers: dict[str, str], wait: float, press: Press, tmp_path: Path
) -> None:
    press.feed("one.example", "/1")
    press.routes["one.example/1"] = Answer(status=429, headers=headers)
    kept, clock = Kept(), Clock()
    assert once(press, tmp_path, kept, clock=clock, attempts=1).postponed == 1
    press.routes["one.example/1"] = Answer(page(1))
    clock.advance(wait * 0.5)
    assert once(press, tmp_path, kept, clock=clock, attempts=1).published == 0, "it is left alone as long as it asks"
    clock.advance(wait * 0.7)
    assert once(press, tmp_path, kept, clock=clock, attempts=1).published == 1


def test_a_poll_that_meets_429_waits_as_long_as_asked(press: Press, tmp_path: Path) -> None:
    press.routes["one.example/rss"] = Answer(status=429, headers={"Retry-After": str(int(6 * HOUR))})
    clock = Clock()
    once(press, tmp_path, Kept(), clock=clock, attempts=1)
    clock.advance(5.9 * HOUR)
    assert once(press, tmp_path, Kept(), clock=clock, only_due=True).sources == 0
    clock.advance(0.2 * HOUR)
    assert once(press, tmp_path, Kept(), clock=clock, only_due=True, attempts=1).sources == 1


def test_500_for_a_day(press: Press, tmp_path: Path) -> None:
    press.feed("one.example", "/1")
    good = press.routes["one.example/rss"]
    press.routes |= {"one.example/rss": Answer(status=500), "one.example/1": Answer(page(1))}
    kept, clock = Kept(), Clock()
    for _ in range(24):
        once(press, tmp_path, kept, clock=clock, only_due=True, attempts=1)
        clock.advance(HOUR)
    assert 3 <= press.asked("one.example/rss") <= 12, "ever more seldom, never given up"
    press.routes["one.example/rss"] = good
    for _ in range(16):
        clock.advance(3 * HOUR)
        if once(press, tmp_path, kept, clock=clock, only_due=True, attempts=1).published:
            break
    assert kept.raw
    with State(tmp_path / "fetch.sqlite") as state:
        known = state.source("http://one.example/rss")
    assert known is not None
    assert known.failures == 0
    assert known.due_ms - clock() < 2 * HOUR * 1000, "recovered at once"


def test_our_own_network_is_away_for_an_hour(press: Press, tmp_path: Path) -> None:
    hosts = [f"h{n}.example" for n in range(6)]
    for host in hosts:
        press.feed(host)
    text = "".join(source(outlet=host, feeds=[f"http://{host}/rss"]) for host in hosts)
    kept, clock = Kept(), Clock()
    once(press, tmp_path, kept, text, clock=clock, hosts=hosts)
    nowhere = dict.fromkeys(hosts, "127.0.0.1:1")
    for _ in range(12):
        clock.advance(HOUR / 12)
        totals = once(press, tmp_path, kept, text, clock=clock, resolve=nowhere)
        assert reasons(totals) == {"source_outage": 6}
    with State(tmp_path / "fetch.sqlite") as state:
        found = [state.source(f"http://{host}/rss") for host in hosts]
    assert [(known.failures, known.due_ms - clock() < 120_000) for known in found if known] == [(0, True)] * 6
    for host in hosts:
        press.feed(host, "/1")
        press.routes[f"{host}/1"] = Answer(page(host))
    clock.advance(120)
    assert once(press, tmp_path, kept, text, clock=clock, hosts=hosts, only_due=True).published == 6


def test_a_feed_with_10000_entries(press: Press, tmp_path: Path) -> None:
    """The newest are last, and only they are recent."""
    old = NOW - datetime.timedelta(days=30)
    items = "".join(
        f"<item><title>T</title><link>http://one.example/{n}</link>"
        f"<pubDate>{(NOW if n >= 9995 else old + datetime.timedelta(minutes=n)).isoformat()}</pubDate></item>"
        for n in range(10_000)
    )
    press.routes["one.example/rss"] = Answer(f"<rss version='2.0'><channel>{items}</channel></rss>".encode())
    press.routes |= {f"one.example/{n}": Answer(page(n)) for n in range(9995, 10_000)}
    kept = Kept()
    totals = once(press, tmp_path, kept)
    assert (totals.announced, totals.published, totals.too_old) == (1000, 5, 995)
    assert totals.drops["too_many_entries"] == 9000


def test_guids_that_change_on_every_fetch(press: Press, tmp_path: Path) -> None:
    def feed(_press: Press, _request: Handler) -> Answer:
        item = f"<item><guid isPermaLink='false'>{uuid.uuid4()}</guid><link>http://one.example/1</link></item>"
        return Answer(f"<rss version='2.0'><channel>{item}</channel></rss>".encode())

    press.routes |= {"one.example/rss": feed, "one.example/1": Answer(page(1))}
    kept = Kept()
    assert [once(press, tmp_path, kept).announced for _ in range(3)] == [1, 0, 0]
    assert len(kept.raw) == 1


def test_dates_in_2203_and_1970(press: Press, tmp_path: Path) -> None:
    dates = {"late": "Fri, 01 Jul 2203 12:00:00 GMT", "unset": "Thu, 01 Jan 1970 00:00:00 GMT"}
    items = "".join(
        f"<item><link>http://one.example/{name}</link><pubDate>{date}</pubDate></item>" for name, date in dates.items()
    )
    press.routes["one.example/rss"] = Answer(f"<rss version='2.0'><channel>{items}</channel></rss>".encode())
    press.routes |= {f"one.example/{name}": Answer(page(name)) for name in dates}
    kept = Kept()
    assert once(press, tmp_path, kept).published == 2
    for raw in kept.raw:
        cleaned = clean_page(raw)
        assert isinstance(cleaned, CleanArticle)
        assert cleaned.published is None or 1995 <= cleaned.published.year <= raw.fetched.year


LAUGHS = "<!DOCTYPE x [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(10)
)
XML = {
    "billion laughs": LAUGHS + "]><{root}>&k;</{root}>",
    "external entity": "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><{root}>&a;</{root}>",
    "external entity by HTTP": "<!DOCTYPE x [<!ENTITY a SYSTEM 'http://one.example/secret'>]><{root}>&a;</{root}>",
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("place", ["feeds", "sitemaps"])
@pytest.mark.parametrize("text", XML.values(), ids=XML.keys())
def test_xml_entities(text: str, place: str, encoding: str, press: Press, tmp_path: Path) -> None:
    body = f"<?xml version='1.0' encoding='{encoding}'?>" + text.replace(
        "{root}", "rss" if place == "feeds" else "urlset"
    )
    press.routes["one.example/x"] = Answer(body.encode(encoding), kind="application/xml")
    totals = once(press, tmp_path, Kept(), source(**{place: ["http://one.example/x"]}))
    assert totals.drops["source_xml_entities"] == 1
    assert not [hit for hit in press.hits if "secret" in hit]


SPACE = "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'"
NEWS = f"{SPACE} xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'"


def news_sitemap(path: str) -> Answer:
    entry = (
        f"<url><loc>http://one.example{path}</loc><n:news><n:title>T</n:title>"
        f"<n:publication_date>{NOW.isoformat()}</n:publication_date></n:news></url>"
    )
    return Answer(f"<urlset {NEWS}>{entry}</urlset>".encode(), kind="application/xml")


def index(*paths: str) -> Answer:
    nodes = "".join(f"<sitemap><loc>http://one.example{path}</loc></sitemap>" for path in paths)
    return Answer(f"<sitemapindex {SPACE}>{nodes}</sitemapindex>".encode(), kind="application/xml")


def test_a_sitemap_index_that_contains_itself(press: Press, tmp_path: Path) -> None:
    press.routes |= {
        "one.example/a.xml": index("/a.xml", "/b.xml"), "one.example/b.xml": index("/a.xml", "/b.xml", "/c.xml"),
        "one.example/c.xml": news_sitemap("/1"), "one.example/1": Answer(page(1)),
    }  # fmt: skip
    kept = Kept()
    assert once(press, tmp_path, kept, source(sitemaps=["http://one.example/a.xml"])).published == 1
    assert [press.asked(f"one.example/{name}.xml") for name in "abc"] == [1, 1, 1]


def test_50000_sitemaps(press: Press, tmp_path: Path) -> None:
    press.routes["one.example/i.xml"] = index(*(f"/{n}.xml" for n in range(50_000)), "/news.xml")
    press.routes |= {"one.example/news.xml": news_sitemap("/1"), "one.example/1": Answer(page(1))}
    press.routes |= {f"one.example/{n}.xml": news_sitemap(f"/of/{n}") for n in range(50)}
    kept = Kept()
    totals = once(press, tmp_path, kept, source(sitemaps=["http://one.example/i.xml"]))
    assert "one.example/1" in kept.visits(), "what is named for news comes first"
    assert sum(hit.endswith(".xml") for hit in press.hits) <= 22
    assert totals.drops["too_many_sitemaps"] > 49_000


def test_sitemaps_that_robots_txt_names(press: Press, tmp_path: Path) -> None:
    lines = "User-agent: *\nDisallow: /no\nSitemap: http://one.example/news.xml\nSitemap: http://evil.example/x.xml\n"
    press.routes |= {
        "one.example/robots.txt": Answer(lines.encode(), kind="text/plain"),
        "one.example/news.xml": news_sitemap("/1"), "one.example/1": Answer(page(1)),
    }  # fmt: skip
    kept = Kept()
    assert once(press, tmp_path, kept, source(sitemaps=["http://one.example/robots.txt"])).published == 1


def test_robots_txt_of_10_megabytes(press: Press, tmp_path: Path) -> None:
    rules = b"User-agent: *\nDisallow: /no\n" + b"# " + b"x" * 10_000_000
    press.routes["one.example/robots.txt"] = Answer(rules, kind="text/plain")
    press.feed("one.example", "/1", "/no/2")
    press.routes |= {"one.example/1": Answer(page(1)), "one.example/no/2": Answer(page(2))}
    kept = Kept()
    totals = once(press, tmp_path, kept)
    assert kept.visits() == {"one.example/1": [1]}
    assert totals.drops["robots"] == 1


def test_robots_txt_that_answers_5xx(press: Press, tmp_path: Path) -> None:
    press.routes["one.example/robots.txt"] = Answer(status=500)
    press.feed("one.example", "/1")
    press.routes["one.example/1"] = Answer(page(1))
    kept, clock = Kept(), Clock()
    totals = once(press, tmp_path, kept, clock=clock, attempts=1)
    assert totals.drops["source_robots_unavailable"] == 1
    assert press.asked("one.example/rss") == 0
    press.routes["one.example/robots.txt"] = Answer(status=404)
    clock.advance(0.2 * HOUR)
    assert once(press, tmp_path, kept, clock=clock, only_due=True, attempts=1).published == 1


def test_mixed_encodings(press: Press, tmp_path: Path) -> None:
    title = "Выдуманный мост открыт"
    feed = (
        "<?xml version='1.0' encoding='windows-1251'?><rss version='2.0'><channel><item>"
        f"<title>{title}</title><link>http://one.example/1</link></item></channel></rss>"
    )
    press.routes["one.example/rss"] = Answer(feed.encode("cp1251"), kind="application/rss+xml")
    text = "".join(
        f"<p>Министр заявил, что выдуманный мост номер {n} откроют до конца этого года.</p>" for n in range(6)
    )
    made = f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{text}</article></body></html>"
    # Declared as UTF-8, and koi8-r in truth.
    press.routes["one.example/1"] = Answer(made.encode("koi8-r"), kind="text/html; charset=utf-8")
    kept = Kept()
    once(press, tmp_path, kept)
    (raw,) = kept.raw
    assert raw.feed is not None
    assert raw.feed.title == title
    cleaned = clean_page(raw)
    assert isinstance(cleaned, CleanArticle)
    assert "выдуманный мост номер 3" in cleaned.text


def test_1000_sources_of_which_300_are_dead(press: Press, tmp_path: Path) -> None:
    hosts = [f"h{n}.example" for n in range(1000)]
    resolve = dict.fromkeys(hosts, f"127.0.0.1:{press.port}")
    for n, host in enumerate(hosts):
        if n % 10 == 0:
            resolve[host] = "127.0.0.1:1"
        elif n % 10 == 1:
            press.routes[f"{host}/rss"] = Answer(status=404)
        elif n % 10 == 2:
            press.routes[f"{host}/rss"] = Answer(b"<html>This site is for sale.</html>")
        elif n % 10 == 3:
            press.feed(host, "/1")
            press.routes[f"{host}/1"] = Answer(page(n))
        else:
            press.feed(host)
    text = "".join(source(outlet=host, feeds=[f"http://{host}/rss"]) for host in hosts)
    kept = Kept()
    before = psutil.Process().memory_info().rss
    totals = once(press, tmp_path, kept, text, resolve=resolve, attempts=1)
    grown = psutil.Process().memory_info().rss - before
    assert (totals.sources, totals.source_failures, totals.published) == (1000, 300, 100)
    assert grown < 400_000_000
    assert set(press.most_open.values()) == {1}
    assert reasons(totals) == {"source_robots_unavailable": 100, "source_status_404": 100, "source_no_feed": 100}


def reasons(totals: FetchTotals) -> dict[str, int]:
    return {why: count for why, count in totals.drops.items() if why.startswith("source_")}
