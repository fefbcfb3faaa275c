"""The fetcher against a real HTTP server on loopback, found under invented hosts. All texts are synthetic."""

import asyncio
import datetime
import gzip
import http.server
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from filelock import FileLock
from structlog.testing import capture_logs

from ingest.body import unpack
from ingest.clean import clean_page
from ingest.fetch import FetchTotals, Shard, fetch
from ingest.fetch.memory.state import State
from ingest.fetch.preview import Preview, preview
from ingest.fetch.web.polite import PoliteClient
from ingest.identity import article_id
from ingest.sources import parse_sources
from runtime.health import Health
from schemas import CleanArticle, Outlet, RawArticle
from schemas.errors import KafkaUnavailable, SettingsError
from tests.press import NOW, Answer, Clock, Kept, Press, Told, once, page, settings_of, source

pytestmark = pytest.mark.e2e

HOUR = 3600.0


@pytest.fixture
def press() -> Iterator[Press]:
    with Press() as made:
        yield made


def test_articles_of_a_feed_are_fetched_once_and_published_as_they_came(press: Press, tmp_path: Path) -> None:
    press.feed("one.example", "/1", "/2?utm_source=rss", "/2")
    press.routes |= {"one.example/1": Answer(page(1)), "one.example/2?utm_source=rss": Answer(page(2))}
    kept = Kept()
    totals = once(press, tmp_path, kept)
    assert (totals.published, totals.announced) == (2, 2)
    again = once(press, tmp_path, kept)
    assert (again.published, again.announced) == (0, 0)
    assert press.asked("one.example/1") == 1

    raw = {r.url: r for r in kept.raw}["http://one.example/1"]
    assert raw.article_id == article_id("https://www.one.example/1/")
    assert unpack(raw.body) == page(1)
    assert (raw.visit, raw.status, raw.media_type, raw.charset) == (1, 200, "text/html", "utf-8")
    assert raw.outlet.id == "one.example"
    assert raw.feed is not None
    assert raw.feed.source == "http://one.example/rss"
    assert raw.seq.article_id == raw.article_id
    assert isinstance(clean_page(raw), CleanArticle)
    assert press.headers["one.example/1"]["User-Agent"].startswith("Remarkwire/")


def test_a_feed_is_asked_conditionally(press: Press, tmp_path: Path) -> None:
    press.feed("one.example", "/1", etag='"v1"')
    press.routes["one.example/1"] = Answer(page(1))
    kept = Kept()
    once(press, tmp_path, kept)
    once(press, tmp_path, kept)
    assert press.headers["one.example/rss"]["If-None-Match"] == '"v1"'
    assert len(kept.raw) == 1


def test_what_kafka_did_not_confirm_comes_again_with_the_same_seq(press: Press, tmp_path: Path) -> None:
    press.feed("one.example", "/1", etag='"v1"')
    press.routes["one.example/1"] = Answer(page(1))
    kept = Kept()
    kept.fails = 1
    with pytest.raises(KafkaUnavailable):
        once(press, tmp_path, kept)
    with State(tmp_path / "fetch.sqlite") as state:
        stamped = state.article(article_id("http://one.example/1"))
    assert stamped is not None
    assert stamped.visits == 0
    # The feed answers 304 now, and the article comes all the same.
    once(press, tmp_path, kept)
    assert [r.visit for r in kept.raw] == [1]
    assert kept.raw[0].seq.ms == stamped.first_ms


