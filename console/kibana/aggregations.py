"""What Kibana will ask Elasticsearch for a Lens panel, so that it can be tried without a Kibana.

Works on the compiled panel, not on its source: what is tried is what is imported. Buckets become nested aggregations
in the order of the columns, numbers become metrics in the innermost one, and a column with a filter is wrapped in it.
A column with a time shift is asked for by a request of its own, over the shifted time.
"""

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from console.kibana import kql
from console.kibana.lens import LAYER, RECORDS
from schemas.errors import SettingsError

Body = dict[str, Any]
Row = dict[str, Any]
Column = Mapping[str, Any]

_MOST_BARS = 75
_STEPS = (60, 300, 600, 1800, 3600, 3 * 3600, 12 * 3600, 86400, 7 * 86400, 30 * 86400)
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
_FIELD_METRICS = {"unique_count": "cardinality", "sum": "sum", "average": "avg", "min": "min", "max": "max"}


@dataclass(frozen=True)
class Span:
    """The time that a dashboard shows."""

    since: datetime.datetime
    until: datetime.datetime

    def shifted(self, by: str) -> "Span":
        """The same length, earlier by ``1w`` and the like."""
        seconds = _seconds(by)
        return Span(self.since - seconds, self.until - seconds)

    @property
    def step(self) -> int:
        """Seconds of a bar, so that there are not too many."""
        length = (self.until - self.since).total_seconds()
        return next((step for step in _STEPS if length / step <= _MOST_BARS), _STEPS[-1])


@dataclass(frozen=True)
class Request:
    """A search, and the columns that its answer has."""

    body: Body
    columns: Mapping[str, Column]


def requests(attributes: Mapping[str, Any], time_field: str, span: Span) -> list[Request]:
    """The searches of a panel. Raises ``SettingsError`` for an operation that is not known here."""
    state = attributes["state"]
    layer = state["datasourceStates"]["formBased"]["layers"][LAYER]
    columns: dict[str, Column] = {id_: layer["columns"][id_] for id_ in layer["columnOrder"]}
    buckets = {id_: one for id_, one in columns.items() if one["isBucketed"]}
    metrics = {id_: one for id_, one in columns.items() if not one["isBucketed"]}
    shifts = dict.fromkeys(one.get("timeShift", "") for one in metrics.values())
    found = []
    for shift in shifts:
        asked = {id_: one for id_, one in metrics.items() if one.get("timeShift", "") == shift}
        of = span.shifted(shift) if shift else span
        body = {
            "size": 0,
            "track_total_hits": True,
            "query": {"bool": {"filter": [kql.query(state["query"]["query"]), _within(time_field, of)]}},
        }
        aggregations = _aggregations(buckets, asked, of)
        if aggregations:
            body["aggs"] = aggregations
        found.append(Request(body, {**buckets, **asked}))
    return found


def rows(request: Request, answer: Mapping[str, Any]) -> list[Row]:
    """The answer as a table: column id to value; one row for each innermost bucket."""
    buckets = [id_ for id_, one in request.columns.items() if one["isBucketed"]]
    metrics = {id_: one for id_, one in request.columns.items() if not one["isBucketed"]}
    top = {**answer.get("aggregations", {}), "doc_count": answer["hits"]["total"]["value"]}
    return _rows(top, buckets, metrics, {})


def _rows(level: Mapping[str, Any], buckets: Sequence[str], metrics: Mapping[str, Column], above: Row) -> list[Row]:
    if not buckets:
        return [above | {id_: _value(id_, column, level) for id_, column in metrics.items()}]
    first, *rest = buckets
    found = level[first]["buckets"]
    named = found.items() if isinstance(found, dict) else ((one["key"], one) for one in found)
    return [row for key, one in named for row in _rows(one, rest, metrics, above | {first: key})]


def _value(id_: str, column: Column, level: Mapping[str, Any]) -> Any:
    inner = level[id_] if "filter" in column else level
    operation = column["operationType"]
    if operation == "count":
        return inner["doc_count"]
    found = inner["metric"] if "filter" in column else inner[id_]
    if operation == "median":
        return next(iter(found["values"].values()))
    if operation == "last_value":
        hits = found["hits"]["hits"]
        return hits[0]["_source"].get(column["sourceField"]) if hits else None
    return found["value"]


