"""What `group` keeps of an article that was taken out: nothing that it said."""

import datetime
import re
from collections import Counter
from collections.abc import Collection, Mapping
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from console import forget
from console.forget import Done, Interrupted, derived, marks, raw
from console.forget.derived import _delete, _pass
from console.positions import Position
from processors.group.grouper import Grouper
from runtime.lifecycle import Stop
from runtime.settings import Settings
from schemas import Forgotten, Generation, GroupedReport, Outlet, Remark, Report, headers_of
from schemas.errors import ElasticsearchUnavailable, InputError, KafkaUnavailable
from schemas.operations import StageName
from schemas.topics import STAGES
from tests.articles import articles
from tests.builders import QUAY, SPEAKER, report, source
from tests.cli import remarkwire
from tests.fakes import record


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
    monkeypatch.setattr(marks, "records", lambda *_: kept)
    assert forget.known(Settings()) == {"b": mark}


class Elastic:
    """A fake cluster that gives ten thousand hits at most; ``documents``: article id by index and document id;
    ``lost``: ids of those whose deletion is answered by "not found".
    """

    def __init__(self, documents: Mapping[str, dict[str, str]], lost: Collection[str] = ()) -> None:
        self.documents, self._lost = documents, lost
        self.indices = self

    def options(self, *, ignore_status: int) -> "Elastic":
        assert ignore_status == 404
        return self

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

    def delete(self, *, index: str, id: str) -> dict[str, str]:  # noqa: A002 - the client's word
        del self.documents[index][id]
        return {"result": "not_found" if id in self._lost else "deleted"}


def test_all_documents_of_an_article_go_however_many_there_are() -> None:
    documents = {f"remarkwire-{role}-g1": {"other": "b"} for role in ("articles", "reports", "remarks")}
    documents["remarkwire-remarks-g1"] |= {str(number): "a" for number in range(12_500)}
    removed: dict[str, Counter[str]] = {"a": Counter()}
    client: Any = Elastic(documents)
    _delete(client, Settings(), frozenset({"a"}), removed)
    assert set(map(tuple, map(dict.keys, documents.values()))) == {("other",)}
    assert removed["a"] == {"documents of remarks": 12_500}


def test_a_document_whose_deletion_was_answered_twice_does_not_end_the_work() -> None:
    documents = {
        f"remarkwire-{role}-g1": {f"{role}1": "a", f"{role}2": "a"} for role in ("articles", "reports", "remarks")
    }
    removed: dict[str, Counter[str]] = {"a": Counter()}
    client: Any = Elastic(documents, lost={"articles1"})
    _delete(client, Settings(), frozenset({"a"}), removed)
    assert not any(documents.values())
    assert removed["a"] == {"documents of articles": 1, "documents of reports": 2, "documents of remarks": 2}


NOW = datetime.datetime(2026, 6, 3, tzinfo=datetime.UTC)
ONE = Generation(generation=1, made=NOW, state="ready", start="raw", stages=list(STAGES))


class Asked(Stop):
    """A stop that is asked for after so many pauses, which take no time."""

    def __init__(self, after: float = float("inf")) -> None:
        super().__init__()
        self.pauses, self._after = 0, after
        self._ask()

    def wait(self, seconds: float) -> bool:
        self.pauses += 1
        self._ask()
        return bool(self)

    def _ask(self) -> None:
        if self.pauses >= self._after:
            self.set()


def slow_stages(monkeypatch: pytest.MonkeyPatch, looks: Mapping[StageName, float]) -> None:
    """Stages that have done what there is for them when it was looked so many times."""
    left = dict(looks)

    def positions(*_: object) -> list[Position]:
        first = next((stage for stage in left if left[stage] > 0), None)
        found = [Position(stage, "topic", 0, 0 if left[stage] > 0 else 1, 0, 1) for stage in left]
        if first is not None:
            left[first] -= 1
        return found

    monkeypatch.setattr("console.generations.fill.positions", positions)
    monkeypatch.setattr("console.generations.fill.kafka.admin", lambda _: None)


def test_each_stage_is_waited_for_on_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    slow_stages(monkeypatch, {"group": 8, "index": 8})
    stop = Asked()
    _pass(Settings(), ONE, ["group", "index"], 10.0, stop)
    assert stop.pauses > 10, "both together are given more than one of them"
    slow_stages(monkeypatch, {"group": 2, "index": float("inf")})
    with pytest.raises(KafkaUnavailable, match="generation 1: index has not done within 10 s"):
        _pass(Settings(), ONE, ["group", "index"], 10.0, Asked())


