"""The sink against scripted answers of Elasticsearch: what is retried, given up, committed. All is synthetic."""

import datetime
import json
import random
from collections import Counter
from collections.abc import Callable, Container, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.index.batching import Limits
from processors.index.outcome import Blocked, ItemAnswer, RequestRefused
from processors.index.records import Document, Reader, Record
from processors.index.service import excuse
from processors.index.sink import DeadLetter, Sink
from runtime import metrics
from schemas import Headers, Story, StoryRemark, headers_of
from schemas.dlq import Origin
from schemas.errors import ElasticsearchUnavailable, KafkaUnavailable
from schemas.index.documents import remark_line
from schemas.message import FORGOTTEN_HEADER
from schemas.topics import STORIES

TOPIC = "stories.g1"
AT = datetime.datetime(2026, 6, 3, 9, 0, tzinfo=datetime.UTC)
Answer = ItemAnswer | Exception
OK = ItemAnswer(200)
BUSY = ItemAnswer(429, "es_rejected_execution_exception", "queue full")
WRONG = ItemAnswer(400, "document_parsing_exception", "synthetic")


class Elastic:
    """A fake cluster: keeps the highest version of each document; ``answer`` says what happens to each item first."""

    def __init__(self) -> None:
        self.answer: Callable[[str], ItemAnswer] = lambda _id: OK
        self.request: Callable[[Sequence[Document]], Exception | None] = lambda _documents: None
        self.versions: dict[str, int] = {}
        self.requests: list[list[str]] = []

    def __call__(self, documents: Sequence[Document], /) -> list[ItemAnswer]:
        self.requests.append([one.id for one in documents])
        if error := self.request(documents):
            raise error
        return [self._write(one) for one in documents]

    def _write(self, document: Document) -> ItemAnswer:
        answer = self.answer(document.id)
        if answer.status != 200:
            return answer
        version = json.loads(document.lines[0])["index"]["version"]
        if version < self.versions.get(document.id, 0):
            return ItemAnswer(409, "version_conflict_engine_exception")
        self.versions[document.id] = version
        return OK


class Grave:
    """A fake dead-letter queue."""

    def __init__(self) -> None:
        self.letters: list[DeadLetter] = []
        self.away = False

    def __call__(self, letters: Sequence[DeadLetter], /) -> None:
        if self.away:
            raise KafkaUnavailable("synthetic")
        self.letters += letters

    @property
    def reasons(self) -> list[str]:
        return [letter.error.reason for letter in self.letters]


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Scene:
    """A sink with its surroundings."""

    def __init__(
        self,
        documents: int = 500,
        size: int = 1_000_000,
        seconds: float = 1.0,
        attempts: int = 3,
        forgotten: Container[str] = frozenset(),
    ) -> None:
        self.elastic, self.grave, self.clock = Elastic(), Grave(), Clock()
        self.sink = Sink(
            Reader({TOPIC: STORIES}, 1, "remarkwire", {}),
            self.elastic,
            self.grave,
            limits=Limits(documents, size, seconds),
            max_attempts=attempts,
            random=lambda: 0.5,
            clock=self.clock,
            forgotten=forgotten,
        )

    def arrives(self, *stories: str, first: int = 0, partition: int = 0, version: int = 1) -> None:
        for number, story_id in enumerate(stories):
            self.sink.add(record(story_id, first + number, partition, version))

    @property
    def commit(self) -> dict[int, int]:
        return {partition: offset for (_, partition), offset in self.sink.committable.items()}


def record(story_id: str, offset: int, partition: int = 0, version: int = 1) -> Record:
    story = Story(story_id=story_id, speaker_id="Q1", decision_seq=version, updated=AT, title="Synthetic")
    return raw(story.encode(), offset, partition, headers_of(story, "group"))


def raw(value: bytes | None, offset: int, partition: int = 0, headers: Headers | None = None) -> Record:
    return Record(Origin(TOPIC, partition, offset, 0), b"key", value, headers or [])


