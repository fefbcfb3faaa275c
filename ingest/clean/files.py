"""``remarkwire clean`` from file to file: the code of the service on JSONL, for measuring and for one's own pages.

The input is read twice: what recurs over the pages of an outlet is known before the first of them is cleaned.
"""

import contextlib
import dataclasses
import datetime
import json
import os
import zlib
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from trafilatura import load_html

from ingest.body import pack
from ingest.clean.body.blocks import blocks_of
from ingest.clean.page import clean_page
from ingest.clean.pool import PagePool
from ingest.clean.profiles.profile import NO_PROFILE, Profile, hashes_of
from ingest.identity import article_id, article_id_of_bytes, host_of
from ingest.rows import Opened, bounded_rows, opened
from runtime.beside import created
from runtime.counts import counted
from runtime.settings import CleanSettings
from schemas.article import FeedFacts, Outlet, RawArticle, Seq, SkippedArticle
from schemas.errors import CleanError, InputError, RemarkwireError
from schemas.message import epoch_ms

Progress = Callable[[int, int | None], None]


class PageRow(msgspec.Struct):
    """A line of the input. ``published`` is what the feed said; ``fetched`` (ISO 8601) bounds the dates of the page."""

    id: str
    html: str
    url: str | None = None
    outlet: str | None = None
    published: datetime.datetime | None = None
    fetched: datetime.datetime | None = None


class _Where(msgspec.Struct):
    url: str | None = None
    outlet: str | None = None


@dataclass
class CleanTotals:
    """What became of the lines. ``failed``: those that could not be read or cleaned; pages that were, and are no
    article, are in ``errors`` only.
    """

    lines: int = 0
    cleaned: int = 0
    failed: int = 0
    errors: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        failed = "".join(f", {count} {reason}" for reason, count in sorted(self.errors.items()))
        return f"{counted(self.lines, 'line')}: {self.cleaned} cleaned{failed}"


@dataclass(frozen=True)
class _Task:
    """``learn``: give back the hashes of the page's lines instead of the article."""

    line: bytes
    min_chars: int
    now: datetime.datetime
    profile: Profile = NO_PROFILE
    learn: bool = False


# Of an outlet with fewer pages nothing is learnt; more pages than the most tell no more.
_LEAST_PAGES = 3
_MOST_PAGES = 40
_MOST_OUTLETS_LINES = 2000


def clean_file(
    input: Path,  # noqa: A002 - the option's name
    output: Path,
    *,
    settings: CleanSettings | None = None,
    workers: int = 0,
    progress: Progress | None = None,
    now: datetime.datetime | None = None,
) -> CleanTotals:
    """Cleans JSONL or a JSON array of ``{"id", "url", "html"}`` to JSONL[.gz], a line for a row, in input order.

    A line that cannot be cleaned or is no article becomes ``{"id", "error"}``. ``now`` stands for the time of fetching
    where a line has none: no date of a page lies behind it. The output is there as a whole or not at all. Raises
    ``InputError`` where a file cannot be opened or written, or the input not be read to its end.
    """
    settings = settings or CleanSettings()
    now = now or datetime.datetime.now(datetime.UTC)
    count = workers or pool_size(settings)
    totals = CleanTotals()
    waiting: deque[tuple[bytes, Future[dict[str, Any]]]] = deque()
    with (
        _opened(input) as source,
        created(output) as target,
        PagePool(_clean_line, workers=count, seconds=settings.page_seconds, early=True) as pool,
    ):
        profiles, sample = _learnt(input, pool, 8 * count, now)

        def write() -> None:
            line, future = waiting.popleft()
            target.write(_result(line, future, totals) + b"\n")
            if progress is not None:
                progress(totals.lines, None)

        for number, line in enumerate(_lines(source, input)):
            profile = profiles.get(_outlet_of(line), NO_PROFILE) if profiles else NO_PROFILE
            if number in sample:
                profile = dataclasses.replace(profile, own=True)
            waiting.append((line, pool.submit(_Task(line, settings.min_chars, now, profile))))
            if len(waiting) > 8 * count:
                write()
        while waiting:
            write()
    return totals


