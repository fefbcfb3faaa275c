"""What runs on a data folder, as a person asks for it."""

from dataclasses import dataclass
from pathlib import Path

from deploy.services import processes, state
from deploy.services.health import elasticsearch_problem, kafka_problem
from deploy.services.kinds import ELASTICSEARCH, KAFKA, Kind

_PROBLEM = {KAFKA: kafka_problem, ELASTICSEARCH: elasticsearch_problem}


@dataclass(frozen=True)
class ServiceStatus:
    """``problem`` is None when it is healthy; ``resident_bytes`` is 0 when it has ended."""

    name: str
    address: str
    pid: int
    problem: str | None
    resident_bytes: int
    log: Path


@dataclass(frozen=True)
class Status:
    kind: Kind
    detached: bool
    data: Path
    logs: Path
    services: tuple[ServiceStatus, ...]

    @property
    def healthy(self) -> bool:
        return all(service.problem is None for service in self.services)


def status(data: Path) -> Status | None:
    """Ask the services on this folder how they are; None when none was started or all were stopped."""
    recorded = state.read(data.expanduser().resolve())
    if recorded is None or not recorded.processes:
        return None
    logs = Path(recorded.logs)
    return Status(
        kind=recorded.kind,
        detached=recorded.owner is None,
        data=Path(recorded.data),
        logs=logs,
        services=tuple(
            _service(name, identity, recorded.ports[name], logs) for name, identity in recorded.processes.items()
        ),
    )


def _service(name: str, identity: processes.Identity, port: int, logs: Path) -> ServiceStatus:
    if processes.listens(identity, port) and processes.is_alive(identity):
        problem = _PROBLEM[name](port)
    else:
        problem = "it has ended"
    return ServiceStatus(
        name=name,
        address=f"{'http://' if name == ELASTICSEARCH else ''}127.0.0.1:{port}",
        pid=identity.pid,
        problem=problem,
        resident_bytes=processes.resident_bytes(identity),
        log=logs / f"{name}.log",
    )
