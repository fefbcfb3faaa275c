"""robots.txt as RFC 9309 reads it: 4xx allows all, what cannot be had forbids all for now."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from protego import Protego

from ingest.fetch.http import Response
from schemas.errors import FetchFailed, FetchRefused

# RFC 9309 asks for 500 KiB at least.
MAX_BYTES = 2 * 1024 * 1024
_FRESH_SECONDS = 24 * 3600.0
_RETRY_SECONDS = 300.0


@dataclass
class _Entry:
    """``rules`` None: everything is allowed. ``unavailable``: a word, while the file cannot be had."""

    rules: Protego | None
    unavailable: str | None
    until: float


class Robots:
    """Answers whether an address may be fetched; asks each host once a day."""

    def __init__(
        self,
        get: Callable[[str], Awaitable[Response]],
        user_agent: str,
        delay: Callable[[str, float], None],
    ) -> None:
        self._get = get
        self._agent = re.split(r"[/\s]", user_agent.strip(), maxsplit=1)[0] or "*"
        self._delay = delay
        self._entries: dict[str, _Entry] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def check(self, url: str) -> None:
        """Raises ``FetchRefused`` where robots.txt forbids ``url``, ``FetchFailed`` while that is not known."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        async with self._locks.setdefault(origin, asyncio.Lock()):
            entry = self._entries.get(origin)
            now = asyncio.get_running_loop().time()
            if entry is None or entry.until <= now:
                entry = self._entries[origin] = await self._read(origin, now)
        if entry.unavailable is not None:
            raise FetchFailed(f"{url}: {entry.unavailable}; nothing is fetched from the host for now")
        if entry.rules is not None and not entry.rules.can_fetch(url, self._agent):
            raise FetchRefused(f"{url}: robots.txt forbids it to {self._agent}")

    async def _read(self, origin: str, now: float) -> _Entry:
        url = f"{origin}/robots.txt"
        try:
            response = await self._get(url)
        except FetchFailed as error:
            return _Entry(None, f"robots.txt cannot be had ({error})", now + _RETRY_SECONDS)
        except FetchRefused as error:
            # Too large, or redirected to where we must not go: as a file that is not there.
            if "no public address" in str(error):
                raise
            return _Entry(None, None, now + _FRESH_SECONDS)
        if response.status >= 500:
            return _Entry(None, f"robots.txt answered {response.status}", now + _RETRY_SECONDS)
        if response.status >= 400:
            return _Entry(None, None, now + _FRESH_SECONDS)
        rules = Protego.parse(response.body.decode("utf-8-sig", errors="replace"))
        delay = rules.crawl_delay(self._agent)
        if delay:
            self._delay(url, float(delay))
        return _Entry(rules, None, now + _FRESH_SECONDS)
