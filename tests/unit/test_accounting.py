"""The sum where an index is missing."""

from types import SimpleNamespace
from typing import Any

from elastic_transport import ApiResponseMeta, HttpHeaders, NodeConfig
from elasticsearch import NotFoundError

from console import accounting


def test_an_index_that_is_not_there_has_no_articles() -> None:
    """As that of a generation that was pruned; its refresh is refused already."""

    def refresh(**_: Any) -> None:
        meta = ApiResponseMeta(404, "1.1", HttpHeaders(), 0.0, NodeConfig("http", "127.0.0.1", 9200))
        raise NotFoundError("index_not_found_exception", meta, {})

    client: Any = SimpleNamespace(indices=SimpleNamespace(refresh=refresh))
    assert list(accounting._ids(client, "remarkwire-articles-g1")) == []
