"""What an answer of Elasticsearch means for a document: done, again later, or dead. Pure.

Whether something is tried again follows from the answer alone. What every document would meet (cluster away, queue
full, index blocked, index missing, alias without an index to write to, not allowed) is waited for, however long: dead
letters are for what is wrong with one document. Only where the answer leaves this open (500) is there a limit: on such
answers for the document, whatever else it had to wait for between them.
"""

from dataclasses import dataclass
from enum import Enum

from elasticsearch import ApiError, TransportError, UnsupportedProductError

from schemas.errors import ElasticsearchUnavailable, IndexRejected

# The document as a whole or the request as a whole came at a bad time.
_AGAIN = frozenset({401, 403, 404, 408, 429, 502, 503, 504})
# What ends only when somebody acts, whatever the status: an index that is closed answers 400, as a bad document does.
_SOMEBODY_STATUS = frozenset({401, 403, 404})
_SOMEBODY_KIND = frozenset({"cluster_block_exception", "index_closed_exception"})
# An alias of several indices of which none is marked, or whose one is marked not to be written to: a rollover that was
# done by half, or aliases that were moved by hand. Its type is that of any wrong argument, so its words must tell.
_NO_WRITE_INDEX = "no write index is defined for alias"
_MAX_REASON_TEXT = 500


class Outcome(Enum):
    DONE = "done"
    AGAIN = "again"
    DEAD = "dead"


@dataclass(frozen=True)
class ItemAnswer:
    """The answer to one item of a bulk request. ``kind`` is Elasticsearch's error type, empty on success."""

    status: int
    kind: str = ""
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.status} {self.kind}: {self.reason[:_MAX_REASON_TEXT]}".strip(": ")


def needs_somebody(answer: ItemAnswer) -> bool:
    """Whether what is waited for does not end by itself: an index that is read-only (which is what Elasticsearch makes
    of one whose disk is full), closed or missing, an alias without an index to write to, or a user who may not write.
    """
    if answer.kind in _SOMEBODY_KIND or answer.status in _SOMEBODY_STATUS:
        return True
    return answer.status == 400 and answer.reason.startswith(_NO_WRITE_INDEX)


class Blocked(ElasticsearchUnavailable):
    """Waited for like everything that is away, but said loudly from the first time on. It never leaves the sink."""


class RequestRefused(IndexRejected):
    """The request as a whole was refused for what it holds: too large (413), or one item is malformed (400).

    It never leaves the sink, which answers it by sending less at once.
    """


def is_failure(answer: ItemAnswer) -> bool:
    """Whether it leaves open what was wrong, the document or the time: the only answers that are limited in number."""
    return answer.status >= 500 and answer.status not in _AGAIN and not needs_somebody(answer)


def outcome(answer: ItemAnswer, failures: int, max_attempts: int) -> Outcome:
    """Decides on a document that was answered with a failure (``is_failure``) ``failures`` times, this one included.

    409 is success: with external versions it says that this version or a higher one is there.
    """
    if answer.status < 300 or answer.status == 409:
        return Outcome.DONE
    if answer.status in _AGAIN or needs_somebody(answer):
        return Outcome.AGAIN
    if is_failure(answer) and failures < max_attempts:
        return Outcome.AGAIN
    return Outcome.DEAD


def dead(answer: ItemAnswer | str, document: str) -> IndexRejected:
    """The error that goes into the headers of the dead letter."""
    return IndexRejected(f"{document}: Elasticsearch refuses it for good: {answer}")


def request_error(error: ApiError | TransportError) -> ElasticsearchUnavailable | RequestRefused:
    """What the failure of a whole request means.

    A 400 is about the documents only where Elasticsearch says so: a proxy in front of it answers 400 too.
    """
    if isinstance(error, ApiError) and not isinstance(error, UnsupportedProductError):
        if error.status_code == 413:
            return RequestRefused(f"413: {error.message}")
        if error.status_code == 400 and isinstance(error.body, dict) and isinstance(error.body.get("error"), dict):
            why = error.body["error"]
            if needs_somebody(ItemAnswer(400, str(why.get("type", "")), _reason(why))):
                return Blocked(f"Elasticsearch takes nothing until somebody acts: 400 {error.message}: {_reason(why)}")
            return RequestRefused(f"400 {error.message}: {_reason(why)}")
        return ElasticsearchUnavailable(f"Elasticsearch: {error.status_code} {error.message}")
    return ElasticsearchUnavailable(f"Elasticsearch: {type(error).__name__}: {str(error)[:_MAX_REASON_TEXT]}")


def _reason(error: dict[str, object]) -> str:
    return str(error.get("reason", ""))[:_MAX_REASON_TEXT]
