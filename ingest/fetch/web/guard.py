"""Connects only to addresses that are allowed, and to the very address that was checked.

A name that is looked up once for the check and again for the connection may answer differently (DNS rebinding); so the
look-up, the check and the connection are one step, beneath TLS and HTTP, for redirects as for first addresses. Of
several addresses the next is tried before the one ahead of it has timed out (RFC 8305), as anyio does with a name: a
dead one costs a moment, not the request.
"""

import asyncio
import contextlib
import functools
import ipaddress
import socket
import ssl
from collections import OrderedDict, deque
from collections.abc import Callable, Coroutine, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Self
from weakref import WeakValueDictionary

import httpcore
import httpx

from ingest.fetch.web.network import Unreached
from ingest.identity import site_of
from schemas.errors import FetchRefused, SettingsError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Attempt = Callable[[], Coroutine[Any, Any, httpcore.AsyncNetworkStream]]
# Of an origin: its robots.txt and a page may overlap at the most. Of origins: kept open at the same time.
_PER_ORIGIN = 2
_MOST_ORIGINS = 128
# A name server that never answers holds a thread for half a minute, also when nobody waits any more: look-ups have
# threads of their own, and the hosts of one site, which one server answers for, a few of them.
_LOOK_UPS = 64
_LOOK_UPS_PER_SITE = 4
# RFC 8305, 5: the time that an address has before the next is tried beside it.
_STAGGER_SECONDS = 0.25
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def is_public(address: Address) -> bool:
    """Whether an address belongs to the public Internet; IPv4 inside IPv6 is judged as IPv4."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if address.teredo is not None or address.is_site_local:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """httpcore's network with the check in between. ``resolve`` maps hosts to ``ip:port``, as curl's --resolve does;
    such addresses count as allowed.
    """

    def __init__(self, *, allow_private: bool = False, resolve: Mapping[str, str] | None = None) -> None:
        self._inner = httpcore.AnyIOBackend()
        self._allow_private = allow_private
        self._mapped = {host.lower(): _address(host, value) for host, value in (resolve or {}).items()}
        self._threads = ThreadPoolExecutor(_LOOK_UPS, thread_name_prefix="look-up")
        self._slots: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's interface
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        options = None if socket_options is None else [*socket_options]
        attempts = [
            functools.partial(self._inner.connect_tcp, address, at, timeout, local_address, options)
            for address, at in await self._addresses(host.lower(), port)
        ]
        return await _first(attempts)

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109, ARG002
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002
    ) -> httpcore.AsyncNetworkStream:
        raise FetchRefused(f"{path}: no socket of this machine is fetched from", "private_address")

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)

    async def _addresses(self, host: str, port: int) -> list[tuple[str, int]]:
        if host in self._mapped:
            return [self._mapped[host]]
        try:
            found = await self._look_up(host, port)
        except (OSError, UnicodeError) as error:
            raise Unreached(f"{host}: name cannot be resolved: {error}", "no_such_host") from error
        addresses = list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))
        allowed = [a for a in addresses if self._allow_private or is_public(ipaddress.ip_address(a))]
        if not allowed:
            raise FetchRefused(
                f"{host}: {', '.join(addresses)} is no public address; set fetch.allow_private to allow it",
                "private_address",
            )
        return [(address, port) for address in allowed]

    async def _look_up(self, host: str, port: int) -> list[Any]:
        loop = asyncio.get_running_loop()
        slot = self._slots.setdefault(site_of(host), asyncio.Semaphore(_LOOK_UPS_PER_SITE))
        await slot.acquire()

        def ended(_: Future[list[Any]]) -> None:
            # When the thread is free, not when we stop waiting. The loop may have ended by then.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(slot.release)

        ask = functools.partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        future = self._threads.submit(ask)
        future.add_done_callback(ended)
        return await asyncio.wrap_future(future)


class GuardedTransport(httpx.AsyncHTTPTransport):
    """httpx's own transport on a guarded network. httpx offers no parameter for the network; its pool is replaced."""

    def __init__(self, backend: httpcore.AsyncNetworkBackend) -> None:
        context = httpx.create_ssl_context(trust_env=False)
        super().__init__(verify=context, trust_env=False)
        # httpx only ever asks its pool to handle a request and to close.
        self._pool: Any = _PoolOfPools(context, backend)


