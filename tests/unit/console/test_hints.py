"""What commands say to do next is what can be done, and what they cannot know they refuse."""

import shlex
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from console.commands.run import exports
from console.commands.services import up
from console.main import app
from deploy import services
from runtime.settings import PipelineSettings, Settings


def test_services_that_are_not_there_are_said_with_their_folder(tmp_path: Path) -> None:
    folder = tmp_path / "my services"
    result = CliRunner().invoke(app, ["services", "env", "--data", str(folder)])
    assert result.exit_code == 3
    assert f"remarkwire services up --kind embedded --data {shlex.quote(str(folder))}" in result.stderr


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
