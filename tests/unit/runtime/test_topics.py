"""Topics that exist are left as they are, and what cannot be of them is said."""

from types import SimpleNamespace
from typing import Any

import pytest

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
