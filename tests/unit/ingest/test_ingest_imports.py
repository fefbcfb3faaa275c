"""Import of files: stable ids, named mistakes, one way for all kinds. All texts are synthetic."""

import contextlib
import datetime
import gzip
import io
import json
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from console.main import app
from ingest.body import unpack
from ingest.clean import clean_page
from ingest.identity import article_id
from ingest.imports import ImportTotals, import_paths
from ingest.rows import cut_rows, opened
from processors.annotate.knowledge import NOTHING
from processors.dispatch import reports_of
from schemas import AnnotatedArticle, CleanArticle, RawArticle
from schemas.errors import InputError, KafkaUnavailable, MessageTooLarge, TimeRefused
from tests.articles import Kept

TEXT = "The invented minister said on Tuesday that the invented bridge would open before the end of the year. " * 2


def imported(*paths: Path, **options: Any) -> tuple[ImportTotals, list[RawArticle]]:
    kept = Kept()
    return import_paths(list(paths), kept, **options), kept.raw


def row(**fields: object) -> str:
    return json.dumps({"id": "1", "text": TEXT} | fields)


def articles(raws: list[RawArticle]) -> list[CleanArticle]:
    found = [clean_page(raw) for raw in raws]
    assert all(isinstance(article, CleanArticle) for article in found)
    return [article for article in found if isinstance(article, CleanArticle)]


def test_what_was_taken_out_is_counted_as_passed_over(tmp_path: Path) -> None:
    class Holding(Kept):
        async def publish(self, raw: RawArticle) -> bool:
            return raw.url.endswith("/a") and await super().publish(raw)

    file = tmp_path / "a.jsonl"
    file.write_text("\n".join(row(id=name, url=f"https://example.org/{name}") for name in "abc"))
    totals = import_paths([file], Holding())
    assert str(totals) == "1 article of 1 file, 2 passed over as forgotten"


