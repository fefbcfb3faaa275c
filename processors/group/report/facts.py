"""What of a report is compared, worked out once from the report alone."""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from sys import intern

import msgspec
import numpy as np
import xxhash

from processors.annotate.features import shingles, shingles_of, unpack_shingles, words
from processors.annotate.features.signature import Hashes
from processors.group.report.beside import neighbours
from processors.group.report.overlaps import outline
from schemas import Report, Statement, epoch_ms, latest_moment

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS

# Words are cut to this length: a crude stem, good enough to meet across the endings of inflected languages.
_STEM = 6
_MIN_WORD = 4
_LEAD_WORDS = 60

Order = tuple[int, int, str]


@dataclass(frozen=True)
class Facts:
    """A report, what is derived from it, what is known of its speaker; nothing here depends on any other report."""

    report: Report
    spoken: frozenset[str] = field(default=frozenset(), compare=False)
    """Languages that its speaker speaks, as far as known."""
    features: dict[tuple[str, ...], object] = field(default_factory=dict, compare=False, repr=False)
    """What ``occasions.features_of`` made of some of its statements."""

    @cached_property
    def moment_ms(self) -> int:
        """When it was published, else fetched. Where only the day is known: its end, but not after the fetching, so
        that who is known to the day is never taken for the first.
        """
        published, fetched_ms = self.report.published, _first_seen_ms(self.report)
        if published is None:
            return fetched_ms
        known = epoch_ms(published)
        return max(known, min(epoch_ms(latest_moment(published)), fetched_ms))

    @cached_property
    def order(self) -> Order:
        """Who was first: earlier publication, then earlier fetching, then the id."""
        return (self.moment_ms, self.report.seq.ms, self.report.report_id)

    @property
    def arrival(self) -> tuple[int, str]:
        """When it came, milliseconds, and its id: by this it expires.

        Not by publication, nor by the fetch where another made it: an archive that is imported is months old on
        arrival, and its articles must meet. So ``seq`` is the time of the import there (but for our own archives, which
        are imported into a pipeline that has nothing yet).
        """
        return (self.report.seq.ms, self.report.report_id)

    @cached_property
    def statements(self) -> dict[str, Statement]:
        """By id, in order of the text."""
        return {s.statement_id: s for s in sorted(self.report.statements, key=lambda s: (s.start, s.end))}

    @cached_property
    def shingles(self) -> Hashes:
        return unpack_shingles(self.report.signature)

    @cached_property
    def said(self) -> Hashes:
        """Shingles of what is his in the article."""
        return _wording(self.report.statements)

    @cached_property
    def told(self) -> Hashes:
        """Shingles of what is his in a reporter's words: all but the direct quotations."""
        return _wording([s for s in self.report.statements if s.kind != "direct"])

    @cached_property
    def lead(self) -> Hashes:
        """Shingles of the first 60 words of his statements; of a whole article it is the lead."""
        text = " ".join(s.text for s in self.statements.values())
        return shingles(" ".join(text.split()[:_LEAD_WORDS]))

    def without(self, statement_ids: Collection[str]) -> "Facts":
        """The facts of the report without these statements; its text stays."""
        if not statement_ids:
            return self
        kept = [s for s in self.report.statements if s.statement_id not in statement_ids]
        return Facts(msgspec.structs.replace(self.report, statements=kept))

    @cached_property
    def words(self) -> dict[str, frozenset[str]]:
        """Cut words of each statement."""
        return {key: content_words(s.text) for key, s in self.statements.items()}

    @cached_property
    def outlines(self) -> dict[str, bytes]:
        """The bits of the cut words of each statement."""
        return {key: outline(words) for key, words in self.words.items()}

    @cached_property
    def marks(self) -> dict[str, frozenset[str]]:
        """Numbers and names of each statement."""
        return {key: marks_of(s) for key, s in self.statements.items()}

    @cached_property
    def beside(self) -> dict[str, list[tuple[str, int]]]:
        """The neighbours of each statement and their shares (beside.py)."""
        return neighbours(list(self.statements.values()))


def believed(report: Report, known: datetime.datetime | None) -> Report:
    """The report, with a publication that can be true: not after the first fetch. A page that is changed may date
    itself anew, and its own copies would come before it; ``known``: what it said before.
    """
    published, seen_ms = report.published, _first_seen_ms(report)
    if published is None or epoch_ms(published) <= seen_ms:
        return report
    if known is None:
        known = datetime.datetime.fromtimestamp(seen_ms / 1000, published.tzinfo)
    return msgspec.structs.replace(report, published=known)


def _first_seen_ms(report: Report) -> int:
    """A page of somebody's archive was fetched before it came, a later visit after the first one."""
    return min(report.seq.ms, epoch_ms(report.fetched))


def _wording(statements: Sequence[Statement]) -> Hashes:
    """Distinct shingles of all of them."""
    parts = [shingles_of(words_of(s.text)) for s in statements]
    return np.unique(np.concatenate(parts)) if parts else np.empty(0, dtype=np.uint32)


@lru_cache(maxsize=64)  # of the statements of one report they are asked for again and again
def words_of(text: str) -> tuple[str, ...]:
    """Folded words in their order."""
    return tuple(words(text))


def marks_of(statement: Statement) -> frozenset[str]:
    """Numbers and names of a statement, by the keys under which stories are found again."""
    return frozenset([*(f"#{n}" for n in statement.numbers), *(f"@{n}" for n in statement.names)])


def content_words(text: str) -> frozenset[str]:
    """Distinct words of four letters and more, cut to six; figures are compared elsewhere."""
    # Interned: the same few thousand words stand in every report of the window.
    return frozenset(intern(w[:_STEM]) for w in words_of(text) if len(w) >= _MIN_WORD and not w.isdigit())


def spelled(text: str, cut: str) -> str:
    """The first word of a text that ``content_words`` cuts to this."""
    return next((word for word in words_of(text) if word[:_STEM] == cut), cut)


def minutes_between(earlier_ms: int, later_ms: int) -> int:
    """Whole minutes, never negative."""
    return max(0, (later_ms - earlier_ms) // MINUTE_MS)


def digest(*parts: str) -> str:
    """16 hex digits that name what the parts name."""
    return xxhash.xxh64_hexdigest("\x00".join(parts).encode())


def day_of(moment_ms: int) -> datetime.date:
    """The UTC day of a moment."""
    return (datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC) + datetime.timedelta(milliseconds=moment_ms)).date()
