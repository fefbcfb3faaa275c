"""Whether Kafka and Elasticsearch answer over their own protocols.

Each function asks once and returns what is wrong, or None.
"""

import httpx
from confluent_kafka import Consumer, KafkaException, TopicPartition
from confluent_kafka.admin import (  # type: ignore[attr-defined] # it re-exports these without saying so
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
)

from schemas.errors import ServiceError

_TIMEOUT_SECONDS = 3.0
_WARM_UP = "remarkwire-services-health"


def kafka_problem(port: int) -> str | None:
    """The broker is registered and its group coordinator works.

    The coordinator is asked because the topic behind it is made at its first use, which takes seconds that the first
    consumer would wait. Only blocking calls: a future of the admin client that outlives its client ends the process
    with a segmentation fault (seen with confluent-kafka 2.16.1 while the broker was starting).
    """
    client = Consumer({**_client(port), "group.id": _WARM_UP})
    try:
        if not client.list_topics(timeout=_TIMEOUT_SECONDS).brokers:
            return "no broker is registered yet"
        # A topic that need not exist: the coordinator answers that nothing is committed.
        client.committed([TopicPartition(_WARM_UP, 0)], timeout=_TIMEOUT_SECONDS)
    except KafkaException as error:
        return str(error)
    finally:
        client.close()
    return None


def refuse_unknown_topics(port: int) -> None:
    """Switch off the creation of topics by their first use (see docs/services.md)."""
    client = AdminClient(_client(port))
    change = ConfigResource(
        "broker",
        "1",
        incremental_configs=[
            ConfigEntry("auto.create.topics.enable", "false", incremental_operation=AlterConfigOpType.SET)
        ],
    )
    (answer,) = client.incremental_alter_configs([change]).values()
    try:
        answer.result()
    except KafkaException as error:
        raise ServiceError(f"127.0.0.1:{port} does not take auto.create.topics.enable=false: {error}") from error


def _client(port: int) -> dict[str, str | int | float | bool]:
    """Writes nothing to the terminal: the caller says what is wrong."""
    return {
        "bootstrap.servers": f"127.0.0.1:{port}",
        "broker.address.family": "v4",
        "log_level": 0,
        "socket.timeout.ms": int(_TIMEOUT_SECONDS * 1000),
    }


def elasticsearch_problem(port: int) -> str | None:
    """The cluster has a master and all primary shards."""
    url = f"http://127.0.0.1:{port}/_cluster/health"
    try:
        answer = httpx.get(
            url, params={"wait_for_status": "yellow", "timeout": "1s"}, timeout=_TIMEOUT_SECONDS, trust_env=False
        )
    except httpx.HTTPError as error:
        return str(error) or type(error).__name__
    if answer.status_code != httpx.codes.OK:
        return f"{url} answers {answer.status_code}: {answer.text[:200]}"
    return None