def test_an_address_is_taken_as_a_browser_takes_it(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(row(url=" https://example.org/a\n/b\n"))
    (tmp_path / "b.html").write_text(f'<link rel="canonical" href="https://example.org/\nc"><p>{TEXT}')
    totals, raws = imported(tmp_path)
    assert totals.failed == 0
    assert [raw.url for raw in raws] == ["https://example.org/a/b", "https://example.org/c"]
    assert [raw.article_id for raw in raws] == [article_id(raw.url) for raw in raws]


def test_what_is_imported_again_takes_back_what_it_no_longer_says(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(row(url="https://example.org/a"))
    (tmp_path / "b.html").write_text(f'<link rel="canonical" href="https://example.org/b"><p>{TEXT}')
    (tmp_path / "c.txt").write_text(TEXT)
    assert {article.visit for article in articles(imported(tmp_path)[1])} == {1}
    again = articles(imported(tmp_path, again=True)[1])
    assert {article.visit for article in again} == {2}
    annotated = [AnnotatedArticle(article=one, lang="en") for one in again]
    reports = [report for one in annotated for report in reports_of(one, ["Q1"], known=NOTHING)]
    assert [report.is_empty for report in reports] == [True, True, True]


def test_each_bad_line_is_named_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text("no json\n" + row())
    with caplog.at_level("INFO"):
        totals, _ = imported(file)
    assert len(totals.problems) == 1
    assert caplog.records == []


def test_rows_keep_what_they_say(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(
        row(url="https://www.example.org/a", title="Bridge", published="2026-06-01T10:00:00+03:00", lang="en",
            authors=["Ann"])
        + "\n\n" + row(id="2", outlet="Example Times") + "\n"
    )  # fmt: skip
    totals, raws = imported(file)
    assert (totals.imported, totals.failed) == (2, 0)
    first, second = articles(raws)
    assert first.article_id == article_id("http://example.org/a")
    assert (first.title, first.lang, first.authors, first.outlet.id) == ("Bridge", "en", ["Ann"], "example.org")
    assert first.published is not None
    assert first.published.isoformat() == "2026-06-01T10:00:00+03:00"
    assert first.published_from == "import"
    assert first.seq.ms == first.time_ms, "the order is that of the import, not of the publication"
    assert (second.outlet.id, second.published, second.url) == ("Example Times", None, "")


@pytest.mark.parametrize(
    ("named", "outlet"),
    [
        ("HTTPS://WWW.Press.example/", "press.example"),
        ("www.press.example", "press.example"),
        ("St. Press", "St. Press"),
    ],
)
def test_an_outlet_named_by_its_address_is_the_one_that_is_fetched(tmp_path: Path, named: str, outlet: str) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text(row(id="1", outlet=named) + "\n")
    assert imported(file)[1][0].outlet.id == outlet


def test_mistakes_are_named_by_file_and_line_and_the_rest_goes_on(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(
        "\n".join(
            [row(), "{no json", row(id=3), row(id="4", published="yesterday"), row(id="5", url="ftp://x"), row(id="6")]
        )
    )
    (tmp_path / "broken.jsonl.gz").write_bytes(gzip.compress(row(id="7").encode() * 1000)[:-10])
    (tmp_path / "empty.txt").write_text(" \n")
    totals, raws = imported(file, tmp_path / "broken.jsonl.gz", tmp_path / "empty.txt")
    assert len(raws) == 2
    assert [problem.partition(": ")[0] for problem in totals.problems] == [
        *(f"{file}:{n}" for n in (2, 3, 4, 5)), *(str(tmp_path / name) for name in ("broken.jsonl.gz", "empty.txt")),
    ]  # fmt: skip
    assert "'yesterday' is no date" in totals.problems[2]
    assert str(totals) == "2 articles of 3 files, 6 could not be read"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_byte_order_mark_says_how_rows_are_written(tmp_path: Path, encoding: str) -> None:
    # Longer than one reading, with Ċ, which has the byte of a line's end in it, and a character of two halves.
    text = f"\ufeff{json.dumps({'id': '1', 'text': TEXT * 99, 'title': 'Ċ мост 🌉'}, ensure_ascii=False)}\r\n{row()}"
    file = tmp_path / "a.jsonl"
    file.write_bytes(text.removeprefix("\ufeff" if encoding == "utf-8-sig" else "").encode(encoding))
    totals, raws = imported(file)
    assert str(totals) == "2 articles of 1 file"
    assert [article.title for article in articles(raws)] == ["Ċ мост 🌉", ""]


def test_a_broken_character_of_utf_16_spoils_no_other_row(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    lines = [row(title="1")[:-2] + "\ud83c", row(title="2"), row(title="3")]
    file.write_bytes(("\ufeff" + "\n".join(lines)).encode("utf-16-le", "surrogatepass") + b"\n\0\n")
    totals, raws = imported(file)
    assert [article.title for article in articles(raws)] == ["2", "3"]
    assert [problem.partition(": ")[0] for problem in totals.problems] == [f"{file}:1", f"{file}:4"]


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize(("name", "encoding"), [("a.json", "utf-8"), ("a.jsonl", "utf-8-sig"), ("a.json", "utf-16")])
def test_the_elements_of_an_array_are_rows(tmp_path: Path, name: str, encoding: str, indent: int | None) -> None:
    # Some are longer than one reading, and marks fall on its ends.
    titles = [f'{"x" * n} [{{",}}] \\ мост' for n in range(40)]
    rows = [json.loads(row(id=str(n), title=title, text=TEXT * 40 * n)) for n, title in enumerate(titles, 1)]
    file = tmp_path / name
    file.write_text(f"\n {json.dumps(rows, indent=indent, ensure_ascii=not indent)}\n", encoding=encoding)
    totals, raws = imported(file)
    assert str(totals) == "40 articles of 1 file"
    assert [json.loads(unpack(raw.body))["title"] for raw in raws] == titles
    file.write_text("[]", encoding=encoding)
    assert str(imported(file)[0]) == "0 articles of 1 file"


def test_a_bad_element_is_named_and_the_rest_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.imports.MAX_BYTES", 1000)
    monkeypatch.setattr("ingest.rows._CHUNK", 7)
    file = tmp_path / "a.json"
    bad = [row(id=3), "{no json}", "7", row(text="[" * 1000), '{"id": "' + "\\\\" * 999 + '"}', "3" * 9000]
    file.write_text("[" + ",\n".join([row(id="1"), *bad, " " * 2000 + row(id="2")]) + "]")
    totals, raws = imported(file)
    assert len(raws) == 2
    assert [problem.partition(": ")[2].partition(": ")[0] for problem in totals.problems] == [
        f"element {n}" for n in range(2, 8)
    ]
    assert [problem.rpartition(": ")[2] for problem in totals.problems[-3:]] == ["is longer than 1000 bytes"] * 3


@pytest.mark.parametrize(("end", "word"), [("", "does not end"), ("]\n[", "stands behind"), (', {"id": "2', "not end")])
def test_an_array_that_does_not_end_well_is_named_and_what_came_before_is_taken(
    tmp_path: Path, end: str, word: str
) -> None:
    file = tmp_path / "a.json"
    file.write_text(f"[{row(id='1')}, {row(id='2')}, {end}")
    totals, raws = imported(file)
    assert len(raws) == 2
    (problem,) = totals.problems
    assert problem.startswith(f"{file}: ")
    assert word in problem


@pytest.mark.parametrize("wrapped", [True, False])
@pytest.mark.parametrize("indent", [2, "\t"])
def test_one_object_over_several_lines_is_one_problem(tmp_path: Path, indent: int | str, wrapped: bool) -> None:
    one = json.loads(row(id="1"))
    file = tmp_path / "a.json"
    file.write_text(json.dumps({"articles": [one]} if wrapped else one, indent=indent))
    totals, raws = imported(file)
    assert not raws
    (problem,) = totals.problems
    assert "one JSON object over several lines" in problem
    file.write_text(f'\n{{"id": "cut\n{row(id="2")}\n')
    assert [len(found) for found in (imported(file)[0].problems, imported(file)[1])] == [1, 1], (
        "a broken line is no such"
    )


def test_an_array_in_a_folder_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text(f"[{row()}]")
    assert imported(tmp_path)[0].files == 0


def test_gzip_is_known_by_its_first_bytes_whatever_the_name(tmp_path: Path) -> None:
    page = f"<html><body><p>{TEXT}</p></body></html>".encode()
    rows = f"{row(id='1')}\n{row(id='2')}".encode()
    for name, body in (
        ("1.jsonl", gzip.compress(rows)), ("2.ndjson.gz", rows), ("3.html", gzip.compress(page)),
        ("4.html.gz", page), ("5.txt", gzip.compress(TEXT.encode())),
        ("6.jsonl", gzip.compress(row(id="3").encode("utf-16"))),
        ("7.jsonl", gzip.compress(f"[{row(id='4')}]".encode())),
    ):  # fmt: skip
        (tmp_path / name).write_bytes(body)
    totals, _ = imported(tmp_path)
    assert str(totals) == "9 articles of 7 files, 3 of them there twice"


@pytest.mark.parametrize("end", ["\n{", "]"])
def test_what_lies_before_the_place_where_gzip_breaks_off_is_taken(tmp_path: Path, end: str) -> None:
    rows = [row(id=str(n), title=os.urandom(500).hex()) for n in range(400)]
    body = gzip.compress((",\n".join(rows).join("[]") if end == "]" else "\n".join(rows)).encode())
    file = tmp_path / "a.json"
    file.write_bytes(body[: len(body) // 2])
    totals, raws = imported(file)
    assert 150 < len(raws) < 250
    assert totals.problems == [f"{file}: Compressed file ended before the end-of-stream marker was reached"]


def test_ids_do_not_depend_on_names_and_times_of_files(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.txt").write_text(TEXT)
    os.utime(tmp_path / "one/one.txt", (1, 1))
    totals, raws = imported(tmp_path)
    assert len({raw.article_id for raw in raws}) == 1
    assert totals.duplicates == 1
    assert imported(tmp_path, outlet="example.org")[1][0].article_id != raws[0].article_id


def test_folders_are_read_with_all_below_in_order(tmp_path: Path) -> None:
    for name in ("b/2.html", "a/1.txt", "c.jsonl", "notes.pdf", ".hidden/3.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(row() if name.endswith("jsonl") else f"<p>{name} {TEXT}</p>")
    totals, raws = imported(tmp_path)
    assert [raw.media_type for raw in raws] == ["text/plain", "text/html", "application/json"]
    assert (totals.files, totals.failed) == (3, 0)


def test_a_saved_page_has_the_address_that_it_calls_its_own(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(f"<html><head><link rel='canonical' href='https://www.example.org/a'></head><body><p>{TEXT}</p>")
    (article,) = articles(
        imported(file, published=datetime.datetime(2026, 6, 1, tzinfo=datetime.UTC), outlet="other.example")[1]
    )
    assert article.article_id == article_id("https://example.org/a")
    assert (article.outlet.id, article.published_from) == ("example.org", "import")


def test_of_very_many_problems_the_first_are_named_and_all_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(row(published="x" * 1_000_000) + "\n{" * 1000 + "\n" + row())
    totals, raws = imported(file)
    assert (len(raws), str(totals)) == (1, "1 article of 1 file, 1001 could not be read")
    assert [problem.partition(": ")[0] for problem in totals.problems] == [f"{file}:{n}" for n in range(1, 101)]
    assert len(totals.problems[0]) == 2000
    monkeypatch.setattr("ingest.fetch.publish.KafkaPublisher", lambda _settings: contextlib.nullcontext(Kept()))
    result = CliRunner().invoke(app, ["import", str(file)], catch_exceptions=False)
    assert result.exit_code == 3
    last = result.stderr.splitlines()[-3:]
    assert last[0].startswith(f"{file}:100: ")
    assert last[1:] == ["… and 901 more that could not be read", str(totals)]


def test_what_was_named_and_cannot_be_imported_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        imported(tmp_path / "no.jsonl")
    result = CliRunner().invoke(app, ["import", str(tmp_path), "--published", "soon"])
    assert result.exit_code == 2
    assert "'soon' is no time" in result.output
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    totals, _ = imported(tmp_path / "a.pdf")
    assert totals.failed == 1
    assert "ends in none of" in totals.problems[0]


def test_a_failed_delivery_ends_the_import(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("\n".join(row(id=str(n)) for n in range(500)))

    class Away(Kept):
        async def publish(self, raw: RawArticle) -> bool:
            raise KafkaUnavailable("the broker is away")

    with pytest.raises(KafkaUnavailable):
        import_paths([tmp_path], Away())


@pytest.mark.parametrize("error", [MessageTooLarge("article.raw to send: too large"), TimeRefused("ahead")])
def test_an_article_that_is_taken_by_no_broker_is_a_problem_of_its_own(tmp_path: Path, error: Exception) -> None:
    class Choosy(Kept):
        async def publish(self, raw: RawArticle) -> bool:
            if "odd" in raw.url:
                raise error
            return await super().publish(raw)

    file = tmp_path / "a.jsonl"
    file.write_text("\n".join(row(id=name, url=f"https://example.org/{name}") for name in ("odd", "fine")))
    kept = Choosy()
    totals = import_paths([file], kept)
    assert totals.problems == [f"https://example.org/odd: {error}"]
    assert (totals.imported, len(kept.raw)) == (1, 1)


def test_names_and_dates_of_strangers_do_not_end_an_import(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    try:
        (folder / os.fsdecode(b"\xff.html")).write_text(f"<html><body><p>{TEXT}</p></body></html>")
        (folder / os.fsdecode(b"\xfe.html")).write_text("")
    except OSError:
        pytest.skip("this file system takes UTF-8 alone")
    (folder / "z.jsonl").write_text(row(published=f"Mon, {'9' * 20} Jan 2020 10:00:00 GMT") + "\n" + row(id="2"))
    totals, raws = imported(folder)
    assert [raw.feed.source for raw in raws if raw.feed] == ["import:row", "import:?.html"]
    assert [problem.partition(": ")[0] for problem in totals.problems] == [f"{folder}/z.jsonl:1", f"{folder}/?.html"]
    assert all(problem.isprintable() for problem in totals.problems)


class Pipe(io.RawIOBase):
    """What comes through a pipe whose writer flushes each byte."""

    def __init__(self, data: bytes) -> None:
        self._left = data

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        byte, self._left = self._left[:1], self._left[1:]
        buffer[: len(byte)] = byte
        return len(byte)


ROWS = [{"id": "1", "text": "t"}, {"id": "2", "text": "ü"}]
OBJECT = "is one JSON object over several lines"


@pytest.mark.parametrize(
    "data",
    [
        json.dumps(ROWS).encode(),
        b"  \n [\n" + json.dumps(ROWS).encode()[1:],
        json.dumps(ROWS).encode("utf-16"),
        gzip.compress(json.dumps(ROWS, indent=1).encode("utf-8-sig")),
        b"".join(json.dumps(row).encode() + b"\n" for row in ROWS),
    ],
)
def test_what_a_file_is_does_not_depend_on_how_its_bytes_come(data: bytes) -> None:
    path: Any = SimpleNamespace(open=lambda _mode: io.BufferedReader(Pipe(data)))
    with opened(path) as file:
        found = [json.loads(row.body) for row in cut_rows(file, 1000)]
    assert found == ROWS


def test_an_empty_array_and_one_object_are_known_through_a_pipe(tmp_path: Path) -> None:
    for data in (b"[]", b" [ \n ] ", b"", b"\n"):
        assert [row for row in cut_rows(io.BufferedReader(Pipe(data)), 1000) if row.body.strip()] == []
    with pytest.raises(InputError, match=OBJECT):
        list(cut_rows(io.BufferedReader(Pipe(b'{"rows": [\n{"id": "1"}]}')), 1000))


def test_a_path_that_does_not_exist_is_told_before_anything_is_published(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("\n".join(row(id=str(n)) for n in range(500)))
    kept = Kept()
    with pytest.raises(InputError, match=r"missing\.jsonl, .*gone: does not exist"):
        import_paths([tmp_path / "a.jsonl", tmp_path / "missing.jsonl", tmp_path / "gone"], kept)
    assert kept.raw == []


def test_what_was_published_before_an_error_is_counted(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("\n".join(row(id=str(n)) for n in range(500)))

    class GoesAway(Kept):
        async def publish(self, raw: RawArticle) -> bool:
            if len(self.raw) == 250:
                raise KafkaUnavailable("the broker is away")
            return await super().publish(raw)

    kept, totals = GoesAway(), ImportTotals()
    with pytest.raises(KafkaUnavailable):
        import_paths([tmp_path], kept, totals=totals)
    assert totals.imported == len(kept.raw) == 250


@pytest.mark.parametrize(("lines", "code"), [(["{}", row()], 3), (["{}"], 1), ([row()], 0), ([], 0)])
def test_the_code_says_whether_all_some_or_none_could_be_used(
    lines: list[str], code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.fetch.publish.KafkaPublisher", lambda _: contextlib.nullcontext(Kept()))
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    result = CliRunner().invoke(app, ["import", str(tmp_path / "a.jsonl")])
    assert result.exit_code == code, result.output
    assert " of 1 file" in result.output
