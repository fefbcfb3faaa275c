"""The order of decisions follows from the log: sorted within the window, the same on every reading."""

from hypothesis import given
from hypothesis import strategies as st

from processors.group.order import Due, Reorder, not_ahead
from schemas import Mark, Seq, epoch_ms
from tests.builders import QUAY, report

WINDOW = 1000


def seq(ms: int, article: str = "a") -> Seq:
    return Seq(ms, article)


def tick() -> Mark:
    return Mark(kind="tick", sent_ms=0)


def items(due: list[Due[str]]) -> list[str]:
    return [turn.item for turn in due]


def test_a_report_waits_for_the_window_and_is_overtaken_by_an_earlier_one() -> None:
    order: Reorder[str] = Reorder(WINDOW)
    assert order.report("second", seq(20), offset=0, append_ms=0) == []
    assert order.report("first", seq(10), offset=1, append_ms=500) == []
    assert items(order.mark(tick(), append_ms=1000)) == ["first", "second"]
    assert len(order) == 0


def test_what_stands_behind_what_is_due_goes_on_waiting() -> None:
    order: Reorder[str] = Reorder(WINDOW)
    order.report("early", seq(10), offset=0, append_ms=0)
    order.report("later", seq(30), offset=1, append_ms=900)
    assert items(order.mark(tick(), append_ms=1000)) == ["early"]
    assert items(order.mark(tick(), append_ms=1900)) == ["later"]


def test_a_report_behind_what_is_decided_is_late_and_not_held() -> None:
    order: Reorder[str] = Reorder(WINDOW, last=seq(100))
    (due,) = order.report("late", seq(50), offset=0, append_ms=0)
    assert due.late
    assert due.item == "late"
    assert len(order) == 0


def test_time_that_runs_backwards_changes_nothing() -> None:
    order: Reorder[str] = Reorder(WINDOW)
    order.report("a", seq(10), offset=0, append_ms=5000)
    assert order.mark(tick(), append_ms=10) == []
    assert items(order.mark(tick(), append_ms=6000)) == ["a"]


def test_a_clock_that_is_set_back_by_an_hour_holds_nothing_up() -> None:
    order: Reorder[str] = Reorder(WINDOW)
    hour = 3_600_000
    order.report("before", seq(10), offset=0, append_ms=2 * hour)
    assert order.report("after", seq(20), offset=1, append_ms=hour) == []
    assert order.mark(tick(), append_ms=hour + 999) == []
    assert items(order.mark(tick(), append_ms=hour + 1000)) == ["before", "after"]


def test_only_what_is_a_day_ahead_of_its_record_gets_the_time_of_the_record() -> None:
    one, day = report("a", *QUAY, minute=1), 24 * 60 * 60 * 1000
    appended = one.seq.ms - day
    assert not_ahead(one, appended) is one
    assert not_ahead(one, one.seq.ms + 3650 * day) is one
    assert not_ahead(one, 0) is one
    put_back = not_ahead(one, appended - 1)
    assert put_back.seq == Seq(appended - 1, "a")
    assert epoch_ms(put_back.fetched) == appended - 1
    assert not_ahead(put_back, appended - 1) is put_back


def test_between_hold_and_release_everything_is_sorted_however_long_it_takes() -> None:
    order: Reorder[str] = Reorder(WINDOW)
    order.report("before", seq(5), offset=0, append_ms=0)
    assert items(order.mark(Mark(kind="hold", sent_ms=0), append_ms=1)) == ["before"]
    assert order.report("c", seq(30), offset=2, append_ms=10) == []
    assert order.report("b", seq(20), offset=3, append_ms=90_000) == []
    assert order.report("a", seq(1), offset=4, append_ms=190_000) == []
    released = order.mark(Mark(kind="release", sent_ms=0), append_ms=200_000)
    assert items(released) == ["a", "b", "c"]
    assert [turn.late for turn in released] == [True, False, False]


Log = list[tuple[int, int]]  # (milliseconds since the last record, seq); a seq below 0 is a tick


def read(log: Log, last: Seq | None = None) -> list[tuple[str, bool]]:
    order: Reorder[str] = Reorder(WINDOW, last)
    now, out = 0, []
    for offset, (pause, number) in enumerate(log):
        now += pause
        if number < 0:
            out += order.mark(tick(), now)
        else:
            out += order.report(f"{number}/{offset}", seq(number, str(offset)), offset, now)
    return [(turn.item, turn.late) for turn in out]


logs = st.lists(st.tuples(st.integers(0, 700), st.integers(-1, 50)), max_size=40)


@given(logs)
def test_every_report_is_decided_once_and_only_late_ones_out_of_order(log: Log) -> None:
    log = [*log, (WINDOW, -1)]
    decided = read(log)
    assert sorted(item for item, _ in decided) == sorted(f"{n}/{o}" for o, (_, n) in enumerate(log) if n >= 0)
    in_time = [tuple(map(int, item.split("/"))) for item, late in decided if not late]
    assert [n for n, _ in in_time] == sorted(n for n, _ in in_time)


@given(logs, st.integers(0, 40))
def test_a_prefix_of_the_log_gives_a_prefix_of_the_decisions(log: Log, cut: int) -> None:
    whole, part = read(log), read(log[:cut])
    assert whole[: len(part)] == part


@given(st.lists(st.tuples(st.integers(-5000, 700), st.integers(-1, 50)), max_size=40))
def test_a_step_back_of_the_clock_is_no_time(log: Log) -> None:
    assert read(log) == read([(max(0, pause), number) for pause, number in log])


def by_append_time(log: Log) -> list[str]:
    """What is decided, by the plainest rule for a clock that never runs backwards: append times are compared."""
    now, last, out = 0, seq(-1), []
    held: list[tuple[Seq, int, str]] = []  # seq, append time, item
    for offset, (pause, number) in enumerate(log):
        now += pause
        border = max((one for one, came, _ in held if came + WINDOW <= now), default=seq(-1))
        due = sorted(one for one in held if one[0] <= border)
        held = [one for one in held if one not in due]
        last = max([last, *(one for one, _, _ in due)])
        out += [item for _, _, item in due]
        if number >= 0 and seq(number, str(offset)) < last:
            out.append(f"{number}/{offset}")
        elif number >= 0:
            held.append((seq(number, str(offset)), now, f"{number}/{offset}"))
    return out


@given(logs)
def test_where_the_clock_never_runs_backwards_append_times_decide(log: Log) -> None:
    assert [item for item, _ in read(log)] == by_append_time(log)
