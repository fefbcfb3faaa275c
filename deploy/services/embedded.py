"""The embedded kind: noida-db, one small binary from PyPI that speaks Kafka's and Elasticsearch's protocols.

Two processes of it, so that each service can be stopped, killed and restarted by itself; before Kafka stands a relay
(``patient.py``) that is its parent and takes it along. What it does otherwise than the real ones: docs/services.md.
"""

import os
import sys
from collections.abc import Mapping
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from deploy.services.health import elasticsearch_problem, kafka_problem, refuse_unknown_topics
from deploy.services.kinds import ELASTICSEARCH, KAFKA, Service
from schemas.errors import ServiceError

_PATIENT = Path(__file__).with_name("patient.py")
_BEHIND = "kafka-behind"


class Embedded:
    """The recipe. ``binary`` is the program itself, not the Python script around it: signals must reach the server."""

    ports = (KAFKA, ELASTICSEARCH, _BEHIND)

    def __init__(self, binary: Path) -> None:
        self._binary = binary

    def services(self, ports: Mapping[str, int], data: Path, logs: Path) -> tuple[Service, ...]:
        if _BEHIND not in ports:
            raise ServiceError("an earlier version started these services; run `remarkwire services down`, then `up`")
        label = f"noida-db {version('noida-db')}"
        return (
            Service(
                name=KAFKA,
                label=f"Kafka ({label})",
                argv=(
                    sys.executable,
                    "-I",
                    "-S",
                    str(_PATIENT),
                    str(ports[KAFKA]),
                    str(ports[_BEHIND]),
                    str(logs / "kafka.log"),
                    *self._argv(KAFKA, ports[_BEHIND], data),
                ),
                log=logs / "kafka.log",
                port=ports[KAFKA],
                problem=kafka_problem,
                tune=refuse_unknown_topics,
            ),
            Service(
                name=ELASTICSEARCH,
                label=f"Elasticsearch ({label})",
                argv=self._argv(ELASTICSEARCH, ports[ELASTICSEARCH], data),
                log=logs / "elasticsearch.log",
                port=ports[ELASTICSEARCH],
                problem=elasticsearch_problem,
            ),
        )

    def _argv(self, name: str, port: int, data: Path) -> tuple[str, ...]:
        folder = data / name
        folder.mkdir(parents=True, exist_ok=True)
        return (
            str(self._binary), "start", "--host", "127.0.0.1", "--data-dir", str(folder),
            "--only", name, f"--{name}-port", str(port),
        )  # fmt: skip


def prepare() -> Embedded:
    """Find the binary inside the installed package; the command of that name on PATH may be another one."""
    try:
        binary = Path(str(files("noida_db"))) / "noida-db"
    except ModuleNotFoundError as error:
        raise ServiceError("the Python package noida-db is not installed; run `make install`") from error
    if not binary.is_file():
        raise ServiceError(f"{binary} is missing; install noida-db again, or use `--services local`")
    if not os.access(binary, os.X_OK):
        binary.chmod(0o755)
    return Embedded(binary)
