"""Files that a command is to write: looked at before the work, not after it."""

import os
from pathlib import Path

import typer


def writable(target: Path, *sources: Path) -> Path:
    """``target``, which can be written and is none of ``sources``; raises ``BadParameter`` where it is not so."""
    if str(target) == "-":
        raise typer.BadParameter("--output - would be a file of this name; give /dev/stdout for standard output")
    for source in sources:
        if target.exists() and source.exists() and target.samefile(source) and not target.is_char_device():
            raise typer.BadParameter(f"--output {target} is the input, which would be lost; name another file")
    folder = target.parent
    if target.is_dir():
        raise typer.BadParameter(f"--output {target} is a folder; name a file")
    if not folder.is_dir():
        raise typer.BadParameter(f"--output {target}: there is no folder {folder}; make it, or name another file")
    if not os.access(target if target.exists() else folder, os.W_OK):
        raise typer.BadParameter(f"--output {target} cannot be written by this user; name another file")
    return target
