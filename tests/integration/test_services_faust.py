"""Faust on the embedded and on the local Kafka: a killed worker has its table again, from store or changelog."""

import os
import signal
import sys
from contextlib import closing
from pathlib import Path

import pytest
from confluent_kafka.admin import AdminClient

from console.supervisor import Spec, Supervisor
from deploy.services import Services
from runtime.settings import as_environment
from tests.kafka_io import consumer, create, produce
from tests.pipeline import eventually, settings_for

pytestmark = [pytest.mark.integration, pytest.mark.faults]
KEYS = [f"key-{number}".encode() for number in range(300)]


def worker(services: Services, unique: str, store: Path, logs: Path) -> Supervisor:
    """A worker that is started again when it ends: Faust may stand still after a restart, and ours then give up."""
    settings = settings_for(services, unique, store)
    script = str(Path(__file__).with_name("services_faust_app.py"))
    return Supervisor([Spec("worker", [sys.executable, script, unique], as_environment(settings))], logs / "logs")


def kill(supervisor: Supervisor) -> None:
    pid = supervisor.pid("worker")
    assert pid is not None
    os.kill(pid, signal.SIGKILL)


def test_a_faust_worker_that_is_killed_has_its_table_again(services: Services, unique: str, tmp_path: Path) -> None:
    admin = AdminClient({"bootstrap.servers": services.bootstrap_servers})
    create(admin, f"{unique}-in", 4)
    create(admin, f"{unique}-out", 4)
    create(admin, f"{unique}-changelog", 4, cleanup_policy="compact")

    with closing(consumer(services, f"{unique}-check")) as reader:
        reader.subscribe([f"{unique}-out"])

        def sent_on(value: bytes, supervisor: Supervisor) -> dict[bytes, set[bytes]]:
            """Sends an event of every key; the values seen until each was sent on."""
            events = [{"key": key, "value": value, "headers": [("of", value)]} for key in KEYS]
            produce(services, f"{unique}-in", events)
            seen: dict[bytes, set[bytes]] = {}
            missing = set(KEYS)

            def all_there() -> bool:
                while missing and (message := reader.poll(0.1)) is not None:
                    assert message.error() is None, message.error()
                    seen.setdefault(message.key() or b"", set()).add(message.value() or b"")
                    if message.headers() == [("of", value)]:
                        missing.discard(message.key() or b"")
                return not missing

            eventually(all_there, f"{value!r} of every key", tmp_path, supervisor)
            return seen

        with worker(services, unique, tmp_path / "store", tmp_path) as supervisor:
            assert set(sent_on(b"one", supervisor)) == set(KEYS)
            kill(supervisor)
            assert sent_on(b"two", supervisor) == {key: {b"one"} for key in KEYS}
            kill(supervisor)
        # Nothing but the changelog to recover from.
        with worker(services, unique, tmp_path / "another store", tmp_path) as supervisor:
            assert sent_on(b"three", supervisor) == {key: {b"one"} for key in KEYS}
