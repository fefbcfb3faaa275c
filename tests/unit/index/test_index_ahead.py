"""The sink while requests are out: what is sent ahead, and that nothing counts before its answer. All is synthetic."""

from collections.abc import Callable
from concurrent.futures import Future

from processors.index.batching import Limits
from processors.index.records import Document, Reader
from processors.index.sink import Answer, Result, Sink
from schemas.errors import ElasticsearchUnavailable
from schemas.topics import STORIES
from tests.unit.index.test_index_retry import BUSY, OK, TOPIC, WRONG, Clock, Elastic, Grave, record

REQUESTS = 2


class Held:
    """Requests whose answers come when the test says so."""

    def __init__(self) -> None:
        self.open: list[Callable[[], None]] = []
        self.ids: list[list[str]] = []
        self.at_once = False

    def __call__(self, send: Callable[[list[Document]], Result], documents: list[Document], /) -> Answer:
        future: Future[Result] = Future()
        self.open.append(lambda: future.set_result(send(documents)))
        self.ids.append([one.id for one in documents])
        if self.at_once:
            self.answer()
        return future

    def answer(self) -> None:
        self.open.pop(0)()


class Scene:
    def __init__(self) -> None:
        self.elastic, self.grave, self.clock, self.held = Elastic(), Grave(), Clock(), Held()
        self.sink = Sink(
            Reader({TOPIC: STORIES}, 1, "remarkwire", {}), self.elastic, self.grave,
            limits=Limits(2, 1_000_000, 1.0, REQUESTS), max_attempts=3, random=lambda: 0.5, submit=self.held,
            clock=self.clock,
        )  # fmt: skip

    def arrives(self, *stories: str, first: int = 0, partition: int = 0) -> None:
        for number, story_id in enumerate(stories):
            self.sink.add(record(story_id, first + number, partition))
            if self.sink.wait() == 0.0:
                self.sink.advance()

    @property
    def commit(self) -> dict[int, int]:
        return {partition: offset for (_, partition), offset in self.sink.committable.items()}


def test_the_next_request_goes_while_one_is_out_and_only_answers_free_offsets() -> None:
    scene = Scene()
    scene.arrives("a", "b", "c", "d", "e")
    assert (scene.held.ids, scene.commit, scene.sink.pending) == ([["a", "b"], ["c", "d"]], {}, 5)
    scene.held.answer()
    assert scene.sink.wait() == 0.0
    scene.sink.advance()
    assert (scene.commit, scene.sink.pending) == ({0: 2}, 3)


def test_an_answer_that_comes_early_waits_for_those_before_it() -> None:
    scene = Scene()
    scene.arrives("a", "b", "c", "d")
    scene.held.open.pop(1)()
    scene.sink.advance()
    assert scene.commit == {}
    scene.held.answer()
    scene.sink.advance()
    assert scene.commit == {0: 4}


def test_a_slow_request_does_not_keep_the_place_of_one_that_is_answered() -> None:
    scene = Scene()
    scene.arrives("a", "b", "c", "d")
    scene.held.open.pop(1)()
    scene.arrives("e", "f", first=4)
    assert (scene.held.ids[2:], scene.commit, scene.sink.pending) == ([["e", "f"]], {}, 4)
    scene.held.answer()
    scene.held.answer()
    scene.sink.advance()
    assert (scene.commit, scene.sink.pending) == ({0: 6}, 0)


def test_what_is_old_enough_goes_though_it_is_not_full() -> None:
    scene = Scene()
    scene.arrives("a", "b", "c")
    scene.clock.now += 1.0
    assert scene.sink.wait() == 0.0
    scene.sink.advance()
    assert scene.held.ids == [["a", "b"], ["c"]]


def test_a_refusal_holds_up_what_is_new_and_sends_again_what_was_refused() -> None:
    scene = Scene()
    scene.elastic.answer = lambda story: BUSY if story == "a" else OK
    scene.arrives("a", "b", "c", "d", "e")
    scene.held.answer()
    scene.sink.advance()
    assert (scene.sink.blocked, scene.commit, len(scene.held.ids)) == (True, {}, 2)
    scene.elastic.answer = lambda _story: OK
    scene.held.answer()
    scene.held.at_once = True
    scene.sink.flush()
    assert (scene.sink.blocked, scene.commit) == (False, {0: 5})
    assert scene.elastic.requests[2:] == [["a", "e"]]


def test_a_request_that_fails_while_draining_is_not_sent_again_before_its_wait() -> None:
    scene = Scene()
    scene.elastic.request = lambda _documents: ElasticsearchUnavailable("synthetic")
    scene.arrives("a", "b")
    scene.held.answer()
    scene.sink.flush()
    assert (scene.sink.blocked, scene.held.ids, scene.sink.pending) == (True, [["a", "b"]], 2)
    assert scene.sink.wait() == 0.25


def test_the_wrong_one_of_a_request_that_was_out_is_buried_before_its_offset_is_free() -> None:
    scene = Scene()
    scene.elastic.answer = lambda story: WRONG if story == "a" else OK
    scene.arrives("a", "b")
    scene.held.answer()
    scene.sink.advance()
    assert scene.commit == {}
    scene.clock.now += 1.0
    assert scene.sink.wait() == 0.0
    scene.sink.advance()
    assert (scene.commit, len(scene.grave.letters)) == ({0: 2}, 1)


def test_answers_for_partitions_that_were_lost_meanwhile_count_for_nothing() -> None:
    scene = Scene()
    scene.elastic.answer = lambda _story: BUSY
    scene.sink.add(record("a", 0, partition=0))
    scene.sink.add(record("b", 0, partition=1))
    scene.sink.advance()
    scene.sink.discard([(TOPIC, 0)])
    scene.held.answer()
    scene.sink.advance()
    assert (scene.sink.pending, scene.commit) == (1, {})
