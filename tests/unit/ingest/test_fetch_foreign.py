"""What strangers may say to the fetcher without ending it. All texts are synthetic."""

import asyncio
import datetime
import gzip
import json
import socket
import threading
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from prometheus_client import REGISTRY

from ingest.body import pack
from ingest.clean.metadata.dates import parse
from ingest.fetch import plan
from ingest.fetch.announced import Announced, names, plain
from ingest.fetch.crawl import Crawl
from ingest.fetch.headers import whole
from ingest.fetch.lists.discover import linked_feeds
from ingest.fetch.lists.feeds import parse_feed
from ingest.fetch.memory.shards import Shard
from ingest.fetch.memory.state import ArticleState, State
from ingest.fetch.reported import NoReports
from ingest.fetch.revisions import Revisions
from ingest.fetch.totals import FetchTotals
from ingest.fetch.visit import Visitor
from ingest.fetch.web.guard import GuardedBackend
from ingest.fetch.web.hosts import Hosts
from ingest.fetch.web.http import HostBusy, Http, Response, inflate
from ingest.fetch.web.robots import Robots
from ingest.identity import article_id
from ingest.sources import SourceEntry
from runtime.metrics import FETCHES
from runtime.settings import FetchSettings
from schemas import FeedFacts, Outlet, RawArticle, Seq
from schemas.errors import MessageTooLarge, TimeRefused
from schemas.message import MAX_MESSAGE_BYTES

NOW = datetime.datetime(2026, 6, 3, 12, 0, tzinfo=datetime.UTC)
NOW_MS = int(NOW.timestamp() * 1000)
# Whatever is due at some time is due by then.
FAR_MS = 2**62
OUTLET = Outlet(id="press.example", kind="paper")
URL = "https://press.example/a"
PAGE = b"<html><body>A page</body></html>"
OTHER = (
    b"<html><body><article>"
    + b"<p>The invented minister said that the bridge would open.</p>" * 9
    + b"</article></body></html>"
)
NINES = "9" * 400
LARGE = f"&#{'9' * 5000};"
DATE = f"Mon, {'9' * 20} Jan 2020 10:00:00 GMT"


@pytest.mark.parametrize(
    ("value", "number"),
    [("7", 7), (" 007 ", 7), ("\xb2", None), ("٣", None), ("-1", None), ("", None), (NINES, 10**12), ("0" * 5000, 0)],
)
def test_numbers_of_strangers(value: str, number: int | None) -> None:
    assert whole(value) == number


def test_headers_that_are_no_numbers() -> None:
    assert Response("u", 429, headers={"retry-after": "\xb2"}).retry_after(0.0) is None
    assert Response("u", 429, headers={"retry-after": NINES}).retry_after(0.0) == 1e12
    assert plan.floor({"cache-control": "max-age=\xb2"}, 0.0, NOW) == 0.0
    assert plan.floor({"cache-control": f"max-age={NINES}", "age": NINES}, 0.0, NOW) == 0.0
    assert plan.floor({"cache-control": "max-age=60", "age": "\xb2"}, 0.0, NOW) == 60.0


@pytest.mark.parametrize("delay", [1e300, float("inf"), float("nan"), -5.0])
async def test_a_crawl_delay_is_a_day_at_most(delay: float) -> None:
    hosts = Hosts(0.0, clock=lambda: 0.0)
    hosts.asks_for_delay(URL, delay)
    async with hosts.turn(URL):
        pass
    if delay == 1e300:
        with pytest.raises(HostBusy) as caught:
            async with hosts.turn(URL):
                pass
        assert caught.value.seconds == 24 * 3600.0
    else:
        async with hosts.turn(URL):
            pass


def test_dates_of_twenty_digits_are_none() -> None:
    assert parse(DATE) is None
    assert parse(DATE.replace("Jan 2020 10", f"Jan 2020 {'9' * 20}")) is None


def test_titles_and_authors_are_cut() -> None:
    assert plain(LARGE + "x") == LARGE[:2000], "as it stands"
    assert plain("<b>" + "x" * 14_000_000) == "x" * 2000
    assert len(names([f"Ann {n}" for n in range(1000)])) == 50
    assert names([None, "<b></b>", "Ann"]) == ["Ann"]


