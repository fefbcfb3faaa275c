"""The pool of page workers: what a page does to its worker is that page's fault alone."""

import os
import sys
import threading
from concurrent.futures import wait
from importlib.machinery import ModuleSpec
from types import ModuleType

import psutil
import pytest

from console.supervisor import wait_until
from ingest.clean import pool as pool_module
from ingest.clean.files import pool_size
from ingest.clean.pool import PagePool, PoolFailed
from runtime.settings import CleanSettings
from schemas.errors import CleanError, InputError


def work(task: str) -> str:
    """In a worker process; imported there by name."""
    match task:
        case "crash":
            os._exit(13)
        case "hang":
            threading.Event().wait()
        case "fault":
            raise KeyError("a library's fault")
        case "refuse":
            raise InputError("not for us")
    return f"{task}:{os.getpid()}"


def test_a_page_that_kills_its_worker_harms_no_other() -> None:
    with PagePool(work, workers=2, seconds=30) as pool:
        tasks = ["a", "crash", "b", "fault", "c", "refuse", "crash", "d"]
        futures = {f"{task}{n}": pool.submit(task) for n, task in enumerate(tasks)}
        wait(futures.values())
        assert {key: f.result().partition(":")[0] for key, f in futures.items() if f.exception() is None} == {
            "a0": "a", "b2": "b", "c4": "c", "d7": "d",
        }  # fmt: skip
        for key in ("crash1", "crash6"):
            with pytest.raises(CleanError, match="exit code 13"):
                futures[key].result()
        with pytest.raises(CleanError, match=r"KeyError: .a library's fault"):
            futures["fault3"].result()
        with pytest.raises(InputError, match="not for us"):
            futures["refuse5"].result()


def test_the_exit_code_is_its_own_while_others_are_started() -> None:
    with PagePool(work, workers=4, seconds=30) as pool:
        futures = [pool.submit("crash") for _ in range(24)]
        wait(futures)
    assert {str(f.exception()) for f in futures} == {"the page ended its worker process (exit code 13)"}


def test_a_page_that_takes_too_long_is_ended_and_the_worker_replaced() -> None:
    with PagePool(work, workers=1, seconds=0.5) as pool:
        first, hung, second = pool.submit("a"), pool.submit("hang"), pool.submit("b")
        with pytest.raises(CleanError, match=r"longer than 0\.5 s"):
            hung.result()
        assert first.result().partition(":")[2] != second.result().partition(":")[2]


def test_a_worker_is_used_again() -> None:
    with PagePool(work, workers=1, seconds=30) as pool:
        pids = {pool.submit(f"{n}").result().partition(":")[2] for n in range(5)}
    assert len(pids) == 1
    assert str(os.getpid()) not in pids


def test_a_worker_does_not_load_the_program_that_started_it(monkeypatch: pytest.MonkeyPatch) -> None:
    program = ModuleType("__main__")
    program.__spec__ = ModuleSpec("no_such_program", None)
    monkeypatch.setitem(sys.modules, "__main__", program)
    with PagePool(work, workers=1, seconds=30) as pool:
        assert pool.submit("a").result().startswith("a:")
    assert sys.modules["__main__"] is program


def test_early_workers_are_up_without_a_task() -> None:
    with PagePool(work, workers=2, seconds=30, early=True):
        assert wait_until(lambda: len(psutil.Process().children(recursive=True)) >= 2, 60)


def test_cancelled_tasks_are_not_begun() -> None:
    with PagePool(work, workers=1, seconds=30) as pool:
        pool.submit("a")
        late = [pool.submit(f"{n}") for n in range(20)]
        cancelled = [future for future in late if future.cancel()]
        wait(late)
        assert all(future.cancelled() for future in cancelled)
        assert all(future.done() for future in late)


class NoProcesses:
    """A machine that has no room for another process."""

    Pipe = staticmethod(pool_module._CONTEXT.Pipe)
    set_forkserver_preload = staticmethod(pool_module._CONTEXT.set_forkserver_preload)

    def Process(self, **_: object) -> None:  # noqa: N802 - multiprocessing's name
        raise BlockingIOError(11, "Resource temporarily unavailable")


def test_a_worker_that_cannot_be_started_is_not_the_pages_fault_and_nobody_waits_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with PagePool(work, workers=1, seconds=30) as pool:
        with monkeypatch.context() as patched:
            patched.setattr(pool_module, "_CONTEXT", NoProcesses())
            with pytest.raises(PoolFailed, match="could not be started"):
                pool.submit("a").result(timeout=30)
        assert pool.submit("b").result(timeout=60).startswith("b:")


def test_the_pool_has_a_size_where_the_system_does_not_tell_our_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 6)
    assert pool_size(CleanSettings()) == 6
    assert pool_size(CleanSettings(workers=2)) == 2
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert pool_size(CleanSettings()) == 1
