"""A record that opens to more than a queue's limit can be buried: brokers count compressed bytes, clients others."""

from pathlib import Path

import zstandard

from processors.faust_app import build_app
from runtime import kafka
from runtime.settings import KafkaSettings, PipelineSettings, Settings
from schemas.topics import DLQ_MAX_BYTES, MAX_BYTES

LARGE = b"<p>a synthetic page</p>" * (2 * DLQ_MAX_BYTES // 23)


def test_what_fits_into_a_topic_compressed_is_taken_for_its_queue(tmp_path: Path) -> None:
    assert len(zstandard.compress(LARGE)) < MAX_BYTES < DLQ_MAX_BYTES < len(LARGE)
    settings = Settings(kafka=KafkaSettings(bootstrap_servers="127.0.0.1:1"), pipeline=PipelineSettings(data=tmp_path))
    producer = kafka.producer(settings)
    kafka.Deliveries(producer).send("articles.raw.dlq", LARGE, key=None)
    assert len(producer) == 1
    producer.purge()
    assert build_app(settings, "annotate").conf.producer_max_request_size > len(LARGE)
