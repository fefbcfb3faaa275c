"""A Lens panel of the source as Kibana stores it: the state of the ``formBased`` data source and of the chart.

Written for 8.19, whose migrations 9.x applies by itself. Ids are plain (``by1``, ``show1``), so that a diff of the
compiled file can be read. Seen in the sample dashboards that Kibana brings, and in the models of kb-dashboard-core.
"""

from collections.abc import Mapping
from typing import Any

from console.kibana.fields import Kind
from console.kibana.kql import both
from console.kibana.source import Bucket, Lens, Metric, View
from schemas.errors import SettingsError

State = dict[str, Any]

LAYER = "layer"
RECORDS = "___records___"
_OPERATIONS = {
    "count": "count",
    "unique": "unique_count",
    "sum": "sum",
    "average": "average",
    "median": "median",
    "min": "min",
    "max": "max",
    "last": "last_value",
}
_TYPES = {
    "metric": "lnsMetric",
    "bar": "lnsXY",
    "bar_horizontal": "lnsXY",
    "line": "lnsXY",
    "table": "lnsDatatable",
    "donut": "lnsPie",
}
_SERIES = {"bar": "bar_stacked", "bar_horizontal": "bar_horizontal_stacked", "line": "line"}


def attributes(panel: Lens, view: View, view_id: str, fields: Mapping[str, Kind]) -> State:
    """The panel by value. Raises ``SettingsError`` for what the source names and is not there."""
    columns = _columns(panel, view, fields)
    return {
        "title": "",
        "description": panel.note,
        "visualizationType": _TYPES[panel.chart],
        "type": "lens",
        "references": [{"type": "index-pattern", "id": view_id, "name": f"indexpattern-datasource-layer-{LAYER}"}],
        "state": {
            "visualization": _visualization(panel),
            "query": {"query": both(view.only, panel.query), "language": "kuery"},
            "filters": [],
            "datasourceStates": {
                "formBased": {
                    "layers": {
                        LAYER: {
                            "columns": columns,
                            "columnOrder": list(columns),
                            "incompleteColumns": {},
                            "sampling": 1,
                        }
                    }
                },
                "textBased": {"layers": {}},
            },
            "internalReferences": [],
            "adHocDataViews": {},
        },
    }


def _columns(panel: Lens, view: View, fields: Mapping[str, Kind]) -> dict[str, State]:
    labels = {metric.label: f"show{n}" for n, metric in enumerate(panel.show, 1)}
    found = {f"by{n}": _bucket(bucket, panel, labels, fields) for n, bucket in enumerate(panel.by, 1)}
    return found | {f"show{n}": _metric(metric, view, fields) for n, metric in enumerate(panel.show, 1)}


def _bucket(bucket: Bucket, panel: Lens, labels: Mapping[str, str], fields: Mapping[str, Kind]) -> State:
    kind = _kind(bucket.field, fields)
    column: State = {"label": bucket.label or bucket.field, "isBucketed": True, "sourceField": bucket.field}
    if bucket.label:
        column["customLabel"] = True
    if bucket.date:
        params: State = {"interval": bucket.interval, "includeEmptyRows": True, "dropPartials": False}
        return column | {
            "dataType": "date", "operationType": "date_histogram", "scale": "interval", "params": params,
        }  # fmt: skip
    if bucket.bands_of:
        ranges = [{"from": band.at_least, "to": band.below, "label": band.label} for band in bucket.bands]
        return column | {
            "dataType": "string",
            "operationType": "range",
            "scale": "ordinal",
            "params": {"type": "range", "ranges": ranges, "maxBars": "auto"},
        }
    return column | {
        "dataType": kind,
        "operationType": "terms",
        "scale": "ordinal",
        "params": {
            "size": bucket.size,
            "orderBy": _order(bucket, panel, labels),
            "orderDirection": "asc" if bucket.ascending else "desc",
            "otherBucket": bucket.other,
            "missingBucket": False,
            "parentFormat": {"id": "terms"},
            "include": [],
            "exclude": [],
            "includeIsRegex": False,
            "excludeIsRegex": False,
        },
    }


