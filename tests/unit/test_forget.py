"""What `group` keeps of an article that was taken out: nothing that it said."""

import datetime
from collections import Counter
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from console import forget
from console.forget import _delete
from processors.group.grouper import Grouper
from runtime.settings import Settings
from schemas import Forgotten, GroupedReport, Outlet, Remark, Report
from tests.builders import QUAY, SPEAKER, report, source


def forgotten(of: Report) -> Report:
    """The report that `remarkwire forget` sends."""
    return Report(
        report_id=of.report_id, article_id=of.article_id, speaker_id=of.speaker_id, seq=of.seq, revision="",
        fetched=of.fetched + datetime.timedelta(days=1), url="", outlet=Outlet(id=""), title="", visit=2,
        forgotten=True,
    )  # fmt: skip


def test_a_forgotten_report_leaves_no_words_in_table_or_messages() -> None:
    first, copy = report("a", *QUAY, minute=0), report("b", *QUAY, minute=5)
    grouper = Grouper(SPEAKER)
    grouper.decide(first, source(0))
    before = grouper.decide(copy, source(1))
    (mine,) = (m for m in before.outputs if isinstance(m, GroupedReport) and m.article_id == "b")
    assert mine.decision.parts[0].copy_of == first.report_id

    after = grouper.decide(forgotten(first), source(2), late=True)
    assert after.entry is not None
    assert after.entry.gone == []
    own = [m for m in after.outputs if isinstance(m, GroupedReport | Remark) and m.article_id == "a"]
    assert own, "the decision itself is told"
    words = msgspec.json.encode([after.entry.report, after.entry.decision, own])
    for sentence in QUAY:
        assert sentence.encode() not in words
    assert first.title.encode() not in words
    (theirs,) = (m for m in after.outputs if isinstance(m, GroupedReport) and m.article_id == "b")
    assert (theirs.decision.parts[0].role, theirs.decision.parts[0].copy_of) == ("report", None)


def test_it_is_forgotten_too_when_it_was_only_taken_back_before() -> None:
    first = report("a", *QUAY)
    grouper = Grouper(SPEAKER)
    grouper.decide(first, source(0))
    empty = msgspec.structs.replace(forgotten(first), forgotten=False)
    taken_back = grouper.decide(empty, source(1)).entry
    assert taken_back is not None
    assert taken_back.gone, "an ordinary retraction is remembered, so that it can be repeated"
    later = msgspec.structs.replace(forgotten(first), fetched=empty.fetched + datetime.timedelta(minutes=1))
    entry = grouper.decide(later, source(2)).entry
    assert entry is not None
    assert entry.gone == []


def test_a_mark_that_cannot_be_read_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    mark = Forgotten(article_id="b", at=datetime.datetime(2026, 6, 3, tzinfo=datetime.UTC), note="asked for")
    kept = [
        SimpleNamespace(key=lambda k=key: k, value=lambda v=value: v, headers=lambda: None)
        for key, value in ((b"a", b"{"), (b"b", mark.encode()), (b"c", None))
    ]
    monkeypatch.setattr(forget, "records", lambda *_: kept)
    assert forget.known(Settings()) == {"b": mark}


class Elastic:
    """A fake cluster that gives ten thousand hits at most; ``documents``: article id by index and document id."""

    def __init__(self, documents: Mapping[str, dict[str, str]]) -> None:
        self.documents = documents
        self.indices = self

    def refresh(self, *, index: str) -> None:
        assert index in self.documents

    def search(self, *, index: str, query: Any, size: int, source_includes: list[str]) -> Any:
        wanted = set(query["terms"]["article_id"])
        hits = [
            {"_id": document, "_source": dict.fromkeys(source_includes, article)}
            for document, article in self.documents[index].items()
            if article in wanted
        ]
        return {"hits": {"hits": hits[: min(size, 10_000)]}}

    def delete(self, *, index: str, id: str) -> None:  # noqa: A002 - the client's word
        del self.documents[index][id]


def test_all_documents_of_an_article_go_however_many_there_are() -> None:
    documents = {f"remarkwire-{role}-g1": {"other": "b"} for role in ("articles", "reports", "remarks")}
    documents["remarkwire-remarks-g1"] |= {str(number): "a" for number in range(12_500)}
    removed: dict[str, Counter[str]] = {"a": Counter()}
    client: Any = Elastic(documents)
    _delete(client, Settings(), frozenset({"a"}), removed)
    assert set(map(tuple, map(dict.keys, documents.values()))) == {("other",)}
    assert removed["a"] == {"documents of remarks": 12_500}
