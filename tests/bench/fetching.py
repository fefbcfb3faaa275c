"""1,000 sources polled and 2,000 articles fetched from a site on loopback, published to Kafka and cleaned; against bare
httpx and a process pool of trafilatura on the same pages, which polls nothing, asks no robots.txt and keeps nothing.

The site is a process of its own and serves all hosts; of the demo's pages each article gets a paragraph more.
"""

import asyncio
import contextlib
import datetime
import email.utils
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

import httpx
import psutil
import trafilatura
import zstandard
from confluent_kafka import Consumer, TopicPartition

from console.supervisor import wait_until
from deploy.services import Kind, start
from runtime import kafka
from runtime.settings import FetchSettings, Settings, as_environment
from runtime.topics import create, names
from schemas.topics import CLEAN, RAW, SKIPPED, Topic
from tests.bench.stages import pages
from tests.pipeline import settings_for, workers

HOSTS = 100
FEEDS = 10
PER_FEED = 2
ARTICLES = HOSTS * FEEDS * PER_FEED
_CONTEXT = multiprocessing.get_context("spawn")


@dataclass(frozen=True)
class Result:
    """Articles a second from the first request to the last message, requests by kind, and CPU seconds of our processes
    and of the bare ones (without site and services): on a machine that others use, these compare best.
    """

    raw: float
    cleaned: float
    bare: float
    article_requests: int
    polls: int
    robots: int
    published: int
    fetcher_mib: int
    cpu: float
    bare_cpu: float


class Counts:
    """What the site was asked: seconds of its first request, and requests by kind."""

    def __init__(self) -> None:
        self.began: Synchronized[float] = _CONTEXT.Value("d", 0.0)
        self.articles: Synchronized[int] = _CONTEXT.Value("i", 0)
        self.polls: Synchronized[int] = _CONTEXT.Value("i", 0)
        self.robots: Synchronized[int] = _CONTEXT.Value("i", 0)


def measure(kind: Kind) -> Result:
    """Runs both, ours first. Needs nothing but the services of ``kind``."""
    bodies = [zstandard.decompress(raw.body) for raw in pages()]
    counts = Counts()
    with tempfile.TemporaryDirectory(prefix="remarkwire-bench-") as name, site(bodies, counts) as port:
        folder = Path(name)
        with start(kind, data=folder / "services") as services:
            sources = folder / "sources.yaml"
            sources.write_text(source_list(), encoding="utf-8")
            fetching = FetchSettings(
                sources=sources, user_agent="Remarkwire/0.1 (bench; nobody@press.example)",
                resolve={host(n): f"127.0.0.1:{port}" for n in range(HOSTS)}, host_interval_seconds=0.0,
            )  # fmt: skip
            settings = settings_for(services, "fetching", folder, fetch=fetching)
            create(kafka.admin(settings), settings)
            return against(settings, folder, bodies, counts, port)


