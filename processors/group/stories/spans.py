"""From when to when each story was told, so that those of other times are found without going through all of them."""

from bisect import bisect_left, bisect_right, insort

Span = tuple[int, int]
"""The earliest and the latest publication, milliseconds."""

# Sorts behind every id.
_LAST = chr(0x10FFFF)


class Spans:
    """Stories by their first and by their last publication."""

    def __init__(self) -> None:
        self._firsts: list[tuple[int, str]] = []
        self._lasts: list[tuple[int, str]] = []

    def change(self, story_id: str, before: Span | None, now: Span | None) -> None:
        """A story has another span; None: it was not there, or is gone."""
        for place, ordered in enumerate((self._firsts, self._lasts)):
            old, new = before[place] if before else None, now[place] if now else None
            if old == new:
                continue
            if old is not None:
                del ordered[bisect_left(ordered, (old, story_id))]
            if new is not None:
                insort(ordered, (new, story_id))

    def apart(self, earliest_ms: int, latest_ms: int) -> frozenset[str]:
        """Stories that ended before the one or began after the other moment."""
        ended = self._lasts[: bisect_left(self._lasts, (earliest_ms, ""))]
        begun = self._firsts[bisect_right(self._firsts, (latest_ms, _LAST)) :]
        return frozenset(story_id for _, story_id in (*ended, *begun))
