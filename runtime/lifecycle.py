"""How a service ends: by a signal, or because the process that supervises it is gone."""

import contextlib
import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from collections.abc import Callable, Iterator

PARENT_VARIABLE = "REMARKWIRE_PARENT"
_PARENT_LOOK_SECONDS = 1.0


class Stop:
    """A request to end, set by SIGTERM or SIGINT. Callbacks run once, in the thread that sets it."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._callbacks: list[Callable[[], None]] = []

    def __bool__(self) -> bool:
        return self._event.is_set()

    def set(self) -> None:
        first = not self._event.is_set()
        self._event.set()
        if first:
            for callback in self._callbacks:
                callback()

    def wait(self, seconds: float) -> bool:
        """Waits at most ``seconds``; True when the end was requested."""
        return self._event.wait(seconds)

    def on_set(self, callback: Callable[[], None]) -> None:
        self._callbacks.append(callback)


@contextlib.contextmanager
def stopping() -> Iterator[Stop]:
    """A ``Stop`` bound to SIGTERM and SIGINT, and to the death of the supervisor where there is one."""
    stop = Stop()

    def request(_signum: int, _frame: object) -> None:
        stop.set()

    before = {s: signal.signal(s, request) for s in (signal.SIGTERM, signal.SIGINT)}
    watch_parent(stop.set)
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def watch_parent(gone: Callable[[], None], environ: dict[str, str] | None = None) -> None:
    """Calls ``gone`` once the process named by ``REMARKWIRE_PARENT`` is no longer our parent.

    A supervisor that is killed outright cannot tell its children; without this they would run on unseen.
    """
    value = (dict(os.environ) if environ is None else environ).get(PARENT_VARIABLE)
    if not value or not value.isdigit():
        return
    parent = int(value)

    def look() -> None:
        pause = threading.Event()
        while os.getppid() == parent:
            pause.wait(_PARENT_LOOK_SECONDS)
        gone()

    threading.Thread(target=look, name="parent-watch", daemon=True).start()


def end_with_parent() -> None:
    """In a process of a pool: ends it once the process that made it is gone, even by SIGKILL.

    The pools of the standard library go on with what is in their queue, and nobody reads the results.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    sentinel = parent.sentinel

    def look() -> None:
        multiprocessing.connection.wait([sentinel])
        os._exit(1)

    threading.Thread(target=look, name="parent-watch", daemon=True).start()


@contextlib.contextmanager
def deaf_to_ctrl_c() -> Iterator[None]:
    """Processes that this thread starts meanwhile never see Ctrl-C, which a terminal sends to all of them: who started
    them ends them. One that comes meanwhile comes to us afterwards.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
