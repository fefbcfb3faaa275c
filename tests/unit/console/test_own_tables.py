"""A watched person whom only a newsroom's own table has, from the command line. All texts are synthetic, and the person
and the id are invented.
"""

import json
import os
import shlex
from pathlib import Path
from typing import Any

import pytest

from console.commands.run import exports, stage_specs
from processors.annotate.core import annotate
from processors.annotate.entities import load_gazetteer
from processors.batch import run_batch
from processors.index.names import names
from runtime.settings import FetchSettings, KafkaSettings, PipelineSettings, Settings
from schemas import ImportedArticle
from schemas.errors import InputError, SettingsError
from schemas.index import document
from tests.builders import clean_article
from tests.cli import done, remarkwire

VEXLEY, OSTRELL = "Q999999901", "Q999999902"
PEOPLE = (
    f"id\tgender\ten\tru\n{VEXLEY}\tm\tOrlan *Vexley*\tОрлан *Вексли*\n{OSTRELL}\tf\tMirna *Ostrell*\tМирна *Острелл*\n"
)
FIRST = (
    "The harbour of Tolmin will get forty new lamps before the winter, Orlan Vexley said on Monday. "
    '"We shall hang forty lamps and repair the old bell," he told reporters. '
    "Vexley added that nobody had asked for the lamps before."
)
SECOND = (
    "Новые лампы появятся на причале до зимы, заявил в понедельник Орлан Вексли. «Мы повесим сорок ламп и починим "
    "старый колокол», — сказал он журналистам. По словам Вексли, раньше о лампах никто не просил."
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "own"
    made.mkdir()
    (made / "people.tsv").write_text(PEOPLE, encoding="utf-8")
    return made


def watching(tmp_path: Path, folder: Path | None) -> Settings:
    return Settings(
        # Nobody listens there: what asked Kafka would fail otherwise, and late.
        kafka=KafkaSettings(bootstrap_servers="127.0.0.1:1"),
        fetch=FetchSettings(sources=tmp_path / "sources.yaml"),
        pipeline=PipelineSettings(
            data=tmp_path / "data", prefix=f"{os.getpid()}.", speakers=[VEXLEY], gazetteer=folder
        ),
    )  # fmt: skip


def test_batch_finds_statements_a_report_and_a_story(tmp_path: Path, folder: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    rows = [
        {"id": "a", "title": "Vexley promises lamps", "text": FIRST, "published": "2026-02-02T10:00:00Z"},
        {"id": "b", "title": "Лампы для причала", "text": SECOND, "published": "2026-02-02T12:00:00Z"},
        {"id": "c", "title": "Apples", "text": "Apples are dear, farmers said.", "published": "2026-02-02T13:00:00Z"},
    ]
    source.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    done(watching(tmp_path, folder), "batch", "--input", str(source), "--output", str(target), "--workers", "1")
    first, second, third = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    for found in (first, second):
        assert VEXLEY in {entity["id"] for entity in found["entities"]}
        assert {said["speaker_id"] for said in found["statements"]} == {VEXLEY}
        assert len(found["statements"]) >= 3
    assert third["reports"] == []
    (told,), (translated,) = first["reports"], second["reports"]
    assert (told["speaker_id"], told["role"]) == (VEXLEY, "report")
    assert translated["story"] == told["story"]
    assert any("forty lamps" in remark["text"] for remark in told["remarks"])


def test_processes_of_a_pool_know_whom_this_one_knows(folder: Path) -> None:
    lines = [ImportedArticle(id=f"a{n}", title="Lamps", text=FIRST, published="2026-02-02") for n in range(8)]
    found = run_batch(lines, speakers=[VEXLEY], embeddings=False, workers=2, gazetteer=folder)
    assert all(one["reports"] for one in found)


def test_the_index_has_his_label(folder: Path) -> None:
    labels = names(folder)
    assert labels[VEXLEY] == "Orlan Vexley"
    assert {key: label for key, label in labels.items() if key not in {VEXLEY, OSTRELL}} == names()
    found = annotate(clean_article("Лампы для причала", SECOND, lang="ru"), gazetteer=load_gazetteer(folder))
    body: dict[str, Any] = document(found, labels).body
    assert (body["speaker_ids"], body["speaker_names"]) == ([VEXLEY], ["Orlan Vexley"])
    assert "Orlan Vexley" in body["people"]


@pytest.mark.parametrize("command", ["batch --input in.jsonl --output out.jsonl", "run --no-fetch", "annotate"])
def test_a_folder_that_cannot_be_used_is_told_before_any_work(
    command: str, tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.jsonl").write_text("")
    (folder / "people.tsv").write_text(PEOPLE.replace("gender", "sex"), encoding="utf-8")
    result = remarkwire(watching(tmp_path, folder), *command.split())
    assert isinstance(result.exception, SettingsError)
    assert str(result.exception).startswith(f"pipeline.gazetteer: {folder}/people.tsv, line 1: unknown column 'sex'")


@pytest.mark.parametrize("options", [["--speaker", "any"], ["--whole-articles"]])
def test_batch_tells_of_it_where_nobody_is_looked_for_by_name(options: list[str], tmp_path: Path, folder: Path) -> None:
    (tmp_path / "in.jsonl").write_text(json.dumps({"id": "a", "text": FIRST}))
    (folder / "people.tsv").unlink()
    files = ["--input", str(tmp_path / "in.jsonl"), "--output", str(tmp_path / "out.jsonl")]
    result = remarkwire(watching(tmp_path, folder), "batch", *files, *options)
    assert isinstance(result.exception, SettingsError)
    assert "has no table" in str(result.exception)


def test_who_is_in_no_table_is_told_of_own_tables(tmp_path: Path, folder: Path) -> None:
    mine = watching(tmp_path, folder)
    (folder / "people.tsv").write_text("".join(PEOPLE.splitlines(keepends=True)[::2]), encoding="utf-8")
    result = remarkwire(mine, "run", "--no-fetch")
    assert isinstance(result.exception, SettingsError)
    assert str(result.exception).startswith(f"{VEXLEY}: ")
    assert "pipeline.gazetteer" in str(result.exception)


def test_the_stages_are_told_of_the_folder(tmp_path: Path, folder: Path) -> None:
    for spec in stage_specs(watching(tmp_path, folder), fetch=False):
        assert spec.environment["REMARKWIRE_PIPELINE__GAZETTEER"] == str(folder)


def test_other_shells_are_told_where_it_is(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    lines = exports(watching(tmp_path, Path(folder.name)), pipeline=True).splitlines()
    assert f"export REMARKWIRE_PIPELINE__GAZETTEER={shlex.quote(str(folder))}" in lines
    assert "export REMARKWIRE_PIPELINE__GAZETTEER=''" in exports(watching(tmp_path, None), pipeline=True).splitlines()


def test_check_tells_what_is_new_what_is_replaced_and_what_is_shared(tmp_path: Path, folder: Path) -> None:
    table = folder / "people.tsv"
    rows = "Q999999903\tm\tHakan *Fidan*\tХакан *Фидан*\nQ999999904\tf\tMirna *Lavrov*\t\n"
    # An office without a time, of a column that the first rows leave empty.
    text = (
        (PEOPLE + rows)
        .replace("\n", "\t\n")
        .replace("ru\t", "ru\toffices")
        .replace("Острелл*\t", "Острелл*\tlamp-minister@Q43:..")
    )
    table.write_text(text, encoding="utf-8")
    (folder / "places.tsv").write_text("id\ttype\ten\nQ999999905\tGPE\tTolmin Quay\n", encoding="utf-8")
    lines = done(watching(tmp_path, None), "gazetteer", "check", str(folder)).splitlines()
    assert lines == done(watching(tmp_path, folder), "gazetteer", "check").splitlines()
    new, places, replaced, office, shared = lines
    assert new == f"{table}: 4 rows, 3 new, 1 in place of others"
    assert places == f"{folder / 'places.tsv'}: 1 row, 1 new, 0 in place of others"
    assert replaced.startswith(
        f"{table}, line 4: Hakan Fidan (Q999999903) in place of the package's Hakan Fidan (no id)"
    )
    assert replaced.endswith("; without its names in uk, tr, de, fr and its offices")
    assert office.startswith(
        f"{table}, line 3: 'lamp-minister' is no office that the package has; these are central-bank"
    )
    both = "Mirna Lavrov (Q999999904) and Sergey Lavrov (Q58217)"
    assert shared == f"{table}, line 5: 'Lavrov' names {both}; by itself it is linked to neither"


def test_check_ends_with_the_first_fault(tmp_path: Path, folder: Path) -> None:
    (folder / "people.tsv").write_text(PEOPLE.replace(VEXLEY, "Vexley"), encoding="utf-8")
    result = remarkwire(Settings(), "gazetteer", "check", str(folder))
    assert isinstance(result.exception, InputError)
    assert str(result.exception).startswith(f"{folder}/people.tsv, line 2: id 'Vexley' is no Wikidata id")
    result = remarkwire(Settings(), "gazetteer", "check")
    assert isinstance(result.exception, SettingsError)
    assert "name a folder" in str(result.exception)
