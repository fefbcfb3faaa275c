"""Which generation reads what of which, what must stay when one goes, and what a comparison says."""

import datetime
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from elastic_transport import ApiResponseMeta, HttpHeaders, NodeConfig
from elasticsearch import BadRequestError, NotFoundError
from elasticsearch import ConnectionError as NoConnection

from console.generations import fill, overview, registry
from console.generations.compare import Snapshot, chosen, differing, regrouped
from console.generations.fill import Progress, Round, fills_reports, upstream
from console.generations.lineage import fed, follow, kept, last_promoted, promotable, pruned, same_replay, unfinished
from console.generations.registry import settings_of
from console.generations.trial import in_time
from console.positions import Position, feeders
from runtime.settings import Settings
from schemas import Generation, headers_of
from schemas.errors import ElasticsearchUnavailable, KafkaUnavailable, MessageError, SettingsError
from schemas.operations import StageName
from schemas.topics import STAGES
from tests.fakes import record

NOW = datetime.datetime(2026, 6, 3, 12, 0, tzinfo=datetime.UTC)
FIRST = Generation(generation=1, made=NOW, state="ready", start="raw", stages=list(STAGES))


def ready(one: Generation) -> Generation:
    return msgspec.structs.replace(one, state="ready")


def test_a_replay_from_raw_reads_nothing_of_others() -> None:
    one = follow(2, FIRST, "raw", NOW)
    assert one.stages == list(STAGES)
    assert one.inputs == {}
    assert one.state == "filling"
    assert not one.trial


def test_a_later_start_reads_what_stands_before_it() -> None:
    one = follow(2, FIRST, "annotated", NOW)
    assert one.stages == ["dispatch", "group", "index"]
    assert one.inputs == {
        "articles.clean": 1, "articles.skipped": 1, "outlets.profile": 1, "articles.annotated": 1,
    }  # fmt: skip
    further = follow(3, ready(one), "reports", NOW)
    assert further.stages == ["group", "index"]
    assert further.inputs == one.inputs | {"reports": 2}, "each from whoever fills it"


def test_a_part_is_a_trial_with_topics_of_its_own() -> None:
    one = follow(2, FIRST, "reports", NOW, since=NOW, speakers=["Q2", "Q1", "Q1"])
    assert one.trial
    assert one.speakers == ["Q1", "Q2"]
    assert (one.inputs["reports"], one.inputs["articles.annotated"], one.inputs["articles.clean"]) == (2, 2, 1)
    assert follow(2, FIRST, "raw", NOW, until=NOW).inputs == {"articles.raw": 2}


def test_only_what_has_its_own_reports_is_sorted() -> None:
    assert fills_reports(follow(2, FIRST, "raw", NOW))
    assert upstream(follow(2, FIRST, "clean", NOW)) == ["annotate", "dispatch"]
    assert not fills_reports(follow(2, FIRST, "reports", NOW))
    assert fills_reports(follow(2, FIRST, "reports", NOW, since=NOW))


def test_an_unfinished_replay_goes_on_with_the_same_options_only() -> None:
    one = follow(2, FIRST, "raw", NOW)
    assert unfinished({1: FIRST, 2: one}) == one
    assert unfinished({1: FIRST, 2: ready(one)}) is None
    assert same_replay(one, follow(3, FIRST, "raw", NOW + datetime.timedelta(hours=1)))
    assert not same_replay(one, follow(3, FIRST, "clean", NOW))
    assert not same_replay(one, follow(3, FIRST, "raw", NOW, speakers=["Q1"]))


def test_what_others_read_stays() -> None:
    second = ready(follow(2, FIRST, "reports", NOW))
    stages, topics = kept({1: FIRST, 2: second}, 1)
    assert stages == ["clean", "annotate", "dispatch"]
    assert topics == {"articles.clean", "articles.skipped", "outlets.profile", "articles.annotated", "reports"}
    assert kept({1: FIRST, 2: second}, 2) == ([], set())
    third = ready(follow(3, second, "annotated", NOW))
    stages, topics = kept({2: second, 3: third, 1: pruned(FIRST, stages)}, 1)
    assert stages == ["clean", "annotate", "dispatch"], "the second still reads its reports"
    gone = {1: pruned(FIRST, stages), 2: pruned(second, []), 3: third}
    stages, topics = kept(gone, 1)
    assert stages == ["clean", "annotate"]
    assert "reports" not in topics
    fourth = ready(follow(4, third, "raw", NOW))
    assert kept({**gone, 3: pruned(third, []), 4: fourth}, 1) == ([], set())


