"""What the demo prints of a story: who was first, whatever zones the pages state their times in."""

import io
import re
from typing import Any

from rich.console import Console

from console.demo import show


def _report(number: int, time: str, lag: int, **fields: Any) -> dict[str, Any]:
    return {
        "report_id": f"r{number}", "story_id": "s1", "role": "report", "time": time, "lag_minutes": lag, "lang": "en",
        "outlet_name": f"Outlet {number}", "title": "Ferries go on", "new_remarks": 1, **fields,
    }  # fmt: skip


def _printed(reports: list[dict[str, Any]]) -> list[str]:
    out = Console(file=io.StringIO(), width=show.WIDTH, color_system=None)
    story = {"story_id": "s1", "time": "2026-06-03T20:05:00+03:00", "title": "Ferries go on", "reports": len(reports)}
    show.stories(out, [story], reports, [])
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue().splitlines()


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
    assert all(len(line) == show.WIDTH for line in rows)
    assert not any("…" in line for line in rows)
