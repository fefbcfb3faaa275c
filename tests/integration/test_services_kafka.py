"""What the pipeline needs of Kafka, asked of the embedded and of the local services alike.

Where the two differ, the difference is asserted here and told in docs/services.md.
"""

import json
import os
import time
from contextlib import closing

import pytest
from confluent_kafka import (
    TIMESTAMP_CREATE_TIME,
    TIMESTAMP_LOG_APPEND_TIME,
    KafkaError,
    KafkaException,
    Producer,
    TopicPartition,
)
from confluent_kafka.admin import AdminClient, ConfigResource, OffsetSpec  # type: ignore[attr-defined]

from deploy.services import Kind, Services
from tests.kafka_io import DEADLINE, MEGABYTE, consumer, create, produce, read, receive, until

pytestmark = pytest.mark.integration


@pytest.fixture
def admin(services: Services) -> AdminClient:
    return AdminClient({"bootstrap.servers": services.bootstrap_servers})


def test_topics_keep_their_settings(admin: AdminClient, unique: str) -> None:
    create(admin, unique, 3, cleanup_policy="compact", max_message_bytes=str(16 * MEGABYTE))
    resource = ConfigResource("topic", unique)
    settings = admin.describe_configs([resource])[resource].result()
    assert settings["cleanup.policy"].value == "compact"
    assert settings["max.message.bytes"].value == str(16 * MEGABYTE)
    assert len(admin.list_topics(unique, timeout=10).topics[unique].partitions) == 3


def test_a_topic_that_is_there_and_a_wrong_setting_are_refused(admin: AdminClient, unique: str) -> None:
    create(admin, unique)
    with pytest.raises(KafkaException) as again:
        create(admin, unique)
    assert again.value.args[0].code() == KafkaError.TOPIC_ALREADY_EXISTS
    with pytest.raises(KafkaException) as wrong:
        create(admin, f"{unique}-wrong", cleanup_policy="sometimes")
    assert wrong.value.args[0].code() == KafkaError.INVALID_CONFIG


def test_nobody_creates_a_topic_by_using_it(services: Services, admin: AdminClient, unique: str) -> None:
    with pytest.raises(KafkaException):
        produce(services, unique, [{"value": b"x"}], **{"message.timeout.ms": 3000})
    with closing(consumer(services, unique, **{"allow.auto.create.topics": True})) as reader:
        reader.subscribe([unique])
        message = reader.poll(5)
        error = message.error() if message is not None else None
        assert error is not None
        assert error.code() == KafkaError.UNKNOWN_TOPIC_OR_PART
    assert unique not in admin.list_topics(timeout=10).topics


def test_append_time_is_the_brokers_and_create_time_the_producers(
    services: Services, admin: AdminClient, unique: str
) -> None:
    long_ago = int(time.time() * 1000) - 3_600_000  # an hour, less than retention
    create(admin, f"{unique}-append", message_timestamp_type="LogAppendTime")
    create(admin, f"{unique}-create")
    before = int(time.time() * 1000)
    produce(services, f"{unique}-append", [{"value": b"x", "timestamp": long_ago}])
    produce(services, f"{unique}-create", [{"value": b"x", "timestamp": long_ago}])
    after = int(time.time() * 1000)
    kind, stamp = read(services, f"{unique}-append", 1)[0].timestamp()
    assert kind == TIMESTAMP_LOG_APPEND_TIME
    assert before <= stamp <= after
    assert read(services, f"{unique}-create", 1)[0].timestamp() == (TIMESTAMP_CREATE_TIME, long_ago)


def test_headers_keys_and_tombstones_come_back_as_sent(services: Services, admin: AdminClient, unique: str) -> None:
    create(admin, unique)
    headers = [("ce_type", b"remark"), ("twice", b"1"), ("twice", b"2"), ("nothing", None), ("bytes", b"\x00\xff")]
    produce(services, unique, [{"key": b"Q58217", "value": None, "headers": headers}, {"key": b"k", "value": b""}])
    tombstone, empty = read(services, unique, 2)
    assert (tombstone.key(), tombstone.value(), tombstone.headers()) == (b"Q58217", None, headers)
    assert (empty.key(), empty.value(), empty.headers()) == (b"k", b"", None)


def test_a_key_goes_to_the_partition_that_murmur2_says(services: Services, admin: AdminClient, unique: str) -> None:
    create(admin, unique, 8)
    produce(services, unique, [{"key": b"Q58217", "value": b"x"}])
    assert read(services, unique, 1)[0].partition() == 4


@pytest.mark.parametrize("codec", ["zstd", "lz4", "gzip", "snappy", "none"])
def test_every_compression_is_understood(services: Services, admin: AdminClient, unique: str, codec: str) -> None:
    create(admin, unique)
    values = [f"{number} ".encode() * 200 for number in range(50)]
    produce(services, unique, [{"value": value} for value in values], **{"compression.type": codec})
    assert [message.value() for message in read(services, unique, len(values))] == values


def test_large_messages_pass_up_to_the_limit_of_the_topic(services: Services, admin: AdminClient, unique: str) -> None:
    create(admin, unique, max_message_bytes=str(16 * MEGABYTE))
    create(admin, f"{unique}-small", max_message_bytes="10000")
    large = os.urandom(15 * MEGABYTE)
    produce(services, unique, [{"value": large}], **{"message.max.bytes": 16 * MEGABYTE})
    assert read(services, unique, 1)[0].value() == large
    with pytest.raises(KafkaException) as refused:
        produce(services, f"{unique}-small", [{"value": large[:20_000]}])
    assert refused.value.args[0].code() == KafkaError.MSG_SIZE_TOO_LARGE


