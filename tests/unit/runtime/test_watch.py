"""When a service with a loop of our own counts as standing still, and that it then ends and says why."""

import json
import subprocess
import sys
import threading
from types import SimpleNamespace

import pytest
from confluent_kafka import KafkaError, TopicPartition
from prometheus_client import REGISTRY

from console.supervisor import wait_until
from runtime import watch
from runtime.settings import KafkaSettings, PipelineSettings, Settings
from runtime.watch import EXIT_UNRECOVERABLE, Judge, Look, Watch, turning


def looks(judge: Judge, seen: list[Look]) -> list[tuple[int, str]]:
    """A look every second; when there was a reason to end, and which."""
    found = [(second, judge.look(second, one)) for second, one in enumerate(seen)]
    return [(second, reason) for second, reason in found if reason is not None]


def test_a_loop_that_turns_and_has_nothing_to_do_is_left_alone() -> None:
    assert looks(Judge(5), [Look(turns, None, {("t", 0): 7}, 0) for turns in range(100)]) == []


def test_a_loop_that_does_not_turn_ends_whatever_it_waits_for() -> None:
    found = looks(Judge(5), [Look(3, "Elasticsearch", None, 0)] * 7)
    assert found == [(6, "its loop has not turned for 6 s")]


def test_work_that_is_never_committed_ends_it() -> None:
    found = looks(Judge(5), [Look(turns, None, {("t", 0): 7}, 4) for turns in range(7)])
    assert found == [(6, "4 records wait and nothing was committed for 6 s")]


def test_without_a_partition_it_has_twice_the_time_for_its_group_to_get_on() -> None:
    found = looks(Judge(5), [Look(turns, None, {("t", 0): 7}, 4, idle=True) for turns in range(12)])
    assert found == [(11, "4 records wait and nothing was committed for 11 s, and no partition is assigned to it")]


@pytest.mark.parametrize(
    "excuse",
    [
        lambda turns: Look(turns, "Elasticsearch is away", {("t", 0): 7}, 4),
        lambda turns: Look(turns, None, None, 0),
        lambda turns: Look(turns, None, {("t", 0): turns}, 4),
        lambda turns: Look(turns, None, {("t", 0): turns}, 4, idle=True),
    ],
    ids=["it waits for something", "the broker does not answer", "it gets on", "others get on"],
)
def test_what_excuses_it(excuse: object) -> None:
    assert callable(excuse)
    assert looks(Judge(5), [excuse(turns) for turns in range(100)]) == []


def test_after_an_excuse_the_time_begins_anew() -> None:
    seen = [Look(turns, "away" if turns < 10 else None, {("t", 0): 7}, 4) for turns in range(20)]
    assert looks(Judge(5), seen)[0][0] == 15


def away(stuck_seconds: float) -> Settings:
    """Settings whose broker is nowhere."""
    return Settings(
        kafka=KafkaSettings(bootstrap_servers="127.0.0.1:1"), pipeline=PipelineSettings(stuck_seconds=stuck_seconds)
    )


def test_the_watch_tells_the_reason() -> None:
    reasons: list[str] = []
    with Watch(away(0.2), "clean", end=reasons.append).running():
        assert wait_until(lambda: bool(reasons), 10, poll=0.02)
    assert reasons[0].startswith("its loop has not turned for")


async def test_an_event_loop_tells_that_it_turns() -> None:
    told = threading.Event()

    async def work() -> int:
        return 7 if told.is_set() else 0

    import asyncio

    async def later() -> int:
        await asyncio.sleep(0)
        return await work()

    assert await turning(later(), told.set) == 7


def test_a_process_that_stands_still_ends_with_its_code_and_says_why() -> None:
    program = (
        "import threading\nfrom runtime.logging import configure\nfrom runtime.settings import *\n"
        "from runtime.watch import Watch\n"
        "configure(LogSettings(format='json'), 'clean-1', 3)\n"
        "settings = Settings(kafka=KafkaSettings(bootstrap_servers='127.0.0.1:1'),"
        " pipeline=PipelineSettings(stuck_seconds=0.2))\n"
        "with Watch(settings, 'clean').running():\n    threading.Event().wait(60)\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == EXIT_UNRECOVERABLE
    line = json.loads(ended.stderr.splitlines()[-1])
    assert (line["service"], line["generation"]) == ("clean-1", 3)
    assert line["reason"].startswith("its loop has not turned for")


def test_a_partition_whose_offset_cannot_be_read_is_no_partition_without_one(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broker:
        error: KafkaError | None = KafkaError(KafkaError.NOT_COORDINATOR)

        def committed(self, asked: list[TopicPartition], timeout: float) -> list[SimpleNamespace]:
            return [
                SimpleNamespace(topic=at.topic, partition=at.partition, offset=-1001, error=self.error) for at in asked
            ]

        def get_watermark_offsets(self, _: object, timeout: float) -> tuple[int, int]:
            return 3, 8

    broker = Broker()
    monkeypatch.setattr(watch.kafka, "looker", lambda *_: broker)
    looking = Watch(Settings(), "clean", lambda: [("t", 0)])
    assert looking._look() == Look(0, None, None, 0), "the broker does not answer"
    broker.error = None
    assert looking._look() == Look(0, None, {("t", 0): 3}, 5)
    assert REGISTRY.get_sample_value("remarkwire_behind_records", {"stage": "clean"}) == 5
    looking._partitions = tuple
    looking._topics = ["t"]
    monkeypatch.setattr(watch, "_all", lambda *_: [TopicPartition("t", 0)])
    assert looking._look() == Look(0, None, {("t", 0): 3}, 5, idle=True)
    assert REGISTRY.get_sample_value("remarkwire_behind_records", {"stage": "clean"}) == 0, "they are others' to do"
