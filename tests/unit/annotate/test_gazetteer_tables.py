"""The gazetteer's tables: ids, languages, and the evidence that each id was checked."""

import collections
import csv
import re
from pathlib import Path

import pytest

from processors.annotate.entities import aliases_of, load_gazetteer, tables
from processors.annotate.entities.context import vetoes
from schemas.errors import InputError

ID = re.compile(r"Q[1-9][0-9]*")
MONTH = re.compile(r"[12][0-9]{3}(-(0[1-9]|1[0-2]))?")
KINDS = {"query", "package", "table", "mention"}
HEAD = "id\tgender\ten\tru\tuk\ttr\tde\tfr\toffices\n"


def evidence() -> list[dict[str, str]]:
    text = (tables.folder() / "VERIFIED.tsv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))


def test_ids_are_well_formed_and_unique() -> None:
    ids = [entry.id for entry in load_gazetteer().entries if entry.id is not None]
    assert all(ID.fullmatch(qid) for qid in ids)
    assert [qid for qid, count in collections.Counter(ids).items() if count > 1] == []


def test_there_are_hundreds_of_verified_entries_of_every_sort() -> None:
    counts = collections.Counter(entry.type for entry in load_gazetteer().entries if entry.id is not None)
    assert sum(counts.values()) >= 700
    assert counts["PER"] >= 200
    assert counts["ORG"] >= 100
    assert counts["GPE"] >= 250


def test_every_entry_has_an_english_and_a_russian_name() -> None:
    for entry in load_gazetteer().entries:
        assert {"en", "ru"} <= {name.lang for name in entry.names}, entry.label


def test_every_id_has_its_evidence_and_no_evidence_is_left_over() -> None:
    rows = evidence()
    assert [row["id"] for row in rows] == sorted((row["id"] for row in rows), key=lambda qid: int(qid[1:]))
    assert {row["id"] for row in rows} == {entry.id for entry in load_gazetteer().entries if entry.id is not None}
    assert len(rows) == len({row["id"] for row in rows})


def test_evidence_shows_the_id_and_says_where_it_was_seen() -> None:
    for row in evidence():
        assert re.search(rf"(?<!\d){row['id'][1:]}(?!\d)", row["excerpt"]), row
        assert 0 < len(row["excerpt"]) <= 80
        assert row["kind"] in KINDS
        assert row["source"]
        assert re.fullmatch(r"20\d\d-\d\d-\d\d", row["date"])


def test_labels_of_the_evidence_are_those_of_the_entries() -> None:
    gazetteer = load_gazetteer()
    for row in evidence():
        entry = gazetteer.by_id(row["id"])
        assert entry is not None
        assert entry.label == row["label"]


def test_offices_name_known_countries_and_run_forward() -> None:
    gazetteer = load_gazetteer()
    held = [(entry, office) for entry in gazetteer.entries for office in entry.offices]
    assert len(held) >= 150
    for entry, office in held:
        assert gazetteer.by_id(office.country) is not None, (entry.label, office)
        for month in (office.since, office.until):
            assert month is None or MONTH.fullmatch(month), (entry.label, office)
        assert office.since is None or office.until is None or office.since <= office.until, (entry.label, office)


def test_context_rules_are_about_entries_that_exist() -> None:
    gazetteer = load_gazetteer()
    assert [key for key in vetoes() if key != "*" and gazetteer.by_id(key) is None] == []


def test_an_entry_is_found_by_its_id_and_the_tables_are_read_once() -> None:
    gazetteer = load_gazetteer()
    lavrov = gazetteer.by_id("Q58217")
    assert lavrov is not None
    assert lavrov.label == "Sergey Lavrov"
    assert lavrov.given >= {"sergey", "sergei", "сергей"}
    assert gazetteer.by_id("Q0") is None
    assert load_gazetteer() is gazetteer


def test_aliases_include_case_forms() -> None:
    wanted = {"Lavrov", "Sergey Lavrov", "Сергея Лаврова", "Лавровым", "Lawrows", "Sergueï Lavrov"}
    assert wanted <= aliases_of("Q58217")
    assert {"Турции", "Турцией", "Türkiye", "Turkey", "Türkei"} <= aliases_of("Q43")
    assert aliases_of("Q0") == frozenset()


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ("58217\tm\tA *B*\tА *Б*\t\t\t\t\t", "58217"),
        ("Q058217\tm\tA *B*\tА *Б*\t\t\t\t\t", "Q058217"),
        ("Q1\tm\tA *B*\tА *Б*\t\t\t\t\tpresident of Russia", "president of Russia"),
        ("Q1\tm\tA *B*\tА *Б*\t\t\t\t\tpresident@Q159:2012-05", "2012-05"),
        ("Q1\tm\tA *B*", "cells"),
    ],
)
def test_a_faulty_row_is_refused_with_its_value(row: str, word: str, tmp_path: Path) -> None:
    table = tmp_path / "people.tsv"
    table.write_text(HEAD + row + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(word)):
        tables.people(table)


def test_a_faulty_type_of_place_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "places.tsv"
    table.write_text("id\ttype\ten\tru\tuk\ttr\tde\tfr\tcountry\nQ1\tCITY\tA\tА\t\t\t\t\t\n", encoding="utf-8")
    with pytest.raises(InputError, match="CITY"):
        tables.places(table)
