"""A client with manners: robots.txt, turns, redirects checked hop by hop, patience with transient failures."""

import contextlib
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import Any, Self
from urllib.parse import urljoin

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt, wait_random_exponential

from ingest.fetch.web.cache import Cache
from ingest.fetch.web.hosts import LONGEST_WAIT, Hosts
from ingest.fetch.web.http import HostBusy, Http, Response, anything
from ingest.fetch.web.network import Network, Outage, Unreached
from ingest.fetch.web.robots import MAX_BYTES as ROBOTS_BYTES
from ingest.fetch.web.robots import Robots
from ingest.identity import host_of, site_of
from runtime.logging import logger
from runtime.metrics import FETCHES, OUTAGE, RETRIES, STAGE_SECONDS
from runtime.settings import FetchSettings
from schemas.errors import FetchFailed, FetchRefused, InputError

MAX_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TRANSIENT = frozenset({408, 425, 500, 502, 504})
# What is wrong with an answer: there was one.
_ANSWERED = frozenset({"too_large", "content_coding", "broken_body"})
# What does not pass within the seconds of a retry.
_LASTING = frozenset({"robots_unavailable", "tls", "outage"})
_log = logger(__name__)
_BACKOFF = wait_random_exponential(multiplier=0.5, max=20.0)


class PoliteClient:
    """What the fetcher fetches with. A context manager. ``clock`` gives seconds; ``failing`` are addresses that are
    known to fail; ``ended`` is called at the end of each request, in its task.
    """

    def __init__(
        self,
        settings: FetchSettings,
        cache: Cache | None = None,
        clock: Callable[[], float] = time.monotonic,
        failing: Iterable[str] = (),
        ended: Callable[[], None] = lambda: None,
    ) -> None:
        self._http = Http(settings, cache)
        self._network = Network(_sites(failing))
        self._hosts = Hosts(settings.host_interval_seconds, clock)
        self._attempts = settings.attempts
        self._ended = ended
        self._robots = Robots(self._get_robots, settings.user_agent, self._hosts.asks_for_delay, clock)

    async def __aenter__(self) -> Self:
        await self._http.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.__aexit__()

    @property
    def away(self) -> bool:
        """Whether no site can be reached: our own network is away."""
        return self._network.away

    async def get(
        self, url: str, *, limit: int, wants: Callable[[str], bool] = anything, cached: bool = False
    ) -> Response:
        """The final answer after redirects and retries: any status but those that ask to come again.

        Raises ``FetchFailed`` (``Outage`` where our own network is away) or ``FetchRefused``. Parameters as in
        ``Http.get``.
        """

        async def once(at: str) -> Response:
            with self._unless_away():
                await self._robots.check(at)
            return await self._turn(at, limit=limit, wants=wants, cached=cached)

        return await self._patiently(url, once)

    async def forget(self, url: str) -> None:
        """The next cached request for ``url`` is unconditional."""
        await self._http.forget(url)

    async def sitemaps(self, url: str) -> list[str]:
        """The sitemaps that robots.txt of the host names. Raises ``FetchFailed`` or ``FetchRefused``."""
        with self._unless_away():
            return await self._robots.sitemaps(url)

    @contextlib.contextmanager
    def _unless_away(self) -> Iterator[None]:
        """That robots.txt cannot be had is no failure of the host while our own network is away."""
        try:
            yield
        except FetchFailed as error:
            if self._network.away and not isinstance(error, Outage):
                raise Outage(str(error)) from error
            raise

    async def _get_robots(self, url: str) -> Response:
        async def once(at: str) -> Response:
            return await self._turn(at, limit=ROBOTS_BYTES, cached=True, cut=True, final=frozenset({503}))

        return await self._patiently(url, once)

    async def _patiently(self, url: str, once: Callable[[str], Awaitable[Response]]) -> Response:
        try:
            # Nearly all succeed at once, and the library's bookkeeping for one try costs a tenth of a request.
            return await _follow(url, once)
        except FetchFailed as error:
            failed = [error]

        async def again() -> Response:
            if failed:
                raise failed.pop()
            return await _follow(url, once)

        attempts = AsyncRetrying(
            stop=stop_after_attempt(self._attempts),
            wait=_pause,
            retry=retry_if_exception(_worth_another),
            before_sleep=lambda _: RETRIES.labels("fetch", "transient").inc(),
            reraise=True,
        )
        result: Response = await attempts(again)
        return result

    async def _turn(
        self,
        url: str,
        *,
        limit: int,
        wants: Callable[[str], bool] = anything,
        cached: bool = False,
        cut: bool = False,
        final: frozenset[int] = frozenset(),
    ) -> Response:
        try:
            async with self._hosts.turn(url):
                response = await self._ask(url, limit=limit, wants=wants, cached=cached, cut=cut)
                FETCHES.labels("304" if response.revalidated else str(response.status)).inc()
                if response.status in {429, 503} and response.status not in final:
                    seconds = self._hosts.refused(url, response.retry_after())
                    raise HostBusy(f"{url}: status {response.status}, the host is left alone {seconds:.0f} s", seconds)
        except InputError as error:
            raise FetchRefused(str(error), "no_address") from error
        if response.status in _TRANSIENT:
            raise FetchFailed(f"{url}: status {response.status}", "server_error")
        self._hosts.answered(url)
        return response

    async def _ask(self, url: str, **how: Any) -> Response:
        """One request, which also tells whether our own network is there. ``how`` as in ``Http.get``."""
        site = site_of(host_of(url))
        asked = self._network.began(site)
        try:
            with STAGE_SECONDS.labels("fetch").time():
                response = await self._http.get(url, **how)
        except Unreached as error:
            self._show(begins=self._network.unreached(asked))
            if self._network.away:
                raise Outage(str(error)) from error
            raise
        except (FetchFailed, FetchRefused) as error:
            if error.why in _ANSWERED:
                self._answered(site)
            raise
        else:
            self._answered(site)
            return response
        finally:
            self._show(begins=self._network.ended(asked))
            self._ended()

    @staticmethod
    def _show(*, begins: bool) -> None:
        if begins:
            OUTAGE.set(1)
            _log.warning("no site can be reached: our own network is away")

    def _answered(self, site: str) -> None:
        if self._network.answered(site):
            OUTAGE.set(0)
            self._robots.network_is_back()
            _log.warning("sites can be reached again", site=site)


def _sites(urls: Iterable[str]) -> Iterator[str]:
    for url in urls:
        # What is no web address fails, too.
        with contextlib.suppress(InputError):
            yield site_of(host_of(url))


async def _follow(url: str, once: Callable[[str], Awaitable[Response]]) -> Response:
    at = url
    for _ in range(MAX_REDIRECTS + 1):
        response = await once(at)
        location = response.headers.get("location")
        if response.status not in _REDIRECTS or not location:
            return response
        try:
            at = urljoin(at, location)
            host_of(at)
        except (InputError, ValueError) as error:
            raise FetchRefused(f"{url}: redirects to {location!r}, which is no web address", "scheme") from error
    raise FetchRefused(f"{url}: more than {MAX_REDIRECTS} redirects, last to {at}", "redirects")


def _worth_another(error: BaseException) -> bool:
    if not isinstance(error, FetchFailed) or error.why in _LASTING:
        return False
    return not (isinstance(error, HostBusy) and error.seconds > LONGEST_WAIT)


def _pause(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    # The turn at the host waits as long as the host asks; here it need not be waited once more.
    return 0.0 if isinstance(error, HostBusy) else _BACKOFF(state)
