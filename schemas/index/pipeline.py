"""The index of what the pipeline says of itself: how far stages are behind, what was left out and why.

Not a part of a generation: ``remarkwire monitor`` writes it, a new index each month, and drops old months whole. It
holds ids and reasons, never content, so that taking an article out leaves nothing of it here.
"""

import datetime
from typing import Any

from schemas.index.fields import Field, date, integer, keyword, long
from schemas.index.templates import PRIORITY, Template

PIPELINE: tuple[Field, ...] = (
    date("time", "when it was measured; for a record, when it was written to its topic"),
    keyword("what", "lag, records, skipped or dead_letter"),
    keyword("stage", "stage that is behind, or that gave a record up"),
    keyword("topic", "topic that is read, or that the record came from"),
    integer("generation", "generation of the topics"),
    long("value", "lag: records not yet read; records: records that the topic has had"),
    long("added", "records: how many came since the measurement before"),
    keyword("reason", "why an article was skipped or a record given up"),
    keyword("error", "class of the error"),
    integer("attempts", "how often it was tried"),
    keyword("version", "version of the code that gave up"),
    keyword("article_id", "id of the article, where the record names one"),
    keyword("outlet_id", "host of its outlet, where it is known"),
    integer("partition", "where the record lies: its topic's partition"),
    long("offset", "and offset there"),
)


def pipeline_index(prefix: str, moment: datetime.datetime) -> str:
    """The index of a month."""
    return f"{prefix}-pipeline-{moment.astimezone(datetime.UTC):%Y.%m}"


def pipeline_template(prefix: str, replicas: int) -> Template:
    """Index template of all months."""
    index = {"number_of_shards": 1, "number_of_replicas": replicas, "refresh_interval": "5s"}
    mappings: dict[str, Any] = {
        "dynamic": "strict",
        "properties": {field.name: dict(field.mapping) for field in PIPELINE},
    }
    return Template(
        f"{prefix}-pipeline",
        {
            "index_patterns": [f"{prefix}-pipeline-*"],
            "priority": PRIORITY,
            "template": {"settings": {"index": index}, "mappings": mappings},
        },
    )