def test_a_feed_and_a_home_page_with_entities_of_thousands_of_digits() -> None:
    items = [{"url": URL, "title": LARGE, "date_published": DATE}, {"url": f"{URL}2", "title": "Bridge"}]
    feed = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}).encode()
    found = parse_feed(feed, url=URL, content_type="application/json", outlet=OUTLET)
    assert [entry.url for entry in found.entries] == [URL, f"{URL}2"]
    assert found.entries[0].published is None
    tag = '<link rel="alternate" type="application/rss+xml" href="{}">'
    page = tag.format(f"&#{'9' * 1200};") + f"<a rel='&#{'9' * 4400};' href='/x'>" + tag.format("/rss")
    assert "https://press.example/rss" in linked_feeds(page.encode(), URL)


class Client:
    """Answers by address; ``before`` is called before each answer."""

    away = False

    def __init__(self, answer: Callable[[str], Response]) -> None:
        self.answer = answer

    async def get(self, url: str, **_: object) -> Response:
        return self.answer(url)


class Published:
    """What was published; ``forgotten``: ids that are held back."""

    def __init__(self, error: Exception | None = None, forgotten: set[str] | None = None) -> None:
        self.all: list[RawArticle] = []
        self.error = error
        self.forgotten = forgotten or set()

    async def publish(self, raw: RawArticle) -> bool:
        if self.error is not None:
            raise self.error
        if raw.article_id in self.forgotten:
            return False
        self.all.append(raw)
        return True


def answer_of(url: str) -> Response:
    if url == "https://odd.example/rss" or url.endswith("/odd"):
        raise ValueError("nobody thought of it")
    if url.endswith("/rss"):
        items = [{"url": f"https://press.example/{name}", "title": name} for name in ("odd", "fine")]
        body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}).encode()
        return Response(url, 200, body, "application/json", headers={"content-type": "application/json"})
    return Response(url, 200, PAGE, "text/html")


async def test_one_odd_source_and_one_odd_page_do_not_stop_the_others(tmp_path: Path) -> None:
    settings = FetchSettings(revisit_seconds=[])
    hosts = ("odd.example", "press.example")
    sources = [SourceEntry(outlet=host, name=host, kind="paper", feeds=[f"https://{host}/rss"]) for host in hosts]
    published = Published()
    client: Any = Client(answer_of)
    with State(tmp_path / "fetch.sqlite") as state:
        crawl = Crawl(
            settings, sources, published, client, state, stop=asyncio.Event(), revisions=Revisions(20),
            reports=SimpleNamespace(), clock=lambda: NOW_MS,  # type: ignore[arg-type]
        )  # fmt: skip
        totals = await crawl.once()
        odd = state.source("https://odd.example/rss")
        assert odd is not None
        assert (odd.failures, odd.note) == (1, "ValueError: nobody thought of it")
        assert odd.due_ms > NOW_MS
        page = state.article(article_id("https://press.example/odd"))
        assert page is not None
        assert (page.failures, page.visits) == (1, 0)
        assert [article.url for article in published.all] == ["https://press.example/fine"]
        assert totals.drops == {"source_defect": 1, "defect": 1}


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    with State(tmp_path / "fetch.sqlite") as made:
        made.announce([(article_id(URL), Announced(url=URL, outlet=OUTLET), NOW_MS, None)], now_ms=NOW_MS)
        yield made


def visitor(state: State, published: Published, answer: Callable[[str], Response] = answer_of) -> Visitor:
    client: Any = Client(answer)

    async def differ(_before: bytes, _now: bytes) -> bool:
        return False

    revisions: Any = SimpleNamespace(same=differ)
    return Visitor(
        FetchSettings(), client, state, published, revisions, FetchTotals(), shard=Shard(),
        hand_on=lambda *_: None, clock=lambda: NOW_MS,
    )  # fmt: skip


def article(state: State) -> ArticleState:
    found = state.article(article_id(URL))
    assert found is not None
    return found


def test_a_fetcher_that_has_published_nothing_says_so(state: State) -> None:
    FETCHES.clear()
    visitor(state, Published())
    assert REGISTRY.get_sample_value("remarkwire_fetches_total", {"outcome": "published"}) == 0


async def test_an_article_that_fits_into_no_message_is_settled(state: State) -> None:
    tall = RawArticle(
        article_id="a", seq=Seq(1, "a"), url=URL, outlet=OUTLET, fetched=NOW, media_type="text/html", body=pack(b"x"),
        feed=FeedFacts(source="s", title="x" * MAX_MESSAGE_BYTES),
    )  # fmt: skip
    with pytest.raises(MessageTooLarge) as caught:
        tall.sendable()
    delivery = await visitor(state, Published(caught.value)).visit(article(state))
    assert delivery is not None
    await delivery
    assert not state.due(FAR_MS, 1)
    found = article(state)
    assert found.visits == 0
    assert (found.note or "").startswith("refused: article.raw")


