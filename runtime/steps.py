"""Named steps of the services, at which a fault test can kill or hang the process. In production they do nothing.

``REMARKWIRE_FAULTS`` names a file of lines ``STEP COUNT ACTION``: at the COUNT-th time that a process passes STEP while
the line is there, the line is struck out and the process ends by SIGKILL (``kill``) or stands still in that thread
(``hang``). What is struck out does not happen again after the restart, and a file that is empty proves that every step
was reached.
"""

import os
import signal
import threading
from collections import Counter
from pathlib import Path

VARIABLE = "REMARKWIRE_FAULTS"
_plan: Path | None = Path(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else None
_passed: Counter[str] = Counter()
_lock = threading.Lock()


def step(name: str) -> None:
    """A step is reached, or about to be taken."""
    if _plan is not None:
        _reach(_plan, name)


def _reach(plan: Path, name: str) -> None:
    with _lock:
        lines = plan.read_text(encoding="ascii").splitlines() if plan.is_file() else []
        due = next((line for line in lines if line.split()[0] == name), None)
        if due is None:
            return
        _passed[due] += 1
        if _passed[due] < int(due.split()[1]):
            return
        lines.remove(due)
        struck = plan.with_suffix(f".{os.getpid()}")
        struck.write_text("".join(f"{line}\n" for line in lines), encoding="ascii")
        struck.replace(plan)
        action = due.split()[2]
    if action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    threading.Event().wait()
