"""A press of invented outlets on loopback, found under invented hosts, and what a fetcher needs beside it in tests.

All texts are synthetic.
"""

import asyncio
import contextlib
import datetime
import email.utils
import http.server
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from ingest.fetch import FetchTotals, Shard, fetch
from ingest.fetch.reported import Found, Known
from ingest.identity import article_id
from ingest.sources import parse_sources
from runtime.settings import FetchSettings, PipelineSettings, Settings
from schemas import RawArticle
from schemas.errors import KafkaUnavailable

NOW = datetime.datetime.now(datetime.UTC)
PARAGRAPHS = [
    "The invented minister said on Tuesday that the invented bridge would open before the end of the year.",
    "He told reporters in the invented town that the builders had never been late by more than a week.",
]


def page(n: int | str, more: str = "") -> bytes:
    body = "".join(f"<p>{p}</p>" for p in [*PARAGRAPHS, f"This is report {n} of the invented series.", more] if p)
    article = f"<article><h1>Report {n} on the bridge</h1>{body}</article>"
    return f"<html><head><title>Report {n} on the bridge</title></head><body>{article}</body></html>".encode()


@dataclass
class Answer:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = "text/html; charset=utf-8"


Route = Answer | Callable[["Press", http.server.BaseHTTPRequestHandler], Answer | None]
"""A callable that returns None has answered by itself."""


class Press:
    """A server for all hosts; what it answers is in ``routes`` ("host/path"), what it was asked in ``hits``."""

    def __init__(self) -> None:
        self.routes: dict[str, Route] = {}
        self.hits: list[str] = []
        self.headers: dict[str, Any] = {}
        self.open_now: Counter[str] = Counter()
        self.most_open: Counter[str] = Counter()
        self.lock = threading.Lock()

        press = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                host = self.headers["Host"].partition(":")[0]
                key = host + self.path
                with press.lock:
                    press.hits.append(key)
                    press.headers[key] = self.headers
                    press.open_now[host] += 1
                    press.most_open[host] = max(press.most_open[host], press.open_now[host])
                route = press.routes.get(key, Answer(status=404))
                try:
                    answer = route if isinstance(route, Answer) else route(press, self)
                finally:
                    with press.lock:
                        press.open_now[host] -= 1
                if answer is None:
                    self.close_connection = True
                    return
                etag = answer.headers.get("ETag")
                if etag and self.headers.get("If-None-Match") == etag:
                    answer = Answer(status=304)
                with contextlib.suppress(OSError):
                    self.send_response(answer.status)
                    headers = {"Content-Type": answer.kind, "Content-Length": str(len(answer.body)), **answer.headers}
                    for name, value in headers.items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(answer.body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))

    def feed(self, host: str, *paths: str, etag: str | None = None, updated: datetime.datetime | None = None) -> None:
        changed = f"<updated xmlns='http://www.w3.org/2005/Atom'>{updated.isoformat()}</updated>" if updated else ""
        items = "".join(
            f"<item><title>Report</title><link>http://{host}{path}</link>{changed}"
            f"<pubDate>{email.utils.format_datetime(NOW - datetime.timedelta(hours=1))}</pubDate></item>"
            for path in paths
        )
        body = f"<rss version='2.0'><channel><title>E</title>{items}</channel></rss>".encode()
        self.routes[f"{host}/rss"] = Answer(body, kind="application/rss+xml", headers={"ETag": etag} if etag else {})

    def asked(self, key: str) -> int:
        return self.hits.count(key)

    @property
    def port(self) -> int:
        return self.server.server_address[1]

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class Kept:
    """A publisher that keeps what it gets, as it would be on the wire."""

    def __init__(self) -> None:
        self.raw: list[RawArticle] = []
        self.fails = 0

    async def publish(self, raw: RawArticle) -> bool:
        if self.fails:
            self.fails -= 1
            raise KafkaUnavailable("the broker is away")
        self.raw.append(RawArticle.decode(raw.encode()))
        return True

    def visits(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for raw in self.raw:
            found.setdefault(raw.url.partition("://")[2], []).append(raw.visit)
        return found


HOSTS = ("one.example", "two.example", "news.one.example")


class Clock:
    """Milliseconds since 1970, as the test wants them."""

    def __init__(self) -> None:
        self.ms = time.time_ns() // 1_000_000

    def __call__(self) -> int:
        return self.ms

    def advance(self, seconds: float) -> None:
        self.ms += int(seconds * 1000)


class Told:
    """Tells the fetcher that these addresses report a watched speaker."""

    def __init__(self, *urls: str) -> None:
        self.article_ids = [article_id(url) for url in urls]

    def take(self, known: Known, now: float, *, since: float, to_end: bool) -> Found:
        return Found(self.article_ids, [("reports", 0, len(self.article_ids))])


def settings_of(press: Press, folder: Path, hosts: Iterable[str] = HOSTS, **changes: Any) -> Settings:
    made = {
        "user_agent": "Remarkwire/0.1 (tests; nobody@press.example)",
        "resolve": dict.fromkeys(hosts, f"127.0.0.1:{press.port}"),
        "host_interval_seconds": 0.0,
        "revisit_seconds": [],
        "timeout_seconds": 5.0,
    }
    return Settings(fetch=FetchSettings(**(made | changes)), pipeline=PipelineSettings(data=folder))


def source(*, outlet: str = "one.example", kind: str = "paper", **places: list[str]) -> str:
    lists = "".join(f"\n    {key}: {value!r}" for key, value in places.items())
    return f"\n  - outlet: {outlet}\n    name: E\n    kind: {kind}{lists}"


def once(
    press: Press,
    folder: Path,
    kept: Kept,
    text: str = "",
    *,
    told: Told | None = None,
    clock: Clock | None = None,
    shard: Shard | None = None,
    only_due: bool = False,
    hosts: Iterable[str] = HOSTS,
    **changes: Any,
) -> FetchTotals:
    """One pass of a fetcher."""
    sources = parse_sources("sources:" + (text or source(feeds=["http://one.example/rss"])))
    settings = settings_of(press, folder, hosts, **changes)
    timed = {"clock": clock} if clock else {}
    return asyncio.run(
        fetch(
            settings, sources, kept,
            once=True, stop=asyncio.Event(), reports=told, shard=shard, only_due=only_due, **timed,
        )
    )  # fmt: skip
