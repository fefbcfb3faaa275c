"""The press on a loopback port: one HTTP server for all hosts, told apart by the Host header.

A real server rather than a patched client, so that the fetcher's connections, redirects, conditional requests,
compression, charsets and robots.txt are all put to the test.
"""

import datetime
import email.utils
import gzip
import http.server
import socket
import threading
import time
import urllib.parse
from http import HTTPStatus
from types import TracebackType
from typing import Any, NamedTuple, Self

from console.demo.data import Gold, load_gold
from console.demo.site import portal
from console.demo.site import sources as _sources
from console.demo.site.page import Host, Page
from console.demo.site.press import press

_TRACKING = ("utm_", "fbclid=", "ref=")
_LOOPBACK = ("127.0.0.1", "localhost")
_NOTICE = ("X-Synthetic", "every text of this site is invented")


class Hit(NamedTuple):
    """One request. ``path`` has the query as it was asked; ``time`` is monotonic seconds at its arrival."""

    host: str
    path: str
    user_agent: str
    status: int
    time: float


class Site:
    """The press while it is served; made by ``serve``. Threads of the server read what ``phase`` replaces whole."""

    def __init__(self, gold: Gold, port: int, phase: int) -> None:
        self.gold = gold
        self.hits: list[Hit] = []
        self._lock = threading.Lock()
        self._failed: dict[tuple[str, str], int] = {}
        self._hosts: dict[str, Host] = {}
        self._contents = Page()
        self._phase = 0
        self.phase = phase
        self._server = _Server(("127.0.0.1", port), self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="demo-site")

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def hosts(self) -> list[str]:
        """All host names, mirrors among them."""
        return sorted(self._hosts)

    @property
    def resolve(self) -> dict[str, str]:
        """Host name to ``127.0.0.1:PORT``: what the fetcher's ``resolve`` setting takes."""
        return dict.fromkeys(self.hosts, f"127.0.0.1:{self.port}")

    @property
    def phase(self) -> int:
        """1: most articles. 2: late reports and corrected versions have appeared."""
        return self._phase

    @phase.setter
    def phase(self, phase: int) -> None:
        hosts, contents = press(self.gold, phase), portal.contents(self.gold, phase)
        with self._lock:
            self._hosts, self._contents, self._phase = hosts, contents, phase

    def sources(self) -> list[dict[str, Any]]:
        """The entries of a ``sources.yaml`` for this press."""
        return _sources.sources(self.gold)

    def sources_yaml(self) -> str:
        return _sources.sources_yaml(self.gold)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Stop listening, close every connection and wait for the threads."""
        self._server.shutdown()
        self._thread.join()
        self._server.close_connections()
        self._server.server_close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def answer(self, host: str, target: str) -> Page:
        """The page for a request; a page that fails at first has done so after ``failures`` calls."""
        with self._lock:
            hosts, contents = self._hosts, self._contents
            if host in _LOOPBACK:
                return (contents if target == "/" else portal.view(hosts, target)) or _error(HTTPStatus.NOT_FOUND)
            if host not in hosts:
                return _error(HTTPStatus.MISDIRECTED_REQUEST)
            path = _untracked(target)
            page = hosts[host].get(path) or hosts[host].get(path.partition("?")[0])
            if page is None:
                return _error(HTTPStatus.NOT_FOUND)
            failed = self._failed.get((host, path), 0)
            if failed < page.failures:
                self._failed[host, path] = failed + 1
                return _error(HTTPStatus.INTERNAL_SERVER_ERROR)
            return page

    def record(self, hit: Hit) -> None:
        with self._lock:
            self.hits.append(hit)


def serve(port: int = 0, *, phase: int = 1, gold: Gold | None = None) -> Site:
    """The demo's press on a loopback port (0: a free one), as a context manager that serves while it is open."""
    return Site(gold or load_gold(), port, phase)


class _Server(http.server.ThreadingHTTPServer):
    """Its threads are joined at the end, so the sockets of idle keep-alive connections have to be closed first."""

    daemon_threads = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], site: Site) -> None:
        self.site = site
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._open_lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._open_lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def close_connections(self) -> None:
        with self._open_lock:
            for connection in self._open:
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "DemoPress"
    sys_version = ""
    wbufsize = -1  # head and body in one segment: Nagle and delayed ACK would cost 40 ms a request
    server: _Server

    def do_GET(self) -> None:
        arrived = time.monotonic()
        host = self.headers.get("Host", "").partition(":")[0].lower()
        page = self.server.site.answer(host, self.path)
        status = HTTPStatus.NOT_MODIFIED if self._unchanged(page) else HTTPStatus(page.status)
        self.server.site.record(Hit(host, self.path, self.headers.get("User-Agent", ""), int(status), arrived))
        self._reply(page, status)

    do_HEAD = do_GET  # noqa: N815 - the name is http.server's

    def _reply(self, page: Page, status: HTTPStatus) -> None:
        body = page.body
        self.send_response(status)
        self.send_header(*_NOTICE)
        if page.location:
            self.send_header("Location", page.location)
        if status == HTTPStatus.INTERNAL_SERVER_ERROR:
            self.send_header("Retry-After", "1")
        if page.status == HTTPStatus.OK and page.modified:
            self.send_header("ETag", page.etag)
            self.send_header("Last-Modified", email.utils.format_datetime(_gmt(page.modified), usegmt=True))
        if status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Type", page.content_type)
            if page.gzip and "gzip" in self.headers.get("Accept-Encoding", ""):
                body = gzip.compress(body, mtime=0)
                self.send_header("Content-Encoding", "gzip")
                self.send_header("Vary", "Accept-Encoding")
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD" and status != HTTPStatus.NOT_MODIFIED:
            self.wfile.write(body)

    def _unchanged(self, page: Page) -> bool:
        """RFC 9110, 13.2.2: If-None-Match decides where it is given, If-Modified-Since only without it."""
        if page.status != HTTPStatus.OK or page.modified is None:
            return False
        if tags := self.headers.get("If-None-Match"):
            return page.etag in [tag.strip().removeprefix("W/") for tag in tags.split(",")]
        if since := self.headers.get("If-Modified-Since"):
            return _gmt(page.modified) <= email.utils.parsedate_to_datetime(since)
        return False

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the signature is http.server's
        """Silent: ``Site.hits`` has it all."""


def _gmt(moment: datetime.datetime) -> datetime.datetime:
    """As HTTP dates can say it: in UTC, to the second."""
    return moment.astimezone(datetime.UTC).replace(microsecond=0)


def _untracked(target: str) -> str:
    """The address without the tracking parameters, which no site of the demo looks at."""
    path, mark, query = target.partition("?")
    kept = [pair for pair in query.split("&") if pair and not pair.startswith(_TRACKING)]
    return urllib.parse.unquote(path) + (mark + "&".join(kept) if kept else "")


def _error(status: HTTPStatus) -> Page:
    body = f"<!DOCTYPE html><title>{status.value}</title><h1>{status.value} {status.phrase}</h1>\n"
    return Page(body=body.encode(), status=status.value, kind="error")
