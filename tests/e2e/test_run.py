"""`remarkwire run` as a service: each worker is killed once in the middle, and nothing is lost or doubled."""

import contextlib
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psutil
import pytest

from console.accounting import account, lags
from console.demo import read
from console.demo.data import load_gold
from console.demo.site import Site, serve
from console.supervisor import wait_until
from deploy.services import Services
from ingest.identity import article_id
from runtime import elastic
from runtime.settings import FetchSettings, Settings, as_environment
from schemas.index import alias_of
from tests.pipeline import settings_for

pytestmark = [pytest.mark.e2e, pytest.mark.integration]

WORKERS = ("fetch", "clean", "annotate", "group", "index")


@contextlib.contextmanager
def running(settings: Settings, folder: Path, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """`remarkwire run` as a process of its own; ended by SIGTERM, as a service manager does."""
    command = [sys.executable, "-P", "-m", "console.main", "run", "--logs", str(folder / "logs"), *arguments]
    with (folder / "run.log").open("wb") as log:
        process = subprocess.Popen(command, env={**os.environ, **as_environment(settings)}, stdout=log, stderr=log)
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
    assert "asked to end" in (folder / "run.log").read_text(encoding="utf-8") or process.returncode


def worker(run: subprocess.Popen[bytes], stage: str) -> psutil.Process | None:
    """The process of a stage among the children of `run`."""
    with contextlib.suppress(psutil.NoSuchProcess):
        for child in psutil.Process(run.pid).children():
            with contextlib.suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
                if stage in child.cmdline():
                    return child
    return None


def another(run: subprocess.Popen[bytes], stage: str, before: psutil.Process | None) -> bool:
    """Whether the stage runs in another process than ``before``."""
    now = worker(run, stage)
    return now is not None and now != before


def site_settings(services: Services, unique: str, folder: Path, site: Site) -> Settings:
    sources = folder / "sources.yaml"
    sources.write_text(site.sources_yaml(), encoding="utf-8")
    return settings_for(
        services,
        unique,
        folder,
        fetch=FetchSettings(
            sources=sources, resolve=site.resolve, host_interval_seconds=0.05, interval_seconds=3.0,
            revisit_seconds=[2.0], max_age_days=36500.0,
        ),
    )  # fmt: skip


def ends_of_logs(folder: Path) -> str:
    logs = [folder / "run.log", *sorted((folder / "logs").glob("*.log"))]
    return "\n".join(f"--- {log.name}\n{log.read_text(errors='replace')[-1500:]}" for log in logs if log.is_file())


def test_each_worker_killed_once_in_the_middle(services: Services, unique: str, tmp_path: Path) -> None:
    with serve() as site:
        settings = site_settings(services, unique, tmp_path, site)
        client = elastic.client(settings)
        alias = alias_of("articles", settings.pipeline.index_prefix)
        expected = {article_id(f"http://{a.outlet}{a.path}") for a in load_gold().as_of(1)}

        def indexed() -> set[str]:
            return {doc["article_id"] for doc in read.documents(client, settings.pipeline.index_prefix, "articles")}

        def count() -> int:
            return len(indexed()) if client.indices.exists_alias(name=alias) else 0

        with running(settings, tmp_path) as run:
            for number, stage in enumerate(WORKERS):
                least = min(len(expected) - 5, number * 12 + 1)
                assert wait_until(lambda: count() >= least, 120), ends_of_logs(tmp_path)  # noqa: B023
                victim = worker(run, stage)
                if victim is not None:
                    victim.send_signal(signal.SIGKILL)
                assert wait_until(partial(another, run, stage, victim), 60), (
                    f"{stage} was not started again\n{ends_of_logs(tmp_path)}"
                )
            site.phase = 2
            everything = {article_id(f"http://{a.outlet}{a.path}") for a in load_gold().as_of()}

            def done() -> bool:
                return (
                    everything <= indexed()
                    and all(lag.behind == 0 for lag in lags(settings))
                    and account(settings, client, alias).whole
                )

            assert wait_until(done, 180, poll=1.0), (
                f"{account(settings, client, alias)}\n{lags(settings)}\n{everything ^ indexed()}\n"
                + ends_of_logs(tmp_path)
            )
            children = psutil.Process(run.pid).children(recursive=True)
        assert run.returncode == 0, ends_of_logs(tmp_path)
        assert [child.pid for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE] == []

        total = account(settings, client, alias)
        assert total.whole
        assert total.dead == 0
        assert indexed() == everything
        for role in ("articles", "reports", "remarks", "stories"):
            documents = read.documents(client, settings.pipeline.index_prefix, role)
            key = {"articles": "article_id", "reports": "report_id", "remarks": "statement_id", "stories": "story_id"}
            doubled = [one for one, times in Counter(doc[key[role]] for doc in documents).items() if times > 1]
            assert doubled == []
        client.close()
