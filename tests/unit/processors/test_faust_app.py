"""What Faust's own watch over streams looks at, and how a record is given up that has nothing."""

import asyncio
from collections.abc import Awaitable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from faust.types import TP

from processors.faust_app import Consumer, Packed, Sender, build_app
from runtime.settings import PipelineSettings, Settings
from schemas.dlq import read_letter
from schemas.errors import EmptyMessage


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


class Kept(Sender):
    """Keeps what it is given to send."""

    def __init__(self) -> None:
        super().__init__(None, Settings(), "test")  # type: ignore[arg-type]
        self.sent: list[Packed] = []

    async def send(self, packed: Packed) -> Awaitable[Any]:
        self.sent.append(packed)
        return asyncio.get_running_loop().create_future()


@pytest.mark.parametrize(
    ("key", "value", "sent", "null"),
    [(None, None, b"", True), (b"k", None, None, False), (None, b"", b"", False), (None, b"x", b"x", False)],
)
def test_a_record_with_neither_key_nor_value_is_given_up_as_the_client_can_send_it(
    key: bytes | None, value: bytes | None, sent: bytes | None, null: bool
) -> None:
    message = SimpleNamespace(
        topic="reports.g1", partition=0, offset=3, timestamp=1.0, key=key, value=value, headers=[]
    )
    sender = Kept()
    event: Any = SimpleNamespace(message=message)
    asyncio.run(sender.dead_letter(event, EmptyMessage("no value")))
    (letter,) = sender.sent
    assert (letter.key, letter.value) == (key, sent)
    assert read_letter(letter.headers).null is null
