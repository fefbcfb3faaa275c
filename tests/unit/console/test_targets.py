"""Where `batch` and `clean` are to write is looked at before the work."""

import gzip
import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from console.main import app
from schemas.errors import InputError

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


TEXT = "The invented minister said on Tuesday that the invented bridge would open before the end of the year. " * 3
GOOD = json.dumps({"id": "a", "title": "t", "text": TEXT, "html": f"<html><body><p>{TEXT}</p></body></html>"})


@pytest.mark.parametrize("command", ["batch", "clean"])
@pytest.mark.parametrize(("lines", "code"), [([GOOD, "{"], 3), (["{"], 1), ([GOOD], 0)])
def test_the_code_says_whether_all_some_or_none_could_be_used(
    tmp_path: Path, command: str, lines: list[str], code: int
) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("\n".join(lines), encoding="utf-8")
    result = run(command, source, target)
    assert result.exit_code == code, result.output
    assert len(target.read_text(encoding="utf-8").splitlines()) == len(lines)


def test_a_page_that_is_no_article_is_no_failure(tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(f"{GOOD}\n{LINE}", encoding="utf-8")
    assert run("clean", source, target).exit_code == 0
    assert [("error" in json.loads(line)) for line in target.read_text().splitlines()] == [False, True]


@pytest.mark.parametrize("command", ["batch", "clean"])
def test_a_target_is_compressed_by_its_name_and_there_as_a_whole(tmp_path: Path, command: str) -> None:
    source, target, kept = tmp_path / "in.jsonl", tmp_path / "out.jsonl.gz", tmp_path / "kept"
    source.write_text(GOOD, encoding="utf-8")
    target.write_bytes(b"before")
    os.link(target, kept)
    assert run(command, source, target).exit_code == 0
    assert json.loads(gzip.decompress(target.read_bytes()))["id"] == "a"
    assert kept.read_bytes() == b"before", "another file took its place"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux only")
@pytest.mark.parametrize("command", ["batch", "clean"])
@pytest.mark.parametrize("name", ["full", "full.gz"])
def test_a_full_disk_is_named(tmp_path: Path, command: str, name: str) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / name
    source.write_text(GOOD, encoding="utf-8")
    target.symlink_to("/dev/full")
    error = run(command, source, target).exception
    assert isinstance(error, InputError)
    assert str(error).startswith(f"{target}: cannot be written (No space left")
