"""Consumers whose connections break while they join their groups."""

import time
from pathlib import Path

import pytest
from confluent_kafka import Consumer, TopicPartition

from console.supervisor import wait_until
from deploy.services import Services
from runtime import kafka
from runtime.settings import KafkaSettings, PipelineSettings
from runtime.topics import names
from schemas.topics import RAW
from tests.faults.proxy import KafkaProxy
from tests.pipeline import prepared

pytestmark = [pytest.mark.integration, pytest.mark.faults, pytest.mark.timeout(300)]
COUNT = 30
STEP_SECONDS = 0.05


def test_each_joins_whenever_all_connections_are_cut(breakable: Services, unique: str, tmp_path: Path) -> None:
    """Some waited for five minutes. They begin one after the other, so that a cut meets each at another step."""
    host, _, port = breakable.bootstrap_servers.partition(":")
    with (
        prepared(breakable, unique, tmp_path, pipeline=PipelineSettings(prefix=f"{unique}.", data=tmp_path)) as direct,
        KafkaProxy((host, int(port)), seed=5) as proxy,
    ):
        proxy.change(latency=0.05)
        settings = direct.model_copy(update={"kafka": KafkaSettings(bootstrap_servers=proxy.address)})
        clients: list[Consumer] = []
        joined: set[int] = set()
        cuts = [COUNT * STEP_SECONDS / 2, COUNT * STEP_SECONDS]
        began = time.monotonic()

        def joins(number: int) -> Consumer:
            def assigned(_client: Consumer, _partitions: list[TopicPartition]) -> None:
                joined.add(number)

            client = kafka.consumer(settings, f"{unique}-{number}", service=True)
            client.subscribe([names(settings, RAW)], on_assign=assigned)
            return client

        def look() -> bool:
            now = time.monotonic() - began
            if len(clients) < min(COUNT, now / STEP_SECONDS):
                clients.append(joins(len(clients)))
            if cuts and now > cuts[0]:
                proxy.cut()
                del cuts[0]
            for client in clients:
                client.poll(0)
            return len(joined) == COUNT and not cuts

        try:
            assert wait_until(look, 60, poll=0.01), f"never joined: {sorted(set(range(COUNT)) - joined)}"
        finally:
            clients.clear()  # not closed: see ``kafka.consumer``
