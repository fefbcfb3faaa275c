"""Releases of the schemas: JSON Schemas and golden bytes of all messages, written once and never changed.

``python -m schemas.release`` writes the release of today's version (``Message.VERSION``) to ``schemas/released/``.
It refuses to overwrite a release that differs; ``--force`` does it all the same, for a version that nobody has used.
``tests/unit/schemas/test_schema_compat.py`` compares all releases with today's code.
"""

import argparse
import inspect
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import msgspec

from schemas.errors import InputError
from schemas.examples import example
from schemas.message import TYPE_PREFIX, Identified, Message, headers_of

RELEASED = Path(__file__).parent / "released"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def release_name(version: str) -> str:
    """The folder of a version: ``v1`` for 1.0, ``v1.1`` for 1.1."""
    return f"v{version.removesuffix('.0')}"


def message_types() -> list[type[Message]]:
    """All messages, by type name."""
    return sorted(_leaves(Message), key=lambda one: one.TYPE)


def json_schema(message: type[Message]) -> dict[str, Any]:
    """JSON Schema (2020-12) of a message's value."""
    identity = {
        "$schema": _DIALECT,
        "$id": f"urn:{TYPE_PREFIX.rstrip('.')}:{message.TYPE}:{message.VERSION}",
    }  # fmt: skip
    schema = msgspec.json.schema(message)
    for part in schema["$defs"].values():
        if "description" in part:
            # Docstrings lose their indentation in Python 3.13; a release is the same in all versions.
            part["description"] = inspect.cleandoc(part["description"])
    return identity | schema


def files() -> dict[str, bytes]:
    """The files of today's release, by path within its folder."""
    found: dict[str, bytes] = {}
    for message in message_types():
        found[f"{message.TYPE}.schema.json"] = _pretty(json_schema(message))
        golden = example(message)
        found[f"golden/{message.TYPE}.json"] = golden.encode()
        headers = headers_of(cast("Identified", golden), "example")
        found[f"golden/{message.TYPE}.headers.json"] = _pretty([[key, value.decode()] for key, value in headers])
    return found


def differences(folder: Path, wanted: dict[str, bytes]) -> list[str]:
    """Paths that are missing in the folder, differ, or do not belong there."""
    there = {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*.json"))}
    return sorted(name for name in there.keys() | wanted.keys() if there.get(name) != wanted.get(name))


def write(folder: Path, wanted: dict[str, bytes], *, force: bool = False) -> list[str]:
    """Writes a release and returns what was written. Raises ``InputError`` where another one is there already."""
    different = differences(folder, wanted)
    if folder.is_dir() and different and not force:
        raise InputError(
            f"{folder}: is released and differs in {', '.join(different)}; a released version never changes: raise the "
            "minor version (schemas.message.Message.VERSION), or give --force when nobody has used it yet"
        )
    for name in different:
        path = folder / name
        if name in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(wanted[name])
        else:
            path.unlink()
    return different


def main(arguments: Sequence[str] | None = None, root: Path = RELEASED) -> int:
    parser = argparse.ArgumentParser(prog="python -m schemas.release", description="Release the schemas of today.")
    parser.add_argument("--force", action="store_true", help="overwrite a release that nobody has used yet")
    options = parser.parse_args(arguments)
    folder = root / release_name(Message.VERSION)
    try:
        written = write(folder, files(), force=options.force)
    except InputError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{folder}: {len(written)} files written\n")
    return 0


def _leaves(message: type[Message]) -> Iterator[type[Message]]:
    for one in message.__subclasses__():
        # A class without a type of its own is an intermediate one (msgspec makes none).
        if "TYPE" in vars(one):
            yield one
        yield from _leaves(one)


def _pretty(value: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value, order="deterministic"), indent=1) + b"\n"


if __name__ == "__main__":
    sys.exit(main())
