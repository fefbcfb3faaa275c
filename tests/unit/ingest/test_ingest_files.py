"""``clean`` from file to file: a line for a line, in order, whatever is in it. All texts are synthetic."""

import gzip
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ingest.clean.files import clean_file
from schemas.errors import InputError

TEXT = "The invented minister said on Tuesday that the invented bridge would open before the end of the year."
MORE = "He told reporters in the invented town that the builders had never been late by more than a week."
PAGE = f"<html lang='en'><body><article><h1>Bridge report</h1><p>{TEXT}</p><p>{MORE}</p></article></body></html>"


def test_a_line_for_a_line_in_order(tmp_path: Path) -> None:
    rows: list[object] = [
        {"id": str(n), "url": f"https://www.example.org/2026/06/0{n + 1}/x", "html": PAGE} for n in range(9)
    ]
    lines = [json.dumps(row) for row in rows]
    lines[3:3] = [
        "{no json",
        json.dumps({"id": "no-html"}),
        json.dumps({"id": "short", "html": PAGE.replace(TEXT, "").replace(MORE, "Short.")}),
        "[1]",
    ]
    source, target = tmp_path / "in.jsonl.gz", tmp_path / "out.jsonl"
    source.write_bytes(gzip.compress("\n".join(lines).encode()))
    seen: list[int] = []
    totals = clean_file(source, target, workers=2, progress=lambda done, _total: seen.append(done))
    out = [json.loads(line) for line in target.read_text().splitlines()]
    assert [row["id"] for row in out] == ["0", "1", "2", None, "no-html", "short", None, *(str(n) for n in range(3, 9))]
    assert [("error" in row) for row in out] == [False] * 3 + [True] * 4 + [False] * 6
    assert out[0]["title"] == "Bridge report"
    assert out[0]["text"] == f"{TEXT}\n{MORE}"
    assert (out[0]["outlet"], out[0]["lang"], out[0]["published"]) == ("example.org", "en", "2026-06-01T00:00:00Z")
    assert out[5]["error"].startswith("too_short")
    assert seen[-1] == totals.lines == 13
    assert str(totals) == "13 lines: 9 cleaned, 3 input, 1 too_short"


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text("\n".join(json.dumps({"id": str(n), "html": PAGE}) for n in range(5)))
    outputs = []
    for name in ("a", "b"):
        clean_file(source, tmp_path / f"{name}.jsonl", workers=2)
        outputs.append((tmp_path / f"{name}.jsonl").read_bytes())
    assert outputs[0] == outputs[1]


@pytest.mark.parametrize("name", ["no.jsonl", "no.jsonl.gz"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match=name.replace(".", r"\.")):
        clean_file(tmp_path / name, tmp_path / "out.jsonl")


def test_a_truncated_archive_is_named(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl.gz"
    source.write_bytes(gzip.compress(json.dumps({"id": "1", "html": PAGE}).encode() * 50)[:-20])
    with pytest.raises(InputError, match="cannot be read to its end"):
        clean_file(source, tmp_path / "out.jsonl", workers=1)
    assert list(tmp_path.iterdir()) == [source]


def test_a_page_with_an_address_that_is_none_is_cleaned_all_the_same(tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(json.dumps({"id": "1", "url": "xhttps://example.org/a", "html": PAGE}))
    clean_file(source, target, workers=1)
    (row,) = (json.loads(line) for line in target.read_text().splitlines())
    assert (row["text"], row["outlet"], row["url"]) == (f"{TEXT}\n{MORE}", "unknown", "xhttps://example.org/a")


def test_gzip_is_known_by_its_first_bytes(tmp_path: Path) -> None:
    lines = "\n".join(json.dumps({"id": str(n), "html": PAGE}) for n in range(4)).encode()
    for name, body in (("in.jsonl", gzip.compress(lines)), ("in.jsonl.gz", lines)):
        (tmp_path / name).write_bytes(body)
        assert str(clean_file(tmp_path / name, tmp_path / "out.jsonl", workers=1)) == "4 lines: 4 cleaned"


def test_an_input_that_cannot_be_opened_leaves_the_output_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "out.jsonl").write_text("kept")
    with pytest.raises(InputError, match="cannot be opened"):
        clean_file(tmp_path, tmp_path / "out.jsonl", workers=1)
    assert (tmp_path / "out.jsonl").read_text() == "kept"


def test_what_is_interrupted_leaves_the_output_as_it_is(tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("\n".join(json.dumps({"id": str(n), "html": PAGE}) for n in range(4)))
    target.write_text("kept")

    def interrupted(_done: int, _total: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        clean_file(source, target, workers=1, progress=interrupted)
    assert target.read_text() == "kept"
    assert sorted(tmp_path.iterdir()) == [source, target]


def test_a_pipe_gets_what_is_cleaned(tmp_path: Path) -> None:
    source, pipe = tmp_path / "in.jsonl", tmp_path / "pipe"
    source.write_text(json.dumps({"id": "1", "html": PAGE}))
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as other:
        read = other.submit(pipe.read_bytes)
        clean_file(source, pipe, workers=1)
        assert json.loads(read.result(timeout=30))["id"] == "1"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_says_how_lines_are_written(tmp_path: Path, encoding: str) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("\n".join(json.dumps({"id": str(n), "html": PAGE}) for n in range(4)), encoding=encoding)
    assert str(clean_file(source, target, workers=1)) == "4 lines: 4 cleaned"


def test_the_elements_of_an_array_are_lines(tmp_path: Path) -> None:
    source, target = tmp_path / "in.json", tmp_path / "out.jsonl"
    source.write_text(json.dumps([{"id": str(n), "html": PAGE} for n in range(4)], indent=2))
    assert str(clean_file(source, target, workers=1)) == "4 lines: 4 cleaned"
    assert [json.loads(line)["id"] for line in target.read_text().splitlines()] == list("0123")
    source.write_text(f"[{json.dumps({'id': '1', 'html': PAGE})}")
    with pytest.raises(InputError, match=r"in\.json: .*its array does not end"):
        clean_file(source, target, workers=1)


def test_a_line_nested_without_end_is_an_error_like_any_other(tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    deep = '{"id": "deep", "more": ' + "[" * 100_000 + "]" * 100_000 + "}"
    # An outlet with enough pages to learn from: every line is then looked at twice.
    pages = [json.dumps({"id": str(n), "outlet": "a.example", "html": PAGE}) for n in range(4)]
    source.write_text("\n".join([deep, *pages]))
    assert str(clean_file(source, target, workers=1)) == "5 lines: 4 cleaned, 1 input"
    out = [json.loads(line) for line in target.read_text().splitlines()]
    assert out[0]["id"] is None
    assert out[0]["error"].startswith("input: line is no page")
