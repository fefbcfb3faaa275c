"""Finds what is wrong with compiled objects before a Kibana does, or, worse, does not.

Of references an import checks only those to data views and saved searches; all else that is wrong shows as an empty
or broken panel. So all references are followed here, and versions, the grid, JSON that is to be text, and all fields.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from console.kibana import kql
from console.kibana.fields import Kind, fields_of
from console.kibana.lens import LAYER, RECORDS
from console.kibana.objects import CORE_VERSION, VERSIONS, Object, queries
from schemas.errors import SettingsError

COLUMNS = 48
_TEXTS: Mapping[str, tuple[str, ...]] = {
    "index-pattern": ("fieldFormatMap", "fields", "fieldAttrs", "runtimeFieldMap", "sourceFilters"),
    "search": ("kibanaSavedObjectMeta.searchSourceJSON",),
    "dashboard": (
        "panelsJSON",
        "optionsJSON",
        "kibanaSavedObjectMeta.searchSourceJSON",
        "controlGroupInput.panelsJSON",
        "controlGroupInput.ignoreParentSettingsJSON",
    ),
}
# Kibana refuses an object with an attribute beside these (its schemas of 8.19).
_ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "index-pattern": frozenset(
        {"title", "name", "timeFieldName", "fieldFormatMap", "fields", "fieldAttrs", "runtimeFieldMap", "sourceFilters"}
        | {"type", "typeMeta", "allowNoIndex", "allowHidden"}
    ),
    "search": frozenset(
        {"title", "description", "columns", "sort", "grid", "hideChart", "isTextBasedQuery", "kibanaSavedObjectMeta"}
        | {"timeRestore", "timeRange", "refreshInterval", "rowHeight", "headerRowHeight", "rowsPerPage", "sampleSize"}
        | {"breakdownField", "viewMode", "hideAggregatedPreview", "usesAdHocDataView", "visContext", "density"}
        | {"hits", "version"}
    ),
    "dashboard": frozenset(
        {"title", "description", "panelsJSON", "optionsJSON", "controlGroupInput", "kibanaSavedObjectMeta"}
        | {"timeRestore", "timeFrom", "timeTo", "refreshInterval", "hits", "version"}
    ),
}
# What an operation can be made of; None: anything that is not only for search.
_FITS: Mapping[str, frozenset[Kind] | None] = {
    "date_histogram": frozenset({"date"}),
    "range": frozenset({"number"}),
    "sum": frozenset({"number"}),
    "average": frozenset({"number"}),
    "median": frozenset({"number"}),
    "min": frozenset({"number", "date"}),
    "max": frozenset({"number", "date"}),
    "terms": None,
    "unique_count": None,
    "last_value": None,
}


@dataclass(frozen=True)
class Problem:
    """``where``: object and panel."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(frozen=True)
class _View:
    title: str
    time: str
    fields: Mapping[str, Kind]


def check(objects: Sequence[Object], prefix: str = "remarkwire") -> list[Problem]:
    """All problems, in order of the objects."""
    found = list(_whole(objects))
    if found:
        return found  # what is not well-formed cannot be looked into
    views: dict[str, _View] = {}
    for one in objects:
        if one["type"] == "index-pattern":
            try:
                views[one["id"]] = _view(one, prefix)
            except SettingsError as error:
                found.append(Problem(_name(one), str(error)))
    if found:
        return found
    for one in objects:
        match one["type"]:
            case "search":
                found += _search(one, views)
            case "dashboard":
                found += _dashboard(one, views)
    return found


def _whole(objects: Sequence[Object]) -> Iterator[Problem]:
    """Types, versions, ids, text fields, references of objects."""
    ids = [(one.get("type"), one.get("id")) for one in objects]
    for one in objects:
        where = _name(one)
        kind = one.get("type", "")
        if kind not in VERSIONS:
            yield Problem(where, f"type {kind!r} is none of {', '.join(VERSIONS)}")
            continue
        if (one.get("coreMigrationVersion"), one.get("typeMigrationVersion")) != (CORE_VERSION, VERSIONS[kind]):
            yield Problem(where, f"versions must be {CORE_VERSION} and {VERSIONS[kind]}")
        if ids.count((kind, one.get("id"))) > 1:
            yield Problem(where, "its id is there twice")
        for name in sorted(one["attributes"].keys() - _ATTRIBUTES[kind]):
            yield Problem(where, f"attribute {name!r} is refused by Kibana")
        for path in _TEXTS[kind]:
            value = _at(one["attributes"], path)
            if not isinstance(value, str):
                yield Problem(where, f"{path} must be text, is {type(value).__name__}")
            elif not _is_json(value):
                yield Problem(where, f"{path} is no JSON")
        names = [reference["name"] for reference in one["references"]]
        for reference in one["references"]:
            if (reference["type"], reference["id"]) not in ids:
                yield Problem(where, f"reference to {reference['type']} {reference['id']!r}, which is not there")
            if names.count(reference["name"]) > 1:
                yield Problem(where, f"reference {reference['name']!r} is there twice")


