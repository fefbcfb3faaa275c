"""What a kind of services is made of: its names, and the recipe that turns ports and folders into processes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

KAFKA = "kafka"
ELASTICSEARCH = "elasticsearch"

Progress = Callable[[str], None]
"""Receives short sentences for a person who waits."""


class Kind(StrEnum):
    """``embedded``: noida-db, one small binary. ``local``: real Apache Kafka and Elasticsearch, without Docker."""

    EMBEDDED = "embedded"
    LOCAL = "local"


@dataclass(frozen=True)
class Service:
    """One process to run.

    ``problem`` asks the service over its own protocol and says what is wrong, or None when it is healthy;
    ``tune`` is called once after each start, when it is.
    """

    name: str
    label: str
    argv: tuple[str, ...]
    log: Path
    port: int
    problem: Callable[[int], str | None]
    tune: Callable[[int], None] | None = None


class Recipe(Protocol):
    """A kind that is ready to run: everything is downloaded and built."""

    @property
    def ports(self) -> tuple[str, ...]:
        """Names of the ports that it needs."""

    def services(self, ports: Mapping[str, int], data: Path, logs: Path) -> tuple[Service, ...]:
        """Write the configuration and say what to run. The folders exist; what lies in them is kept."""
