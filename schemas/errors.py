"""The one tree of errors.

Transient or terminal is a type, and that type alone decides whether a service retries or dead-letters:

    RemarkwireError
    ├── Transient                 the same work may succeed later: retry with backoff, keep the offset
    │   ├── KafkaUnavailable
    │   ├── ElasticsearchUnavailable
    │   ├── StateUnavailable      local files: no room on their disk, or damaged ones that were put aside
    │   └── FetchFailed           a page or feed that could not be had this time
    └── Terminal                  the same work fails again: name it, dead-letter it, go on
        ├── SettingsError         the configuration cannot be used; ends the process with advice
        ├── AccessRefused         Kafka or Elasticsearch is there and refuses us: certificate, password, key, rights
        ├── ServiceError          a local or embedded service did not start; names its log
        ├── InputError            a file that a person named cannot be read as what it should be
        ├── FetchRefused          policy forbids this fetch (robots, private address, size, redirects)
        ├── CleanError            a page that cannot be cleaned
        ├── IndexRejected         Elasticsearch refuses this document for good
        ├── ProcessingFailed      our own code raised on this input: a defect, named in the dead letter
        └── MessageError          a message that cannot be processed
            ├── EmptyMessage
            ├── NotJson
            ├── WrongVersion
            ├── InvalidMessage
            ├── MessageTooLarge
            └── TimeRefused       the broker does not take the record's time

Each error's ``reason`` is the word that DLQ headers, metrics and docs use for it.
"""

import re
from typing import ClassVar

import msgspec


class RemarkwireError(Exception):
    """Root of all errors that Remarkwire raises on purpose."""

    reason: ClassVar[str] = "error"


class Transient(RemarkwireError):
    """The same work may succeed later."""

    reason: ClassVar[str] = "transient"


class Terminal(RemarkwireError):
    """The same work fails again, however often it is tried."""

    reason: ClassVar[str] = "terminal"


def below(root: type[RemarkwireError]) -> list[type[RemarkwireError]]:
    """The errors of the tree below ``root``, those that parts of the program derive for themselves left out."""
    found = []
    for kind in root.__subclasses__():
        if kind.__module__ == __name__:
            found += [kind, *below(kind)]
    return found


class KafkaUnavailable(Transient):
    reason: ClassVar[str] = "kafka_unavailable"


class ElasticsearchUnavailable(Transient):
    reason: ClassVar[str] = "elasticsearch_unavailable"


class StateUnavailable(Transient):
    reason: ClassVar[str] = "state_unavailable"


class FetchFailed(Transient):
    """``why`` is the word under which it is counted."""

    reason: ClassVar[str] = "fetch_failed"

    def __init__(self, message: str, why: str = "failed") -> None:
        super().__init__(message)
        self.why = why


class SettingsError(Terminal):
    reason: ClassVar[str] = "settings"


class AccessRefused(Terminal):
    reason: ClassVar[str] = "access_refused"


class ServiceError(Terminal):
    reason: ClassVar[str] = "service"


class InputError(Terminal):
    reason: ClassVar[str] = "input"


class FetchRefused(Terminal):
    """``why`` is the word under which it is counted."""

    reason: ClassVar[str] = "fetch_refused"

    def __init__(self, message: str, why: str = "refused") -> None:
        super().__init__(message)
        self.why = why


class CleanError(Terminal):
    reason: ClassVar[str] = "clean"


class IndexRejected(Terminal):
    reason: ClassVar[str] = "index_rejected"


class ProcessingFailed(Terminal):
    reason: ClassVar[str] = "processing_failed"


class MessageError(Terminal):
    """A message that cannot be processed, whoever tries."""

    reason: ClassVar[str] = "message"


class EmptyMessage(MessageError):
    reason: ClassVar[str] = "empty_message"


class NotJson(MessageError):
    reason: ClassVar[str] = "not_json"


class WrongVersion(MessageError):
    reason: ClassVar[str] = "wrong_version"


class InvalidMessage(MessageError):
    reason: ClassVar[str] = "invalid_message"


class MessageTooLarge(MessageError):
    reason: ClassVar[str] = "message_too_large"


class TimeRefused(MessageError):
    """The record's time is further ahead of the broker's clock than its topic allows."""

    reason: ClassVar[str] = "time_refused"


# What a defect of ours raises on an input of strangers that nobody thought of. It must not stop what is behind it.
DEFECTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
    msgspec.MsgspecError,
    re.error,
)
