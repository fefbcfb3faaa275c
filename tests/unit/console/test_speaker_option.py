"""`--speaker`: what is no Wikidata id is refused before the work, as the settings refuse it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from console.main import app


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
