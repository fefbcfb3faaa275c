"""WARC files (ISO 28500): pages of an archive as raw articles, and raw articles as an archive. By warcio.

What is read is bounded: header lines of a record, the body of a page, the length of a record. A body is decoded from
its transfer and content coding as it is read, so a bomb is opened only as far as a page may be long.
"""

import datetime
import io
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any
from urllib.parse import urlsplit

import msgspec
from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataException, DecompressingBufferedReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParserException
from warcio.warcwriter import WARCWriter

from ingest.body import MAX_BYTES, unpack
from ingest.clean.dates import parse as parse_date
from ingest.identity import host_of
from runtime.version import VERSION
from schemas.article import RawArticle
from schemas.errors import CleanError, InputError
from schemas.message import epoch_ms

_MOST_HEADER_BYTES = 4 * 1024 * 1024
_MOST_RECORD_BYTES = 1024 * 1024 * 1024
_CHUNK = 64 * 1024
_PAGES = frozenset({"text/html", "application/xhtml+xml", "text/plain"})
_KEPT = frozenset({"content-type", "content-language", "last-modified", "etag", "date", "server"})
_URN = "urn:remarkwire:"


@dataclass(frozen=True)
class Page:
    """A response of an archive. ``date``: when it was fetched, to the millisecond, in UTC."""

    url: str
    date: datetime.datetime
    status: int
    media_type: str
    charset: str | None
    headers: dict[str, str]
    body: bytes


def read_pages(file: IO[bytes]) -> Iterator[Page | InputError]:
    """The pages of an archive in its order; an error for each that is one and cannot be read. Other records (requests,
    images, scripts, robots.txt, error statuses but 404 and 410) are passed over.

    Raises ``InputError`` where the file is none or breaks off: nothing can be read behind that place.
    """
    archive = ArchiveIterator(file, arc2warc=True)
    archive.reader = _Bounded(archive.fh, block_size=16384)
    try:
        for record in archive:
            archive.reader.begin_record()
            if (found := _page(record)) is not None:
                yield found
    except (ArchiveLoadFailed, StatusAndHeadersParserException, ChunkedDataException, zlib.error) as error:
        raise InputError(f"is no WARC file, or breaks off: {error}") from error
    except (ValueError, AttributeError, TypeError, EOFError) as error:
        # warcio trusts the numbers and headers that it finds.
        raise InputError(f"is no WARC file: {type(error).__name__} {error}") from error


def _page(record: Any) -> Page | InputError | None:
    url = (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")
    if record.rec_type not in {"response", "resource"} or not url.startswith(("http://", "https://")):
        return None
    headers = record.http_headers
    kind = (headers.get_header("Content-Type") if headers is not None else record.content_type) or ""
    media_type = kind.partition(";")[0].strip().lower()
    if media_type not in _PAGES:
        return None
    try:
        # A status that is no number, an address that is none: a fault of this record, not of those behind it.
        status = int(headers.get_statuscode() or 0) if headers is not None else 200
        if status not in {200, 404, 410} or urlsplit(url).path == "/robots.txt":
            return None
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
        body=body if status == 200 else b"",
    )


def _body(record: Any) -> bytes:
    stream = record.content_stream()
    body = bytearray()
    try:
        while chunk := stream.read(_CHUNK):
            body += chunk
            if len(body) > MAX_BYTES:
                raise InputError(f"body opens to more than {MAX_BYTES} bytes")
    except (zlib.error, ChunkedDataException, EOFError) as error:
        raise InputError(f"its body cannot be opened: {error}") from error
    return bytes(body)


def _charset(kind: str) -> str | None:
    _, _, value = kind.lower().partition("charset=")
    return value.partition(";")[0].strip().strip("\"'") or None


class _Bounded(DecompressingBufferedReader):  # type: ignore[misc]
    """warcio reads header lines for as long as they go on."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._lines = self._bytes = 0

    def begin_record(self) -> None:
        self._lines = self._bytes = 0

    def readline(self, length: int | None = None) -> bytes:
        line: bytes = super().readline(min(length or _MOST_HEADER_BYTES, _MOST_HEADER_BYTES))
        self._lines += len(line)
        if self._lines > _MOST_HEADER_BYTES:
            raise ArchiveLoadFailed(f"header lines of more than {_MOST_HEADER_BYTES} bytes")
        return line

    def read(self, length: int | None = None) -> bytes:
        found: bytes = super().read(length)
        self._bytes += len(found)
        if self._bytes > _MOST_RECORD_BYTES:
            raise ArchiveLoadFailed(f"a record of more than {_MOST_RECORD_BYTES} bytes")
        return found


def write_articles(file: IO[bytes], articles: Iterable[RawArticle], *, name: str, compress: bool) -> int:
    """Writes an archive: for each raw article its response with the date of the fetch, and a metadata record with what
    we know beside it (id, ``seq``, visit, outlet, feed). Returns how many were written; a body that cannot be opened is
    left out.
    """
    writer = WARCWriter(file, gzip=compress, warc_version="1.1")
    info = {"software": f"remarkwire {VERSION}", "format": "WARC File Format 1.1"}
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
    target = raw.url or f"{_URN}{raw.article_id}"
    if raw.url and raw.media_type != "application/json":
        kind = raw.media_type + (f"; charset={raw.charset}" if raw.charset else "")
        headers = [("Content-Type", kind), ("Content-Length", str(len(body)))]
        headers += [(name.title(), value) for name, value in raw.http_headers.items() if name != "content-type"]
        http = StatusAndHeaders(str(raw.status), headers, protocol="HTTP/1.1")
        record = writer.create_warc_record(
            target, "response", payload=io.BytesIO(body), http_headers=http, warc_headers_dict={"WARC-Date": date}
        )
    else:
        record = writer.create_warc_record(
            target, "resource", payload=io.BytesIO(body), warc_content_type=raw.media_type,
            warc_headers_dict={"WARC-Date": date},
        )  # fmt: skip
    _put(writer, record)
    facts = {
        "article_id": raw.article_id, "seq_ms": raw.seq.ms, "fetched_ms": epoch_ms(raw.fetched), "visit": raw.visit,
        "final_url": raw.final_url, "outlet": raw.outlet, "feed": raw.feed,
    }  # fmt: skip
    _put(
        writer,
        writer.create_warc_record(
            target, "metadata", payload=io.BytesIO(msgspec.json.encode(facts)), warc_content_type="application/json",
            warc_headers_dict={
                "WARC-Date": date, "WARC-Concurrent-To": record.rec_headers.get_header("WARC-Record-ID"),
            },
        )
    )  # fmt: skip


def _put(writer: Any, record: Any) -> None:
    writer.write_record(record)
    # For the digests warcio has put the payload into a temporary file.
    record.raw_stream.close()
