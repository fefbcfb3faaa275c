"""What the monitor shows to Prometheus: lags, how outlets fare, disks."""

from collections.abc import Iterable

from elasticsearch import ApiError, Elasticsearch, TransportError

from console.positions import Lag
from runtime import metrics
from runtime.logging import logger
from schemas.errors import ElasticsearchUnavailable

_log = logger(__name__)

_OUTLETS = 2000
_USUAL = "now-30d"


def show(found: Iterable[Lag]) -> None:
    """Lags as gauges. What is no more among them goes: topics of a generation that is not watched any longer."""
    now = {(lag.stage, lag.topic): lag.behind for lag in found}
    for family in list(metrics.LAG.collect()):
        for sample in family.samples:
            if (labels := (sample.labels["stage"], sample.labels["topic"])) not in now:
                metrics.LAG.remove(*labels)
    for labels, behind in now.items():
        metrics.LAG.labels(*labels).set(behind)


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
    for bucket in answer["aggregations"]["outlets"]["buckets"]:
        metrics.OUTLET_LAST.labels(bucket["key"]).set(bucket["last"]["value"] / 1000)
        metrics.OUTLET_ARTICLES.labels(bucket["key"]).set(bucket["doc_count"])


def disks(client: Elasticsearch) -> None:
    """Free share of each node's disk, as gauges. Needs the privilege ``monitor``; without it they are not there."""
    try:
        nodes = client.nodes.stats(metric="fs")["nodes"]
    except ApiError as error:
        _log.info("disks are not shown to us", error=str(error))
        return
    except TransportError as error:
        raise ElasticsearchUnavailable(f"Elasticsearch: {error}") from error
    for id_, node in nodes.items():
        total = node.get("fs", {}).get("total", {})
        if total.get("total_in_bytes"):
            free = total["available_in_bytes"] / total["total_in_bytes"]
            metrics.DISK_FREE.labels(node.get("name", id_)).set(free)
