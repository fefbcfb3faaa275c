"""What is printed of a story: who was first, whatever zones the pages state their times in."""

import io
import re
from collections.abc import Sequence
from typing import Any

from rich.console import Console

from console import story_panels


def _report(number: int, time: str, lag: int, **fields: Any) -> dict[str, Any]:
    return {
        "report_id": f"r{number}", "story_id": "s1", "role": "report", "time": time, "lag_minutes": lag, "lang": "en",
        "outlet_name": f"Outlet {number}", "title": "Ferries go on", "new_remarks": 1, **fields,
    }  # fmt: skip


def _printed(reports: list[dict[str, Any]], remarks: Sequence[dict[str, Any]] = (), **how: bool) -> list[str]:
    out = _console()
    story = {"story_id": "s1", "time": "2026-06-03T20:05:00+03:00", "title": "Ferries go on", "reports": len(reports)}
    story_panels.stories(out, [story], reports, remarks, [], **how)
    return _text(out).splitlines()


def _console() -> Console:
    return Console(file=io.StringIO(), width=story_panels.WIDTH, color_system=None)


def _text(out: Console) -> str:
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue()


def test_rows_stand_in_the_order_of_their_moments_not_of_their_texts() -> None:
    rows = _printed([_report(1, "2026-06-03T18:28:00-04:00", 323), _report(2, "2026-06-03T20:05:00+03:00", 0)])
    told = [line for line in rows if "Outlet" in line]
    assert re.search(r"03 Jun 17:05\s+first\s+Outlet 2\s+en\s+own words, 1 new", told[0])
    assert re.search(r"03 Jun 22:28\s+\+5:23\s+Outlet 1", told[1])


def test_who_is_known_to_the_day_is_not_first() -> None:
    rows = _printed([
        _report(1, "2026-06-05T00:00:00+00:00", 480, role="copy", copy_of="r2"),
        _report(2, "2026-06-05T15:10:00+00:00", 0),
    ])  # fmt: skip
    told = [line for line in rows if line.strip("│ ").startswith("05 Jun")]
    assert re.search(r"05 Jun 15:10\s+first\s+Outlet 2", told[0])
    assert re.search(r"05 Jun\s+\+8:00\s+Outlet 1\s+en\s+copy of Outlet 2", told[1])


def test_no_cell_is_cut_that_fits_its_column() -> None:
    rows = _printed([_report(1, "2026-06-03T18:28:00-04:00", 0)])
    assert all(len(line) == story_panels.WIDTH for line in rows)
    assert not any("…" in line for line in rows)


def test_what_has_no_title_is_shown_without() -> None:
    untitled = _report(1, "2026-06-03T18:28:00-04:00", 0)
    del untitled["title"]
    rows = _printed([untitled, untitled | {"report_id": "r2", "role": "reaction"}])
    assert any("Outlet 1" in line and "–" in line for line in rows)
    assert any("reaction: Outlet 1: –" in line for line in rows)


def test_of_one_minute_the_original_is_first() -> None:
    rows = _printed([
        _report(1, "2026-06-05T15:10:00+00:00", 0, role="copy", copy_of="r2"),
        _report(2, "2026-06-05T15:10:00+00:00", 0),
    ])  # fmt: skip
    assert ["first" in line for line in rows if "Outlet" in line] == [True, False]
    assert "copy of" not in next(line for line in rows if "first" in line)


def _said(number: int, report: int, wording: str, **fields: Any) -> dict[str, Any]:
    return {
        "remark_id": "m", "statement_id": f"t{number}", "story_id": "s1", "time": "2026-06-03T18:28:00-04:00",
        "report_id": f"r{report}", "role": "report", "start": number, "canonical": "they go", "wording": wording,
        "lang": "en", "outlet_name": f"Outlet {report}", **fields,
    }  # fmt: skip


def test_a_whole_story_has_all_wordings_and_the_ids_that_other_commands_take() -> None:
    reports = [_report(1, "2026-06-03T18:28:00-04:00", 0, url="https://one.example/go")]
    remarks = [_said(number, 1, f"they go, wording {number}") for number in range(6)]
    short = "\n".join(_printed(reports, remarks))
    assert "… and 3 more wordings" in short
    assert "s1" not in short
    whole = "\n".join(_printed(reports, remarks, ids=True, whole=True))
    assert "wording 5" in whole
    assert "\nr1  own words, 1 new, Outlet 1, 03 Jun 22:28, en: Ferries go on\n    https://one.example/go\n" in whole
    assert "s1: 1 report" in whole


