"""The local kind: real Apache Kafka and a real Elasticsearch node from their published jars, without Docker."""

from collections.abc import Mapping
from pathlib import Path

from deploy.services.kinds import Progress, Service
from deploy.services.local import elasticsearch, kafka
from deploy.services.local.artifacts import Artifacts, check_maven, install, is_installed
from deploy.services.local.jdk import Jdk, find_jdk
from schemas.errors import ServiceError

__all__ = ["Local", "prepare", "unavailable"]


class Local:
    """The recipe: jars in the cache and a JDK to run them."""

    ports = (*kafka.PORTS, *elasticsearch.PORTS)

    def __init__(self, artifacts: Artifacts, jdk: Jdk) -> None:
        self._artifacts = artifacts
        self._jdk = jdk

    def services(self, ports: Mapping[str, int], data: Path, logs: Path) -> tuple[Service, ...]:
        return (
            kafka.service(self._artifacts, self._jdk, ports, data, logs),
            elasticsearch.service(self._artifacts, self._jdk, ports, data, logs),
        )


def prepare(cache: Path | None, logs: Path, progress: Progress) -> Local:
    """Find a JDK; download and compile what the cache does not have yet."""
    jdk = find_jdk()
    return Local(install(cache, jdk, logs / "maven.log", progress), jdk)


def unavailable(cache: Path | None = None) -> str | None:
    """Why the local kind cannot run on this machine, or None: what a test says when it skips."""
    try:
        find_jdk()
        if not is_installed(cache):
            check_maven()
    except ServiceError as error:
        return str(error)
    return None