def test_pages_that_report_a_watched_speaker_are_visited_again(press: Press, tmp_path: Path) -> None:
    press.feed("one.example", "/1", "/2", "/3", "/4")
    press.routes |= {f"one.example/{n}": Answer(page(n)) for n in (1, 2, 3, 4)}
    kept, clock = Kept(), Clock()
    told = Told("http://one.example/1", "http://one.example/2", "http://one.example/3")
    delays = [HOUR, 6 * HOUR, 24 * HOUR]

    def later(hours: float) -> FetchTotals:
        clock.advance(hours * HOUR)
        return once(press, tmp_path, kept, told=told, clock=clock, revisit_seconds=delays)

    later(0)
    assert later(0.9).unchanged == 0
    press.routes["one.example/1"] = Answer(page(1, "Correction: the invented town was named wrongly."))
    press.routes["one.example/3"] = Answer(status=410)
    totals = later(0.2)
    assert (totals.published, totals.changed, totals.unchanged, totals.gone) == (2, 2, 1, 1)
    assert kept.visits() == {
        "one.example/1": [1, 2], "one.example/2": [1], "one.example/3": [1, 2], "one.example/4": [1],
    }  # fmt: skip
    first, second = (r for r in kept.raw if r.url.endswith("/1"))
    assert first.seq == second.seq
    assert first.fetched < second.fetched
    assert [r.status for r in kept.raw if r.url.endswith("/3")] == [200, 410]
    assert later(5).unchanged == 2, "after six hours"
    assert later(1).unchanged == 0
    assert later(17).unchanged == 2, "after a day"
    assert later(200).unchanged == 0, "and then no more"
    assert press.asked("one.example/4") == 1
    assert press.asked("one.example/3") == 2


def test_a_changed_headline_byline_or_advert_is_no_revision(press: Press, tmp_path: Path) -> None:
    press.feed("one.example", "/1")
    press.routes["one.example/1"] = Answer(page(1))
    kept, clock = Kept(), Clock()
    asked = {"told": Told("http://one.example/1"), "clock": clock, "revisit_seconds": [HOUR]}
    once(press, tmp_path, kept, **asked)
    byline = b'<meta name="author" content="Ann Example"></head>', b'<p class="byline author">By Ann Example</p>'
    changed = page(1).replace(b"<title>Report 1 on the bridge</title>", b"<title>The bridge: what we know</title>")
    changed = changed.replace(b"</head>", byline[0]).replace(
        b"<h1>Report 1 on the bridge</h1>", b"<h1>The bridge: what we know</h1>" + byline[1]
    )
    changed = changed.replace(
        b"</body>", b"<aside><p>Buy the invented soap of the invented town today.</p></aside></body>"
    )
    assert changed != page(1)
    press.routes["one.example/1"] = Answer(changed)
    clock.advance(1.1 * HOUR)
    totals = once(press, tmp_path, kept, **asked)
    assert (totals.published, totals.unchanged) == (0, 1)
    assert press.asked("one.example/1") == 2


def test_one_article_under_several_addresses_is_fetched_as_one(press: Press, tmp_path: Path) -> None:
    canonical = b'<link rel="canonical" href="/world/report-1"></head>'
    other = b'<link rel="canonical" href="https://two.example/world/report-1"></head>'
    root = b'<link rel="canonical" href="http://one.example/"></head>'
    press.feed(
        "one.example", "/a/b/c", "/world/report-1", "/world/report-1/?utm_source=x", "/amp/world/report-1",
        "/politics/report-1", "/copied", "/broken",
    )  # fmt: skip
    press.routes |= {
        "one.example/world/report-1": Answer(page(1)),
        "one.example/politics/report-1": Answer(page(1).replace(b"</head>", canonical)),
        "one.example/copied": Answer(page(2).replace(b"</head>", other)),
        "one.example/broken": Answer(page(3).replace(b"</head>", root)),
        "one.example/a/b/c": Answer(page(4).replace(b"</head>", b'<link rel="canonical" href="/section"></head>')),
    }
    kept = Kept()
    once(press, tmp_path, kept)
    once(press, tmp_path, kept)
    assert sorted(r.article_id for r in kept.raw) == sorted(
        article_id(f"http://one.example/{path}") for path in ("world/report-1", "copied", "broken", "a/b/c")
    )
    assert all(press.asked(f"one.example/{path}") <= 1 for path in ("world/report-1", "politics/report-1", "copied"))


def test_an_article_whose_other_address_comes_first_is_published_once(press: Press, tmp_path: Path) -> None:
    canonical = b'<link rel="canonical" href="/world/report-1"></head>'
    other, own = "http://one.example/c/report-1", "http://one.example/world/report-1"
    assert article_id(other) < article_id(own), "so it is fetched first"
    press.feed("one.example", "/c/report-1", "/world/report-1")
    for path in ("/c/report-1", "/world/report-1"):
        press.routes[f"one.example{path}"] = Answer(page(1).replace(b"</head>", canonical))
    kept = Kept()
    totals = once(press, tmp_path, kept)
    assert [(raw.article_id, raw.visit) for raw in kept.raw] == [(article_id(own), 1)]
    assert totals.published == 1
    assert press.asked("one.example/world/report-1") == 0