def test_documents_are_written_to_the_write_alias_with_their_version() -> None:
    document = Reader({TOPIC: STORIES}, 3, "other", {}).read(record("s", 0, version=7))
    assert json.loads(document.lines[0]) == {
        "index": {"_index": "other-stories-g3-write", "_id": "s", "version": 7, "version_type": "external_gte"}
    }
    assert json.loads(document.lines[1])["story_id"] == "s"


def test_what_was_forgotten_is_passed_over_and_committed() -> None:
    gone: set[str] = set()
    scene = Scene(forgotten=gone)
    scene.arrives("a")
    gone.add("b")
    scene.arrives("b", "c", first=1)
    scene.sink.add(raw(None, 3, headers=[("ce_subject", b"b"), (FORGOTTEN_HEADER, b"1")]))
    scene.sink.flush()
    assert set(scene.elastic.versions) == {"a", "c"}
    assert scene.grave.letters == []
    assert scene.commit == {0: 4}


def test_nothing_is_free_to_commit_before_it_is_durable() -> None:
    scene = Scene()
    scene.arrives("a", "b")
    assert scene.commit == {}
    scene.sink.flush()
    assert scene.commit == {0: 2}
    scene.sink.committed(scene.sink.committable.items())
    assert scene.commit == {}


def test_a_batch_is_due_by_count_or_age() -> None:
    scene = Scene(documents=3, seconds=2.0)
    assert scene.sink.wait() is None
    scene.arrives("a", "b")
    scene.clock.now += 0.5
    assert scene.sink.wait() == 1.5
    scene.arrives("c", first=2)
    assert scene.sink.wait() == 0.0


def test_only_refused_items_are_sent_again_and_hold_back_the_offsets_behind_them() -> None:
    scene = Scene()
    scene.arrives("a", "b", "c")
    scene.elastic.answer = lambda id_: BUSY if id_ == "b" else OK
    scene.sink.flush()
    assert (scene.sink.blocked, scene.commit) == (True, {0: 1})
    assert scene.sink.wait() == pytest.approx(0.25)
    scene.elastic.answer = lambda _id: OK
    scene.sink.flush()
    assert (scene.sink.blocked, scene.commit) == (False, {0: 3})
    assert scene.elastic.requests == [["a", "b", "c"], ["b"]]


def test_waits_grow_while_it_is_refused_and_nothing_is_given_up() -> None:
    scene = Scene(attempts=3)
    scene.arrives("a")
    scene.elastic.answer = lambda _id: BUSY
    waits = []
    for _ in range(9):
        scene.sink.flush()
        waits.append(scene.sink.wait())
    assert waits == pytest.approx([0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 15.0, 15.0])
    assert scene.grave.letters == []


def test_an_internal_error_is_given_up_after_the_last_attempt() -> None:
    scene = Scene(attempts=3)
    scene.arrives("a")
    scene.elastic.answer = lambda _id: ItemAnswer(500, "illegal_state_exception", "synthetic")
    for _ in range(3):
        assert scene.grave.letters == []
        scene.sink.flush()
    assert [(letter.error.reason, letter.attempts) for letter in scene.grave.letters] == [("index_rejected", 3)]
    assert scene.commit == {0: 1}


@pytest.mark.parametrize("away", [BUSY, ItemAnswer(503, "unavailable_shards_exception"), None])
def test_an_internal_error_after_an_outage_is_the_first_of_its_kind(away: ItemAnswer | None) -> None:
    scene = Scene(attempts=2)
    scene.arrives("a")
    if away is None:
        scene.elastic.request = lambda _documents: ElasticsearchUnavailable("synthetic")
    else:
        scene.elastic.answer = lambda _id: away
    for _ in range(5):
        scene.sink.flush()
    scene.elastic.request = lambda _documents: None
    scene.elastic.answer = lambda _id: ItemAnswer(500, "node_closed_exception", "synthetic")
    scene.sink.flush()
    assert (scene.grave.letters, scene.commit) == ([], {})
    scene.elastic.answer = lambda _id: OK
    scene.sink.flush()
    assert (scene.grave.letters, scene.commit) == ([], {0: 1})


