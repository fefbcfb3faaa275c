"""The dashboards: the compiled file is that of the source, and the checks find what would break in a Kibana."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from console.kibana import check, compiled, lines, load, read
from console.kibana.__main__ import FILE
from console.kibana.kql import query
from console.kibana.lens import LAYER
from console.kibana.objects import Object
from schemas.errors import InputError, SettingsError

OBJECTS = compiled(load())


def test_the_compiled_file_is_that_of_the_source() -> None:
    assert FILE.read_text(encoding="utf-8") == lines(OBJECTS), "run: python -m console.kibana"


def test_nothing_is_wrong_with_our_own_objects() -> None:
    assert check(OBJECTS) == []
    assert check(read(FILE)) == []


def test_there_are_the_four_dashboards_and_each_has_lens_panels() -> None:
    boards = {one["attributes"]["title"]: panels_of(one) for one in OBJECTS if one["type"] == "dashboard"}
    assert boards.keys() == {"Remarks now", "One story", "Outlets", "Pipeline"}
    assert all(any(panel["type"] == "lens" for panel in panels) for panels in boards.values())
    assert {t for board in ("One story", "Outlets") for t in types_of(boards[board])} == {
        "lens",
        "search",
        "visualization",
    }


def test_another_prefix_reaches_data_views_and_vega() -> None:
    objects = compiled(load(), "other")
    assert check(objects, "other") == []
    assert "remarkwire-reports" not in lines(objects)
    assert check(objects) != []


def test_ids_stay_and_no_object_is_there_twice() -> None:
    ids = [one["id"] for one in OBJECTS]
    assert len(set(ids)) == len(ids)
    assert "remarkwire-dashboard-remarks-now" in ids


def panels_of(board: Object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(board["attributes"]["panelsJSON"])
    return found


def types_of(panels: list[dict[str, Any]]) -> set[str]:
    return {panel["type"] for panel in panels}


def objects_with(change: Callable[[dict[str, Object]], None]) -> list[Object]:
    """All objects, after a change to them, by id."""
    objects = copy.deepcopy(OBJECTS)
    change({one["id"]: one for one in objects})
    return objects


def on_panel(title: str, change: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, Object]], None]:
    def apply(objects: dict[str, Object]) -> None:
        board = objects["remarkwire-dashboard-outlets"]
        panels = panels_of(board)
        change(next(panel for panel in panels if panel["title"] == title))
        board["attributes"]["panelsJSON"] = json.dumps(panels)

    return apply


def columns(panel: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = panel["embeddableConfig"]["attributes"]["state"]["datasourceStates"]["formBased"]["layers"][
        LAYER
    ]["columns"]
    return found


def vega_body(panel: dict[str, Any], change: Callable[[dict[str, Any]], None]) -> None:
    params = panel["embeddableConfig"]["savedVis"]["params"]
    spec = json.loads(params["spec"])
    change(spec)
    params["spec"] = json.dumps(spec)


BOARD = "remarkwire-dashboard-outlets"
FIRST = "Who is first"
COPIES = "Who copies whom"

DEFECTS: dict[str, tuple[Callable[[dict[str, Object]], None], str]] = {
    "too new": (lambda o: o[BOARD].update(typeMigrationVersion="10.3.0"), "versions must be"),
    "no version": (lambda o: o[BOARD].pop("coreMigrationVersion"), "versions must be"),
    "attribute that is refused": (
        lambda o: o[BOARD]["attributes"].update(tags=[]),
        "attribute 'tags' is refused",
    ),
    "not text": (
        lambda o: o[BOARD]["attributes"].update(panelsJSON=panels_of(o[BOARD])),
        "panelsJSON must be text, is list",
    ),
    "no JSON": (lambda o: o[BOARD]["attributes"].update(optionsJSON="{"), "optionsJSON is no JSON"),
    "lost reference": (
        lambda o: o[BOARD]["references"][0].update(id="gone"),
        "reference to index-pattern 'gone', which is not there",
    ),
    "reference of nothing": (
        lambda o: o[BOARD]["references"].append(
            {"type": "index-pattern", "id": "remarkwire-view-reports", "name": "nobody:it"}
        ),
        "'nobody:it' belongs to nothing",
    ),
    "overlap": (on_panel(FIRST, lambda p: p["gridData"].update(y=10)), "lies over outlets-at-a-glance"),
    "beyond the grid": (on_panel(FIRST, lambda p: p["gridData"].update(x=40)), "within 48 columns"),
    "index of a panel": (on_panel(FIRST, lambda p: p.update(panelIndex="other")), "panelIndex differ"),
    "no such field": (
        on_panel(FIRST, lambda p: columns(p)["by1"].update(sourceField="first_paper")),
        "field 'first_paper' is not in remarkwire-stories",
    ),
    "mean of words": (
        on_panel("Outlets at a glance", lambda p: columns(p)["show6"].update(sourceField="outlet_name")),
        "average of 'outlet_name', which is string",
    ),
    "terms of text": (
        on_panel(FIRST, lambda p: columns(p)["by1"].update(sourceField="text_ru")),
        "terms of 'text_ru', which is text",
    ),
    "type of a column": (
        on_panel(FIRST, lambda p: columns(p)["by1"].update(dataType="number")),
        "dataType 'number' of 'first_outlet', which is string",
    ),
    "order by nothing": (
        on_panel(FIRST, lambda p: columns(p)["by1"]["params"]["orderBy"].update(columnId="show9")),
        "cannot be ordered by",
    ),
    "query on no field": (
        on_panel(
            FIRST,
            lambda p: p["embeddableConfig"]["attributes"]["state"]["query"].update(query="mood: good"),
        ),
        "query on 'mood'",
    ),
    "column that is not shown": (
        on_panel(
            FIRST,
            lambda p: p["embeddableConfig"]["attributes"]["state"]["visualization"]["layers"][0].update(accessors=[]),
        ),
        "'show1' is not both defined and shown",
    ),
    "vega of another version": (
        on_panel(
            COPIES,
            lambda p: vega_body(p, lambda s: s.update({"$schema": "https://vega.github.io/schema/vega/v6.json"})),
        ),
        "Kibana has vega 5",
    ),
    "vega on another index": (
        on_panel(COPIES, lambda p: vega_body(p, lambda s: s["data"][0]["url"].update(index="logs"))),
        "index 'logs' is no data view of ours",
    ),
    "vega with two queries": (
        on_panel(COPIES, lambda p: vega_body(p, lambda s: s["data"][0]["url"].update({"%context%": True}))),
        "do not go with a query",
    ),
    "vega on no field": (
        on_panel(
            COPIES,
            lambda p: vega_body(
                p, lambda s: s["data"][0]["url"]["body"]["aggs"]["originals"]["terms"].update(field="author")
            ),
        ),
        "field 'author' is not in remarkwire-reports",
    ),
    "control that empties a panel": (
        lambda o: o[BOARD]["attributes"]["controlGroupInput"].update(
            panelsJSON=o[BOARD]["attributes"]["controlGroupInput"]["panelsJSON"].replace(
                '"fieldName": "country"', '"fieldName": "copy_of"'
            )
        ),
        "has no field 'copy_of'",
    ),
    "column of a search": (
        lambda o: o["remarkwire-search-copies"]["attributes"]["columns"].append("mood"),
        "column 'mood' is not in remarkwire-reports",
    ),
    "sort of a search": (
        lambda o: o["remarkwire-search-why"]["attributes"].update(sort=[["evidence", "asc"]]),
        "cannot sort by 'evidence'",
    ),
    "time of a view": (
        lambda o: o["remarkwire-view-reports"]["attributes"].update(timeFieldName="lag_minutes"),
        "time field 'lag_minutes' is no date",
    ),
    "drilldown to nowhere": (
        lambda o: o["remarkwire-dashboard-remarks-now"].update(
            references=[r for r in o["remarkwire-dashboard-remarks-now"]["references"] if "drilldown" not in r["name"]]
        ),
        "drilldown without its reference",
    ),
}


@pytest.mark.parametrize("name", DEFECTS)
def test_what_would_break_is_found(name: str) -> None:
    change, words = DEFECTS[name]
    problems = [str(one) for one in check(objects_with(change))]
    assert any(words in one for one in problems), problems


def test_the_query_language_is_understood_as_far_as_it_is_used() -> None:
    assert query("") == {"match_all": {}}
    assert query("role: copy") == {"term": {"role": "copy"}}
    assert query("not published: *") == {"bool": {"must_not": [{"exists": {"field": "published"}}]}}
    assert query('kind: "two words" and lag_minutes >= 5') == {
        "bool": {"filter": [{"term": {"kind": "two words"}}, {"range": {"lag_minutes": {"gte": 5.0}}}]}
    }
    assert query("role: (report or copy)") == {"terms": {"role": ["report", "copy"]}}


@pytest.mark.parametrize("text", ["role", "role: a b", "role: copy or lang: en", "(role: copy)", "lag_minutes > soon"])
def test_a_query_that_is_not_understood_is_refused(text: str) -> None:
    with pytest.raises(SettingsError):
        query(text)


def test_a_source_with_an_unknown_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "views.yaml").write_text("reports: {index: reports, name: R, time: time, colour: red}\n")
    with pytest.raises(SettingsError, match=r"views\.yaml: .*colour"):
        load(tmp_path)


def test_a_file_that_is_none_is_an_input_error(tmp_path: Path) -> None:
    file = tmp_path / "x.ndjson"
    file.write_text('{"type": "dashboard"}\n')
    with pytest.raises(InputError, match="object 1 lacks"):
        read(file)
