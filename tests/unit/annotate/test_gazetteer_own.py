"""A newsroom's own tables. Their people and places are invented, their ids synthetic: Q999999xxx is nobody's."""

import datetime
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.annotate.entities import (
    Gazetteer,
    entries_of,
    find_entities,
    known_people,
    load_gazetteer,
    own,
    spoken_languages,
    tables,
)
from processors.annotate.knowledge import knowledge_of
from schemas.errors import InputError, SettingsError

VEXLEY, TOLMIN = "Q999999901", "Q999999902"
FIDAN = "Q999999903"  # whose id the package does not know
TURKEY, LAVROV = "Q43", "Q58217"
PEOPLE = f"id\tgender\ten\tru\toffices\n{VEXLEY}\tm\tOrlan *Vexley*\tОрлан *Вексли*\t\n"


def folder_of(tmp_path: Path, **written: str | bytes) -> Path:
    """A folder with a table for each of ``written``."""
    folder = tmp_path / "own"
    folder.mkdir()
    for name, text in written.items():
        (folder / f"{name}.tsv").write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def people(*rows: str, head: str = "id\tgender\ten\toffices") -> str:
    return "\n".join([head, *rows]) + "\n"


# Enough of the package's entries, and loaded at once.
PACKAGE = tuple(entry for entry in tables.entries() if entry.id in {None, LAVROV, TURKEY, "Q159", "Q3640"})


def gazetteer_of(folder: Path | None) -> Gazetteer:
    return Gazetteer(PACKAGE if folder is None else own.joined(PACKAGE, own.read(folder)).entries)


def linked(text: str, lang: str, folder: Path | None) -> list[tuple[str, str | None]]:
    return [(e.text, e.id) for e in find_entities(text, lang, gazetteer_of(folder))]


def test_a_person_of_an_own_table_is_found_in_all_cases(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, people=PEOPLE)
    assert linked("They met Vexley and Lavrov.", "en", folder) == [("Vexley", VEXLEY), ("Lavrov", LAVROV)]
    assert linked("Встреча с Орланом Вексли в Анкаре", "ru", folder) == [
        ("Орланом Вексли", VEXLEY),
        ("Анкаре", "Q3640"),
    ]
    assert linked("They met Vexley and Lavrov.", "en", None) == [("Lavrov", LAVROV)]
    assert {VEXLEY, LAVROV} <= known_people(folder)
    assert TURKEY not in known_people(folder)
    assert VEXLEY not in known_people()


def test_without_a_folder_there_are_the_packages_tables_alone() -> None:
    assert entries_of() == entries_of(None) == tables.entries()
    assert load_gazetteer() is load_gazetteer(None)


def test_a_folder_is_read_once(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, people=PEOPLE)
    gazetteer = load_gazetteer(folder)
    assert gazetteer is load_gazetteer(folder)
    assert gazetteer.entries == entries_of(folder)
    assert [entry for entry in gazetteer.entries if entry.id != VEXLEY] == list(tables.entries())
    assert gazetteer.vetoes == load_gazetteer().vetoes


def test_all_sorts_of_tables_with_the_least_columns(tmp_path: Path) -> None:
    folder = folder_of(
        tmp_path,
        people=f"en\tid\tgender\nMirna *Ostrell*\t{VEXLEY}\tf\n",
        organisations="id\ten\nQ999999911\tLamp Board of the North\n",
        places=f"id\ttype\ten\tcountry\n{TOLMIN}\tGPE\tTolmin Quay\tQ159\n",
        agreements="id\ten\nQ999999912\tLantern Accord\n",
        objects="id\ten\nQ999999913\tHarpoon Nine\n",
    )
    gazetteer = gazetteer_of(folder)
    text = "Ostrell signed the Lantern Accord on the Harpoon Nine with the Lamp Board of the North in Tolmin Quay."
    found = {e.text: (e.id, e.type) for e in find_entities(text, "en", gazetteer)}
    assert found == {
        "Ostrell": (VEXLEY, "PER"),
        "Lantern Accord": ("Q999999912", "AGR"),
        "Harpoon Nine": ("Q999999913", "MISC"),
        "Lamp Board of the North": ("Q999999911", "ORG"),
        "Tolmin Quay": (TOLMIN, "GPE"),
    }
    place, person = gazetteer.by_id(TOLMIN), gazetteer.by_id(VEXLEY)
    assert place is not None
    assert place.country == "Q159"
    assert person is not None
    assert person.feminine


