"""The names that readers see beside Wikidata ids: the labels of the gazetteer."""

from pathlib import Path

from processors.annotate.entities import entries_of
from schemas.index import Names


def names(folder: Path | None = None) -> Names:
    """Wikidata id to label; with those of the newsroom's own tables in ``folder``."""
    return {entry.id: entry.label for entry in entries_of(folder) if entry.id is not None}
