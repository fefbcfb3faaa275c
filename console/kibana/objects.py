"""From the source to Kibana's saved objects, and to the one file that is imported.

By value where that is possible: a dashboard brings its panels with it; only data views and saved searches are objects
of their own. What is JSON inside JSON (``panelsJSON``, ``searchSourceJSON`` …) is text, as Kibana wants it.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from console.kibana import lens
from console.kibana.fields import fields_of
from console.kibana.kql import both
from console.kibana.source import Control, Dashboard, Found, Lens, Panel, Search, Source, Vega, View, slug
from schemas.errors import InputError, SettingsError

Object = dict[str, Any]
Reference = dict[str, str]

# Authored for 8.19: a newer version of a type is refused there, a missing one runs every old migration.
CORE_VERSION = "8.8.0"
VERSIONS: Mapping[str, str] = {"index-pattern": "8.0.0", "search": "10.5.0", "dashboard": "10.2.0"}
_DRILLDOWN = "DASHBOARD_TO_DASHBOARD_DRILLDOWN"
_SEARCH_REFERENCE = "kibanaSavedObjectMeta.searchSourceJSON.index"


def compiled(source: Source, prefix: str = "remarkwire") -> list[Object]:
    """All objects, those that others refer to first. ``prefix`` is that of the indices."""
    found = [_view(name, view, prefix) for name, view in source.views.items()]
    found += [_search(name, search, source) for name, search in source.searches.items()]
    found += [_dashboard(name, board, source, prefix) for name, board in source.dashboards.items()]
    return found


def lines(objects: Sequence[Object]) -> str:
    """One object a line, as ``_import`` takes them."""
    return "".join(json.dumps(one, ensure_ascii=False, sort_keys=True) + "\n" for one in objects)


def read(file: Path) -> list[Object]:
    """The objects of a file. Raises ``InputError`` where a line is none, or none is there: nothing wrong would be found
    in what a failed export left.
    """
    try:
        found = [json.loads(line) for line in file.read_text(encoding="utf-8").split("\n") if line.strip()]
    except (OSError, ValueError) as error:
        raise InputError(f"{file}: cannot be read as objects, one a line: {error}") from error
    for number, one in enumerate(found, 1):
        if not isinstance(one, dict) or not {"type", "id", "attributes", "references"} <= one.keys():
            raise InputError(f"{file}: object {number} lacks type, id, attributes or references")
    if not found:
        raise InputError(f"{file}: has no objects")
    return found


def object_id(kind: str, name: str) -> str:
    """Ids are ours and stay, so that an import replaces what the one before it brought."""
    return f"remarkwire-{kind}-{slug(name)}"


def _object(kind: str, id_: str, attributes: Object, references: Sequence[Reference]) -> Object:
    return {
        "attributes": attributes,
        "coreMigrationVersion": CORE_VERSION,
        "id": id_,
        "managed": False,
        "references": list(references),
        "type": kind,
        "typeMigrationVersion": VERSIONS[kind],
    }


def _view(name: str, view: View, prefix: str) -> Object:
    formats = {field: {"id": "url", "params": {"labelTemplate": "{{value}}"}} for field in view.links}
    attributes = {
        "title": f"{prefix}-{view.index}",
        "name": view.name,
        "timeFieldName": view.time,
        "fieldFormatMap": _text(formats),
        "fields": "[]",
        "fieldAttrs": "{}",
        "runtimeFieldMap": "{}",
        "sourceFilters": "[]",
        "allowNoIndex": True,
    }
    return _object("index-pattern", object_id("view", name), attributes, [])


def _search(name: str, search: Search, source: Source) -> Object:
    view = _named(search.view, source)
    searched = {
        "query": {"query": both(view.only, search.query), "language": "kuery"},
        "filter": [],
        "indexRefName": _SEARCH_REFERENCE,
    }
    attributes = {
        "title": search.title,
        "description": search.note,
        "columns": search.columns,
        "sort": [[search.sort or view.time, "asc" if search.ascending else "desc"]],
        "grid": {},
        "hideChart": True,
        "isTextBasedQuery": False,
        "timeRestore": False,
        "kibanaSavedObjectMeta": {"searchSourceJSON": _text(searched)},
    }
    reference = {"type": "index-pattern", "id": object_id("view", search.view), "name": _SEARCH_REFERENCE}
    return _object("search", object_id("search", name), attributes, [reference])


def _dashboard(name: str, board: Dashboard, source: Source, prefix: str) -> Object:
    panels, references = [], []
    for panel in board.panels:
        made, needed = _panel(panel, source, prefix)
        panels.append(made)
        references += [one | {"name": f"{made['panelIndex']}:{one['name']}"} for one in needed]
    controls = {slug(control.title): _control(control, n) for n, control in enumerate(board.controls)}
    references += [
        {
            "type": "index-pattern",
            "id": object_id("view", control.view),
            "name": f"controlGroup_{slug(control.title)}:optionsListDataView",
        }
        for control in board.controls
    ]
    heeded = dict.fromkeys(("ignoreFilters", "ignoreQuery", "ignoreTimerange", "ignoreValidations"), False)
    attributes = {
        "title": board.title,
        "description": board.note,
        "panelsJSON": _text(panels),
        "optionsJSON": _text(
            {
                "useMargins": True,
                "syncColors": True,
                "syncCursor": True,
                "syncTooltips": False,
                "hidePanelTitles": False,
            }
        ),
        "controlGroupInput": {
            "chainingSystem": "HIERARCHICAL",
            "controlStyle": "oneLine",
            "ignoreParentSettingsJSON": _text(heeded),
            "panelsJSON": _text(controls),
        },
        "kibanaSavedObjectMeta": {
            "searchSourceJSON": _text({"query": {"query": "", "language": "kuery"}, "filter": []})
        },
        "timeRestore": True,
        "timeFrom": board.since,
        "timeTo": "now",
        "refreshInterval": {"pause": False, "value": board.refresh_seconds * 1000},
        "version": 1,
    }
    return _object("dashboard", object_id("dashboard", name), attributes, references)


def _control(control: Control, place: int) -> Object:
    id_ = slug(control.title)
    return {
        "type": "optionsListControl",
        "order": place,
        "width": "medium",
        "grow": True,
        "explicitInput": {
            "id": id_,
            "title": control.title,
            "fieldName": control.field,
            "searchTechnique": "wildcard",
            "selectedOptions": [],
            "singleSelect": control.one,
            "sort": {"by": "_count", "direction": "desc"},
            "enhancements": {},
        },
    }


def _panel(panel: Panel, source: Source, prefix: str) -> tuple[Object, list[Reference]]:
    id_ = slug(panel.title)
    x, y, w, h = panel.at
    config: Object = {"title": panel.title, "description": panel.note, "hidePanelTitles": False, "enhancements": {}}
    made: Object = {
        "panelIndex": id_,
        "gridData": {"x": x, "y": y, "w": w, "h": h, "i": id_},
        "title": panel.title,
        "embeddableConfig": config,
    }
    match panel:
        case Lens():
            view = _named(panel.view, source)
            view_id = object_id("view", panel.view)
            state = lens.attributes(panel, view, view_id, fields_of(view.index))
            made |= {"type": "lens"}
            references = list(state["references"])
            if panel.opens:
                event, reference = _drilldown(panel.opens, source)
                config["enhancements"] = {"dynamicActions": {"events": [event]}}
                references.append(reference)
            config["attributes"] = state
        case Vega():
            made |= {"type": "visualization"}
            config["savedVis"] = _vega(panel, source, prefix)
            references = []
        case Found():
            if panel.search not in source.searches:
                raise SettingsError(f"{panel.title}: search {panel.search!r} is none of {', '.join(source.searches)}")
            made |= {"type": "search", "panelRefName": f"panel_{id_}"}
            references = [
                {"type": "search", "id": object_id("search", panel.search), "name": f"panel_{id_}"}
            ]  # fmt: skip
    return made, references


def _drilldown(opens: str, source: Source) -> tuple[Object, Reference]:
    if opens not in source.dashboards:
        raise SettingsError(f"opens {opens!r}: is none of {', '.join(source.dashboards)}")
    event_id = f"open-{opens}"
    event = {
        "eventId": event_id,
        "triggers": ["FILTER_TRIGGER"],
        "action": {
            "factoryId": _DRILLDOWN,
            "name": f"Open in {source.dashboards[opens].title}",
            "config": {"useCurrentFilters": True, "useCurrentDateRange": True, "openInNewTab": False},
        },
    }
    name = f"drilldown:{_DRILLDOWN}:{event_id}:dashboardId"
    return event, {"type": "dashboard", "id": object_id("dashboard", opens), "name": name}


def _vega(panel: Vega, source: Source, prefix: str) -> Object:
    return {
        "id": "",
        "title": panel.title,
        "description": panel.note,
        "type": "vega",
        "params": {"spec": json.dumps(spec(panel.spec, source, prefix), ensure_ascii=False, indent=2)},
        "uiState": {},
        "data": {"aggs": [], "searchSource": {"query": {"query": "", "language": "kuery"}, "filter": []}},
    }


def spec(name: str, source: Source, prefix: str) -> Object:
    """A Vega specification with the names of views in its queries turned into those of indices."""
    if name not in source.vega:
        raise SettingsError(f"spec {name!r}: is none of {', '.join(source.vega)}")
    made: Object = json.loads(json.dumps(source.vega[name]))
    for url in queries(made):
        url["index"] = f"{prefix}-{_named(str(url['index']), source).index}"
    return made


def queries(made: Object) -> list[Object]:
    """The ``url`` objects of a specification: its requests to Elasticsearch."""
    data = made["data"] if isinstance(made["data"], list) else [made["data"]]
    return [one["url"] for one in data if isinstance(one.get("url"), dict)]


def _named(view: str, source: Source) -> View:
    if view not in source.views:
        raise SettingsError(f"view {view!r}: is none of {', '.join(source.views)}")
    return source.views[view]


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
