"""The supervisor restarts what ends and leaves nothing running, even when it is killed itself."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from console.supervisor import Spec, Supervisor, wait_until

_SLEEPER = [sys.executable, "-c", "import signal; signal.pause()"]


def test_a_killed_service_is_started_again(tmp_path: Path) -> None:
    with Supervisor([Spec("one", _SLEEPER)], tmp_path) as supervisor:
        first = supervisor.pid("one")
        assert first is not None
        os.kill(first, signal.SIGKILL)
        assert wait_until(lambda: supervisor.pid("one") not in {None, first}, 10)
        second = supervisor.pid("one")
    assert second is not None
    assert not psutil.pid_exists(second)


def test_a_task_that_ends_well_is_not_started_again(tmp_path: Path) -> None:
    counter = tmp_path / "runs"
    task = [sys.executable, "-c", f"open({str(counter)!r}, 'a').write('x')"]
    with Supervisor([Spec("task", task, restart=False)], tmp_path) as supervisor:
        assert wait_until(lambda: supervisor.finished("task"), 10)
    assert counter.read_text() == "x"


def test_quick_ends_are_counted_and_logged(tmp_path: Path) -> None:
    failing = [sys.executable, "-c", "import sys; print('it broke'); sys.exit(3)"]
    with Supervisor([Spec("bad", failing)], tmp_path) as supervisor:
        assert wait_until(lambda: supervisor.restarts()["bad"] >= 2, 15)
        assert set(supervisor.exits()["bad"]) == {3}
    assert "it broke" in (tmp_path / "bad.log").read_text()


def test_what_cannot_be_used_as_it_is_set_is_left_in_the_end_and_others_are_not(tmp_path: Path) -> None:
    refusing = [sys.executable, "-c", "import sys; sys.exit(2)"]
    failing = [sys.executable, "-c", "import sys; sys.exit(1)"]
    specs = [Spec("refusing", refusing), Spec("failing", failing)]
    with Supervisor(specs, tmp_path, longest_backoff=0.01) as supervisor:
        assert wait_until(lambda: supervisor.left("refusing"), 60)
        tries = supervisor.ends()["refusing"]
        assert tries > 1
        others = supervisor.ends()["failing"]
        assert wait_until(lambda: supervisor.ends()["failing"] > others + tries, 60)
        assert not supervisor.left("failing")
        assert supervisor.ends()["refusing"] == tries


def test_a_service_that_cannot_be_started_is_tried_again_and_the_others_are_looked_after(tmp_path: Path) -> None:
    command, logs = tmp_path / "command", tmp_path / "logs"
    with Supervisor([Spec("bad", [str(command)]), Spec("good", _SLEEPER)], logs, longest_backoff=0.5) as supervisor:
        assert wait_until(lambda: supervisor.restarts()["bad"] >= 2, 15)
        first = supervisor.pid("good")
        assert first is not None
        logs.rename(tmp_path / "gone")  # a start of "good" fails now too
        os.kill(first, signal.SIGKILL)
        assert wait_until(lambda: supervisor.restarts()["good"] >= 2, 15)
        logs.mkdir()
        command.write_text(f"#!{sys.executable}\nimport signal\nsignal.pause()\n")
        command.chmod(0o755)
        assert wait_until(lambda: None not in {supervisor.pid("bad"), supervisor.pid("good")}, 15)


@pytest.mark.e2e
def test_children_end_when_the_supervisor_is_killed_outright(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    child = (
        "import os, threading, pathlib\n"
        "from runtime.lifecycle import stopping\n"
        "with stopping() as stop:\n"
        f"    pathlib.Path({str(note)!r}).write_text(str(os.getpid()))\n"
        "    stop.wait(60)\n"
    )
    program = (
        "import sys, signal\nfrom pathlib import Path\nfrom console.supervisor import Spec, Supervisor\n"
        f"with Supervisor([Spec('child', [sys.executable, '-c', {child!r}])], Path({str(tmp_path)!r})):\n"
        "    signal.pause()\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", program])
    try:
        assert wait_until(lambda: note.is_file() and note.read_text() != "", 20)
        pid = int(note.read_text())
    finally:
        parent.kill()
        parent.wait()
    assert wait_until(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE, 10)


def test_services_come_and_go_while_others_run_on(tmp_path: Path) -> None:
    one, two = Spec("one", _SLEEPER), Spec("two", _SLEEPER)
    with Supervisor([one, two], tmp_path) as supervisor:
        assert wait_until(lambda: supervisor.pid("two") is not None, 10)
        before = {name: supervisor.pid(name) for name in ("one", "two")}
        changed = Spec("two", _SLEEPER, {"SOMETHING": "else"})
        supervisor.reconcile([one, changed, Spec("three", _SLEEPER)])
        assert wait_until(lambda: None not in {supervisor.pid("two"), supervisor.pid("three")}, 10)
        assert supervisor.pid("one") == before["one"]
        assert supervisor.pid("two") != before["two"]
        supervisor.reconcile([changed])
        assert supervisor.pid("one") is None
        assert not psutil.pid_exists(before["one"] or 0)
