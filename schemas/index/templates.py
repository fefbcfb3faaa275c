"""Names of indices, aliases and templates, and the bodies of the templates.

Each generation has one plain index for each role (``remarkwire-stories-g3``), and an alias that its sink writes to
(``remarkwire-stories-g3-write``). Readers use the alias without a number (``remarkwire-stories``), which is on the
live generation. No rollover: a document's ``_id`` is unique only within one index.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

import msgspec

from schemas.index.mappings import INDICES, VERSION, IndexRole, mapping

# Above the built-in templates of Elasticsearch (100).
PRIORITY = 300


def alias_of(role: IndexRole, prefix: str = "remarkwire") -> str:
    """What readers search: the alias on the live generation."""
    return f"{prefix}-{role}"


@dataclass(frozen=True)
class IndexName:
    """The names that belong to a role in a generation."""

    role: IndexRole
    generation: int
    prefix: str = "remarkwire"

    @property
    def index(self) -> str:
        return f"{self.prefix}-{self.role}-g{self.generation}"

    @property
    def write_alias(self) -> str:
        return f"{self.index}-write"

    @property
    def read_alias(self) -> str:
        return alias_of(self.role, self.prefix)


@dataclass(frozen=True)
class Template:
    """A component template or an index template. ``body`` is complete but for version and digest."""

    name: str
    body: dict[str, Any]

    @property
    def version(self) -> int:
        return VERSION

    @property
    def digest(self) -> str:
        """Tells whether an installed template is this one; the answer of Elasticsearch is not what was sent."""
        return hashlib.sha256(msgspec.json.encode(self.body, order="deterministic")).hexdigest()[:16]


def names(generation: int, prefix: str = "remarkwire") -> tuple[IndexName, ...]:
    return tuple(IndexName(role, generation, prefix) for role in INDICES)


def settings_template(prefix: str, replicas: int) -> Template:
    """Component template with the settings that all indices share."""
    index = {"number_of_shards": 1, "number_of_replicas": replicas, "refresh_interval": "1s"}
    return Template(f"{prefix}-settings", {"template": {"settings": {"index": index}}})


def mapping_template(prefix: str, role: IndexRole) -> Template:
    """Component template with the mapping of a role."""
    return Template(f"{prefix}-{role}-mapping", {"template": {"mappings": mapping(role)}})


def index_template(prefix: str, role: IndexRole) -> Template:
    """Index template of a role, for all generations."""
    return Template(
        f"{prefix}-{role}",
        {
            "index_patterns": [f"{prefix}-{role}-g*"],
            "composed_of": [settings_template(prefix, 0).name, mapping_template(prefix, role).name],
            "priority": PRIORITY,
        },
    )
