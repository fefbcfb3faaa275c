"""``python -m tests.bench.restart [--services embedded|local] [--reports N]``: how long ``group`` takes to be ready.

The changelogs of its two tables get what the service would have written for N synthetic reports of one speaker. The
worker, as ``remarkwire group`` starts it, begins with an empty folder, so that Faust recovers the tables from Kafka;
then once more with the tables that it has by now. Each time it is followed until ``/readyz`` says ready, and must then
have all N reports. The exit code is 1 where either takes longer than two minutes.
"""

import argparse
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
from aiokafka.partitioner import murmur2
from rich.console import Console
from rich.table import Table

from console.supervisor import Supervisor, wait_until
from deploy.services import Kind, start
from deploy.services.ports import choose
from processors.group.remarks.stock import Stock
from processors.group.values import value_of
from runtime import kafka
from runtime.settings import Settings
from runtime.topics import names
from schemas import Entry, Source
from schemas.topics import ENTRIES, REPORTS, STOCK
from tests.bench.synthetic import SPEAKER, Corpus
from tests.pipeline import prepared, workers

ALLOWED_SECONDS = 120.0
_GIVEN_UP_SECONDS = 900.0
_POLL_SECONDS = 0.1


@dataclass(frozen=True)
class Restarted:
    """Seconds from the start of the process. ``recovered``: the tables are there; ``ready``: what is searched, too."""

    begins_with: str
    recovered: float
    ready: float
    cpu: float
    mib: int

    @property
    def in_time(self) -> bool:
        return self.ready <= ALLOWED_SECONDS


def measure(kind: Kind, count: int) -> list[Restarted]:
    """With an empty folder, then with the tables kept."""
    with tempfile.TemporaryDirectory(prefix="remarkwire-bench-") as name:
        folder = Path(name)
        with (
            start(kind, data=folder / "services") as services,
            prepared(services, "bench-restart", folder) as settings,
        ):
            size = fill(settings, count)
            print(f"{count} entries, {size >> 20} MiB, are in the changelogs", file=sys.stderr, flush=True)
            return [restarted(settings, folder, begins_with, count) for begins_with in ("nothing", "its tables")]


def fill(settings: Settings, count: int) -> int:
    """Writes the changelogs of ``group`` after ``count`` reports; returns the bytes of the entries."""
    topic, entries, stock = (names(settings, role) for role in (REPORTS, ENTRIES, STOCK))
    # A table is written in the partition of the report that it is written for.
    partition = int(murmur2(SPEAKER.encode()) & 0x7FFFFFFF) % settings.pipeline.partitions
    deliveries, history, size = kafka.Deliveries(kafka.producer(settings)), Stock(SPEAKER), 0
    for number, (report, decision) in enumerate(Corpus(count).decided()):
        source = Source(topic=topic, partition=partition, offset=number)
        own = decision.parts[0].role == "report" and report.published is not None
        day = report.published.date() if own and report.published is not None else None
        key = report.report_id.encode()
        value = value_of(Entry(report=report, source=source, decision=decision, said_on=str(day) if day else None))
        deliveries.send(entries, value, key=key, partition=partition)
        size += len(value)
        if day is not None and (said := history.said(report, day, source)) is not None:
            history.put(said)
            deliveries.send(stock, said.encode(), key=key, partition=partition)
    deliveries.flush(300)
    return size


def restarted(settings: Settings, folder: Path, begins_with: str, count: int) -> Restarted:
    """Starts the worker, and follows it until it is ready."""
    port = choose(["health"], {})["health"]
    recovered = ready = 0.0
    began = time.monotonic()
    with workers(settings, folder, "group", REMARKWIRE_HTTP__PORT=str(port)) as supervisor:

        def is_ready() -> bool:
            nonlocal recovered, ready
            text = _answer(port, "/readyz")
            if not recovered and ("is being built" in text or "is to be built" in text or text == "ready\n"):
                recovered = time.monotonic() - began
            ready = time.monotonic() - began
            return text == "ready\n"

        _until(is_ready, supervisor, folder)
        process = psutil.Process(supervisor.pid("group") or 0)
        cpu, mib = sum(process.cpu_times()[:2]), process.memory_info().rss >> 20
        # Ready is not enough: it must have all of them.
        _until(lambda: f"remarkwire_table_entries {float(count)}" in set(_lines(port)), supervisor, folder)
    return Restarted(begins_with, recovered, ready, cpu, mib)


def _until(condition: Callable[[], bool], supervisor: Supervisor, folder: Path) -> None:
    held = wait_until(lambda: condition() or any(supervisor.ends().values()), _GIVEN_UP_SECONDS, _POLL_SECONDS)
    if not held or any(supervisor.ends().values()):
        sys.exit(_log_end(folder))


def _answer(port: int, path: str) -> str:
    """What the worker says; nothing where it does not answer yet."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
            return str(answer.read().decode())
    except urllib.error.HTTPError as error:
        return error.read().decode()
    except (urllib.error.URLError, OSError):
        return ""


def _lines(port: int) -> Iterator[str]:
    yield from _answer(port, "/metrics").splitlines()


def _log_end(folder: Path) -> str:
    return "\n".join((folder / "logs" / "group.log").read_text(errors="replace").splitlines()[-15:])


def show(out: Console, count: int, found: list[Restarted]) -> None:
    table = Table(title=f"Restart of group, {count} reports in the window", title_justify="left")
    for column in ("begins with", "tables after s", "ready after s", "of CPU, s", "MiB"):
        table.add_column(column, justify="left" if column == "begins with" else "right")
    for one in found:
        table.add_row(one.begins_with, f"{one.recovered:.1f}", f"{one.ready:.1f}", f"{one.cpu:.1f}", str(one.mib))
    out.print(table)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.restart", description="Restarts of group.")
    parser.add_argument("--services", choices=[str(kind) for kind in Kind], default=str(Kind.LOCAL))
    parser.add_argument("--reports", type=int, default=100_000)
    asked = parser.parse_args()
    found = measure(Kind(asked.services), asked.reports)
    show(Console(width=112), asked.reports, found)
    if not all(one.in_time for one in found):
        sys.exit(f"longer than {ALLOWED_SECONDS:.0f} s")


if __name__ == "__main__":
    main()
