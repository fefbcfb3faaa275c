"""The rows of files as users have them: lines in UTF-8, or in what a byte order mark says."""

import codecs
import gzip
import io
from collections.abc import Iterator
from typing import Any

from ingest.body import MAX_BYTES
from schemas.errors import InputError

# Of a line of JSON with a page in it: every character may be escaped.
MAX_LINE_BYTES = 4 * MAX_BYTES
Opened = io.BufferedReader | gzip.GzipFile

# The mark of UTF-16 begins that of UTF-32.
_MARKS = ((codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
          (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip


def cut_lines(file: Opened, limit: int) -> Iterator[bytes]:
    """Lines in UTF-8, of which one of more than ``limit`` bytes comes cut, once."""
    file = _in_utf8(file)
    while line := file.readline(limit + 1):
        yield line
        while len(line) > limit and not line.endswith(b"\n"):
            if not (line := file.readline(limit + 1)):
                return


def bounded_lines(file: Opened, limit: int = MAX_LINE_BYTES) -> Iterator[bytes]:
    """The lines of a file that may open to anything. Raises ``InputError`` at one of more than ``limit`` bytes."""
    for number, line in enumerate(cut_lines(file, limit), 1):
        if len(line) > limit:
            raise InputError(f"line {number} is longer than {limit} bytes")
        yield line


def _in_utf8(file: Opened) -> Opened:
    """What a file holds, in UTF-8 and without a byte order mark."""
    start = file.peek(4)
    if start.startswith(codecs.BOM_UTF8):
        file.read(len(codecs.BOM_UTF8))
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return io.BufferedReader(_Recoded(file, encoding))
    return file


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
