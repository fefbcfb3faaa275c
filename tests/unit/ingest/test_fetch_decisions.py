"""The fetcher's decisions: floors, dates, identities, shards, volumes, what a page names. All texts are synthetic."""

import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.fetch import plan
from ingest.fetch.announced import Announced
from ingest.fetch.lists.discover import linked_feeds
from ingest.fetch.lists.feeds import MOST_ENTRIES, parse_feed
from ingest.fetch.lists.sitemaps import choose, of_robots
from ingest.fetch.memory.shards import Shard, states_in
from ingest.fetch.memory.state import State
from ingest.fetch.volume import BACKLOG, DAY_MS, health, volume
from ingest.identity import article_id
from ingest.links import canonical_of
from ingest.sources import SourceEntry, parse_sources, with_source
from schemas import FeedFacts, Outlet
from schemas.errors import FetchRefused, SettingsError
from tests.press import source

UTC = datetime.UTC
NOW = datetime.datetime(2026, 6, 3, 12, 0, tzinfo=UTC)
OUTLET = Outlet(id="press.example", kind="paper")
LATER = "Wed, 03 Jun 2026 13:00:00 GMT"


@given(st.floats(0, 1e6), st.floats(0, 1, exclude_max=True))
def test_intervals_are_spread_either_way_and_waits_only_later(seconds: float, chance: float) -> None:
    assert seconds * 0.9 <= plan.jittered(seconds, chance) <= seconds * 1.1
    assert seconds <= plan.delayed(seconds, chance) <= seconds * 1.1


@pytest.mark.parametrize(
    ("headers", "ttl", "seconds"),
    [
        ({}, 0, 0), ({"cache-control": "max-age=600"}, 0, 600), ({"cache-control": "Max-Age=600, public"}, 900, 900),
        ({"cache-control": "max-age=600", "age": "200"}, 0, 400),
        ({"cache-control": "max-age=600", "age": "900"}, 0, 0),
        ({"cache-control": "max-age=31536000"}, 0, 86400), ({"cache-control": "max-age=soon"}, 0, 0),
        ({"expires": LATER}, 0, 3600), ({"expires": LATER, "date": "Wed, 03 Jun 2026 12:30:00 GMT"}, 0, 1800),
        ({"expires": LATER, "cache-control": "no-cache"}, 0, 0), ({"expires": "0"}, 0, 0), ({"expires": "-1"}, 60, 60),
        ({"expires": LATER, "cache-control": "max-age=5"}, 0, 5),
    ],
)  # fmt: skip
def test_floors(headers: dict[str, str], ttl: float, seconds: float) -> None:
    assert plan.floor(headers, ttl, NOW) == seconds


def test_dates_that_cannot_be_meant_count_as_now() -> None:
    day = datetime.timedelta(days=1)
    assert plan.effective_date(NOW - day, NOW) == NOW - day
    for lie in (None, NOW + day, datetime.datetime(2203, 1, 1, tzinfo=UTC), datetime.datetime(1970, 1, 1, tzinfo=UTC)):
        assert plan.effective_date(lie, NOW) == NOW


@pytest.mark.parametrize(
    ("own", "canonical", "same_as"),
    [
        ("https://press.example/politics/a-1", "https://press.example/world/a-1", "canonical"),
        ("https://press.example/a/b", None, "own"),
        ("https://press.example/a/b", "https://press.example/", "own"),
        ("https://press.example/a/b", "https://press.example/a", "own"),
        ("https://press.example/a/b", "https://agency.example/a/b", "own"),
        ("https://press.example/a.php?id=5", "https://press.example/a.php", "own"),
        ("https://press.example/a.php?id=5", "https://press.example/a.php?id=1", "own"),
        ("https://press.example/a.php?id=5", "https://press.example/news/bridge-5", "canonical"),
        ("https://press.example/a/b", "https://m.press.example/a/b/amp", "own"),
        ("https://press.example/a/b", "http://[bad", "own"),
    ],
)
def test_the_id_of_a_page_with_a_canonical_address(own: str, canonical: str | None, same_as: str) -> None:
    minted = article_id(own)
    expected = article_id(canonical) if same_as == "canonical" and canonical else minted
    assert plan.id_of_canonical(minted, own, canonical) == expected


