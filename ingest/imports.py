"""``remarkwire import``: articles from files of one's own, as raw articles like those that were fetched.

JSONL[.gz] or a JSON array of ``ImportedArticle`` rows, HTML files, plain-text files, WARC files, and folders of them.
Ids are stable: from the address where there is one, else from outlet and bytes; a file's name and times are in no id.
Files are opened with a bound, and links that lead out of a folder are not followed.
"""

import asyncio
import datetime
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from ingest.beforehand import Beforehand
from ingest.body import MAX_BYTES, pack
from ingest.clean.metadata.dates import parse as parse_date
from ingest.fetch.plan import id_of_canonical
from ingest.fetch.publish import Publisher
from ingest.identity import article_id, article_id_of_bytes, host_of, outlet_id, plain_url
from ingest.links import canonical_of
from ingest.rows import Row, cut_rows, opened
from ingest.warc import PAGES, Known, Page, read_pages
from runtime.counts import counted
from schemas.article import FeedFacts, ImportedArticle, Outlet, RawArticle, Seq
from schemas.errors import InputError, MessageTooLarge, TimeRefused
from schemas.message import MAX_MESSAGE_BYTES, epoch_ms

# FeedFacts.source of what was imported begins so; `clean` says of such dates that they are from the import.
IMPORTED = "import:"
UNKNOWN_OUTLET = "imported"

_ROWS = (".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz")
_HTML = (".html", ".htm", ".xhtml", ".html.gz", ".htm.gz")
_TEXT = (".txt", ".text", ".md", ".txt.gz")
_WARC = (".warc", ".warc.gz", ".arc", ".arc.gz")
_IN_FOLDERS = _ROWS + _HTML + _TEXT + _WARC
# In a folder they may be anything.
_NAMED_ROWS = (".json", ".json.gz")
# A file of a million bad rows is told by its first.
MOST_PROBLEMS = 100
_MOST_CHARACTERS = 2_000
_IN_FLIGHT = 200
# What clocks differ by; more is a mistake or a lie. Topics take more (``schemas.topics.AHEAD_MS``).
MOST_AHEAD = datetime.timedelta(days=1)
# base64 in the JSON adds a third; the rest of the message is small.
_MOST_BYTES = (MAX_MESSAGE_BYTES - 64 * 1024) * 3 // 4


@dataclass
class ImportTotals:
    """What became of the files. ``failed``: files and rows that could not be read; ``problems``: place and cause of the
    first ``MOST_PROBLEMS`` of them. ``forgotten``: articles that were held back because they were taken out for good;
    ``fetched``: because the fetcher has a version that is no older.
    """

    files: int = 0
    imported: int = 0
    duplicates: int = 0
    forgotten: int = 0
    fetched: int = 0
    failed: int = 0
    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        parts = [f"{counted(self.imported, 'article')} of {counted(self.files, 'file')}"]
        if self.duplicates:
            parts.append(f"{self.duplicates} of them there twice")
        if self.forgotten:
            parts.append(f"{self.forgotten} passed over as forgotten")
        if self.fetched:
            parts.append(
                f"{self.fetched} passed over as fetched already and no older there (--again brings them all the same)"
            )
        if self.failed:
            parts.append(f"{self.failed} could not be read")
        return ", ".join(parts)


@dataclass(frozen=True)
class _Given:
    """What holds for articles that do not say it themselves, and the time of the import. ``again``: they are to count
    whatever was there before.
    """

    outlet: str | None
    published: datetime.datetime | None
    now: datetime.datetime
    again: bool = False

    @property
    def visit(self) -> int:
        return 2 if self.again else 1


