"""The indices: fields, templates, names, and the documents that messages become."""

from schemas.index.documents import Action, Indexed, Names, document, evidence_line
from schemas.index.fields import ANALYZERS, Field, language_field
from schemas.index.mappings import INDICES, VERSION, IndexRole, mapping
from schemas.index.templates import (
    IndexName,
    Template,
    alias_of,
    index_template,
    mapping_template,
    names,
    settings_template,
)

__all__ = [
    "ANALYZERS",
    "INDICES",
    "VERSION",
    "Action",
    "Field",
    "IndexName",
    "IndexRole",
    "Indexed",
    "Names",
    "Template",
    "alias_of",
    "document",
    "evidence_line",
    "index_template",
    "language_field",
    "mapping",
    "mapping_template",
    "names",
    "settings_template",
]
