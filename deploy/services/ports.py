"""Free TCP ports on loopback.

They are taken from below the range that the system gives to outgoing connections (32768 and up on Linux, 49152 on
macOS): a client that reconnects in a loop to a dead service in that range can be given the very port it calls, connect
to itself, and keep the service from coming back on it.
"""

import random
import socket
from collections.abc import Iterable, Mapping

from schemas.errors import ServiceError

_LOW, _HIGH = 20_000, 30_000
_TRIES = 200


def is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the services do: a port in TIME_WAIT is free
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def choose(names: Iterable[str], preferred: Mapping[str, int]) -> dict[str, int]:
    """A free port for each name; the preferred one where it is free. Another process may still take it first."""
    chosen: dict[str, int] = {}
    for name in names:
        wanted = preferred.get(name)
        if wanted is not None and wanted not in chosen.values() and is_free(wanted):
            chosen[name] = wanted
        else:
            chosen[name] = _any(set(chosen.values()) | set(preferred.values()))
    return chosen


def _any(taken: set[int]) -> int:
    for _ in range(_TRIES):
        port = random.randrange(_LOW, _HIGH)  # noqa: S311 - no secret
        if port not in taken and is_free(port):
            return port
    raise ServiceError(f"no free port found between {_LOW} and {_HIGH} after {_TRIES} tries")
