"""Faust on the embedded and on the local Kafka: a killed worker has its table again."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from confluent_kafka import TopicPartition
from confluent_kafka.admin import AdminClient

from deploy.services import Services
from tests.kafka_io import DEADLINE, consumer, create, produce, receive, until

pytestmark = [pytest.mark.integration, pytest.mark.faults]


@pytest.fixture
def worker(services: Services, unique: str, tmp_path: Path) -> Iterator[Callable[[Path], subprocess.Popen[bytes]]]:
    running: list[subprocess.Popen[bytes]] = []

    def run(data: Path) -> subprocess.Popen[bytes]:
        data.mkdir(exist_ok=True)
        with (tmp_path / "worker.log").open("ab") as log:
            running.append(
                subprocess.Popen(
                    [
                        sys.executable,
                        "-m",
                        "faust",
                        "-A",
                        "services_faust_app",
                        "worker",
                        "--without-web",
                        "-l",
                        "info",
                    ],
                    cwd=Path(__file__).parent,
                    env=os.environ
                    | {
                        "REMARKWIRE_TEST_NAME": unique,
                        "REMARKWIRE_TEST_BROKER": services.bootstrap_servers,
                        "REMARKWIRE_TEST_DATA": str(data),
                    },
                    stdout=log,
                    stderr=subprocess.STDOUT,
                )
            )
        return running[-1]

    yield run
    for process in running:
        process.kill()
        process.wait()


def test_a_faust_worker_that_is_killed_has_its_table_again(
    services: Services,
    unique: str,
    tmp_path: Path,
    worker: Callable[[Path], subprocess.Popen[bytes]],
) -> None:
    admin = AdminClient({"bootstrap.servers": services.bootstrap_servers})
    create(admin, f"{unique}-in", 4)
    create(admin, f"{unique}-out", 4)
    create(admin, f"{unique}-first-changelog", 4, cleanup_policy="compact")
    keys = [f"key-{number}".encode() for number in range(300)]

    def send(value: bytes) -> None:
        produce(services, f"{unique}-in", [{"key": key, "value": value, "headers": [("of", value)]} for key in keys])

    with closing(consumer(services, f"{unique}-check")) as reader:
        reader.subscribe([f"{unique}-out"])

        def wait_for_all(header: bytes) -> dict[bytes, set[bytes]]:
            """The values seen for each key, until every key was sent on for an event with this header."""
            seen: dict[bytes, set[bytes]] = {}
            missing = set(keys)
            while missing:
                (message,) = receive(reader, 1)
                seen.setdefault(message.key() or b"", set()).add(message.value() or b"")
                if message.headers() == [("of", header)]:
                    missing.discard(message.key())
            return seen

        first = worker(tmp_path / "store")
        send(b"one")
        assert set(wait_for_all(b"one")) == set(keys)
        # The changelog is behind the output until the next commit, so let that happen before the crash.
        with closing(consumer(services, unique)) as group:
            partitions = [TopicPartition(f"{unique}-in", number) for number in range(4)]
            until(lambda: sum(max(p.offset, 0) for p in group.committed(partitions, timeout=10)) == len(keys))
        first.send_signal(signal.SIGKILL)
        first.wait()

        second = worker(tmp_path / "store")
        send(b"two")
        assert wait_for_all(b"two") == {key: {b"one"} for key in keys}
        second.send_signal(signal.SIGKILL)
        second.wait()

        third = worker(tmp_path / "another store")  # nothing but the changelog to recover from
        send(b"three")
        assert wait_for_all(b"three") == {key: {b"one"} for key in keys}
        third.send_signal(signal.SIGTERM)
        assert third.wait(DEADLINE) == 0
