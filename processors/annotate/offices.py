"""Who holds which office: data for texts that name only the office."""

from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml


@dataclass(frozen=True)
class Offices:
    """``holders``: (office, place id) to person id, capitals standing for their countries; ``names`` to be shown."""

    holders: dict[tuple[str, str], str]
    names: dict[str, str]


@cache
def load_offices() -> Offices:
    """Reads ``data/offices.yaml``."""
    file = resources.files("processors.annotate") / "data" / "offices.yaml"
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    holders: dict[tuple[str, str], str] = {}
    names: dict[str, str] = {}
    for row in data["holders"]:
        names[row["person"]] = row["name"]
        for place in (row["place"], *data["places"].get(row["place"], ())):
            holders[row["office"], place] = row["person"]
    return Offices(holders, names)