def import_paths(
    paths: list[Path],
    publisher: Publisher,
    *,
    outlet: str | None = None,
    published: datetime.datetime | None = None,
    again: bool = False,
    now: datetime.datetime | None = None,
    progress: Callable[[int, int | None], None] | None = None,
    totals: ImportTotals | None = None,
    known: Beforehand | None = None,
) -> ImportTotals:
    """Publishes the articles of files and folders (with all folders below), in order of path and line.

    ``outlet`` and ``published`` are for articles that name none. ``again``: articles without a visit of their own
    count as visited before, so that what they no longer say is taken back; not always so, because it costs an empty
    report for each article in which a watched speaker is not. ``known``: what was fetched stays, but where the file's
    article is dated later than the last visit or comes ``again``; outlets are those of the list. ``now`` is the time of
    import, which orders and versions the articles (a millisecond apart, in the order of the input); their own dates
    stay a feature.
    ``progress`` gets (articles so far, None). What cannot be read is counted and named, and the rest goes on; in
    ``totals``, where they are given, it stands also when an error ends the work. Raises ``InputError`` before
    anything is published where a path that was named does not exist, ``KafkaUnavailable`` where a delivery fails.
    """
    if absent := [str(path) for path in paths if not path.exists()]:
        raise InputError(
            f"{', '.join(absent)}: does not exist; name JSONL, JSON, HTML, text or WARC files, or folders of them"
        )
    totals = ImportTotals() if totals is None else totals
    moment = now or datetime.datetime.now(datetime.UTC)
    stamped = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    given = _Given(outlet, published, stamped, again)
    articles = _beside(_articles(paths, given, totals), known or Beforehand(), given, totals)
    asyncio.run(_publish_all(_in_order(articles, stamped), publisher, totals, progress))
    return totals


async def _publish_all(
    articles: Iterable[RawArticle],
    publisher: Publisher,
    totals: ImportTotals,
    progress: Callable[[int, int | None], None] | None,
) -> None:
    waiting: set[asyncio.Task[bool]] = set()
    done: set[asyncio.Task[bool]] = set()
    seen: set[str] = set()
    try:
        for raw in articles:
            totals.duplicates += raw.article_id in seen
            seen.add(raw.article_id)
            waiting.add(asyncio.create_task(publisher.publish(raw), name=raw.url or raw.article_id))
            if len(waiting) >= _IN_FLIGHT:
                done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                _confirm(done, totals, progress)
        if waiting:
            done, waiting = await asyncio.wait(waiting)
            _confirm(done, totals, progress)
    finally:
        for task in waiting:
            task.cancel()
        # Where one delivery failed, so did others: their errors are asked for, or asyncio would report them as lost.
        for sent in await asyncio.gather(*waiting, *done, return_exceptions=True):
            totals.imported += sent is True
            totals.forgotten += sent is False


def _confirm(
    done: set[asyncio.Task[bool]], totals: ImportTotals, progress: Callable[[int, int | None], None] | None
) -> None:
    """Counts those that are done and takes them out."""
    while done:
        task = done.pop()
        try:
            sent = task.result()
        except (MessageTooLarge, TimeRefused) as error:
            _problem(totals, task.get_name(), error)
            continue
        if sent:
            totals.imported += 1
        else:
            totals.forgotten += 1
    if progress is not None:
        progress(totals.imported, None)


def _articles(paths: list[Path], given: _Given, totals: ImportTotals) -> Iterator[RawArticle]:
    for path in _files(paths):
        totals.files += 1
        try:
            yield from _of_file(path, given, totals)
        except (OSError, EOFError, zlib.error, InputError) as error:
            _problem(totals, str(path), error)


def _files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            # Hidden files and what is no article by its name are passed over; a file that was named is not.
            yield from sorted(
                p
                for p in path.rglob("*")
                if p.is_file()
                and p.name.lower().endswith(_IN_FOLDERS)
                and not _is_hidden(p, path)
                and _is_below(p, path)
            )
        else:
            yield path


def _is_hidden(path: Path, below: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(below).parts)


def _is_below(path: Path, folder: Path) -> bool:
    """Whether a file lies in the folder where its links lead, too."""
    return path.resolve().is_relative_to(folder.resolve())


