"""The parts of the fetcher: addresses, bounds, robots.txt, feeds, sitemaps, plans, state. All texts are synthetic."""

import asyncio
import datetime
import gzip
import ipaddress
import zlib
from collections.abc import Iterator
from pathlib import Path

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.fetch import plan
from ingest.fetch.announced import Announced, plain
from ingest.fetch.lists.feeds import parse_feed
from ingest.fetch.lists.sitemaps import parse_sitemap
from ingest.fetch.memory.forgetting import Forgetting
from ingest.fetch.memory.state import State
from ingest.fetch.volume import BACKLOG
from ingest.fetch.web.guard import GuardedBackend, is_public
from ingest.fetch.web.http import Http, Response, inflate
from ingest.fetch.web.robots import Robots
from runtime.settings import FetchSettings
from schemas import FeedFacts, Outlet
from schemas.errors import FetchFailed, FetchRefused, SettingsError

OUTLET = Outlet(id="example.org", kind="paper")
UTC = datetime.UTC


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.9.9", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
     "255.255.255.255", "240.0.0.1", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1",
     "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:4136:e378::1", "fec0::1"],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "93.184.216.34", "2606:2800:220:1::", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0x7f.1", "2130706433", "[::1]"])
async def test_loopback_is_refused_however_it_is_written(host: str) -> None:
    async with Http(FetchSettings()) as http:
        with pytest.raises((FetchRefused, FetchFailed)) as caught:
            await http.get(f"http://{host}:9/", limit=100)
    assert "no public address" in str(caught.value) or "resolved" in str(caught.value)


async def test_unix_sockets_are_refused() -> None:
    with pytest.raises(FetchRefused):
        await GuardedBackend().connect_unix_socket("anything.sock")


@pytest.mark.parametrize("value", ["localhost:80", "127.0.0.1", "127.0.0.1:http", ""])
def test_resolve_takes_addresses_alone(value: str) -> None:
    with pytest.raises(SettingsError, match="ip:port"):
        GuardedBackend(resolve={"example.org": value})


def _all_subclasses(cls: type[Exception]) -> Iterator[type[Exception]]:
    yield cls
    for sub in cls.__subclasses__():
        yield from _all_subclasses(sub)


@pytest.mark.parametrize(
    "error",
    sorted(
        {*_all_subclasses(httpx.HTTPError), httpx.InvalidURL, *_all_subclasses(httpx.StreamError)},
        key=lambda e: e.__name__,
    ),
)
async def test_every_error_of_httpx_is_one_of_ours(error: type[Exception]) -> None:
    if error in {httpx.HTTPError, httpx.HTTPStatusError}:
        pytest.skip("not raised: statuses are read, not raised, and HTTPError is abstract")

    class Failing(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            raise error("x") if not issubclass(error, httpx.StreamError) or error is httpx.StreamError else error()  # type: ignore[call-arg]

    http = Http(FetchSettings())
    http._client = httpx.AsyncClient(transport=Failing())
    async with http:
        with pytest.raises((FetchFailed, FetchRefused)):
            await http.get("http://example.org/", limit=10)


@given(st.binary(max_size=5000), st.sampled_from(["gzip", "zlib", "raw", "members"]))
def test_inflate_opens_what_was_compressed(data: bytes, how: str) -> None:
    raw = zlib.compressobj(wbits=-15)
    packed = {
        "gzip": lambda: gzip.compress(data),
        "zlib": lambda: zlib.compress(data),
        "raw": lambda: raw.compress(data) + raw.flush(),
        "members": lambda: gzip.compress(data[:10]) + gzip.compress(data[10:]),
    }[how]()
    if how == "raw" and packed[:1] and packed[0] & 0x0F == 8:
        return  # may look like zlib's first byte; servers that send raw deflate are a historical error
    assert inflate(packed, 5000) == data


def test_a_gzip_bomb_is_not_opened() -> None:
    assert inflate(gzip.compress(b"\0" * 10_000_000), 100_000) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [("120", 120.0), ("Wed, 03 Jun 2026 09:02:00 GMT", 120.0), ("Wed, 03 Jun 2026 08:00:00 GMT", 0.0), ("soon", None),
     ("", None)],
)  # fmt: skip
def test_retry_after(value: str, expected: float | None) -> None:
    now = datetime.datetime(2026, 6, 3, 9, 0, tzinfo=UTC).timestamp()
    assert Response("u", 429, headers={"retry-after": value}).retry_after(now) == expected


