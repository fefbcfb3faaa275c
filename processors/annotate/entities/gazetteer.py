"""The gazetteer: all entries with the index over their names, read once a process."""

import functools
import re
from collections.abc import Mapping

from processors.annotate.entities import context, index, tables
from processors.annotate.entities.entry import Entry


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
        if entry is None:
            return frozenset()
        return frozenset(form for name in entry.names for form in index.surface_forms(name, entry))


@functools.cache
def load_gazetteer() -> Gazetteer:
    """The gazetteer of the package's own tables."""
    return Gazetteer(tables.entries(), context.vetoes())


@functools.cache
def known_people() -> frozenset[str]:
    """Ids of the people in the package's tables, read without the rest of the gazetteer."""
    entries = tables.people(tables.folder() / "people.tsv")
    return frozenset(entry.id for entry in entries if entry.id is not None)


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
