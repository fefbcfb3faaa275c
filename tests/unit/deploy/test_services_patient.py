"""The relay before the embedded Kafka, with a broker that says what the test wants."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from deploy.services.embedded import Embedded
from deploy.services.kinds import ELASTICSEARCH, KAFKA
from deploy.services.patient import Relay
from schemas.errors import ServiceError

METADATA, FETCH = 3, 1
RECORDS = b"\x00\x01records"


def request(kind: int, number: int) -> bytes:
    return _framed(kind.to_bytes(2, "big") + b"\x00\x04" + number.to_bytes(4, "big") + b"what is asked")


def _framed(body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + body


def _address(port: int) -> bytes:
    return b"\x00\x09127.0.0.1" + port.to_bytes(4, "big")


async def _read(reader: asyncio.StreamReader) -> bytes:
    return await reader.readexactly(int.from_bytes(await reader.readexactly(4), "big"))


@asynccontextmanager
async def relayed(answers: Iterable[bytes]) -> AsyncIterator[tuple[Relay, int, int]]:
    """A relay before a broker that gives these answers in turn: it, its port and that of the broker."""
    left = list(answers)

    async def broker(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while left:
            frame = await _read(reader)
            answer = left.pop(0).replace(b"PORT", server.sockets[0].getsockname()[1].to_bytes(4, "big"))
            writer.write(_framed(frame[4:8] + answer))
        writer.close()

    server = await asyncio.start_server(broker, "127.0.0.1", 0)
    behind = server.sockets[0].getsockname()[1]
    probe = await asyncio.start_server(broker, "127.0.0.1", 0)
    port = probe.sockets[0].getsockname()[1]
    probe.close()
    await probe.wait_closed()
    relay = Relay(port, behind)
    front = await relay.serve()
    yield relay, port, behind
    for one in (front, server):
        one.close()
        await one.wait_closed()


async def answered(port: int, requests: Iterable[bytes]) -> list[bytes]:
    """Sends each when the one before is answered; the answers without their lengths."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    found = []
    for one in requests:
        writer.write(one)
        found.append(await _read(reader))
    assert await reader.read() == b"", "the broker hung up, and so does the relay"
    writer.close()
    await writer.wait_closed()
    return found


async def test_the_brokers_address_is_the_relays_and_records_are_left_alone() -> None:
    names = b"\x00\x09127.0.0.1PORT"
    async with relayed([names, names]) as (_, port, behind):
        told, fetched = await answered(port, [request(METADATA, 1), request(FETCH, 2)])
    assert told == b"\x00\x00\x00\x01" + _address(port)
    assert fetched == b"\x00\x00\x00\x02" + _address(behind)


async def test_only_what_was_said_before_is_held() -> None:
    empty = [b"partitions 0 1", b"partitions 1 0"]
    async with relayed([*empty, RECORDS, *empty, empty[0]]) as (relay, port, _):
        found = await answered(port, [request(FETCH, n) for n in range(5)] + [request(METADATA, 5)])
    assert [one[4:] for one in found] == [*empty, RECORDS, *empty, empty[0]]
    assert relay.held == 2


async def test_a_broker_that_is_away_is_a_connection_that_ends() -> None:
    async with relayed([]) as (_, port, _):
        pass
    relay = Relay(port, 1)
    front = await relay.serve()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    with suppress(ConnectionResetError):
        assert await reader.read() == b""
    writer.close()
    front.close()
    await front.wait_closed()


def test_services_of_a_version_without_it_are_to_be_started_anew(tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match="services down"):
        Embedded(tmp_path / "noida-db").services({KAFKA: 1, ELASTICSEARCH: 2}, tmp_path, tmp_path)
