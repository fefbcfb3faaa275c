"""A TCP proxy that breaks connections on purpose, in front of Kafka or Elasticsearch. Asyncio, in a thread of its own.

What happens to a connection is said by ``Weather``, which may be changed while connections are open. Two kinds know
what passes through: ``KafkaProxy`` puts its own port where the broker names its address, so that clients come back;
``ElasticsearchProxy`` reads HTTP, and can answer itself, refuse single items of a bulk request, or keep an answer back.
"""

import asyncio
import random
import threading
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, Self

import msgspec

_CHUNK = 65536
_REFUSAL = {"type": "es_rejected_execution_exception", "reason": "rejected by the test"}


@dataclass
class Weather:
    """What happens on the way; probabilities are of a chunk or of a request. ``latency``: seconds, each way.

    ``deaf``: half-open, what is sent is taken and nothing comes back, and nothing is closed. ``status`` answers whole
    requests, ``item_status`` items of bulk requests, ``lost`` hands a request on and hangs up instead of its answer.
    """

    latency: float = 0.0
    resets: float = 0.0
    deaf: bool = False
    refuses: bool = False
    status: tuple[int, float] | None = None
    item_status: tuple[int, float] | None = None
    lost: float = 0.0
    largest: int | None = None


class Proxy:
    """Passes on bytes; a context manager. ``seen`` counts what was done."""

    def __init__(self, target: tuple[str, int], seed: int = 0) -> None:
        self.target = target
        self.weather = Weather()
        self.seen: Counter[str] = Counter()
        self.port = 0
        self._random = random.Random(seed)
        self._met = False
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="proxy", daemon=True)
        self._ready = threading.Event()
        self._end = asyncio.Event()
        self._open: set[asyncio.StreamWriter] = set()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def change(self, **weather: Any) -> None:
        """Another weather, from now on."""
        self.weather, self._met = Weather(**weather), False

    def _strikes(self, chance: float) -> bool:
        """By chance, and the first time in each weather for certain: what passes may be a single request."""
        if not chance or (self._met and self._random.random() >= chance):
            return False
        self._met = True
        return True

    def cut(self) -> None:
        """Resets every connection that is open."""
        self._loop.call_soon_threadsafe(self._cut)

    def _cut(self) -> None:
        for writer in list(self._open):
            self.seen["cut"] += 1
            writer.transport.abort()

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._until_end())
        self._loop.close()

    async def _until_end(self) -> None:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=2**24)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._end.wait()
        server.close()
        self._cut()
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.seen["connections"] += 1
        if self.weather.refuses:
            writer.transport.abort()
            return
        try:
            server_reader, server_writer = await asyncio.open_connection(*self.target, limit=2**24)
        except OSError:
            writer.transport.abort()
            return
        mine = {writer, server_writer}
        self._open |= mine
        try:
            await self._converse(reader, writer, server_reader, server_writer)
        except (OSError, asyncio.IncompleteReadError):
            self.seen["broken"] += 1
        finally:
            self._open -= mine
            for one in mine:
                one.transport.abort()

    async def _converse(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        server_reader: asyncio.StreamReader,
        server_writer: asyncio.StreamWriter,
    ) -> None:
        await _first_to_end(self._pump(reader, server_writer), self._pump(server_reader, writer))

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while part := await reader.read(_CHUNK):
            await self._pass_on(part, writer)

    async def _pass_on(self, part: bytes, writer: asyncio.StreamWriter) -> None:
        weather = self.weather
        if weather.latency:
            await asyncio.sleep(weather.latency)
        while self.weather.deaf:
            self.seen["deaf"] += 1
            await asyncio.sleep(0.2)
        if self._strikes(weather.resets):
            self.seen["reset"] += 1
            raise ConnectionResetError
        writer.write(part)
        await writer.drain()


