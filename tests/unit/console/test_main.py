"""The command as a process: Ctrl-C at any moment is an end, not a traceback."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from console.supervisor import wait_until

INTERRUPTED = """
import importlib.abc, runpy, sys

class CtrlC(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name == {name!r}:
            raise KeyboardInterrupt

sys.meta_path.insert(0, CtrlC())
sys.argv = ["remarkwire", "status"]
runpy.run_module("console.main", run_name="__main__")
"""


@pytest.mark.parametrize(
    "name", ["typer", "console.commands", "schemas.errors", "console.commands.dlq", "console.accounting"]
)
def test_ctrl_c_while_modules_are_imported_is_no_traceback(name: str) -> None:
    command = [sys.executable, "-c", INTERRUPTED.format(name=name)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (130, False)


def test_ctrl_c_while_batch_works_is_no_traceback(tmp_path: Path) -> None:
    """A terminal sends it to all processes, those of the pool included."""
    rows = [{"id": str(n), "title": "Lavrov on ferries", "text": "“They are late,” Lavrov said."} for n in range(2000)]
    (tmp_path / "in.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    batch = [sys.executable, "-P", "-m", "console.main", "batch", "--input", "in.jsonl", "--output", "out.jsonl"]
    # What a shell started in the background is deaf to it, and so is all that it starts in turn.
    heard = (
        "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.executable, sys.argv[1:])"
    )
    command = [sys.executable, "-c", heard, *batch]
    with subprocess.Popen(
        [*command, "--workers", "2"], cwd=tmp_path, stderr=subprocess.PIPE, text=True, start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    ) as process:  # fmt: skip
        found = psutil.Process(process.pid)

        def pool() -> bool:
            return sum("spawn_main" in " ".join(child.cmdline()) for child in found.children()) == 2

        assert wait_until(pool, 60)
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=120)
    assert (process.returncode, "Traceback" in said) == (130, False), said
    assert not (tmp_path / "out.jsonl").exists()
