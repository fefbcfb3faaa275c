"""How long each article takes from its record in ``articles.raw`` to its document in Elasticsearch.

A document does not say when it was written, and the pages of a bench were not fetched when they say, so the service's
own histogram tells nothing of them. But writes to a shard are numbered: it is noted now and then how far the numbers
are, and in the end which one each document has.
"""

import time
from bisect import bisect_left

from elasticsearch import Elasticsearch
from elasticsearch.helpers import scan

from runtime import kafka
from runtime.records import records
from runtime.settings import Settings
from runtime.topics import names
from schemas import header
from schemas.topics import ANNOTATED, RAW, Topic


def came(settings: Settings, topic: Topic) -> dict[str, float]:
    """When the last record of each article was put into a topic."""
    every = records(settings, names(settings, topic))
    found = {header(kafka.headers(record), "ce_subject"): record.timestamp()[1] / 1000 for record in every}
    return {article_id: moment for article_id, moment in found.items() if article_id}


def between(begun: dict[str, float], ended: dict[str, float]) -> list[float]:
    """Seconds, sorted, for what has both."""
    return sorted(ended[key] - begun[key] for key in begun.keys() & ended.keys())


class Written:
    """When documents were written to an index of one shard, up to the pause between two looks too late."""

    def __init__(self, client: Elasticsearch, index: str) -> None:
        self._client, self._index = client, index
        self._looks: list[tuple[int, float]] = []

    def look(self) -> None:
        stats = self._client.indices.stats(index=self._index, level="shards", metric="docs")
        ((shards,),) = ([list(one["shards"].values()) for one in stats["indices"].values()],)
        (copies,) = shards
        self._looks.append((copies[0]["seq_no"]["max_seq_no"], time.time()))

    def times(self) -> dict[str, float]:
        """By id; of a document that was written more than once the last time."""
        self.look()
        self._client.indices.refresh(index=self._index)
        found = {}
        for hit in scan(self._client, index=self._index, _source=False, size=5000, seq_no_primary_term=True):
            found[hit["_id"]] = self._looks[bisect_left(self._looks, (hit["_seq_no"], 0.0))][1]
        return found


def latencies(settings: Settings, written: Written) -> dict[str, list[float]]:
    """Seconds, sorted, to the record in ``articles.annotated``, and the whole way, to the document."""
    begun = came(settings, RAW)
    return {
        "the record in annotated": between(begun, came(settings, ANNOTATED)),
        "the document in the index": between(begun, written.times()),
    }
