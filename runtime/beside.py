"""Files that are there as a whole or not at all."""

import gzip
import io
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any, cast

from schemas.errors import InputError


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """A place beside ``path`` to write to; it takes the place of ``path`` at the end, and is gone where that fails."""
    part = path.with_name(f".{path.name}.part")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def created(path: Path) -> Iterator[IO[bytes]]:
    """A file that is there as a whole or not at all, gzipped where its name ends with ``.gz``; what is no file, such as
    a pipe, gets all as it comes. Raises ``InputError`` where it cannot be opened or written, and ``BrokenPipeError``
    where the reader of a pipe has gone.
    """
    plain = not path.is_symlink() and (path.is_file() or not path.exists())
    with ExitStack() as stack:
        part = stack.enter_context(beside(path)) if plain else path
        try:
            raw = _Named(part, path)
        except OSError as error:
            raise InputError(f"{path}: cannot be opened ({error.strerror})") from error
        file: IO[bytes] = stack.enter_context(io.BufferedWriter(raw))
        if path.name.endswith(".gz"):
            # No time in the header: the same input gives the same bytes.
            packed = stack.enter_context(gzip.GzipFile(path.name, "wb", fileobj=file, mtime=0))
            file = cast("IO[bytes]", packed)
        yield file


class _Named(io.FileIO):
    """A file whose errors of writing name it. They come from whatever buffers before it, at its closing, too."""

    def __init__(self, part: Path, path: Path) -> None:
        super().__init__(part, "wb")
        self._path = path

    def write(self, data: Any, /) -> int:
        try:
            return super().write(data)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise InputError(f"{self._path}: cannot be written ({error.strerror})") from error
