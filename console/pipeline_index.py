"""The index of what the pipeline says of itself: one for each month, old ones are dropped whole."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from elasticsearch import ApiError, BadRequestError, Elasticsearch, NotFoundError, TransportError

from runtime.logging import logger
from runtime.settings import Settings
from schemas.errors import ElasticsearchUnavailable, SettingsError
from schemas.index.pipeline import PIPELINE, pipeline_index

_log = logger(__name__)


@dataclass(frozen=True)
class Entry:
    """A document of the pipeline index; ``id`` is the same for the same record, so that it may come twice."""

    id: str
    moment: datetime.datetime
    body: dict[str, Any]


def oldest(moment: datetime.datetime, months: int) -> str:
    """The first month that is kept, as ``2026.06``; the present one counts."""
    back = moment.year * 12 + moment.month - 1 - (months - 1)
    return f"{back // 12}.{back % 12 + 1:02d}"


class PipelineIndex:
    """The monthly indices. Raises ``ElasticsearchUnavailable`` where they cannot be written."""

    def __init__(self, client: Elasticsearch, settings: Settings) -> None:
        self._client = client
        self._prefix = settings.pipeline.index_prefix
        self._months = settings.monitor.keep_months
        self._ready: set[str] = set()

    def write(self, entries: Sequence[Entry], now: datetime.datetime) -> None:
        """Writes what is not older than what is kept, and drops months that are."""
        first = pipeline_index(self._prefix, now).rpartition("-")[0] + "-" + oldest(now, self._months)
        by_index: dict[str, list[Entry]] = {}
        for entry in entries:
            name = pipeline_index(self._prefix, entry.moment)
            if name >= first:
                by_index.setdefault(name, []).append(entry)
        try:
            for name, found in by_index.items():
                if name not in self._ready:
                    self._make(name)
                    self._drop_before(first)
                    self._ready.add(name)
                self._bulk(name, found)
        except (ApiError, TransportError) as error:
            raise ElasticsearchUnavailable(f"Elasticsearch: {error}") from error

    def _bulk(self, name: str, entries: Sequence[Entry]) -> None:
        lines: list[dict[str, Any]] = []
        for entry in entries:
            lines += [{"index": {"_index": name, "_id": entry.id}}, entry.body]
        answer = self._client.bulk(operations=lines)
        for item in answer["items"]:
            error = item["index"].get("error")
            if error is not None:
                raise ElasticsearchUnavailable(f"{name}: {item['index']['_id']} was not written: {error}")

    def _make(self, name: str) -> None:
        """By the template that ``setup`` installs; fields that are new reach an index that exists."""
        try:
            self._client.indices.create(index=name)
        except BadRequestError as error:
            if error.error != "resource_already_exists_exception":
                raise
        fields = {field.name: dict(field.mapping) for field in PIPELINE}
        try:
            self._client.indices.put_mapping(index=name, properties=fields, dynamic="strict")
        except BadRequestError as error:
            raise SettingsError(
                f"{name} has other fields than today's: delete it, it is made anew ({error})"
            ) from error

    def _drop_before(self, first: str) -> None:
        try:
            found = self._client.indices.get(index=f"{self._prefix}-pipeline-*", features="aliases")
        except NotFoundError:
            return
        for name in sorted(found.body):
            if name < first:
                self._client.indices.delete(index=name)
                _log.info("dropped", index=name)