def test_an_update_in_the_feed_brings_the_article_again(press: Press, tmp_path: Path) -> None:
    press.feed("one.example", "/1")
    press.routes["one.example/1"] = Answer(page(1))
    kept = Kept()
    once(press, tmp_path, kept)
    press.routes["one.example/1"] = Answer(page(1, "Updated with the price of the invented bridge."))
    press.feed("one.example", "/1", updated=datetime.datetime.now(datetime.UTC))
    once(press, tmp_path, kept)
    assert kept.visits() == {"one.example/1": [1, 2]}


def test_a_second_correction_of_a_watched_page_is_fetched_within_minutes(press: Press, tmp_path: Path) -> None:
    press.feed("one.example", "/1")
    press.routes["one.example/1"] = Answer(page(1))
    kept, clock = Kept(), Clock()

    def later(minutes: float, said: str | None = None) -> FetchTotals:
        clock.advance(minutes * 60)
        if said is not None:
            press.routes["one.example/1"] = Answer(page(1, f"Correction: the invented town was named {said}."))
            press.feed("one.example", "/1", updated=datetime.datetime.fromtimestamp(clock() / 1000, datetime.UTC))
        told = Told("http://one.example/1")
        return once(press, tmp_path, kept, told=told, clock=clock, revisit_seconds=[300.0, 600.0, 24 * HOUR])

    assert [later(minutes).published for minutes in (0, 6, 5)] == [1, 0, 0]
    assert press.asked("one.example/1") == 3, (
        "two looks that were due anyway found nothing, and say nothing of the feed"
    )
    assert later(2, "wrongly").published == 0, "five minutes after the last visit"
    assert later(4).published == 1
    later(3, "wrongly again")
    assert later(3).published == 1
    assert kept.visits() == {"one.example/1": [1, 2, 3]}


def test_robots_txt_is_obeyed(press: Press, tmp_path: Path) -> None:
    press.routes["one.example/robots.txt"] = Answer(b"User-agent: *\nDisallow: /no", kind="text/plain")
    press.routes["two.example/robots.txt"] = Answer(status=503)
    press.feed("one.example", "/1", "/no/2")
    press.routes |= {"one.example/1": Answer(page(1)), "one.example/no/2": Answer(page(2))}
    text = source(feeds=["http://one.example/rss"]) + source(outlet="two.example", feeds=["http://two.example/rss"])
    kept = Kept()
    totals = once(press, tmp_path, kept, text)
    assert kept.visits() == {"one.example/1": [1]}
    assert (totals.refused, totals.source_failures) == (1, 1)
    assert press.asked("one.example/no/2") == 0
    assert press.asked("two.example/rss") == 0


def test_transient_errors_are_tried_again_and_lasting_ones_reported(press: Press, tmp_path: Path) -> None:
    answers = iter([Answer(status=500), Answer(status=502), Answer(page(1))])
    press.feed("one.example", "/1", "/2", "/3")
    press.routes |= {
        "one.example/1": lambda _press, _request: next(answers),
        "one.example/2": Answer(status=500),
        "one.example/3": Answer(status=403),
    }
    kept = Kept()
    totals = once(press, tmp_path, kept, attempts=3)
    assert (totals.published, totals.failed) == (1, 2)
    assert press.asked("one.example/2") == 3
    assert press.asked("one.example/3") == 1


@pytest.mark.parametrize("status", [202, 204, 300, 302, 304])
def test_an_answer_without_the_page_is_neither_the_article_nor_a_revision(
    status: int, press: Press, tmp_path: Path
) -> None:
    press.feed("one.example", "/1")
    kept, clock, told = Kept(), Clock(), Told("http://one.example/1")

    def later(hours: float, answer: Answer) -> tuple[int, int]:
        clock.advance(hours * HOUR)
        press.routes["one.example/1"] = answer
        totals = once(press, tmp_path, kept, told=told, clock=clock, revisit_seconds=[HOUR, 6 * HOUR])
        return totals.published, totals.failed

    assert later(0, Answer(status=status)) == (0, 1)
    assert later(1, Answer(page(1))) == (1, 0)
    assert later(2, Answer(status=status)) == (0, 1)
    assert later(1, Answer(page(1, "Correction: the invented town was named wrongly."))) == (1, 0)
    assert [raw.visit for raw in kept.raw] == [1, 2]


