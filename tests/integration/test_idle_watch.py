"""The watch of a service, on running services: of one that was given no partition while its group stands still."""

import contextlib
from pathlib import Path

import pytest
from confluent_kafka import TopicPartition

from deploy.services import Services
from runtime import kafka
from runtime.settings import PipelineSettings
from runtime.topics import names
from runtime.watch import Watch
from schemas.topics import RAW
from tests.pipeline import eventually, prepared

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("records", [1, 3])
def test_a_worker_without_partitions_ends_where_its_group_commits_nothing(
    services: Services, unique: str, tmp_path: Path, records: int
) -> None:
    pipeline = PipelineSettings(
        prefix=f"{unique}.", index_prefix=unique, partitions=2, data=tmp_path, stuck_seconds=0.5
    )
    with prepared(services, unique, tmp_path, pipeline=pipeline) as settings:
        topic, group = names(settings, RAW), kafka.group_id(settings, "clean")
        deliveries = kafka.Deliveries(kafka.producer(settings))
        for _ in range(records):
            deliveries.send(topic, b"x", key="example.org", headers=[])
        deliveries.flush()
        reasons: list[str] = []
        watch = Watch(settings, "clean", tuple, topics=[topic], end=reasons.append)
        with watch.running():
            eventually(lambda: bool(watch.turned() or reasons), "the watch ends it", tmp_path)
        assert reasons[0].startswith(f"{records} records wait and nothing was committed for")
        assert reasons[0].endswith("no partition is assigned to it")

        # Where its group has done everything, it is only one more than there is work for.
        with contextlib.closing(kafka.consumer(settings, group)) as other:
            ends = [TopicPartition(topic, p, other.get_watermark_offsets(TopicPartition(topic, p))[1]) for p in (0, 1)]
            other.commit(offsets=ends, asynchronous=False)
        looks: list[int] = []
        watch = Watch(
            settings, "clean", lambda: looks.append(1) or (), topics=[topic], end=reasons.append, look_seconds=0.1
        )
        with watch.running():
            eventually(lambda: bool(watch.turned() or len(looks) > 30), "many looks", tmp_path)
        assert len(reasons) == 1
