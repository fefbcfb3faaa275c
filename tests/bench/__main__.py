"""``python -m tests.bench [--services embedded|local] [--articles N] [--reports N]``: tables of docs/performance.md.

Each stage alone in this process on pages of the demo's site, with the bare library call on the same inputs in the same
run where there is one; annotation beside the bare recognisers, of texts up to 1 MB, and its memory, each in a process
of its own; then the restart of grouping and fetching on services, the latter against bare libraries, and the whole way,
with the memory of each worker.

Ends with 1 where the time of annotation grows with the square of the length, its memory is above 1.5 GB, or a restart
takes longer than two minutes. How it compares with the recognisers differs between machines:
``python -m tests.bench.recognising --floors`` judges it.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from console.accounting import account, lags
from console.supervisor import wait_until
from deploy.services import Kind, start
from runtime import elastic
from runtime.settings import as_environment
from schemas.index import alias_of
from tests.bench import grouping, restart
from tests.bench.fetching import measure as measure_fetching
from tests.bench.stages import measure
from tests.e2e.test_load import generated
from tests.e2e.test_run import ends_of_logs, running
from tests.pipeline import settings_for


def main() -> None:
    """Prints both tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Speeds and memory.")
    parser.add_argument("--services", choices=[str(kind) for kind in Kind], default=str(Kind.LOCAL))
    parser.add_argument("--articles", type=int, default=2000, help="for the whole way (default 2000)")
    parser.add_argument("--reports", type=int, default=100_000, help="in the window of grouping (default 100000)")
    asked = parser.parse_args()
    out = Console(width=112)
    table = Table(title="One process", title_justify="left")
    for column in ("stage", "articles/s", "bare library call", "its articles/s", "ratio"):
        table.add_column(column, justify="left" if column in {"stage", "bare library call"} else "right")
    for row in measure():
        bare = (row.bare, f"{row.bare_rate:.0f}", f"{row.rate / row.bare_rate:.2f}") if row.bare_rate else ("", "", "")
        table.add_row(row.stage, f"{row.rate:.0f}", *bare)
    out.print(table)
    held = [alone(name) for name in ("recognising", "lengths", "memory")]
    growth(out, [10_000, asked.reports])
    restarted = restart.measure(Kind(asked.services), asked.reports)
    restart.show(out, asked.reports, restarted)
    fetching(out, Kind(asked.services))
    whole_way(out, Kind(asked.services), asked.articles)
    sys.exit(not all([*held, *(one.in_time for one in restarted)]))


def alone(name: str) -> bool:
    """One of the benches beside this one, in a process of its own: in this one models and caches are there already."""
    return subprocess.run([sys.executable, "-P", "-m", f"tests.bench.{name}"], check=False).returncode == 0


def fetching(out: Console, kind: Kind) -> None:
    """1,000 sources and 2,000 articles of a site on loopback, against bare httpx and trafilatura."""
    found = measure_fetching(kind)
    table = Table(title=f"Fetching, {found.published} articles of {found.polls} polls", title_justify="left")
    for column in ("", "articles/s", "ratio to bare"):
        table.add_column(column, justify="left" if not column else "right")
    table.add_row("fetch, to articles.raw", f"{found.raw:.0f}", f"{found.raw / found.bare:.2f}")
    table.add_row("fetch and clean, to articles.clean", f"{found.cleaned:.0f}", f"{found.cleaned / found.bare:.2f}")
    table.add_row("bare httpx and two processes of trafilatura", f"{found.bare:.0f}", "")
    table.caption = (
        f"requests per article: {found.article_requests / found.published:.2f}, with {found.robots} robots.txt "
        f"{(found.article_requests + found.robots) / found.published:.2f}; fetcher {found.fetcher_mib} MiB; "
        f"CPU seconds of fetch and clean {found.cpu:.0f}, bare {found.bare_cpu:.0f}"
    )
    out.print(table)


def growth(out: Console, counts: list[int]) -> None:
    """Grouping by the number of reports in the window, and copies alone against rensa."""
    table = Table(title="Grouping, one speaker, window filled with synthetic reports", title_justify="left")
    for column in ("reports", "reports/s", "per second of CPU", "MiB", "entries, MiB", "rebuilt in s", "of CPU, s"):
        table.add_column(column, justify="right")
    for row in grouping.measure(counts):
        table.add_row(
            str(row["reports"]), f"{row['rate']:.0f}", f"{row['rate_cpu']:.0f}", f"{row['memory_mib']:.0f}",
            f"{row['entries_mib']:.0f}", f"{row['rebuild_seconds']:.0f}",
            f"{row['rebuild_cpu']:.0f}",
        )  # fmt: skip
    out.print(table)
    row = grouping.copies()
    table = Table(title="Copies alone, microseconds a report, 10,000 in the index", title_justify="left")
    for column in ("candidates and adding", "verified too", "rensa, query and insert", "rensa, sketching too"):
        table.add_column(column, justify="right")
    table.add_row(*(f"{row[key]:.0f}" for key in ("ours", "verified", "rensa", "rensa_with_sketching")))
    out.print(table)


def whole_way(out: Console, kind: Kind, count: int) -> None:
    """Import to index, all workers on this machine."""
    with tempfile.TemporaryDirectory(prefix="remarkwire-bench-") as name:
        folder = Path(name)
        with start(kind, data=folder / "services") as services:
            settings = settings_for(services, "bench", folder)
            generated(folder / "articles.jsonl.gz", count)
            client = elastic.client(settings)
            alias = alias_of("articles", settings.pipeline.index_prefix)
            with running(settings, folder, "--no-fetch") as run:
                check(wait_until(lambda: client.indices.exists_alias(name=alias).body, 60), folder)
                check(wait_until(lambda: len(psutil.Process(run.pid).children()) >= 4, 60), folder)
                began = time.monotonic()
                command = [sys.executable, "-P", "-m", "console.main", "import", str(folder / "articles.jsonl.gz")]
                environment = {**os.environ, **as_environment(settings)}
                subprocess.run(command, env=environment, check=True, capture_output=True)
                check(wait_until(lambda: client.count(index=alias)["count"] >= count, 1800), folder)
                check(wait_until(lambda: all(lag.behind == 0 for lag in lags(settings)), 600), folder)
                seconds = time.monotonic() - began
                memory = {name_of(child): rss(child) for child in psutil.Process(run.pid).children()}
                whole = account(settings, client, alias).whole
            client.close()
    table = Table(title=f"The whole way, {kind} services, all on this machine", title_justify="left")
    for column in ("articles", "seconds", "articles/s", "sum"):
        table.add_column(column, justify="right")
    table.add_row(str(count), f"{seconds:.0f}", f"{count / seconds:.0f}", "whole" if whole else "NOT WHOLE")
    out.print(table)
    table = Table(title="Memory of each worker, children included", title_justify="left")
    table.add_column("worker")
    table.add_column("MiB", justify="right")
    for stage, size in sorted(memory.items()):
        table.add_row(stage, str(size >> 20))
    out.print(table)
    print(json.dumps({"articles_per_second": count / seconds, "memory_mib": {k: v >> 20 for k, v in memory.items()}}))


def name_of(process: psutil.Process) -> str:
    line: Sequence[str] = process.cmdline()
    return line[line.index("console.main") + 1] if "console.main" in line else line[0]


def rss(process: psutil.Process) -> int:
    return sum(one.memory_info().rss for one in (process, *process.children(recursive=True)))


def check(held: bool, folder: Path) -> None:
    if not held:
        sys.exit(ends_of_logs(folder))


if __name__ == "__main__":
    main()
