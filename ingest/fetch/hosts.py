"""Manners towards a host: one request at a time, a pause between two, and slower when it asks for it."""

import asyncio
import contextlib
import math
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from ingest.fetch.http import HostBusy
from ingest.identity import host_of

# A request that would have to wait longer is put off, so that its task does not stand in line for hours.
LONGEST_WAIT = 60.0
_FIRST_PAUSE = 5.0
_LONGEST_PAUSE = 24 * 3600.0
_LONGEST_DOUBLING = 3600.0


@dataclass
class _Host:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = 0.0
    delay: float = 0.0
    refusals: int = 0


class Hosts:
    """All hosts that were met. ``interval``: seconds between the end of a request and the next to the same host.

    ``clock`` gives seconds; from where does not matter.
    """

    def __init__(self, interval: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._interval = interval
        self._clock = clock
        self._hosts: dict[str, _Host] = {}

    @contextlib.asynccontextmanager
    async def turn(self, url: str) -> AsyncIterator[None]:
        """Waits for the host's turn and holds it. Raises ``HostBusy`` where the wait would be too long."""
        host = self._host(url)
        async with host.lock:
            wait = host.free_at - self._clock()
            if wait > LONGEST_WAIT:
                raise HostBusy(f"{url}: the host is left alone for {wait:.0f} s more", wait)
            if wait > 0:
                await asyncio.sleep(wait)
            try:
                yield
            finally:
                pause = max(self._interval, host.delay)
                host.free_at = max(host.free_at, self._clock() + pause)

    def asks_for_delay(self, url: str, seconds: float) -> None:
        """``Crawl-delay`` of robots.txt, a day at most; what is no number of seconds asks for nothing."""
        if math.isfinite(seconds) and seconds >= 0:
            self._host(url).delay = min(seconds, _LONGEST_PAUSE)

    def refused(self, url: str, retry_after: float | None) -> float:
        """The host answered 429 or 503: nothing is asked of it for the returned seconds."""
        host = self._host(url)
        host.refusals += 1
        doubled = min(_FIRST_PAUSE * 2 ** min(host.refusals - 1, 10), _LONGEST_DOUBLING)
        pause = doubled if retry_after is None else min(retry_after, _LONGEST_PAUSE)
        host.free_at = max(host.free_at, self._clock() + pause)
        return pause

    def answered(self, url: str) -> None:
        self._host(url).refusals = 0

    def _host(self, url: str) -> _Host:
        return self._hosts.setdefault(host_of(url), _Host())
