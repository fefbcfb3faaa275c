"""From a record of a topic to the two lines of a bulk request. Pure.

A tombstone is a dead letter (``EmptyMessage``), not a deletion: it carries no version; but for one that ``remarkwire
forget`` has sent, which is passed over. Deleted with a version of its
own (its timestamp, say) it would outrank decisions that are counted, not timed; and Elasticsearch forgets a deleted
version after a minute, so a repeated older record would bring the document back. Who takes something out sends its
last version with ``retracted``, or deletes from the index after the topics no longer have it, as ``forget`` does.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import msgspec

from schemas import AnnotatedArticle
from schemas.dlq import Origin
from schemas.errors import InvalidMessage
from schemas.index import Action, IndexName, IndexRole, Names, document
from schemas.message import FORGOTTEN_HEADER, Headers, epoch_ms, header
from schemas.topics import Topic


@dataclass(frozen=True)
class Record:
    """A record as Kafka gave it."""

    origin: Origin
    key: bytes | None
    value: bytes | None
    headers: Headers


def is_forgotten(record: Record, articles: Container[str]) -> bool:
    """Whether it is of one of these articles, which were taken out for good, or the tombstone of such a thing."""
    if record.value is None and header(record.headers, FORGOTTEN_HEADER) is not None:
        return True
    return (header(record.headers, "ce_subject") or "") in articles


@dataclass(frozen=True)
class Document:
    """A record as it goes to Elasticsearch: ``lines`` are the action and the source, without line breaks.
    ``published_ms``: of an article at its first visit, when it was published, as far as it says so. ``attempts``:
    requests that it was in; ``failures``: those of them that Elasticsearch answered with an error of its own for it.
    """

    record: Record
    role: IndexRole
    id: str
    time_ms: int
    lines: tuple[bytes, bytes]
    attempts: int = 0
    published_ms: int | None = None
    failures: int = 0

    @cached_property
    def size(self) -> int:
        """Bytes in a bulk request."""
        return len(self.lines[0]) + len(self.lines[1]) + 2

    def tried(self) -> "Document":
        # By hand: dataclasses.replace is a good part of the work on a document.
        attempts = self.attempts + 1
        return Document(
            self.record, self.role, self.id, self.time_ms, self.lines, attempts, self.published_ms, self.failures
        )

    def failed(self) -> "Document":
        return replace(self, failures=self.failures + 1)


class Reader:
    """Reads records of the topics that are indexed; ``topics`` maps a name on the broker to its topic."""

    def __init__(self, topics: Mapping[str, Topic], generation: int, prefix: str, names: Names) -> None:
        self._topics = topics
        self._generation = generation
        self._prefix = prefix
        self._names = names

    def read(self, record: Record) -> Document:
        """Raises ``MessageError`` for a record that nobody could index."""
        kind = self._topics[record.origin.topic].message
        message = kind.decode(record.value, record.headers)
        action = document(message, self._names)  # type: ignore[arg-type]
        try:
            lines = (self._head(action), msgspec.json.encode(action.body))
        except (UnicodeEncodeError, OverflowError) as error:
            raise InvalidMessage(f"{kind.TYPE} {action.id}: cannot be written as JSON: {error}") from error
        published = None
        if isinstance(message, AnnotatedArticle) and message.article.visit == 1:
            published = message.article.published
        published_ms = None if published is None else epoch_ms(published)
        return Document(record, action.role, action.id, action.time_ms, lines, published_ms=published_ms)

    def _head(self, action: Action) -> bytes:
        name = IndexName(action.role, self._generation, self._prefix)
        # external_gte: a repeated record writes the same again; a lower version is refused, which is success.
        head = {"_index": name.write_alias, "_id": action.id, "version": action.version, "version_type": "external_gte"}
        return msgspec.json.encode({"index": head})