def test_a_further_language_has_a_column_of_its_own(tmp_path: Path) -> None:
    folder = folder_of(
        tmp_path, people=people(f"{VEXLEY}\tm\tOrlan *Vexley*\tOrlan *Veksli*", head="id\tgender\ten\tpl")
    )
    assert linked("Spotkał się z Orlanem Vekslim.", "pl", folder)[0][1] == VEXLEY


@pytest.mark.parametrize(
    "written",
    [
        PEOPLE.encode("utf-8-sig"),
        PEOPLE.replace("\n", "\r\n").encode(),
        PEOPLE.replace("\n", "\n\n").encode(),
        PEOPLE.replace("\t", " \t ").encode(),
        PEOPLE.replace("Orlan *Vexley*", "Orlan *Vexley* ; O. *Vexley*;").encode(),
        PEOPLE.rstrip("\n").encode(),
    ],
)
def test_what_editors_and_spreadsheets_add_is_no_fault(tmp_path: Path, written: bytes) -> None:
    (row,) = own.read(folder_of(tmp_path, people=written))
    assert (row.entry.id, row.entry.label) == (VEXLEY, "Orlan Vexley")
    assert ("Vexley", "surname") in {(name.text, name.reach) for name in row.entry.names}


def test_letters_of_two_parts_are_those_of_one(tmp_path: Path) -> None:
    (row,) = own.read(
        folder_of(tmp_path, people=unicodedata.normalize("NFD", people(f"{VEXLEY}\tm\tÉmile *Vexléy*\t")))
    )
    assert row.entry.label == unicodedata.normalize("NFC", "Émile Vexléy")


def test_a_row_takes_the_place_of_the_packages_row_with_its_id(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, people=people(f"{LAVROV}\tm\tSergei *Lavrov*\t"))
    before, after = tables.entries(), entries_of(folder)
    assert len(after) == len(before)
    at = [entry.id for entry in before].index(LAVROV)
    assert (after[at].id, after[at].label, after[at].offices) == (LAVROV, "Sergei Lavrov", ())
    assert linked("Встреча с Лавровым", "ru", folder) == []
    # Names of further languages are another table's.
    assert linked("Spotkanie z Ławrowem", "pl", folder) == [("Ławrowem", LAVROV)]


@pytest.mark.parametrize("name", ["Hakan *Fidan*", "H. *Fidan*;hakan *fidan*"])
def test_a_row_with_an_id_takes_the_place_of_a_row_without(tmp_path: Path, name: str) -> None:
    folder = folder_of(tmp_path, people=people(f"{FIDAN}\tm\t{name}\t"))
    assert linked("Hakan Fidan left Ankara.", "en", None)[0] == ("Hakan Fidan", None)
    assert linked("Hakan Fidan left Ankara.", "en", folder)[0] == ("Hakan Fidan", FIDAN)
    rows = own.read(folder)
    joined = own.joined(tables.entries(), rows)
    assert len(joined.entries) == len(tables.entries())
    (others,) = joined.replaced.values()
    assert [(other.id, other.label) for other in others] == [(None, "Hakan Fidan")]


def test_a_place_takes_no_persons_place_by_its_name(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, places=f"id\ttype\ten\n{TOLMIN}\tLOC\tHakan Fidan\n")
    assert len(entries_of(folder)) == len(tables.entries()) + 1


def test_namesakes_of_a_row_without_an_id_are_both_kept(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, people=people(f"{FIDAN}\tm\tHakan *Fidan*\t", f"{VEXLEY}\tm\tHakan *Fidan*\t"))
    assert len(entries_of(folder)) == len(tables.entries()) + 1
    assert {FIDAN, VEXLEY} <= known_people(folder)


def test_an_office_resolves_to_who_holds_it_by_an_own_row(tmp_path: Path) -> None:
    """Also where the package's row of his forerunner has no end yet, and the article no date."""
    row = f"{VEXLEY}\tm\tOrlan *Vexley*\tforeign-minister@Q159:2027-01.."
    known = knowledge_of(gazetteer_of(folder_of(tmp_path, people=people(row))))
    assert known.holder("foreign_minister", "Q159", datetime.date(2026, 12, 1)) == LAVROV
    assert known.holder("foreign_minister", "Q159", datetime.date(2027, 2, 1)) == VEXLEY
    assert known.holder("foreign_minister", "Q159", None) == VEXLEY


