"""The end of a service's log, for a message to a person and for the one cause that is worth a second try."""

import re
from pathlib import Path

_LINES = 15
_BYTES = 262_144  # stack traces of a failed start can be long, and the cause stands above them
_STACK_FRAME = re.compile(r"\sat \S+\(.*\)$|\s\.\.\. \d+ (common frames omitted|more)$")


def size(log: Path) -> int:
    """Bytes so far: where the log of the next run begins."""
    return log.stat().st_size if log.exists() else 0


def since(log: Path, start: int) -> str:
    """What was written from this byte on (the last quarter of a megabyte of it)."""
    try:
        with log.open("rb") as file:
            file.seek(max(start, file.seek(0, 2) - _BYTES))
            return file.read().decode("utf-8", errors="replace")
    except FileNotFoundError:
        return ""


def tail(log: Path, start: int = 0) -> str:
    """The last lines, indented, without the frames of Java's stack traces."""
    lines = [line for line in since(log, start).splitlines() if not _STACK_FRAME.search(line)]
    return "\n".join(f"    {line}" for line in lines[-_LINES:]) if lines else "    (it is empty)"
