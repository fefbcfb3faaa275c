"""A worker that stood still for longer than its session writes nothing more."""

from processors.lease import Lease, now


class _Clock:
    def __init__(self) -> None:
        self.moment = 100.0

    def __call__(self) -> float:
        return self.moment


def _lease() -> tuple[Lease, _Clock, list[str]]:
    clock, ends = _Clock(), list[str]()
    return Lease(6.0, clock=clock, end=ends.append), clock, ends


def test_holds_while_it_is_renewed() -> None:
    lease, clock, ends = _lease()
    for _ in range(10):
        lease.renew()
        clock.moment += 5.0
        lease.check()
    assert ends == []


def test_ends_where_it_was_not_renewed_for_longer() -> None:
    lease, clock, ends = _lease()
    lease.renew()
    clock.moment += 6.5
    lease.check()
    assert len(ends) == 1
    assert "6.5 s" in ends[0]


def test_whoever_looks_first_ends_it() -> None:
    lease, clock, ends = _lease()
    lease.renew()
    clock.moment += 60.0
    lease.renew()
    assert len(ends) == 1


def test_not_before_it_began() -> None:
    """Recovery may take longer than a session, and the thread starts with the app."""
    lease, clock, ends = _lease()
    clock.moment += 1000.0
    lease.check()
    assert ends == []


def test_the_clock_goes_on() -> None:
    assert now() <= now()