def against(settings: Settings, folder: Path, bodies: list[bytes], counts: Counts, port: int) -> Result:
    ours = {**os.environ, **as_environment(settings)}
    with workers(settings, folder, "clean"), closing(kafka.looker(settings)) as looker:
        # The cleaner's processes are up before anything comes, as the bare pool's are.
        wait_until(lambda: cleaning() > 2, 60)
        # The service, whose polls and visits overlap.
        before = cpu()
        command = [sys.executable, "-P", "-m", "console.main", "fetch"]
        run = subprocess.Popen(command, env=ours, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        raw_at = cleaned_at = 0.0
        most = 0
        while not cleaned_at:
            most = max(most, psutil.Process(run.pid).memory_info().rss)
            if not raw_at and count(looker, settings, RAW) >= ARTICLES:
                raw_at = time.time()
            if raw_at and count(looker, settings, CLEAN) + count(looker, settings, SKIPPED) >= ARTICLES:
                cleaned_at = time.time()
            # Each look is several requests to the broker, on the same two cores.
            time.sleep(0.1)
            if counts.began.value and time.time() - counts.began.value > 900:
                sys.exit("not done within 900 s: " + (folder / "logs" / "clean.log").read_text()[-2000:])
        ours_cpu = cpu()
        run.terminate()
        run.wait()
        began = counts.began.value
        asked = counts.articles.value, counts.polls.value, counts.robots.value
        published = count(looker, settings, RAW)
    seconds, bare_cpu = bare(port)
    return Result(
        raw=ARTICLES / (raw_at - began),
        cleaned=ARTICLES / (cleaned_at - began),
        bare=ARTICLES / seconds,
        cpu=ours_cpu - before,
        bare_cpu=bare_cpu,
        article_requests=asked[0],
        polls=asked[1],
        robots=asked[2],
        published=published,
        fetcher_mib=most >> 20,
    )


def cleaning() -> int:
    """Processes of the cleaner's pool that are up, the one that they are forked from among them."""
    found = 0
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            found += any("multiprocessing.forkserver" in part for part in process.cmdline())
    return found


def count(looker: Consumer, settings: Settings, topic: Topic) -> int:
    """Records of a topic. One client for all questions, so that asking is little of the work of the brokers."""
    name = names(settings, topic)
    ends = (
        looker.get_watermark_offsets(TopicPartition(name, number), timeout=10)[1]
        for number in range(settings.pipeline.partitions)
    )
    return sum(ends)


def cpu() -> float:
    """CPU seconds of this process' Python children that run our command, so far, their imports included."""
    ours = [p for p in psutil.Process().children(recursive=True) if "java" not in p.name()]
    total = 0.0
    for process in ours:
        # Some process of the machine's own may have ended since.
        with contextlib.suppress(psutil.NoSuchProcess):
            if not any("bench" in part or "spawn_main" in part for part in process.cmdline()):
                spent = process.cpu_times()
                total += spent.user + spent.system
    return total


def bare(port: int) -> tuple[float, float]:
    """Seconds, and CPU seconds, for httpx and two processes of trafilatura."""
    with ProcessPoolExecutor(2, mp_context=_CONTEXT) as pool:
        list(pool.map(len, [b""] * 8))
        began, spent = time.perf_counter(), time.process_time()
        asyncio.run(_bare(port, pool))
        seconds, own = time.perf_counter() - began, time.process_time() - spent
        processes = [psutil.Process(pid).cpu_times() for pid in pool._processes]
        return seconds, own + sum(used.user + used.system for used in processes)


async def _bare(port: int, pool: ProcessPoolExecutor) -> None:
    loop = asyncio.get_running_loop()
    turns = asyncio.Semaphore(64)

    async with httpx.AsyncClient(limits=httpx.Limits(max_connections=64, max_keepalive_connections=64)) as client:

        async def one(number: int) -> None:
            async with turns:
                answer = await client.get(f"http://127.0.0.1:{port}/a/{number}", headers={"host": host(number % HOSTS)})
            await loop.run_in_executor(pool, trafilatura.extract, answer.content)

        await asyncio.gather(*(one(number) for number in range(ARTICLES)))


def host(number: int) -> str:
    return f"paper{number}.example"


def source_list() -> str:
    lines = ["sources:"]
    for number in range(HOSTS):
        feeds = ", ".join(f"http://{host(number)}/feed/{n}" for n in range(FEEDS))
        lines.append(f"  - {{outlet: {host(number)}, name: P{number}, kind: paper, feeds: [{feeds}]}}")
    return "\n".join(lines) + "\n"


@contextmanager
def site(bodies: list[bytes], counts: Counts) -> Iterator[int]:
    """The site in a process of its own; gives its port."""
    ready, theirs = _CONTEXT.Pipe(duplex=False)
    process = _CONTEXT.Process(target=_serve, args=(bodies, counts, theirs), daemon=True)
    process.start()
    try:
        yield ready.recv()
    finally:
        process.kill()
        process.join()


def _serve(bodies: list[bytes], counts: Counts, ready: "multiprocessing.connection.Connection") -> None:
    asyncio.run(_serving(bodies, counts, ready))


async def _serving(bodies: list[bytes], counts: Counts, ready: "multiprocessing.connection.Connection") -> None:
    date = email.utils.format_datetime(datetime.datetime.now(datetime.UTC))

    def answer(name: str, path: str) -> tuple[str, bytes]:
        if path.startswith("/feed/"):
            counts.polls.value += 1
            first = int(path.rpartition("/")[2]) * PER_FEED
            numbers = [
                int(name.removeprefix("paper").partition(".")[0]) + HOSTS * n for n in range(first, first + PER_FEED)
            ]
            items = "".join(
                f"<item><title>Report {n}</title><link>http://{name}/a/{n}</link><pubDate>{date}</pubDate></item>"
                for n in numbers
            )
            return "application/rss+xml", f"<rss version='2.0'><channel>{items}</channel></rss>".encode()
        if path.startswith("/a/"):
            counts.articles.value += 1
            number = path.rpartition("/")[2]
            body = bodies[int(number) % len(bodies)]
            return "text/html", body.replace(b"</body>", f"<p>Report {number}.</p></body>".encode())
        counts.robots.value += 1
        return "text/plain", b"User-agent: *\nAllow: /\n"

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            name = ""
            while (header := await reader.readline()) not in {b"\r\n", b""}:
                if header.lower().startswith(b"host:"):
                    name = header[5:].strip().decode()
            counts.began.value = counts.began.value or time.time()
            kind, body = answer(name, line.split()[1].decode())
            writer.write(
                f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
            )
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    ready.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


if __name__ == "__main__":
    print(measure(Kind(sys.argv[1] if len(sys.argv) > 1 else Kind.LOCAL)))
