"""One request, one answer, within bounds of size and time. Redirects, retries and manners are decided above."""

import asyncio
import email.utils
import re
import ssl
import time
import zlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Self

import httpx

from ingest.fetch.headers import whole
from ingest.fetch.web.cache import Cache, key_of
from ingest.fetch.web.guard import GuardedBackend, GuardedTransport
from ingest.fetch.web.network import Unreached
from runtime.settings import FetchSettings
from schemas.errors import FetchFailed, FetchRefused

_ACCEPT = "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,application/xml;q=0.9,*/*;q=0.5"
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
# Files that were written by appending have some; each costs a decompressor of its own.
_MOST_MEMBERS = 1000
_CHUNK = 64 * 1024


class HostBusy(FetchFailed):
    """The host asks to wait (429, 503, or our own pause after one). ``seconds``: how long."""

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message, "host_busy")
        self.seconds = seconds


@dataclass(frozen=True)
class Response:
    """An answer; ``body`` is without content coding, empty where ``wants`` refused the media type. ``revalidated``: the
    origin said that nothing has changed, and the body is that of the cache.
    """

    url: str
    status: int
    body: bytes = b""
    media_type: str = ""
    charset: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    revalidated: bool = False

    def retry_after(self, now: float | None = None) -> float | None:
        """Seconds of ``Retry-After``, given as a number or a date; None where there is none."""
        value = self.headers.get("retry-after", "").strip()
        if (seconds := whole(value)) is not None:
            return float(seconds)
        try:
            moment = email.utils.parsedate_to_datetime(value)
            return max(0.0, moment.timestamp() - (time.time() if now is None else now))
        except (ValueError, TypeError, IndexError, OverflowError):
            return None


def anything(_media_type: str) -> bool:
    return True


class Http:
    """An HTTP client that keeps to its bounds. A context manager. Without ``cache`` all requests are plain ones."""

    def __init__(self, settings: FetchSettings, cache: Cache | None = None) -> None:
        backend = GuardedBackend(allow_private=settings.allow_private, resolve=settings.resolve)
        self._seconds = settings.timeout_seconds
        transport = GuardedTransport(backend)
        # No br, no zstd: what is decoded here is decoded with a bound.
        headers = {"user-agent": settings.user_agent, "accept": _ACCEPT, "accept-encoding": "gzip, deflate"}
        self._cache = cache
        self._client = _client(transport, settings, headers)
        self._cached = _client(cache.over(transport), settings, headers) if cache else self._client

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        if self._cached is not self._client:
            await self._cached.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._cached is not self._client:
            await self._cached.aclose()
        await self._client.aclose()

    async def get(
        self,
        url: str,
        *,
        limit: int,
        headers: Mapping[str, str] | None = None,
        wants: Callable[[str], bool] = anything,
        cached: bool = False,
        cut: bool = False,
    ) -> Response:
        """One GET. ``limit``: bytes of the body, encoded and decoded; ``wants`` tells by the media type whether the
        body is read at all. ``cached``: conditional, through the cache; ``cut``: what is too long is cut, not refused.

        Raises ``FetchFailed`` (may succeed later; ``Unreached`` where the host did not answer at all) or
        ``FetchRefused`` (must not, or never will).
        """
        client = self._cached if cached else self._client
        asked = {**(headers or {}), **({"cache-control": "no-cache"} if cached else {})}
        extensions = {"caching": {"key": key_of(url)}} if cached else {}
        failed: type[FetchFailed] = Unreached
        try:
            async with asyncio.timeout(self._seconds):
                async with client.stream("GET", url, headers=asked, extensions=extensions) as answer:
                    failed = FetchFailed
                    return await self._read(url, answer, limit, wants, cut=cut)
        except TimeoutError as error:
            raise failed(f"{url}: no complete answer within {self._seconds:g} s", "timeout") from error
        except httpx.UnsupportedProtocol as error:
            raise FetchRefused(f"{url}: only http and https are fetched", "scheme") from error
        except (httpx.InvalidURL, httpx.LocalProtocolError, httpx.DecodingError, UnicodeError) as error:
            raise FetchRefused(f"{url}: cannot be requested: {error}", "no_address") from error
        except (httpx.RequestError, httpx.StreamError, ssl.SSLError, OSError) as error:
            why = _why(error)
            if why == "tls" or not isinstance(error, httpx.ConnectError | httpx.TimeoutException):
                failed = FetchFailed
            raise failed(f"{url}: {type(error).__name__}: {error}", why) from error

    async def forget(self, url: str) -> None:
        """The next cached request for ``url`` is unconditional."""
        if self._cache is not None:
            await self._cache.forget(url)

    async def _read(
        self, url: str, answer: httpx.Response, limit: int, wants: Callable[[str], bool], *, cut: bool
    ) -> Response:
        kind = answer.headers.get("content-type", "")
        media_type = kind.partition(";")[0].strip().lower()
        charset = _CHARSET.search(kind)
        body = b""
        if wants(media_type) and answer.status_code not in {204, 304}:
            length = whole(answer.headers.get("content-length", ""))
            if length is not None and length > limit and not cut:
                raise FetchRefused(f"{url}: {length} bytes, allowed are {limit} (fetch.max_bytes)", "too_large")
            coding = answer.headers.get("content-encoding", "").strip().lower()
            body = await _bounded(url, answer.aiter_raw(), coding, limit, cut=cut)
        return Response(
            url=url,
            status=answer.status_code,
            body=body,
            media_type=media_type,
            charset=charset[1] if charset else None,
            headers={key.lower(): value for key, value in answer.headers.items()},
            revalidated=bool(answer.extensions.get("caching", {}).get("revalidated"))
            and bool(answer.extensions["caching"].get("from_cache")),
        )


