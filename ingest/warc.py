"""WARC files (ISO 28500): pages of an archive as raw articles, and raw articles as an archive. By warcio.

What is read is bounded: header lines of a record, the body of a page, the length of a record. A body is opened only as
far as a page may be long. What we know of an article beside its page lies in a metadata record behind it, and is read
again from archives of our own.
"""

import datetime
import io
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import IO, Annotated, Any
from urllib.parse import urlsplit

import msgspec
from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataException, ChunkedDataReader, DecompressingBufferedReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.limitreader import LimitReader
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParserException
from warcio.warcwriter import WARCWriter

from ingest.body import MAX_BYTES, unpack
from ingest.clean.metadata.dates import parse as parse_date
from ingest.fetch.web.http import inflate
from ingest.identity import ID_CHARACTERS, host_of, plain_url
from runtime.version import VERSION
from schemas.article import FeedFacts, Outlet, RawArticle
from schemas.errors import CleanError, InputError
from schemas.message import epoch_ms

_MOST_HEADER_BYTES = 4 * 1024 * 1024
_MOST_RECORD_BYTES = 1024 * 1024 * 1024
_CHUNK = 64 * 1024
PAGES = frozenset({"text/html", "application/xhtml+xml", "text/plain"})
_KEPT = frozenset({"content-type", "content-language", "last-modified", "etag", "date", "server"})
_URN = "urn:remarkwire:"
_SOFTWARE = "remarkwire"
_GZIP = frozenset({"gzip", "x-gzip"})
# No page has these, and what is packed has one in nine of its bytes.
_CONTROLS = bytes({*range(32)} - set(b"\t\n\f\r\x1b"))


class Known(msgspec.Struct, frozen=True):
    """What an archive of ours says of an article beside its page."""

    article_id: Annotated[str, msgspec.Meta(min_length=ID_CHARACTERS, max_length=ID_CHARACTERS)]
    seq_ms: int
    fetched_ms: int
    visit: Annotated[int, msgspec.Meta(ge=1)]
    final_url: str | None
    outlet: Outlet
    feed: FeedFacts | None


@dataclass(frozen=True)
class Page:
    """A response of an archive. ``date``: when it was fetched, to the millisecond, in UTC. ``url`` is empty where an
    article of ours has none; ``known``: in archives of our own (``ours``).
    """

    url: str
    date: datetime.datetime
    status: int
    media_type: str
    charset: str | None
    headers: dict[str, str]
    body: bytes
    record: str
    ours: bool = False
    known: Known | None = None

    @property
    def whole(self) -> bool:
        """Whether nothing is missing: a page of ours without its metadata would come as a stranger's."""
        return not self.ours or self.known is not None


def read_pages(file: IO[bytes]) -> Iterator[Page | InputError]:
    """The pages of an archive in its order; an error for each that is one and cannot be read. Other records (requests,
    images, scripts, robots.txt, error statuses but 404 and 410) are passed over.

    Raises ``InputError`` where the file is none or breaks off: nothing can be read behind that place. In an archive of
    ours the page before it is left out if its metadata is.
    """
    held: Page | None = None
    try:
        for found in _found(file):
            if isinstance(found, tuple):
                if held is not None and held.record == found[0]:
                    held = replace(held, known=found[1])
                continue
            if held is not None:
                yield held
            held = None
            if isinstance(found, Page):
                held = found
            else:
                yield found
    except InputError:
        if held is not None and held.whole:
            yield held
        raise
    if held is not None:
        if not held.whole:
            raise InputError("breaks off behind its last page, before what is known of it")
        yield held


def _found(file: IO[bytes]) -> Iterator[Page | InputError | tuple[str, Known]]:
    """Pages, and in archives of ours what is known of one, behind it and with the id of its record."""
    archive = ArchiveIterator(file, arc2warc=True)
    # It forgets its reader at the end.
    reader = archive.reader = _Bounded(archive.fh, block_size=16384)
    ours = False
    try:
        for record in archive:
            reader.begin()
            found: Page | InputError | tuple[str, Known] | None
            if record.rec_type == "warcinfo":
                ours = f"software: {_SOFTWARE} ".encode() in record.content_stream().read(_CHUNK)
                found = None
            elif record.rec_type == "metadata":
                found = _known(record) if ours else None
            else:
                found = _page(record, ours=ours)
            _refuse_torn(record)
            reader.begin()
            if found is not None:
                yield found
        if reader.torn:
            raise InputError("breaks off in its last record")
    except (ArchiveLoadFailed, StatusAndHeadersParserException, ChunkedDataException, zlib.error) as error:
        raise InputError(f"is no WARC file, or breaks off: {error}") from error
    except (ValueError, AttributeError, TypeError, EOFError) as error:
        # warcio trusts the numbers and headers that it finds.
        raise InputError(f"is no WARC file, or breaks off: {type(error).__name__} {error}") from error


