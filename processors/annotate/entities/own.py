"""A newsroom's own tables: a folder of people, organisations, places, agreements and objects, in the form of the
package's own.

They are written by hand and by spreadsheets, so whatever is wrong in one is told with its line. Nobody but who wrote
them has checked their ids.
"""

import dataclasses
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from processors.annotate.entities import tables
from processors.annotate.entities.entry import LANGUAGES, Entry, Name
from processors.annotate.entities.folding import fold, words
from runtime.visible import visible
from schemas.errors import InputError

# What loading takes grows with the rows: ten times the package's own are some seconds.
MOST_ROWS = 10_000
MOST_BYTES = 10_000_000
MOST_NAMES = 50  # in a cell
LONGEST_NAME = 200

_LINES = re.compile(r"\r\n|\r|\n")
_EVIDENCE = "VERIFIED.tsv"  # whoever keeps the package's ways may lay his evidence there
_BEGUN = "its first line names the columns, as id, gender, en"


@dataclasses.dataclass(frozen=True)
class _Form:
    """The columns of a table: those it must have, and those that count as empty where they are left out."""

    must: tuple[str, ...]
    may: tuple[str, ...]


_FORMS = {
    "people.tsv": _Form(("id", "gender", "en"), (*LANGUAGES[1:], "offices", "language")),
    "organisations.tsv": _Form(("id", "en"), (*LANGUAGES[1:], "country")),
    "places.tsv": _Form(("id", "type", "en"), (*LANGUAGES[1:], "country")),
    "agreements.tsv": _Form(("id", "en"), LANGUAGES[1:]),
    "objects.tsv": _Form(("id", "en"), LANGUAGES[1:]),
}
_ONE_OF = {"gender": ("m", "f"), "type": ("GPE", "LOC")}
_TABLE_OF = {
    "PER": "people", "ORG": "organisations", "GPE": "places", "LOC": "places", "AGR": "agreements", "MISC": "objects",
}  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Row:
    """An entry, and where it stands."""

    entry: Entry
    table: Path
    line: int

    @property
    def where(self) -> str:
        return _where(self.table, self.line)


@dataclasses.dataclass(frozen=True)
class Joined:
    """All entries, the package's and the own ones; what of the package's each own row has taken the place of."""

    entries: tuple[Entry, ...]
    replaced: Mapping[Row, tuple[Entry, ...]]


@dataclasses.dataclass(frozen=True)
class Shared:
    """A name of an own row that is another entry's as well, as it is written in the row."""

    name: str
    row: Row
    other: Entry


def read(folder: Path) -> list[Row]:
    """The rows of the folder's tables. Raises ``InputError`` that names the file, the line, and what to do."""
    found: list[Row] = []
    for path in _tables_in(folder):
        for row in _rows(path):
            found.append(row)
            if len(found) > MOST_ROWS:
                raise InputError(f"{row.where}: more than {MOST_ROWS} rows in the folder; leave out who is not needed")
    _refuse_doubles(found)
    return found


def joined(package: Sequence[Entry], rows: Sequence[Row]) -> Joined:
    """The package's entries with the rows among them.

    A row takes the place of the package's entry with its id, and of one without an id that has an English name of it in
    full. Other people come first: who holds an office by an own row is asked before who holds it by the package. Other
    things come last: the adjectives of a country stay its own where a region is called like it.

    Raises ``InputError`` for a country that nobody has.
    """
    replaced = _replaced(rows, package)
    gone = {number for numbers in replaced.values() for number in numbers}
    instead: dict[int, list[Entry]] = {}
    people: list[Entry] = []
    things: list[Entry] = []
    for row, numbers in replaced.items():
        if numbers:
            instead.setdefault(numbers[0], []).append(row.entry)
        else:
            (people if row.entry.type == "PER" else things).append(row.entry)
    kept = (
        one for number, entry in enumerate(package)
        for one in instead.get(number, [] if number in gone else [entry])
    )  # fmt: skip
    entries = (*people, *kept, *things)
    _refuse_unknown_countries(rows, {entry.id for entry in entries if entry.type != "PER"})
    return Joined(entries, {row: tuple(package[n] for n in numbers) for row, numbers in replaced.items() if numbers})


