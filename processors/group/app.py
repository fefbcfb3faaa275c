"""The app of ``group``: its topic and timers, and the worker that they call."""

from typing import Any

import faust

from processors.annotate.features import SentenceModel
from processors.faust_app import build_app, on_rebalance
from processors.group.model import Model, default_model
from processors.group.overrides_topic import OverridesTopic
from processors.group.vectors.space import space_for
from processors.group.worker import Worker
from processors.liveness import Busy, end_when_stuck
from processors.unrecoverable import LastResort
from runtime.forgotten import ForgottenIds
from runtime.settings import Settings
from runtime.topics import names
from schemas.topics import REPORTS

# How often it is looked whether a person has decided something.
_LOOK_SECONDS = 1.0


def build(
    settings: Settings, overrides: OverridesTopic, forgotten: ForgottenIds, model: Model | None = None
) -> tuple[faust.App, Busy]:
    """The app, not started, and what it is busy with before it works. ``overrides`` and ``forgotten``: topics that are
    read whole before the first report. Raises ``SettingsError`` where the vector space is another model's.
    """
    space = space_for(SentenceModel.of(settings.annotate), settings.group.vector_space)
    app = build_app(settings, "group")
    model = model or default_model(settings.group.window_days, settings.pipeline.gazetteer)
    worker = Worker(app, settings, lambda: overrides.current, model, forgotten, space)
    app.watches = [*app.watches, worker.lease.thread]
    reports = app.topic(names(settings, REPORTS), key_serializer="raw", value_serializer="raw")

    @app.agent(reports, concurrency=1, name="group")
    async def group_agent(stream: Any) -> None:
        with LastResort():
            async for event in stream.noack().events():
                await worker.take(event)

    @app.timer(interval=max(0.05, settings.group.reorder_seconds / 4))  # type: ignore[untyped-decorator]
    async def tick() -> None:
        await worker.tick()

    @app.timer(interval=_LOOK_SECONDS)  # type: ignore[untyped-decorator]
    async def look() -> None:
        overrides.poll()
        forgotten.refresh()
        await worker.prepare()
        worker.measure()
        await worker.reconcile()

    on_rebalance(app, worker.forget)
    end_when_stuck(app, settings, {names(settings, REPORTS): worker.acknowledger}, worker.busy)
    return app, worker.busy
