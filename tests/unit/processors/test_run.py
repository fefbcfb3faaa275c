"""A Faust worker that was asked to end does end, also where Kafka is away and Faust goes on trying."""

import subprocess
import sys
import threading
from types import SimpleNamespace
from typing import Any

import pytest

from processors import run as service
from runtime.settings import Settings


class Worker:
    """A fake of Faust's: asked to end at once, it ends when ``done`` is set, or after the deadline."""

    def __init__(self, app: Any, done: threading.Event) -> None:
        self._app, self._done = app, done

    def execute_from_commandline(self) -> None:
        self._app.should_stop = True
        self._done.wait(30)
        raise SystemExit(0)


def serve(monkeypatch: pytest.MonkeyPatch, done: threading.Event, seconds: float) -> tuple[int, list[str]]:
    """The exit code of a service, and why it was ended before."""
    reasons: list[str] = []

    def die(reason: str) -> None:
        reasons.append(reason)
        done.set()

    signal = SimpleNamespace(connect=lambda _: None)
    app: Any = SimpleNamespace(should_stop=False, on_rebalance_complete=signal, on_partitions_revoked=signal)
    monkeypatch.setattr("processors.run.faust.Worker", lambda *_, **__: Worker(app, done))
    monkeypatch.setattr(service, "die", die)
    monkeypatch.setattr(service, "_END_SECONDS", seconds)
    monkeypatch.setattr(service, "_LOOK_SECONDS", 0.01)
    code = service.run(app, Settings())
    for thread in threading.enumerate():
        if thread.name == "end-in-time":
            thread.join(30)
    return code, reasons


def test_who_does_not_end_is_ended_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    _, reasons = serve(monkeypatch, threading.Event(), 0.01)
    assert len(reasons) == 1
    assert "asked to end" in reasons[0]


def test_who_ends_in_time_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    done = threading.Event()
    done.set()
    assert serve(monkeypatch, done, 30.0) == (0, [])


# In a process of its own: Faust takes its standard output when it is imported.
STARTED = """
import asyncio
import faust
from processors import run
from runtime.settings import Settings

def start(worker):
    asyncio.run(worker.on_startup_finished())
    raise SystemExit(0)

faust.Worker.execute_from_commandline = start
raise SystemExit(run.run(faust.App("a", broker="memory://"), Settings()))
"""


def test_nothing_but_log_lines_goes_to_an_output_that_is_no_terminal() -> None:
    ended = subprocess.run([sys.executable, "-c", STARTED], capture_output=True, text=True, check=True)
    assert "\x1b" not in ended.stdout + ended.stderr
