"""Becomes the program of a service, with its ties to the starter set first. Run as a script, stdlib only.

    python exec_in_place.py attached PARENT_PID LOG CWD PROGRAM [ARGUMENT ...]
    python exec_in_place.py detached 0          LOG CWD PROGRAM [ARGUMENT ...]   (prints the process id)

A small script that replaces itself, because the alternative (preexec_fn) is not safe in a process with threads.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def _die_with(parent: int) -> None:
    """Be killed when the starter dies, however it dies (Linux; survives exec)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before the call
            os._exit(1)


def _become(log: str, cwd: str, argv: list[str]) -> None:
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    os.close(descriptor)
    try:
        os.chdir(cwd)
        os.execv(argv[0], argv)  # noqa: S606 - a program and arguments of our own, no shell
    except OSError as error:
        os.write(2, f"{argv[0]}: {error}\n".encode())
        os._exit(127)


def main() -> None:
    mode, parent, log, cwd, *argv = sys.argv[1:]
    if mode == "attached":
        _die_with(int(parent))
    else:
        # A second fork: the service is nobody's child, so it leaves no zombie and no unwaited process behind.
        child = os.fork()
        if child:
            os.write(1, f"{child}\n".encode())
            os._exit(0)
    _become(log, cwd, argv)


if __name__ == "__main__":
    main()
