"""The command as a process: Ctrl-C at any moment is an end, not a traceback."""

import subprocess
import sys

import pytest

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