def test_who_said_what_first_and_who_only_copied() -> None:
    reports = [
        _report(1, "2026-06-03T18:28:00-04:00", 0),
        _report(2, "2026-06-03T18:38:00-04:00", 10, role="copy", copy_of="r1"),
        _report(3, "2026-06-03T18:48:00-04:00", 20, lang="de"),
        _report(4, "2026-06-03T18:58:00-04:00", 30, role="background"),
    ]
    remarks = [
        _said(1, 1, "they go", first=True),
        _said(2, 2, "they go", role="copy"),
        _said(3, 3, "sie fahren", lang="de", repeats=True),
        _said(4, 3, "mehr Schiffe", remark_id="n", canonical="mehr Schiffe", first=True, lang="de"),
        _said(5, 4, "no bridge", remark_id="o", canonical="no bridge", role="background"),
    ]
    short = "\n".join(_printed(reports, remarks))
    assert "● they go  3 outlets, first Outlet 1, said before" in short
    assert "    de Outlet 3: sie fahren" in short
    assert "● mehr Schiffe  1 outlet, first Outlet 3" in short
    whole = "\n".join(_printed(reports, remarks, ids=True, whole=True))
    assert "1  they go  3 outlets, first Outlet 1" in whole
    assert "en  03 Jun 22:28  Outlet 1, Outlet 2 (copy): they go" in whole
    assert "en  03 Jun 22:28  Outlet 4 (background): no bridge" in whole
    assert [line.strip() for line in whole.splitlines() if line.startswith("    ")] == [
        "new 1; leaves out 2", "has 1; leaves out 2", "new 2; also has 1", "has 3",
    ]  # fmt: skip


def test_what_is_printed_below_the_box_is_not_broken() -> None:
    url = f"https://one.example/{'long/' * 40}"
    assert f"    {url}" in _printed([_report(1, "2026-06-03T18:28:00-04:00", 0, url=url)], whole=True)


def test_an_article_of_two_occasions_is_shown_in_both_stories() -> None:
    divided = _report(1, "2026-06-03T17:05:00+00:00", 0, story_ids=["s1", "s2"], roles=["report", "reaction"])
    later = {
        "story_id": "s2",
        "time": "2026-06-03T16:05:00+00:00",
        "title": "Ferries go on",
        "reports": 1,
        "members": 1,
    }
    remark = _said(1, 1, "they went", story_id="s2", first=True, role="reaction")
    out = _console()
    story_panels.stories(out, [later], [divided], [remark], [], ids=True)
    assert "reaction: Outlet 1" in _text(out)
    story_panels.stories(out, [later], [divided | {"roles": ["report", "report"]}], [remark], [], ids=True)
    assert re.search(r"03 Jun 17:05\s+first\s+Outlet 1\s+en\s+own words in part, 1 new", _text(out))
    story_panels.stories(out, [later], [divided], [remark], [], whole=True)
    assert "    also in s1\n" in _text(out)
    # What it copied was its main part: of this one no original is known.
    copied = divided | {"role": "copy", "copy_of": "r9", "roles": ["copy", "copy"]}
    story_panels.stories(out, [later], [copied], [remark | {"role": "copy"}], [], ids=True, whole=True)
    assert re.search(r"03 Jun 17:05\s+first\s+Outlet 1\s+en\s+part of a copied article", _text(out))
    assert "copy of" not in _text(out)


def test_whatever_has_members_is_shown_and_nothing_else() -> None:
    gone = {"story_id": "s1", "time": "2026-06-03T16:05:00+00:00", "title": "Ferries go on", "members": 0}
    out = _console()
    story_panels.stories(out, [gone, gone | {"members": 1, "merged": True}], [], [], [], ids=True)
    assert _text(out) == ""
    reaction = _report(1, "2026-06-03T17:05:00+00:00", 0, role="reaction")
    story_panels.stories(out, [gone | {"members": 1}], [reaction], [], [], ids=True)
    assert "s1: " in _text(out)