def _beside(
    articles: Iterable[RawArticle], known: Beforehand, given: _Given, totals: ImportTotals
) -> Iterator[RawArticle]:
    """Each as it fits to what is known: with its outlet's facts, in its place behind the visits that were, or not at
    all. What has a date of its own fetch is never held back, because that date is its version.
    """
    for raw in articles:
        if raw.seq.ms != epoch_ms(given.now):
            # It was in a pipeline before, and is what it was.
            yield raw
            continue
        placed = msgspec.structs.replace(raw, outlet=known.outlet(raw.outlet))
        visits = known.visits(raw.article_id)
        if visits is None:
            yield placed
            continue
        if raw.fetched == given.now:
            published = raw.feed.published if raw.feed else None
            if not given.again and (published is None or epoch_ms(published) <= visits.last_ms):
                totals.fetched += 1
                continue
            placed = msgspec.structs.replace(placed, visit=visits.count + 1)
        yield msgspec.structs.replace(placed, seq=Seq(visits.first_ms, raw.article_id))


def _in_order(articles: Iterable[RawArticle], now: datetime.datetime) -> Iterator[RawArticle]:
    """Stamps each a millisecond after the one before it: the order of the input is the order in which they came.

    What has a date of its own fetch keeps it. What was in a pipeline before (an archive of ours, or ours by fetching)
    keeps its place in that one's order, too.
    """
    first: dict[str, Seq] = {}
    for number, raw in enumerate(articles):
        fetched = now + datetime.timedelta(milliseconds=number)
        dated, placed = raw.fetched != now, raw.seq.ms != epoch_ms(now)
        seq = raw.seq if placed else Seq(epoch_ms(fetched), raw.article_id)
        if dated and not placed:
            # Later visits have the place of the first.
            seq = first.setdefault(raw.article_id, seq)
        yield msgspec.structs.replace(raw, fetched=raw.fetched if dated else fetched, seq=seq)


def _of_file(path: Path, given: _Given, totals: ImportTotals) -> Iterator[RawArticle]:
    name = path.name.lower()
    if name.endswith(_ROWS + _NAMED_ROWS):
        yield from _rows(path, given, totals)
    elif name.endswith(_HTML):
        body = _read(path)
        yield _document(path, body, "text/html", canonical_of(body), given)
    elif name.endswith(_TEXT):
        yield _document(path, _read(path), "text/plain", None, given)
    elif name.endswith(_WARC):
        yield from _archive(path, given, totals)
    else:
        raise InputError(f"ends in none of {', '.join(_IN_FOLDERS + _NAMED_ROWS)}")


def _rows(path: Path, given: _Given, totals: ImportTotals) -> Iterator[RawArticle]:
    with opened(path) as file:
        for row in cut_rows(file, MAX_BYTES):
            if len(row.body) > MAX_BYTES:
                _problem(totals, _place(path, row), InputError(f"is longer than {MAX_BYTES} bytes"))
                continue
            if not row.body.strip():
                continue
            try:
                yield _row(msgspec.json.decode(row.body, type=ImportedArticle), given)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, InputError) as error:
                _problem(totals, _place(path, row), error)


def _place(path: Path, row: Row) -> str:
    return f"{path}:{row.number}" if row.unit == "line" else f"{path}: {row}"


def _row(row: ImportedArticle, given: _Given) -> RawArticle:
    published = _date(row.published) if row.published else given.published
    url = plain_url(row.url or "")
    outlet = row.outlet or (host_of(url) if url else None) or given.outlet or UNKNOWN_OUTLET
    # The row's own id is no part of ours where an address is given: the page may be fetched one day, too.
    minted = article_id(url) if url else article_id_of_bytes(outlet, f"{row.id}\0{row.title}\0{row.text}".encode())
    facts = FeedFacts(source=f"{IMPORTED}row", published=published)
    return _raw(minted, url, Outlet(id=outlet_id(outlet)), msgspec.json.encode(row), "application/json", facts, given)


