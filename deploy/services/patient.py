"""Makes the embedded Kafka patient: a relay before it holds answers that say nothing new. Run as a script, stdlib only.

    python patient.py PORT PORT_BEHIND LOG PROGRAM [ARGUMENT ...]

Where Kafka waits for records (``fetch.wait.max.ms``) noida-db answers at once, so a consumer at rest asks again ten
thousand times a second, and the workers of one pipeline keep all cores busy with it. Here an answer to a fetch that was
given before on its connection, byte for byte, is passed on after a pause. Nothing of it needs to be understood for
that: it is the same where no record came and the consumer did not move.
"""

import asyncio
import contextlib
import os
import signal
import socket
import sys
import time
from collections import deque
from pathlib import Path

_EXEC = Path(__file__).with_name("exec_in_place.py")
_HOST = "127.0.0.1"
_PAUSE_SECONDS = 0.05
_FETCH = 1
# Consumers ask for their partitions in turning order, and are answered in it.
_REMEMBERED = 256
_FREE_SECONDS = 10.0


class Relay:
    """Passes on what comes to ``port`` to the broker at ``behind``, which says in its answers where it is: there stands
    ``port`` instead.
    """

    def __init__(self, port: int, behind: int) -> None:
        self._port, self._behind = port, behind
        # One is as long as the other, so answers keep their length.
        self._theirs = _HOST.encode() + behind.to_bytes(4, "big")
        self._ours = _HOST.encode() + port.to_bytes(4, "big")
        self.held = 0

    async def serve(self) -> asyncio.Server:
        return await asyncio.start_server(self._connected, _HOST, self._port)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            behind, to_behind = await asyncio.open_connection(_HOST, self._behind)
        except OSError:  # not up yet, or ended
            writer.transport.abort()
            return
        fetches: set[bytes] = set()
        ways = [
            asyncio.ensure_future(self._ask(reader, to_behind, fetches)),
            asyncio.ensure_future(self._answer(behind, writer, fetches)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            writer.transport.abort()
            to_behind.transport.abort()

    async def _ask(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, fetches: set[bytes]) -> None:
        """Length, kind of request, its version, its number, …"""
        while True:
            frame = await _frame(reader)
            if int.from_bytes(frame[4:6], "big") == _FETCH:
                fetches.add(frame[8:12])
            writer.write(frame)
            await writer.drain()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, fetches: set[bytes]) -> None:
        """Length, number of the request, …"""
        said: deque[int] = deque(maxlen=_REMEMBERED)
        while True:
            frame = await _frame(reader)
            if frame[4:8] not in fetches:
                frame = frame.replace(self._theirs, self._ours)
            else:
                fetches.remove(frame[4:8])
                this = hash(frame[8:])
                if this in said:
                    self.held += 1
                    await asyncio.sleep(_PAUSE_SECONDS)
                else:
                    said.append(this)
            writer.write(frame)
            await writer.drain()


async def _frame(reader: asyncio.StreamReader) -> bytes:
    """Its four bytes of length, too; raises ``IncompleteReadError`` at the end."""
    head = await reader.readexactly(4)
    return head + await reader.readexactly(int.from_bytes(head, "big"))


def _wait_until_free(port: int) -> None:
    """The program of a relay that was killed dies with it, but not before it."""
    deadline = time.monotonic() + _FREE_SECONDS
    while True:
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((_HOST, port))
            return
        if time.monotonic() > deadline:
            sys.exit(f"port {port} is already in use")
        time.sleep(_PAUSE_SECONDS)


async def _run(port: int, behind: int, log: str, argv: list[str]) -> int:
    """Until the program ends, which it is asked to when we are; its exit code."""
    server = await Relay(port, behind).serve()
    command = [sys.executable, "-I", "-S", str(_EXEC), "attached", str(os.getpid()), log, str(Path.cwd()), *argv]
    program = await asyncio.create_subprocess_exec(*command)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, program.send_signal, number)
    code = await program.wait()
    server.close()
    return code if code >= 0 else 128 - code


def main() -> None:
    port, behind, log, *argv = sys.argv[1:]
    _wait_until_free(int(behind))
    sys.exit(asyncio.run(_run(int(port), int(behind), log, argv)))


if __name__ == "__main__":
    main()
