"""Files as users have them. What a file is, its first bytes say, and not its name: gzip, UTF-16, lines or an array."""

import codecs
import contextlib
import gzip
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple

from ingest.body import MAX_BYTES
from schemas.errors import InputError

# Of JSON with a page in it: every character may be escaped.
MAX_ROW_BYTES = 4 * MAX_BYTES
Opened = io.BufferedReader | gzip.GzipFile

_CHUNK = 64 * 1024
# So much of a file tells what it is, whatever it begins with.
_START = 8 * 1024
_GZIP = b"\x1f\x8b"
# What tells where the elements of an array end, outside of strings and inside.
_PLAIN = re.compile(rb'["\[\]{},]')
_QUOTED = re.compile(rb'["\\]')
# The first line of an object that is written over several lines, or of one that holds the rows in a list.
_INDENTED = re.compile(rb'\{[^\S\n]*(?:"[^"\\\n]*"[^\S\n]*:[^\S\n]*[\[{][^\S\n]*)?\n')
# The mark of UTF-16 begins that of UTF-32.
_MARKS = ((codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
          (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip


class Row(NamedTuple):
    """A line of a file, or an element of its array, as it is written there; ``number`` counts from 1."""

    unit: Literal["line", "element"]
    number: int
    body: bytes

    def __str__(self) -> str:
        return f"{self.unit} {self.number}"


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Opened]:
    """A file, or what it opens to where it is gzip: read it with a bound."""
    with path.open("rb") as raw:
        file, start = _begun(raw, lambda start: len(start) >= len(_GZIP))
        if start.startswith(_GZIP):
            with gzip.GzipFile(fileobj=file) as inner:
                yield inner
        else:
            yield file


def cut_rows(file: Opened, limit: int) -> Iterator[Row]:
    """The lines of a file, or the elements of the one array that it holds, in UTF-8.

    One of more than ``limit`` bytes comes cut, once, and is still longer than ``limit``. Raises ``InputError`` where an
    array does not end, or something stands behind it, and for one object over several lines.
    """
    file, start = _begun(_in_utf8(file), _tells)
    start = start.lstrip()
    if _INDENTED.match(start):
        raise InputError("is one JSON object over several lines; a file is an array of rows, or has a row in each line")
    if _begins_array(start):
        yield from (Row("element", number, body) for number, body in enumerate(_elements(file, limit), 1))
    else:
        yield from (Row("line", number, body) for number, body in enumerate(_lines(file, limit), 1))


def bounded_rows(file: Opened, limit: int = MAX_ROW_BYTES) -> Iterator[Row]:
    """As ``cut_rows``; raises ``InputError`` at a row of more than ``limit`` bytes, too."""
    for row in cut_rows(file, limit):
        if len(row.body) > limit:
            raise InputError(f"{row} is longer than {limit} bytes")
        yield row


def _begun(file: Opened, enough: Callable[[bytes], bool]) -> tuple[Opened, bytes]:
    """A file at the same place, and its start, as far as it is ``enough``: a pipe gives what its writer has flushed,
    which may be a single byte.
    """
    start = file.peek(_START)
    if enough(start) or len(start) >= _START:
        return file, start
    start = b""
    while not enough(start) and len(start) < _START and (more := file.read1(_START)):
        start += more
    return io.BufferedReader(_Behind(start, file)), start


def _tells(start: bytes) -> bool:
    """Whether a start says if it begins an array, an object over several lines, or lines."""
    start = start.lstrip()
    if start.startswith(b"["):
        return bool(start[1:].strip())
    return b"\n" in start if start.startswith(b"{") else bool(start)


def _begins_array(start: bytes) -> bool:
    """Whether it is an array of objects, or empty. Any other may be a line that is no row."""
    return start[:1] == b"[" and start[1:].lstrip()[:1] in {b"{", b"]"}


def _lines(file: Opened, limit: int) -> Iterator[bytes]:
    while line := file.readline(limit + 1):
        yield line
        while len(line) > limit and not line.endswith(b"\n"):
            if not (line := file.readline(limit + 1)):
                return


def _elements(file: Opened, limit: int) -> Iterator[bytes]:
    """Only brackets, commas and quotes are looked at: an element with these in order spoils no other."""
    element = bytearray()
    depth, position = 0, 0
    quoted = cut = ended = False
    # read1: what lies before a place where gzip breaks off is taken.
    while chunk := file.read1(_CHUNK):
        start = 0
        while not ended and (mark := (_QUOTED if quoted else _PLAIN).search(chunk, position)):
            position = mark.end()
            if mark[0] == b"\\":
                position += 1
            elif mark[0] == b'"':
                quoted = not quoted
            elif mark[0] in b"[{":
                depth += 1
                start = position if depth == 1 else start
            elif mark[0] in b"]}":
                depth -= 1
            ended = depth == 0
            if ended or (depth == 1 and mark[0] == b","):
                _extend(element, chunk[start : mark.start()], limit)
                if element and not cut:
                    yield bytes(element)
                element.clear()
                cut, start = False, position
        if not ended:
            _extend(element, chunk[start:], limit)
            if len(element) > limit and not cut:
                cut = True
                yield bytes(element)
        elif chunk[position:].strip():
            raise InputError("something stands behind its array; a file is one array, or lines of JSON")
        # Behind a backslash the first character of the next chunk is no mark.
        position = max(0, position - len(chunk))
    if not ended:
        raise InputError("breaks off, or a quote or bracket is missing: its array does not end")


def _extend(element: bytearray, more: bytes, limit: int) -> None:
    element += (more if element else more.lstrip())[: limit + 1 - len(element)]


def _in_utf8(file: Opened) -> Opened:
    """What a file holds, in UTF-8 and without a byte order mark."""
    file, start = _begun(file, lambda start: len(start) >= len(codecs.BOM_UTF32_LE))
    if start.startswith(codecs.BOM_UTF8):
        file.read(len(codecs.BOM_UTF8))
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return io.BufferedReader(_Recoded(file, encoding))
    return file


class _Behind(io.RawIOBase):
    """What was read of a file to see what it is, and the file behind it."""

    def __init__(self, start: bytes, file: Opened) -> None:
        self._start = start
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        more = self._start[: len(buffer)] or self._file.read1(len(buffer))
        self._start = self._start[len(more) :]
        buffer[: len(more)] = more
        return len(more)


class _Recoded(io.RawIOBase):
    """A file in UTF-16 or UTF-32 as UTF-8. A character that is broken becomes U+FFFD."""

    def __init__(self, file: Opened, encoding: str) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder(encoding)(errors="replace")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        text, ended = "", False
        while not text and not ended:
            # Two bytes of UTF-16 become three at most.
            read = self._file.read1(len(buffer) // 4)
            ended = not read
            text = self._decoder.decode(read, final=ended)
        encoded = text.encode()
        buffer[: len(encoded)] = encoded
        return len(encoded)
