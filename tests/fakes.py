"""Stand-ins that tests of several parts share: a record of Kafka, and a small HTTP server."""

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any

_RECORD = {
    "topic": "t", "partition": 0, "offset": 0, "key": None, "value": b"{}", "headers": [], "error": None,
    "timestamp": (1, 5),
}  # fmt: skip


def record(**told: Any) -> SimpleNamespace:
    """A record as confluent-kafka gives it: what is ``told`` of it, each by a method."""
    return SimpleNamespace(**{name: (lambda value=value: value) for name, value in (_RECORD | told).items()})


@contextlib.contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """Answers on loopback by ``handler``; gives the address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
