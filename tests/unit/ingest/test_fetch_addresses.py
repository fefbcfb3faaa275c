"""A host of several addresses: which are connected to, in which order, and that one of them may be dead."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from types import SimpleNamespace
from typing import Any

import httpcore
import pytest

from ingest.fetch.web import guard
from ingest.fetch.web.guard import GuardedBackend
from ingest.fetch.web.http import Http
from runtime.settings import FetchSettings
from schemas.errors import FetchRefused
from tests.fakes import serving

PUBLIC = ["93.184.216.34", "93.184.216.35", "93.184.216.36"]


def answering(monkeypatch: pytest.MonkeyPatch, addresses: list[str]) -> list[str]:
    """The name server gives these addresses; returns the names that it is asked for."""
    asked: list[str] = []

    def look_up(host: str, port: int, **_: object) -> list[object]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


class Network:
    """Connects as it is told of each address: an error, a stream's name, or None for never."""

    def __init__(self, answers: dict[str, str | Exception | None]) -> None:
        self.answers = answers
        self.tried: list[str] = []
        self.given_up: list[str] = []
        self.closed: list[str] = []

    async def connect_tcp(self, address: str, *_: object) -> Any:
        self.tried.append(address)
        answer = self.answers[address]
        if isinstance(answer, Exception):
            raise answer
        if answer is None:
            try:
                await asyncio.Event().wait()
            finally:
                self.given_up.append(address)

        async def aclose() -> None:
            self.closed.append(address)

        return SimpleNamespace(name=answer, aclose=aclose)


def backend(network: Network) -> GuardedBackend:
    made = GuardedBackend()
    inner: Any = network
    made._inner = inner
    return made


async def connected(network: Network) -> str:
    async with asyncio.timeout(30):
        stream: Any = await backend(network).connect_tcp("two.example", 443, 600.0)
    return str(stream.name)


async def test_the_next_address_is_tried_beside_one_that_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answering(monkeypatch, PUBLIC)
    network = Network({PUBLIC[0]: None, PUBLIC[1]: "second", PUBLIC[2]: "third"})
    assert await connected(network) == "second"
    assert asked == ["two.example"], "one look-up, for the check and for every connection"
    assert (network.tried, network.given_up, network.closed) == (PUBLIC[:2], PUBLIC[:1], [])


async def test_after_a_refusal_the_next_address_is_tried_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, PUBLIC)
    monkeypatch.setattr(guard, "_STAGGER_SECONDS", 600.0)
    assert await connected(Network({PUBLIC[0]: httpcore.ConnectError("no"), PUBLIC[1]: "second"})) == "second"


async def test_where_no_address_can_be_had_the_last_error_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, PUBLIC)
    errors = {address: httpcore.ConnectError(address) for address in PUBLIC}
    with pytest.raises(httpcore.ConnectError, match=PUBLIC[2]):
        await connected(Network({**errors}))


async def test_only_addresses_that_were_checked_are_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, ["127.0.0.1", PUBLIC[0], "10.0.0.1", PUBLIC[1]])
    network = Network({PUBLIC[0]: httpcore.ConnectTimeout("late"), PUBLIC[1]: "second"})
    assert await connected(network) == "second"
    assert network.tried == PUBLIC[:2]
    answering(monkeypatch, ["127.0.0.1", "10.0.0.1"])
    with pytest.raises(FetchRefused):
        await connected(network)
    assert network.tried == PUBLIC[:2]


async def test_of_two_that_are_made_at_the_same_moment_one_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, PUBLIC[:2])
    monkeypatch.setattr(guard, "_STAGGER_SECONDS", 0.0)
    network = Network({PUBLIC[0]: "first", PUBLIC[1]: "second"})
    name = await connected(network)
    assert [*network.closed, PUBLIC[["first", "second"].index(name)]] in (network.tried, network.tried[::-1])


async def test_an_attempt_that_is_given_up_leaves_none_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, PUBLIC)
    monkeypatch.setattr(guard, "_STAGGER_SECONDS", 0.0)
    network = Network(dict.fromkeys(PUBLIC))
    task = asyncio.create_task(backend(network).connect_tcp("two.example", 443))
    async with asyncio.timeout(30):
        while len(network.tried) < len(PUBLIC):  # noqa: ASYNC110 - polls a state with a deadline
            await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert network.given_up == PUBLIC


@contextlib.contextmanager
def swallowing(port: int) -> Iterator[None]:
    """127.0.0.2 takes no more connections at ``port`` and refuses none: its queue is full."""
    with contextlib.ExitStack() as stack:
        full = stack.enter_context(socket.socket())
        try:
            full.bind(("127.0.0.2", port))
        except OSError:
            pytest.skip("this system has one loopback address")
        full.listen(0)
        for _ in range(8):
            waits = stack.enter_context(socket.socket())
            waits.setblocking(False)
            waits.connect_ex(("127.0.0.2", port))
        yield


class Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"a page")

    def log_message(self, *_: object) -> None:
        pass


async def test_a_page_comes_from_the_address_that_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(Page) as site:
        port = int(site.rpartition(":")[2])
        with swallowing(port):
            asked = answering(monkeypatch, ["127.0.0.2", "127.0.0.1"])
            async with Http(FetchSettings(allow_private=True, timeout_seconds=10)) as http:
                answer = await http.get(f"http://two.example:{port}/", limit=100)
    assert answer.body == b"a page"
    assert asked == ["two.example"]
