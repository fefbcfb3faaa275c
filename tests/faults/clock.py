"""Clocks of processes that can be set while they run (``clock.c``, laid under them as a library)."""

import os
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import pytest

_SOURCE = Path(__file__).with_name("clock.c")
DAY = 86_400


class Clock:
    """The time of the day of all processes that have its ``environment``. Skips the test where no C compiler is."""

    def __init__(self, folder: Path) -> None:
        compiler = shutil.which("cc") if sys.platform == "linux" else None
        if compiler is None:
            pytest.skip("no C compiler is here to make clocks that can be set")
        library = folder / "clock.so"
        options = ["-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-ldl"]
        subprocess.run([compiler, *options, "-o", str(library), str(_SOURCE)], check=True)
        self._shift = folder / "clock.shift"
        self._shift.write_bytes(struct.pack("q", 0))
        before = os.environ.get("LD_PRELOAD", "")
        self.environment = {
            "LD_PRELOAD": f"{library} {before}".strip(),
            "CLOCK_SHIFT": str(self._shift),
        }

    def set(self, seconds: int) -> None:
        """Ahead of the true time by so many seconds, or behind it."""
        with self._shift.open("r+b", buffering=0) as file:
            file.write(struct.pack("q", seconds))
