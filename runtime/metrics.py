"""The metrics of all services (Prometheus). ``docs/metrics.md`` is generated from this module."""

import contextlib

import psutil
from prometheus_client import Counter, Gauge, Histogram

from schemas.errors import Terminal, below

_LATENCY = (1, 2, 5, 10, 30, 60, 120, 300, 900, 3600, 21600, 86400)

RECORDS = Counter("remarkwire_records", "Records taken from a topic.", ["stage", "topic"])
OUTPUTS = Counter(
    "remarkwire_outputs",
    "Messages that were sent; of `index` documents that were written, with the kind of index in place of the topic.",
    ["stage", "topic"],
)
DEAD_LETTERS = Counter("remarkwire_dead_letters", "Records sent to a dead-letter queue.", ["stage", "reason"])
SKIPPED = Counter("remarkwire_skipped", "Articles that are not for the index.", ["reason"])
DELETED_UNREAD = Counter(
    "remarkwire_deleted_unread", "Records that were deleted from a topic before a stage read them.", ["stage", "topic"]
)
RETRIES = Counter(
    "remarkwire_retries",
    "Repeated attempts after a transient failure; of `fetch`, `clean` and `index`. Kafka's clients do not tell theirs.",
    ["stage", "reason"],
)
FETCHES = Counter("remarkwire_fetches", "Requests by outcome.", ["outcome"])
FETCH_DROPS = Counter("remarkwire_fetch_drops", "What the fetcher did not take, by reason.", ["reason"])
SOURCES = Gauge("remarkwire_sources", "Sources by health: new, ok, failing, silent.", ["health"])
SOURCE_SILENT = Gauge("remarkwire_source_silent_seconds", "Since the last new article, of silent sources.", ["source"])
SOURCE_NEVER_WORKED = Gauge(
    "remarkwire_source_never_worked",
    "1 for a source that has never answered as one since it was added, else 0.",
    ["source"],
)
OUTAGE = Gauge("remarkwire_fetch_outage", "1 while no site can be reached: the network of the fetcher is away.")
LATE = Counter("remarkwire_reports_late", "Reports that came after the reorder window.")
HELD = Gauge("remarkwire_reports_held", "Reports held for the reorder window.")
REBUILT = Gauge("remarkwire_group_rebuilt", "Share of the state of group that is rebuilt after a start; 1 when it is.")
RECOVERING = Gauge("remarkwire_tables_recovering", "Changelog records still to be read after a start or rebalance.")
BLOCKED = Gauge("remarkwire_blocked", "1 while a sink waits for Elasticsearch to take documents.", ["stage"])
COMMIT_AGE = Gauge(
    "remarkwire_commit_timestamp_seconds",
    "When offsets were last committed; when the stage started, until then.",
    ["stage", "generation"],
)
BEHIND = Gauge(
    "remarkwire_behind_records",
    "Records of its partitions that a worker has not done, as its watch sees them; with or without a monitor.",
    ["stage"],
)
STAGE_SECONDS = Histogram(
    "remarkwire_stage_seconds",
    "Work on one record; of `fetch` one request, without the wait for its turn, of `index` the making of a document.",
    ["stage"],
)
LATENCY = Histogram(
    "remarkwire_latency_seconds", "From fetching to the acknowledged bulk request.", ["index"], buckets=_LATENCY
)
PUBLISHED_LATENCY = Histogram(
    "remarkwire_published_latency_seconds",
    "From the time of publication that an article gives, at its first visit, to the acknowledged bulk request.",
    buckets=_LATENCY,
)
TABLE_ENTRIES = Gauge("remarkwire_table_entries", "Reports of the window that a worker of group has in its table.")
TABLE_BYTES = Gauge("remarkwire_table_bytes", "Size of a worker's tables on its disk.")
MEMORY = Gauge("remarkwire_memory_bytes", "Resident memory of a service and of the processes of its pool.")


# The generation that this process runs a stage for. Workers of another one say nothing of those that hang.
_generations: dict[str, str] = {}


def begin(stage: str, generation: int) -> None:
    """For a stage that starts: what alerts ask for is there before it happens.

    To Prometheus a counter that appears with its first event has not grown, and one that is not there says nothing.
    """
    _generations[stage] = str(generation)
    committed(stage)
    for kind in below(Terminal):
        DEAD_LETTERS.labels(stage, kind.reason)


def committed(stage: str) -> None:
    """Offsets of a stage were committed just now. What is of no generation has no such label to Prometheus."""
    COMMIT_AGE.labels(stage, _generations.get(stage, "")).set_to_current_time()


def _memory() -> float:
    total = 0
    this = psutil.Process()
    with contextlib.suppress(psutil.Error):
        for one in (this, *this.children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                total += one.memory_info().rss
    return total


MEMORY.set_function(_memory)

# Of the monitor: from topics and indices, for all processes.
LAG = Gauge(
    "remarkwire_lag_records",
    "Records of a topic that a stage has not yet read; of the generation that runs the stage.",
    ["stage", "topic", "generation"],
)
MEASURED = Gauge(
    "remarkwire_monitor_timestamp_seconds", "When the monitor last measured lags, outlets, disks.", ["what"]
)
OUTLET_LAST = Gauge(
    "remarkwire_outlet_last_article_timestamp_seconds", "When an outlet last had a new article.", ["outlet"]
)
OUTLET_ARTICLES = Gauge("remarkwire_outlet_articles", "Articles of an outlet in the last 30 days.", ["outlet"])
DISK_FREE = Gauge("remarkwire_elasticsearch_disk_free_ratio", "Free share of a node's disk.", ["node"])