def test_an_office_may_be_of_an_own_country(tmp_path: Path) -> None:
    folder = folder_of(
        tmp_path,
        people=people(f"{VEXLEY}\tm\tOrlan *Vexley*\tpresident@{TOLMIN}:.."),
        places=f"id\ttype\ten\n{TOLMIN}\tGPE\tTolmin\n",
    )
    assert knowledge_of(gazetteer_of(folder)).holder("president", TOLMIN, None) == VEXLEY


def test_a_region_called_like_a_country_does_not_take_its_adjectives(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, places=f"id\ttype\ten\n{TOLMIN}\tGPE\tTurkey\n")
    assert knowledge_of(gazetteer_of(folder)).country_of_adjective("turkish", "en") == TURKEY


def test_given_names_of_own_people_make_strangers(tmp_path: Path) -> None:
    """At the beginning of a German sentence only known given names do."""
    folder = folder_of(tmp_path, people=people(f"{VEXLEY}\tm\tOrlan *Vexley*\t"))
    text = "Gestern war Ruhe. Orlan Lawrow kam nach Wien."
    assert ("Lawrow", LAVROV) in linked(text, "de", None)
    assert ("Orlan Lawrow", None) in linked(text, "de", folder)


def test_a_shared_name_is_told_and_links_to_neither(tmp_path: Path) -> None:
    folder = folder_of(
        tmp_path, people=people(f"{VEXLEY}\tm\tOrlan *Vexley*\t", f"{FIDAN}\tf\tMirna *Vexley*;Mirna *Lavrov*\t")
    )
    rows = own.read(folder)
    found = {(one.name, one.row.line, one.other.label) for one in own.shared(rows, own.joined(PACKAGE, rows).entries)}
    assert found == {("Vexley", 2, "Mirna Vexley"), ("Lavrov", 3, "Sergey Lavrov")}
    assert all(qid is None for _, qid in linked("Vexley waited for Lavrov there.", "en", folder))
    assert linked("Orlan Vexley came. Vexley waited.", "en", folder) == [("Orlan Vexley", VEXLEY), ("Vexley", VEXLEY)]


@pytest.mark.parametrize(("name", "bare"), [("*Lavrov*", None), ("~Lavrov~", None), ("Lavrov", LAVROV)])
def test_a_mark_on_a_shared_surname_asks_for_a_full_name(tmp_path: Path, name: str, bare: str | None) -> None:
    folder = folder_of(tmp_path, people=people(f"{FIDAN}\tf\tMirna {name}\t"))
    assert [qid for _, qid in linked("Then Lavrov waited.", "en", folder)] == ([bare] if bare else [])
    assert linked("Sergey Lavrov came. Then Lavrov waited.", "en", folder)[1] == ("Lavrov", LAVROV)
    assert linked("Mirna Lavrov came. Then Lavrov waited.", "en", folder)[1] == ("Lavrov", bare or FIDAN)


def test_the_example_of_the_docs_is_a_table(tmp_path: Path) -> None:
    page = (Path(__file__).parents[3] / "docs" / "gazetteer.md").read_text(encoding="utf-8")
    (shown,) = [block for block in page.split("```\n") if block.startswith("id\t")]
    (row,) = own.read(folder_of(tmp_path, people=shown))
    assert (row.entry.label, row.entry.feminine) == ("Mirna Ostrell", True)
    assert own.joined(PACKAGE, [row]).replaced == {}


def test_nothing_is_shared_with_what_a_row_replaces(tmp_path: Path) -> None:
    rows = own.read(
        folder_of(tmp_path, people=people(f"{FIDAN}\tm\tHakan *Fidan*\t", f"{LAVROV}\tm\tSergey *Lavrov*\t"))
    )
    assert own.shared(rows, own.joined(PACKAGE, rows).entries) == []