@pytest.mark.parametrize(
    ("head", "found"),
    [
        ('<link rel="canonical" href="https://press.example/a?x=1&amp;y=2">', "https://press.example/a?x=1&y=2"),
        ("<link href='/a' rel='canonical'/>", "https://press.example/a"),
        ("<LINK REL=canonical HREF=/a>", "https://press.example/a"),
        ('<link rel="alternate" href="/b">', None), ('<link rel="canonical">', None), ("", None),
        ('<link rel="canonical" href="javascript:void(0)">', None),
    ],
)  # fmt: skip
def test_canonical_links(head: str, found: str | None) -> None:
    assert canonical_of(f"<html><head>{head}</head>".encode(), "https://press.example/x/") == found


def test_updates_are_believed_ever_more_seldom() -> None:
    waits = [plan.update_visit(100.0, checks, 100.0) for checks in range(1, 13)]
    assert waits[0] == 100.0
    times = [wait for wait in waits if wait is not None]
    assert times == sorted(times)
    assert waits[-1] is None


def test_a_correction_of_what_a_watched_speaker_said_waits_five_minutes_or_a_quarter_of_the_page_s_age() -> None:
    assert plan.correction_visit(100.0, 100.0, 0, 140.0) == 140.0
    assert plan.correction_visit(0.0, 900.0, 0, 1000.0) == 1200.0
    assert plan.correction_visit(0.0, 900.0, 0, 1500.0) == 1500.0, "what was due meanwhile is due now"
    assert plan.correction_visit(0.0, 86400.0, 0, 86400.0) == 86400.0 * 1.25
    vain = [plan.correction_visit(0.0, 900.0, count, 900.0) for count in range(12)]
    times = [when for when in vain if when is not None]
    assert (times[:3], vain[-1]) == ([1200.0, 1800.0, 2700.0], None)
    assert times == sorted(times)


@given(st.integers(1, 9), st.lists(st.from_regex(r"[a-z]{1,8}\.example", fullmatch=True), max_size=20))
def test_each_site_has_one_shard(count: int, sites: list[str]) -> None:
    for site in sites:
        owners = [n for n in range(1, count + 1) if Shard(n, count).owns(f"https://{site}/a")]
        assert len(owners) == 1
        assert Shard(owners[0], count).owns(f"http://feeds.{site}:8080/rss")


@pytest.mark.parametrize("text", ["", "0/2", "3/2", "1", "a/b", "1/0"])
def test_what_is_no_shard_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="i/n"):
        Shard.parse(text)


def test_states_of_shards_are_found_beside_each_other(tmp_path: Path) -> None:
    for shard in (Shard(), Shard(1, 2), Shard(2, 2)):
        with State(shard.state_path(tmp_path)):
            shard.cache_path(tmp_path).touch()
    assert [shard for _, shard in states_in(tmp_path)] == [Shard(1, 2), Shard(2, 2), Shard()]


def days(*counts: int) -> dict[int, int]:
    return dict(enumerate(counts, start=1000))


def at(day: float) -> int:
    return int(day * DAY_MS)


def test_a_source_that_falls_silent_shows() -> None:
    daily = days(*[20] * 20)
    fine = volume(daily | {1020: 3}, since_ms=at(1000), last_new_ms=at(1020.3), now_ms=at(1020.5))
    assert (fine.usual, fine.today, fine.silent_ms) == (20.0, 3, None)
    night = volume(daily, since_ms=at(1000), last_new_ms=at(1019.9), now_ms=at(1020.5))
    assert night.silent_ms is None
    silent = volume(daily, since_ms=at(1000), last_new_ms=at(1019.9), now_ms=at(1021.2))
    assert silent.silent_ms == at(1021.2) - at(1019.9)
    assert silent.usual == 20.0
    gone = volume(daily, since_ms=at(1000), last_new_ms=at(1019.9), now_ms=at(1040))
    assert gone.usual == 20.0, "a long silence does not become what is usual"
    assert health(polls=9, failures=0, found=silent) == "silent"


def test_weekly_papers_and_quiet_sources_are_not_called_silent() -> None:
    weekdays = days(*([10, 10, 10, 10, 10, 0, 0] * 4))
    sunday = volume(weekdays, since_ms=at(1000), last_new_ms=at(1025.0), now_ms=at(1026.9))
    assert sunday.silent_ms is None
    seldom = days(1, 0, 0, 0, 1, 0, 0, 0, 1)
    assert volume(seldom, since_ms=at(1000), last_new_ms=at(1008), now_ms=at(1014)).silent_ms is None


def test_what_the_first_answer_brought_is_new_today_and_says_nothing_of_a_usual_day() -> None:
    daily = {BACKLOG: 26, 1000: 1}
    assert volume(daily, since_ms=at(1000.1), last_new_ms=at(1000.4), now_ms=at(1000.5)).today == 27
    later = volume(daily | {1001: 2}, since_ms=at(1000.1), last_new_ms=at(1001.4), now_ms=at(1001.5))
    assert (later.usual, later.today) == (1.0, 2)


