"""Reads the gazetteer's tables (``data/gazetteer/*.tsv``) into entries.

A cell holds alternatives parted by ``;``. In people's names ``*Lavrov*`` marks a surname that names the person by
itself, ``~Fidan~`` one that does so only beside the full name. ``Island!`` is a name in its own language only,
``Congress?`` one that counts only in an article that names its country or has the full name as well; of objects also
one in quotation marks. An id of ``-`` means that none could be verified. ``names.tsv`` has the names in further
languages, by id; where it has none, Polish and Czech take the English name, with their own case endings, and Bulgarian
the Russian one.
"""

import csv
import functools
import io
import re
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable

from processors.annotate.entities.entry import COLUMNS, OWN_ONLY, Entry, Name, Office, Reach
from processors.annotate.entities.folding import fold, words
from schemas import EntityType
from schemas.errors import InputError

# "Sergei *Lavrov*": the part that names the person alone; between "~" it does only where nothing speaks against it.
_MARKED = re.compile(r"([*~])(.+?)\1")
_ITEM = r"Q[1-9][0-9]{0,17}"
_MONTH = r"[0-9]{4}(?:-(?:0[1-9]|1[0-2]))?"
ID = re.compile(rf"{_ITEM}|-")
COUNTRY = re.compile(_ITEM)
LANGUAGE = re.compile(r"[a-z]{2}")
OFFICE = re.compile(rf"(?P<office>[a-z-]{{1,60}})@(?P<country>{_ITEM}):(?P<since>{_MONTH})?\.\.(?P<until>{_MONTH})?")
_TYPES: dict[str, EntityType] = {"PER": "PER", "ORG": "ORG", "LOC": "LOC", "GPE": "GPE", "AGR": "AGR", "MISC": "MISC"}

_TYPE_OF = {"organisations.tsv": "ORG", "agreements.tsv": "AGR", "objects.tsv": "MISC"}


def folder() -> Traversable:
    return files("processors.annotate") / "data" / "gazetteer"


def rows(table: Traversable) -> Iterator[dict[str, str]]:
    """The rows of a tab-separated table with a header; quotes are plain characters."""
    lines = io.StringIO(table.read_text(encoding="utf-8"))
    for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
        if None in row or None in row.values():
            raise InputError(f"{table.name}: a row has not as many cells as the header: {list(row.values())[:3]}")
        yield row


def entries() -> tuple[Entry, ...]:
    """All entries: people, organisations, places, agreements, objects, in the order of the tables."""
    tables = folder()
    return (
        *people(tables / "people.tsv"),
        *(_thing(row, "ORG") for row in rows(tables / "organisations.tsv")),
        *places(tables / "places.tsv"),
        *(_thing(row, "AGR") for row in rows(tables / "agreements.tsv")),
        *(_thing(row, "MISC") for row in rows(tables / "objects.tsv")),
    )


def people(table: Traversable) -> list[Entry]:
    return [_person(row) for row in rows(table)]


def places(table: Traversable) -> list[Entry]:
    return [_thing(row, row["type"]) for row in rows(table)]


def entry_of(table: str, row: dict[str, str]) -> Entry:
    """The entry of a row of the table of this name."""
    if table == "people.tsv":
        return _person(row)
    return _thing(row, _TYPE_OF.get(table) or row["type"])


def _id(row: dict[str, str]) -> str | None:
    if not ID.fullmatch(row["id"]):
        raise InputError(f"gazetteer: id {row['id']!r} of {row['en']!r} is neither a Wikidata id nor '-'")
    return None if row["id"] == "-" else row["id"]


_BORROWED = {"pl": "en", "cs": "en", "bg": "ru"}


@functools.cache
def _further_names() -> dict[str, dict[str, str]]:
    return {row["id"]: row for row in rows(folder() / "names.tsv")}


def _cells(row: dict[str, str]) -> Iterator[tuple[str, str]]:
    further = _further_names().get(row["id"], {})
    for lang in (*COLUMNS, *OWN_ONLY):
        cells = row.get(lang) or further.get(lang) or row.get(_BORROWED.get(lang, ""), "")
        for cell in cells.split(";"):
            if cell:
                yield lang, cell


def _thing(row: dict[str, str], kind: str) -> Entry:
    if kind not in _TYPES:
        raise InputError(f"gazetteer: type {kind!r} of {row['en']!r}; allowed: {', '.join(_TYPES)}")
    names = tuple(
        Name(
            cell.rstrip("!?"), lang, reach="careful" if cell.endswith("?") else "full", local=cell.endswith("!")
        )
        for lang, cell in _cells(row)
    )  # fmt: skip
    return Entry(_id(row), _TYPES[kind], names[0].text, names, country=row.get("country") or None)


def _person(row: dict[str, str]) -> Entry:
    names: list[Name] = []
    given: set[str] = set()
    behind: set[str] = set()
    for lang, cell in _cells(row):
        names.append(Name(_MARKED.sub(r"\2", cell), lang))
        marked = _MARKED.search(cell)
        if marked is None:
            continue
        reach: Reach = "surname" if marked[1] == "*" else "careful"
        names.append(Name(marked[2], lang, reach))
        given.update(fold(word) for word in words(cell[: marked.start()]))
        behind.update(filter(None, ["".join(fold(word) for word in words(cell[marked.end() :]))]))
    return Entry(
        _id(row),
        "PER",
        names[0].text,
        tuple(dict.fromkeys(names)),
        feminine=row["gender"] == "f",
        given=frozenset(given),
        behind=frozenset(behind),
        offices=tuple(_offices(row)),
        spoken=tuple(lang.strip() for lang in row.get("language", "").split(";") if lang.strip()),
    )


def _offices(row: dict[str, str]) -> Iterator[Office]:
    for cell in row["offices"].split(";"):
        if not cell:
            continue
        match = OFFICE.fullmatch(cell)
        if match is None:
            raise InputError(f"gazetteer: office {cell!r} of {row['en']!r}; the form is office@Q30:2021-01..2025-01")
        yield Office(match["office"], match["country"], match["since"], match["until"])
