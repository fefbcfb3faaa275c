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
from ingest.fetch.http import Response
from ingest.fetch.network import OUTAGE_SECONDS, WITNESSES, Network, Outage, Unreached
from ingest.fetch.polite import PoliteClient
from ingest.fetch.revisions import Revisions
from ingest.fetch.state import State
from ingest.identity import article_id
from ingest.sources import SourceEntry
from runtime.settings import FetchSettings
from schemas import Outlet
from schemas.errors import FetchFailed

NOW_MS = 1_780_000_000_000
SITES = ("a.example", "b.example", "c.example", "d.example")
PAGE = "https://a.example/1"


def fails(network: Network, *sites: str) -> list[bool]:
    """One after the other; whether each began an outage."""
    begins = []
    for site in sites:
        begins.append(network.unreached(site, network.began(site)))
        network.ended(site)
    return begins


def answers(network: Network, site: str) -> bool:
    network.began(site)
    network.ended(site)
    return network.answered(site)


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
    began = {site: network.began(site) for site in SITES}
    answers(network, "x")
    assert not any(network.unreached(site, before) for site, before in began.items())


def test_who_is_being_asked_may_still_answer() -> None:
    """At the start: names that are gone fail within a millisecond, and the first answer takes a hundred."""
    network = Network()
    living = network.began("x")
    assert not any(fails(network, "a", "b", "c", "d"))
    assert network.unreached("x", living), "but it does not answer either"


@given(st.lists(st.tuples(st.sampled_from("ubae"), st.sampled_from("abcdef")), max_size=60), st.sampled_from("abcdef"))
def test_an_answer_ends_it_whatever_was_before(events: list[tuple[str, str]], last: str) -> None:
    network = Network()
    open_: list[tuple[str, int]] = []
    failed: set[str] = set()
    for what, site in events:
        before = network.away
        if what == "b":
            open_.append((site, network.began(site)))
        elif what == "u":
            failed.add(site)
            fails(network, site)
        elif what == "a":
            failed.clear()
            answers(network, site)
            assert not network.away
        elif open_:
            one, began = open_.pop(0)
            failed.add(one)
            network.unreached(one, began)
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


class Client:
    """Our own network is away."""

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
        assert NOW_MS < (state.next_due() or 0) < NOW_MS + 2 * OUTAGE_SECONDS * 1000
        assert (totals.failed, totals.postponed, totals.drops) == (0, 1, {"source_outage": 1})


@pytest.mark.parametrize(("failures", "known"), [(1, []), (2, ["https://a.example/rss"])])
def test_who_failed_once_only_may_have_failed_with_our_network(tmp_path: Path, failures: int, known: list[str]) -> None:
    with State(tmp_path / "fetch.sqlite") as state:
        for _ in range(failures):
            state.poll_failed("https://a.example/rss", due_ms=NOW_MS, interval=300, note="")
        assert state.failing() == known
