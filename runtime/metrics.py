"""The metrics of all services (Prometheus). ``docs/metrics.md`` is generated from this module."""

from prometheus_client import Counter, Gauge, Histogram

_LATENCY = (1, 2, 5, 10, 30, 60, 120, 300, 900, 3600, 21600, 86400)

RECORDS = Counter("remarkwire_records", "Records taken from a topic.", ["stage", "topic"])
OUTPUTS = Counter("remarkwire_outputs", "Messages whose delivery was confirmed.", ["stage", "topic"])
DEAD_LETTERS = Counter("remarkwire_dead_letters", "Records sent to a dead-letter queue.", ["stage", "reason"])
SKIPPED = Counter("remarkwire_skipped", "Articles that are not for the index.", ["reason"])
RETRIES = Counter("remarkwire_retries", "Repeated attempts after a transient failure.", ["stage", "reason"])
FETCHES = Counter("remarkwire_fetches", "Requests by outcome.", ["outcome"])
FETCH_DROPS = Counter("remarkwire_fetch_drops", "What the fetcher did not take, by reason.", ["reason"])
SOURCES = Gauge("remarkwire_sources", "Sources by health: new, ok, failing, silent.", ["health"])
SOURCE_SILENT = Gauge("remarkwire_source_silent_seconds", "Since the last new article, of silent sources.", ["source"])
LATE = Counter("remarkwire_reports_late", "Reports that came after the reorder window.")
HELD = Gauge("remarkwire_reports_held", "Reports held for the reorder window.")
COMMIT_AGE = Gauge("remarkwire_commit_timestamp_seconds", "When offsets were last committed.", ["stage"])
STAGE_SECONDS = Histogram("remarkwire_stage_seconds", "Work on one record.", ["stage"])
LATENCY = Histogram(
    "remarkwire_latency_seconds", "From fetching to the acknowledged bulk request.", ["index"], buckets=_LATENCY
)
