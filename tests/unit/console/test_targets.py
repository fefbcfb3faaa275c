"""Where `batch` and `clean` are to write is looked at before the work."""

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from console.main import app

LINE = '{"id": "a", "title": "t", "text": "x", "url": "https://a.example/", "html": "<p>x</p>"}\n'


def run(command: str, source: Path, target: Path) -> Result:
    return CliRunner().invoke(app, [command, "--input", str(source), "--output", str(target)])


@pytest.mark.parametrize("command", ["batch", "clean"])
def test_the_input_is_not_overwritten(tmp_path: Path, command: str) -> None:
    source, link, hard = tmp_path / "in.jsonl", tmp_path / "link.jsonl", tmp_path / "hard.jsonl"
    source.write_text(LINE, encoding="utf-8")
    link.symlink_to(source)
    os.link(source, hard)
    for target in (source, link, hard, tmp_path / "." / "in.jsonl"):
        result = run(command, source, target)
        assert result.exit_code == 2
        assert "input" in result.output
    assert source.read_text(encoding="utf-8") == LINE


@pytest.mark.parametrize("command", ["batch", "clean"])
@pytest.mark.parametrize(
    ("name", "word"), [("nowhere/o.jsonl", "no folder"), (".", "is a folder"), ("-", "/dev/stdout")]
)
def test_a_target_that_cannot_be_is_refused_before_the_input_is_read(
    tmp_path: Path, command: str, name: str, word: str
) -> None:
    # The input does not exist either: had it been read first, the error would be about it, with another code.
    result = run(command, tmp_path / "in.jsonl", Path(name) if name == "-" else tmp_path / name)
    assert result.exit_code == 2
    assert word in " ".join(result.output.replace("│", " ").split())