def _order(bucket: Bucket, panel: Lens, labels: Mapping[str, str]) -> State:
    if bucket.order_by == "value":
        return {"type": "alphabetical", "fallback": False}
    label = bucket.order_by or next(iter(labels))
    if label not in labels:
        raise SettingsError(f"{panel.title}: order_by {label!r} is not among {', '.join(labels)}")
    return {"type": "column", "columnId": labels[label]}


def _metric(metric: Metric, view: View, fields: Mapping[str, Kind]) -> State:
    kind = "number" if metric.op == "count" else _kind(metric.field, fields)
    keeps_kind = metric.op in {"min", "max", "last"}
    column: State = {
        "label": metric.label,
        "customLabel": True,
        "dataType": kind if keeps_kind else "number",
        "operationType": _OPERATIONS[metric.op],
        "isBucketed": False,
        "scale": "ordinal" if metric.op == "last" and kind == "string" else "ratio",
        "sourceField": metric.field or RECORDS,
    }
    params: State = {}
    if metric.op in {"count", "unique", "sum"}:
        params["emptyAsNull"] = False
    if metric.decimals is not None:
        params["format"] = {"id": "number", "params": {"decimals": metric.decimals}}
    where = metric.where
    if metric.op == "last":
        params["sortField"] = view.time
        where = both(where, f"{metric.field}: *")
    if params:
        column["params"] = params
    if where:
        column["filter"] = {"query": where, "language": "kuery"}
    if metric.shift:
        column["timeShift"] = metric.shift
    return column


def _kind(field: str, fields: Mapping[str, Kind]) -> Kind:
    if field not in fields:
        raise SettingsError(f"field {field!r} is not in the mapping")
    return fields[field]


def _visualization(panel: Lens) -> State:
    by = [f"by{n}" for n in range(1, len(panel.by) + 1)]
    show = [f"show{n}" for n in range(1, len(panel.show) + 1)]
    match panel.chart:
        case "metric":
            return {"layerId": LAYER, "layerType": "data", "metricAccessor": show[0]}
        case "table":
            return _table(panel, by, show)
        case "donut":
            layer = {
                "layerId": LAYER, "layerType": "data", "primaryGroups": by, "metrics": show, "numberDisplay": "value",
                "categoryDisplay": "default", "legendDisplay": "show", "nestedLegend": False,
            }  # fmt: skip
            return {"shape": "donut", "layers": [layer]}
        case "bar" | "bar_horizontal" | "line":
            return _xy(panel, by, show)


def _table(panel: Lens, by: list[str], show: list[str]) -> State:
    columns = [{"columnId": one, "isMetric": False, "oneClickFilter": bool(panel.opens)} for one in by]
    columns += [{"columnId": one, "isMetric": True} for one in show]
    return {
        "columns": columns,
        "layerId": LAYER,
        "layerType": "data",
        "rowHeight": "auto",
        "paging": {"size": 10, "enabled": True},
    }


def _xy(panel: Lens, by: list[str], show: list[str]) -> State:
    series = _SERIES[panel.chart]
    layer: State = {
        "layerId": LAYER,
        "layerType": "data",
        "seriesType": series,
        "accessors": show,
        "xAccessor": by[0],
        "showGridlines": False,
        "position": "top",
        "palette": {"type": "palette", "name": "default"},
    }
    if len(by) > 1:
        layer["splitAccessor"] = by[1]
    return {
        "legend": {"isVisible": len(by) > 1 or len(show) > 1, "position": "right"},
        "valueLabels": "show" if panel.chart == "bar_horizontal" else "hide",
        "preferredSeriesType": series,
        "fittingFunction": "Linear" if panel.chart == "line" else "None",
        "axisTitlesVisibilitySettings": {"x": False, "yLeft": True, "yRight": True},
        "layers": [layer],
    }
