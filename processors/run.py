"""Runs a Faust app as a service: signals, health, metrics, and an end when its supervisor is gone."""

import asyncio
import os
import signal
import sys
import threading
import time
from typing import Any

import faust

from processors.liveness import Busy, never
from processors.unrecoverable import die
from runtime import metrics
from runtime.health import Health, serve
from runtime.lifecycle import watch_parent
from runtime.logging import logger
from runtime.settings import Settings

log = logger(__name__)
_LOOK_SECONDS = 0.5
_TELL_SECONDS = 10.0
# Less than the thirty seconds that `remarkwire run` grants between SIGTERM and SIGKILL, so that the reason is told.
_END_SECONDS = 20.0


def run(app: faust.App, settings: Settings, busy: Busy = never) -> int:
    """Runs until SIGTERM or SIGINT; returns the exit code.

    Ready once partitions are assigned, tables recovered, and the stage no longer ``busy``; until then ``/readyz`` says
    how far it is, and the log does every ten seconds.
    """
    health = Health()
    readiness = Readiness(app, health, busy)
    app.on_rebalance_complete.connect(readiness.recovered)
    app.on_partitions_revoked.connect(readiness.revoked)
    worker = faust.Worker(
        app, quiet=True, override_logging=False, redirect_stdouts=False, loglevel="WARNING", stderr=sys.stderr
    )
    # Its last sign goes to any output, terminal or not, and stood before a line of the log, which then was no JSON.
    worker.spinner = None
    watch_parent(lambda: os.kill(os.getpid(), signal.SIGTERM))
    over = threading.Event()
    threading.Thread(target=_end_in_time, args=(app, over), name="end-in-time", daemon=True).start()
    with serve(settings.http, health):
        try:
            worker.execute_from_commandline()
        except SystemExit as end:
            return end.code if isinstance(end.code, int) else 0
        finally:
            over.set()


def _end_in_time(app: faust.App, over: threading.Event) -> None:
    """Ends the process where it was asked to end and does not. Faust's client commits again and again while the broker
    does not answer, and is given up by Faust after a minute only. What is not committed comes again.
    """
    while not app.should_stop:
        if over.wait(_LOOK_SECONDS):
            return
    if not over.wait(_END_SECONDS):
        die(f"asked to end, and has not within {_END_SECONDS:.0f} s; does Kafka answer?")


class Readiness:
    """Follows a worker from the loss of its partitions to its work on new ones, and says how far it is."""

    def __init__(self, app: faust.App, health: Health, busy: Busy) -> None:
        self._app, self._health, self._busy = app, health, busy
        self._is_recovered = False
        self._task: asyncio.Task[None] | None = None

    async def recovered(self, _app: Any, /, *_: Any, signal: Any = None, **__: Any) -> None:  # noqa: ARG002
        self._is_recovered = True

    async def revoked(self, _app: Any, /, *_: Any, signal: Any = None, **__: Any) -> None:  # noqa: ARG002
        self._is_recovered = False
        self._health.waiting("partitions are being assigned, tables recovered")
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._follow(), name="readiness")

    def waits_for(self) -> str | None:
        """What is under way; None when the stage does its work."""
        if self._is_recovered:
            metrics.RECOVERING.set(0)
            return self._busy()
        tables: Any = self._app.tables
        left = tables.recovery.active_remaining_total()
        metrics.RECOVERING.set(left)
        return f"partitions are being assigned, tables recovered; {left} records to read"

    async def _follow(self) -> None:
        told = time.monotonic()
        while (waits_for := self.waits_for()) is not None:
            self._health.waiting(waits_for)
            if time.monotonic() - told >= _TELL_SECONDS:
                told = time.monotonic()
                log.info("not ready yet", waits_for=waits_for)
            await asyncio.sleep(_LOOK_SECONDS)
        self._health.ready()