def test_a_host_that_asks_to_wait_is_left_alone_as_a_whole(press: Press, tmp_path: Path) -> None:
    press.feed("one.example", *(f"/{n}" for n in range(6)))
    press.feed("two.example", "/1")
    press.routes |= {f"one.example/{n}": Answer(page(n)) for n in range(6)} | {"two.example/1": Answer(page(1))}
    press.routes["one.example/0"] = Answer(status=429, headers={"Retry-After": "3600"})
    text = source(feeds=["http://one.example/rss"]) + source(outlet="two.example", feeds=["http://two.example/rss"])
    kept = Kept()
    totals = once(press, tmp_path, kept, text)
    asked = sum(press.asked(f"one.example/{n}") for n in range(6))
    assert asked <= 6
    assert press.asked("one.example/0") == 1
    assert press.hits.index("one.example/0") == max(n for n, hit in enumerate(press.hits) if hit.startswith("one."))
    assert "two.example/1" in kept.visits()
    assert totals.postponed == 6 - (asked - 1)


def test_retry_after_is_waited_for_when_it_is_short(press: Press, tmp_path: Path) -> None:
    answers = iter([Answer(status=503, headers={"Retry-After": "1"}), Answer(page(1))])
    times: list[float] = []

    def answer(_press: Press, _request: object) -> Answer:
        times.append(time.monotonic())
        return next(answers)

    press.feed("one.example", "/1")
    press.routes["one.example/1"] = answer
    kept = Kept()
    assert once(press, tmp_path, kept).published == 1
    assert times[1] - times[0] >= 0.9


def test_one_request_to_a_host_at_a_time(press: Press, tmp_path: Path) -> None:
    def slow(_press: Press, request: http.server.BaseHTTPRequestHandler) -> Answer:
        threading.Event().wait(0.02)
        return Answer(page(request.path))

    for host in ("one.example", "two.example"):
        press.feed(host, *(f"/{n}" for n in range(8)))
        press.routes |= {f"{host}/{n}": slow for n in range(8)}
    text = source(feeds=["http://one.example/rss"]) + source(outlet="two.example", feeds=["http://two.example/rss"])
    kept = Kept()
    assert once(press, tmp_path, kept, text).published == 16
    assert press.most_open == {"one.example": 1, "two.example": 1}


def test_redirects_are_followed_to_the_bound_and_checked_each(press: Press, tmp_path: Path) -> None:
    def to(where: str) -> Answer:
        return Answer(status=302, headers={"Location": where})

    press.feed("one.example", "/moved", "/loop", "/inside", "/file", "/forbidden")
    press.routes |= {
        "one.example/moved": to("/new"), "one.example/new": Answer(page("new")),
        "one.example/loop": to("/loop"),
        "one.example/inside": to(f"http://127.0.0.1:{press.server.server_address[1]}/secret"),
        "one.example/file": to("file:///etc/hostname"),
        "one.example/forbidden": to("http://two.example/no"),
        "two.example/robots.txt": Answer(b"User-agent: *\nDisallow: /no", kind="text/plain"),
        "two.example/no": Answer(page("no")),
    }  # fmt: skip
    kept = Kept()
    totals = once(press, tmp_path, kept)
    assert (totals.published, totals.refused) == (1, 4)
    assert kept.raw[0].final_url == "http://one.example/new"
    assert kept.raw[0].article_id == article_id("http://one.example/new")
    assert press.asked("one.example/loop") == 6
    assert not [hit for hit in press.hits if "secret" in hit or hit == "two.example/no"]