async def test_an_article_whose_time_is_refused_is_tried_again(state: State) -> None:
    canonical = f'<link rel="canonical" href="{URL}/named">'.encode()
    for page in (PAGE, canonical + PAGE):
        before = article(state).failures
        visits = visitor(
            state, Published(TimeRefused("ahead")), lambda url, page=page: Response(url, 200, page, "text/html")
        )  # type: ignore[misc]
        delivery = await visits.visit(article(state))
        assert delivery is not None
        await delivery
        assert article(state).failures == before + 1
        assert not state.due(NOW_MS, 1), "not at once"
        assert [due.article_id for due in state.due(FAR_MS, 9)] == [article_id(URL)]


@pytest.mark.parametrize(("status", "tries"), [(404, 4), (410, 1)])
async def test_a_page_that_is_not_there_yet_is_asked_for_again(state: State, status: int, tries: int) -> None:
    missing = visitor(state, Published(), lambda url: Response(url, status))
    for number in range(1, tries + 1):
        assert len(state.due(FAR_MS, 1)) == 1
        assert await missing.visit(article(state)) is None
        assert (article(state).note or "").startswith("gone" if number == tries else "status 404")
    assert not state.due(FAR_MS, 1)


async def test_a_page_that_comes_late_is_published(state: State) -> None:
    await visitor(state, Published(), lambda url: Response(url, 404)).visit(article(state))
    published = Published()
    delivery = await visitor(state, published).visit(article(state))
    assert delivery is not None
    await delivery
    assert [raw.status for raw in published.all] == [200]


@pytest.mark.parametrize(("status", "tries"), [(404, 2), (410, 1)])
async def test_a_page_that_is_missing_once_is_not_gone(state: State, status: int, tries: int) -> None:
    published = Published()
    delivery = await visitor(state, published).visit(article(state))
    assert delivery is not None
    await delivery
    missing = visitor(state, published, lambda url: Response(url, status))
    for number in range(1, tries + 1):
        delivery = await missing.visit(article(state))
        assert (delivery is not None) == (number == tries)
    assert delivery is not None
    await delivery
    assert [raw.status for raw in published.all] == [200, status]
    assert not state.due(FAR_MS, 1)


async def test_nothing_stays_of_an_article_that_was_taken_out(state: State) -> None:
    published = Published()
    visits = visitor(state, published, lambda url: Response(url, 200, OTHER, "text/html"))
    delivery = await visits.visit(article(state))
    assert delivery is not None
    await delivery
    assert state.page(article_id(URL)) is not None
    published.forgotten = {article_id(URL)}
    state.watched([article_id(URL)], lambda _: NOW_MS)
    visits = visitor(state, published)
    before = REGISTRY.get_sample_value("remarkwire_fetches_total", {"outcome": "published"})
    delivery = await visits.visit(article(state))
    assert delivery is not None
    await delivery
    assert REGISTRY.get_sample_value("remarkwire_fetches_total", {"outcome": "published"}) == before
    found = article(state)
    assert (found.visits, found.note) == (1, "forgotten")
    assert not state.due(FAR_MS, 1)
    assert state.page(article_id(URL)) is None


async def test_an_article_that_is_taken_out_while_the_fetcher_runs_leaves_no_page(tmp_path: Path) -> None:
    told = [set[str](), {article_id("https://press.example/fine"), "of another shard"}]
    settings = FetchSettings()
    source = SourceEntry(outlet="press.example", name="E", kind="paper", feeds=["https://press.example/rss"])
    client: Any = Client(answer_of)
    with State(tmp_path / "fetch.sqlite") as state:
        crawls = [
            Crawl(
                settings, [source], Published(), client, state, stop=asyncio.Event(), revisions=Revisions(20),
                reports=NoReports(), clock=lambda: NOW_MS, taken_out=told.pop if n else tuple,
            )
            for n in range(2)
        ]  # fmt: skip
        await crawls[0].once()
        assert state.page(article_id("https://press.example/fine")) is not None
        await crawls[1].once()
        assert state.page(article_id("https://press.example/fine")) is None