def shared(rows: Sequence[Row], entries: Iterable[Entry]) -> list[Shared]:
    """Names of the rows that other ``entries`` have, too, in whatever language: an article that has nothing else of
    either is linked to neither.
    """
    holders: dict[tuple[str, ...], list[Entry]] = {}
    for entry in entries:
        for key in {_folded(name) for name in entry.names}:
            holders.setdefault(key, []).append(entry)
    found = []
    seen: set[frozenset[int]] = set()
    for row in rows:
        others: dict[int, Shared] = {}
        for name in row.entry.names:
            for other in holders.get(_folded(name), ()):
                if other is not row.entry and id(other) not in others:
                    others[id(other)] = Shared(name.text, row, other)
        for number, one in others.items():
            pair = frozenset((id(row.entry), number))
            if pair not in seen:
                seen.add(pair)
                found.append(one)
    return found


def _tables_in(folder: Path) -> list[Path]:
    known = ", ".join(_FORMS)
    try:
        if not folder.is_dir():
            raise InputError(f"{folder}: no such folder; name the one that has your own tables ({known})")
        there = sorted(path.name for path in folder.iterdir() if path.suffix == ".tsv" and path.name[0] != ".")
    except OSError as error:
        raise InputError(f"{folder}: cannot be read ({error.strerror})") from error
    for name in there:
        if name not in _FORMS and name != _EVIDENCE:
            raise InputError(f"{folder / name}: no table is called so, and nothing would read it; rename it: {known}")
    found = [folder / name for name in _FORMS if name in there]
    if not found:
        raise InputError(f"{folder}: has no table; put at least one of these there: {known}")
    return found


def _rows(path: Path) -> Iterator[Row]:
    form = _FORMS[path.name]
    lines = _LINES.split(_text_of(path))
    header = [column.strip() for column in lines[0].split("\t")]
    _refuse_columns(header, form, _where(path, 1))
    for number, line in enumerate(lines[1:], 2):
        if not line.strip():
            continue
        where = _where(path, number)
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) != len(header):
            raise InputError(
                f"{where}: has {len(cells)} cells, and the first line names {len(header)} columns; give each a cell, "
                "parted by tabs, also where it is empty"
            )
        row = dict.fromkeys((*form.must, *form.may), "") | dict(zip(header, cells, strict=True))
        _refuse_cells(row, where)
        entry = tables.entry_of(path.name, {column: _tidy(cell) for column, cell in row.items()})
        _refuse_names(entry, where)
        yield Row(entry, path, number)


def _where(table: Path, line: int) -> str:
    return f"{table}, line {line}"


def _text_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            body = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    if len(body) > MOST_BYTES:
        raise InputError(f"{path}: is larger than {MOST_BYTES // 1_000_000} MB; leave out who is not needed")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = len(_LINES.findall(body[: error.start].decode("utf-8-sig")))
        raise InputError(f"{_where(path, before + 1)}: is no UTF-8; save the table as UTF-8, parted by tabs") from error
    if not text.strip():
        raise InputError(f"{path}: is empty; {_BEGUN}")
    for number, line in enumerate(_LINES.split(text), 1):
        if visible(line) != line:
            found = next(char for char in line if visible(char) != char)
            raise InputError(
                f"{_where(path, number)}: has the control character {visible(found)}; take it out, and save the table "
                "as UTF-8, parted by tabs"
            )
    return unicodedata.normalize("NFC", text)


def _refuse_columns(header: list[str], form: _Form, where: str) -> None:
    allowed = (*form.must, *form.may)
    for column in header:
        if column not in allowed:
            raise InputError(f"{where}: unknown column {column!r}; allowed, parted by tabs, are {', '.join(allowed)}")
        if header.count(column) > 1:
            raise InputError(f"{where}: column {column!r} comes twice; leave one of them out")
    if missing := [column for column in form.must if column not in header]:
        raise InputError(f"{where}: column {missing[0]!r} is missing; a table must have {', '.join(form.must)}")