def test_a_source_that_was_just_added_has_no_usual_volume() -> None:
    found = volume({}, since_ms=at(1000.2), last_new_ms=at(1000.2), now_ms=at(1000.9))
    assert (found.usual, found.silent_ms) == (None, None)
    assert health(polls=0, failures=0, found=found) == "new"
    assert health(polls=5, failures=2, found=found) == "failing"


def feed_of(text: str, **changes: str) -> object:
    made = {"url": "https://press.example/rss", "content_type": "application/xml"}
    return parse_feed(text.encode(), outlet=OUTLET, **(made | changes))


@pytest.mark.parametrize(
    ("inside", "seconds"),
    [
        ("<ttl>30</ttl>", 1800), ("<ttl>soon</ttl>", 0), ("", 0),
        ("<s:updatePeriod>hourly</s:updatePeriod><s:updateFrequency>4</s:updateFrequency>", 900),
        ("<s:updatePeriod>daily</s:updatePeriod>", 86400),
        ("<ttl>60</ttl><s:updatePeriod>hourly</s:updatePeriod>", 3600),
    ],
)  # fmt: skip
def test_a_feed_says_how_often_it_may_be_asked(inside: str, seconds: float) -> None:
    space = "xmlns:s='http://purl.org/rss/1.0/modules/syndication/'"
    item = "<item><link>https://press.example/1</link></item>"
    found = feed_of(f"<rss version='2.0' {space}><channel>{inside}{item}</channel></rss>")
    assert found.ttl == seconds  # type: ignore[attr-defined]


def test_a_json_feed_with_a_byte_order_mark_is_read() -> None:
    found = feed_of('\ufeff\n{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "url": "/1"}]}')
    assert [entry.url for entry in found.entries] == ["https://press.example/1"]  # type: ignore[attr-defined]


def test_of_a_long_feed_the_newest_are_taken() -> None:
    first = datetime.datetime(2026, 1, 1, tzinfo=UTC)
    items = "".join(
        f"<item><link>https://press.example/{n}</link>"
        f"<pubDate>{(first + datetime.timedelta(minutes=n)).isoformat()}</pubDate></item>"
        for n in range(MOST_ENTRIES + 50)
    )
    found = parse_feed(
        f"<rss version='2.0'><channel>{items}</channel></rss>".encode(),
        url="https://press.example/rss", content_type="", outlet=OUTLET,
    )  # fmt: skip
    assert len(found.entries) == MOST_ENTRIES
    assert found.entries[-1].url.endswith(f"/{MOST_ENTRIES + 49}")
    assert found.dropped == {"too_many_entries": 50}


@pytest.mark.parametrize("encoding", ["utf-7", "cp037", "utf_7"])
def test_encodings_that_could_hide_entities_are_refused(encoding: str) -> None:
    with pytest.raises(FetchRefused, match="entities"):
        feed_of(f"<?xml version='1.0' encoding='{encoding}'?><rss version='2.0'><channel/></rss>")
    with pytest.raises(FetchRefused, match="entities"):
        feed_of("<rss version='2.0'><channel/></rss>", content_type=f"application/xml; charset={encoding}")


def test_which_sitemaps_are_opened() -> None:
    links = [("/old", NOW - datetime.timedelta(days=9)), ("/a", None), ("/news", None), ("/new", NOW)]
    assert choose(links, most=3) == ["/new", "/old", "/news"]
    named = ["https://press.example/a.xml", "https://press.example/news.xml", "https://other.example/x.xml"]
    assert of_robots(named, url="https://www.press.example/robots.txt", outlet=OUTLET) == [named[1], named[0]]


def test_feeds_that_a_home_page_links_to() -> None:
    body = b"""<link rel="alternate" type="application/rss+xml" href="/rss.xml"><link rel='alternate'
      type='application/atom+xml; charset=utf-8' href='https://feeds.example/x?a=1&amp;b=2'>
      <link rel="stylesheet" type="text/css" href="/x.css">
      <link rel="alternate" type="application/rss+xml" href="/rss.xml">
      <link rel="alternate" type="application/rss+xml" href="/comments/feed"><link rel="icon" type="application/rss+xml"
      href="/no"><a type="application/feed+json" href="feed.json">JSON</a>
      <link rel="alternate" type="application/rss+xml" href="javascript:void(0)">"""
    assert linked_feeds(body, "https://press.example/home/") == [
        "https://press.example/rss.xml", "https://feeds.example/x?a=1&b=2", "https://press.example/home/feed.json",
    ]  # fmt: skip


