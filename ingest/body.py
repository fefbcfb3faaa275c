"""Bodies of raw articles: zstd-compressed bytes, opened with a bound."""

import contextlib

import zstandard

from schemas.errors import CleanError

# An article page has some hundred kilobytes; what opens to more than this is a bomb or no page.
MAX_BYTES = 16 * 1024 * 1024
_LEVEL = 6


def pack(body: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=_LEVEL).compress(body)


def unpack(packed: bytes, limit: int = MAX_BYTES) -> bytes:
    """The bytes as fetched. Raises ``CleanError`` where they are no zstd or open to more than ``limit`` bytes."""
    if not packed:
        return b""
    opener = zstandard.ZstdDecompressor(max_window_size=1 << 27)
    # As ``pack`` makes them. Where a frame does not say its size, or is torn, a reader needs a buffer of the limit's.
    with contextlib.suppress(zstandard.ZstdError):
        if 0 < (size := zstandard.frame_content_size(packed)) <= limit:
            return opener.decompress(packed, max_output_size=size)
    try:
        with opener.stream_reader(packed) as reader:
            body = reader.read(limit + 1)
    except zstandard.ZstdError as error:
        raise CleanError(f"body of {len(packed)} bytes is no zstd: {error}") from error
    if len(body) > limit:
        raise CleanError(f"body opens to more than {limit} bytes")
    return body