def _refuse_cells(row: Mapping[str, str], where: str) -> None:
    if not tables.ID.fullmatch(row["id"]):
        raise InputError(
            f"{where}: id {row['id']!r} is no Wikidata id; write one such as Q58217 (the letter Q and a number), or - "
            "for who is to be recognised and never linked"
        )
    if not row["en"].strip("; "):
        raise InputError(f"{where}: {row['id']} has no name; give an English one at least, which is the label, too")
    for column, values in _ONE_OF.items():
        if row.get(column, values[0]) not in values:
            raise InputError(f"{where}: {column} {row[column]!r}; write {' or '.join(values)}")
    for column in LANGUAGES:
        if row[column].startswith('"'):
            raise InputError(f"{where}: {row[column]!r} is in quotation marks; a table has its cells without them")
        if row[column].count(";") >= MOST_NAMES:
            raise InputError(f"{where}: more than {MOST_NAMES} names in column {column!r}; leave some out")
    if row.get("country") and not tables.COUNTRY.fullmatch(row["country"]):
        raise InputError(f"{where}: country {row['country']!r} is no Wikidata id; write one such as Q43, or nothing")
    for cell in row.get("language", "").split(";"):
        if cell.strip() and not tables.LANGUAGE.fullmatch(cell.strip()):
            raise InputError(
                f"{where}: language {cell.strip()!r}; write two letters of ISO 639-1, as ru or fr, several parted by ;"
            )
    for cell in row.get("offices", "").split(";"):
        found = tables.OFFICE.fullmatch(cell.strip())
        if cell.strip() and (found is None or (found["since"] or "") > (found["until"] or "9999-99")):
            raise InputError(
                f"{where}: office {cell.strip()!r} cannot be read; write office@country:since..until, as "
                "foreign-minister@Q43:2023-06.. or president@Q30:2021-01..2025-01, several parted by ;"
            )


def _refuse_names(entry: Entry, where: str) -> None:
    for name in entry.names:
        if not words(name.text):
            raise InputError(f"{where}: the name {name.text!r} has no word in it")
        if len(name.text) > LONGEST_NAME:
            raise InputError(f"{where}: the name {name.text[:40]!r}… has more than {LONGEST_NAME} characters")
        if "*" in name.text or "~" in name.text:
            raise InputError(
                f"{where}: the mark in {name.text!r} cannot be read; of people the surname stands between two, as in "
                "Sergey *Lavrov* or Nikolai ~Patrushev~; other names have none of these"
            )
        if entry.type == "PER" and name.text.endswith(("!", "?")):
            raise InputError(f"{where}: {name.text!r} ends with a mark that people's names do not have; take it out")


def _refuse_doubles(rows: Iterable[Row]) -> None:
    seen: dict[str, str] = {}
    for row in rows:
        key = row.entry.id or f"{_TABLE_OF[row.entry.type]} {row.entry.label}"
        if key in seen:
            what = row.entry.id or f"{row.entry.label!r} without an id"
            raise InputError(f"{row.where}: {what} stands in {seen[key]} already; leave one of them out")
        seen[key] = row.where


def _refuse_unknown_countries(rows: Iterable[Row], known: set[str | None]) -> None:
    for row in rows:
        for office in row.entry.offices:
            if office.country not in known:
                raise InputError(
                    f"{row.where}: {office.office}@{office.country}: no country, city or organisation of the gazetteer "
                    "has this id; correct it, or add a row for it to places.tsv or organisations.tsv"
                )
        if row.entry.country is not None and row.entry.country not in known:
            raise InputError(
                f"{row.where}: country {row.entry.country}: nothing in the gazetteer has it; correct it, or add a "
                "row for it to places.tsv"
            )


def _replaced(rows: Sequence[Row], package: Sequence[Entry]) -> dict[Row, list[int]]:
    """By row the numbers of the package's entries whose place it takes."""
    by_id = {entry.id: number for number, entry in enumerate(package) if entry.id is not None}
    by_name: dict[tuple[str, ...], int] = {}
    for number, entry in enumerate(package):
        if entry.id is None:
            by_name.update((key, number) for key in _english(entry))
    found = {}
    for row in rows:
        numbers = {by_name[key] for key in _english(row.entry) if key in by_name}
        if row.entry.id in by_id:
            numbers.add(by_id[row.entry.id])
        found[row] = sorted(numbers)
    return found


def _english(entry: Entry) -> Iterator[tuple[str, ...]]:
    """Its table, and an English name in full."""
    return (
        (_TABLE_OF[entry.type], *_folded(name)) for name in entry.names if name.lang == "en" and name.reach == "full"
    )


def _folded(name: Name) -> tuple[str, ...]:
    return tuple(fold(word) for word in words(name.text))


def _tidy(cell: str) -> str:
    return ";".join(filter(None, (part.strip() for part in cell.split(";"))))
