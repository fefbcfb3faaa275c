"""What Faust's own watch over streams looks at."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from faust.types import TP

from processors.faust_app import Consumer, build_app
from runtime.settings import PipelineSettings, Settings


def test_a_changelog_that_no_stream_reads_is_not_said_to_hang(tmp_path: Path) -> None:
    app = build_app(Settings(pipeline=PipelineSettings(data=tmp_path)), "group")
    assert app.transport.Consumer is Consumer
    looked: list[TP] = []
    consumer: Any = Consumer.__new__(Consumer)
    consumer.app = SimpleNamespace(tables=SimpleNamespace(changelog_topics={"group.stock.g1"}))
    consumer._thread = SimpleNamespace(verify_event_path=lambda _, tp: looked.append(tp))

    for tp in (TP("group.stock.g1", 0), TP("reports.g1", 0)):
        consumer.verify_event_path(400.0, tp)
    assert looked == [TP("reports.g1", 0)]
