"""Manners towards a host: one request at a time, a pause between two, and slower when it asks for it."""

import asyncio
import contextlib
import itertools
import math
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from ingest.fetch.web.http import HostBusy
from ingest.identity import host_of

# A request that would have to wait longer is put off, so that its task does not stand in line for hours.
LONGEST_WAIT = 60.0
_FIRST_PAUSE = 5.0
_LONGEST_PAUSE = 24 * 3600.0
_LONGEST_DOUBLING = 3600.0
# Above the first number those are forgotten that ask for nothing, above the second whoever was not met for longest.
_MOST_HOSTS = 1000
_MOST_ASKING = 10_000
_LOOKED_AT = 100


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
        self._hosts: OrderedDict[str, _Host] = OrderedDict()

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
        name = host_of(url)
        host = self._hosts.get(name)
        if host is None:
            self._make_room()
            host = self._hosts[name] = _Host()
        self._hosts.move_to_end(name)
        return host

    def _make_room(self) -> None:
        if len(self._hosts) < _MOST_HOSTS:
            return
        now = self._clock()
        unused = [pair for pair in itertools.islice(self._hosts.items(), _LOOKED_AT) if not pair[1].lock.locked()]
        quiet = [name for name, host in unused if host.free_at <= now and not host.delay and not host.refusals]
        if len(self._hosts) >= _MOST_ASKING:
            quiet = quiet or [name for name, _ in unused[:1]]
        for name in quiet:
            del self._hosts[name]