def _refuse_torn(record: Any) -> None:
    """For warcio the end of the file is the end of a record: half a page would pass for the article."""
    stream = record.raw_stream
    if not isinstance(stream, LimitReader):
        raise InputError("breaks off: a record without a length")
    while stream.read(_CHUNK):
        pass
    if stream.limit:
        raise InputError(f"breaks off: its last record wants {stream.limit} bytes")


def _known(record: Any) -> tuple[str, Known] | None:
    try:
        known = msgspec.json.decode(record.content_stream().read(_MOST_HEADER_BYTES), type=Known)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return record.rec_headers.get_header("WARC-Concurrent-To") or "", known


def _page(record: Any, *, ours: bool) -> Page | InputError | None:
    url = (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")
    if record.rec_type not in {"response", "resource"}:
        return None
    if not url.startswith(("http://", "https://", _URN) if ours else ("http://", "https://")):
        return None
    headers = record.http_headers
    kind = (headers.get_header("Content-Type") if headers is not None else record.content_type) or ""
    media_type = kind.partition(";")[0].strip().lower()
    if media_type not in PAGES and not ours:
        return None
    try:
        # A status that is no number, an address that is none: a fault of this record, not of those behind it.
        status = int(headers.get_statuscode() or 0) if headers is not None else 200
        if not ours and (status not in {200, 404, 410} or urlsplit(url).path == "/robots.txt"):
            return None
        if url.startswith(_URN):
            url = ""
        else:
            host_of(url)
        date = parse_date(record.rec_headers.get_header("WARC-Date") or "")
        if date is None:
            raise InputError("its WARC-Date is no date")
        date = date.astimezone(datetime.UTC)
        body = _body(record)
    except (InputError, ValueError, OverflowError) as error:
        return InputError(f"{url}: {error}")
    given = {name.lower(): value for name, value in headers.headers} if headers is not None else {}
    return Page(
        url=url,
        date=date.replace(microsecond=date.microsecond // 1000 * 1000),
        status=status,
        media_type=media_type,
        charset=_charset(kind),
        headers={name: value for name, value in given.items() if name in _KEPT},
        body=body if status < 400 else b"",
        record=record.rec_headers.get_header("WARC-Record-ID") or "",
        ours=ours,
    )


def _body(record: Any) -> bytes:
    headers, stream = record.http_headers, record.raw_stream
    transfer, coding = (
        (headers.get_header(name) or "").strip().lower() if headers is not None else ""
        for name in ("Transfer-Encoding", "Content-Encoding")
    )
    if transfer == "chunked":
        stream = ChunkedDataReader(stream)
    body = bytearray()
    try:
        while chunk := stream.read(_CHUNK):
            body += chunk
            if len(body) > MAX_BYTES:
                raise InputError(f"body is longer than {MAX_BYTES} bytes")
        opened = _opened(bytes(body), coding)
    except (zlib.error, ChunkedDataException, EOFError) as error:
        raise InputError(f"its body cannot be opened: {error}") from error
    if opened is None:
        raise InputError(f"body opens to more than {MAX_BYTES} bytes")
    return opened


def _opened(body: bytes, coding: str) -> bytes | None:
    """A body without its content coding; None where it is too long. Some archives open bodies and keep the header."""
    start = body[:1000]
    packed = start[:2] == b"\x1f\x8b" if coding in _GZIP else start.translate(None, _CONTROLS) != start
    if coding in {"", "identity"} or not packed:
        return body
    if coding not in {*_GZIP, "deflate"}:
        raise InputError(f"its body is coded as {coding[:40]!r}; gzip and deflate are opened")
    return inflate(body, MAX_BYTES)


def _charset(kind: str) -> str | None:
    _, _, value = kind.lower().partition("charset=")
    return value.partition(";")[0].strip().strip("\"'") or None


class _Bounded(DecompressingBufferedReader):  # type: ignore[misc]
    """warcio reads header lines for as long as they go on, and takes headers that break off for the end of the file.

    ``torn``: at its end, whether it ended within headers or a gzip member.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.torn = False
        self.begin()

    def begin(self) -> None:
        """What is read from here on is another part of a record, or another record."""
        self._lines = self._bytes = 0
        self._begun = False

    def readline(self, length: int | None = None) -> bytes:
        line: bytes = super().readline(min(length or _MOST_HEADER_BYTES, _MOST_HEADER_BYTES))
        self._lines += len(line)
        self._begun = self._begun or bool(line.strip())
        if self._lines > _MOST_HEADER_BYTES:
            raise ArchiveLoadFailed(f"header lines of more than {_MOST_HEADER_BYTES} bytes")
        return line

    def read(self, length: int | None = None) -> bytes:
        found: bytes = super().read(length)
        self._bytes += len(found)
        if self._bytes > _MOST_RECORD_BYTES:
            raise ArchiveLoadFailed(f"a record of more than {_MOST_RECORD_BYTES} bytes")
        return found

    def close_decompressor(self) -> None:
        self.torn = self._begun or (self.decompressor is not None and not self.decompressor.eof)
        super().close_decompressor()


class _AsSent(StatusAndHeaders):  # type: ignore[misc]
    """Headers of a response as the server sent them, in UTF-8, as warcio reads them first: a block of an archive is the
    response as it came. warcio itself writes ASCII, and percent-encodes what is none (its issue 128).
    """

    def to_ascii_bytes(self, filter_func: Any = None) -> bytes:
        text: str = self.to_str(filter_func)
        return text.encode(errors="replace") + b"\r\n"


def write_articles(file: IO[bytes], articles: Iterable[RawArticle], *, name: str, compress: bool) -> int:
    """Writes an archive: for each raw article its response with the date of the fetch, and a metadata record with what
    we know beside it (id, ``seq``, visit, outlet, feed). Returns how many were written; a body that cannot be opened is
    left out.
    """
    writer = WARCWriter(file, gzip=compress, warc_version="1.1")
    info = {"software": f"{_SOFTWARE} {VERSION}", "format": "WARC File Format 1.1"}
    _put(writer, writer.create_warcinfo_record(name, info))
    count = 0
    for raw in articles:
        try:
            body = unpack(raw.body)
        except CleanError:
            continue
        _write(writer, raw, body)
        count += 1
    return count


def _write(writer: Any, raw: RawArticle, body: bytes) -> None:
    date = raw.fetched.astimezone(datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    # A line break in it would be the end of the record's headers, and nothing behind it could be read.
    target = plain_url(raw.url) or f"{_URN}{raw.article_id}"
    if raw.url and raw.media_type != "application/json":
        kind = raw.media_type + (f"; charset={raw.charset}" if raw.charset else "")
        headers = [("Content-Type", kind), ("Content-Length", str(len(body)))]
        headers += [(name.title(), value) for name, value in raw.http_headers.items() if name != "content-type"]
        http = _AsSent(str(raw.status), headers, protocol="HTTP/1.1")
        record = writer.create_warc_record(
            target, "response", payload=io.BytesIO(body), http_headers=http, warc_headers_dict={"WARC-Date": date}
        )
    else:
        record = writer.create_warc_record(
            target, "resource", payload=io.BytesIO(body), warc_content_type=raw.media_type,
            warc_headers_dict={"WARC-Date": date},
        )  # fmt: skip
    _put(writer, record)
    known = Known(
        article_id=raw.article_id, seq_ms=raw.seq.ms, fetched_ms=epoch_ms(raw.fetched), visit=raw.visit,
        final_url=raw.final_url, outlet=raw.outlet, feed=raw.feed,
    )  # fmt: skip
    _put(
        writer,
        writer.create_warc_record(
            target, "metadata", payload=io.BytesIO(msgspec.json.encode(known)), warc_content_type="application/json",
            warc_headers_dict={
                "WARC-Date": date, "WARC-Concurrent-To": record.rec_headers.get_header("WARC-Record-ID"),
            },
        )
    )  # fmt: skip


def _put(writer: Any, record: Any) -> None:
    writer.write_record(record)
    # For the digests warcio has put the payload into a temporary file.
    record.raw_stream.close()