def test_who_runs_the_stages_that_a_generation_has_not() -> None:
    def of(one: Generation) -> list[tuple[int, list[StageName]]]:
        found = feeders(settings_of(Settings(), one))
        return [(their.pipeline.generation, list(their.pipeline.stages)) for their in found]

    second = ready(follow(2, FIRST, "annotated", NOW))
    assert of(FIRST) == []
    assert of(second) == [(1, ["clean", "annotate"])]
    assert of(follow(3, second, "reports", NOW)) == [(1, ["clean", "annotate"]), (2, ["dispatch"])]
    assert of(follow(3, FIRST, "annotated", NOW, since=NOW)) == [], "a trial reads a copy"


def test_run_starts_no_stage_of_a_trial_or_of_what_is_filling_or_pruned() -> None:
    filling, trial = follow(2, FIRST, "raw", NOW), ready(follow(3, FIRST, "raw", NOW, since=NOW))
    feeding, gone = pruned(FIRST, ["clean"]), pruned(FIRST, [])
    assert fed({1: feeding, 2: filling, 3: trial, 4: gone, 5: FIRST}) == [feeding, FIRST]


def test_the_one_promoted_last_is_known_without_the_aliases() -> None:
    def promoted(one: Generation, hours: int) -> Generation:
        return msgspec.structs.replace(ready(one), promoted=NOW + datetime.timedelta(hours=hours))

    second, third = follow(2, FIRST, "raw", NOW), follow(3, FIRST, "reports", NOW)
    trial = follow(4, FIRST, "raw", NOW, since=NOW)

    def last(*generations: Generation) -> int | None:
        found = last_promoted({one.generation: one for one in generations})
        return None if found is None else found.generation

    assert last() is None
    assert last(FIRST, ready(second)) == 1, "the first one was never promoted"
    assert last(FIRST, promoted(second, 1), ready(third), ready(trial)) == 2
    assert last(promoted(FIRST, 3), promoted(second, 1), promoted(third, 2)) == 1, "after a rollback"
    assert last(pruned(promoted(FIRST, 3), ["clean"]), promoted(second, 1), third) == 2


@pytest.mark.parametrize(
    ("number", "why"),
    [(1, "live already"), (2, "being filled"), (3, "trial"), (4, "does not exist"), (5, "does not exist")],
)
def test_what_cannot_be_promoted(number: int, why: str) -> None:
    known = {
        1: FIRST, 2: follow(2, FIRST, "raw", NOW), 3: ready(follow(3, FIRST, "raw", NOW, since=NOW)),
        4: pruned(follow(4, FIRST, "raw", NOW), []),
    }  # fmt: skip
    with pytest.raises(SettingsError, match=why):
        promotable(known, number, 1)
    assert promotable(known | {2: ready(known[2])}, 2, 1).generation == 2


def at(stage: StageName, committed: int, high: int, partition: int = 0) -> Position:
    return Position(stage, f"topic-of-{stage}", partition, committed, 0, high)


def test_a_round_follows_what_was_there_from_stage_to_stage() -> None:
    one = Round(["clean", "annotate"])
    assert not one.look([at("clean", 3, 5), at("annotate", 2, 2)])
    assert not one.look([at("clean", 4, 9), at("annotate", 3, 3)]), "what came later is not of this round"
    assert not one.look([at("clean", 5, 9), at("annotate", 3, 4)]), "its last record is now the next stage's"
    assert one.look([at("clean", 5, 9), at("annotate", 4, 8)])


def test_a_round_waits_for_every_partition() -> None:
    one = Round(["clean"])
    assert not one.look([at("clean", 5, 5), at("clean", 0, 1, partition=1)])
    assert one.look([at("clean", 5, 9), at("clean", 1, 4, partition=1)])


def test_rounds_wait_for_a_broker_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    answers: list[KafkaUnavailable | list[Position]] = [[at("clean", 1, 3)], *[KafkaUnavailable("away")] * 5]

    def positions(*_: object) -> list[Position]:
        found = answers.pop(0) if answers else [at("clean", 3, 3)]
        if isinstance(found, KafkaUnavailable):
            raise found
        return found

    def pause(seconds: float) -> bool:
        nonlocal now
        now += seconds
        return False

    def goes_round(unanswered: float) -> bool:
        return fill.rounds(
            Settings(), ["clean"], seen.append, pause=pause, unanswered=unanswered, clock=lambda: now
        )  # fmt: skip

    seen: list[Progress] = []
    monkeypatch.setattr(fill, "positions", positions)
    monkeypatch.setattr(fill.kafka, "admin", lambda _: None)
    assert goes_round(6.0)
    assert seen == [Progress(1, 3), Progress(3, 3)]
    answers[:] = [KafkaUnavailable("away")] * 5
    with pytest.raises(KafkaUnavailable):
        goes_round(3.0)
    answers[:] = [KafkaUnavailable("away")]
    with pytest.raises(KafkaUnavailable):
        goes_round(0.0)


