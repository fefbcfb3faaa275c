"""The end of a log file, for a message to a person."""

from pathlib import Path

_LINES = 15
_BYTES = 16_384


def tail(log: Path, *, since: int = 0) -> str:
    """The last lines, indented. ``since``: byte offset before which the file is of an earlier run."""
    try:
        with log.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(since, size - _BYTES))
            text = file.read().decode("utf-8", errors="replace")
    except FileNotFoundError:
        return "    (no log was written)"
    lines = text.splitlines()[-_LINES:]
    return "\n".join(f"    {line}" for line in lines) if lines else "    (the log is empty)"


def size(log: Path) -> int:
    return log.stat().st_size if log.exists() else 0
