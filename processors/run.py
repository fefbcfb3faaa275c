"""Runs a Faust app as a service: signals, health, metrics, and an end when its supervisor is gone."""

import asyncio
import os
import signal
import sys
import time
from typing import Any

import faust

from processors.liveness import Busy, never
from runtime import metrics
from runtime.health import Health, serve
from runtime.lifecycle import watch_parent
from runtime.logging import logger
from runtime.settings import Settings

log = logger(__name__)
_LOOK_SECONDS = 0.5
_TELL_SECONDS = 10.0


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
    watch_parent(lambda: os.kill(os.getpid(), signal.SIGTERM))
    with serve(settings.http, health):
        try:
            worker.execute_from_commandline()
        except SystemExit as end:
            return end.code if isinstance(end.code, int) else 0


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