def _archive(path: Path, given: _Given, totals: ImportTotals) -> Iterator[RawArticle]:
    """Pages of an archive keep the dates of their fetches, but come now; the same address again is a later visit. Those
    that we wrote ourselves are what they were, and when. A page from the future is refused: time goes on by the
    fetches, and with it would end the window in which reports are compared.
    """
    ids: dict[str, str] = {}
    visits: dict[str, int] = {}
    # Not `opened`: warcio opens the members of a compressed archive itself.
    with path.open("rb") as file:
        for page in read_pages(file):
            if isinstance(page, InputError):
                _problem(totals, str(path), page)
                continue
            try:
                first_seen = page.known.seq_ms if page.known is not None else 0
                if max(epoch_ms(page.date), first_seen) > epoch_ms(given.now + MOST_AHEAD):
                    raise InputError("it was fetched in the future, says the archive")
                if page.known is not None:
                    yield _as_it_was(page, page.known, given)
                    continue
                if not page.url or page.media_type not in PAGES:
                    continue
                address = article_id(page.url)
                canonical = canonical_of(page.body, page.url)
                minted = ids.setdefault(address, id_of_canonical(address, page.url, canonical))
                count = visits.get(minted, 0)
                if page.status != 200 and not count:
                    continue
                facts = FeedFacts(source=f"{IMPORTED}{_shown(path.name)}", published=given.published)
                raw = _raw(minted, page.url, Outlet(id=host_of(page.url)), page.body, page.media_type, facts, given)
            except InputError as error:
                _problem(totals, f"{path}: {page.url}", error)
                continue
            visits[minted] = count + 1
            yield _fetched(raw, page, raw.seq, count + 1)


def _as_it_was(page: Page, known: Known, given: _Given) -> RawArticle:
    feed = known.feed or FeedFacts(source=f"{IMPORTED}archive")
    if feed.published is None:
        feed = msgspec.structs.replace(feed, published=given.published)
    raw = _raw(known.article_id, page.url, known.outlet, page.body, page.media_type, feed, given)
    raw = _fetched(raw, page, Seq(known.seq_ms, known.article_id), known.visit)
    return msgspec.structs.replace(raw, final_url=known.final_url)


def _fetched(raw: RawArticle, page: Page, seq: Seq, visit: int) -> RawArticle:
    return msgspec.structs.replace(
        raw, fetched=page.date, seq=seq, status=page.status, charset=page.charset, http_headers=page.headers,
        visit=visit,
    )  # fmt: skip


def _document(path: Path, body: bytes, media_type: str, url: str | None, given: _Given) -> RawArticle:
    if not body.strip():
        raise InputError("is empty")
    outlet = (host_of(url) if url else None) or given.outlet or UNKNOWN_OUTLET
    minted = article_id(url) if url else article_id_of_bytes(outlet, body)
    facts = FeedFacts(source=f"{IMPORTED}{_shown(path.name)}", published=given.published)
    return _raw(minted, url or "", Outlet(id=outlet_id(outlet)), body, media_type, facts, given)


def _raw(
    minted: str, url: str, outlet: Outlet, body: bytes, media_type: str, facts: FeedFacts, given: _Given
) -> RawArticle:
    packed = pack(body)
    if len(packed) > _MOST_BYTES:
        raise InputError(f"{len(body)} bytes, {len(packed)} compressed; at most {_MOST_BYTES} fit into a message")
    return RawArticle(
        article_id=minted,
        seq=Seq(epoch_ms(given.now), minted),
        url=url,
        outlet=outlet,
        fetched=given.now,
        media_type=media_type,
        body=packed,
        feed=facts,
        visit=given.visit,
    )


def _date(value: str) -> datetime.datetime:
    found = parse_date(value)
    if found is None:
        raise InputError(f"published {value!r} is no date; write it as 2025-01-31T12:00:00+03:00")
    return found


def _read(path: Path) -> bytes:
    with opened(path) as file:
        body = file.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        raise InputError(f"opens to more than {MAX_BYTES} bytes")
    return body


def _shown(name: str) -> str:
    """A name of bytes that are no UTF-8 has half surrogate pairs, which no message and no terminal can say."""
    return name.encode(errors="replace").decode()


def _problem(totals: ImportTotals, place: str, error: Exception) -> None:
    totals.failed += 1
    if len(totals.problems) < MOST_PROBLEMS:
        # An error has the value in it, which is as long as its row may be.
        totals.problems.append(f"{_shown(place)}: {error}"[:_MOST_CHARACTERS])