def test_while_elasticsearch_is_away_everything_waits() -> None:
    scene = Scene(documents=2)
    scene.arrives("a", "b", "c", "d", "e")
    scene.elastic.request = lambda _documents: ElasticsearchUnavailable("synthetic")
    scene.sink.flush()
    assert (scene.sink.pending, scene.commit, str(scene.sink.trouble)) == (5, {}, "synthetic")
    scene.elastic.request = lambda _documents: None
    scene.sink.flush()
    assert scene.elastic.requests == [["a", "b"], ["c", "d"], ["e"]] * 2
    assert scene.commit == {0: 5}


def test_an_alias_without_an_index_to_write_to_is_waited_for_and_said_loudly() -> None:
    scene = Scene()
    scene.arrives("a", "b")
    scene.elastic.answer = lambda _id: ItemAnswer(
        400,
        "illegal_argument_exception",
        "no write index is defined for alias [remarkwire-stories-g1-write]. Synthetic",
    )
    scene.sink.flush()
    assert (scene.grave.letters, scene.commit, scene.sink.pending) == ([], {}, 2)
    assert isinstance(scene.sink.trouble, Blocked)
    assert "no write index" in str(scene.sink.trouble)
    scene.elastic.answer = lambda _id: OK
    scene.sink.flush()
    assert (scene.sink.blocked, scene.commit) == (False, {0: 2})


def test_a_topic_that_was_made_anew_while_records_are_at_work_ends_the_service() -> None:
    scene = Scene()
    scene.arrives("a", first=7, partition=1)
    with pytest.raises(KafkaUnavailable, match=r"stories.g1, partition 1: record 0 came after record 7"):
        scene.arrives("b", first=0, partition=1)
    assert scene.commit == {}


def test_a_topic_that_was_made_anew_is_read_from_its_beginning_where_nothing_was_at_work() -> None:
    scene = Scene()
    scene.arrives("a", first=7)
    scene.sink.flush()
    scene.arrives("b", first=0)
    scene.sink.flush()
    assert (set(scene.elastic.versions), scene.commit) == ({"a", "b"}, {0: 1})


def test_a_lower_version_is_done() -> None:
    scene = Scene()
    scene.arrives("a", version=5)
    scene.arrives("a", first=1, version=4)
    scene.sink.flush()
    assert (scene.elastic.versions, scene.commit, scene.grave.letters) == ({"a": 5}, {0: 2}, [])


def test_a_document_that_is_wrong_is_buried_before_its_offset_is_free() -> None:
    scene = Scene()
    scene.arrives("a", "b", "c")
    scene.elastic.answer = lambda id_: WRONG if id_ == "b" else OK
    scene.grave.away = True
    scene.sink.flush()
    assert (scene.commit, scene.sink.blocked) == ({0: 1}, True)
    scene.grave.away = False
    scene.sink.flush()
    assert (scene.commit, scene.sink.blocked) == ({0: 3}, False)
    assert scene.elastic.requests == [["a", "b", "c"]]
    [letter] = scene.grave.letters
    assert "stories b" in str(letter.error)
    assert "document_parsing_exception" in str(letter.error)


@pytest.mark.parametrize(
    ("value", "headers", "reason"),
    [
        (None, [], "empty_message"),
        (b"", [], "empty_message"),
        (b"no json", [], "not_json"),
        (b'{"x":' + b"[" * 100_000, [], "not_json"),
        (b'{"story_id": 1}', [], "invalid_message"),
        (b"{}", [("schema_version", b"2.0")], "wrong_version"),
        (b"x" * 5_000_000, [], "message_too_large"),
    ],
)
def test_what_nobody_can_read_is_buried_and_the_rest_goes_on(
    value: bytes | None, headers: Headers, reason: str
) -> None:
    scene = Scene()
    scene.sink.add(raw(value, 0, headers=headers))
    scene.arrives("a", first=1)
    scene.sink.flush()
    assert scene.grave.reasons == [reason]
    assert scene.grave.letters[0].record.value == value
    assert (scene.elastic.versions, scene.commit) == ({"a": 1}, {0: 2})


