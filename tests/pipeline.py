"""Drives parts of the pipeline on running services: settings of a test of its own, workers, topics read whole."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from console.commands.run import command
from console.commands.setup import prepare
from console.supervisor import Spec, Supervisor, wait_until
from deploy.services import Services
from runtime import kafka
from runtime.records import records
from runtime.settings import GroupSettings, KafkaSettings, PipelineSettings, Settings, as_environment
from runtime.topics import names
from schemas import Message, headers_of
from schemas.topics import Topic, dlq_name

DEADLINE = 120.0
_TOO_MANY_ENDS = 4


def settings_for(services: Services, unique: str, folder: Path, **sections: Any) -> Settings:
    """Settings with topics, groups and indices of this test alone."""
    return Settings(
        **{
            "kafka": KafkaSettings(bootstrap_servers=services.bootstrap_servers, session_timeout_ms=6_000),
            "elasticsearch": {"url": services.elasticsearch_url},
            "pipeline": PipelineSettings(prefix=f"{unique}.", index_prefix=unique, partitions=2, data=folder),
            "group": GroupSettings(reorder_seconds=0.5),
            **sections,
        }
    )


@contextlib.contextmanager
def prepared(services: Services, unique: str, folder: Path, **sections: Any) -> Iterator[Settings]:
    """Settings whose topics and indices exist; the topics are deleted afterwards."""
    settings = settings_for(services, unique, folder, **sections)
    prepare(settings)
    try:
        yield settings
    finally:
        admin = kafka.admin(settings)
        mine = [name for name in admin.list_topics(timeout=10).topics if name.startswith(settings.pipeline.prefix)]
        for future in admin.delete_topics(mine, operation_timeout=20).values():
            with contextlib.suppress(Exception):
                future.result(timeout=20)


def workers(settings: Settings, folder: Path, *stages: str, **environment: str) -> Supervisor:
    """Supervised worker processes; ``group-2`` is the second worker of ``group``."""
    specs = []
    for name in stages:
        stage, _, instance = name.partition("-")
        arguments = ["--instance", instance or "1"] if stage in {"annotate", "group"} else []
        specs.append(Spec(name, [*command(), stage, *arguments], {**as_environment(settings), **environment}))
    return Supervisor(specs, folder / "logs")


def put(settings: Settings, topic: Topic, key: str, message: Message, stage: str = "test") -> None:
    """Sends one message as a stage would, without waiting."""
    producer = kafka.Deliveries(kafka.producer(settings))
    producer.send(
        names(settings, topic),
        message.encode(),
        key=key,
        headers=headers_of(message, stage),  # type: ignore[arg-type]
    )
    producer.flush()


def values(settings: Settings, topic: Topic) -> list[tuple[bytes | None, bytes | None]]:
    """Key and value of every record of a topic, partition by partition."""
    return [(record.key(), record.value()) for record in records(settings, names(settings, topic))]


def dead_letters(settings: Settings, topic: Topic) -> list[Any]:
    return list(records(settings, dlq_name(names(settings, topic))))


def eventually(
    condition: Callable[[], bool],
    what: str,
    folder: Path,
    supervisor: Supervisor | None = None,
    seconds: float = DEADLINE,
) -> None:
    """Waits until the condition holds; fails with the ends of the workers' logs, at once where one cannot start."""

    def failing() -> bool:
        return supervisor is not None and max(supervisor.restarts().values()) >= _TOO_MANY_ENDS

    held = False

    def look() -> bool:
        nonlocal held
        held = condition()
        return held or failing()

    if wait_until(look, seconds) and held:
        return
    ends = [
        f"--- {log.name}\n" + "\n".join(log.read_text(errors="replace").splitlines()[-15:])
        for log in sorted((folder / "logs").glob("*.log"))
    ]
    raise AssertionError(f"{what}: not within {seconds:.0f} s\n" + "\n".join(ends))
