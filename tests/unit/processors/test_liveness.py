"""When a worker counts as standing still: decided from looks at offsets and the time that the test tells."""

from types import SimpleNamespace
from typing import Any

from faust.types import TP

from processors.liveness import Ask, End, Gone, Judge, Limits, Seen, _Watch, never
from runtime.offsets import MADE_ANEW
from runtime.settings import Settings

TP0, TP1 = TP("reports", 0), TP("reports", 1)
LIMITS = Limits(ask=5, stuck=20, recovering=20, joining=120, loop=300, commit=60)


def running(due: dict[TP, int]) -> Seen:
    return Seen("running", due=due)


def test_a_worker_that_goes_forward_or_has_nothing_to_do_is_left_alone() -> None:
    judge = Judge(LIMITS)
    for second in range(0, 400, 2):
        assert judge.look(second, running({TP0: second, TP1: 7}), {TP0: (0, 1000), TP1: (0, 7)}) == []


def test_records_that_do_not_arrive_are_asked_for_once_then_the_worker_ends() -> None:
    judge = Judge(LIMITS)
    seen = {
        second: judge.look(second, running({TP0: 3, TP1: 7}), {TP0: (0, 9), TP1: (0, 7)}) for second in range(0, 24, 2)
    }
    assert [(second, verdicts) for second, verdicts in seen.items() if verdicts] == [
        (6, [Ask(TP0, 3)]),
        (22, [End("reports, partition 0: no record arrives, 3 is due and there are 9")]),
    ]


def test_one_partition_that_moves_does_not_hide_one_that_stands() -> None:
    judge = Judge(LIMITS)
    seen = {s: judge.look(s, running({TP0: 3, TP1: s}), {TP0: (0, 9), TP1: (0, 500)}) for s in range(0, 124, 2)}
    assert [(second, type(one)) for second, verdicts in seen.items() for one in verdicts] == [(62, Ask), (122, End)]


def test_a_partition_that_stood_behind_others_has_its_own_time_once_they_are_done() -> None:
    judge = Judge(LIMITS)
    looks = {s: judge.look(s, running({TP0: 3, TP1: min(s, 40)}), {TP0: (0, 9), TP1: (0, 40)}) for s in range(0, 64, 2)}
    assert [(s, type(one)) for s, verdicts in looks.items() for one in verdicts] == [(46, Ask), (62, End)]


def test_a_partition_behind_a_topic_that_is_worked_on_waits_its_turn() -> None:
    judge = Judge(LIMITS)
    seen = Seen("running", due={TP0: 3, TP("clean", 0): 7}, at_work=frozenset({TP("clean", 0)}))
    assert [v for s in range(0, 60, 2) for v in judge.look(s, seen, {TP0: (0, 9), TP("clean", 0): (0, 90)})] == []


def test_while_the_broker_is_away_nobody_stands_still() -> None:
    judge = Judge(LIMITS)
    for second in range(0, 1000, 2):
        assert judge.look(second, running({TP0: 3}), None) == []
        assert judge.look(second, Seen("recovering", 5), None) == []
    assert judge.look(1002, running({TP0: 3}), {TP0: (0, 9)}) == []


def test_a_topic_that_ends_before_what_is_due_was_made_anew_and_ends_the_worker() -> None:
    judge = Judge(LIMITS)
    seen = {second: judge.look(second, running({TP0: 9}), {TP0: (0, 2 + second // 2)}) for second in range(0, 8, 2)}
    ended = [(second, one) for second, verdicts in seen.items() for one in verdicts]
    assert ended == [(6, End(f"reports, partition 0: record 9 is due and there are 5: {MADE_ANEW}"))]


def test_a_new_leader_that_is_behind_for_a_moment_ends_nobody() -> None:
    judge = Judge(LIMITS)
    ends = {0: 9, 2: 7, 4: 8, 6: 9, 8: 9}
    assert [v for second, end in ends.items() for v in judge.look(second, running({TP0: 9}), {TP0: (0, end)})] == []


def test_records_that_were_deleted_before_they_were_read_are_passed_over() -> None:
    assert Judge(LIMITS).look(0, running({TP0: 3}), {TP0: (8, 9)}) == [Gone(TP0, 8)]


def test_a_recovery_that_moves_may_take_long_and_one_that_stands_ends_the_worker() -> None:
    judge = Judge(LIMITS)
    assert [v for second in range(0, 600, 2) for v in judge.look(second, Seen("recovering", second), {})] == []
    assert [v for second in range(600, 619, 2) for v in judge.look(second, Seen("recovering", 598), {})] == []
    (verdict,) = judge.look(620, Seen("recovering", 598), {})
    assert verdict == End("recovering for 22 s without a change")


def test_a_worker_that_never_gets_its_place_ends() -> None:
    judge = Judge(LIMITS)
    assert [v for second in range(0, 121, 2) for v in judge.look(second, Seen("assigning", 1), {})] == []
    assert judge.look(122, Seen("assigning", 1), {}) == [End("assigning for 122 s without a change")]


def test_a_new_assignment_begins_its_own_time() -> None:
    judge = Judge(LIMITS)
    judge.look(0, Seen("assigning", 1), {})
    assert judge.look(100, Seen("assigning", 2), {}) == []
    assert judge.look(200, Seen("assigning", 2), {}) == []


def test_a_record_that_is_worked_on_for_long_is_not_a_standstill_but_one_that_never_ends_is() -> None:
    judge = Judge(LIMITS)

    def look(second: int) -> list[object]:
        return list(judge.look(second, Seen("running", due={TP0: 3}, at_work=frozenset({TP0})), {TP0: (0, 9)}))

    assert [verdict for second in range(0, 601, 2) for verdict in look(second)] == []
    assert look(602) == [End("reports, partition 0: the record before 3 is never done")]


def test_building_the_state_may_take_long_while_it_goes_on() -> None:
    judge = Judge(LIMITS)
    assert [v for s in range(0, 600, 2) for v in judge.look(s, Seen("building", f"{s} of 9000"), {})] == []


def test_commits_that_stall_behind_what_is_done_end_the_worker() -> None:
    judge = Judge(LIMITS)

    def look(second: int, committed: int) -> list[object]:
        seen = Seen("running", due={TP0: 9}, committing={TP0: committed})
        return list(judge.look(second, seen, {TP0: (0, 9)}))

    assert [verdict for second in range(0, 100, 2) for verdict in look(second, second)] == []
    assert [verdict for second in range(100, 159, 2) for verdict in look(second, 98)] == []
    assert look(160, 98) == [End("reports, partition 0: no offset behind 98 is committed, though more is done")]


def test_what_is_committed_in_time_is_forgotten() -> None:
    judge = Judge(LIMITS)
    for second in range(0, 50, 2):
        judge.look(second, Seen("running", due={TP0: 9}, committing={TP0: 5}), {TP0: (0, 9)})
    judge.look(50, Seen("running", due={TP0: 9}), {TP0: (0, 9)})
    assert judge.look(70, Seen("running", due={TP0: 9}, committing={TP0: 9}), {TP0: (0, 9)}) == []


def test_what_is_not_done_is_told_by_stage() -> None:
    of: Any = {"reports": SimpleNamespace(stage="group"), "clean": SimpleNamespace(stage="annotate")}
    app: Any = None
    looking = _Watch(app, Settings(), of, never)
    assert looking._behind({TP0: 3, TP1: 7}, {TP0: (5, 9), TP1: (0, 7)}) == {"group": 4, "annotate": 0}