@pytest.mark.parametrize("why", ["413: too large", "400: id too long"])
def test_a_request_that_is_refused_as_a_whole_is_split_down_to_the_one(why: str) -> None:
    scene = Scene()
    scene.arrives("a", "b", "c", "d", "e")
    scene.elastic.request = lambda documents: RequestRefused(why) if "d" in [one.id for one in documents] else None
    scene.sink.flush()
    assert sorted(scene.elastic.versions) == ["a", "b", "c", "e"]
    assert [letter.record.origin.offset for letter in scene.grave.letters] == [3]
    assert why in str(scene.grave.letters[0].error)
    assert scene.commit == {0: 5}


def test_what_is_too_large_together_goes_in_parts() -> None:
    scene = Scene()
    scene.arrives("a", "b", "c", "d", "e")
    scene.elastic.request = lambda documents: RequestRefused("413") if len(documents) > 2 else None
    scene.sink.flush()
    assert (scene.commit, scene.grave.letters) == ({0: 5}, [])
    assert len(scene.elastic.versions) == 5


def test_partitions_that_are_lost_are_forgotten_and_the_others_go_on() -> None:
    scene = Scene()
    scene.elastic.answer = lambda _id: BUSY
    scene.arrives("a", "b", partition=0)
    scene.arrives("c", partition=1)
    scene.sink.flush()
    scene.sink.discard([(TOPIC, 0)])
    assert scene.sink.pending == 1
    scene.elastic.answer = lambda _id: OK
    scene.sink.flush()
    assert (scene.commit, scene.elastic.versions) == ({1: 1}, {"c": 1})
    scene.arrives("a", "b", partition=0)
    scene.sink.flush()
    assert scene.commit == {0: 2, 1: 1}


def test_a_worker_that_lost_all_that_was_refused_is_not_shown_as_blocked() -> None:
    """The next record may never come to it: another one has its partitions."""
    scene = Scene()
    scene.elastic.answer = lambda _id: BUSY
    scene.arrives("a")
    scene.sink.flush()
    blocked = metrics.BLOCKED.labels("index")._value
    assert blocked.get() == 1
    scene.sink.discard([(TOPIC, 0)])
    assert blocked.get() == 0


def test_losing_all_that_was_refused_ends_the_wait() -> None:
    scene = Scene()
    scene.elastic.answer = lambda _id: BUSY
    scene.arrives("a")
    scene.sink.flush()
    scene.sink.discard([(TOPIC, 0)])
    assert (scene.sink.pending, scene.sink.blocked, scene.sink.wait()) == (0, False, None)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_whatever_happens_committed_is_never_ahead_of_durable_and_the_highest_version_wins(seed: int) -> None:
    """Items and requests fail at random; bytes that cannot be read come between; everything comes twice."""
    dice = random.Random(seed)
    scene = Scene(documents=7)
    scene.elastic.answer = lambda _id: dice.choice([OK, OK, OK, BUSY, ItemAnswer(503)])
    scene.elastic.request = lambda documents: dice.choice(
        [None, None, None, ElasticsearchUnavailable("x"), RequestRefused("413") if len(documents) > 1 else None]
    )
    sent: dict[int, tuple[str, int] | None] = {}
    highest: Counter[str] = Counter()
    for offset in range(60):
        if dice.random() < 0.1:
            sent[offset] = None
            scene.sink.add(raw(b"no json", offset))
        else:
            story_id, version = f"s{dice.randrange(9)}", dice.randrange(1, 9)
            sent[offset] = (story_id, version)
            highest[story_id] = max(highest[story_id], version)
            for again in (0, 1):
                scene.sink.add(record(story_id, 100 * again + offset, partition=again, version=version))
        if dice.random() < 0.3:
            dice.choice([scene.sink.flush, scene.sink.advance])()
        buried = {letter.record.origin.offset for letter in scene.grave.letters}
        for done in range(scene.commit.get(0, 0)):
            at = sent[done]
            assert done in buried if at is None else scene.elastic.versions[at[0]] >= at[1]
    for _ in range(1000):
        if not scene.sink.pending:
            break
        scene.sink.flush()
    assert scene.elastic.versions == dict(highest)
    assert scene.commit[0] == 60