def test_a_box_names_its_speaker_and_has_a_title_of_his() -> None:
    reports = [
        _report(1, "2026-06-03T17:05:00+00:00", 0, article_id="a1", title="Ferries go on, says Ana Anda"),
        _report(2, "2026-06-03T17:15:00+00:00", 10, article_id="a2", title="New timetable"),
        _report(3, "2026-06-03T17:25:00+00:00", 20, article_id="a3", title="Bo Banda calls for more ferries"),
    ]
    reports = [doc | {"speaker_name": "Bo Banda"} for doc in reports]
    articles = [
        {"article_id": f"a{n}", "speaker_names": ["Ana Anda", "Bo Banda"], "headline_entities": names}
        for n, names in enumerate((["Ana Anda"], ["Ferry Line"], ["Bo Banda"]), 1)
    ]
    story = {
        "story_id": "s1", "time": "2026-06-03T17:05:00+00:00", "title": "Ferries go on, says Ana Anda",
        "speaker_id": "Q1", "speaker_name": "Bo Banda",
    }  # fmt: skip

    def headed(reports: list[dict[str, Any]], story: dict[str, Any]) -> str:
        out = _console()
        story_panels.stories(out, [story], reports, [], articles)
        return _text(out).splitlines()[0].strip("╭╮─ ")

    assert headed(reports, story) == "Bo Banda · Bo Banda calls for more ferries"
    assert headed(reports[:2], story) == "Bo Banda · New timetable"
    assert headed(reports[:1], story) == "Bo Banda · Ferries go on, says Ana Anda"
    hers = [doc | {"speaker_name": "Ana Anda"} for doc in reports]
    assert headed(hers, story | {"speaker_name": "Ana Anda"}) == "Ana Anda · Ferries go on, says Ana Anda"


def test_what_names_were_compared_by_is_not_shown() -> None:
    story = {
        "story_id": "s1", "time": "2026-06-03T17:05:00+00:00", "title": "Ferries go on", "occasion_kind": "talks",
        "occasion_place_name": "~hrbr", "occasion_counterpart_names": ["Turkey", "~flmn"],
    }  # fmt: skip
    out = _console()
    story_panels.stories(out, [story], [], [], [])
    assert _text(out).splitlines()[1].strip("│ ") == "talks · Turkey"


def test_a_changed_article_is_told_with_what_it_took_back_and_who_has_it_still() -> None:
    reports = [
        _report(1, "2026-06-03T17:05:00+00:00", 0, article_id="a1"),
        _report(2, "2026-06-03T17:15:00+00:00", 10, article_id="a2", role="copy", copy_of="r1"),
        _report(3, "2026-06-03T19:15:00+00:00", 130, article_id="a3", role="copy", copy_of="r1"),
    ]
    articles = [
        {"article_id": "a1", "visit": 2, "fetched": "2026-06-03T18:00:00+00:00"},
        {"article_id": "a2", "visit": 1, "fetched": "2026-06-03T17:20:00+00:00"},
        {"article_id": "a3", "visit": 1, "fetched": "2026-06-03T19:20:00+00:00"},
    ]
    remarks = [
        _said(1, 1, "“four ferries go”", retracted=True, article_id="a1"),
        _said(2, 1, "five ferries go", article_id="a1"),
        _said(3, 2, "Four ferries go", role="copy", article_id="a2"),
        _said(4, 3, "five ferries go", role="copy", article_id="a3"),
    ]
    story = {"story_id": "s1", "time": "2026-06-03T17:05:00+00:00", "title": "Ferries go on"}
    out = _console()
    story_panels.stories(out, [story], reports, remarks, articles)
    assert "changed: Outlet 1: version 2 of 03 Jun 18:00, 1 wording taken back" in _text(out)
    assert _text(out).count("changed:") == 1
    story_panels.stories(out, [story], reports, remarks, articles, whole=True)
    assert "en  Outlet 1: “four ferries go”  still in Outlet 2 " in _text(out)
    assert "    version 2 of 03 Jun 18:00; copies older than it: Outlet 2\n" in _text(out)


def test_what_an_article_that_lost_the_speaker_took_back_is_told() -> None:
    reports = [_report(2, "2026-06-03T17:15:00+00:00", 10, article_id="a2")]
    remarks = [_said(1, 1, "four ferries go", retracted=True, article_id="a1")]
    printed = "\n".join(_printed(reports, remarks))
    assert "changed: Outlet 1: 1 wording taken back" in printed
