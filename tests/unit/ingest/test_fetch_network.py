"""What is an outage of our own network and what is not, and that it is counted against nobody."""

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import REGISTRY

from ingest.fetch.announced import Announced
from ingest.fetch.crawl import Crawl
from ingest.fetch.lists.discover import discover
from ingest.fetch.memory.state import State
from ingest.fetch.revisions import Revisions
from ingest.fetch.web.http import Response
from ingest.fetch.web.network import OUTAGE_SECONDS, WITNESSES, Asked, Network, Outage, Unreached
from ingest.fetch.web.polite import PoliteClient
from ingest.fetch.web.robots import Robots
from ingest.identity import article_id
from ingest.sources import SourceEntry
from runtime.settings import FetchSettings
from schemas import Outlet
from schemas.errors import FetchFailed, FetchRefused

NOW_MS = 1_780_000_000_000
SITES = ("a.example", "b.example", "c.example", "d.example")
PAGE = "https://a.example/1"


def fails(network: Network, *sites: str) -> list[bool]:
    """One after the other; whether each began an outage."""
    begins = []
    for site in sites:
        asked = network.began(site)
        begins.append(network.unreached(asked))
        assert not network.ended(asked)
    return begins


def answers(network: Network, site: str) -> bool:
    asked = network.began(site)
    ends = network.answered(site)
    assert not network.ended(asked)
    return ends


def test_three_sites_in_a_row_are_an_outage_and_one_answer_ends_it() -> None:
    network = Network()
    assert fails(network, "a", "b", "c", "d") == [False, False, True, False]
    assert network.away
    assert answers(network, "b"), "which is told once"
    assert not network.away
    assert not answers(network, "c")


def test_one_site_that_fails_for_ever_is_none() -> None:
    network = Network()
    assert not any(fails(network, *["a"] * 50))


def test_an_answer_in_between_makes_it_none() -> None:
    network = Network()
    fails(network, "a", "b")
    answers(network, "x")
    assert not any(fails(network, "c", "d"))


def test_sites_that_are_gone_prove_nothing() -> None:
    network = Network()
    for _ in range(5):
        fails(network, "gone-1", "gone-2")
        answers(network, "x")
    assert not any(fails(network, "gone-1", "gone-2", "a", "b"))
    assert fails(network, "c") == [True], "the others do, when they fail as well"


def test_sites_that_were_gone_before_the_start_prove_nothing() -> None:
    assert not any(fails(Network(gone=["a", "b"]), "a", "b", "c", "d"))


def test_a_site_that_came_back_is_a_witness_again() -> None:
    network = Network(gone=["a"])
    answers(network, "a")
    assert fails(network, "a", "b", "c")[-1]


def test_who_failed_in_an_outage_is_not_gone() -> None:
    network = Network()
    fails(network, "a", "b", "c")
    answers(network, "x")
    assert fails(network, "a", "b", "c")[-1]


def test_who_was_asked_before_another_answered_tells_nothing() -> None:
    """A timeout of a site that is gone lasts longer than all the others' answers."""
    network = Network()
    began = [network.began(site) for site in SITES]
    answers(network, "x")
    assert not any(map(network.unreached, began))


def test_who_is_being_asked_may_still_answer() -> None:
    """At the start: names that are gone fail within a millisecond, and the first answer takes a hundred."""
    network = Network()
    living = network.began("x")
    assert not any(fails(network, "a", "b", "c", "d"))
    assert network.unreached(living), "but it does not answer either"


def test_who_is_waited_for_may_end_otherwise() -> None:
    """Cancelled, or with a certificate that is none: neither an answer nor another that cannot be reached."""
    network = Network()
    other = network.began("x")
    assert not any(fails(network, "a", "b", "c"))
    assert network.ended(other)
    assert network.away


def test_where_nothing_comes_back_who_is_asked_later_is_not_waited_for() -> None:
    """Each request ends with its time-out; meanwhile others begin, as many as there are sites."""
    network = Network()
    asked = [network.began(f"site-{n}") for n in range(20)]
    begins = []
    for n in range(60):
        begins.append(network.unreached(asked[n]))
        network.ended(asked[n])
        asked.append(network.began(f"site-{20 + n}"))
    # At the third failure two more had begun, and the last of them fails as the 22nd.
    assert begins.index(True) == 21


def test_names_that_are_gone_do_not_hide_a_living_site_that_is_asked_later() -> None:
    network = Network()
    asked = [network.began(site) for site in ("a", "b", "c", "x")]
    assert not any(map(network.unreached, asked[:3]))
    assert not answers(network, "x")