@pytest.mark.parametrize(
    ("answer", "loud"),
    [
        (BUSY, False),
        (ItemAnswer(503, "unavailable_shards_exception", "synthetic"), False),
        (ItemAnswer(403, "cluster_block_exception", "index read-only"), True),
        (ItemAnswer(429, "cluster_block_exception", "disk usage exceeded flood-stage watermark"), True),
        (ItemAnswer(400, "index_closed_exception", "closed"), True),
        (ItemAnswer(404, "index_not_found_exception", "no such index"), True),
    ],
)
def test_what_does_not_end_by_itself_is_waited_for_loudly(answer: ItemAnswer, loud: bool) -> None:
    scene = Scene()
    scene.arrives("a")
    scene.elastic.answer = lambda _id: answer
    scene.sink.flush()
    assert scene.sink.blocked
    assert isinstance(scene.sink.trouble, Blocked) is loud
    assert answer.reason in str(scene.sink.trouble)
    scene.elastic.answer = lambda _id: OK
    scene.sink.flush()
    assert (scene.sink.blocked, scene.commit, scene.grave.letters) == (False, {0: 1}, [])


def test_the_tombstone_of_what_was_taken_out_is_passed_over() -> None:
    scene = Scene()
    scene.arrives("a")
    scene.sink.add(raw(None, 1, headers=[(FORGOTTEN_HEADER, b"1")]))
    assert scene.commit == {}, "not before what stands before it"
    scene.sink.flush()
    assert (scene.commit, scene.grave.letters) == ({0: 2}, [])
    scene.sink.add(raw(None, 2, headers=[(FORGOTTEN_HEADER, b"1")]))
    assert (scene.sink.pending, scene.commit) == (0, {0: 3})


def test_a_defect_on_a_record_becomes_a_dead_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    def document(*_: object) -> None:
        raise OverflowError("synthetic")

    scene = Scene()
    monkeypatch.setattr("processors.index.records.document", document)
    scene.arrives("a")
    monkeypatch.undo()
    scene.arrives("b", first=1)
    scene.sink.flush()
    assert (scene.grave.reasons, scene.commit) == (["processing_failed"], {0: 2})
    assert str(scene.grave.letters[0].error) == "OverflowError: synthetic"


@pytest.mark.parametrize("when", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_moment_that_no_clock_shows_in_utc_is_written_as_it_stands(when: str) -> None:
    remark = StoryRemark(remark_id="r", canonical="Synthetic", first_published=datetime.datetime.fromisoformat(when))
    assert remark_line(remark) == f"“Synthetic” (first unknown {when[:10]} {when[11:16]}{when[-6:]}; 0 outlets)"
    story = Story(story_id="s", speaker_id="Q1", decision_seq=1, updated=AT, title="Synthetic", details=[remark])
    scene = Scene()
    scene.sink.add(raw(story.encode(), 0, headers=headers_of(story, "group")))
    scene.sink.flush()
    assert (scene.grave.letters, scene.commit) == ([], {0: 1})


def test_only_elasticsearch_is_an_excuse_for_committing_nothing() -> None:
    scene = Scene()
    assert excuse(scene.sink.trouble) is None
    scene.arrives("a", "b")
    scene.elastic.answer = lambda id_: WRONG if id_ == "a" else BUSY
    scene.grave.away = True
    scene.sink.flush()
    assert "queue full" in (excuse(scene.sink.trouble) or "")
    scene.elastic.answer = lambda _id: OK
    scene.sink.flush()
    assert isinstance(scene.sink.trouble, KafkaUnavailable)
    assert excuse(scene.sink.trouble) is None
