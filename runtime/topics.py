"""Makes the topics of a generation, so that nothing is ever auto-created.

A topic that a consumer creates by accident has one partition, and Faust's tables then refuse to start for ever.
"""

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient, ConfigResource  # type: ignore[attr-defined]
from confluent_kafka.cimpl import NewTopic

from runtime import kafka
from runtime.counts import counted
from runtime.settings import Settings
from schemas.errors import KafkaUnavailable, SettingsError
from schemas.topics import TOPICS, Topic, dlq_config, dlq_name, insync

_TIMEOUT = 30.0


def names(settings: Settings, topic: Topic) -> str:
    """The topic's name on the broker, for the generation that the settings name.

    A replayed generation reads what stands before its first stage from the generation that fills it.
    """
    filled_by = settings.pipeline.inputs.get(topic.name)
    if filled_by is not None:
        return topic.copy_at(filled_by, settings.pipeline.prefix)
    return topic.at(settings.pipeline.generation, settings.pipeline.prefix)


def wanted(settings: Settings) -> list[NewTopic]:
    """All topics of the generation and their dead-letter queues."""
    replication = settings.kafka.replication_factor
    out = []
    for topic in TOPICS:
        name = names(settings, topic)
        count = topic.partitions or settings.pipeline.partitions
        out.append(
            NewTopic(name, num_partitions=count, replication_factor=replication, config=topic.config(replication))
        )
        if topic.dlq:
            out.append(NewTopic(dlq_name(name), 1, replication, config=dlq_config(replication)))
    return out


def create(client: AdminClient, settings: Settings) -> list[str]:
    """Creates what is missing and returns the names created; what exists is left as it is.

    Raises ``SettingsError`` where a topic exists with another number of partitions: it is fixed for its life, and no
    generation makes `articles.raw` anew.
    """
    try:
        existing = client.list_topics(timeout=_TIMEOUT).topics
    except KafkaException as error:
        raise kafka.unavailable(settings, error) from error
    missing = []
    for topic in wanted(settings):
        found = existing.get(topic.topic)
        if found is None:
            missing.append(topic)
        elif len(found.partitions) != topic.num_partitions:
            raise SettingsError(
                f"topic {topic.topic} has {counted(len(found.partitions), 'partition')}, pipeline.partitions asks for "
                f"{topic.num_partitions}: set it to {len(found.partitions)}, a topic keeps its number for ever; for "
                "another one set another pipeline.prefix and pipeline.index_prefix, then export and import"
            )
    if not missing:
        return []
    made = []
    for name, future in client.create_topics(missing, operation_timeout=_TIMEOUT).items():
        try:
            future.result(timeout=_TIMEOUT)
        except KafkaException as error:
            if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
                raise KafkaUnavailable(f"topic {name} could not be created: {error}") from error
        made.append(name)
    return made


def confirmed_by_too_few(client: AdminClient, settings: Settings) -> list[str]:
    """What to say of topics that exist and do not hold what ``kafka.replication_factor`` promises; they are left as
    they are. Nothing is asked where it is 1. Raises ``KafkaUnavailable``.
    """
    if settings.kafka.replication_factor == 1:
        return []
    try:
        existing = client.list_topics(timeout=_TIMEOUT).topics
        ours = [topic.topic for topic in wanted(settings) if topic.topic in existing]
        replicas = {
            name: min((len(one.replicas) for one in existing[name].partitions.values()), default=0) for name in ours
        }
        thin = [name for name in ours if replicas[name] < settings.kafka.replication_factor]
        asked = client.describe_configs([ConfigResource("topic", name) for name in ours])
        lax: dict[int, list[str]] = {}
        for resource, future in asked.items():
            least = insync(replicas[resource.name])
            if int(future.result(timeout=_TIMEOUT)["min.insync.replicas"].value) < least:
                lax.setdefault(least, []).append(resource.name)
    except KafkaException as error:
        if error.args[0].code() == KafkaError.TOPIC_AUTHORIZATION_FAILED:
            return ["min.insync.replicas of the topics was not looked at: this user may not (DescribeConfigs)"]
        raise kafka.unavailable(settings, error) from error
    said = [
        f"a record is confirmed by fewer than {least} brokers in {', '.join(names)}: for each, kafka-configs.sh "
        f"--alter --entity-type topics --entity-name TOPIC --add-config min.insync.replicas={least}"
        for least, names in lax.items()
    ]
    if thin:
        said.append(
            f"fewer replicas than kafka.replication_factor ({settings.kafka.replication_factor}) have "
            f"{', '.join(thin)}: add some with kafka-reassign-partitions.sh"
        )
    return said
