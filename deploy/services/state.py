"""The state file: what runs on a data folder, so that any process can ask for it and end it.

It stays after a stop, with no processes, so that the next start has the same addresses when they are free.
"""

from pathlib import Path

import msgspec

from deploy.services.kinds import Kind
from deploy.services.processes import Identity
from schemas.errors import ServiceError

_NAME = "services.json"
_VERSION = 1


class State(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``processes`` and ``ports`` by name; ``cache`` is the folder that was asked for, None for the default.

    ``owner`` is the process that the services die with, None when they are detached.
    """

    version: int = _VERSION
    kind: Kind
    owner: Identity | None
    processes: dict[str, Identity]
    ports: dict[str, int]
    data: str
    logs: str
    cache: str | None = None


def path(data: Path) -> Path:
    return data / _NAME


def read(data: Path) -> State | None:
    """The state, or None when nothing was ever started here."""
    try:
        text = path(data).read_bytes()
    except FileNotFoundError:
        return None
    try:
        state = msgspec.json.decode(text, type=State)
    except msgspec.DecodeError as error:
        raise ServiceError(
            f"{path(data)} cannot be read: {error}; end what runs on that folder, then remove the file"
        ) from error
    if state.version != _VERSION:
        raise ServiceError(f"{path(data)} has version {state.version}, not {_VERSION}; use the release that wrote it")
    return state


def write(state: State) -> None:
    final = path(Path(state.data))
    new = final.with_suffix(".new")
    new.write_bytes(msgspec.json.format(msgspec.json.encode(state)))
    new.replace(final)
