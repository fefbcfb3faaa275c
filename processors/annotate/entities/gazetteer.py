"""The gazetteer: all entries with the index over their names, read once a process; with a newsroom's own tables where
the settings name a folder of them (``pipeline.gazetteer``).
"""

import functools
import re
from collections.abc import Mapping
from pathlib import Path

from processors.annotate.entities import context, index, own, tables
from processors.annotate.entities.entry import Entry
from schemas.errors import InputError, SettingsError


class Gazetteer:
    """Entries and the index of their names. Immutable once made; safe to share between threads."""

    def __init__(self, entries: tuple[Entry, ...], vetoes: Mapping[str, context.Veto] | None = None) -> None:
        self.entries = entries
        self.vetoes = dict(vetoes or {})
        self._by_id = {entry.id: entry for entry in entries if entry.id is not None}
        self.unlinked = tuple(entry for entry in entries if entry.id is None)
        self.index = index.build(entries)
        self.start = _start_pattern(self.index.lower_starts)

    def by_id(self, qid: str) -> Entry | None:
        return self._by_id.get(qid)

    def aliases_of(self, qid: str) -> frozenset[str]:
        """All names of the entry with their case forms, as texts write them; empty for an id that is not in it."""
        entry = self._by_id.get(qid)
        return frozenset() if entry is None else self.forms_of(entry)

    @staticmethod
    def forms_of(entry: Entry) -> frozenset[str]:
        """All names of an entry with their case forms."""
        return frozenset(form for name in entry.names for form in index.surface_forms(name, entry))


def load_gazetteer(folder: Path | None = None) -> Gazetteer:
    """The gazetteer of the package's tables, and of the newsroom's own in ``folder``. Read once a process.

    Raises ``SettingsError`` where the folder cannot be used.
    """
    return _loaded(folder)


@functools.cache
def _loaded(folder: Path | None) -> Gazetteer:
    return Gazetteer(entries_of(folder), context.vetoes())


def entries_of(folder: Path | None = None) -> tuple[Entry, ...]:
    """The entries alone, without the index of their names, which takes most of the time. Raises as
    ``load_gazetteer``.
    """
    if folder is None:
        return tables.entries()
    try:
        rows = own.read(folder)
        return own.joined(tables.entries(), rows).entries
    except InputError as error:
        raise SettingsError(f"pipeline.gazetteer: {error}") from error


@functools.cache
def known_people(folder: Path | None = None) -> frozenset[str]:
    """Ids of the people whom ``load_gazetteer`` would know, without the rest of it."""
    entries = tables.people(tables.folder() / "people.tsv") if folder is None else entries_of(folder)
    return frozenset(entry.id for entry in entries if entry.id is not None and entry.type == "PER")


@functools.cache
def aliases_of(qid: str) -> frozenset[str]:
    """All names and case forms of an entry of the package's gazetteer."""
    return load_gazetteer().aliases_of(qid)


def _start_pattern(lower_starts: frozenset[str]) -> re.Pattern[str]:
    """Finds the words at which a name may begin: capitals, digits, Arabic letters, and some in lower case."""
    capitals = "".join(chr(c) for c in (*range(0x530), *range(0x1E00, 0x1F00)) if chr(c).isupper())
    first = f"[{capitals}0-9\u0621-\u064a]"
    if lower_starts:
        lower = "|".join(sorted(map(re.escape, lower_starts), key=len, reverse=True))
        first = rf"{first}|(?:{lower})(?![^\W_])"
    return re.compile(rf"(?<![^\W_])(?:{first})")
