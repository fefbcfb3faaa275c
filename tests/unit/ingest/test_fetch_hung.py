"""A poll or a host that hangs is told from one that is slow, and ends the fetcher with a line that says why."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.fetch.hung import Hung
from runtime.watch import EXIT_UNRECOVERABLE


def test_what_moves_or_ends_is_left_alone() -> None:
    now = 0.0
    hung = Hung(10.0, lambda: now)

    async def moves() -> None:
        hung.moved()

    hung.begun("poll a")
    hung.begun("host b")
    now = 9.0
    asyncio.run(named(moves, "poll a"))
    hung.ended("host b")
    asyncio.run(named(moves, "host c"))
    now = 18.0
    assert hung.reason() is None
    now = 20.0
    assert hung.reason() == "poll a: nothing has ended for 11 s"
    hung.ended("poll a")
    assert hung.reason() is None


async def named(work: object, name: str) -> None:
    assert callable(work)
    await asyncio.create_task(work(), name=name)


@pytest.mark.parametrize("once", [False, True])
def test_the_fetcher_ends_where_a_poll_never_does(tmp_path: Path, once: bool) -> None:
    program = f"""
import asyncio
from pathlib import Path
from ingest.fetch import fetch
from ingest.fetch.poller import Poller
from ingest.sources import parse_sources
from runtime.logging import configure
from runtime.settings import *

async def poll(*_):
    await asyncio.Event().wait()

Poller.poll = poll
configure(LogSettings(format="json"), "fetch")
settings = Settings(pipeline=PipelineSettings(data=Path({str(tmp_path)!r}), stuck_seconds=0.02))
sources = parse_sources("sources: [{{outlet: one.example, name: E, kind: paper, feeds: ['http://one.example/rss']}}]")
asyncio.run(fetch(settings, sources, None, once={once}, stop=asyncio.Event()))
"""
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=False, env=dict(os.environ)
    )
    assert ended.returncode == EXIT_UNRECOVERABLE, ended.stderr
    line = json.loads(ended.stderr.splitlines()[-1])
    assert line["reason"].startswith("poll http://one.example/rss: nothing has ended for")
