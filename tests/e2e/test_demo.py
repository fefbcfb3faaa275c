"""The demo as a newcomer runs it: everything is shown, the sum is whole, nothing is left behind."""

import json
import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from deploy.services import Kind
from tests.services_fixture import require

pytestmark = pytest.mark.e2e

# A little under what is reached; see docs/quality.md.
FLOORS = {
    "story_f1": 0.78,
    "role_f1": 0.62,
    "copy_precision": 0.85,
    "copy_recall": 0.70,
    "remarks_found": 0.70,
    "remark_f1": 0.50,
}


@pytest.mark.parametrize("kind", list(Kind), ids=str)
def test_the_demo_shows_the_main_job_and_leaves_nothing_behind(kind: Kind, tmp_path: Path) -> None:
    require(kind)
    scratch = tmp_path / "tmp"
    scratch.mkdir()
    report = tmp_path / "demo.json"
    command = [sys.executable, "-P", "-m", "console.main", "demo", "--services", str(kind), "--json", str(report)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=420, cwd=tmp_path,
        env={**os.environ, "TMPDIR": str(scratch), "COLUMNS": "140"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    for word in ("whole", "copy of", "translation of", "reaction:", "own words", "stories, B³ F1", "_search?q="):
        assert word in done.stdout, word
    result = json.loads(report.read_text())
    assert result["account"]["whole"]
    assert result["account"]["indexed"] == 90
    print(json.dumps(result["scores"], indent=1))
    for name, floor in FLOORS.items():
        assert result["scores"][name] >= floor, name
    assert list(scratch.glob("remarkwire-*")) == []
    left = [p.pid for p in psutil.process_iter(["environ"]) if (p.info["environ"] or {}).get("TMPDIR") == str(scratch)]
    assert left == []
