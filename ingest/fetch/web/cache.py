"""The HTTP cache of polls and robots.txt (RFC 9111), by hishel, in a SQLite file beside the fetcher's state.

Every poll asks the origin: it comes when the source's own freshness has run out (``plan.floor``), and a cache that
guessed freshness from ``Last-Modified`` (RFC 9111, 4.2.2) would keep news back for days. What the cache gives us is the
conditional request, the rules for what may be stored, and the body behind a 304.
"""

import hashlib
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import anysqlite
import httpx
from hishel import AsyncSqliteStorage, CacheOptions
from hishel.httpx import AsyncCacheTransport

_KEEP_SECONDS = 60 * 24 * 3600.0
_MOST_BYTES = 512 * 1024 * 1024


class Cache:
    """Where answers are kept. ``largest``: a longer body is not kept, in bytes."""

    def __init__(self, path: Path, *, largest: int) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._storage = AsyncSqliteStorage(
            connection=_Connection(sqlite3.connect(path, isolation_level=None)),
            default_tti=_KEEP_SECONDS,
            max_stream_size=largest,
            max_size=_MOST_BYTES,
        )

    def over(self, transport: httpx.AsyncBaseTransport) -> httpx.AsyncBaseTransport:
        """The transport with the cache in front; closing it closes both."""
        # One user, whose requests carry no credentials: a private cache may keep what is marked private, too.
        return AsyncCacheTransport(_Quiet(transport), self._storage, rfc=CacheOptions(shared=False))

    async def forget(self, url: str) -> None:
        """The next request for ``url`` is unconditional."""
        for entry in await self._storage.get_entries(key_of(url)):
            await self._storage.remove_entry(entry.id)


def key_of(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()


class _Quiet(httpx.AsyncBaseTransport):
    """``no-cache`` is said to our own cache; on the way it would make caches in between ask the origin, too."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.headers.pop("cache-control", None)
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self._inner.aclose()


class _Connection(anysqlite.Connection):
    """SQLite at once, on the loop, as the fetcher's own state is.

    anysqlite's own connection goes to a thread and back for each of the seventeen steps of a poll: each waits for two
    switches of threads, and all of them together took longer than the request.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self._connection = connection

    async def cursor(self) -> "_Cursor":
        return _Cursor(self._connection.cursor(), self._limiter)

    async def commit(self) -> None:
        self._connection.commit()

    async def close(self) -> None:
        self._connection.close()


class _Cursor(anysqlite.Cursor):
    def __init__(self, cursor: sqlite3.Cursor, limiter: Any) -> None:
        super().__init__(cursor, limiter)
        self._cursor = cursor

    async def execute(self, sql: str, parameters: Iterable[Any] = ()) -> "_Cursor":
        self._cursor.execute(sql, tuple(parameters))
        return self

    async def fetchone(self) -> Any:
        return self._cursor.fetchone()

    async def fetchall(self) -> Any:
        return self._cursor.fetchall()
