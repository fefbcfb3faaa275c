"""Whether a JSON Schema is fully compatible with an earlier one of the same major version.

Full compatibility, in the words of schema registries: today's code reads yesterday's messages (backward) and
yesterday's code reads today's (forward). With readers that ignore unknown fields, this allows one change only: a new
field with a default. Written for the schemas that msgspec makes of structs; a keyword that it does not know must not
change at all.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

Schema = dict[str, Any]

# What says nothing about which documents are valid.
_ANNOTATIONS = frozenset({"title", "description", "$schema", "$id", "$comment", "$defs"})
_STRUCTURE = frozenset(
    {"type", "enum", "const", "anyOf", "$ref", "properties", "required", "items", "prefixItems", "additionalProperties"}
)


@dataclass(frozen=True)
class Finding:
    """One incompatible change. ``path`` is where in the message; ``breaks`` which readers."""

    path: str
    breaks: Literal["backward", "forward", "both"]
    change: str

    def __str__(self) -> str:
        return f"{self.path}: {self.change} (breaks {self.breaks} compatibility)"


def findings(released: Schema, today: Schema) -> list[Finding]:
    """All incompatible changes from ``released`` to ``today``; none when it is fully compatible."""
    comparison = _Comparison(released, today)
    comparison.node("$", released, today)
    return comparison.found


@dataclass
class _Comparison:
    old_root: Schema
    new_root: Schema
    found: list[Finding] = field(default_factory=list)
    seen: set[tuple[str, str]] = field(default_factory=set)

    def node(self, path: str, old: Schema, new: Schema) -> None:
        # A default beside a $ref belongs to the field, not to what it refers to.
        if old.get("default", _NONE) != new.get("default", _NONE):
            # Defaults are left out of the JSON, so another default changes what released messages say.
            self._add(path, "both", f"default {_shown(old)} became {_shown(new)}")
        refs = (old.get("$ref", ""), new.get("$ref", ""))
        if all(refs):
            if refs in self.seen:
                return
            self.seen.add(refs)
        olds, news = _alternatives(old, self.old_root), _alternatives(new, self.new_root)
        for kind in olds.keys() - news.keys():
            self._add(path, "backward", f"no longer takes {kind}")
        for kind in news.keys() - olds.keys():
            self._add(path, "forward", f"now takes {kind} too")
        for kind in sorted(olds.keys() & news.keys()):
            self._alternative(path, olds[kind], news[kind])

    def _alternative(self, path: str, old: Schema, new: Schema) -> None:
        self._values(path, old, new)
        self._properties(path, old, new)
        self._items(path, old, new)
        for key in sorted((old.keys() | new.keys()) - _ANNOTATIONS - _STRUCTURE - {"default"}):
            if old.get(key) != new.get(key):
                self._add(path, "both", f"{key} {old.get(key)!r} became {new.get(key)!r}")

    def _values(self, path: str, old: Schema, new: Schema) -> None:
        before, after = _values_of(old), _values_of(new)
        if before is None or after is None:
            if before != after:
                self._add(path, "backward" if before is None else "forward", "values were limited or freed")
            return
        if gone := before - after:
            self._add(path, "backward", f"values gone: {', '.join(sorted(gone))}")
        if more := after - before:
            self._add(path, "forward", f"values added: {', '.join(sorted(more))}")

    def _properties(self, path: str, old: Schema, new: Schema) -> None:
        before, after = old.get("properties", {}), new.get("properties", {})
        for name in sorted(before.keys() - after.keys()):
            self._add(f"{path}.{name}", "both", "field removed")
        required_before, required_after = set(old.get("required", ())), set(new.get("required", ()))
        for name in sorted(required_after - required_before):
            self._add(f"{path}.{name}", "backward", "newly required")
        for name in sorted((required_before - required_after) & after.keys()):
            self._add(f"{path}.{name}", "forward", "no longer required")
        for name in sorted(before.keys() & after.keys()):
            self.node(f"{path}.{name}", before[name], after[name])
        self._open("additionalProperties", f"{path}.*", old, new)

    def _items(self, path: str, old: Schema, new: Schema) -> None:
        before, after = old.get("prefixItems", []), new.get("prefixItems", [])
        if len(before) != len(after):
            self._add(path, "both", f"{len(before)} fixed places became {len(after)}")
        for number, (was, now) in enumerate(zip(before, after, strict=False)):
            self.node(f"{path}[{number}]", was, now)
        self._open("items", f"{path}[]", old, new)

    def _open(self, key: str, path: str, old: Schema, new: Schema) -> None:
        """Compares ``items`` or ``additionalProperties``: a schema, or true or false, or absent (true)."""
        was, now = old.get(key, True), new.get(key, True)
        if isinstance(was, dict) and isinstance(now, dict):
            self.node(path, was, now)
        elif was != now:
            self._add(path, "both", f"{key} {was!r} became {now!r}")

    def _add(self, path: str, breaks: Literal["backward", "forward", "both"], change: str) -> None:
        self.found.append(Finding(path, breaks, change))


_NONE = object()


def _shown(schema: Schema) -> str:
    return repr(schema["default"]) if "default" in schema else "none"


def _alternatives(schema: Schema, root: Schema) -> dict[str, Schema]:
    """What a place takes, by kind: the JSON type; all values of one type are compared as one kind."""
    if "$ref" in schema:
        return _alternatives(root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root)
    if "anyOf" in schema:
        return {kind: one for part in schema["anyOf"] for kind, one in _alternatives(part, root).items()}
    kinds = schema.get("type")
    if isinstance(kinds, list):
        return {str(kind): schema for kind in kinds}
    if kinds is None:
        values = schema.get("enum", [schema["const"]] if "const" in schema else None)
        names = {_type_of(value) for value in values} if values else {"anything"}
        return dict.fromkeys(names, schema)
    return {str(kinds): schema}


def _type_of(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    return {str: "string", int: "integer", float: "number"}.get(type(value), type(value).__name__)


def _values_of(schema: Schema) -> set[str] | None:
    """The values of an enumeration, as they print; None where all values of the type are taken."""
    if "const" in schema:
        return {repr(schema["const"])}
    return {repr(value) for value in schema["enum"]} if "enum" in schema else None
