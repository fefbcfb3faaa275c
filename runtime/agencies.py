"""Agencies and papers that others take their reports from (``data/credits.toml``): what they are called, and where they
publish.

``clean`` names one of them as whom an article credits, ``group`` asks which outlet is meant. Both go by this table, so
"ТАСС", "TASS" and tass.ru are one.
"""

import functools
import re
import tomllib
from dataclasses import dataclass
from importlib.resources import files

from runtime.folding import fold
from schemas import Outlet

# What an outlet adds to its name for one of its editions: "TASS (English)".
_EDITION = re.compile(r"\([^()]*\)$")


@dataclass(frozen=True)
class Agency:
    """``aliases``: as articles write it; ``hosts``: of its own site."""

    name: str
    aliases: tuple[str, ...]
    hosts: tuple[str, ...]

    def publishes_at(self, host: str) -> bool:
        return any(host == own or host.endswith(f".{own}") for own in self.hosts)


@functools.cache
def agencies() -> tuple[Agency, ...]:
    rows = tomllib.loads(files("runtime").joinpath("data/credits.toml").read_text(encoding="utf-8"))["credit"]
    return tuple(Agency(row["name"], tuple(row["aliases"]), tuple(row["hosts"])) for row in rows)


def called(name: str) -> Agency | None:
    """The agency that a name means; None where the table has none of it."""
    return _by_name().get(fold(name))


@functools.lru_cache(maxsize=4096)
def publisher(host: str, name: str = "") -> Agency | None:
    """The agency that publishes at this host, or under this name; outlets of files may have their name for a host."""
    at_host = next((agency for agency in agencies() if agency.publishes_at(host.casefold())), None)
    return at_host or called(_EDITION.sub("", name)) or called(_EDITION.sub("", host))


@functools.lru_cache(maxsize=65536)  # two reports may be asked for one another again and again
def means(credited: str, outlet: Outlet) -> bool:
    """Whether a credit means this outlet: both are one agency of the table, or the credit is its name or host."""
    agency = called(credited)
    if agency is not None and publisher(outlet.id, outlet.name) is agency:
        return True
    return fold(credited) in {fold(outlet.id), fold(outlet.name)} - {""}


@functools.cache
def _by_name() -> dict[str, Agency]:
    return {fold(alias): agency for agency in agencies() for alias in agency.aliases}
