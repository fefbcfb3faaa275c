"""robots.txt as RFC 9309 reads it: 4xx allows all, what cannot be had forbids all for now."""

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

from protego import Protego

from ingest.fetch.web.http import Response
from ingest.fetch.web.network import Outage, Unreached
from schemas.errors import FetchFailed, FetchRefused

# RFC 9309 asks for 500 KiB at least; what is behind this is not read.
MAX_BYTES = 512 * 1024
_FRESH_SECONDS = 24 * 3600.0
_RETRY_SECONDS = 300.0
_MOST_SITEMAPS = 200
# Those that were not asked for longest are read anew when they come again.
_MOST_ENTRIES = 1000


@dataclass
class _Entry:
    """``rules`` None: everything is allowed. ``unavailable``: a word, while the file cannot be had; ``unreached``: as
    no connection came about.
    """

    rules: Protego | None
    unavailable: str | None
    until: float
    sitemaps: list[str] = field(default_factory=list)
    unreached: bool = False

    def failure(self, message: str) -> FetchFailed:
        """Of a request that is not made while the file cannot be had."""
        return (Unreached if self.unreached else FetchFailed)(message, "robots_unavailable")


class Robots:
    """Answers whether an address may be fetched; asks each host once a day. ``clock`` gives seconds."""

    def __init__(
        self,
        get: Callable[[str], Awaitable[Response]],
        user_agent: str,
        delay: Callable[[str, float], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._get = get
        self._agent = re.split(r"[/\s]", user_agent.strip(), maxsplit=1)[0] or "*"
        self._delay = delay
        self._clock = clock
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def check(self, url: str) -> None:
        """Raises ``FetchRefused`` where robots.txt forbids ``url``, ``FetchFailed`` while that is not known."""
        entry = await self._entry(url)
        if entry.unavailable is not None:
            raise entry.failure(f"{url}: {entry.unavailable}; nothing is fetched from the host for now")
        if entry.rules is not None and not entry.rules.can_fetch(url, self._agent):
            raise FetchRefused(f"{url}: robots.txt forbids it to {self._agent}", "robots")

    async def sitemaps(self, url: str) -> list[str]:
        """The sitemaps that the host of ``url`` names. Raises ``FetchFailed`` where robots.txt cannot be had."""
        entry = await self._entry(url)
        if entry.unavailable is not None:
            raise entry.failure(f"{url}: {entry.unavailable}")
        return entry.sitemaps

    def network_is_back(self) -> None:
        """Our own network was away: hosts that seemed to be away are asked again at once."""
        for origin in [origin for origin, entry in self._entries.items() if entry.unreached]:
            del self._entries[origin]

    async def _entry(self, url: str) -> _Entry:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        async with self._locks.setdefault(origin, asyncio.Lock()):
            entry = self._entries.get(origin)
            now = self._clock()
            if entry is None or entry.until <= now:
                entry = await self._read(origin, now, entry)
            self._entries[origin] = entry
            self._entries.move_to_end(origin)
            if len(self._entries) > _MOST_ENTRIES:
                self._entries.popitem(last=False)
        return entry

    async def _read(self, origin: str, now: float, before: _Entry | None) -> _Entry:
        url = f"{origin}/robots.txt"
        try:
            response = await self._get(url)
        except Outage:
            # Nothing to remember of the host.
            raise
        except FetchFailed as error:
            why = f"robots.txt cannot be had ({error})"
            return self._unavailable(before, why, now, unreached=isinstance(error, Unreached))
        except FetchRefused as error:
            # Redirected to where we must not go, or in a coding that we did not ask for: as a file that is not there.
            if error.why == "private_address":
                raise
            return _Entry(None, None, now + _FRESH_SECONDS)
        if response.status >= 500:
            return self._unavailable(before, f"robots.txt answered {response.status}", now)
        if response.status >= 400:
            return _Entry(None, None, now + _FRESH_SECONDS)
        rules = Protego.parse(response.body[:MAX_BYTES].decode("utf-8-sig", errors="replace"))
        delay = rules.crawl_delay(self._agent)
        if delay:
            self._delay(url, float(delay))
        named = [link for _, link in zip(range(_MOST_SITEMAPS), rules.sitemaps, strict=False)]
        return _Entry(rules, None, now + _FRESH_SECONDS, named)

    @staticmethod
    def _unavailable(before: _Entry | None, why: str, now: float, *, unreached: bool = False) -> _Entry:
        """Rules that were read before hold on while the file cannot be had (RFC 9309, 2.3.1.4)."""
        if before is not None and before.unavailable is None:
            return _Entry(before.rules, None, now + _RETRY_SECONDS, before.sitemaps)
        return _Entry(None, why, now + _RETRY_SECONDS, unreached=unreached)