def test_a_source_is_added_and_all_else_stays() -> None:
    text = "# ours\nsources:\n  - outlet: one.example  # a paper\n    name: One\n    kind: paper\n    feeds: [http://one.example/rss]\n"
    entry = SourceEntry(
        outlet="two.example",
        name="Zwei: ein Blatt",
        kind="paper",
        country="NO",
        lang="de",
        discover="https://two.example/",
    )
    added = with_source(text, entry)
    assert added.startswith(text)
    first, second = parse_sources(added)
    assert second == entry
    assert first.name == "One"
    with pytest.raises(SettingsError, match="named twice"):
        with_source(added, entry)
    assert parse_sources(with_source("", entry)) == [entry]
    assert parse_sources(with_source("sources: []\n", entry)) == [entry]
    with pytest.raises(SettingsError):
        with_source("sources: [{outlet: one.example, name: One, feeds: ['http://one.example/rss']}]\n", entry)


@pytest.mark.parametrize("indent", ["", "  ", "      "])
def test_a_source_is_added_as_the_others_stand(indent: str) -> None:
    lines = ["- outlet: one.example", "  name: One", "  kind: paper", "  feeds:", "  - http://one.example/rss"]
    text = "sources:\n# ours\n\n" + "".join(f"{indent}{line}\n" for line in lines)
    entry = SourceEntry(outlet="two.example", name="Two", kind="paper", feeds=["http://two.example/rss"])
    added = with_source(text, entry)
    assert added.startswith(text)
    assert [source.outlet for source in parse_sources(added)] == ["one.example", "two.example"]


def test_an_outlet_may_name_its_home_page_alone() -> None:
    (entry,) = parse_sources("sources:" + source(outlet="one.example") + "\n    discover: https://one.example/")
    assert entry.discover == "https://one.example/"


def test_a_new_number_of_shards_takes_over_what_was_seen(tmp_path: Path) -> None:
    urls = [f"https://press{n}.example/a" for n in range(40)]
    with State(Shard().state_path(tmp_path)) as old:
        entries = [
            (article_id(url), Announced(url=url, outlet=OUTLET, facts=FeedFacts(source="s")), 5, None) for url in urls
        ]
        old.polled("s", entries, answer="a", due_ms=1, interval=1.0, now_ms=5)
        old.stamp(article_id(urls[0]), entries[0][1], 1234)
    taken = 0
    for number in (1, 2, 3):
        shard = Shard(number, 3)
        with State(shard.state_path(tmp_path)) as state:
            taken += state.adopt(Shard().state_path(tmp_path), shard.owns)
            if shard.owns(urls[0]):
                article = state.article(article_id(urls[0]))
                assert article is not None
                assert article.first_ms == 1234
    assert taken == len(urls)


def test_a_number_of_shards_that_comes_back_takes_over_what_was_seen_meanwhile(tmp_path: Path) -> None:
    def announced(name: str) -> tuple[str, Announced]:
        url = f"https://press.example/{name}"
        return article_id(url), Announced(url=url, outlet=OUTLET, facts=FeedFacts(source="s"))

    def visited(state: State, name: str, visit: int, now_ms: int) -> None:
        minted, entry = announced(name)
        state.stamp(minted, entry, now_ms)
        page = f"page {visit}".encode()
        state.confirmed(minted, visit=visit, now_ms=now_ms, body_hash=f"{visit}", due_ms=None, page=page)

    one, two = Shard().state_path(tmp_path), Shard(1, 2).state_path(tmp_path)
    both, later = announced("both")[0], announced("later")[0]
    with State(one) as state:
        visited(state, "both", 1, 1000)
    with State(two) as state:
        assert state.adopt(one, lambda _: True) == 1
        visited(state, "ours", 1, 5000)
    with State(one) as state:
        assert state.adopt(two, lambda _: True) == 1
        visited(state, "both", 2, 6000)
        visited(state, "later", 1, 7000)
    with State(two) as state:
        assert state.adopt(one, lambda _: True) == 2
        known = state.article(both)
        assert known is not None
        assert (known.visits, known.first_ms, known.last_ms, state.page(both)) == (2, 1000, 6000, b"page 2")
        assert state.article(later) is not None
        visited(state, "later", 2, 8000)
        assert state.adopt(one, lambda _: True) == 0, "it has not changed"
    with State(one) as state:
        visited(state, "last", 1, 9000)
    with State(two) as state:
        assert state.adopt(one, lambda _: True) == 1
        known = state.article(later)
        assert known is not None
        assert (known.visits, state.page(later)) == (2, b"page 2"), "ours is the later one"
