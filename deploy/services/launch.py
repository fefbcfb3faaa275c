"""One service from its command to a healthy answer."""

import re
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from deploy.services import processes
from deploy.services.kinds import Progress, Service
from deploy.services.logs import since, size, tail
from schemas.errors import ServiceError

START_SECONDS = 180.0

_POLL_SECONDS = 0.05
_PORT_TAKEN = re.compile(r"address already in use|bindexception|port \d+ is already in use", re.IGNORECASE)


class PortTaken(ServiceError):
    """Another program took a port between its choice and its use."""


@dataclass(frozen=True)
class Launched:
    """A service's process; ``child`` is to be reaped when it is ours, ``log_start`` is where this run's log begins."""

    service: Service
    identity: processes.Identity
    child: subprocess.Popen[bytes] | None
    log_start: int


def launch(service: Service, folder: Path, *, detached: bool) -> Launched:
    log_start = size(service.log)
    identity, child = processes.spawn(service.argv, service.log, folder, detached=detached)
    return Launched(service, identity, child, log_start)


def wait_until_healthy(launched: Launched, say: Progress) -> None:
    """Return when the service answers; raise ServiceError with the end of its log when it ends or takes too long."""
    service, identity = launched.service, launched.identity
    say(f"waiting for {service.label}")
    deadline = time.monotonic() + START_SECONDS
    while (problem := _problem(launched)) is not None:
        if not processes.is_alive(identity):
            raise _ended(launched)
        if time.monotonic() > deadline:
            raise ServiceError(
                f"{service.label} is not healthy after {START_SECONDS:.0f} s ({problem}); the end of its log "
                f"{service.log}:\n{tail(service.log, launched.log_start)}"
            )
        time.sleep(_POLL_SECONDS)
    if service.tune is not None:
        service.tune(service.port)


def _problem(launched: Launched) -> str | None:
    """The port is looked at first: a healthy answer may come from a stranger who took it."""
    service = launched.service
    if not processes.listens(launched.identity, service.port):
        return f"it does not listen on port {service.port} yet"
    return service.problem(service.port)


def _ended(launched: Launched) -> ServiceError:
    service = launched.service
    code = "" if launched.child is None else f" (exit code {launched.child.wait()})"
    last = tail(service.log, launched.log_start)
    if _PORT_TAKEN.search(since(service.log, launched.log_start)):
        return PortTaken(f"another program took a port of {service.label}; the end of its log {service.log}:\n{last}")
    return ServiceError(f"{service.label} ended while it started{code}; the end of its log {service.log}:\n{last}")