def test_pages_are_kept_while_a_visit_is_due_or_a_report_may_come(state: State) -> None:
    day = 24 * 3_600_000
    ids = ["due", "no more", "given up", "refused", "unwatched", "new"]
    for number, one in enumerate(ids):
        state.stamp(one, Announced(url=f"{URL}{number}", outlet=OUTLET), NOW_MS)
        kept = NOW_MS + day if one == "new" else NOW_MS
        state.confirmed(one, visit=1, now_ms=kept, body_hash="h", due_ms=None, page=b"page")
    state.watched(ids[:4], lambda one: None if one.article_id == "no more" else FAR_MS)
    state.failed("given up", due_ms=None, note="status 500")
    state.settled("refused", "refused: robots.txt")
    state.prune(NOW_MS + day)
    assert [one for one in ids if state.page(one) is not None] == ["due", "new"]


@pytest.mark.parametrize("changed", [False, True])
async def test_a_page_whose_report_is_read_during_a_visit_keeps_its_revisits(state: State, changed: bool) -> None:
    delivery = await visitor(state, Published()).visit(article(state))
    assert delivery is not None
    await delivery
    assert not state.due(FAR_MS, 1)

    def answer(url: str) -> Response:
        assert state.watched([article_id(URL)], lambda _: NOW_MS + 1000) == 1
        return Response(url, 200, OTHER if changed else PAGE, "text/html")

    delivery = await visitor(state, Published(), answer).visit(article(state))
    assert (delivery is not None) == changed
    if delivery is not None:
        await delivery
    assert article(state).visits == 1 + changed
    assert not state.due(NOW_MS, 1)
    assert state.due(FAR_MS, 1)


def test_members_of_gzip_are_bounded_in_number_and_opened_over_chunks() -> None:
    large = bytes(range(256)) * 400
    stored = gzip.compress(large, compresslevel=0)
    assert inflate(stored + b"\0" * 70_000 + gzip.compress(b"end") + b"rest", 200_000) == large + b"end"
    assert inflate(stored, len(large)) == large
    assert inflate(stored, len(large) - 1) is None
    assert inflate(gzip.compress(b"a") * 1000, 5000) == b"a" * 1000
    for broken in (gzip.compress(b"a") * 1001, stored[:-3], stored + stored[:70_000]):
        with pytest.raises(zlib.error):
            inflate(broken, 500_000)


async def test_a_dead_name_server_holds_up_its_own_site_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = threading.Event()
    asked: list[str] = []

    def look_up(host: str, port: int, **_: object) -> list[object]:
        asked.append(host)
        if host.endswith("dead.example"):
            answers.wait(60)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    backend = GuardedBackend()
    dead = [asyncio.create_task(backend._addresses(f"h{n}.dead.example", 80)) for n in range(40)]
    try:
        async with asyncio.timeout(30):
            assert await backend._addresses("fine.example", 80) == [("93.184.216.34", 80)]
            await asyncio.to_thread(lambda: None)
        assert len(asked) == 4 + 1
        for task in dead:
            task.cancel()
        await asyncio.gather(*dead, return_exceptions=True)
        assert len(asked) == 4 + 1, "threads that nobody waits for are still held"
    finally:
        answers.set()
    async with asyncio.timeout(30):
        assert await backend._addresses("www.dead.example", 443) == [("93.184.216.34", 443)]


async def test_cookies_are_neither_kept_nor_sent() -> None:
    sent: list[str | None] = []

    async def body() -> AsyncIterator[bytes]:
        yield b"x"

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request.headers.get("cookie"))
        cookies = [("set-cookie", f"c{n}=v; Max-Age=99999999") for n in range(50)]
        return httpx.Response(200, headers=cookies, content=body())

    async with Http(FetchSettings()) as http:
        http._client._transport = httpx.MockTransport(answer)
        for _ in range(2):
            await http.get(URL, limit=10)
        assert len(http._client.cookies.jar) == 0
    assert sent == [None, None]


async def test_what_is_remembered_of_hosts_is_bounded() -> None:
    asked: list[str] = []

    async def get(url: str) -> Response:
        asked.append(url)
        return Response(url, 404)

    hosts = Hosts(0.0, clock=lambda: 0.0)
    robots = Robots(get, "Remarkwire", hosts.asks_for_delay)
    hosts.asks_for_delay("https://slow.example/", 5.0)
    hosts.refused("https://busy.example/", 3600.0)
    for n in range(1200):
        await robots.check(f"https://h{n}.example/a")
        async with hosts.turn(f"https://h{n}.example/a"):
            pass
    assert len(robots._entries) == 1000
    assert len(robots._locks) == 0
    assert len(hosts._hosts) <= 1000
    assert {"slow.example", "busy.example", "h1199.example"} <= hosts._hosts.keys()
    await robots.check("https://h1199.example/b")
    assert len(asked) == 1200
    await robots.check("https://h0.example/b")
    assert len(asked) == 1201
