"""Services are found again, end when they should and with whom they should, and never meet a half-made cache."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from deploy import services
from deploy.services import Kind, ServiceError, processes
from deploy.services.local.artifacts import install
from deploy.services.local.jdk import find_jdk
from tests.kafka_io import until
from tests.services_fixture import require

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A data folder on which nothing runs when the test is over."""
    yield tmp_path / "data"
    if (tmp_path / "data").exists():
        services.down(tmp_path / "data")


def python(script: str, *arguments: object) -> subprocess.Popen[str]:
    """Another process that uses the services."""
    prelude = "import os, signal, sys, threading\nfrom pathlib import Path\nfrom deploy import services\n"
    return subprocess.Popen(
        [sys.executable, "-c", prelude + script, *map(str, arguments)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def output(script: str, *arguments: object) -> str:
    with python(script, *arguments) as process:
        out, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    return out.strip()


def identities(*pids: int) -> list[processes.Identity]:
    found = [processes.identify(pid) for pid in pids]
    assert None not in found
    return [identity for identity in found if identity is not None]


UP = """
running, started = services.up(services.Kind.EMBEDDED, data=Path(sys.argv[1]))
print(started, running.pid("kafka"))
"""
STATUS = "found = services.status(Path(sys.argv[1]))\nprint(found and found.healthy)"
DOWN = "print(services.down(Path(sys.argv[1])))"


def test_up_status_and_down_are_three_processes(folder: Path) -> None:
    started, pid = output(UP, folder).split()
    assert started == "True"
    assert output(UP, folder).split() == ["False", pid]
    assert output(STATUS, folder) == "True"
    found = services.status(folder)
    assert found is not None
    assert found.detached
    assert [service.name for service in found.services] == ["kafka", "elasticsearch"]
    assert all(service.resident_bytes > 0 and service.log.is_file() for service in found.services)
    alive = identities(*(service.pid for service in found.services))
    assert output(DOWN, folder) == "True"
    assert not any(processes.is_alive(identity) for identity in alive)
    assert output(DOWN, folder) == "False"
    assert output(STATUS, folder) == "None"


def test_the_next_start_has_the_same_addresses(folder: Path) -> None:
    with services.start(Kind.EMBEDDED, data=folder) as first:
        addresses = first.bootstrap_servers, first.elasticsearch_url
    with services.start(Kind.EMBEDDED, data=folder) as second:
        assert (second.bootstrap_servers, second.elasticsearch_url) == addresses


def test_a_folder_has_one_kind_at_a_time(folder: Path) -> None:
    running, _ = services.up(Kind.EMBEDDED, data=folder)
    with pytest.raises(ServiceError, match=r"embedded services run on .*remarkwire services down --data"):
        services.up(Kind.LOCAL, data=folder)
    with pytest.raises(ServiceError, match=r"run on .* already"):
        services.start(Kind.EMBEDDED, data=folder)
    assert httpx.get(f"{running.elasticsearch_url}/_cluster/health").status_code == 200


def test_up_does_not_take_over_the_services_of_a_living_process(folder: Path) -> None:
    with (
        services.start(Kind.EMBEDDED, data=folder),
        pytest.raises(ServiceError, match=f"belong to process {os.getpid()} and end with it"),
    ):
        services.up(Kind.EMBEDDED, data=folder)


def test_up_starts_again_what_has_died(folder: Path) -> None:
    first, _ = services.up(Kind.EMBEDDED, data=folder)
    first.kill("elasticsearch")
    found = services.status(folder)
    assert found is not None
    assert [service.problem for service in found.services] == [None, "it has ended"]
    second, started = services.up(Kind.EMBEDDED, data=folder)
    assert started
    assert second.pid("kafka") == first.pid("kafka")
    assert second.elasticsearch_url == first.elasticsearch_url
    found = services.status(folder)
    assert found is not None
    assert found.healthy


def test_two_starts_at_once_make_one_set_of_services(folder: Path) -> None:
    with python(UP, folder) as one, python(UP, folder) as two:
        answers = [process.communicate(timeout=120)[0].split() for process in (one, two)]
    assert sorted(answer[0] for answer in answers) == ["False", "True"]
    assert answers[0][1] == answers[1][1]


def test_a_stranger_under_a_recorded_process_id_is_left_alone(folder: Path) -> None:
    services.up(Kind.EMBEDDED, data=folder)
    services.down(folder)
    stranger = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
    try:
        state = json.loads((folder / "services.json").read_text())
        state["processes"] = {"kafka": {"pid": stranger.pid, "started": "an earlier boot:1"}}
        (folder / "services.json").write_text(json.dumps(state))
        assert services.attach(folder) is None
        assert services.down(folder) is False
        assert stranger.poll() is None
        with services.start(Kind.EMBEDDED, data=folder):
            assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_stop_may_be_called_twice_and_leaves_a_later_start_alone(folder: Path) -> None:
    first = services.start(Kind.EMBEDDED, data=folder)
    first.stop()
    with services.start(Kind.EMBEDDED, data=folder):
        first.stop()
        found = services.status(folder)
        assert found is not None
        assert found.healthy


START = """
running = []
def start():
    running.append(services.start(services.Kind.EMBEDDED, data=Path(sys.argv[1])))
starter = threading.Thread(target=start)
starter.start()
starter.join()
print(running[0].pid("kafka"), running[0].pid("elasticsearch"), flush=True)
"""


@pytest.mark.parametrize(
    "ending",
    [
        pytest.param("sys.exit(3)", id="exit"),
        pytest.param("raise RuntimeError('synthetic')", id="exception"),
        pytest.param("os.kill(os.getpid(), signal.SIGINT)", id="interrupt"),
        pytest.param("os.kill(os.getpid(), signal.SIGTERM)", id="terminated", marks=pytest.mark.faults),
        pytest.param("os.kill(os.getpid(), signal.SIGKILL)", id="killed", marks=pytest.mark.faults),
    ],
)
@pytest.mark.skipif(sys.platform != "linux", reason="the parent-death signal is Linux's")
def test_nothing_outlives_its_starter(folder: Path, ending: str) -> None:
    with python(START + "sys.stdin.read()\n" + ending, folder) as starter:
        assert starter.stdout is not None
        alive = identities(*map(int, starter.stdout.readline().split()))
        starter.communicate(timeout=60)
    until(lambda: not any(processes.is_alive(identity) for identity in alive))


def test_a_forked_child_of_the_starter_stops_nothing(folder: Path) -> None:
    fork = "child = os.fork()\nif child == 0: sys.exit(0)\nos.waitpid(child, 0)\n"
    ask = "found = services.status(Path(sys.argv[1]))\nprint(found is not None and found.healthy)"
    assert output(START + fork + ask, folder).splitlines()[-1] == "True"


def test_a_service_that_cannot_start_is_reported_with_its_log_and_the_other_one_is_stopped(folder: Path) -> None:
    require(Kind.LOCAL)
    broken = folder / "local" / "kafka" / "log"
    broken.parent.mkdir(parents=True)
    broken.write_text("a file where Kafka wants a folder")
    before = {child.pid for child in psutil.Process().children()}
    with pytest.raises(ServiceError) as failed:
        services.start(Kind.LOCAL, data=folder)
    assert str(folder / "local" / "logs" / "kafka.log") in str(failed.value)
    assert "local/kafka/log" in str(failed.value).partition("\n")[2]
    assert {child.pid for child in psutil.Process().children()} <= before
    assert services.status(folder) is None


def test_the_cache_is_built_once_by_several_starters_over_what_a_dead_one_left(tmp_path: Path) -> None:
    require(Kind.LOCAL)
    cache, jdk = tmp_path / "cache", find_jdk()
    said: list[str] = []
    (whole,) = {install(None, jdk, tmp_path / "maven.log", said.append).folder}
    half = (cache / whole.name).with_suffix(".half")
    (half / "kafka" / "lib").mkdir(parents=True)
    (half / "kafka" / "lib" / "torn.jar").write_bytes(b"half a jar")
    said.clear()

    threads = [
        threading.Thread(target=install, args=(cache, jdk, tmp_path / f"maven-{n}.log", said.append)) for n in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(sentence.startswith("downloading Kafka") for sentence in said) == 1
    assert sum(sentence.startswith("waiting for another start") for sentence in said) == 2

    def files(folder: Path) -> list[str]:
        return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))

    assert files(cache / whole.name) == files(whole)
    assert not half.exists()
    assert install(cache, jdk, tmp_path / "maven.log", said.append).folder == cache / whole.name
    assert len(said) == 4  # one started a download, which compiled, two waited
