"""Services that run: start them until they are healthy, stop them, kill and restart one, find them again.

    with start(Kind.LOCAL, data=folder) as running:
        Producer({"bootstrap.servers": running.bootstrap_servers})

Attached services (the default) die with the process that started them, whatever ends it. Detached ones
(``up``/``down``/``status``) are known by the state file in their data folder.
"""

import atexit
import os
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock

from deploy.services import embedded, local, processes, state
from deploy.services.kinds import ELASTICSEARCH, KAFKA, Kind, Progress, Recipe
from deploy.services.launch import Launched, PortTaken, launch, wait_until_healthy
from deploy.services.ports import choose
from deploy.services.processes import Identity
from schemas.errors import ServiceError

STOP_SECONDS = 20.0

_ATTEMPTS = 3
_LOCK_SECONDS = 1800.0  # as long as a first download may take


class Services:
    """Kafka and Elasticsearch on one data folder; made by ``start``, ``up`` and ``attach``."""

    def __init__(
        self, now: state.State, recipe: Recipe | None, children: Mapping[str, subprocess.Popen[bytes]]
    ) -> None:
        self._state = now
        self._recipe = recipe
        self._children = dict(children)
        self._starter = os.getpid()
        self._lock = threading.RLock()
        if now.owner is not None and recipe is not None:
            atexit.register(self._stop_at_exit)

    @property
    def kind(self) -> Kind:
        return self._state.kind

    @property
    def detached(self) -> bool:
        return self._state.owner is None

    @property
    def data(self) -> Path:
        return Path(self._state.data)

    @property
    def logs(self) -> Path:
        return Path(self._state.logs)

    @property
    def bootstrap_servers(self) -> str:
        return f"127.0.0.1:{self._state.ports[KAFKA]}"

    @property
    def elasticsearch_url(self) -> str:
        return f"http://127.0.0.1:{self._state.ports[ELASTICSEARCH]}"

    def pid(self, name: str) -> int:
        """The process id of "kafka" or "elasticsearch", alive or not."""
        return self._identity(name).pid

    def stop(self) -> None:
        """End all of them in order, by force after a while; a second call does nothing."""
        with self._lock:
            processes.end(self._state.processes.values(), STOP_SECONDS)
            self._reap()
            with _exclusive(self.data):
                recorded = state.read(self.data)
                if recorded is not None and recorded.processes == self._state.processes:  # not those of a later start
                    state.write(_without_processes(recorded))
            atexit.unregister(self._stop_at_exit)

    def kill(self, name: str) -> None:
        """SIGKILL to one, to see what the others make of it."""
        with self._lock:
            processes.kill(self._identity(name))
            self._reap()

    def restart(self, name: str, progress: Progress | None = None) -> None:
        """End it if it lives, then start it again on its port with its data, until it is healthy."""
        say = progress or _say_nothing
        with self._lock:
            if self._state.owner is not None and self._starter != self._state.owner.pid:
                raise ServiceError(f"{name} belongs to process {self._state.owner.pid}; only that one can restart it")
            processes.end([self._identity(name)], STOP_SECONDS)
            self._reap()
            if self._recipe is None:
                cache = self._state.cache
                self._recipe = _prepare(self.kind, Path(cache) if cache else None, self.logs, say)
            base = _base(self.data, self.kind)
            everything = self._recipe.services(self._state.ports, base, self.logs)
            service = next(one for one in everything if one.name == name)
            launched = launch(service, base, detached=self.detached)
            if launched.child is not None:
                self._children[name] = launched.child
            self._state = _with_process(self._state, name, launched.identity)
            state.write(self._state)
            wait_until_healthy(launched, say)

    def _identity(self, name: str) -> Identity:
        try:
            return self._state.processes[name]
        except KeyError:
            raise ServiceError(f"no service {name!r}; there are {sorted(self._state.processes)}") from None

    def _reap(self) -> None:
        for name, child in list(self._children.items()):
            if child.poll() is not None:
                del self._children[name]

    def _stop_at_exit(self) -> None:
        if os.getpid() == self._starter:  # not in a forked child, which inherits the handler
            self.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def start(
    kind: Kind,
    *,
    data: Path,
    cache: Path | None = None,
    progress: Progress | None = None,
    detached: bool = False,
) -> Services:
    """Start the services and wait until both are healthy.

    ``data`` is made when it is not there, and what an earlier run of the same kind left in it is used. ``cache``
    keeps what the local kind downloads. Raises ServiceError that names the log and its last lines.
    """
    folder = _folder(data)
    with _exclusive(folder):
        recorded = state.read(folder)
        if recorded is not None and _alive(recorded):
            raise ServiceError(
                f"{recorded.kind} services run on {folder} already (processes {_pids(recorded)}); stop them with "
                f"`remarkwire services down --data {folder}` or choose another data folder"
            )
        return _start(kind, folder, cache, progress or _say_nothing, recorded, detached=detached)


