"""One request, one answer, within bounds of size and time. Redirects, retries and manners are decided above."""

import asyncio
import email.utils
import re
import ssl
import time
import zlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Self

import httpx

from ingest.fetch.guard import GuardedBackend, GuardedTransport
from runtime.settings import FetchSettings
from schemas.errors import FetchFailed, FetchRefused

CONNECTIONS = 64
_ACCEPT = "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,application/xml;q=0.9,*/*;q=0.5"
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)


class HostBusy(FetchFailed):
    """The host asks to wait (429, 503, or our own pause after one). ``seconds``: how long."""

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds


@dataclass(frozen=True)
class Response:
    """An answer; ``body`` is without content coding, empty where ``wants`` refused the media type."""

    url: str
    status: int
    body: bytes = b""
    media_type: str = ""
    charset: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def retry_after(self, now: float | None = None) -> float | None:
        """Seconds of ``Retry-After``, given as a number or a date; None where there is none."""
        value = self.headers.get("retry-after", "").strip()
        if value.isdigit():
            return float(value)
        try:
            moment = email.utils.parsedate_to_datetime(value)
            return max(0.0, moment.timestamp() - (time.time() if now is None else now))
        except (ValueError, TypeError, IndexError, OverflowError):
            return None


def anything(_media_type: str) -> bool:
    return True


class Http:
    """An HTTP client that keeps to its bounds. A context manager."""

    def __init__(self, settings: FetchSettings) -> None:
        backend = GuardedBackend(allow_private=settings.allow_private, resolve=settings.resolve)
        self._seconds = settings.timeout_seconds
        self._client = httpx.AsyncClient(
            transport=GuardedTransport(backend, connections=CONNECTIONS),
            timeout=httpx.Timeout(settings.timeout_seconds),
            follow_redirects=False,
            trust_env=False,
            # No br, no zstd: what is decoded here is decoded with a bound.
            headers={"user-agent": settings.user_agent, "accept": _ACCEPT, "accept-encoding": "gzip, deflate"},
        )

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def get(
        self,
        url: str,
        *,
        limit: int,
        headers: Mapping[str, str] | None = None,
        wants: Callable[[str], bool] = anything,
    ) -> Response:
        """One GET. ``limit``: bytes of the body, encoded and decoded; ``wants`` tells by the media type whether the
        body is read at all.

        Raises ``FetchFailed`` (may succeed later) or ``FetchRefused`` (must not, or never will).
        """
        try:
            async with asyncio.timeout(self._seconds):
                async with self._client.stream("GET", url, headers=dict(headers or {})) as answer:
                    return await self._read(url, answer, limit, wants)
        except TimeoutError as error:
            raise FetchFailed(f"{url}: no complete answer within {self._seconds:g} s") from error
        except httpx.UnsupportedProtocol as error:
            raise FetchRefused(f"{url}: only http and https are fetched") from error
        except (httpx.InvalidURL, httpx.LocalProtocolError, httpx.DecodingError, UnicodeError) as error:
            raise FetchRefused(f"{url}: cannot be requested: {error}") from error
        except (httpx.RequestError, httpx.StreamError, ssl.SSLError, OSError) as error:
            raise FetchFailed(f"{url}: {type(error).__name__}: {error}") from error

    async def _read(self, url: str, answer: httpx.Response, limit: int, wants: Callable[[str], bool]) -> Response:
        kind = answer.headers.get("content-type", "")
        media_type = kind.partition(";")[0].strip().lower()
        charset = _CHARSET.search(kind)
        body = b""
        if wants(media_type) and answer.status_code not in {204, 304}:
            length = answer.headers.get("content-length", "")
            if length.isdigit() and int(length) > limit:
                raise FetchRefused(f"{url}: {length} bytes, allowed are {limit} (fetch.max_bytes)")
            coding = answer.headers.get("content-encoding", "").strip().lower()
            body = await _bounded(url, answer.aiter_raw(), coding, limit)
        return Response(
            url=url,
            status=answer.status_code,
            body=body,
            media_type=media_type,
            charset=charset[1] if charset else None,
            headers={key.lower(): value for key, value in answer.headers.items()},
        )


async def _bounded(url: str, chunks: AsyncIterator[bytes], coding: str, limit: int) -> bytes:
    too_large = FetchRefused(f"{url}: more than {limit} bytes (fetch.max_bytes)")
    encoded = bytearray()
    async for chunk in chunks:
        encoded += chunk
        if len(encoded) > limit:
            raise too_large
    if coding in {"", "identity"}:
        return bytes(encoded)
    if coding not in {"gzip", "x-gzip", "deflate"}:
        raise FetchRefused(f"{url}: content coding {coding!r}, asked for were gzip and deflate")
    try:
        body = inflate(bytes(encoded), limit)
    except zlib.error as error:
        raise FetchFailed(f"{url}: broken {coding} body: {error}") from error
    if body is None:
        raise too_large
    return body


def inflate(data: bytes, limit: int) -> bytes | None:
    """Opens gzip (of several members, too), zlib or raw deflate; None where it opens to more than ``limit`` bytes.

    Raises ``zlib.error`` where it is none of them. Memory is bounded whatever the ratio.
    """
    out = bytearray()
    bits = 47 if data[:2] == b"\x1f\x8b" or (data and data[0] & 0x0F == 8 and _is_zlib(data)) else -15
    while data:
        stream = zlib.decompressobj(bits)
        out += stream.decompress(data, limit + 1 - len(out))
        if len(out) > limit:
            return None
        if not stream.eof:
            if stream.unconsumed_tail:
                return None
            break
        data = stream.unused_data.lstrip(b"\0") if bits == 47 else b""
        if data[:2] != b"\x1f\x8b":
            break
    return bytes(out)


def _is_zlib(data: bytes) -> bool:
    return len(data) >= 2 and (data[0] << 8 | data[1]) % 31 == 0