class Answers:
    """robots.txt of a host, and how often it was asked for."""

    def __init__(self, answer: Response | Exception) -> None:
        self.answer = answer
        self.asked: list[str] = []

    async def __call__(self, url: str) -> Response:
        self.asked.append(url)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def _robots(answers: Answers, delays: list[float] | None = None) -> Robots:
    return Robots(answers, "Remarkwire/0.1 (contact)", lambda _, seconds: (delays or []).append(seconds))


async def test_robots_txt_is_read_once_and_obeyed() -> None:
    delays = [0.0]
    answers = Answers(Response("u", 200, b"User-agent: *\nDisallow: /private\nCrawl-delay: 2\n"))
    robots = _robots(answers, delays)
    await asyncio.gather(*(robots.check("https://example.org/a") for _ in range(5)))
    with pytest.raises(FetchRefused, match="robots"):
        await robots.check("https://example.org/private/a")
    assert answers.asked == ["https://example.org/robots.txt"]
    assert delays == [0.0, 2.0]


async def test_rules_for_us_come_before_rules_for_all() -> None:
    text = b"User-agent: *\nDisallow: /\n\nUser-agent: remarkwire\nAllow: /\n"
    await _robots(Answers(Response("u", 200, text))).check("https://example.org/a")


@pytest.mark.parametrize("status", [404, 401, 403, 410])
async def test_robots_txt_that_is_not_there_allows_all(status: int) -> None:
    await _robots(Answers(Response("u", status))).check("https://example.org/a")


@pytest.mark.parametrize("answer", [Response("u", 503), FetchFailed("no route")])
async def test_robots_txt_that_cannot_be_had_forbids_all_for_now(answer: Response | Exception) -> None:
    with pytest.raises(FetchFailed):
        await _robots(Answers(answer)).check("https://example.org/a")


RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Example</title><language>en-GB</language>
<item><title>Bridge &amp;amp; tunnel &lt;b&gt;open&lt;/b&gt;</title><link>https://example.org/a?utm_source=rss</link>
<pubDate>Tue, 02 Jun 2026 18:30:00 +0300</pubDate></item>
<item><title>No link</title></item><item><link>/relative</link></item><item><link>javascript:void(0)</link></item>
</channel></rss>"""
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>E</title>
<entry><title>Bridge</title><link href="https://example.org/a"/><published>2026-06-02T18:30:00+03:00</published>
<updated>2026-06-02T20:00:00Z</updated><author><name>Ann Example</name></author></entry></feed>"""


def feed(text: str, **changes: object) -> list[Announced]:
    made: dict[str, object] = {"url": "https://example.org/rss", "content_type": "application/xml", "outlet": OUTLET}
    return parse_feed(text.encode(), **(made | changes)).entries  # type: ignore[arg-type]


def test_rss_is_read() -> None:
    first, second = feed(RSS)
    assert first.url == "https://example.org/a?utm_source=rss"
    assert first.facts is not None
    assert first.facts.title == "Bridge & tunnel open"
    assert first.facts.published is not None
    assert first.facts.published.isoformat() == "2026-06-02T18:30:00+03:00"
    assert first.facts.lang == "en"
    assert second.url == "https://example.org/relative"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Bridge<br>to open", "Bridge to open"),
        ("<p>Мост</p><p>откроют</p>", "Мост откроют"),
        ("Bridge <em class='x'>to</em> open<!-- x -->", "Bridge to open"),
        ("Rate < 5 %, debt > 60 %", "Rate < 5 %, debt > 60 %"),
        ("Мост «откроют» &laquo;в мае&raquo;&nbsp;&mdash; мэр", "Мост «откроют» «в мае» — мэр"),
        ("<b></b>", None),
    ],
)
def test_a_title_without_its_markup(title: str, expected: str | None) -> None:
    assert plain(title) == expected