def test_reports_are_regrouped_when_their_company_changes_not_when_the_story_has_another_id() -> None:
    ours = {"a": "s1", "b": "s1", "c": "s2", "d": "s3", "gone": "s1"}
    assert regrouped(ours, {"a": "t1", "b": "t1", "c": "s2", "d": "s3", "new": "t1"}) == ()
    assert regrouped(ours, {"a": "s1", "b": "s1", "c": "s1", "d": "s3"}) == ("a", "b", "c")
    assert regrouped(ours, {"a": "s1", "b": "s9", "c": "s2", "d": "s3"}) == ("a", "b")


def test_documents_differ_in_what_they_say_not_in_counters() -> None:
    assert differing({"a": 1, "decision_seq": 4}, {"a": 1, "decision_seq": 5}) == ()
    assert differing({"a": 1, "b": 2}, {"a": 2, "c": 3}) == ("a", "b", "c")


def test_a_sample_is_the_same_every_time() -> None:
    ids = {f"id-{n}" for n in range(100)}
    assert chosen(ids, 10) == chosen(set(ids), 10)
    assert len(chosen(ids, 10)) == 10
    assert chosen(ids, None) == sorted(ids)


def test_a_trial_takes_what_was_fetched_in_its_time() -> None:
    one = follow(2, FIRST, "raw", NOW, since=NOW, until=NOW + datetime.timedelta(hours=1))

    def fetched(text: str, kind: bytes = b"remarkwire.report") -> list[tuple[str, bytes]]:
        return [("ce_time", text.encode()), ("ce_type", kind)]

    assert in_time(one, fetched("2026-06-03T12:00:00Z"))
    assert not in_time(one, fetched("2026-06-03T11:59:59.999Z"))
    assert not in_time(one, fetched("2026-06-03T13:00:00Z"))
    assert not in_time(one, fetched("2026-06-03T12:30:00Z", b"remarkwire.mark"))
    assert not in_time(one, [])
    assert not in_time(one, fetched("noon"))
    of_one = [*fetched("2026-06-03T12:00:00Z"), ("ce_subject", b"gone")]
    assert in_time(one, of_one)
    assert not in_time(one, of_one, frozenset({"gone"})), "what was forgotten is not copied"


def test_of_each_generation_the_last_record_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    def of(number: bytes, value: bytes | None) -> SimpleNamespace:
        return record(key=number, value=value, headers=headers_of(FIRST, "replay"))

    good, bad = of(b"1", FIRST.encode()), of(b"1", b"{")
    told = [bad, of(b"2", ready(follow(2, FIRST, "raw", NOW)).encode()), good, of(b"2", None)]
    monkeypatch.setattr(registry, "exists", lambda *_: True)
    monkeypatch.setattr(registry, "records", lambda *_: told)
    assert registry.read(Settings()) == {1: FIRST}
    told.append(bad)
    with pytest.raises(
        MessageError, match=r"^t/0/0 \(key '1'\): .*Input data was truncated.* a sound record with this key"
    ):
        registry.read(Settings())


@pytest.mark.parametrize("key", [b"zzz", b"\xff", b"01", b"", None])
def test_what_is_of_no_generation_is_passed_over_and_named_once(
    key: bytes | None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    foreign = record(topic=f"generations-{key!r}", key=key, value=b"{x")
    told = [record(key=b"1", value=FIRST.encode(), headers=headers_of(FIRST, "replay")), foreign]
    monkeypatch.setattr(registry, "exists", lambda *_: True)
    monkeypatch.setattr(registry, "records", lambda *_: told)
    assert [registry.read(Settings()) for _ in range(2)] == [{1: FIRST}] * 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("is passed over") == 1


def test_what_was_just_written_is_counted() -> None:
    written, searchable = 3, {"count": 0}

    def refresh(*, index: str) -> None:
        searchable["count"] = written

    indices = SimpleNamespace(refresh=refresh, stats=lambda **_: {})
    client: Any = SimpleNamespace(count=lambda **_: searchable, indices=indices)
    documents, _ = overview._sizes(client, "remarkwire", 2)
    assert set(documents.values()) == {written}


META = ApiResponseMeta(404, "1.1", HttpHeaders(), 0.0, NodeConfig("http", "127.0.0.1", 9200))


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (NotFoundError("index_not_found_exception", META, {}), SettingsError),
        (BadRequestError("index_closed_exception", META, {}), ElasticsearchUnavailable),
        (NoConnection("refused"), ElasticsearchUnavailable),
    ],
)
def test_a_comparison_that_cannot_be_made_says_of_which_index(error: Exception, kind: type[Exception]) -> None:
    def refresh(**_: Any) -> None:
        raise error

    client: Any = SimpleNamespace(indices=SimpleNamespace(refresh=refresh))
    with pytest.raises(kind, match="remarkwire-articles-g2"):
        Snapshot.take(client, "remarkwire", 2)