def test_a_group_goes_on_where_it_committed(services: Services, admin: AdminClient, unique: str) -> None:
    create(admin, unique)
    produce(services, unique, [{"value": str(number).encode()} for number in range(10)])
    with closing(consumer(services, unique)) as reader:
        reader.subscribe([unique])
        assert len(receive(reader, 10)) == 10
        reader.commit(offsets=[TopicPartition(unique, 0, 4)], asynchronous=False)
    with closing(consumer(services, unique)) as reader:
        reader.subscribe([unique])
        assert [message.value() for message in receive(reader, 6)] == [b"4", b"5", b"6", b"7", b"8", b"9"]


def test_a_consumer_at_rest_asks_seldom(services: Services, admin: AdminClient, unique: str) -> None:
    create(admin, unique, 4)
    told: list[tuple[int, int]] = []  # microseconds, fetches until then

    def statistics(text: str) -> None:
        found = json.loads(text)
        told.append((found["ts"], sum(broker["req"].get("Fetch", 0) for broker in found["brokers"].values())))

    config = {"statistics.interval.ms": 500, "stats_cb": statistics}
    with closing(consumer(services, unique, **config)) as reader:
        reader.assign([TopicPartition(unique, number, 0) for number in range(4)])
        until(lambda: reader.poll(0.1) is None and len(told) > 6)
        (began, before), (ended, after) = told[2], told[-1]
        assert 0 < after - before < (ended - began) / 1e6 * 40, "noida-db itself: ten thousand a second"
        produce(services, unique, [{"value": b"x", "partition": 3}])
        assert [message.value() for message in receive(reader, 1)] == [b"x"]


def test_the_members_of_a_group_share_the_partitions(services: Services, admin: AdminClient, unique: str) -> None:
    create(admin, unique, 4)
    config = {"session.timeout.ms": 6000, "partition.assignment.strategy": "cooperative-sticky"}
    with (
        closing(consumer(services, unique, **config, **{"group.instance.id": "1"})) as one,
        closing(consumer(services, unique, **config, **{"group.instance.id": "2"})) as two,
    ):
        one.subscribe([unique])
        two.subscribe([unique])

        def shared() -> bool:
            one.poll(0.05)
            two.poll(0.05)
            return len(one.assignment()) == len(two.assignment()) == 2

        until(shared)


def test_offsets_are_listed_and_records_deleted(services: Services, admin: AdminClient, unique: str) -> None:
    create(admin, unique)
    # Of this hour: what is older than the topic's retention is deleted at any moment, by the embedded Kafka in seconds.
    start = int(time.time() * 1000) - 60_000
    produce(services, unique, [{"value": b"x", "timestamp": start + 1000 * number} for number in range(1, 11)])
    partition = TopicPartition(unique, 0)

    def offset(spec: OffsetSpec) -> int:
        return int(admin.list_offsets({partition: spec})[partition].result().offset)

    assert (offset(OffsetSpec.earliest()), offset(OffsetSpec.latest())) == (0, 10)
    with closing(consumer(services, unique)) as reader:
        (at,) = reader.offsets_for_times([TopicPartition(unique, 0, start + 7500)], timeout=10)
        assert at.offset == 7
    (deleted,) = admin.delete_records([TopicPartition(unique, 0, 3)]).values()
    assert deleted.result().low_watermark == 3
    assert (offset(OffsetSpec.earliest()), offset(OffsetSpec.latest())) == (3, 10)


def test_topics_are_deleted(admin: AdminClient, unique: str) -> None:
    create(admin, unique)
    (deleted,) = admin.delete_topics([unique]).values()
    deleted.result()
    until(lambda: unique not in admin.list_topics(timeout=10).topics)


def test_what_a_transaction_aborts_is_not_read(services: Services, admin: AdminClient, unique: str) -> None:
    create(admin, unique)
    producer = Producer({"bootstrap.servers": services.bootstrap_servers, "transactional.id": unique})
    producer.init_transactions(DEADLINE)
    for value, end in ((b"aborted", producer.abort_transaction), (b"committed", producer.commit_transaction)):
        producer.begin_transaction()
        producer.produce(unique, value)
        assert producer.flush(DEADLINE) == 0
        end(DEADLINE)
    assert [m.value() for m in read(services, unique, 1, **{"isolation.level": "read_committed"})] == [b"committed"]


def test_an_idempotent_producer_delivers_all_in_order(services: Services, admin: AdminClient, unique: str) -> None:
    create(admin, unique)
    values = [str(number).encode() for number in range(2000)]
    sent = [{"key": b"k", "value": value} for value in values]
    produce(services, unique, sent, **{"enable.idempotence": True, "acks": "all"})
    assert [message.value() for message in read(services, unique, len(values))] == values


@pytest.mark.faults
def test_kafka_that_is_restarted_has_its_data_and_its_address(
    services: Services, admin: AdminClient, unique: str
) -> None:
    create(admin, unique)
    produce(services, unique, [{"value": str(number).encode()} for number in range(100)])
    before = services.bootstrap_servers, services.pid("kafka"), services.pid("elasticsearch")
    if services.kind is Kind.LOCAL:  # noida-db writes to disk about a second late, so only an orderly stop keeps all
        services.kill("kafka")
    services.restart("kafka")
    assert services.bootstrap_servers == before[0]
    assert services.pid("kafka") != before[1]
    assert services.pid("elasticsearch") == before[2]
    assert [int(message.value() or b"") for message in read(services, unique, 100)] == list(range(100))
    with pytest.raises(KafkaException):
        produce(services, f"{unique}-unknown", [{"value": b"x"}], **{"message.timeout.ms": 3000})
