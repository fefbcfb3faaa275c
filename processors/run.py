"""Runs a Faust app as a service: signals, health, metrics, and an end when its supervisor is gone."""

import os
import signal
import sys
from typing import Any

import faust

from runtime.health import Health, serve
from runtime.lifecycle import watch_parent
from runtime.settings import Settings


def run(app: faust.App, settings: Settings) -> int:
    """Runs until SIGTERM or SIGINT; returns the exit code. Ready once partitions are assigned and tables recovered."""
    health = Health()

    async def rebalanced(_app: Any, /, *_: Any, signal: Any = None, **__: Any) -> None:  # noqa: ARG001
        health.ready()

    async def revoked(_app: Any, /, *_: Any, signal: Any = None, **__: Any) -> None:  # noqa: ARG001
        health.waiting("partitions are being assigned, tables recovered")

    app.on_rebalance_complete.connect(rebalanced)
    app.on_partitions_revoked.connect(revoked)
    worker = faust.Worker(
        app, quiet=True, override_logging=False, redirect_stdouts=False, loglevel="WARNING", stderr=sys.stderr
    )
    watch_parent(lambda: os.kill(os.getpid(), signal.SIGTERM))
    with serve(settings.http, health):
        try:
            worker.execute_from_commandline()
        except SystemExit as end:
            return end.code if isinstance(end.code, int) else 0
