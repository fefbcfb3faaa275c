"""The sink's way to Elasticsearch: one bulk request and its answers."""

from collections.abc import Sequence
from typing import Any

from elasticsearch import ApiError, Elasticsearch, TransportError

from processors.index.outcome import ItemAnswer, request_error
from processors.index.records import Document
from runtime.steps import step
from schemas.errors import ElasticsearchUnavailable

_FILTER = "errors,items.*.status,items.*.error.type,items.*.error.reason"
_DONE = ItemAnswer(200)


class ElasticBulk:
    """Sends documents to the write aliases of their generation. An alias that is missing is not made by writing."""

    def __init__(self, client: Elasticsearch) -> None:
        self._client = client

    def __call__(self, documents: Sequence[Document], /) -> list[ItemAnswer]:
        lines: Any = [line for document in documents for line in document.lines]
        step("index.bulk")
        try:
            answer: Any = self._client.bulk(operations=lines, require_alias=True, filter_path=_FILTER)
        except (ApiError, TransportError) as error:
            raise request_error(error) from error
        step("index.answered")
        return _answers(answer.body, len(documents))


def _answers(body: Any, count: int) -> list[ItemAnswer]:
    """Raises ``ElasticsearchUnavailable`` where the answer is not one to this request (a proxy's, or cut short)."""
    items = body.get("items") if isinstance(body, dict) else None
    if not isinstance(items, list) or len(items) != count:
        raise ElasticsearchUnavailable(f"Elasticsearch: answer to a bulk request of {count} cannot be read")
    if body.get("errors") is False:
        return [_DONE] * count
    return [_item(next(iter(item.values()))) for item in items]


def _item(item: dict[str, Any]) -> ItemAnswer:
    error = item.get("error")
    if error is None:
        return ItemAnswer(item["status"])
    if isinstance(error, dict):
        return ItemAnswer(item["status"], str(error.get("type", "")), str(error.get("reason", "")))
    return ItemAnswer(item["status"], "", str(error))
