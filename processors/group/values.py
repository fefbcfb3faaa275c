"""The values of the table of entries, as bytes: what is put there, and what is read back."""

import msgspec
import zstandard

from processors.group.grouper import Outcome
from schemas import Entry
from schemas.errors import InvalidMessage, MessageTooLarge
from schemas.message import MAX_MESSAGE_BYTES

# What an entry may be before it is compressed: some 25,000 changes in other reports of sixteen statements each.
MOST_BYTES = 64 * 1024 * 1024


def puts_of(outcome: Outcome) -> list[tuple[bytes, bytes]]:
    """The entries of an outcome by their keys. Raises ``MessageTooLarge`` for what could not be read back."""
    entries = [*outcome.kept, *([outcome.entry] if outcome.entry is not None else [])]
    return [(entry.report.report_id.encode(), value_of(entry)) for entry in entries]


def value_of(entry: Entry) -> bytes:
    """An entry as the table has it: the JSON, compressed where it is larger than a message may be.

    It is where another report becomes the first of a story of more than a thousand: each of the others changes. Raises
    ``MessageTooLarge`` where it is larger than ``MOST_BYTES``, or than a message all the same.
    """
    value = entry.encode()
    if len(value) <= MAX_MESSAGE_BYTES:
        return value
    about = f"{entry.message_id}: entry of {len(value)} bytes with {len(entry.changes)} changes in other reports"
    if len(value) > MOST_BYTES:
        raise MessageTooLarge(f"{about}, allowed are {MOST_BYTES} (docs/grouping.md, State)")
    packed = zstandard.ZstdCompressor().compress(value)
    if len(packed) > MAX_MESSAGE_BYTES:
        raise MessageTooLarge(f"{about}, {len(packed)} compressed, allowed are {MAX_MESSAGE_BYTES}")
    return packed


def entry_of(value: bytes) -> Entry:
    """The entry of a value of the table. Raises ``MessageError`` for what is none."""
    if not value.startswith(zstandard.FRAME_HEADER):
        return Entry.decode(value)
    if (size := zstandard.frame_content_size(value)) > MOST_BYTES:
        raise MessageTooLarge(f"{Entry.TYPE}: opens to {size} bytes, allowed are {MOST_BYTES}")
    try:
        return msgspec.json.decode(zstandard.ZstdDecompressor().decompress(value), type=Entry)
    except (zstandard.ZstdError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidMessage(f"{Entry.TYPE}, compressed: {error}") from error
