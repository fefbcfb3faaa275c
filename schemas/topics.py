"""Topics: their names per generation, keys, and settings.

``articles.raw`` and what operators say (``overrides``, ``generations``, …) are there once; everything derived from raw
belongs to a generation and has its number at the end of its name (``reports.g3``). Topics that stages work through have
a dead-letter queue: their own name and ``.dlq``.
"""

from dataclasses import dataclass

from schemas.annotated import AnnotatedArticle
from schemas.article import CleanArticle, RawArticle, SkippedArticle
from schemas.group_tables import Entry, Said
from schemas.grouped import GroupedReport, Remark, Story
from schemas.message import Message
from schemas.operations import Forgotten, Generation, Handled, StageName, StartName
from schemas.outlet_profile import OutletProfile
from schemas.override import Override
from schemas.report import Report

_DAY_MS = 24 * 60 * 60 * 1000
FOR_EVER = -1
_DLQ = ".dlq"

# The DLQ keeps the original bytes beside its own headers, so it takes more than its source.
MAX_BYTES = 8 * 1024 * 1024
DLQ_MAX_BYTES = 12 * 1024 * 1024
DLQ_DAYS = 30
# Record times are those of fetches and of our machines' clocks, and an archive may be a day ahead (``ingest.imports``).
# Brokers from Kafka 4 on refuse what is an hour ahead of theirs unless the topic says otherwise.
AHEAD_MS = 2 * _DAY_MS
_TIMES = {"message.timestamp.after.max.ms": str(AHEAD_MS)}


def insync(replication_factor: int) -> int:
    """How many brokers must have a record before it is confirmed: all but one, so that one may be away, and any other
    be lost meanwhile. The broker's own default is one, whatever the replication: ``acks=all`` then asks only those that
    happen to keep up.
    """
    return max(1, replication_factor - 1)


@dataclass(frozen=True)
class Topic:
    """A topic by its role. ``key`` says what the key is; ``days`` is retention (None: for ever)."""

    name: str
    message: type[Message]
    key: str
    days: int | None = 90
    compacted: bool = False
    derived: bool = True
    append_time: bool = False
    dlq: bool = True
    partitions: int | None = None

    def at(self, generation: int, prefix: str = "") -> str:
        """The name on the broker."""
        return self.copy_at(generation, prefix) if self.derived else f"{prefix}{self.name}"

    def copy_at(self, generation: int, prefix: str = "") -> str:
        """The name of a generation's own topic of this role; a trial has one even of what is there only once."""
        return f"{prefix}{self.name}.g{generation}"

    def config(self, replication_factor: int) -> dict[str, str]:
        """Topic-level settings for the broker."""
        config = {"max.message.bytes": str(MAX_BYTES), "min.insync.replicas": str(insync(replication_factor))}
        if self.compacted:
            config["cleanup.policy"] = "compact"
        else:
            config["cleanup.policy"] = "delete"
            config["retention.ms"] = str(FOR_EVER if self.days is None else self.days * _DAY_MS)
        return config | ({"message.timestamp.type": "LogAppendTime"} if self.append_time else _TIMES)


RAW = Topic("articles.raw", RawArticle, "host", days=None, derived=False)
CLEAN = Topic("articles.clean", CleanArticle, "article_id")
ANNOTATED = Topic("articles.annotated", AnnotatedArticle, "article_id")
SKIPPED = Topic("articles.skipped", SkippedArticle, "article_id", days=30, dlq=False)
# Append time: the order in which reports are decided must follow from the log alone (processors/group/order.py).
REPORTS = Topic("reports", Report, "speaker_id", append_time=True)
GROUPED = Topic("reports.grouped", GroupedReport, "report_id", compacted=True)
REMARKS = Topic("remarks", Remark, "statement_id", compacted=True)
STORIES = Topic("stories", Story, "story_id", compacted=True)
PROFILES = Topic("outlets.profile", OutletProfile, "outlet", compacted=True, dlq=False)
# What cannot be read of it is left out, with a warning in the log of ``group``.
OVERRIDES = Topic("overrides", Override, "override_id", compacted=True, derived=False, dlq=False, partitions=1)
# The changelog of group's table. Faust reads it back by its own name for it; see processors/group/tables.py.
ENTRIES = Topic("group.entries", Entry, "report_id", compacted=True, dlq=False)
# That of its second table: the history of stock phrases, which outlives the window.
STOCK = Topic("group.stock", Said, "report_id", compacted=True, dlq=False)

HANDLED = Topic("dlq.handled", Handled, "letter", compacted=True, derived=False, dlq=False, partitions=1)
GENERATIONS = Topic("generations", Generation, "generation", compacted=True, derived=False, dlq=False, partitions=1)
FORGOTTEN = Topic("forgotten", Forgotten, "article_id", compacted=True, derived=False, dlq=False, partitions=1)

TOPICS: tuple[Topic, ...] = (
    RAW, CLEAN, ANNOTATED, SKIPPED, REPORTS, GROUPED, REMARKS, STORIES, PROFILES, OVERRIDES, ENTRIES,
    STOCK, HANDLED, GENERATIONS, FORGOTTEN,
)  # fmt: skip

INDEXED: tuple[Topic, ...] = (ANNOTATED, GROUPED, REMARKS, STORIES)

STAGES: tuple[StageName, ...] = ("clean", "annotate", "dispatch", "group", "index")
READS: dict[StageName, tuple[Topic, ...]] = {
    "clean": (RAW,), "annotate": (CLEAN,), "dispatch": (ANNOTATED,), "group": (REPORTS,), "index": INDEXED,
}  # fmt: skip
FILLS: dict[StageName, tuple[Topic, ...]] = {
    "clean": (CLEAN, SKIPPED, PROFILES), "annotate": (ANNOTATED,), "dispatch": (REPORTS,),
    "group": (GROUPED, REMARKS, STORIES, ENTRIES, STOCK), "index": (),
}  # fmt: skip
# What a replay can start from, and the first stage that then runs.
STARTS: dict[StartName, StageName] = {
    "raw": "clean", "clean": "annotate", "annotated": "dispatch", "reports": "group",
}  # fmt: skip


def stages_from(start: StartName) -> tuple[StageName, ...]:
    """The stages that a generation runs of its own when it starts there."""
    return STAGES[STAGES.index(STARTS[start]) :]


def dlq_name(topic: str) -> str:
    return f"{topic}{_DLQ}"


def is_dlq(name: str) -> bool:
    return name.endswith(_DLQ)


def dlq_config(replication_factor: int) -> dict[str, str]:
    return {
        "cleanup.policy": "delete",
        "retention.ms": str(DLQ_DAYS * _DAY_MS),
        "max.message.bytes": str(DLQ_MAX_BYTES),
        "min.insync.replicas": str(insync(replication_factor)),
    } | _TIMES
