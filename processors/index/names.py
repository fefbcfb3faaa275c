"""The names that readers see beside Wikidata ids: the labels of the gazetteer."""

from processors.annotate.entities import tables
from schemas.index import Names


def names() -> Names:
    """Wikidata id to label."""
    return {entry.id: entry.label for entry in tables.entries() if entry.id is not None}
