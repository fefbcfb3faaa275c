"""What belongs to another shard is handed on to its state, where its fetcher finds it."""

from collections.abc import Callable

from ingest.fetch.announced import Announced
from ingest.fetch.memory.shards import Shard
from ingest.fetch.memory.state import ArticleState, Entry, State
from ingest.fetch.totals import FetchTotals
from ingest.identity import article_id


class Others:
    """The other shards of a fetcher. ``open_state`` opens the state of one; ``clock`` gives milliseconds since 1970."""

    def __init__(
        self,
        shard: Shard,
        open_state: Callable[[Shard], State] | None,
        totals: FetchTotals,
        clock: Callable[[], int],
    ) -> None:
        self._shard = shard
        self._open = open_state
        self._totals = totals
        self._clock = clock

    def hand_on(self, entries: list[Entry]) -> list[Entry]:
        """Those that are ours; the others go to the state of the shard that they belong to.

        Before the source's own state is written: after a crash in between they are handed on once more, not lost.
        """
        if self._shard.count == 1 or self._open is None:
            return entries
        by_owner: dict[Shard, list[Entry]] = {}
        for entry in entries:
            by_owner.setdefault(self._shard.owner(entry[1].url), []).append(entry)
        ours = by_owner.pop(self._shard, [])
        for owner, theirs in by_owner.items():
            with self._open(owner) as state:
                self._totals.handed_on += state.announce(theirs, now_ms=self._clock())
        return ours

    def hand_on_page(self, article: ArticleState, url: str) -> None:
        """The article turned out to be one of another shard's, at ``url``."""
        if self._open is None:
            return
        announced = Announced(url=url, outlet=article.announced.outlet, facts=article.announced.facts)
        with self._open(self._shard.owner(url)) as state:
            now = self._clock()
            self._totals.handed_on += state.announce([(article_id(url), announced, now, None)], now_ms=now)
