"""Whether a page that was fetched again says something else: a changed headline, byline or advert is no revision.

What counts is the cleaned body: a revision is known by its hash (docs/architecture.md, "Words"). Cleaning runs in a
process of its own, as in ``clean``: what a page does to it is that page's fault alone.
"""

import asyncio
from types import TracebackType
from typing import Self

from ingest.clean import clean_page
from ingest.clean.pool import PagePool, PoolFailed
from schemas.article import CleanArticle, RawArticle
from schemas.errors import CleanError, MessageError


def revision_of_raw(raw: RawArticle) -> str:
    """The hash of the cleaned body; a word for a page that has none. Raises ``CleanError``."""
    cleaned = clean_page(raw)
    return cleaned.revision if isinstance(cleaned, CleanArticle) else f"skipped: {cleaned.reason}"


def same_revision(pair: tuple[bytes, bytes]) -> bool:
    """Whether two encoded raw articles are one revision when cleaned. Raises ``CleanError`` or ``MessageError``."""
    before, now = (revision_of_raw(RawArticle.decode(one)) for one in pair)
    return before == now


class Revisions:
    """Compares pages. A context manager; the process is started with the first question."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._pool: PagePool[tuple[bytes, bytes], bool] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.close()

    async def same(self, before: bytes, now: bytes) -> bool:
        """Whether both have the same body. What cannot be told counts as changed: ``clean`` then finds out why."""
        if self._pool is None:
            self._pool = PagePool(same_revision, workers=1, seconds=self._seconds)
        try:
            return await asyncio.wrap_future(self._pool.submit((before, now)))
        except (CleanError, MessageError, PoolFailed):
            return False
