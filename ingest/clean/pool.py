"""Worker processes for pages: what one page does to its worker is that page's fault alone.

A page that crashes its worker or exceeds its time ends in a ``CleanError``; the worker is replaced, the others go on.
The standard library's pool breaks as a whole in both cases, and does not say which task was to blame.
"""

import contextlib
import multiprocessing
import queue
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import ModuleType, TracebackType
from typing import ClassVar, Generic, Self, TypeVar

from runtime.metrics import STAGE_SECONDS
from schemas.errors import CleanError, RemarkwireError, Transient

Task = TypeVar("Task")
Result = TypeVar("Result")

_CONTEXT = multiprocessing.get_context("forkserver")
_START_SECONDS = 60.0
_END_SECONDS = 2.0
_STARTING = threading.Lock()


class PoolFailed(Transient):
    """A worker process could not be started: the machine's trouble, not the page's."""

    reason: ClassVar[str] = "pool_failed"


class PagePool(Generic[Task, Result]):
    """Runs ``work`` on tasks in ``workers`` processes; at most ``seconds`` for each.

    ``work`` must be importable by name, tasks and results picklable. ``work`` may raise ``RemarkwireError``; any other
    exception is a ``CleanError`` with its cause in words.
    ``PoolFailed``: there is no process to run it in. ``early``: the processes start at once, not with their first task.
    A context manager: leaving it ends the processes.
    """

    def __init__(self, work: Callable[[Task], Result], *, workers: int, seconds: float, early: bool = False) -> None:
        self._work = work
        self._seconds = seconds
        self._early = early
        self._tasks: queue.SimpleQueue[tuple[Task, Future[Result]] | None] = queue.SimpleQueue()
        _CONTEXT.set_forkserver_preload(["ingest.clean.page"])
        # A thread for each process: it alone talks to it, so it always knows which page the process is at.
        self._threads = [threading.Thread(target=self._drive, name=f"page-worker-{n}") for n in range(workers)]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def submit(self, task: Task) -> Future[Result]:
        future: Future[Result] = Future()
        self._tasks.put((task, future))
        return future

    def close(self) -> None:
        """Ends the workers once all tasks that were submitted are done or cancelled."""
        for _ in self._threads:
            self._tasks.put(None)
        for thread in self._threads:
            thread.join()

    def _drive(self) -> None:
        worker: _Worker[Task, Result] | None = None
        if self._early:
            # Where it fails it is tried again with the first task, which then hears of it.
            with contextlib.suppress(PoolFailed):
                worker = _Worker(self._work)
        while (item := self._tasks.get()) is not None:
            task, future = item
            if not future.set_running_or_notify_cancel():
                continue
            try:
                worker = worker or _Worker(self._work)
                with STAGE_SECONDS.labels("clean").time():
                    outcome = worker.run(task, self._seconds)
            except (CleanError, PoolFailed) as error:
                if worker is not None:
                    worker.kill()
                worker = None
                future.set_exception(error)
                continue
            if isinstance(outcome, RemarkwireError):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)
        if worker is not None:
            worker.end()


class _Worker(Generic[Task, Result]):
    def __init__(self, work: Callable[[Task], Result]) -> None:
        self._pipe, theirs = _CONTEXT.Pipe()
        try:
            self._process: BaseProcess = _CONTEXT.Process(target=_loop, args=(theirs, work), daemon=True)
            with _without_main():
                self._process.start()
        except (OSError, EOFError) as error:
            self._pipe.close()
            raise PoolFailed(f"a worker process could not be started: {error}") from error
        finally:
            theirs.close()
        if not self._pipe.poll(_START_SECONDS) or not self._greeted():
            self.kill()
            raise PoolFailed(f"a worker process did not start within {_START_SECONDS:.0f} s")

    def run(self, task: Task, seconds: float) -> Result | RemarkwireError:
        try:
            self._pipe.send(task)
            if not self._pipe.poll(seconds):
                raise CleanError(f"the page took longer than {seconds:g} s")
            outcome: Result | RemarkwireError = self._pipe.recv()
        except (EOFError, OSError) as error:
            # Starting a process asks all others for their exit codes, and of two threads that ask one gets a wrong one.
            with _STARTING:
                self._process.join(_END_SECONDS)
                code = self._process.exitcode
            raise CleanError(f"the page ended its worker process (exit code {code})") from error
        return outcome

    def end(self) -> None:
        with contextlib.suppress(OSError):
            self._pipe.send(None)
        self._process.join(_END_SECONDS)
        self.kill()

    def kill(self) -> None:
        self._process.kill()
        self._process.join()
        self._pipe.close()

    def _greeted(self) -> bool:
        try:
            return self._pipe.recv() is None
        except (EOFError, OSError):
            return False


@contextlib.contextmanager
def _without_main() -> Iterator[None]:
    """No second loading of the program: multiprocessing runs its main module once more in each process, for what may be
    defined there. Work is imported by its own name, and all commands of ours take longer to load than a hundred pages
    take to clean.
    """
    with _STARTING:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main


def _loop(pipe: Connection, work: Callable[[Task], Result]) -> None:
    """In the worker: takes tasks until None or the end of the pipe (the parent is gone)."""
    import signal

    # Ctrl-C goes to the whole group of processes; the parent drains, and ends its workers itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(EOFError, OSError):
        pipe.send(None)
        while (task := pipe.recv()) is not None:
            pipe.send(_outcome(work, task))


def _outcome(work: Callable[[Task], Result], task: Task) -> Result | RemarkwireError:
    try:
        return work(task)
    except RemarkwireError as error:
        return error
    except Exception as error:  # noqa: BLE001 - a library's fault on one page must not end the worker
        return CleanError(f"{type(error).__name__}: {error}")
