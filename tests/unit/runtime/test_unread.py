"""Records that were deleted before a stage read them are told from gaps that are none, and told once."""

from confluent_kafka import KafkaError, KafkaException, TopicPartition

from runtime.unread import Unread, committed

AT = ("t", 0)


def reading(*offsets: int, begins: int | None = 0) -> Unread:
    made = Unread()
    made.begins({AT: begins})
    for offset in offsets:
        made.taken(*AT, offset)
    made.mark()
    return made


def test_what_was_deleted_at_the_start_is_told_once() -> None:
    unread = reading(15, 16)
    assert unread.look({AT: (15, 20)}) == {AT: 15}
    unread.mark()
    assert unread.look({AT: (15, 20)}) == {}


def test_what_is_deleted_while_it_reads_is_told() -> None:
    unread = reading(0, 1, 2, 9)
    assert unread.look({AT: (9, 20)}) == {AT: 6}


def test_gaps_of_compaction_and_transactions_are_nothing() -> None:
    assert reading(4, 8, 9, 30).look({AT: (0, 40)}) == {}


def test_only_what_lies_before_the_first_record_is_gone() -> None:
    """At 30 is the next record that compaction has left."""
    assert reading(0, 30).look({AT: (10, 40)}) == {AT: 9}


def test_where_nothing_was_committed_nothing_is_missed() -> None:
    assert reading(15, begins=None).look({AT: (15, 20)}) == {}


def test_records_that_were_fetched_before_they_were_deleted_are_not_gone() -> None:
    assert reading(0, 1, 2).look({AT: (50, 60)}) == {}


def test_a_partition_in_which_nothing_is_left_is_seen_to_stand() -> None:
    unread = reading(0, 1)
    assert unread.look({AT: (50, 50)}, waits=True) == {}
    assert unread.look({AT: (50, 50)}) == {}, "some may be fetched and not taken yet"
    assert unread.look({AT: (50, 50)}) == {AT: 48}
    assert unread.look({AT: (50, 50)}) == {}
    unread.taken(*AT, 50)
    unread.mark()
    assert unread.look({AT: (50, 51)}) == {}, "told already"


def test_a_jump_after_the_mark_waits_for_the_next_look() -> None:
    unread = reading(0)
    unread.taken(*AT, 7)
    assert unread.look({AT: (0, 20)}) == {}
    unread.mark()
    assert unread.look({AT: (7, 20)}) == {AT: 6}


def test_the_callback_asks_what_is_committed_and_does_not_fail() -> None:
    class Group:
        away = False

        def committed(self, asked: list[TopicPartition], timeout: float) -> list[TopicPartition]:
            if self.away:
                raise KafkaException(KafkaError(KafkaError._TIMED_OUT))
            return [TopicPartition(one.topic, one.partition, (7, -1001)[one.partition]) for one in asked]

    group, come = Group(), [TopicPartition("t", 0), TopicPartition("t", 1)]
    assert committed(group, come) == {("t", 0): 7, ("t", 1): None}  # type: ignore[arg-type]
    group.away = True
    assert committed(group, come) == {("t", 0): None, ("t", 1): None}  # type: ignore[arg-type]
