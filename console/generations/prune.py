"""Removes a generation: indices, topics, consumer groups, and the tables on this machine; never what others read.

Kafka Streams' application reset tool is the model for what belongs to it; the order makes an interruption harmless:
the list of generations first, so that nothing feeds it any more, then what it had.
"""

import shutil
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

from confluent_kafka import ConsumerGroupState, KafkaError, KafkaException
from confluent_kafka.admin import AdminClient
from elasticsearch import ApiError, Elasticsearch, TransportError

from console.generations import lineage, registry
from console.positions import group_of
from runtime import kafka
from runtime.logging import logger
from runtime.settings import Settings
from schemas import Generation
from schemas.errors import ElasticsearchUnavailable, KafkaUnavailable
from schemas.index import names as index_names
from schemas.topics import STAGES, TOPICS, dlq_name

_TIMEOUT = 30.0
# A running pipeline sees within seconds that a generation is gone, and ends its workers.
_ENDING_SECONDS = 10.0
_GONE = {KafkaError.GROUP_ID_NOT_FOUND, KafkaError.UNKNOWN_TOPIC_OR_PART}
log = logger(__name__)


@dataclass(frozen=True)
class Pruned:
    """What was removed, and the stages that still run for others."""

    topics: tuple[str, ...]
    indices: tuple[str, ...]
    groups: tuple[str, ...]
    stages: tuple[str, ...]


def prune(settings: Settings, client: Elasticsearch, number: int, say: Callable[[str], None] = print) -> Pruned:
    """Removes a generation that is not live; the caller has made sure of that."""
    known = registry.read(settings)
    one = registry.known(known, number)
    stages, keep = lineage.kept(known, number)
    registry.write(settings, lineage.pruned(one, stages))
    admin = kafka.admin(settings)
    groups = _groups(settings, one, [group_of(stage) for stage in stages])
    say(f"generation {number}: waiting until its workers have ended")
    _wait_until_empty(admin, groups, _ENDING_SECONDS + 1.5 * settings.kafka.session_timeout_ms / 1000)
    say(f"generation {number}: indices")
    indices = _drop_indices(client, settings.pipeline.index_prefix, number)
    say(f"generation {number}: topics")
    topics = _drop_topics(admin, settings.pipeline.prefix, number, keep)
    dropped = _drop_groups(admin, groups)
    for group in groups:
        for folder in (settings.pipeline.data.absolute() / "tables").glob(f"{group}-*"):
            shutil.rmtree(folder, ignore_errors=True)
    return Pruned(tuple(topics), tuple(indices), tuple(dropped), tuple(stages))


def idle(known: dict[int, Generation]) -> list[int]:
    """Pruned generations of which something still runs that nobody reads any more."""
    return [
        number
        for number, one in known.items()
        if one.state == "pruned" and list(one.stages) != lineage.kept(known, number)[0]
    ]


def unfinished(settings: Settings, client: Elasticsearch, known: dict[int, Generation]) -> list[int]:
    """Pruned generations that still have something for nobody: a call that was interrupted had noted them and not yet
    removed all, and the list of generations does not show them any more.
    """
    prefix, found = settings.pipeline.index_prefix, set(idle(known))
    admin = kafka.admin(settings)
    try:
        there = set(admin.list_topics(timeout=_TIMEOUT).topics)
        for number, one in known.items():
            if one.state == "pruned" and (
                _topics_but(lineage.kept(known, number)[1], settings.pipeline.prefix, number, there)
                or any(client.indices.exists(index=name.index) for name in index_names(number, prefix))
            ):
                found.add(number)
    except KafkaException as error:
        raise kafka.unavailable(settings, error) from error
    except (ApiError, TransportError) as error:
        raise ElasticsearchUnavailable(f"Elasticsearch: {error}") from error
    return sorted(found)


def _groups(settings: Settings, one: Generation, kept: list[str]) -> list[str]:
    theirs = registry.settings_of(settings, one)
    stages = dict.fromkeys(group_of(stage) for stage in STAGES)
    return [kafka.group_id(theirs, stage) for stage in stages if stage not in kept]


def _wait_until_empty(admin: AdminClient, groups: list[str], seconds: float) -> None:
    """Waits until the workers have ended and their places in the groups have run out. Where they have not by then it
    goes on all the same: a worker without its topics does no harm, it fails until somebody ends it.
    """
    deadline = time.monotonic() + seconds
    while busy := [group for group in groups if _has_members(admin, group)]:
        if time.monotonic() >= deadline:
            log.warning(
                "groups still have members: their workers run on and must be ended, or the embedded broker still keeps "
                "their places",
                groups=busy,
            )
            return
        time.sleep(0.5)


def _has_members(admin: AdminClient, group: str) -> bool:
    try:
        found = admin.describe_consumer_groups([group], request_timeout=_TIMEOUT)[group].result()
    except KafkaException as error:
        if error.args[0].code() in _GONE:
            return False
        raise KafkaUnavailable(f"group {group}: {error}") from error
    return bool(found.members) and found.state not in {ConsumerGroupState.EMPTY, ConsumerGroupState.DEAD}


def _drop_indices(client: Elasticsearch, prefix: str, number: int) -> list[str]:
    gone = []
    try:
        for name in index_names(number, prefix):
            if client.indices.exists(index=name.index):
                client.indices.delete(index=name.index)
                gone.append(name.index)
    except (ApiError, TransportError) as error:
        raise ElasticsearchUnavailable(f"Elasticsearch: {error}") from error
    return gone


def _drop_topics(admin: AdminClient, prefix: str, number: int, keep: set[str]) -> list[str]:
    try:
        gone = _topics_but(keep, prefix, number, set(admin.list_topics(timeout=_TIMEOUT).topics))
        if gone:
            for future in admin.delete_topics(gone, operation_timeout=_TIMEOUT).values():
                _removed(future)
    except KafkaException as error:
        raise KafkaUnavailable(f"topics could not be deleted: {error}") from error
    return gone


def _topics_but(keep: set[str], prefix: str, number: int, there: set[str]) -> list[str]:
    """The generation's topics and their queues, of those that are there; ``keep`` are roles.

    By whole names: what another pipeline has under a longer prefix ends in the same way.
    """
    names = [topic.copy_at(number, prefix) for topic in TOPICS if topic.name not in keep]
    return [name for one in names for name in (one, dlq_name(one)) if name in there]


def _drop_groups(admin: AdminClient, groups: list[str]) -> list[str]:
    """Offsets of groups without topics do no harm; where they cannot be deleted it is said and goes on. Returns those
    that were there and are gone.
    """
    gone = []
    for group, future in admin.delete_consumer_groups(groups, request_timeout=_TIMEOUT).items():
        try:
            if _removed(future):
                gone.append(group)
        except KafkaException as error:
            log.warning("consumer group could not be deleted", group=group, error=str(error))
    return gone


def _removed(future: Future[None]) -> bool:
    """Waits until something is deleted; False where there was nothing to delete."""
    try:
        future.result(timeout=_TIMEOUT)
    except KafkaException as error:
        if error.args[0].code() not in _GONE:
            raise
        return False
    return True