def test_atom_is_read() -> None:
    (entry,) = feed(ATOM)
    assert entry.facts is not None
    assert entry.facts.authors == ["Ann Example"]
    assert entry.updated == datetime.datetime(2026, 6, 2, 20, 0, tzinfo=UTC)


def test_what_is_broken_in_one_entry_of_a_feed_is_that_entrys_fault() -> None:
    items = [
        '{"url": "http://[nowhere/a", "title": "no address"}',
        r'{"url": "https://press.example/b", "title": "half a \ud83d pair", "authors": [{"name": "A \udc00"}]}',
    ]
    (entry,) = feed('{"version": "https://jsonfeed.org/version/1.1", "items": [' + ", ".join(items) + "]}")
    assert entry.facts is not None
    assert entry.facts.title == "half a ? pair"
    assert msgspec.json.encode(entry)  # goes into the fetcher's state


def test_json_feed_is_read() -> None:
    text = (
        '{"version": "https://jsonfeed.org/version/1.1", "items": [{"url": "/a", "title": "Bridge", "date_published": '
    )
    (entry,) = feed(text + '"2026-06-02T18:30:00Z"}, {"id": 1}, 3]}')
    assert entry.url == "https://example.org/a"
    assert entry.published == datetime.datetime(2026, 6, 2, 18, 30, tzinfo=UTC)


def test_an_id_of_a_json_feed_may_be_the_address() -> None:
    found = feed('{"items": [{"id": "https://example.org/b", "title": "Crane"}, {"id": "b-17"}, {"id": 3}]}')
    assert [entry.url for entry in found] == ["https://example.org/b"]


@pytest.mark.parametrize(
    "text",
    ["<html><body>No feed</body></html>", "", "{}", "{", "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><rss/>"],
)
def test_what_is_no_feed_is_refused(text: str) -> None:
    with pytest.raises(FetchRefused):
        feed(text)


def test_an_aggregators_entries_belong_to_whom_they_link_to() -> None:
    portal = Outlet(id="portal.example", kind="aggregator")
    assert [e.outlet.id for e in feed(RSS, url="https://portal.example/rss", outlet=portal)] == [
        "example.org", "portal.example",
    ]  # fmt: skip


def sitemap(entries: str) -> bytes:
    return (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{entries}</urlset>'
    ).encode()


ENTRY = """<url><loc>https://{host}/{n}</loc><news:news><news:publication><news:name>E</news:name>
<news:language>en</news:language></news:publication><news:publication_date>2026-06-02</news:publication_date>
<news:title>Bridge {n}</news:title></news:news></url>"""


def read(body: bytes) -> tuple[list[str], list[str]]:
    found = parse_sitemap(body, url="https://example.org/news.xml", outlet=OUTLET, source="s")
    return [e.url for e in found.entries], found.children


def test_only_news_of_the_own_site_is_taken() -> None:
    body = sitemap(
        ENTRY.format(host="example.org", n=1)
        + ENTRY.format(host="evil.example", n=2)
        + "<url><loc>https://example.org/about</loc></url>"
    )
    assert read(body) == (["https://example.org/1"], [])
    assert read(gzip.compress(body)) == (["https://example.org/1"], [])


def test_the_number_of_entries_is_bounded() -> None:
    assert len(read(sitemap("".join(ENTRY.format(host="example.org", n=n) for n in range(3000))))[0]) == 2000