def up(kind: Kind, *, data: Path, cache: Path | None = None, progress: Progress | None = None) -> tuple[Services, bool]:
    """Detached services on this folder, and whether they had to be started.

    When they are up, one that has died is started again. Raises ServiceError when another kind runs there, or services
    that belong to a living process.
    """
    folder, say = _folder(data), progress or _say_nothing
    with _exclusive(folder):
        recorded = state.read(folder)
        if recorded is None or not _alive(recorded):
            return _start(kind, folder, cache, say, recorded, detached=True), True
    if recorded.owner is not None:
        raise ServiceError(
            f"the {recorded.kind} services on {folder} belong to process {recorded.owner.pid} and end with it; "
            "choose another data folder"
        )
    if recorded.kind != kind:
        raise ServiceError(
            f"{recorded.kind} services run on {folder}; stop them with `remarkwire services down --data {folder}` or "
            f"choose another data folder for {kind}"
        )
    running = Services(recorded, None, {})
    dead = [name for name, identity in recorded.processes.items() if not processes.is_alive(identity)]
    for name in dead:
        say(f"{name} had ended; starting it again")
        running.restart(name, say)
    return running, bool(dead)


def attach(data: Path) -> Services | None:
    """The services that run on this folder, whoever started them; None when none does."""
    recorded = state.read(_folder(data, make=False))
    return Services(recorded, None, {}) if recorded is not None and _alive(recorded) else None


def down(data: Path) -> bool:
    """Stop what runs on this folder; False when nothing did."""
    running = attach(data)
    if running is None:
        return False
    running.stop()
    return True


def _start(
    kind: Kind, data: Path, cache: Path | None, say: Progress, recorded: state.State | None, *, detached: bool
) -> Services:
    base = _base(data, kind)
    logs = base / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    recipe = _prepare(kind, cache, logs, say)
    preferred = recorded.ports if recorded is not None else {}
    for _ in range(_ATTEMPTS):
        now = state.State(
            kind=kind,
            owner=None if detached else processes.identify(os.getpid()),
            processes={},
            ports=choose(recipe.ports, preferred),
            data=str(data),
            logs=str(logs),
            cache=str(cache) if cache else None,
        )
        try:
            return _launch(now, recipe, base, say)
        except PortTaken as clash:
            say(f"{clash}; trying other ports")
            preferred = {}
    raise ServiceError(f"every choice of free ports was taken by another program, {_ATTEMPTS} times in a row")


def _launch(now: state.State, recipe: Recipe, base: Path, say: Progress) -> Services:
    services = recipe.services(now.ports, base, Path(now.logs))
    say("starting " + " and ".join(service.label for service in services))
    launched: list[Launched] = []
    try:
        for service in services:
            launched.append(launch(service, base, detached=now.owner is None))
            now = _with_process(now, service.name, launched[-1].identity)
            state.write(now)
        for one in launched:
            wait_until_healthy(one, say)
    except BaseException:
        processes.end(now.processes.values(), STOP_SECONDS)
        for one in launched:
            if one.child is not None:
                one.child.wait()
        state.write(_without_processes(now))
        raise
    children = {one.service.name: one.child for one in launched if one.child is not None}
    return Services(now, recipe, children)


def _prepare(kind: Kind, cache: Path | None, logs: Path, say: Progress) -> Recipe:
    return embedded.prepare() if kind == Kind.EMBEDDED else local.prepare(cache, logs, say)


def _folder(data: Path, *, make: bool = True) -> Path:
    folder = data.expanduser().resolve()
    if make:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ServiceError(f"{folder}: cannot be made ({error.strerror}); name another folder by --data") from error
    return folder


def _base(data: Path, kind: Kind) -> Path:
    """Each kind has a folder of its own: they cannot read one another's files."""
    return data / kind.value


def _exclusive(data: Path) -> FileLock:
    """One start or stop on a folder at a time."""
    return FileLock(data / "services.lock", timeout=_LOCK_SECONDS)


def _alive(recorded: state.State) -> bool:
    return any(processes.is_alive(identity) for identity in recorded.processes.values())


def _pids(recorded: state.State) -> str:
    return ", ".join(str(identity.pid) for identity in recorded.processes.values())


def _with_process(now: state.State, name: str, identity: Identity) -> state.State:
    return _replaced(now, {**now.processes, name: identity})


def _without_processes(now: state.State) -> state.State:
    return _replaced(now, {})


def _replaced(now: state.State, running: dict[str, Identity]) -> state.State:
    return state.State(
        kind=now.kind,
        owner=now.owner,
        processes=running,
        ports=now.ports,
        data=now.data,
        logs=now.logs,
        cache=now.cache,
    )


def _say_nothing(_: str) -> None:
    return None
