"""How a Faust worker gives up, in a process of its own: the code says to its supervisor that it is to start again."""

import json
import subprocess
import sys

from runtime.watch import EXIT_UNRECOVERABLE

BEGIN = (
    "import atexit, sys\nfrom runtime.logging import configure\nfrom runtime.settings import LogSettings\n"
    "from processors.unrecoverable import LastResort, die\n"
    "configure(LogSettings(format='json'), 'annotate-1', 3)\n"
    "atexit.register(sys.stdout.write, 'a graceful end')\n"
)


def ended(program: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", BEGIN + program], capture_output=True, text=True, timeout=60, check=False
    )


def test_it_ends_at_once_with_its_code_and_says_why() -> None:
    found = ended("die('a message could not be delivered', KeyError('broker'))\n")
    assert (found.returncode, found.stdout) == (EXIT_UNRECOVERABLE, "")
    line = json.loads(found.stderr.splitlines()[-1])
    assert (line["reason"], line["error"]) == ("a message could not be delivered", "KeyError('broker')")


def test_an_error_of_an_agent_is_no_end_that_commits() -> None:
    found = ended("with LastResort():\n    raise ValueError('defect')\n")
    assert (found.returncode, found.stdout) == (EXIT_UNRECOVERABLE, "")
    assert json.loads(found.stderr.splitlines()[-1])["error"] == "ValueError('defect')"


def test_who_is_asked_to_end_ends_as_ever() -> None:
    """KeyboardInterrupt, SystemExit and cancelling are no errors of an agent."""
    found = ended("with LastResort():\n    sys.exit(3)\n")
    assert (found.returncode, found.stdout) == (3, "a graceful end")
