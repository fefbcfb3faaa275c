"""Whether a worker may still write what it decides: only while it cannot have lost its place in the group.

A process that was frozen for longer than its session (SIGSTOP, a suspended machine, a starved container) wakes up in
the middle of what it did, before it hears that its partitions are another's. What it then put into a changelog would
stand behind the writes of the new owner, and its own copy of the table would count these as read. There is no fencing
of such writes without transactions, so it ends: started again, it reads the changelog from where it stood.
"""

import threading
import time
from collections.abc import Callable

from processors.unrecoverable import die


class Lease:
    """A thread renews it; whether the loop is busy does not matter, since heartbeats go on beside it, too.

    ``seconds``: how long it holds; ``end`` is called with the reason where it was not renewed for longer.
    """

    def __init__(
        self, seconds: float, *, clock: Callable[[], float] | None = None, end: Callable[[str], object] = die
    ) -> None:
        self._seconds = seconds
        self._clock = clock or now
        self._end = end
        self._renewed: float | None = None
        self._pause = threading.Event()
        self.thread = threading.Thread(target=self._keep, name="lease", daemon=True)

    def check(self) -> None:
        """Before a write: ends the process where it stood still for longer than the lease."""
        if self._renewed is None:
            return
        stood = self._clock() - self._renewed
        if stood > self._seconds:
            self._end(f"stood still for {stood:.1f} s, its session is {self._seconds:.1f} s: others may own its work")

    def renew(self) -> None:
        self.check()
        self._renewed = self._clock()

    def _keep(self) -> None:
        while not self._pause.wait(max(0.05, self._seconds / 20)):
            self.renew()


def now() -> float:
    """Seconds that go on while the machine is suspended, where the system has such a clock."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)