class KafkaProxy(Proxy):
    """The broker says in its answers where it is; there stands this proxy's port instead. Frame by frame, so that the
    address is never cut in two; it has the same length, so the frames keep theirs.
    """

    async def _converse(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        server_reader: asyncio.StreamReader,
        server_writer: asyncio.StreamWriter,
    ) -> None:
        await _first_to_end(self._pump(reader, server_writer), self._answers(server_reader, writer))

    async def _answers(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        theirs = b"127.0.0.1" + self.target[1].to_bytes(4, "big")
        mine = b"127.0.0.1" + self.port.to_bytes(4, "big")
        while True:
            head = await reader.readexactly(4)
            frame = await reader.readexactly(int.from_bytes(head, "big"))
            await self._pass_on(head + frame.replace(theirs, mine), writer)


class ElasticsearchProxy(Proxy):
    """HTTP/1.1, a request at a time."""

    async def _converse(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        server_reader: asyncio.StreamReader,
        server_writer: asyncio.StreamWriter,
    ) -> None:
        while True:
            head, body = await _message(reader)
            is_bulk = b"/_bulk" in head.partition(b"\r\n")[0]
            weather = self.weather
            if is_bulk:
                self.seen["bulk"] += 1
                if weather.largest is not None and len(body) > weather.largest:
                    self.seen["413"] += 1
                    await self._pass_on(_answer(413, b'{"error":{"reason":"too large"}}'), writer)
                    continue
                if weather.status is not None and self._strikes(weather.status[1]):
                    self.seen[str(weather.status[0])] += 1
                    await self._pass_on(_answer(weather.status[0], b'{"error":{"reason":"the test"}}'), writer)
                    continue
            refused: list[int] = []
            if is_bulk and weather.item_status is not None:
                body, refused = self._without_some(body, weather.item_status[1])
            if is_bulk and not body:
                answer_head, answer = _answer(200, b""), b'{"errors":true,"items":[]}'
            else:
                server_writer.write(_with_length(head, body) + body)
                await server_writer.drain()
                answer_head, answer = await _message(server_reader, bodiless=head.startswith(b"HEAD "))
            if is_bulk and refused and weather.item_status is not None:
                answer = _with_refusals(answer, refused, weather.item_status[0])
                self.seen["items"] += len(refused)
            if is_bulk and self._strikes(weather.lost):
                self.seen["lost"] += 1
                return
            await self._pass_on(_with_length(answer_head, answer) + answer, writer)

    def _without_some(self, body: bytes, share: float) -> tuple[bytes, list[int]]:
        """A bulk body (two lines an item) without a share of its items, and the places of those."""
        lines = body.splitlines(keepends=True)
        refused = [n for n in range(len(lines) // 2) if self._strikes(share)]
        gone = set(refused)
        kept = [lines[2 * n] + lines[2 * n + 1] for n in range(len(lines) // 2) if n not in gone]
        return b"".join(kept), refused


def _with_refusals(answer: bytes, refused: list[int], status: int) -> bytes:
    found = msgspec.json.decode(answer)
    items = found.get("items")
    if items is None:
        # The sink asks for errors only: without one there is no list.
        return answer
    for place in refused:
        items.insert(place, {"index": {"status": status, "error": _REFUSAL}})
    return msgspec.json.encode({**found, "errors": True, "items": items})


async def _message(reader: asyncio.StreamReader, *, bodiless: bool = False) -> tuple[bytes, bytes]:
    """Head and body; ``bodiless``: the answer to HEAD, which tells the length of what it does not bring."""
    head = await reader.readuntil(b"\r\n\r\n")
    if bodiless:
        return head, b""
    if b"transfer-encoding: chunked" in head.lower():
        body = b""
        while size := int((await reader.readline()).split(b";")[0], 16):
            body += await reader.readexactly(size)
            await reader.readline()
        await reader.readline()
        return head, body
    return head, await reader.readexactly(_length(head))


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


def _with_length(head: bytes, body: bytes) -> bytes:
    kept = [
        line
        for line in head.rstrip(b"\r\n").split(b"\r\n")
        if not line.lower().startswith((b"content-length:", b"transfer-encoding:"))
    ]
    return b"\r\n".join([*kept, b"content-length: %d" % len(body), b"", b""])


def _answer(status: int, body: bytes) -> bytes:
    head = (
        f"HTTP/1.1 {status} Told\r\nContent-Type: application/json\r\nX-Elastic-Product: Elasticsearch\r\n\r\n".encode()
    )
    return _with_length(head, body) + body


async def _first_to_end(*work: Coroutine[Any, Any, None]) -> None:
    tasks = [asyncio.ensure_future(one) for one in work]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for one in done:
            one.result()
    finally:
        for one in tasks:
            one.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
