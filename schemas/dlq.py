"""The headers of a dead letter: where it came from, which stage gave it up, after how many attempts, and why.

The value and the key are the original bytes; the original headers are kept in front of these. Some clients send no
record that has neither key nor value: such a one has an empty value in the queue and ``dlq_null``.
"""

from dataclasses import dataclass

from schemas.errors import RemarkwireError
from schemas.message import Headers

PREFIX = "dlq_"
# The reason of a letter that names none.
UNKNOWN = "unknown"
_MAX_REASON_TEXT = 2000
# Of an offset.
_MAX_DIGITS = 19


@dataclass(frozen=True)
class Origin:
    """The record that could not be processed; ``timestamp_ms`` as Kafka gave it."""

    topic: str
    partition: int
    offset: int
    timestamp_ms: int


def dlq_headers(
    original: Headers | None,
    error: RemarkwireError,
    *,
    stage: str,
    origin: Origin,
    attempts: int,
    version: str,
    null: bool = False,
) -> Headers:
    """Headers of the dead letter. ``version`` is that of the code that gave up; ``null``: the record had no value, and
    the letter has an empty one instead.
    """
    text = " ".join(str(error).split())[:_MAX_REASON_TEXT]
    ours = {
        "reason": error.reason,
        "error": type(error).__name__,
        "message": text,
        "stage": stage,
        "attempts": str(attempts),
        "topic": origin.topic,
        "partition": str(origin.partition),
        "offset": str(origin.offset),
        "timestamp": str(origin.timestamp_ms),
        "version": version,
    }
    if null:
        ours["null"] = "1"
    kept = [(k, v) for k, v in original or [] if not k.startswith(PREFIX)]
    return kept + [(PREFIX + k, v.encode(errors="replace")) for k, v in ours.items()]


@dataclass(frozen=True)
class Letter:
    """What the headers of a dead letter say. ``original``: the headers that the record came with; ``null``: it came
    without a value, whatever the letter has.
    """

    reason: str
    error: str
    message: str
    stage: str
    attempts: int
    origin: Origin
    version: str
    original: Headers
    null: bool = False


def read_letter(headers: Headers) -> Letter:
    """Reads what ``dlq_headers`` wrote; what is missing or no number becomes empty, -1 or 0."""
    ours = {k.removeprefix(PREFIX): v.decode(errors="replace") for k, v in headers if k.startswith(PREFIX)}

    def number(name: str, otherwise: int) -> int:
        text = ours.get(name, "")
        return int(text) if text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS else otherwise

    return Letter(
        reason=ours.get("reason", UNKNOWN),
        error=ours.get("error", ""),
        message=ours.get("message", ""),
        stage=ours.get("stage", ""),
        attempts=number("attempts", 0),
        origin=Origin(ours.get("topic", ""), number("partition", -1), number("offset", -1), number("timestamp", 0)),
        version=ours.get("version", ""),
        original=[(k, v) for k, v in headers if not k.startswith(PREFIX)],
        null="null" in ours,
    )