def _view(one: Object, prefix: str) -> _View:
    attributes = one["attributes"]
    title = attributes["title"]
    if not title.startswith(f"{prefix}-"):
        raise SettingsError(f"title {title!r} does not begin with {prefix}-")
    fields = fields_of(title.removeprefix(f"{prefix}-"))
    if fields.get(attributes["timeFieldName"]) != "date":
        raise SettingsError(f"time field {attributes['timeFieldName']!r} is no date")
    for field in json.loads(attributes["fieldFormatMap"]):
        if field not in fields:
            raise SettingsError(f"format of field {field!r}, which is not in the mapping")
    return _View(title, attributes["timeFieldName"], fields)


def _search(one: Object, views: Mapping[str, _View]) -> Iterator[Problem]:
    where = _name(one)
    searched = json.loads(one["attributes"]["kibanaSavedObjectMeta"]["searchSourceJSON"])
    view = views.get(_referred(one["references"], searched.get("indexRefName", "")))
    if view is None:
        yield Problem(where, "indexRefName names no reference to a data view")
        return
    for column in one["attributes"]["columns"]:
        if column not in view.fields:
            yield Problem(where, f"column {column!r} is not in {view.title}")
    for field, _ in one["attributes"]["sort"]:
        if view.fields.get(field, "text") == "text":
            yield Problem(where, f"cannot sort by {field!r}")
    yield from _query(where, searched["query"], view)


def _dashboard(one: Object, views: Mapping[str, _View]) -> Iterator[Problem]:
    attributes = one["attributes"]
    panels: list[Object] = json.loads(attributes["panelsJSON"])
    yield from _grid(_name(one), panels)
    shown: dict[str, _View] = {}
    used: set[str] = set()
    for panel in panels:
        where = f"{_name(one)}, {panel.get('title') or panel['panelIndex']}"
        if panel["gridData"]["i"] != panel["panelIndex"]:
            yield Problem(where, "gridData.i and panelIndex differ")
        head = f"{panel['panelIndex']}:"
        references = [
            reference | {"name": reference["name"].removeprefix(head)}
            for reference in one["references"]
            if reference["name"].startswith(head)
        ]
        used |= {head + reference["name"] for reference in references}
        match panel["type"]:
            case "lens":
                yield from _lens(where, panel, references, views)
                shown |= {id_: views[id_] for id_ in (r["id"] for r in references) if id_ in views}
            case "search":
                if not _referred(references, panel.get("panelRefName", "")):
                    yield Problem(where, "panelRefName names no reference")
            case "visualization":
                yield from _vega(where, panel, views)
            case _:
                yield Problem(where, f"panels of type {panel['type']!r} are not known")
    yield from _controls(one, views, shown, used)
    for reference in one["references"]:
        if reference["name"] not in used:
            yield Problem(_name(one), f"reference {reference['name']!r} belongs to nothing")


def _grid(where: str, panels: Sequence[Object]) -> Iterator[Problem]:
    indices = [panel["panelIndex"] for panel in panels]
    yield from (
        Problem(where, f"panelIndex {one!r} is there twice") for one in {i for i in indices if indices.count(i) > 1}
    )
    taken: dict[tuple[int, int], str] = {}
    for panel in panels:
        at, name = panel["gridData"], panel["panelIndex"]
        if at["x"] < 0 or at["y"] < 0 or at["w"] < 1 or at["h"] < 1 or at["x"] + at["w"] > COLUMNS:
            yield Problem(where, f"{name} does not lie within {COLUMNS} columns")
        cells = [(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])]
        for other in sorted({taken[cell] for cell in cells if cell in taken}):
            yield Problem(where, f"{name} lies over {other}")
        taken.update((cell, name) for cell in cells)


def _lens(
    where: str, panel: Object, references: Sequence[Mapping[str, str]], views: Mapping[str, _View]
) -> Iterator[Problem]:
    attributes = panel["embeddableConfig"]["attributes"]
    name = f"indexpattern-datasource-layer-{LAYER}"
    view = views.get(_referred(references, name))
    if view is None or _referred(attributes["references"], name) != _referred(references, name):
        yield Problem(where, f"reference {name!r} is not there on both levels")
        return
    layer = attributes["state"]["datasourceStates"]["formBased"]["layers"][LAYER]
    columns: Mapping[str, Any] = layer["columns"]
    if list(columns) != layer["columnOrder"] and set(columns) != set(layer["columnOrder"]):
        yield Problem(where, "columnOrder and columns differ")
    for column in columns.values():
        yield from _column(f"{where}, {column['label']}", column, columns, view)
    shown = set(re.findall(r'"((?:by|show)\d+)"', json.dumps(attributes["state"]["visualization"])))
    for id_ in sorted(shown ^ set(columns)):
        yield Problem(where, f"column {id_!r} is not both defined and shown")
    yield from _query(where, attributes["state"]["query"], view)
    for event in panel["embeddableConfig"]["enhancements"].get("dynamicActions", {}).get("events", []):
        wanted = f"drilldown:{event['action']['factoryId']}:{event['eventId']}:dashboardId"
        if not _referred(references, wanted):
            yield Problem(where, f"drilldown without its reference {wanted!r}")