def test_of_a_long_sitemap_the_newest_entries_are_taken() -> None:
    days = [f"2026-{month:02}-{day:02}" for month in range(1, 6) for day in range(1, 29)]
    entries = [
        ENTRY.format(host="example.org", n=n).replace("2026-06-02", days[n // 20]) for n in range(20 * len(days))
    ]
    found = read(sitemap("".join(entries)))[0]
    assert found == [f"https://example.org/{n}" for n in range(800, 2800)]
    assert set(read(sitemap("".join(reversed(entries))))[0]) == set(found)


def test_an_index_names_its_newest_children_first() -> None:
    nodes = "".join(
        f"<sitemap><loc>https://news.example.org/{n}.xml</loc><lastmod>2026-06-{n:02}</lastmod></sitemap>"
        for n in range(1, 29)
    )
    children = read(
        f"<sitemapindex>{nodes}<sitemap><loc>https://evil.example/x.xml</loc></sitemap></sitemapindex>".encode()
    )[1]
    assert children[0] == "https://news.example.org/28.xml"
    assert len(children) == 20


@pytest.mark.parametrize(
    "body",
    [b"", b"<html/>", b"<!DOCTYPE x [<!ENTITY a 'b'>]><urlset/>", b"<urlset>", gzip.compress(b"\0" * 20_000_000)],
)
def test_what_is_no_sitemap_is_refused(body: bytes) -> None:
    with pytest.raises(FetchRefused):
        read(body)


@given(st.lists(st.integers(0, 50), max_size=60))
def test_polling_adapts_within_bounds(news: list[int]) -> None:
    interval = 300.0
    for new in news:
        interval = plan.next_interval(interval, base=300.0, new=new)
        assert 75.0 <= interval <= 3600.0


def test_polling_is_sooner_while_there_is_news() -> None:
    assert plan.next_interval(300.0, base=300.0, new=3) < 300.0 < plan.next_interval(300.0, base=300.0, new=0)


def test_failures_back_off_to_two_weeks_and_never_give_up() -> None:
    waits = [plan.after_failure(n, base=300.0) for n in range(1, 100)]
    assert waits[0] == 300.0
    assert waits == sorted(waits)
    assert waits[-1] == 14 * 24 * 3600.0


def test_articles_are_looked_at_again_and_given_up_at_last() -> None:
    delays, day = [60.0, 10.0], 86400.0
    assert plan.next_visit(100.0, 100.0, delays, 101.0) == 110.0
    assert plan.next_visit(100.0, 110.0, delays, 111.0) == 160.0
    assert plan.next_visit(100.0, 160.0, delays, 161.0) is None
    assert plan.next_visit(100.0, 100.0, delays, 200.0) == 160.0, "two were missed, one is made up for"
    assert plan.next_visit(100.0, 100.0, delays, 200.0 + day) is None
    assert plan.next_visit(100.0, 100.0, [], 101.0) is None
    waits = [plan.article_retry(n) for n in range(1, 9)]
    assert waits[-1] is None
    assert sum(wait or 0.0 for wait in waits) > 3 * day, "a site that is away for a week-end loses nothing"
    assert waits[0] == 300.0


@pytest.mark.parametrize(
    ("asked", "answered", "same_as"),
    [
        ("http://example.org/a/b", "https://www.example.org/a/b/", "asked"),
        ("https://example.org/old/slug", "https://example.org/new/slug", "answered"),
        ("https://example.org/a/b", "https://example.org/", "asked"),
        ("https://example.org/a/b", "https://example.org/login", "asked"),
        ("https://example.org/a/b", "https://consent.example.com/a/b/c", "asked"),
        ("https://bit.ly/x", "https://example.org/a", "answered"),
        ("https://bit.ly/x", "https://example.org/", "asked"),
    ],
)
def test_the_id_after_a_redirect(asked: str, answered: str, same_as: str) -> None:
    from ingest.identity import article_id

    assert plan.id_after_redirect(asked, answered) == article_id({"asked": asked, "answered": answered}[same_as])


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    with State(tmp_path / "fetch.sqlite") as made:
        yield made


def entry(n: int, day: int = 1, updated: datetime.datetime | None = None) -> Announced:
    facts = FeedFacts(source="s", published=datetime.datetime(2026, 6, day, tzinfo=UTC))
    return Announced(url=f"https://example.org/{n}", outlet=OUTLET, facts=facts, updated=updated)


def polled(state: State, *entries: tuple[str, Announced, int | None, str | None]) -> int:
    return state.polled("s", entries, answer="e", due_ms=1, interval=300.0, now_ms=1)


def test_what_was_announced_is_due_until_it_is_confirmed(state: State) -> None:
    assert (
        polled(state, ("b", entry(2, day=2), 100, None), ("a", entry(1), 100, None), ("c", entry(3), None, "too_old"))
        == 2 + 1
    )
    assert polled(state, ("a", entry(1), 200, None)) == 0
    assert [a.article_id for a in state.due(150, 10)] == ["a", "b"]
    assert state.stamp("a", entry(1), 1000) == 1000
    assert state.stamp("a", entry(1), 2000) == 1000
    assert [a.article_id for a in state.due(150, 10)] == ["a", "b"], "stamped is not confirmed"
    state.confirmed("a", visit=1, now_ms=1000, body_hash="h", due_ms=None)
    assert [a.article_id for a in state.due(150, 10)] == ["b"]
    found = state.article("a")
    assert found is not None
    assert (found.visits, found.checks, found.first_ms, found.body_hash) == (1, 1, 1000, "h")


def test_what_the_first_answer_brought_is_kept_apart_from_the_days(state: State) -> None:
    assert polled(state, ("a", entry(1), 100, None), ("b", entry(2), 100, None)) == 2
    assert polled(state, ("c", entry(3), 100, None)) == 1
    assert state.daily("s") == {BACKLOG: 2, 0: 1}


def test_an_update_that_the_source_announces_makes_an_article_due_again(state: State) -> None:
    moment = datetime.datetime(2026, 6, 3, tzinfo=UTC)
    later = int(moment.timestamp() * 1000)
    polled(state, ("a", entry(1), 100, None))
    state.stamp("a", entry(1), 1000)
    state.confirmed("a", visit=1, now_ms=1000, body_hash="h", due_ms=None)
    polled(state, ("a", entry(1), None, None))
    assert state.due(later + 10, 10) == []
    polled(state, ("a", entry(1, updated=moment), later + 5, None))
    assert [a.article_id for a in state.due(later + 10, 10)] == ["a"]


def test_state_outlives_the_process_and_refuses_what_it_cannot_read(tmp_path: Path) -> None:
    import sqlite3

    path = tmp_path / "fetch.sqlite"
    with State(path) as first:
        polled(first, ("a", entry(1), 100, None))
        first.poll_failed("t", due_ms=5, interval=300.0, note="no route")
    with State(path) as second:
        assert [a.announced for a in second.due(150, 10)] == [entry(1)]
        failed, fine = second.source("t"), second.source("s")
        assert failed is not None
        assert fine is not None
        assert (failed.failures, fine.answer, fine.polls) == (1, "e", 1)
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version=99")
    db.close()
    with pytest.raises(SettingsError, match="version 99"):
        State(path)


def dated(n: int, published: datetime.datetime | None) -> Announced:
    facts = FeedFacts(source="s", published=published)
    return Announced(url=f"https://example.org/{n}", outlet=OUTLET, facts=facts)


def test_what_was_seen_long_ago_is_forgotten_unless_it_could_be_new_again(state: State) -> None:
    day = 24 * 3_600_000
    old = datetime.datetime(2026, 1, 1, tzinfo=UTC)
    then = int(old.timestamp() * 1000)
    now = then + 200 * day
    recent = datetime.datetime.fromtimestamp((now - 80 * day) / 1000, UTC)
    entries = {
        "fetched": dated(1, old), "waits": dated(2, old), "too old": dated(3, old), "undated": dated(4, None),
        "1970": dated(5, datetime.datetime(1970, 1, 1, tzinfo=UTC)), "recent": dated(6, recent),
        "still shown": dated(7, old), "visited lately": dated(8, old),
    }  # fmt: skip
    due = {key: None if key == "too old" else then for key in entries}
    state.polled("s", [(key, entry, due[key], None) for key, entry in entries.items()], answer="e", due_ms=1,
                 interval=300.0, now_ms=then)  # fmt: skip
    for key, entry in entries.items():
        if due[key] is not None:
            state.stamp(key, entry, then)
            at = now - 10 * day if key == "visited lately" else then
            again = now if key == "waits" else None
            state.confirmed(key, visit=1, now_ms=at, body_hash="h", due_ms=again, page=b"page")
    state.polled("s", [("still shown", entries["still shown"], None, None)], answer="f", due_ms=1, interval=300.0,
                 now_ms=now - 30 * day)  # fmt: skip
    forgetting = Forgetting(state, FetchSettings())
    assert forgetting.step(now)
    assert not forgetting.step(now), "the end of a round"
    left = {key for key in entries if state.article(key) is not None}
    assert left == set(entries) - {"fetched", "too old"}
    assert state.page("fetched") is None
    assert state.page("undated") == b"page"
    oldest = datetime.datetime.fromtimestamp(now / 1000, UTC) - datetime.timedelta(days=FetchSettings().max_age_days)
    gone = [entries[key].published for key in set(entries) - left]
    assert all(plan.effective_date(p, datetime.datetime.fromtimestamp(now / 1000, UTC)) < oldest for p in gone), (
        "they are refused by their dates when they come again"
    )


def test_forgetting_goes_a_few_rows_at_a_time_and_keeps_what_the_dates_would_let_in(state: State) -> None:
    old = datetime.datetime(2026, 1, 1, tzinfo=UTC)
    then = int(old.timestamp() * 1000)
    state.polled("s", [(f"{n:05}", dated(n, old), None, "too_old") for n in range(5000)], answer="e", due_ms=1,
                 interval=300.0, now_ms=then)  # fmt: skip
    later = then + 100 * 24 * 3_600_000
    careful = Forgetting(state, FetchSettings(max_age_days=365.0, seen_days=1.0))
    while careful.step(later):
        pass
    assert state.article("00000") is not None, "an entry of that age would be fetched"
    forgetting = Forgetting(state, FetchSettings())
    assert forgetting.step(later)
    assert [state.article(key) is None for key in ("00000", "01999", "02000", "04999")] == [True, True, False, False]
    while forgetting.step(later):
        pass
    assert state.article("04999") is None


def test_a_state_of_the_version_before_is_taken_over(tmp_path: Path) -> None:
    import sqlite3

    path = tmp_path / "fetch.sqlite"
    with State(path) as first:
        polled(first, ("a", entry(1), 100, None))
    db = sqlite3.connect(path)
    db.execute("ALTER TABLE articles DROP COLUMN seen_ms")
    db.execute("ALTER TABLE sources DROP COLUMN unreached")
    db.execute("PRAGMA user_version=2")
    db.close()
    with State(tmp_path / "fetch.1-of-2.sqlite") as shard:
        assert shard.adopt(path, lambda _: True) == 1
        assert [a.announced for a in shard.due(150, 10)] == [entry(1)]
    with State(path) as again:
        assert again.forget_old(0, 10, before_ms=2**60, dated_from_ms=0) == 1
        assert again.article("a") is not None, "it is due"


def test_a_state_that_did_not_tell_answers_from_silence_is_taken_over(tmp_path: Path) -> None:
    import sqlite3

    path = tmp_path / "fetch.sqlite"
    with State(path) as first:
        polled(first, ("a", entry(1), 100, None))
        for _ in range(3):
            first.poll_failed("t", due_ms=5, interval=300.0, note="t: ConnectError: no route", unreached=True)
            first.poll_failed("u", due_ms=5, interval=300.0, note="u: status 404")
        before = [first.source(url) for url in ("s", "t", "u")]
    db = sqlite3.connect(path)
    db.execute("ALTER TABLE sources DROP COLUMN unreached")
    db.execute("PRAGMA user_version=3")
    db.close()
    for _ in range(2):
        with State(path) as again:
            assert again.failing() == ["t"]
            assert [again.source(url) for url in ("s", "t", "u")] == before
            assert [a.announced for a in again.due(150, 10)] == [entry(1)]
    with State(tmp_path / "fetch.1-of-2.sqlite") as shard:
        assert shard.adopt(path, lambda _: True) == 1
        assert shard.failing() == ["t"]
