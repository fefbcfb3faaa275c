"""What commands say to do next is what can be done, and what they cannot know they refuse."""

import shlex
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from console.commands.run import exports, pointed_at
from console.commands.services import up
from console.demo import drive
from console.main import app
from deploy import services
from runtime.settings import ElasticsearchSettings, KafkaSettings, PipelineSettings, Settings, as_environment, load


def test_services_that_are_not_there_are_said_with_their_folder(tmp_path: Path) -> None:
    folder = tmp_path / "my services"
    result = CliRunner().invoke(app, ["services", "env", "--data", str(folder)])
    assert result.exit_code == 3
    assert f"remarkwire services up --kind embedded --data {shlex.quote(str(folder))}" in result.stderr


def test_without_services_the_lines_for_eval_fail_and_nothing_is_made(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["services", "env"], env={"REMARKWIRE_PIPELINE__DATA": str(tmp_path / "data")})
    assert result.exit_code == 3
    assert f"none are running on {tmp_path / 'data'}" in result.stderr
    assert not (tmp_path / "data").exists()
    assert subprocess.run(["sh", "-c", f'eval "{result.stdout}"'], check=False).returncode == 1


def test_services_of_a_run_are_found_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    of_run = SimpleNamespace(bootstrap_servers="127.0.0.1:1", elasticsearch_url="http://127.0.0.1:2")
    there = {tmp_path / "services" / "embedded": of_run}
    monkeypatch.setattr(services, "attach", there.get)
    monkeypatch.setattr(services, "down", lambda _: False)

    def said(*words: str) -> Any:
        return CliRunner().invoke(app, ["services", *words], env={"REMARKWIRE_PIPELINE__DATA": str(tmp_path)})

    result = said("env")
    assert result.exit_code == 0
    assert "export REMARKWIRE_KAFKA__BOOTSTRAP_SERVERS=127.0.0.1:1\n" in result.stdout
    assert "started by `remarkwire run --services`" in said("down").stderr
    assert said("env", "--data", str(tmp_path / "else")).exit_code == 3
    there[tmp_path / "services" / "standing"] = SimpleNamespace(
        bootstrap_servers="127.0.0.1:3", elasticsearch_url="http://127.0.0.1:4"
    )
    both = said("env")
    assert "127.0.0.1:3" in both.stdout
    assert f"others run: --data {tmp_path / 'services' / 'embedded'}" in both.stderr


@pytest.mark.parametrize("given", [True, False])
def test_the_next_step_finds_the_services(
    given: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Found:
        logs = bootstrap_servers = elasticsearch_url = "x"

    monkeypatch.setattr(services, "up", lambda *_, **__: (Found(), True))
    up(services.Kind.EMBEDDED, tmp_path if given else None)
    said = capsys.readouterr().err
    assert (f"$(remarkwire services env --data {tmp_path})" if given else "$(remarkwire services env)") in said


def test_the_help_names_the_folder_that_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []
    monkeypatch.setattr(services, "down", asked.append)
    told = CliRunner().invoke(app, ["services", "down", "--help"], env={"COLUMNS": "200"}).output
    CliRunner().invoke(app, ["services", "down"], env={"REMARKWIRE_PIPELINE__DATA": str(tmp_path)})
    (folder,) = asked
    assert f"{folder.relative_to(tmp_path)} in the data folder" in told


def test_a_health_that_is_none_is_refused() -> None:
    result = CliRunner().invoke(app, ["sources", "list", "--health", "broken"])
    assert result.exit_code == 2
    assert "new, ok," in result.stderr


def test_the_terminal_alone_breaks_the_lines_of_help() -> None:
    told = CliRunner().invoke(app, ["import", "--help"], env={"COLUMNS": "240"}).output
    assert "passed over; an article that was taken out" in told
    assert "\n   remarkwire import articles.jsonl.gz " in told


def test_the_lines_for_other_shells_hold_whatever_the_folder_is_called(tmp_path: Path) -> None:
    folder = tmp_path / "o'brien's $HOME"
    lines = exports(Settings(pipeline=PipelineSettings(data=folder)))
    told = subprocess.run(
        ["sh", "-c", f'{lines}printf %s "$REMARKWIRE_PIPELINE__DATA"'], capture_output=True, text=True, check=True
    )
    assert told.stdout == str(folder)


def test_our_own_services_get_nothing_of_the_users_connection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the children of `run` nor another shell, both of which read the settings file again."""
    file = tmp_path / "remarkwire.toml"
    file.write_text(
        "[kafka]\nsecurity_protocol = 'SASL_SSL'\nsasl_username = 'me'\nssl_ca = 'ca.pem'\nssl_certificate = 'c.pem'\n"
        "ssl_key = 'k.pem'\nreplication_factor = 3\nsession_timeout_ms = 9000\n"
        "[elasticsearch]\nurl = 'https://search:9200'\nca_certs = 'ca.pem'\nreplicas = 1\n"
    )
    secrets = {"KAFKA__SASL_PASSWORD": "hunter2", "ELASTICSEARCH__API_KEY": "hunter2", "KAFKA__SSL_KEY_PASSWORD": "x"}
    for name, value in secrets.items():
        monkeypatch.setenv(f"REMARKWIRE_{name}", value)
    monkeypatch.chdir(tmp_path)
    pointed = pointed_at(load(), "127.0.0.1:1", "http://127.0.0.1:2")
    assert pointed.kafka == KafkaSettings(bootstrap_servers="127.0.0.1:1", session_timeout_ms=9000)
    assert pointed.elasticsearch == ElasticsearchSettings(url="http://127.0.0.1:2")
    lines = exports(pointed)
    assert "hunter2" not in lines
    for line in lines.splitlines():
        name, _, value = line.removeprefix("export ").partition("=")
        monkeypatch.setenv(name, *shlex.split(value))
    assert load().kafka == pointed.kafka
    assert load().elasticsearch == pointed.elasticsearch
    for name, value in as_environment(pointed).items():
        monkeypatch.setenv(name, value)
    assert load() == pointed


def test_the_demo_has_topics_stages_and_a_speaker_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "remarkwire.toml").write_text(
        "[pipeline]\nprefix = 'wire.'\ngeneration = 3\nstages = ['index']\ninputs = {reports = 2}\n"
        "speakers = ['Q7747']\n"
    )
    monkeypatch.chdir(tmp_path)
    running: Any = SimpleNamespace(bootstrap_servers="127.0.0.1:1", elasticsearch_url="http://127.0.0.1:2")
    site: Any = SimpleNamespace(sources_yaml=lambda: "", resolve={})
    settings = drive._settings(tmp_path, running, site)
    assert settings.pipeline == PipelineSettings(data=tmp_path, partitions=2)
    for line in exports(settings, pipeline=True).splitlines():
        name, _, value = line.removeprefix("export ").partition("=")
        monkeypatch.setenv(name, *shlex.split(value))
    assert load().pipeline == settings.pipeline
