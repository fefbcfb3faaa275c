"""`--speaker`: what is no Wikidata id is refused before the work, as the settings refuse it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from console.main import app
from runtime.settings import PipelineSettings, Settings
from schemas.errors import SettingsError
from tests.cli import remarkwire


@pytest.mark.parametrize("given", [["Lavrov"], ["Q0"], ["q7747"], ["Q58217 "], ["Q1\n"], ["any", "Q7747"], ["Any"]])
def test_batch_refuses_what_is_no_id(tmp_path: Path, given: list[str]) -> None:
    options = [word for one in given for word in ("--speaker", one)]
    result = CliRunner().invoke(
        app, ["batch", "--input", str(tmp_path / "in.jsonl"), "--output", str(tmp_path / "out.jsonl"), *options]
    )
    assert result.exit_code == 2
    assert "any" in result.output
    assert "Wikidata id" in result.output


def test_replay_has_no_any() -> None:
    result = CliRunner().invoke(app, ["replay", "--from", "reports", "--speaker", "any"])
    assert result.exit_code == 2
    assert "Q58217" in result.output


@pytest.mark.parametrize("command", ["batch --input in.jsonl --output out.jsonl", "run --no-fetch", "annotate"])
def test_who_is_not_in_the_gazetteer_is_refused(tmp_path: Path, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody would ever be found, and nothing would say so: refused before Kafka is asked."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.jsonl").write_text("")
    mine = Settings(pipeline=PipelineSettings(speakers=["Q58217", "Q99999999"], data=tmp_path))
    result = remarkwire(mine, *command.split())
    assert isinstance(result.exception, SettingsError)
    assert str(result.exception).startswith("Q99999999: ")
    assert "docs/gazetteer.md" in str(result.exception)


@pytest.mark.parametrize("options", [["--speaker", "any"], ["--whole-articles", "--speaker", "Q99999999"]])
def test_without_a_name_to_look_for_nobody_is_refused(tmp_path: Path, options: list[str]) -> None:
    (tmp_path / "in.jsonl").write_text("")
    files = ["--input", str(tmp_path / "in.jsonl"), "--output", str(tmp_path / "out.jsonl")]
    assert remarkwire(Settings(), "batch", *files, *options).exit_code == 0
