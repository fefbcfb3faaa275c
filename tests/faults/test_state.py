"""Local state that is deleted, broken or has no room, and compacted changelogs: all is made again from Kafka."""

import contextlib
import os
import random
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from confluent_kafka import TopicPartition
from confluent_kafka.admin import (  # type: ignore[attr-defined]
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    ResourceType,
)

from deploy.services import Services
from runtime import kafka
from runtime.records import records
from runtime.settings import PipelineSettings
from runtime.topics import names
from schemas.topics import ENTRIES, STOCK
from tests.faults.conftest import COUNT
from tests.faults.oracle import Indices
from tests.faults.world import World, inputs, world

pytestmark = [pytest.mark.integration, pytest.mark.faults, pytest.mark.whole, pytest.mark.timeout(1800)]


def tables(one: World) -> Path:
    return one.folder / "tables"


def garble(at: Path) -> None:
    """Random bytes over a part of every file of the tables."""
    chosen = random.Random(8)
    for file in sorted(at.rglob("*")):
        if file.is_file() and file.stat().st_size:
            value = bytearray(file.read_bytes())
            place = chosen.randrange(len(value))
            value[place : place + 64] = chosen.randbytes(64)[: len(value) - place]
            file.write_bytes(bytes(value))


def cut(at: Path) -> None:
    """Every file ends in its middle, as after a crash of the machine."""
    for file in sorted(at.rglob("*")):
        if file.is_file():
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def delete(at: Path) -> None:
    shutil.rmtree(at)


def empty(at: Path) -> None:
    """The files that say what there is are gone, the others stay."""
    for file in [*at.rglob("CURRENT"), *at.rglob("MANIFEST*")]:
        file.unlink()


HARMS: tuple[Callable[[Path], None], ...] = (delete, garble, cut, empty)


@pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.__name__)
def test_local_state_is_harmed(
    harm: Callable[[Path], None], breakable: Services, unique: str, tmp_path: Path, undisturbed: Indices
) -> None:
    made = inputs(COUNT)
    with world(breakable, unique, tmp_path) as one:
        with one.workers():
            one.send(made[:40])
            one.settle()
        harm(tables(one))
        with one.workers():
            one.send(made[40:])
            one.settle()
        one.assert_all_well(undisturbed)


@contextlib.contextmanager
def small_disk(at: Path, size: str) -> Iterator[None]:
    """A file system of its own, as far as we may mount one."""
    at.mkdir(parents=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(at)], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(at)], check=True)


def test_disk_is_full(breakable: Services, unique: str, tmp_path: Path, undisturbed: Indices) -> None:
    """The tables cannot grow: ``group`` ends, commits nothing that it could not keep, and goes on with room."""
    made, data = inputs(COUNT), tmp_path / "data"
    pipeline = PipelineSettings(prefix=f"{unique}.", index_prefix=unique, partitions=1, data=data)
    with (
        small_disk(data, "64m"),
        world(breakable, unique, tmp_path, pipeline=pipeline) as one,
        one.workers() as running,
    ):
        one.send(made[:20])
        one.settle()
        filler = data / "filler"
        with contextlib.suppress(OSError), filler.open("wb", buffering=0) as out:
            while True:
                out.write(b"x" * 65536)
        with contextlib.suppress(OSError), filler.open("ab", buffering=0) as out:
            while True:
                out.write(b"x")
        one.send(made[20:])
        one.pid("group")
        os.kill(one.pid("group"), signal.SIGKILL)
        one.until(lambda: running.ends()["group"] > 1, "group ends on a full disk", 120)
        filler.unlink()
        one.settle()
        one.assert_all_well(undisturbed)


def compacted(one: World) -> bool:
    """Whether the changelog has fewer records than were written, though none was deleted from its beginning."""
    topic = names(one.direct, ENTRIES)
    looker = kafka.looker(one.direct)
    try:
        low, high = looker.get_watermark_offsets(TopicPartition(topic, 0), timeout=10)
    finally:
        looker.close()
    return low == 0 and len(list(records(one.direct, topic))) < high


def compact_eagerly(one: World) -> None:
    """The broker's cleaner comes by within seconds, not within hours."""
    eager = {"segment.ms": "200", "min.cleanable.dirty.ratio": "0.01", "max.compaction.lag.ms": "1000"}
    admin = kafka.admin(one.direct)
    for topic in (ENTRIES, STOCK):
        changes = [ConfigEntry(key, value, incremental_operation=AlterConfigOpType.SET) for key, value in eager.items()]
        resource = ConfigResource(ResourceType.TOPIC, names(one.direct, topic), incremental_configs=changes)
        (done,) = admin.incremental_alter_configs([resource]).values()
        done.result(20)


def test_changelogs_are_compacted(breakable: Services, unique: str, tmp_path: Path, undisturbed: Indices) -> None:
    made = inputs(COUNT)
    with world(breakable, unique, tmp_path) as one:
        compact_eagerly(one)
        with one.workers():
            for number in range(4):
                one.send(made[number * 10 : number * 10 + 10])
                one.settle()
            one.until(lambda: compacted(one), "the changelog is compacted", 120, poll=1.0)
        delete(tables(one))
        with one.workers():
            one.send(made[40:])
            one.settle()
        one.assert_all_well(undisturbed)