class _PoolOfPools:
    """A small pool of httpcore's for each origin.

    httpcore looks through all of a pool's connections twice for each request, and asks each socket: with a hundred
    hosts at once that was a third of the fetcher's time. A host gets one request at a time, so its pool is tiny.
    """

    def __init__(self, context: ssl.SSLContext, backend: httpcore.AsyncNetworkBackend) -> None:
        self._context = context
        self._backend = backend
        self._pools: OrderedDict[tuple[bytes, bytes, int | None], httpcore.AsyncConnectionPool] = OrderedDict()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
        for unused in self._take_unused():
            await unused.aclose()
        origin = (request.url.scheme, request.url.host, request.url.port)
        # Nothing is awaited between here and the pool's taking the request, or another could close it as unused.
        pool = self._pools.get(origin)
        if pool is None:
            pool = self._pools[origin] = httpcore.AsyncConnectionPool(
                ssl_context=self._context,
                max_connections=_PER_ORIGIN,
                max_keepalive_connections=1,
                keepalive_expiry=15.0,
                http2=True,
                network_backend=self._backend,
            )
        self._pools.move_to_end(origin)
        return await pool.handle_async_request(request)

    async def aclose(self) -> None:
        while self._pools:
            _, pool = self._pools.popitem()
            await pool.aclose()

    def _take_unused(self) -> list[httpcore.AsyncConnectionPool]:
        """Where there are too many: those that were not used for longest, as far as nothing is under way in them."""
        if len(self._pools) <= _MOST_ORIGINS:
            return []
        unused = [
            origin
            for origin in [*self._pools][: _MOST_ORIGINS // 2]
            if all(connection.is_idle() or connection.is_closed() for connection in self._pools[origin].connections)
        ]
        return [self._pools.pop(origin) for origin in unused]


async def _first(attempts: Iterable[Attempt]) -> httpcore.AsyncNetworkStream:
    """The first connection that is made. Each is tried once the one before it has failed, or after a moment. Raises the
    last error where none is made.
    """
    waiting = deque(attempts)
    every: list[asyncio.Task[httpcore.AsyncNetworkStream]] = []
    running: set[asyncio.Task[httpcore.AsyncNetworkStream]] = set()
    made: httpcore.AsyncNetworkStream | None = None
    last: BaseException | None = None
    try:
        while made is None and (waiting or running):
            if waiting:
                every.append(asyncio.create_task(waiting.popleft()()))
                running.add(every[-1])
            done, running = await asyncio.wait(
                running, timeout=_STAGGER_SECONDS if waiting else None, return_when=asyncio.FIRST_COMPLETED
            )
            for task in done:
                if (error := task.exception()) is None:
                    made = task.result()
                else:
                    last = error
    finally:
        for task in every:
            task.cancel()
        for stream in await asyncio.gather(*every, return_exceptions=True):
            # Two may be made at the same moment, or one while we are cancelled.
            if not isinstance(stream, BaseException) and stream is not made:
                await stream.aclose()
    if made is None:
        raise last if last is not None else Unreached("no address to connect to", "no_such_host")
    return made


def _address(host: str, value: str) -> tuple[str, int]:
    ip, _, port = value.rpartition(":")
    try:
        return str(ipaddress.ip_address(ip.strip("[]"))), int(port)
    except ValueError as error:
        raise SettingsError(f"fetch.resolve: {host} = {value!r}; write it as ip:port, like 127.0.0.1:8080") from error