@pytest.mark.parametrize(
    ("table", "written", "line", "words"),
    [
        ("people", "id\tgender\ten\tborn\n", 1, ["'born'", "offices"]),
        ("people", "id,gender,en\n", 1, ["'id,gender,en'", "parted by tabs"]),
        ("organisations", "id\ten\toffices\n", 1, ["'offices'"]),
        ("people", f"id\tgender\ten\tlanguage\n{VEXLEY}\tm\tOrlan Vexley\tFrench\n", 2, ["'French'", "ISO 639-1"]),
        ("places", "id\ten\n", 1, ["'type' is missing", "id, type, en"]),
        ("people", "id\tgender\n", 1, ["'en' is missing"]),
        ("agreements", "id\ten\ten\n", 1, ["'en' comes twice"]),
        ("people", people("58217\tm\tA *B*\t"), 2, ["'58217'", "Q58217"]),
        ("people", people("", "Q0\tm\tA *B*\t"), 3, ["'Q0'"]),
        ("people", people("Q٣\tm\tA *B*\t"), 2, ["'Q٣'"]),
        ("people", people("\tm\tA *B*\t"), 2, ["id ''"]),
        ("people", people("Q1\tm\t\t"), 2, ["Q1 has no name"]),
        ("people", people("Q1\tm\t ; \t"), 2, ["Q1 has no name"]),
        ("people", people("Q1\tm\t**\t"), 2, ["'**'"]),
        ("people", people("Q1\tm\t*—*\t"), 2, ["no word"]),
        ("people", people("Q1\tm\tOrlan *Vexley\t"), 2, ["'Orlan *Vexley'", "Sergey *Lavrov*"]),
        ("people", people("Q1\tm\tOrlan Vexley?\t"), 2, ["'Orlan Vexley?'"]),
        ("people", people('Q1\tm\t"Orlan Vexley"\t'), 2, ["quotation marks"]),
        ("people", people("Q1\tx\tA *B*\t"), 2, ["gender 'x'", "m or f"]),
        ("people", people("Q1\tm\tA *B*"), 2, ["3 cells", "4 columns"]),
        ("people", people("Q1\tm\tA *B*\t\t"), 2, ["5 cells"]),
        ("people", people("Q1\tm\tA *B*\t", "Q2\tm\tA *C*\t", "Q1\tm\tA *D*\t"), 4, ["Q1", "line 2"]),
        ("people", people("-\tm\tA *B*\t", "-\tm\tA *B*\t"), 3, ["'A B' without an id", "line 2"]),
        ("people", people("Q1\tm\tA *B*\tminister of Turkey"), 2, ["'minister of Turkey'", "foreign-minister@Q43"]),
        ("people", people("Q1\tm\tA *B*\tpresident@Q43:2020-13.."), 2, ["'president@Q43:2020-13..'"]),
        ("people", people("Q1\tm\tA *B*\tpresident@Q43:2021..2020-05"), 2, ["'president@Q43:2021..2020-05'"]),
        ("people", people("Q1\tm\tA *B*\tpresident@Q999999999:.."), 2, ["president@Q999999999", "places.tsv"]),
        ("people", people("Q1\tm\tA *B*\tpresident@Q58217:.."), 2, ["president@Q58217"]),
        ("places", "id\ttype\ten\tcountry\nQ1\tCITY\tA\t\n", 2, ["type 'CITY'", "GPE or LOC"]),
        ("places", "id\ttype\ten\tcountry\nQ1\tGPE\tA\tTurkey\n", 2, ["country 'Turkey'", "Q43"]),
        ("places", "id\ttype\ten\tcountry\nQ1\tGPE\tA\tQ999999999\n", 2, ["Q999999999"]),
        ("organisations", "id\ten\nQ1\tThe *Board*\n", 2, ["'The *Board*'"]),
        ("people", people("Q1\tm\tA *B*\t").encode() + b"Q2\tm\t\xff\t\n", 3, ["no UTF-8"]),
        ("people", people("Q1\tm\tA *B*\t").encode("utf-16"), 1, ["no UTF-8"]),
        ("people", people("Q1\tm\tA \x00*B*\t"), 2, ["\\x00"]),
        ("people", people("Q1\tm\tA \x1b[31m*B*\t"), 2, ["\\x1b"]),
        ("people", people("Q1\tm\tA \u202e*B*\t"), 2, ["\\u202e"]),
        ("people", people(f"Q1\tm\t{'x' * 201}\t"), 2, ["200 characters"]),
        ("people", people(f"Q1\tm\t{';'.join(f'A{n}' for n in range(51))}\t"), 2, ["50 names", "'en'"]),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_line(
    tmp_path: Path, table: str, written: str | bytes, line: int, words: list[str]
) -> None:
    folder = folder_of(tmp_path, **{table: written})
    with pytest.raises(InputError) as told:
        own.joined(tables.entries(), own.read(folder))
    assert str(told.value).startswith(f"{folder / table}.tsv, line {line}: ")
    for word in words:
        assert word in str(told.value)
    with pytest.raises(SettingsError, match=re.escape(f"pipeline.gazetteer: {told.value}")):
        load_gazetteer(folder)
    with pytest.raises(SettingsError):
        known_people(folder)


def test_an_id_in_two_tables_is_told(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, people=PEOPLE, organisations=f"id\ten\n{VEXLEY}\tLamp Board\n")
    with pytest.raises(InputError, match=r"organisations.tsv, line 2: Q999999901 stands in .*people.tsv, line 2"):
        own.read(folder)


def test_faults_of_the_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none: no such folder; .*people.tsv"):
        own.read(tmp_path / "none")
    file = tmp_path / "people.tsv"
    file.write_text(PEOPLE)
    with pytest.raises(InputError, match=r"people.tsv: no such folder"):
        own.read(file)
    folder = folder_of(tmp_path)
    with pytest.raises(InputError, match=r"has no table; .*places.tsv"):
        own.read(folder)
    (folder / "people.tsv").mkdir()
    with pytest.raises(InputError, match=r"people.tsv: cannot be read \(Is a directory\)"):
        own.read(folder)


@pytest.mark.parametrize("written", ["", "\n", "\ufeff"])
def test_an_empty_table_is_told(tmp_path: Path, written: str) -> None:
    with pytest.raises(InputError, match=r"people.tsv: is empty; its first line"):
        own.read(folder_of(tmp_path, people=written))


def test_a_table_of_another_name_would_not_be_read_and_is_told(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, people=PEOPLE, peeple=PEOPLE)
    with pytest.raises(InputError, match=r"peeple.tsv: no table is called so"):
        own.read(folder)


def test_what_else_lies_in_the_folder_is_passed_over(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, people=PEOPLE, VERIFIED="id\tlabel\n")
    (folder / ".~people.tsv").write_bytes(b"\xff")
    (folder / "README.md").write_text("whom we watch")
    assert len(own.read(folder)) == 1


def test_a_folder_has_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = folder_of(
        tmp_path, people=people("Q1\tm\tA *B*\t", "Q2\tm\tC *D*\t"), places="id\ttype\ten\nQ3\tGPE\tE\nQ4\tGPE\tF\n"
    )
    assert len(own.read(folder)) == 4
    monkeypatch.setattr(own, "MOST_ROWS", 3)
    with pytest.raises(InputError, match=r"places.tsv, line 3: more than 3 rows"):
        own.read(folder)
    monkeypatch.setattr(own, "MOST_BYTES", 40)
    with pytest.raises(InputError, match=r"people.tsv: is larger than"):
        own.read(folder)


cells = st.text(st.sampled_from("AbЖş *~;!?-—.'\"Q1@:0\u0301"), max_size=12)


@settings(max_examples=200, deadline=None)
@given(cells, cells, cells, st.sampled_from(["people", "organisations"]))
def test_a_table_is_read_or_refused_by_name(
    tmp_path_factory: pytest.TempPathFactory, english: str, russian: str, last: str, table: str
) -> None:
    """Whatever the cells are; and what was read can be searched for."""
    head = "id\tgender\ten\tru\toffices\n" if table == "people" else "id\ten\tru\tcountry\n"
    row = [VEXLEY, *(["m"] if table == "people" else []), english, russian, last]
    folder = folder_of(tmp_path_factory.mktemp("any"), **{table: head + "\t".join(row) + "\n"})
    try:
        rows = own.read(folder)
        joined = own.joined((), rows)
    except InputError as error:
        told = str(error)
    else:
        told = ""
        own.shared(rows, joined.entries)
        find_entities(f"{english} {russian}", "ru", Gazetteer(joined.entries))
    assert not told or f"{table}.tsv, line 2: " in told


def test_people_speak_the_languages_of_their_offices_countries_where_no_own_table_says_more(tmp_path: Path) -> None:
    package = spoken_languages()
    assert package[LAVROV] == {"ru"}
    assert package["Q22686"] == {"en"}  # by use; no law of the United States named a language
    head = "id\tgender\ten\toffices\tlanguage"
    rows = (
        f"{LAVROV}\tm\tSergei *Lavrov*\tforeign-minister@Q159:2004-03..\tfr; de",
        f"{VEXLEY}\tm\tOrlan *Vexley*\tmayor@Q3640:2026-01..\t",  # a city
        f"{TOLMIN}\tm\tPerrin *Tolmin*\tsecretary-general@Q1065:2026-01..\t",  # of the United Nations
    )
    own_tables = spoken_languages(folder_of(tmp_path, people=people(*rows, head=head)))
    assert own_tables[LAVROV] == {"fr", "de"}
    assert own_tables[VEXLEY] == {"tr"}
    assert TOLMIN not in own_tables
    assert own_tables["Q22686"] == {"en"}