def test_old_and_new_address_are_one_article(press: Press, tmp_path: Path) -> None:
    press.feed("one.example", "/a/new")
    press.routes |= {
        "one.example/a/new": Answer(page(1)), "one.example/a/old": Answer(status=301, headers={"Location": "/a/new"}),
    }  # fmt: skip
    kept = Kept()
    once(press, tmp_path, kept)
    press.feed("one.example", "/a/new", "/a/old")
    totals = once(press, tmp_path, kept)
    assert (len(kept.raw), totals.unchanged) == (1, 1)
    assert once(press, tmp_path, kept).unchanged == 0


def test_bounds_of_size_and_kind(press: Press, tmp_path: Path) -> None:
    bomb = gzip.compress(b"<p>" + b"a" * 5_000_000)
    press.feed("one.example", "/large", "/bomb", "/brotli", "/pdf", "/packed")
    press.routes |= {
        "one.example/large": Answer(b"a" * 200_001),
        "one.example/bomb": Answer(bomb, headers={"Content-Encoding": "gzip"}),
        "one.example/brotli": Answer(b"abc", headers={"Content-Encoding": "br"}),
        "one.example/pdf": Answer(b"%PDF" * 100_000, kind="application/pdf"),
        "one.example/packed": Answer(gzip.compress(page(1)), headers={"Content-Encoding": "gzip"}),
    }
    kept = Kept()
    totals = once(press, tmp_path, kept, max_bytes=200_000)
    assert (totals.refused, totals.published) == (3, 2)
    found = {r.url.rpartition("/")[2]: r for r in kept.raw}
    assert unpack(found["packed"].body) == page(1)
    assert (found["pdf"].media_type, unpack(found["pdf"].body)) == ("application/pdf", b"")


def test_a_slow_answer_ends_at_the_time_limit(press: Press, tmp_path: Path) -> None:
    release = threading.Event()

    def hang(_press: Press, _request: object) -> Answer:
        release.wait(30)
        return Answer(page(1))

    press.feed("one.example", "/1")
    press.routes["one.example/1"] = hang
    try:
        assert once(press, tmp_path, Kept(), attempts=1, timeout_seconds=0.3).failed == 1
    finally:
        release.set()


def test_news_sitemaps_and_page_lists(press: Press, tmp_path: Path) -> None:
    def entry(n: int) -> str:
        return (
            f"<url><loc>http://one.example/{n}</loc><n:news><n:title>T{n}</n:title>"
            f"<n:publication_date>{NOW.isoformat()}</n:publication_date></n:news></url>"
        )

    space = (
        "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'"
    )
    child = f"<urlset {space}>{entry(1)}{entry(2)}</urlset>".encode()
    index = (
        f"<sitemapindex {space}><sitemap><loc>http://news.one.example/s.xml.gz</loc></sitemap></sitemapindex>".encode()
    )
    press.routes |= {
        "one.example/index.xml": Answer(index, kind="application/xml"),
        "news.one.example/s.xml.gz": Answer(gzip.compress(child), kind="application/gzip"),
        **{f"one.example/{n}": Answer(page(n)) for n in (1, 2, 3)},
    }
    kept = Kept()
    text = source(sitemaps=["http://one.example/index.xml"], pages=["http://one.example/3"])
    assert once(press, tmp_path, kept, text).published == 3
    assert {r.url: r.feed and r.feed.title for r in kept.raw} == {
        "http://one.example/1": "T1", "http://one.example/2": "T2", "http://one.example/3": None,
    }  # fmt: skip


def test_a_look_at_robots_txt_finds_what_a_poll_finds(press: Press, tmp_path: Path) -> None:
    maps = [f"<sitemap><loc>http://one.example/{name}.xml</loc></sitemap>" for name in ("broken", "gone", "news")]
    press.routes |= {
        "one.example/robots.txt": Answer(b"Sitemap: http://one.example/index.xml\n"),
        "one.example/index.xml": Answer(f"<sitemapindex>{''.join(maps)}</sitemapindex>".encode()),
        "one.example/broken.xml": Answer(b"<urlset><url>"),
        "one.example/news.xml": Answer(
            b"<urlset xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'><url><loc>http://one.example/1</loc>"
            b"<n:news><n:title>Report</n:title></n:news></url></urlset>"
        ),
        "one.example/1": Answer(page(1)),
    }

    async def look(url: str) -> Preview:
        async with PoliteClient(settings_of(press, tmp_path).fetch) as client:
            return await preview(client, url, Outlet(id="one.example"), max_bytes=1_000_000)

    for name in ("robots.txt", "index.xml"):
        found = asyncio.run(look(f"http://one.example/{name}"))
        assert [entry.url for entry in found.entries] == ["http://one.example/1"], name
        assert isinstance(found.article, CleanArticle)
    press.routes["one.example/news.xml"] = Answer(status=404)
    problem = asyncio.run(look("http://one.example/robots.txt")).problem or ""
    assert problem.endswith("none with entries of news; http://one.example/gone.xml: status 404")


