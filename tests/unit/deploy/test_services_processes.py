"""Processes are known by id and time of start; attached ones die with their starter."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.services import ServiceError, processes
from deploy.services.kinds import Service
from deploy.services.launch import PortTaken, launch, wait_until_healthy
from deploy.services.logs import tail
from deploy.services.processes import Identity, identify, is_alive

ROOT = Path(__file__).parents[3]
SLEEPER = [sys.executable, "-c", "import signal; print('ready', flush=True); signal.pause()"]
STUBBORN = [
    sys.executable,
    "-c",
    """
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
while True:
    signal.pause()
""",
]


def until(true: Callable[[], bool], seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def test_an_attached_program_writes_its_log_and_ends_when_told(tmp_path: Path) -> None:
    log = tmp_path / "log"
    identity, child = processes.spawn(SLEEPER, log, tmp_path, detached=False)
    assert child is not None
    assert until(lambda: log.exists() and log.read_text() == "ready\n")
    assert is_alive(identity)
    processes.end([identity], 10)
    assert not is_alive(identity)
    assert child.wait() == -signal.SIGTERM


def test_a_detached_program_is_nobodys_child(tmp_path: Path) -> None:
    identity, child = processes.spawn(SLEEPER, tmp_path / "log", tmp_path, detached=True)
    try:
        assert child is None
        with pytest.raises(ChildProcessError):
            os.waitpid(identity.pid, os.WNOHANG)
        assert is_alive(identity)
    finally:
        processes.end([identity], 10)
    assert not is_alive(identity)


def test_who_does_not_end_in_time_is_killed(tmp_path: Path) -> None:
    log = tmp_path / "log"
    identity, child = processes.spawn(STUBBORN, log, tmp_path, detached=False)
    assert child is not None
    assert until(lambda: log.exists() and log.read_text() == "ready\n")
    processes.end([identity], 0.2)
    assert child.wait() == -signal.SIGKILL


def test_a_stranger_under_a_recycled_id_is_left_alone(tmp_path: Path) -> None:
    identity, child = processes.spawn(SLEEPER, tmp_path / "log", tmp_path, detached=False)
    assert child is not None
    earlier = Identity(identity.pid, "another boot:1")
    assert not is_alive(earlier)
    processes.end([earlier], 1)
    processes.kill(earlier)
    assert is_alive(identity)
    processes.kill(identity)
    assert child.wait() == -signal.SIGKILL


def test_a_zombie_has_ended() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    assert until(lambda: identify(child.pid) is None)
    child.wait()


def test_a_program_outlives_the_thread_that_started_it(tmp_path: Path) -> None:
    started: list[tuple[Identity, subprocess.Popen[bytes] | None]] = []
    log = tmp_path / "log"
    thread = threading.Thread(target=lambda: started.append(processes.spawn(SLEEPER, log, tmp_path, detached=False)))
    thread.start()
    thread.join()
    ((identity, child),) = started
    assert child is not None
    assert until(lambda: log.exists() and log.read_text() == "ready\n")
    assert is_alive(identity)
    processes.end([identity], 10)
    child.wait()


@pytest.mark.skipif(sys.platform != "linux", reason="the parent-death signal is Linux's")
def test_an_attached_program_dies_with_a_starter_that_is_killed(tmp_path: Path) -> None:
    script = f"""
import signal
from pathlib import Path
from deploy.services import processes
folder = Path({str(tmp_path)!r})
identity, _ = processes.spawn({SLEEPER!r}, folder / "log", folder, detached=False)
print(identity.pid, identity.started, flush=True)
signal.pause()
"""
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout is not None
        pid, started = starter.stdout.readline().split()
        identity = Identity(int(pid), started)
        assert is_alive(identity)
        starter.kill()
    assert until(lambda: not is_alive(identity))


def test_a_program_that_is_not_there_says_so_in_the_log(tmp_path: Path) -> None:
    launched = launch(a_service(tmp_path, [str(tmp_path / "missing")]), tmp_path, detached=False)
    with pytest.raises(
        ServiceError, match=r"Test service ended while it started \(exit code 127\)[\s\S]*missing: .*No such file"
    ):
        wait_until_healthy(launched, print)


def test_a_failure_names_the_log_and_its_last_lines(tmp_path: Path) -> None:
    service = a_service(tmp_path, [sys.executable, "-c", "import sys; print('of this run'); sys.exit(3)"])
    service.log.write_text("of an earlier run\n")
    launched = launch(service, tmp_path, detached=False)
    with pytest.raises(ServiceError) as caught:
        wait_until_healthy(launched, print)
    assert str(service.log) in str(caught.value)
    assert "of this run" in str(caught.value)
    assert "of an earlier run" not in str(caught.value)


@pytest.mark.parametrize(
    "line",
    [
        "error: kafka: port 20001 is already in use",
        "KafkaException: Socket server failed to bind to 127.0.0.1:20001: Address already in use.",
        "Caused by: java.net.BindException: Address already in use",
    ],
)
def test_a_port_that_another_program_took_is_told_apart(tmp_path: Path, line: str) -> None:
    trace = "\tat org.example.Frame.call(Frame.java:1)\n" * 100
    service = a_service(tmp_path, [sys.executable, "-c", f"import sys; print({line!r}); print({trace!r}); sys.exit(1)"])
    launched = launch(service, tmp_path, detached=False)
    with pytest.raises(PortTaken, match=re.escape(line)):
        wait_until_healthy(launched, print)


def test_the_answer_of_a_stranger_on_the_port_does_not_count(tmp_path: Path) -> None:
    identity, child = processes.spawn(SLEEPER, tmp_path / "log", tmp_path, detached=False)
    assert child is not None
    here = identify(os.getpid())
    assert here is not None
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert processes.listens(here, port)
        assert not processes.listens(identity, port)
    processes.end([identity], 10)
    child.wait()


def test_the_tail_of_a_log_is_its_last_lines(tmp_path: Path) -> None:
    log = tmp_path / "log"
    assert tail(log) == "    (it is empty)"
    log.write_bytes(b"\xff\n" + b"".join(b"line %d\n" % number for number in range(50_000)))
    assert tail(log).splitlines()[0] == "    line 49985"
    assert tail(log).splitlines()[-1] == "    line 49999"
    assert tail(log, log.stat().st_size) == "    (it is empty)"


def test_the_tail_of_a_log_has_causes_rather_than_stack_frames(tmp_path: Path) -> None:
    log = tmp_path / "log"
    frames = "".join(f"[2025-05-16][WARN ][stderr] \t\tat org.example.Frame.call(Frame.java:{n})\n" for n in range(40))
    log.write_text(f"Caused by: java.net.BindException: Address already in use\n{frames}\t... 19 more\nshutting down\n")
    assert tail(log).splitlines() == [
        "    Caused by: java.net.BindException: Address already in use",
        "    shutting down",
    ]


def a_service(folder: Path, argv: list[str]) -> Service:
    return Service(
        name="test",
        label="Test service",
        argv=tuple(argv),
        log=folder / "test.log",
        port=20_001,
        problem=lambda _: "it is not asked in these tests",
    )
