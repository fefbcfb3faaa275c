"""`run` refuses what can never work, before it starts anything or asks Kafka."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from console.commands.run import own_specs, refuse_taken_ports, wanted_now
from console.run_lock import only_one, only_one_instance, only_one_replay
from console.supervisor import Spec, Supervisor
from runtime.settings import AnnotateSettings, FetchSettings, HttpSettings, KafkaSettings, PipelineSettings, Settings
from schemas.errors import KafkaUnavailable, MessageError, SettingsError
from tests.cli import remarkwire

SOURCES = "sources:\n  - {outlet: a.example, name: A, kind: paper, feeds: [https://a.example/rss]}\n"


def settings(folder: Path, port: int = 0) -> Settings:
    return Settings(
        # Nobody listens there: what asked Kafka would fail otherwise, and late.
        kafka=KafkaSettings(bootstrap_servers="127.0.0.1:1"),
        fetch=FetchSettings(sources=folder / "sources.yaml"),
        # Of this process alone: other tests beside it refuse a second `run`, too.
        pipeline=PipelineSettings(data=folder / "data", prefix=f"{os.getpid()}."),
        http=HttpSettings(port=port),
    )


def refused(mine: Settings, *options: str) -> str:
    result = remarkwire(mine, "run", *options)
    assert isinstance(result.exception, SettingsError)
    return str(result.exception)


def test_without_sources_it_names_the_file_and_the_option(tmp_path: Path) -> None:
    said = refused(settings(tmp_path))
    assert "sources.yaml" in said
    assert "--no-fetch" in said


def test_logs_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = refused(settings(tmp_path), "--no-fetch", "--logs", str(tmp_path / "file"))
    assert f"{tmp_path / 'file'}: logs cannot be written there (File exists)" in said
    with pytest.raises(SettingsError, match="Not a directory"):
        Supervisor([], tmp_path / "file" / "logs")


def test_another_sentence_model_without_its_vector_space(tmp_path: Path) -> None:
    mine = settings(tmp_path).model_copy(update={"annotate": AnnotateSettings(embedding_model="own")})
    assert "remarkwire embedding prepare" in refused(mine, "--no-fetch")


def test_a_second_run_in_the_same_folder(tmp_path: Path) -> None:
    mine = settings(tmp_path)
    with only_one(mine):
        assert "another `remarkwire run`" in refused(mine, "--no-fetch")
    with FileLock(mine.pipeline.data / "run.lock").acquire(timeout=0):
        pass


@pytest.mark.skipif(sys.platform != "linux", reason="its sockets have names without files")
def test_a_second_run_of_the_same_name_in_another_folder(tmp_path: Path) -> None:
    mine, other = settings(tmp_path / "mine"), settings(tmp_path / "other")
    program = (
        "import sys\nfrom pathlib import Path\nfrom console.run_lock import only_one_instance\n"
        "from tests.unit.console.test_run_refuses import named, settings\n"
        "with only_one_instance(named(settings(Path(sys.argv[1])), prefix=sys.argv[2])):\n"
        "    print('there', flush=True)\n    sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "mine"), mine.pipeline.prefix]
    # It ends when its input does.
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "there\n"
        said = refused(other, "--no-fetch")
    assert "another `remarkwire run` on this machine" in said
    assert "set another pipeline.instance" in said
    with (
        only_one_instance(mine),
        only_one_instance(named(mine, instance="b")),
        only_one_instance(named(mine, prefix="x.")),
    ):
        pass


@pytest.mark.skipif(sys.platform != "linux", reason="its sockets have names without files")
def test_a_second_replay_at_a_time(tmp_path: Path) -> None:
    mine, other = settings(tmp_path / "mine"), settings(tmp_path / "other")
    with only_one_replay(mine):
        result = remarkwire(other, "replay", "--from", "reports")
    assert isinstance(result.exception, SettingsError)
    assert "another `remarkwire replay`" in str(result.exception)
    with only_one_replay(mine), only_one_replay(named(other, prefix="x.")), only_one_instance(mine):
        pass


def named(mine: Settings, **words: str) -> Settings:
    return mine.model_copy(update={"pipeline": mine.pipeline.model_copy(update=words)})


def test_workers_of_another_instance_have_other_names(tmp_path: Path) -> None:
    def names(mine: Settings) -> list[str]:
        specs = own_specs(mine, annotate=2)
        return [spec.command[-1] for spec in specs if "--instance" in spec.command]

    assert names(settings(tmp_path)) == ["1", "2", "1"]
    assert names(named(settings(tmp_path), instance="b")) == ["b-1", "b-2", "b-1"]


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    (tmp_path / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        said = refused(settings(tmp_path, taken))
    assert f"fetch cannot bind 127.0.0.1:{taken}" in said


def test_free_ports_and_no_ports_are_fine(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
    mine = settings(tmp_path, port)
    refuse_taken_ports(own_specs(mine)[:1], mine)
    none = settings(tmp_path)
    refuse_taken_ports(own_specs(none), none)


def test_a_data_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"pipeline\.data"), only_one(settings(tmp_path)):
        pass


@pytest.mark.parametrize(
    "error", [KafkaUnavailable("no answer"), SettingsError("the aliases disagree"), MessageError("a bad record")]
)
def test_services_go_on_where_the_generations_cannot_be_read(error: Exception, tmp_path: Path) -> None:
    specs = own_specs(settings(tmp_path), annotate=1, group=1, fetchers=1)

    def unknown() -> list[Spec]:
        raise error

    assert wanted_now(unknown, specs) is specs
    assert wanted_now(lambda: specs[:1], specs) == specs[:1]