def test_articles_that_are_too_old_are_not_fetched(press: Press, tmp_path: Path) -> None:
    press.feed("one.example", "/1")
    totals = once(press, tmp_path, Kept(), max_age_days=0.01)
    assert totals.too_old == 1
    assert press.asked("one.example/1") == 0
    assert once(press, tmp_path, Kept(), max_age_days=0.01).too_old == 0


def test_private_addresses_are_refused(press: Press, tmp_path: Path) -> None:
    address = f"http://127.0.0.1:{press.server.server_address[1]}"
    totals = once(press, tmp_path, Kept(), source(feeds=[f"{address}/rss"]))
    assert totals.source_failures == 1
    assert press.hits == []
    press.routes["127.0.0.1/rss"] = Answer(b"<rss version='2.0'><channel><title>E</title></channel></rss>")
    allowed = once(press, tmp_path, Kept(), source(feeds=[f"{address}/rss"]), allow_private=True)
    assert allowed.source_failures == 0


def test_the_service_polls_again_and_ends_in_order(press: Press, tmp_path: Path) -> None:
    press.feed("one.example", "/1")
    press.routes |= {f"one.example/{n}": Answer(page(n)) for n in (1, 2)}
    kept = Kept()

    async def serve() -> FetchTotals:
        stop = asyncio.Event()
        settings = settings_of(press, tmp_path, revisit_seconds=[0.2])
        sources = parse_sources("sources:" + source(feeds=["http://one.example/rss"]))
        told = Told("http://one.example/1")
        running = asyncio.create_task(fetch(settings, sources, kept, once=False, stop=stop, reports=told))
        async with asyncio.timeout(30):
            while not kept.raw:  # noqa: ASYNC110 - polls a state with a deadline
                await asyncio.sleep(0.02)
            press.routes["one.example/1"] = Answer(page(1, "Corrected in the evening of the same invented day."))
            while len(kept.raw) < 2:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
            stop.set()
            return await running

    totals = asyncio.run(serve())
    assert kept.visits() == {"one.example/1": [1, 2]}
    assert totals.changed == 1


def test_it_is_ready_while_it_crawls_and_sites_can_be_reached(press: Press, tmp_path: Path) -> None:
    """From its state on to the first request; then nobody listens, which three sites are the witnesses of."""
    hosts = ("a.example", "b.example", "c.example")
    said: list[str | None] = []

    class Noted(Health):
        def ready(self) -> None:
            said.append(None)

        def waiting(self, what: str) -> None:
            said.append(what)

    settings = settings_of(press, tmp_path, hosts, attempts=1, resolve=dict.fromkeys(hosts, "127.0.0.1:1"))
    text = "".join(source(outlet=host, feeds=[f"http://{host}/rss"]) for host in hosts)

    async def serve() -> None:
        stop = asyncio.Event()
        sources = parse_sources("sources:" + text)
        running = asyncio.create_task(fetch(settings, sources, Kept(), once=False, stop=stop, health=Noted()))
        async with asyncio.timeout(30):
            while not (said and said[-1] is not None):  # noqa: ASYNC110 - polls a state with a deadline
                await asyncio.sleep(0.02)
        stop.set()
        await running

    asyncio.run(serve())
    assert (said[0], said[-1]) == (None, "any site to be reached: the network is away")
    began = len(said)
    with FileLock(Shard().lock_path(tmp_path)), pytest.raises(SettingsError, match="another fetcher"):
        asyncio.run(fetch(settings, [], Kept(), once=True, stop=asyncio.Event(), health=Noted()))
    assert len(said) == began, "who has no state is not ready"


