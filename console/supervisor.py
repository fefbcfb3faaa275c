"""Keeps the services of one machine running: starts them, restarts what ends, and ends them in order.

What ends with code 2 (settings) time and again is left: it would for ever.

A child is told our process id (``REMARKWIRE_PARENT``) and ends itself when we are gone, even by SIGKILL.
"""

import os
import signal
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from runtime.lifecycle import PARENT_VARIABLE
from runtime.logging import logger
from schemas.errors import SettingsError

log = logger(__name__)
_FIRST_BACKOFF = 0.5
_LONGEST_BACKOFF = 30.0
_HEALTHY_AFTER = 30.0
_GRACE_SECONDS = 30.0
_POLL = 0.1
# How every command says that its settings or options cannot be used; that passes only by somebody's doing. Some tries
# all the same: what is refused because the one before has not quite ended (a lock, a port) is not refused for ever.
_USAGE = 2
_USAGE_ENDS = 6


@dataclass(frozen=True)
class Spec:
    """A service: its name, its command line and what its environment has beside ours."""

    name: str
    command: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)
    restart: bool = True


class _Child:
    def __init__(self, spec: Spec, logs: Path | None, longest_backoff: float) -> None:
        self.spec = spec
        self.logs = logs
        self.longest_backoff = longest_backoff
        self.exits: Counter[int] = Counter()
        self.process: subprocess.Popen[bytes] | None = None
        self.started = 0.0
        self.restarts = 0
        self.usage_ends = 0
        self.not_before = 0.0
        self.finished: int | None = None

    def start(self) -> None:
        """Starts it; where the machine does not let us (no memory, no file handles, a full disk), later and later."""
        try:
            self._spawn()
        except OSError as error:
            # The others run on, and so does the thread that looks after them.
            pause = self._back_off(0.0)
            log.warning(
                "service could not be started, it is tried again", name=self.spec.name, error=str(error),
                pause_seconds=pause,
            )  # fmt: skip

    def _spawn(self) -> None:
        environment = {**os.environ, **self.spec.environment, PARENT_VARIABLE: str(os.getpid())}
        out = (self.logs / f"{self.spec.name}.log").open("ab") if self.logs else None
        try:
            self.process = subprocess.Popen(  # noqa: S603 - our own command line
                list(self.spec.command), env=environment, stdout=out, stderr=out, stdin=subprocess.DEVNULL
            )
        finally:
            if out is not None:
                out.close()
        self.started = time.monotonic()

    def look(self) -> None:
        """Notices an end, and plans the restart: at once after a healthy run, later and later after quick ends."""
        if self.process is None or self.process.poll() is None:
            return
        code, ran = self.process.returncode, time.monotonic() - self.started
        self.process = None
        self.exits[code] += 1
        if not self.spec.restart and code == 0:
            self.finished = code
            return
        pause = self._back_off(ran)
        self.usage_ends = self.usage_ends + 1 if code == _USAGE and self.restarts else 0
        if self.usage_ends >= _USAGE_ENDS:
            self.finished = code
            log.error(
                "service cannot be run as it is set and is not started again; its own error says what to mend",
                name=self.spec.name, exit_code=code, log=str(self.logs / f"{self.spec.name}.log") if self.logs else "",
            )  # fmt: skip
            return
        log.warning("service ended, it is started again", name=self.spec.name, exit_code=code, pause_seconds=pause)

    def _back_off(self, ran: float) -> float:
        """Plans the next start, after a run of so many seconds; returns the pause before it."""
        self.restarts = 0 if ran > _HEALTHY_AFTER else self.restarts + 1
        pause = (
            0.0 if not self.restarts else min(self.longest_backoff, _FIRST_BACKOFF * 2 ** min(self.restarts - 1, 16))
        )
        self.not_before = time.monotonic() + pause
        return pause


class Supervisor:
    """Runs the services while the context lasts. ``logs``: a folder with one file each, else they share our output.
    ``longest_backoff``: seconds that are waited at most before what ends at once is started again.
    """

    def __init__(
        self, specs: Sequence[Spec], logs: Path | None = None, *, longest_backoff: float = _LONGEST_BACKOFF
    ) -> None:
        if logs is not None:
            refuse_unwritable(logs)
        self._logs = logs
        self._longest_backoff = longest_backoff
        self._children = [_Child(spec, logs, longest_backoff) for spec in specs]
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="supervisor", daemon=True)
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        for child in self._children:
            child.start()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def reconcile(self, specs: Sequence[Spec]) -> None:
        """Runs these and no others: ends what is not among them or has changed, and starts what is new."""
        wanted = {spec.name: spec for spec in specs}
        with self._lock:
            gone = [child for child in self._children if wanted.get(child.spec.name) != child.spec]
            self._children = [child for child in self._children if child not in gone]
        _end(gone)
        with self._lock:
            there = {child.spec.name for child in self._children}
            self._children += [
                _Child(spec, self._logs, self._longest_backoff) for spec in specs if spec.name not in there
            ]

    def pid(self, name: str) -> int | None:
        """Process id of a service, None while it is not running."""
        with self._lock:
            for child in self._children:
                if child.spec.name == name and child.process is not None:
                    return child.process.pid
        return None

    def finished(self, name: str) -> bool:
        """Whether a service that is not restarted has ended its work."""
        with self._lock:
            return any(child.spec.name == name and child.finished == 0 for child in self._children)

    def left(self, name: str) -> bool:
        """Whether a service is not started again because it cannot be run as it is set."""
        with self._lock:
            return any(child.spec.name == name and child.finished == _USAGE for child in self._children)

    def ends(self) -> dict[str, int]:
        """How often each service has ended, by service."""
        with self._lock:
            return {child.spec.name: child.exits.total() for child in self._children}

    def exits(self) -> dict[str, Counter[int]]:
        """How often each service has ended with which exit code (a signal is negative), by service."""
        with self._lock:
            return {child.spec.name: child.exits.copy() for child in self._children}

    def restarts(self) -> dict[str, int]:
        """Quick ends in a row, by service; a service that cannot start shows here."""
        with self._lock:
            return {child.spec.name: child.restarts for child in self._children}

    def stop(self) -> None:
        """SIGTERM to all, in the order given; SIGKILL to what has not ended after a grace time."""
        if self._stopping.is_set():
            return
        self._stopping.set()
        self._thread.join()
        _end(self._children)

    def _watch(self) -> None:
        while not self._stopping.wait(_POLL):
            with self._lock:
                for child in self._children:
                    child.look()
                    if child.process is None and child.finished is None and time.monotonic() >= child.not_before:
                        child.start()


def refuse_unwritable(folder: Path) -> None:
    """Makes the folder of the logs. Raises ``SettingsError`` where files cannot be written there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise SettingsError(f"{folder}: logs cannot be written there ({error.strerror})") from error


def _end(children: Sequence[_Child]) -> None:
    """SIGTERM to all, in the order given; SIGKILL to what has not ended after a grace time."""
    for child in children:
        if child.process is not None and child.process.poll() is None:
            child.process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + _GRACE_SECONDS
    for child in children:
        if child.process is None:
            continue
        try:
            child.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            log.warning("service did not end in time and is killed", name=child.spec.name)
            child.process.kill()
            child.process.wait()
        child.process = None


def wait_until(condition: Callable[[], bool], seconds: float, poll: float = 0.2) -> bool:
    """Waits until ``condition`` holds; False when it did not within ``seconds``."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not condition():
        if time.monotonic() >= deadline:
            return False
        pause.wait(poll)
    return True
