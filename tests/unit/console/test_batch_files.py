"""The files of `batch`: a line out for each line in, bad ones named in their place."""

import gzip
import json
from pathlib import Path

import pytest

from console.batch_files import batch_file
from schemas.errors import InputError


def run(source: Path, target: Path) -> str:
    return str(
        batch_file(
            source, target, speakers=["Q58217"], whole_articles=False, model=None, embeddings=False, workers=1,
            progress=lambda _done, _total: None,
        )
    )  # fmt: skip


def test_bad_lines_stand_in_their_place_with_their_cause(tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    good = {"id": "a", "title": "Lavrov on ferries", "text": "“They are late,” Lavrov said in this synthetic text."}
    lines = [json.dumps(good), "{no json", json.dumps({"id": "c"}), "[" * 5000, json.dumps({**good, "id": "d"})]
    source.write_text("\n".join(lines), encoding="utf-8")
    assert run(source, target) == "2 articles, 3 lines could not be used (their output lines say why)"
    out = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in out] == ["a", None, "c", None, "d"]
    assert [bool(row.get("error")) for row in out] == [False, True, True, True, False]
    assert "line 3" in out[2]["error"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_costs_no_article(tmp_path: Path, encoding: str) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    article = {"id": "a", "title": "Lavrov on ferries", "text": "“They are late,” Lavrov said in this synthetic text."}
    source.write_text(json.dumps(article), encoding=encoding)
    assert run(source, target) == "1 article"


def test_gzip_is_known_by_its_first_bytes(tmp_path: Path) -> None:
    article = {"id": "a", "title": "Lavrov on ferries", "text": "“They are late,” Lavrov said in this synthetic text."}
    body = json.dumps(article).encode()
    for name, written in (("in.jsonl", gzip.compress(body)), ("in.jsonl.gz", body)):
        (tmp_path / name).write_bytes(written)
        assert run(tmp_path / name, tmp_path / "out.jsonl") == "1 article"


def test_the_elements_of_an_array_are_lines(tmp_path: Path) -> None:
    source, target = tmp_path / "in.json", tmp_path / "out.jsonl"
    article = {"id": "a", "title": "Lavrov on ferries", "text": "“They are late,” Lavrov said in this synthetic text."}
    source.write_text(json.dumps([article, {"id": "b"}, article | {"id": "c"}], indent=1), encoding="utf-8")
    assert run(source, target) == "2 articles, 1 line could not be used (its output line says why)"
    out = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in out] == ["a", "b", "c"]
    assert out[1]["error"].startswith("element 2: ")


def test_a_line_with_a_bad_date_or_the_id_of_another_spoils_no_other(tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    text = "“They are late,” Lavrov said in this synthetic text."
    rows = [
        {"id": "a", "published": "yesterday"},
        {"id": "b", "published": "2026-02-03"},
        {"id": "b"},
        {"id": "c", "published": "9999-12-31"},
        {"id": "a"},
        {"id": " "},
    ]
    lines = [json.dumps({"title": "Lavrov on ferries", "text": text} | row) for row in rows]
    source.write_text("\n".join(lines), encoding="utf-8")
    assert run(source, target) == "2 articles, 4 lines could not be used (their output lines say why)"
    out = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in out] == ["a", "b", "b", "c", "a", " "]
    first, good, second, far, last, nameless = (row.get("error") for row in out)
    assert (good, last) == (None, None)
    assert "line 1" in first
    assert "yesterday" in first
    assert "write it as 2025-01-31T" in first
    assert "line 3" in second
    assert "twice" in second
    assert "9999" in far
    assert nameless == "line 6: id is empty; every line needs an id of its own"


@pytest.mark.parametrize("name", ["none.jsonl", "broken.jsonl.gz"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "broken.jsonl.gz").write_bytes(b"\x1f\x8b\x08\x00" + b"\x00" * 40)
    with pytest.raises(InputError, match=name):
        run(tmp_path / name, tmp_path / "out.jsonl")


def test_who_credits_an_agency_has_its_text_from_there(tmp_path: Path) -> None:
    """The agency's article is dated later; the paper names it in its last line, or in a field as ``clean`` has it."""
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    text = (
        "Russian Foreign Minister Sergey Lavrov spoke about the invented quay of the harbour on Tuesday. “The quay is "
        "longer than the ferry, and forty lamps have been put on it since the spring,” Lavrov said at the harbour. "
        "“Whoever counts the lamps must begin at the lighthouse,” Lavrov said."
    )
    both = {"title": "Lavrov on lamps", "text": text}
    agency = both | {"id": "a", "outlet": "interfax.ru", "published": "2026-03-03T12:00Z"}
    paper = both | {"id": "p", "outlet": "bote.example", "published": "2026-03-03T11:00Z"}
    for credit in ({"text": f"{text}\nSource: Интерфакс"}, {"credited": "Interfax"}, {}):
        source.write_text(json.dumps(agency) + "\n" + json.dumps(paper | credit), encoding="utf-8")
        run(source, target)
        rows = {row["id"]: row for row in map(json.loads, target.read_text(encoding="utf-8").splitlines())}
        found = {name: row["reports"][0]["copy_of"] for name, row in rows.items()}
        assert found == ({"a": None, "p": "a"} if credit else {"a": "p", "p": None})