def test_a_list_without_sources_is_said_once(press: Press, tmp_path: Path) -> None:
    for text, said in ((" []", 1), (source(feeds=["http://one.example/rss"]), 0)):
        with capture_logs() as lines:
            once(press, tmp_path, Kept(), text)
        assert [line["event"] for line in lines].count("there are no sources: nothing is fetched") == said


def test_a_stop_waits_for_deliveries_and_drops_what_is_only_fetched(press: Press, tmp_path: Path) -> None:
    release = threading.Event()

    def hang(_press: Press, _request: object) -> Answer:
        release.wait(30)
        return Answer(page(2))

    press.feed("one.example", "/1")
    press.feed("two.example", "/2")
    press.routes |= {"one.example/1": Answer(page(1)), "two.example/2": hang}
    stop = asyncio.Event()

    class Slow(Kept):
        async def publish(self, raw: RawArticle) -> bool:
            stop.set()
            await asyncio.sleep(0.2)
            await super().publish(raw)
            return True

    kept = Slow()
    text = source(feeds=["http://one.example/rss"]) + source(outlet="two.example", feeds=["http://two.example/rss"])
    settings = settings_of(press, tmp_path)
    try:
        totals = asyncio.run(fetch(settings, parse_sources("sources:" + text), kept, once=True, stop=stop))
    finally:
        release.set()
    assert totals.published == 1
    press.routes["two.example/2"] = Answer(page(2))
    once(press, tmp_path, kept, text)
    assert kept.visits() == {"one.example/1": [1], "two.example/2": [1]}


class Second(Kept):
    """Starts other fetchers in the same folder while the first one publishes: each must be refused with ``why``."""

    def __init__(self, press: Press, folder: Path, why: str, shards: Sequence[Shard | None] = (None,)) -> None:
        super().__init__()
        self._press, self._folder, self._why, self._shards = press, folder, why, shards
        self.refused = 0

    async def publish(self, raw: RawArticle) -> bool:
        sources = parse_sources("sources:" + source(feeds=["http://one.example/rss"]))
        settings = settings_of(self._press, self._folder)
        for shard in self._shards:
            with pytest.raises(SettingsError, match=self._why):
                await fetch(settings, sources, Kept(), once=True, stop=asyncio.Event(), shard=shard)
            self.refused += 1
        return True


def test_two_fetchers_do_not_share_a_state(press: Press, tmp_path: Path) -> None:
    press.feed("one.example", "/1")
    press.routes["one.example/1"] = Answer(page(1))
    kept = Second(press, tmp_path, "another fetcher")
    once(press, tmp_path, kept)
    assert kept.refused == 1


def test_fetchers_of_two_numbers_of_shards_do_not_share_a_folder(press: Press, tmp_path: Path) -> None:
    press.feed("one.example", "/1")
    press.routes["one.example/1"] = Answer(page(1))
    kept = Second(press, tmp_path, "another number of shards", (Shard(1, 2), Shard(2, 2)))
    once(press, tmp_path, kept)
    assert kept.refused == 2
    assert once(press, tmp_path, Kept(), shard=Shard(1, 2)).published == 0


SHARDED = ("a.example", "b.example", "c.example", "d.example", "e.example", "portal.example")


def test_a_data_folder_that_cannot_be_written_is_named(press: Press, tmp_path: Path) -> None:
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        (tmp_path / "file").touch()
        with pytest.raises(SettingsError, match=r"^pipeline\.data: .* cannot be written"):
            once(press, folder, Kept())