def _column(where: str, column: Mapping[str, Any], columns: Mapping[str, Any], view: _View) -> Iterator[Problem]:
    operation, field = column["operationType"], column["sourceField"]
    if operation == "count":
        if field != RECORDS:
            yield Problem(where, f"count is of {RECORDS}")
    elif operation not in _FITS:
        yield Problem(where, f"operation {operation!r} is not known")
    elif field not in view.fields:
        yield Problem(where, f"field {field!r} is not in {view.title}")
    else:
        kind, fits = view.fields[field], _FITS[operation]
        if kind == "text" or (fits is not None and kind not in fits):
            yield Problem(where, f"{operation} of {field!r}, which is {kind}")
        if operation in {"terms", "last_value"} and column["dataType"] != kind:
            yield Problem(where, f"dataType {column['dataType']!r} of {field!r}, which is {kind}")
    if operation == "terms" and column["params"]["orderBy"]["type"] == "column":
        by = columns.get(column["params"]["orderBy"]["columnId"])
        if by is None or by["operationType"] == "last_value" or by.get("timeShift"):
            yield Problem(where, "is ordered by a column that it cannot be ordered by")
    if operation == "last_value" and view.fields.get(column["params"]["sortField"]) != "date":
        yield Problem(where, "sortField is no date")
    if "filter" in column:
        yield from _query(where, column["filter"], view)


def _query(where: str, query: Mapping[str, str], view: _View) -> Iterator[Problem]:
    if query["language"] != "kuery":
        yield Problem(where, f"query language {query['language']!r}")
        return
    try:
        kql.query(query["query"])
    except SettingsError as error:
        yield Problem(where, str(error))
        return
    for field in kql.fields(query["query"]):
        if field not in view.fields:
            yield Problem(where, f"query on {field!r}, which is not in {view.title}")


def _vega(where: str, panel: Object, views: Mapping[str, _View]) -> Iterator[Problem]:
    text = panel["embeddableConfig"]["savedVis"]["params"]["spec"]
    if not isinstance(text, str) or not _is_json(text):
        yield Problem(where, "spec must be JSON as text")
        return
    made = json.loads(text)
    if not re.fullmatch(r"https://vega\.github\.io/schema/vega(-lite)?/v5\.json", str(made.get("$schema"))):
        yield Problem(where, f"$schema {made.get('$schema')!r}: Kibana has vega 5 and vega-lite 5")
    by_title = {view.title: view for view in views.values()}
    for url in queries(made):
        view = by_title.get(url["index"])
        if view is None:
            yield Problem(where, f"index {url['index']!r} is no data view of ours")
            continue
        if "query" in url["body"] and ("%context%" in url or "%timefield%" in url):
            yield Problem(where, "%context% and %timefield% do not go with a query of the spec's own")
        for field in _vega_fields(url["body"]):
            if view.fields.get(field, "text") == "text":
                yield Problem(where, f"field {field!r} is not in {view.title}, or only for search")


def _vega_fields(body: object) -> Iterator[str]:
    """Fields that a request names: in aggregations, filters, sorts and ``_source``."""
    if isinstance(body, list):
        for one in body:
            yield from _vega_fields(one)
    if not isinstance(body, dict):
        return
    for key, value in body.items():
        match key, value:
            case "field", str():
                yield value
            case (("term" | "range" | "exists" | "terms"), dict()) if "field" not in value:
                yield from value
            case "_source", list():
                yield from value
            case "sort", list():
                yield from (field for one in value for field in one)
            case _:
                yield from _vega_fields(value)


def _controls(one: Object, views: Mapping[str, _View], shown: Mapping[str, _View], used: set[str]) -> Iterator[Problem]:
    for id_, control in json.loads(one["attributes"]["controlGroupInput"]["panelsJSON"]).items():
        where = f"{_name(one)}, control {id_}"
        name = f"controlGroup_{id_}:optionsListDataView"
        used.add(name)
        view = views.get(_referred(one["references"], name))
        if view is None:
            yield Problem(where, f"no reference {name!r}")
            continue
        field = control["explicitInput"]["fieldName"]
        if view.fields.get(field) not in {"string", "boolean"}:
            yield Problem(where, f"field {field!r} is no keyword of {view.title}")
        # A dashboard's filter is applied to every panel; one on a field that a panel's index lacks finds nothing there.
        for other in shown.values():
            if field not in other.fields:
                yield Problem(where, f"{other.title}, which the dashboard shows, has no field {field!r}")


def _referred(references: Sequence[Mapping[str, str]], name: str) -> str:
    return next((reference["id"] for reference in references if reference["name"] == name), "")


def _name(one: Object) -> str:
    return f"{one.get('type')} {one.get('attributes', {}).get('title') or one.get('id')!r}"


def _at(attributes: Any, path: str) -> Any:
    for key in path.split("."):
        attributes = attributes.get(key) if isinstance(attributes, dict) else None
    return attributes


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
