"""What the monitor shows to Prometheus: nothing stays that is no longer there."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from prometheus_client import REGISTRY

from console import gauges
from runtime import metrics


@pytest.fixture(autouse=True)
def emptied() -> Iterator[None]:
    yield
    for gauge in (metrics.OUTLET_LAST, metrics.OUTLET_ARTICLES, metrics.DISK_FREE):
        gauge.clear()


def shown(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(f"remarkwire_{name}", labels)


def of_outlets(**counts: int) -> Any:
    """An Elasticsearch with so many articles of each outlet, the last of them at second 5."""
    buckets = [{"key": key, "doc_count": count, "last": {"value": 5000.0}} for key, count in counts.items()]
    return SimpleNamespace(search=lambda **_: {"aggregations": {"outlets": {"buckets": buckets}}})


def of_nodes(**free: int) -> Any:
    """An Elasticsearch with nodes that have so many of a hundred bytes left."""
    nodes = {
        f"id-{name}": {"name": name, "fs": {"total": {"total_in_bytes": 100, "available_in_bytes": count}}}
        for name, count in free.items()
    }
    return SimpleNamespace(nodes=SimpleNamespace(stats=lambda **_: {"nodes": nodes}))


def test_outlets_that_a_generation_does_not_have_go() -> None:
    gauges.outlets(of_outlets(old=3, both=4), "articles-g1")
    assert (shown("outlet_articles", outlet="old"), shown("outlet_articles", outlet="both")) == (3, 4)
    gauges.outlets(of_outlets(both=2), "articles-g2")
    for name in ("outlet_articles", "outlet_last_article_timestamp_seconds"):
        assert shown(name, outlet="old") is None
    assert shown("outlet_articles", outlet="both") == 2
    assert shown("outlet_last_article_timestamp_seconds", outlet="both") == 5
    gauges.no_outlets()
    for name in ("outlet_articles", "outlet_last_article_timestamp_seconds"):
        assert shown(name, outlet="both") is None


def test_nodes_that_have_left_go() -> None:
    gauges.disks(of_nodes(full=2, other=50))
    assert shown("elasticsearch_disk_free_ratio", node="full") == 0.02
    assert shown("elasticsearch_disk_free_ratio", node="other") == 0.5
    gauges.disks(of_nodes(other=60))
    assert shown("elasticsearch_disk_free_ratio", node="full") is None
    assert shown("elasticsearch_disk_free_ratio", node="other") == 0.6
