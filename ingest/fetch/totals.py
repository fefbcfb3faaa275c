"""What a run of the fetcher did, in numbers."""

from collections import Counter
from dataclasses import dataclass, field

from runtime.counts import counted
from runtime.metrics import FETCH_DROPS


@dataclass
class FetchTotals:
    """``sources``/``source_failures``: polls; ``announced``: articles that were new to us; ``published``: deliveries
    confirmed by Kafka, ``changed`` of them later versions; ``unchanged``: looked at again, the same body; ``gone``:
    410, or 404 more than once; ``refused``: robots.txt, size, address; ``failed``: not to be had this time;
    ``postponed``: the host asks to wait; ``too_old``: not fetched; ``handed_on``: to the shard that they belong to.
    ``drops``: whatever was not taken, by reason; ``silent``: sources that are.
    """

    sources: int = 0
    source_failures: int = 0
    announced: int = 0
    published: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    refused: int = 0
    failed: int = 0
    postponed: int = 0
    too_old: int = 0
    handed_on: int = 0
    silent: int = 0
    drops: Counter[str] = field(default_factory=Counter)

    def drop(self, why: str, count: int = 1) -> None:
        """Counts what was not taken, here and in the metrics."""
        self.drops[why] += count
        FETCH_DROPS.labels(why).inc(count)

    def __str__(self) -> str:
        words = {
            "sources": ("source asked", "sources asked"),
            "source_failures": ("source failed", "sources failed"),
            "announced": ("new article", "new articles"),
            "published": ("published", "published"),
            "changed": ("of them changed", "of them changed"),
            "unchanged": ("unchanged", "unchanged"),
            "gone": ("gone", "gone"),
            "refused": ("refused", "refused"),
            "failed": ("failed", "failed"),
            "postponed": ("put off", "put off"),
            "too_old": ("too old", "too old"),
            "handed_on": ("handed on", "handed on"),
            "silent": ("source silent", "sources silent"),
        }
        always = {"sources", "announced", "published"}
        return ", ".join(
            counted(n, one, many) for key, (one, many) in words.items() if (n := getattr(self, key)) or key in always
        )