def test_shards_share_the_sites_and_hand_on_what_is_not_theirs(press: Press, tmp_path: Path) -> None:
    """An aggregator's entries go to the shards of the sites that they lead to, so each article is fetched once."""
    papers = SHARDED[:-1]
    text = source(outlet="portal.example", kind="aggregator", feeds=["http://portal.example/rss"])
    for host in papers:
        press.feed(host, "/1")
        press.routes |= {f"{host}/{n}": Answer(page(f"{host}-{n}")) for n in (1, 2)}
        text += source(outlet=host, feeds=[f"http://{host}/rss"])
    items = "".join(f"<item><link>http://{host}/{n}</link></item>" for host in papers for n in (1, 2))
    press.routes["portal.example/rss"] = Answer(f"<rss version='2.0'><channel>{items}</channel></rss>".encode())
    kept = Kept()
    totals = [
        once(press, tmp_path, kept, text, shard=Shard(number, 3), hosts=SHARDED)
        for _ in range(2)
        for number in (1, 2, 3)
    ]
    assert sorted(kept.visits()) == sorted(f"{host}/{n}" for host in papers for n in (1, 2))
    assert all(press.asked(f"{host}/{n}") == 1 for host in papers for n in (1, 2))
    assert sum(t.sources for t in totals[:3]) == len(SHARDED), "each source has one shard"
    assert sum(t.handed_on for t in totals) > 0
    # The same with another number of shards: what was seen stays seen.
    assert sum(once(press, tmp_path, kept, text, shard=Shard(n, 2), hosts=SHARDED).published for n in (1, 2)) == 0


def test_feeds_are_found_behind_a_home_page_and_polled(press: Press, tmp_path: Path) -> None:
    home = b"<html><head><link rel='alternate' type='application/rss+xml' href='/rss'></head><body>Home</body></html>"
    press.feed("one.example", "/1")
    press.routes |= {"one.example/": Answer(home), "one.example/1": Answer(page(1))}
    text = source() + "\n    discover: http://one.example/"
    kept, clock = Kept(), Clock()
    assert once(press, tmp_path, kept, text, clock=clock).published == 1
    clock.advance(2 * HOUR)
    press.feed("one.example", "/1", "/2")
    press.routes["one.example/2"] = Answer(page(2))
    assert once(press, tmp_path, kept, text, clock=clock, only_due=True).published == 1
    assert press.asked("one.example/") == 1, "the home page is looked at once a week"


def test_a_home_page_without_feeds_is_looked_at_in_the_common_places(press: Press, tmp_path: Path) -> None:
    press.feed("one.example", "/1")
    press.routes["one.example/feed"] = press.routes.pop("one.example/rss")
    press.routes |= {"one.example/": Answer(b"<html><body>Home</body></html>"), "one.example/1": Answer(page(1))}
    press.routes["two.example/"] = Answer(b"<html><body>Nothing here</body></html>")
    text = "".join(source(outlet=host) + f"\n    discover: http://{host}/" for host in ("one.example", "two.example"))
    totals = once(press, tmp_path, Kept(), text)
    assert (totals.published, totals.drops["source_no_feed"]) == (1, 1)


def test_a_silent_source_shows(press: Press, tmp_path: Path) -> None:
    kept, clock = Kept(), Clock()
    for day in range(6):
        paths = [f"/{day}-{n}" for n in range(10)]
        press.feed("one.example", *paths)
        press.routes |= {f"one.example{path}": Answer(page(path)) for path in paths}
        assert once(press, tmp_path, kept, clock=clock).silent == 0
        clock.advance(24 * HOUR)
    clock.advance(36 * HOUR)
    assert once(press, tmp_path, kept, clock=clock).silent == 1


def test_the_cache_follows_what_sources_ask_for(press: Press, tmp_path: Path) -> None:
    press.feed("one.example", etag='"v1"')
    feed = press.routes["one.example/rss"]
    assert isinstance(feed, Answer)
    feed.headers["Cache-Control"] = "max-age=7200"
    kept, clock = Kept(), Clock()
    once(press, tmp_path, kept, clock=clock)
    clock.advance(1.9 * HOUR)
    assert once(press, tmp_path, kept, clock=clock, only_due=True).sources == 0
    clock.advance(0.3 * HOUR)
    assert once(press, tmp_path, kept, clock=clock, only_due=True).sources == 1
    asked = press.headers["one.example/rss"]
    assert asked["If-None-Match"] == '"v1"'
    assert "Cache-Control" not in asked, "caches on the way may answer"


def test_a_cache_that_is_broken_is_done_without(press: Press, tmp_path: Path) -> None:
    press.feed("one.example", "/1", etag='"v1"')
    press.routes["one.example/1"] = Answer(page(1))
    (tmp_path / "fetch.http.sqlite").write_bytes(b"no database at all " * 500)
    kept = Kept()
    assert once(press, tmp_path, kept).published == 1
    assert once(press, tmp_path, kept).source_failures == 0
