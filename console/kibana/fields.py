"""Which fields a data view has, and of which kind: from the mappings, so that a dashboard cannot name another."""

from collections.abc import Mapping
from typing import Literal, get_args

from schemas.errors import SettingsError
from schemas.index import INDICES, IndexRole
from schemas.index.pipeline import PIPELINE

Kind = Literal["string", "number", "date", "boolean", "text"]

_KINDS: Mapping[str, Kind] = {
    "keyword": "string",
    "text": "text",
    "date": "date",
    "integer": "number",
    "long": "number",
    "float": "number",
    "boolean": "boolean",
}


def fields_of(index: str) -> dict[str, Kind]:
    """Name to kind. ``text`` is searched, never aggregated. Raises ``SettingsError`` for an index of others."""
    if index == "pipeline-*":
        found = PIPELINE
    elif index in get_args(IndexRole):
        found = INDICES[_role(index)]
    else:
        raise SettingsError(f"index {index!r}: known are {', '.join(INDICES)} and pipeline-*")
    return {field.name: _KINDS[str(field.mapping["type"])] for field in found}


def _role(index: str) -> IndexRole:
    return next(role for role in INDICES if role == index)