@given(st.lists(st.tuples(st.sampled_from("ubae"), st.sampled_from("abcdef")), max_size=60), st.sampled_from("abcdef"))
def test_an_answer_ends_it_whatever_was_before(events: list[tuple[str, str]], last: str) -> None:
    network = Network()
    open_: list[Asked] = []
    failed: set[str] = set()
    for what, site in events:
        before = network.away
        if what == "b":
            open_.append(network.began(site))
        elif what == "u":
            failed.add(site)
            fails(network, site)
        elif what == "a":
            failed.clear()
            answers(network, site)
            assert not network.away
        elif open_:
            one = open_.pop(0)
            failed.add(one.site)
            network.unreached(one)
            network.ended(one)
        if network.away and not before:
            assert len(failed) >= WITNESSES
    was = network.away
    assert answers(network, last) == was
    assert not network.away
    assert not any(fails(network, *["a"] * 3))


def closed(sites: tuple[str, ...]) -> FetchSettings:
    """Settings by which nobody accepts a connection."""
    return FetchSettings(
        user_agent="t", resolve=dict.fromkeys(sites, "127.0.0.1:1"), host_interval_seconds=0, attempts=4
    )


async def test_the_client_tells_an_outage_from_a_site_that_is_gone() -> None:
    async def ask(client: PoliteClient, site: str) -> Exception | None:
        try:
            await client.get(f"http://{site}/", limit=1000)
        except FetchFailed as error:
            return error
        return None

    async with PoliteClient(closed(SITES)) as client:
        found = await asyncio.gather(*(ask(client, site) for site in SITES))
        assert all(isinstance(error, Outage) for error in found)
        assert REGISTRY.get_sample_value("remarkwire_fetch_outage") == 1
    async with PoliteClient(closed(SITES).model_copy(update={"attempts": 1})) as client:
        assert not isinstance(await ask(client, SITES[0]), Outage)
        client._network.answered("other.example")
    async with PoliteClient(closed(SITES), failing=["http://a.example/rss", "http://[", "http://b.example/"]) as client:
        found = await asyncio.gather(*(ask(client, site) for site in SITES))
        assert not any(isinstance(error, Outage) for error in found)


async def test_robots_txt_that_was_not_reached_tells_nothing_of_a_host_in_an_outage() -> None:
    async with PoliteClient(closed(SITES).model_copy(update={"attempts": 1})) as client:
        whys = []
        for site in (*SITES[:3], SITES[0]):
            with pytest.raises(FetchFailed) as failed:
                await client.get(f"http://{site}/", limit=1000)
            whys.append(failed.value.why)
            assert isinstance(failed.value, Unreached | Outage)
        assert whys == ["robots_unavailable", "robots_unavailable", "outage", "outage"]
        with pytest.raises(Outage):
            await client.sitemaps(f"http://{SITES[0]}/")
        client._answered("x")
        assert not client._robots._entries, "they are asked again"


async def test_robots_txt_that_a_host_cannot_give_is_remembered_after_an_outage() -> None:
    answers: list[Response | FetchFailed] = [Unreached("no route"), a_response(200), a_response(500)]

    async def get(url: str) -> Response:
        answer = answers.pop(0)
        if isinstance(answer, FetchFailed):
            raise answer
        return answer

    robots = Robots(get, "t", lambda *_: None)
    with pytest.raises(FetchFailed):
        await robots.check(PAGE)
    with pytest.raises(FetchFailed):
        await robots.check(PAGE)
    robots.network_is_back()
    await robots.check(PAGE)
    for _ in range(2):
        robots.network_is_back()
        with pytest.raises(FetchFailed):
            await robots.check("https://b.example/")
    assert not answers


