"""What all messages share: msgspec structs, JSON on the wire, CloudEvents attributes and schema version in headers.

A message's schema version is ``MAJOR.MINOR``. Within a major version every change is fully compatible: fields are
only added, and have defaults. So any minor version is read by any code of the same major version; another major
version is refused (``WrongVersion``), dead-lettered, and can be requeued once the code knows it.
"""

import datetime
from typing import Annotated, ClassVar, Protocol, Self

import msgspec

from schemas.errors import EmptyMessage, InvalidMessage, MessageTooLarge, NotJson, WrongVersion

TYPE_PREFIX = "remarkwire."
VERSION_HEADER = "schema_version"
# On a record without a value: what its key names was taken out (`remarkwire forget`), not lost.
FORGOTTEN_HEADER = "remarkwire_forgotten"

Headers = list[tuple[str, bytes]]

# A time without a zone is refused on decoding: it could not be compared with any other.
Moment = Annotated[datetime.datetime, msgspec.Meta(tz=True)]

# Larger values than this are not decoded by any stage: a page of text has kilobytes.
MAX_MESSAGE_BYTES = 4 * 1024 * 1024

_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_DAY = datetime.timedelta(days=1, milliseconds=-1)


class Model(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A part of a message: immutable, compared by value, defaults left out of the JSON."""


class Message(Model, frozen=True, kw_only=True, omit_defaults=True):
    """A value of a topic. ``TYPE`` names it in headers; ``VERSION`` is ``MAJOR.MINOR``."""

    TYPE: ClassVar[str]
    VERSION: ClassVar[str] = "1.4"

    def encode(self) -> bytes:
        return msgspec.json.encode(self)

    def sendable(self) -> bytes:
        """The same. Raises ``MessageTooLarge`` for what no reader and no broker would take."""
        value = self.encode()
        if len(value) > MAX_MESSAGE_BYTES:
            raise MessageTooLarge(f"{self.TYPE} to send: {len(value)} bytes, allowed are {MAX_MESSAGE_BYTES}")
        return value

    @classmethod
    def decode(cls, value: bytes | None, headers: Headers | None = None) -> Self:
        """Reads a message from the value and headers of a Kafka record.

        Raises ``EmptyMessage``, ``MessageTooLarge``, ``NotJson``, ``WrongVersion`` or ``InvalidMessage``. A record
        without a version header is read as today's version: files and hand-made messages have no headers.
        """
        if not value:
            raise EmptyMessage(f"{cls.TYPE}: the record has no value")
        if len(value) > MAX_MESSAGE_BYTES:
            raise MessageTooLarge(f"{cls.TYPE}: {len(value)} bytes, allowed are {MAX_MESSAGE_BYTES}")
        check_version(cls, headers)
        try:
            return msgspec.json.decode(value, type=cls)
        except msgspec.ValidationError as error:
            raise InvalidMessage(f"{cls.TYPE} {cls.VERSION}: {error}") from error
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise NotJson(f"{cls.TYPE}: {error}") from error


class Identified(Protocol):
    """What headers are made from; every message of a topic has these."""

    TYPE: ClassVar[str]
    VERSION: ClassVar[str]

    @property
    def message_id(self) -> str:
        """What makes this message the same message when it is sent twice."""

    @property
    def subject(self) -> str:
        """The id of the article (story, outlet …) that the message is about; lets readers count without parsing."""

    @property
    def time_ms(self) -> int:
        """Event time in milliseconds since 1970 (UTC), taken from the data, never from a clock."""


def epoch_ms(moment: datetime.datetime) -> int:
    """Milliseconds since 1970 (UTC); exact integer arithmetic, because a float's last digit may differ."""
    return (moment - _EPOCH) // datetime.timedelta(milliseconds=1)


def latest_moment(published: datetime.datetime) -> datetime.datetime:
    """The latest that a moment of publication can mean: midnight, whatever its zone, is how a date without a time is
    written, and means any time of that day.
    """
    return published + _DAY if published.time() == datetime.time() else published


def headers_of(message: Identified, stage: str) -> Headers:
    """CloudEvents 1.0 attributes in Kafka's binary content mode, and the schema version. Deterministic."""
    moment = msgspec.json.encode(datetime.datetime.fromtimestamp(message.time_ms / 1000, datetime.UTC)).strip(b'"')
    return [
        ("ce_specversion", b"1.0"),
        ("ce_id", message.message_id.encode()),
        ("ce_source", f"/remarkwire/{stage}".encode()),
        ("ce_type", (TYPE_PREFIX + message.TYPE).encode()),
        ("ce_subject", message.subject.encode()),
        ("ce_time", moment),
        ("content-type", b"application/json"),
        (VERSION_HEADER, message.VERSION.encode()),
    ]


def header(headers: Headers | None, name: str) -> str | None:
    """The last header of that name as text, as Kafka counts headers; None where there is none or it is no UTF-8."""
    for key, value in reversed(headers or []):
        if key == name and value is not None:
            try:
                return value.decode()
            except UnicodeDecodeError:
                return None
    return None


def check_version(cls: type[Message], headers: Headers | None) -> None:
    """Raises ``WrongVersion`` where the headers name another type or major version than ``cls`` has."""
    found = header(headers, VERSION_HEADER)
    if found is not None and found.partition(".")[0] != cls.VERSION.partition(".")[0]:
        raise WrongVersion(f"{cls.TYPE}: schema version {found!r}, this code reads {cls.VERSION.partition('.')[0]}.x")
    kind = header(headers, "ce_type")
    if kind is not None and kind != TYPE_PREFIX + cls.TYPE:
        raise WrongVersion(f"message type {kind!r} where {TYPE_PREFIX + cls.TYPE!r} is read")
