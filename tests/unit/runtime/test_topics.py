"""Topics that exist are left as they are, and what cannot be of them is said."""

import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from ingest import imports
from runtime.settings import PipelineSettings, Settings
from runtime.topics import create, wanted
from schemas.errors import SettingsError


def broker(settings: Settings) -> Any:
    """One that has all topics of these settings."""
    there = {
        topic.topic: SimpleNamespace(partitions=dict.fromkeys(range(topic.num_partitions)))
        for topic in wanted(settings)
    }
    return SimpleNamespace(list_topics=lambda *, timeout: SimpleNamespace(topics=there))


@pytest.mark.parametrize("generation", [1, 2])
def test_another_number_of_partitions_is_refused_with_what_can_be_done(generation: int) -> None:
    """A new generation is no way out: it reads the `articles.raw` that is there."""
    client = broker(Settings(pipeline=PipelineSettings(partitions=4)))
    with pytest.raises(SettingsError, match=r"articles\.raw has 4 partitions.* set it to 4.*prefix") as refused:
        create(client, Settings(pipeline=PipelineSettings(generation=generation, partitions=12)))
    assert "generation" not in str(refused.value)
    assert create(client, Settings(pipeline=PipelineSettings(partitions=4))) == []


def test_brokers_take_times_that_an_import_takes() -> None:
    """By default Kafka 4 refuses a record whose time is more than an hour ahead of its clock."""
    for topic in wanted(Settings()):
        ours = topic.config.get("message.timestamp.type") != "LogAppendTime"
        assert ("message.timestamp.after.max.ms" in topic.config) == ours, topic.topic
        if ours:
            ahead = datetime.timedelta(milliseconds=int(topic.config["message.timestamp.after.max.ms"]))
            assert ahead > imports.MOST_AHEAD
