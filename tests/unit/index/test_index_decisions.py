"""What the sink decides, without any service: outcomes, batches, waits."""

from typing import Any

import pytest
from elastic_transport import ApiResponseMeta, HttpHeaders, NodeConfig
from elasticsearch import (
    ApiError,
    AuthenticationException,
    AuthorizationException,
    BadRequestError,
    ConflictError,
    NotFoundError,
    TransportError,
    UnsupportedProductError,
)
from hypothesis import given
from hypothesis import strategies as st

from processors.index.batching import Backoff, Limits
from processors.index.outcome import (
    Blocked,
    ItemAnswer,
    Outcome,
    RequestRefused,
    needs_somebody,
    outcome,
    request_error,
)
from schemas.errors import ElasticsearchUnavailable, Transient

NODE = NodeConfig("http", "127.0.0.1", 9200)


@pytest.mark.parametrize(
    ("status", "kind", "expected"),
    [
        (200, "", Outcome.DONE),
        (201, "", Outcome.DONE),
        (409, "version_conflict_engine_exception", Outcome.DONE),
        (400, "document_parsing_exception", Outcome.DEAD),
        (400, "strict_dynamic_mapping_exception", Outcome.DEAD),
        (429, "es_rejected_execution_exception", Outcome.AGAIN),
        (429, "cluster_block_exception", Outcome.AGAIN),
        (403, "cluster_block_exception", Outcome.AGAIN),
        (404, "index_not_found_exception", Outcome.AGAIN),
        (400, "index_closed_exception", Outcome.AGAIN),
        (401, "security_exception", Outcome.AGAIN),
        (502, "", Outcome.AGAIN),
        (503, "unavailable_shards_exception", Outcome.AGAIN),
        (504, "", Outcome.AGAIN),
        (405, "", Outcome.DEAD),
    ],
)
def test_the_answer_decides(status: int, kind: str, expected: Outcome) -> None:
    for failures in (0, 1, 1000):
        assert outcome(ItemAnswer(status, kind), failures, max_attempts=10) is expected


NO_WRITE_INDEX = ItemAnswer(
    400,
    "illegal_argument_exception",
    "no write index is defined for alias [remarkwire-stories-g1-write]. The write index may be explicitly disabled "
    "using is_write_index=false or the alias points to multiple indices without one being designated as a write index",
)


def test_an_alias_that_nobody_can_write_to_is_no_documents_fault() -> None:
    assert outcome(NO_WRITE_INDEX, 1000, max_attempts=10) is Outcome.AGAIN
    assert needs_somebody(NO_WRITE_INDEX)
    answer = {"error": {"type": NO_WRITE_INDEX.kind, "reason": NO_WRITE_INDEX.reason}}
    assert type(request_error(api_error(BadRequestError, 400, answer))) is Blocked
    other = ItemAnswer(400, "illegal_argument_exception", "the document says: no write index is defined for alias [x]")
    assert outcome(other, 1, max_attempts=10) is Outcome.DEAD


@pytest.mark.parametrize(
    ("status", "kind", "expected"),
    [(400, "index_closed_exception", True), (404, "index_not_found_exception", True), (403, "security_exception", True),
     (403, "cluster_block_exception", True), (429, "es_rejected_execution_exception", False), (503, "", False)],
)  # fmt: skip
def test_somebody_is_called_where_waiting_alone_does_not_help(status: int, kind: str, expected: bool) -> None:
    assert needs_somebody(ItemAnswer(status, kind)) is expected


def test_only_an_internal_error_has_a_limit() -> None:
    answer = ItemAnswer(500, "illegal_state_exception")
    assert outcome(answer, 9, max_attempts=10) is Outcome.AGAIN
    assert outcome(answer, 10, max_attempts=10) is Outcome.DEAD


def api_error(kind: type[ApiError], status: int, body: object) -> ApiError:
    meta = ApiResponseMeta(status, "1.1", HttpHeaders(), 0.1, NODE)
    return kind("synthetic", meta, body)


SAYS_WHY = {"error": {"type": "action_request_validation_exception", "reason": "synthetic"}}


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (api_error(ApiError, 413, ""), RequestRefused),
        (api_error(BadRequestError, 400, SAYS_WHY), RequestRefused),
        (api_error(BadRequestError, 400, "<html>plain HTTP to an HTTPS port</html>"), ElasticsearchUnavailable),
        (api_error(ApiError, 429, {}), ElasticsearchUnavailable),
        (api_error(ApiError, 503, {}), ElasticsearchUnavailable),
        (api_error(UnsupportedProductError, 200, {}), ElasticsearchUnavailable),
    ],
)
def test_what_a_failed_request_means(error: ApiError, expected: type[Exception]) -> None:
    assert type(request_error(error)) is expected


def leaves(kind: type[Any]) -> list[type[Any]]:
    below: list[type[Any]] = kind.__subclasses__()
    return [kind, *(leaf for one in below for leaf in leaves(one))]


@pytest.mark.parametrize("kind", leaves(TransportError))
def test_every_transport_error_is_transient(kind: type[TransportError]) -> None:
    assert isinstance(request_error(kind("synthetic")), Transient)


@pytest.mark.parametrize("kind", leaves(ApiError))
def test_every_error_of_the_client_is_mapped(kind: type[ApiError]) -> None:
    assert {ConflictError, NotFoundError, AuthenticationException, AuthorizationException} <= set(leaves(ApiError))
    assert isinstance(request_error(api_error(kind, 403, {})), Transient)


class Size(int):
    @property
    def size(self) -> int:
        return int(self)


@given(st.lists(st.integers(1, 50).map(Size), max_size=60), st.integers(1, 9), st.integers(1, 60))
def test_cutting_keeps_order_and_limits(documents: list[Size], count: int, size: int) -> None:
    parts = list(Limits(count, size, 1.0).cut(documents))
    assert [one for part in parts for one in part] == documents
    for part in parts:
        assert 0 < len(part) <= count
        assert sum(part) <= size or len(part) == 1


def test_a_batch_is_due_by_count_bytes_or_age() -> None:
    limits = Limits(documents=10, size=1000, seconds=2.0)
    assert limits.wait(9, 999, 0.5) == 1.5
    assert limits.wait(10, 0, 0.0) == 0.0
    assert limits.wait(1, 1000, 0.0) == 0.0
    assert limits.wait(1, 1, 3.0) == 0.0


def test_full_jitter_is_between_zero_and_a_bound_that_doubles() -> None:
    backoff = Backoff(base=0.5, cap=4.0)
    assert [backoff.delay(n, lambda: 1.0) for n in (1, 2, 3, 4, 10_000)] == [1.0, 2.0, 4.0, 4.0, 4.0]
    assert backoff.delay(3, lambda: 0.0) == 0.0
