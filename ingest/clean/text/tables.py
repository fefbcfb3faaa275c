"""The tables of ``ingest/clean/data``, in TOML."""

import tomllib
from importlib.resources import files
from typing import Any


def table(name: str) -> dict[str, Any]:
    """Read anew at each call; who asks often remembers what he makes of it."""
    return tomllib.loads(files("ingest.clean").joinpath(f"data/{name}.toml").read_text(encoding="utf-8"))