def _learnt(
    path: Path, pool: PagePool[_Task, dict[str, Any]], most_waiting: int, now: datetime.datetime
) -> tuple[dict[str, Profile], set[int]]:
    """The first reading: profiles of the outlets with several pages, and the numbers of the lines they were made of."""
    with _opened(path) as source:
        outlets = Counter(_outlet_of(line) for line in _lines(source, path))
    wanted = {outlet for outlet, count in outlets.items() if outlet and count >= _LEAST_PAGES}
    if not wanted:
        return {}, set()
    counts: dict[str, Counter[str]] = {outlet: Counter() for outlet in wanted}
    taken: Counter[str] = Counter()
    pages: Counter[str] = Counter()
    sample: set[int] = set()
    waiting: deque[tuple[int, str, Future[dict[str, Any]]]] = deque()

    def count_one() -> None:
        number, outlet, future = waiting.popleft()
        # A page that cannot be read shows itself in the second reading.
        if future.exception() is None and (lines := future.result()["lines"]):
            counts[outlet].update(lines)
            pages[outlet] += 1
            sample.add(number)

    with _opened(path) as source:
        for number, line in enumerate(_lines(source, path)):
            outlet = _outlet_of(line)
            if outlet not in wanted or taken[outlet] >= _MOST_PAGES:
                continue
            taken[outlet] += 1
            waiting.append((number, outlet, pool.submit(_Task(line, 0, now, learn=True))))
            if len(waiting) > most_waiting:
                count_one()
    while waiting:
        count_one()
    return {outlet: _profile(counts[outlet], pages[outlet]) for outlet in sorted(wanted)}, sample


def _profile(counts: Counter[str], pages: int) -> Profile:
    often = sorted((-count, line) for line, count in counts.items() if count > 1)[:_MOST_OUTLETS_LINES]
    return Profile(pages, {line: -count for count, line in often})


def _outlet_of(line: bytes) -> str:
    """The outlet that a line names, or its address's host; an empty text where it has none."""
    try:
        row = msgspec.json.decode(line, type=_Where)
        return row.outlet or (host_of(row.url) if row.url else "")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, InputError):
        return ""


def pool_size(settings: CleanSettings) -> int:
    """Processes of the pool: as set, else as many as there are cores. The process that feeds them has little to do."""
    if settings.workers:
        return settings.workers
    # Only Linux tells which cores are ours.
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _lines(source: Opened, path: Path) -> Iterator[bytes]:
    try:
        for row in bounded_rows(source):
            if row.body.strip():
                yield row.body
    except (OSError, EOFError, zlib.error, InputError) as error:
        raise InputError(f"{path}: cannot be read to its end: {error}") from error


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[Opened]:
    with contextlib.ExitStack() as stack:
        try:
            file = stack.enter_context(opened(path))
        except OSError as error:
            raise InputError(f"{path}: cannot be opened ({error.strerror})") from error
        yield file


def _result(line: bytes, future: Future[dict[str, Any]], totals: CleanTotals) -> bytes:
    totals.lines += 1
    try:
        row = future.result()
    except RemarkwireError as error:
        totals.errors[error.reason] += 1
        totals.failed += 1
        row = {"id": _id_of(line), "error": f"{error.reason}: {error}"}
    else:
        if "error" in row:
            totals.errors[str(row["error"]).partition(":")[0]] += 1
        else:
            totals.cleaned += 1
    return msgspec.json.encode(row)


def _id_of(line: bytes) -> Any:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return row.get("id") if isinstance(row, dict) else None


def _clean_line(task: _Task) -> dict[str, Any]:
    """In a worker: one line of input to one row of output."""
    try:
        row = msgspec.json.decode(task.line, type=PageRow)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"line is no page: {error}; expected id, url and html") from error
    if task.learn:
        tree = load_html(row.html)
        return {"lines": () if tree is None else hashes_of(block.text for block in blocks_of(tree))}
    raw = _raw_of(row, task.now)
    found = clean_page(raw, min_chars=task.min_chars, profile=task.profile)
    if isinstance(found, SkippedArticle):
        return {"id": row.id, "error": f"{found.reason}: {found.detail}"}
    return {
        "id": row.id,
        "url": row.url,
        "title": found.title,
        "text": found.text,
        "lang": found.lang,
        "published": found.published,
        "published_from": found.published_from,
        "modified": found.modified,
        "authors": found.authors,
        "outlet": found.outlet.id,
        "canonical_url": found.canonical_url,
        "section": found.section,
        "credited": found.credited,
        "dateline": found.dateline,
        "image": found.image,
        "site": found.site,
        "revision": found.revision,
    }


def _raw_of(row: PageRow, now: datetime.datetime) -> RawArticle:
    fetched = row.fetched or now
    if fetched.tzinfo is None:
        raise CleanError(f"fetched {fetched.isoformat()} has no zone; write it as 2025-01-31T12:00:00Z")
    # Lone surrogates are legal in JSON and no UTF-8.
    body = row.html.encode("utf-8", errors="replace")
    # A page whose address is none is still a page: it gets the id of one without.
    try:
        url, host = (row.url, host_of(row.url)) if row.url else (None, "unknown")
    except InputError:
        url, host = None, "unknown"
    outlet = row.outlet or host
    minted = article_id(url) if url else article_id_of_bytes(outlet, body)
    feed = FeedFacts(source="file", published=row.published) if row.published else None
    return RawArticle(
        article_id=minted,
        seq=Seq(epoch_ms(fetched), minted),
        url=url or "",
        outlet=Outlet(id=outlet),
        fetched=fetched,
        media_type="text/html",
        charset="utf-8",
        body=pack(body),
        feed=feed,
    )