def _client(
    transport: httpx.AsyncBaseTransport, settings: FetchSettings, headers: Mapping[str, str]
) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=transport,
        timeout=httpx.Timeout(settings.timeout_seconds),
        follow_redirects=False,
        trust_env=False,
        headers=dict(headers),
        # A jar that takes nothing: what a site sets would come back to it for as long as we run, and pile up here.
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
    )


def _why(error: BaseException) -> str:
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLError):
            return "tls"
        seen = seen.__cause__ or seen.__context__
    return "timeout" if isinstance(error, httpx.TimeoutException) else "connection"


async def _bounded(url: str, chunks: AsyncIterator[bytes], coding: str, limit: int, *, cut: bool) -> bytes:
    too_large = FetchRefused(f"{url}: more than {limit} bytes (fetch.max_bytes)", "too_large")
    encoded = bytearray()
    async for chunk in chunks:
        encoded += chunk
        if len(encoded) > limit:
            if cut and coding in {"", "identity"}:
                break
            raise too_large
    if coding in {"", "identity"}:
        return bytes(encoded[:limit])
    if coding not in {"gzip", "x-gzip", "deflate"}:
        raise FetchRefused(f"{url}: content coding {coding!r}, asked for were gzip and deflate", "content_coding")
    try:
        body = inflate(bytes(encoded), limit)
    except zlib.error as error:
        raise FetchFailed(f"{url}: broken {coding} body: {error}", "broken_body") from error
    if body is None:
        raise too_large
    return body


def inflate(data: bytes, limit: int) -> bytes | None:
    """Opens gzip (of several members, too), zlib or raw deflate; None where it opens to more than ``limit`` bytes.

    Raises ``zlib.error`` where it is none of them, or ends in the middle: half a page must not pass for the article.
    Memory is bounded whatever the ratio, and the time by the length: a stream is fed in chunks, because what it leaves
    over is a copy, and thousands of members would each copy all that is behind them.
    """
    out = bytearray()
    view = memoryview(data)
    bits = 47 if data[:2] == b"\x1f\x8b" or (data and data[0] & 0x0F == 8 and _is_zlib(data)) else -15
    at, end, members = 0, len(data), 0
    while at < end:
        members += 1
        if members > _MOST_MEMBERS:
            raise zlib.error(f"more than {_MOST_MEMBERS} members")
        stream = zlib.decompressobj(bits)
        while not stream.eof:
            if at >= end:
                raise zlib.error("it ends in the middle")
            chunk = view[at : at + _CHUNK]
            out += stream.decompress(chunk, limit + 1 - len(out))
            if len(out) > limit or stream.unconsumed_tail:
                return None
            at += len(chunk) - len(stream.unused_data)
        if bits != 47:
            break
        while at < end and not view[at]:
            at += 1
        if bytes(view[at : at + 2]) != b"\x1f\x8b":
            break
    return bytes(out)


def _is_zlib(data: bytes) -> bool:
    return len(data) >= 2 and (data[0] << 8 | data[1]) % 31 == 0