def _aggregations(buckets: Mapping[str, Column], metrics: Mapping[str, Column], span: Span) -> Body:
    made = {id_: _filtered(column) for id_, column in metrics.items()}
    numbers: Body = {id_: body for id_, body in made.items() if body is not None}
    inner = numbers
    for id_, column in reversed(list(buckets.items())):
        inner = {id_: _bucket(column, metrics, span) | ({"aggs": inner} if inner else {})}
        # What orders a bucket must stand in it, however deep the numbers are; Kibana adds it there, too.
        by = column["params"].get("orderBy", {}).get("columnId")
        if by in numbers and by not in (below := inner[id_]["aggs"]):
            inner[id_]["aggs"] = {**below, by: numbers[by]}
    return inner


def _filtered(column: Column) -> Body | None:
    """A metric within its filter; None for what every bucket has by itself."""
    made = _metric(column)
    if "filter" not in column:
        return made
    return {"filter": kql.query(column["filter"]["query"])} | ({"aggs": {"metric": made}} if made else {})


def _metric(column: Column) -> Body | None:
    """None for a count: every bucket has one."""
    operation, field = column["operationType"], column["sourceField"]
    if operation == "count" and field == RECORDS:
        return None
    if operation == "median":
        return {"percentiles": {"field": field, "percents": [50]}}
    if operation == "last_value":
        sort = [{column["params"]["sortField"]: {"order": "desc"}}]
        return {"top_hits": {"size": 1, "sort": sort, "_source": [field]}}
    if operation not in _FIELD_METRICS:
        raise SettingsError(f"operation {operation!r} is not known here")
    return {_FIELD_METRICS[operation]: {"field": field}}


def _bucket(column: Column, metrics: Mapping[str, Column], span: Span) -> Body:
    kinds: dict[str, Callable[[Column], Body]] = {
        "date_histogram": lambda one: {"field": one["sourceField"], "fixed_interval": _interval(one, span)},
        "terms": lambda one: _terms(one, metrics),
        "range": lambda one: {"field": one["sourceField"], "ranges": [_band(band) for band in one["params"]["ranges"]]},
    }
    operation = column["operationType"]
    if operation not in kinds:
        raise SettingsError(f"operation {operation!r} is not known here")
    return {operation: kinds[operation](column)}


def _interval(column: Column, span: Span) -> str:
    said = column["params"]["interval"]
    return f"{span.step}s" if said == "auto" else str(said)


def _terms(column: Column, metrics: Mapping[str, Column]) -> Body:
    params = column["params"]
    by, direction = params["orderBy"], params["orderDirection"]
    order = {"_key": direction} if by["type"] == "alphabetical" else {_path(by["columnId"], metrics): direction}
    # A metric of another request (a shifted one) cannot order this one; Kibana orders by the count then, too.
    return {"field": column["sourceField"], "size": params["size"], "order": order}


def _path(id_: str, metrics: Mapping[str, Column]) -> str:
    column = metrics.get(id_)
    if column is None or (column["operationType"] == "count" and "filter" not in column):
        return "_count"
    if "filter" in column:
        return id_ if column["operationType"] == "count" else f"{id_}>metric"
    return f"{id_}.50" if column["operationType"] == "median" else id_


def _band(band: Mapping[str, Any]) -> Body:
    bounds = {key: band[key] for key in ("from", "to") if band[key] is not None}
    return {"key": band["label"], **bounds}


def _within(field: str, span: Span) -> Body:
    return {"range": {field: {"gte": span.since.isoformat(), "lt": span.until.isoformat()}}}


def _seconds(text: str) -> datetime.timedelta:
    found = re.fullmatch(r"(\d+)([smhdw])", text)
    if found is None:
        raise SettingsError(f"time shift {text!r}: a number and one of s, m, h, d, w")
    return datetime.timedelta(seconds=int(found[1]) * _UNITS[found[2]])