@pytest.mark.parametrize("why", ["too_large", "content_coding", "broken_body"])
async def test_an_answer_that_is_no_use_is_one(why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with PoliteClient(closed(SITES)) as client:
        fails(client._network, "x", "y", "z")

        async def get(*_: object, **__: object) -> Response:
            raise FetchRefused(PAGE, why)

        monkeypatch.setattr(client._http, "get", get)
        assert client._network.away
        with pytest.raises(FetchRefused):
            await client._ask(PAGE, limit=1)
        assert not client._network.away


@pytest.mark.parametrize("away", ["feed", "sitemap"])
async def test_an_outage_ends_the_search_behind_a_home_page(away: str) -> None:
    """What was not looked at for that would pass for not there until the next search."""

    class Found:
        async def get(self, url: str, **_: object) -> Response:
            if away in url:
                raise Outage(url)
            home = b'<html><head><link rel="alternate" type="application/rss+xml" href="/feed"></head></html>'
            return a_response(200, home, url)

        async def sitemaps(self, url: str) -> list[str]:
            return ["https://a.example/sitemap.xml"]

    client: Any = Found()
    with pytest.raises(Outage):
        await discover(client, "https://a.example/", Outlet(id="a.example", kind="paper"), max_bytes=10_000)


def a_response(status: int, body: bytes = b"", url: str = PAGE) -> Response:
    return Response(
        url=url, status=status, body=body, media_type="text/html", charset=None, headers={}, revalidated=False
    )


class Client:
    """Our own network is away."""

    away = True

    async def get(self, url: str, **_: object) -> Response:
        raise Outage(f"{url}: no route") from Unreached(url)


async def test_an_outage_is_counted_against_no_source_and_no_article(tmp_path: Path) -> None:
    source = SourceEntry(outlet="a.example", name="a", kind="paper", feeds=["https://a.example/rss"])
    client: Any = Client()
    published: Any = SimpleNamespace()
    reports: Any = SimpleNamespace()
    with State(tmp_path / "fetch.sqlite") as state:
        announced = Announced(url=PAGE, outlet=Outlet(id="a.example", kind="paper"))
        state.announce([(article_id(PAGE), announced, NOW_MS, None)], now_ms=NOW_MS)
        state.poll_failed("https://a.example/rss", due_ms=NOW_MS, interval=300, note="before")
        crawl = Crawl(
            FetchSettings(revisit_seconds=[]), [source], published, client, state, stop=asyncio.Event(),
            revisions=Revisions(20), reports=reports, clock=lambda: NOW_MS,
        )  # fmt: skip
        totals = await crawl.once()
        known, page = state.source("https://a.example/rss"), state.article(article_id(PAGE))
        assert known is not None
        assert (known.failures, known.note) == (1, "https://a.example/rss: no route")
        assert NOW_MS < known.due_ms < NOW_MS + 2 * OUTAGE_SECONDS * 1000
        assert page is not None
        assert page.failures == 0
        assert not state.due(NOW_MS, 1)
        assert state.due(NOW_MS + 2 * OUTAGE_SECONDS * 1000, 1)
        assert (totals.failed, totals.postponed, totals.drops) == (0, 1, {"source_outage": 1})


@pytest.mark.parametrize(("failures", "known"), [(1, []), (2, ["https://a.example/rss"])])
def test_who_failed_once_only_may_have_failed_with_our_network(tmp_path: Path, failures: int, known: list[str]) -> None:
    with State(tmp_path / "fetch.sqlite") as state:
        for _ in range(failures):
            state.poll_failed("https://a.example/rss", due_ms=NOW_MS, interval=300, note="", unreached=True)
        # An outage of ours tells nothing of the source.
        state.poll_failed("https://a.example/rss", due_ms=NOW_MS, interval=300, note="", counted=False)
        assert state.failing() == known


class Failing:
    """Fails with one error after the other."""

    away = False

    def __init__(self, *errors: FetchFailed) -> None:
        self._errors = list(errors)

    async def get(self, url: str, **_: object) -> Response:
        raise self._errors.pop(0)


@pytest.mark.parametrize(
    ("errors", "gone"),
    [
        ([FetchFailed("status 404", "status_404")] * 3, False),
        ([Unreached("no route")] * 3, True),
        ([Unreached("no route"), Unreached("no route"), FetchFailed("status 502", "server_error")], False),
        ([FetchFailed("status 502", "server_error"), Unreached("no route"), Unreached("no route")], True),
    ],
)
async def test_who_answers_with_an_error_is_not_gone(tmp_path: Path, errors: list[FetchFailed], gone: bool) -> None:
    url = "https://a.example/rss"
    source = SourceEntry(outlet="a.example", name="a", kind="paper", feeds=[url])
    client: Any = Failing(*errors)
    published: Any = SimpleNamespace()
    reports: Any = SimpleNamespace()
    with State(tmp_path / "fetch.sqlite") as state:
        for _ in errors:
            crawl = Crawl(
                FetchSettings(revisit_seconds=[]), [source], published, client, state, stop=asyncio.Event(),
                revisions=Revisions(20), reports=reports, clock=lambda: NOW_MS,
            )  # fmt: skip
            await crawl.once()
        known = state.source(url)
        assert known is not None
        assert known.failures == 3
        assert state.failing() == ([url] if gone else [])
