"""The sum where an index is missing or cannot be read, or a letter's headers are odd."""

import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from elastic_transport import ApiResponseMeta, HttpHeaders, NodeConfig
from elasticsearch import BadRequestError, NotFoundError
from elasticsearch.helpers import ScanError

from console import accounting
from runtime.settings import Settings
from schemas.errors import ElasticsearchUnavailable
from tests.fakes import record

EPOCH = datetime.datetime.fromtimestamp(0, datetime.UTC)
META = ApiResponseMeta(400, "1.1", HttpHeaders(), 0.0, NodeConfig("http", "127.0.0.1", 9200))


def test_an_index_that_is_not_there_has_no_articles() -> None:
    """As that of a generation that was pruned; its refresh is refused already."""

    def refresh(**_: Any) -> None:
        meta = ApiResponseMeta(404, "1.1", HttpHeaders(), 0.0, NodeConfig("http", "127.0.0.1", 9200))
        raise NotFoundError("index_not_found_exception", meta, {})

    client: Any = SimpleNamespace(indices=SimpleNamespace(refresh=refresh))
    assert list(accounting._ids(client, "remarkwire-articles-g1")) == []


@pytest.mark.parametrize(
    "error", [BadRequestError("index_closed_exception", META, {}), ScanError("1", "1 of 2 shards")]
)
def test_an_index_that_cannot_be_read_is_named(error: Exception) -> None:
    """One that is closed, or whose shards are not all there."""

    def refresh(**_: Any) -> None:
        raise error

    client: Any = SimpleNamespace(indices=SimpleNamespace(refresh=refresh))
    with pytest.raises(ElasticsearchUnavailable, match="remarkwire-articles-g1: "):
        list(accounting._ids(client, "remarkwire-articles-g1"))


@pytest.mark.parametrize("text", [b"\xc2\xb2", b"x", b"9" * 5000])
def test_a_letter_whose_headers_have_odd_numbers_ends_no_sum(text: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """A record that names no article has its letter found by where it was."""

    def at(offset: int, **headers: bytes) -> SimpleNamespace:
        return record(offset=offset, value=b"x", headers=list(headers.items()))

    lying = {
        "articles.raw": [at(4), at(5)],
        "articles.raw.dlq": [
            at(0, dlq_partition=b"0", dlq_offset=b"4"),
            at(1, dlq_partition=text, dlq_offset=text),
        ],
    }
    monkeypatch.setattr(accounting, "records", lambda _, topic: lying.get(topic, []))
    monkeypatch.setattr(accounting, "_ids", lambda *_: [])
    client: Any = None
    found = accounting.account(Settings(), client, "remarkwire-articles-g1", EPOCH)
    assert (found.unreadable, found.unreadable_dead) == (2, 1)


def test_a_record_that_names_no_article_is_under_way_until_its_letter_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    lying = {"articles.raw": [record(offset=4, value=b"x")]}
    monkeypatch.setattr(accounting, "records", lambda _, topic: lying.get(topic, []))
    monkeypatch.setattr(accounting, "_ids", lambda *_: [])
    client: Any = None
    assert not accounting.account(Settings(), client, "remarkwire-articles-g1", EPOCH).whole
    letter = record(value=b"x", headers=[("dlq_partition", b"0"), ("dlq_offset", b"4")])
    lying["articles.raw.dlq"] = [letter]
    assert accounting.account(Settings(), client, "remarkwire-articles-g1", EPOCH).whole


def test_a_record_that_names_no_article_does_not_outlive_its_letter_in_the_sum(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its letter goes after a month, and it stays."""
    lying = {"articles.raw": [record(offset=4, value=b"x")]}
    monkeypatch.setattr(accounting, "records", lambda _, topic: lying.get(topic, []))
    monkeypatch.setattr(accounting, "_ids", lambda *_: [])
    client: Any = None
    later = EPOCH + datetime.timedelta(days=31)
    assert accounting.account(Settings(), client, "remarkwire-articles-g1", later).whole
