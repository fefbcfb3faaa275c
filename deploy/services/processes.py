"""Processes by identity: started, recognised and ended without ever meeting a stranger under a recycled id."""

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

import psutil

from schemas.errors import ServiceError

_EXEC = Path(__file__).with_name("exec_in_place.py")
_POLL_SECONDS = 0.02
_KILL_SECONDS = 10.0


@dataclass(frozen=True)
class Identity:
    """A process id and when that process was started; ``started`` is only ever compared for equality."""

    pid: int
    started: str


def identify(pid: int) -> Identity | None:
    """The process that has this id now; None when there is none or it has ended.

    A zombie has ended only when its last thread has: until then its ports and file locks are still held.
    """
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE and process.num_threads() <= 1:
            return None
        return Identity(pid, _started(process))
    except (psutil.NoSuchProcess, FileNotFoundError, ProcessLookupError):
        return None


def _started(process: psutil.Process) -> str:
    stat = Path(f"/proc/{process.pid}/stat")
    if stat.exists():
        # Linux: ticks since boot, with the boot's id: psutil's time of day moves when the clock is set.
        after_name = stat.read_text().rpartition(")")[2].split()
        return f"{Path('/proc/sys/kernel/random/boot_id').read_text().strip()}:{after_name[19]}"
    return f"{process.create_time():.2f}"


def is_alive(identity: Identity) -> bool:
    return identify(identity.pid) == identity


def resident_bytes(identity: Identity) -> int:
    """Memory in use, that of its children too, or 0 when the process has ended."""
    if not is_alive(identity):
        return 0
    total = 0
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(identity.pid)
        for one in (process, *process.children(recursive=True)):
            total += int(one.memory_info().rss)
    return total


def listens(identity: Identity, port: int) -> bool:
    """Whether this very process listens on the port: a healthy answer may come from a stranger who took it."""
    try:
        connections = psutil.Process(identity.pid).net_connections("tcp")
    except psutil.NoSuchProcess:
        return False
    return any(c.status == psutil.CONN_LISTEN and c.laddr.port == port for c in connections)


def send(identity: Identity, number: signal.Signals) -> None:
    if is_alive(identity):
        try:
            os.kill(identity.pid, number)
        except ProcessLookupError:
            return


def end(identities: Iterable[Identity], grace_seconds: float) -> None:
    """SIGTERM to all at once, SIGKILL to those that are there after the grace."""
    rest = [one for one in identities if is_alive(one)]
    for one in rest:
        send(one, signal.SIGTERM)
    rest = _wait(rest, grace_seconds)
    for one in rest:
        send(one, signal.SIGKILL)
    rest = _wait(rest, _KILL_SECONDS)
    if rest:
        raise ServiceError(f"processes {[one.pid for one in rest]} do not end, not even by SIGKILL")


def kill(identity: Identity) -> None:
    """SIGKILL, and wait until it is gone."""
    send(identity, signal.SIGKILL)
    if _wait([identity], _KILL_SECONDS):
        raise ServiceError(f"process {identity.pid} does not end by SIGKILL")


def _wait(identities: Sequence[Identity], seconds: float) -> list[Identity]:
    deadline = time.monotonic() + seconds
    while True:
        rest = [one for one in identities if is_alive(one)]
        if not rest or time.monotonic() > deadline:
            return rest
        time.sleep(_POLL_SECONDS)


def spawn(
    argv: Sequence[str], log: Path, cwd: Path, *, detached: bool
) -> tuple[Identity, subprocess.Popen[bytes] | None]:
    """Start a program with its output appended to ``log``, in a session of its own so that Ctrl-C does not reach it.

    Attached: a child, killed when this process dies; the Popen is to be reaped. Detached: lives on, nobody's child.
    """
    mode = "detached" if detached else "attached"
    command = [sys.executable, "-I", "-S", str(_EXEC), mode, str(os.getpid()), str(log), str(cwd), *argv]
    if detached:
        done = subprocess.run(  # noqa: S603 - our own program
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, start_new_session=True, check=True
        )
        pid, child = int(done.stdout), None
    else:
        child = _starter.run(command)
        pid = child.pid
    identity = identify(pid)
    if identity is None:
        if child is not None:
            child.wait()
        raise ServiceError(f"{argv[0]} ended at once; its log is {log}")
    return identity, child


class _Starter:
    """One thread that starts all attached children and lives as long as the process.

    Linux sends the parent-death signal when the *thread* that forked ends: a service started from a worker thread
    would die with it. A daemon thread, because those of an executor are joined before the exit handlers run.
    """

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[tuple[Sequence[str], Future[subprocess.Popen[bytes]]]]
        self._lock = threading.Lock()
        self._owner: int | None = None

    def run(self, command: Sequence[str]) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._owner != os.getpid():  # the first time, and in a forked child, where the thread does not exist
                self._owner = os.getpid()
                self._jobs = queue.SimpleQueue()
                threading.Thread(target=self._serve, name="services-starter", daemon=True).start()
        result: Future[subprocess.Popen[bytes]] = Future()
        self._jobs.put((command, result))
        return result.result()

    def _serve(self) -> None:
        while True:
            command, result = self._jobs.get()
            try:
                result.set_result(
                    subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603
                )
            except OSError as error:
                result.set_exception(error)


_starter = _Starter()
