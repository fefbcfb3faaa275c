"""What the monitor shows to Prometheus: lags, how outlets fare, disks."""

from collections.abc import Iterable, Mapping

from elasticsearch import ApiError, Elasticsearch, TransportError
from prometheus_client import Gauge

from console.positions import Lag
from runtime import metrics
from runtime.logging import logger
from schemas.errors import ElasticsearchUnavailable

_log = logger(__name__)

_OUTLETS = 2000
_USUAL = "now-30d"


def show(found: Iterable[Lag]) -> None:
    """Lags as gauges."""
    _set(metrics.LAG, {(lag.stage, lag.topic, str(lag.generation)): lag.behind for lag in found})


def outlets(client: Elasticsearch, index: str) -> None:
    """When each outlet last had a new article, and how many it usually has, as gauges."""
    try:
        answer = client.search(
            index=index,
            size=0,
            query={"range": {"first_seen": {"gte": _USUAL}}},
            aggs={
                "outlets": {
                    "terms": {"field": "outlet_id", "size": _OUTLETS},
                    "aggs": {"last": {"max": {"field": "first_seen"}}},
                }
            },
        )
    except (ApiError, TransportError) as error:
        raise ElasticsearchUnavailable(f"Elasticsearch: {error}") from error
    buckets = answer["aggregations"]["outlets"]["buckets"]
    _set(metrics.OUTLET_LAST, {(one["key"],): one["last"]["value"] / 1000 for one in buckets})
    _set(metrics.OUTLET_ARTICLES, {(one["key"],): one["doc_count"] for one in buckets})


def no_outlets() -> None:
    """For a generation without an index."""
    metrics.OUTLET_LAST.clear()
    metrics.OUTLET_ARTICLES.clear()


def disks(client: Elasticsearch) -> None:
    """Free share of each node's disk, as gauges. Needs the privilege ``monitor``; without it they are not there."""
    try:
        nodes = client.nodes.stats(metric="fs")["nodes"]
    except ApiError as error:
        _log.info("disks are not shown to us", error=str(error))
        metrics.DISK_FREE.clear()
        return
    except TransportError as error:
        raise ElasticsearchUnavailable(f"Elasticsearch: {error}") from error
    free: dict[tuple[str, ...], float] = {}
    for id_, node in nodes.items():
        total = node.get("fs", {}).get("total", {})
        if total.get("total_in_bytes"):
            free[(node.get("name", id_),)] = total["available_in_bytes"] / total["total_in_bytes"]
    _set(metrics.DISK_FREE, free)


def _set(gauge: Gauge, now: Mapping[tuple[str, ...], float]) -> None:
    """What is no more among them goes: topics and outlets of a generation that is not watched any longer, nodes that
    have left. An alert on it would never end.
    """
    for family in list(gauge.collect()):
        for sample in family.samples:
            if (labels := tuple(sample.labels.values())) not in now:
                gauge.remove(*labels)
    for labels, value in now.items():
        gauge.labels(*labels).set(value)