def test_who_asks_to_end_while_it_waits_is_not_told_that_the_stages_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    slow_stages(monkeypatch, {"group": float("inf")})
    with pytest.raises(Interrupted):
        _pass(Settings(), ONE, ["group"], 10.0, Asked(after=3))


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What `forget` does to the one generation, written down instead of done."""
    done: list[str] = []
    monkeypatch.setattr(derived.registry, "read", lambda _: {1: ONE})
    monkeypatch.setattr(derived, "known", lambda _: {})
    monkeypatch.setattr(marks, "mark", lambda *_: None)
    for name in ("mark", "_pass", "_take_back", "_bury", "_delete", "_drop_letters"):
        monkeypatch.setattr(derived, name, lambda *_, name=name: done.append(name))
    return done


def test_nothing_is_deleted_once_somebody_has_asked_to_end(steps: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    client: Any = None

    def run(stop: Stop) -> Done:
        return forget.forget(Settings(), client, ["a"], "", say=lambda _: None, wait=1.0, stop=stop)

    with pytest.raises(Interrupted):
        run(Asked(after=0))
    assert "_take_back" not in steps
    late = Stop()
    monkeypatch.setattr(derived, "_pass", lambda *_: late.set() if "_take_back" in steps else None)
    with pytest.raises(Interrupted):
        run(late)
    assert "_take_back" in steps
    assert not {"_bury", "_delete"} & set(steps)
    assert run(Stop()).articles == 1
    assert {"_bury", "_delete"} <= set(steps)


def test_what_an_interrupted_call_removed_is_counted_and_not_claimed_by_the_next(
    steps: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    there = Counter({"reports": 1, "documents of reports": 2})
    kept: dict[str, Forgotten] = {}

    def remove(kind: str, removed: dict[str, Counter[str]]) -> None:
        removed["a"][kind] += there.pop(kind, 0)

    def delete(_client: object, _settings: Settings, _ids: object, removed: dict[str, Counter[str]]) -> None:
        if there["documents of reports"] == 2:
            removed["a"]["documents of reports"] += 1
            there["documents of reports"] -= 1
            raise ElasticsearchUnavailable("gone in between")
        remove("documents of reports", removed)

    monkeypatch.setattr(derived, "known", lambda _: dict(kept))
    for place in (derived, marks):
        monkeypatch.setattr(place, "mark", lambda _, every: kept.update({one.article_id: one for one in every}))
    monkeypatch.setattr(derived, "_take_back", lambda *given: remove("reports", given[-1]))
    monkeypatch.setattr(derived, "_delete", delete)
    client: Any = None

    def run() -> Done:
        return forget.forget(Settings(), client, ["a"], "", say=lambda _: None, wait=1.0, stop=Stop())

    with pytest.raises(ElasticsearchUnavailable):
        run()
    assert kept["a"].removed == {"reports": 1, "documents of reports": 1}
    done = run()
    assert +done.removed == {"documents of reports": 1}, "what this call removed"
    assert done.before == {"reports": 1, "documents of reports": 1}
    assert kept["a"].removed == {"reports": 1, "documents of reports": 2}
    again = run()
    assert not +again.removed
    assert again.before == kept["a"].removed


def test_what_earlier_calls_removed_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forget, "find_articles", lambda *_: ["a"])
    monkeypatch.setattr(forget, "forget", lambda *_, **__: Done(1, Counter(), Counter({"reports": 2})))
    result = remarkwire(Settings(), "forget", "a", "--yes")
    assert "1 article forgotten: nothing was left of them" in result.stderr
    assert "by earlier calls: 2 reports" in result.stderr


def test_raw_is_not_cut_once_somebody_has_asked_to_end(monkeypatch: pytest.MonkeyPatch) -> None:
    stop, cut = Stop(), []

    def truncate(_: Settings, upto: list[Any]) -> None:
        cut.append(upto)
        stop.set()  # while it asks whether the broker cuts at all

    monkeypatch.setattr(raw, "records", lambda *_: [])
    monkeypatch.setattr(raw, "_truncate", truncate)
    monkeypatch.setattr(raw.kafka, "producer", lambda _: None)
    monkeypatch.setattr(raw.kafka, "Deliveries", lambda _: SimpleNamespace(flush=lambda: None))
    with pytest.raises(Interrupted):
        forget.purge(Settings(), ["a"], say=lambda _: None, stop=stop)
    assert len(cut) == 1


def test_a_purge_keeps_all_that_is_not_a_copy_of_another_record(monkeypatch: pytest.MonkeyPatch) -> None:
    """An archive imported again, with a date, has the same ids; what an interrupted purge appended, the same bytes."""

    def at(offset: int, article_id: str, value: bytes, **headers: bytes) -> SimpleNamespace:
        found = [("ce_id", f"{article_id}@1".encode()), ("ce_subject", article_id.encode()), *headers.items()]
        return record(offset=offset, key=b"host", value=value, headers=found)

    there = [
        at(0, "kept", b"no date"),
        at(1, "gone", b"words"),
        at(2, "kept", b"with its date"),
        at(3, "kept", b"no date"),
        at(4, "kept", b"no date", schema_version=b"1.3"),
    ]
    sent: list[tuple[bytes, int]] = []

    def send(_topic: str, value: bytes, *, key: bytes, headers: list[Any], partition: int, timestamp_ms: int) -> None:
        sent.append((value, len(headers)))

    monkeypatch.setattr(raw, "records", lambda *_: iter(there))
    monkeypatch.setattr(raw, "_truncate", lambda *_: None)
    monkeypatch.setattr(raw, "known", lambda _: {})
    monkeypatch.setattr(raw, "mark", lambda *_: None)
    monkeypatch.setattr(raw.kafka, "producer", lambda _: None)
    monkeypatch.setattr(raw.kafka, "Deliveries", lambda _: SimpleNamespace(send=send, flush=lambda: None))
    done = forget.purge(Settings(), ["gone"], say=lambda _: None, stop=Stop())
    assert sent == [(b"no date", 2), (b"with its date", 2), (b"no date", 3)]
    assert done == {"removed": 1, "rewritten": 3}


def test_an_interrupted_command_says_so_and_purges_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> Done:
        raise Interrupted("interrupted; the same command goes on")

    purged: list[object] = []
    monkeypatch.setattr(forget, "find_articles", lambda *_: ["a"])
    monkeypatch.setattr(forget, "forget", interrupted)
    monkeypatch.setattr(forget, "purge", lambda *_, **__: purged.append(_))
    result = remarkwire(Settings(), "forget", "a", "--purge", "--yes")
    assert result.exit_code == 130
    assert "the same command goes on" in result.stderr
    assert purged == []


@pytest.mark.parametrize(
    ("ids", "said"),
    [
        ({"a1": "https://outlet.example/x"}, "https://outlet.example/x: not in articles.raw; an article goes by its"),
        ({"a1": "a1"}, "a1: not in articles.raw; `--url` finds an article by its address"),
    ],
)
def test_what_is_not_there_is_named_as_it_was_given(
    monkeypatch: pytest.MonkeyPatch, ids: dict[str, str], said: str
) -> None:
    monkeypatch.setattr(raw, "records", lambda *_: iter(()))
    monkeypatch.setattr(raw, "known", lambda _: {})
    with pytest.raises(InputError, match=re.escape(said)):
        forget.find_articles(Settings(), ids, [], lambda *_: None)


def of_outlets(*outlets: str) -> list[SimpleNamespace]:
    """Records of raw, one article of each outlet, with ids ``a0``, ``a1``, …"""
    found = []
    for number, outlet in enumerate(outlets):
        one = msgspec.structs.replace(articles(1)[0], article_id=f"a{number}", outlet=Outlet(id=outlet))
        found.append(record(value=one.encode(), headers=headers_of(one, "test")))
    return found


@pytest.mark.parametrize("given", ["outlet.example", "WWW.Outlet.example", "https://m.outlet.example/"])
def test_an_outlet_is_known_by_its_host_in_any_spelling(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw, "known", lambda _: {})
    monkeypatch.setattr(raw, "records", lambda *_: of_outlets("outlet.example", "other.example", "outlet.example"))
    assert forget.find_articles(Settings(), {}, [given], lambda *_: None) == ["a0", "a2"]
    assert forget.find_articles(Settings(), {"a0": "a0", "a2": "a2"}, [given], lambda *_: None) == ["a0", "a2"]


def test_an_outlet_without_an_article_is_named_and_nothing_is_taken_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw, "known", lambda _: {})
    monkeypatch.setattr(raw, "records", lambda *_: of_outlets("outlet.example"))
    taken: list[object] = []
    monkeypatch.setattr(forget, "forget", lambda *_, **__: taken.append(_))
    result = remarkwire(
        Settings(), "forget", "--outlet", "outlet.example", "--outlet", "Outlett.example", "--purge", "--yes"
    )
    assert isinstance(result.exception, InputError)
    assert str(result.exception).startswith("Outlett.example: no article")
    assert taken == []
