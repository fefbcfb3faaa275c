"""``remarkwire import`` of files as users have them. All texts are synthetic."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.services import Services
from ingest.body import unpack
from runtime.settings import as_environment
from schemas import RawArticle
from schemas.topics import RAW
from tests.pipeline import prepared, values

pytestmark = [pytest.mark.e2e, pytest.mark.integration]


def rows(name: str) -> list[dict[str, str]]:
    text = "The invented minister said on Tuesday that the invented bridge would open before the end of the year."
    return [{"id": f"{name}-{number}", "title": "Ċ мост", "text": f"{text} {number}"} for number in range(3)]


def lines(name: str) -> str:
    return "\r\n".join(json.dumps(row, ensure_ascii=False) for row in rows(name))


def test_exports_of_other_programs_are_imported(services: Services, unique: str, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "utf16.jsonl").write_text(lines("utf16"), encoding="utf-16")
    (folder / "packed.jsonl").write_bytes(gzip.compress(lines("packed").encode("utf-8-sig")))
    (folder / "array.jsonl").write_text(json.dumps(rows("array"), indent=2))
    (folder / "passed-over.json").write_text(json.dumps(rows("passed-over")))
    (tmp_path / "named.json").write_bytes(gzip.compress(json.dumps(rows("named")).encode("utf-32")))
    with prepared(services, unique, tmp_path) as settings:
        command = [sys.executable, "-P", "-m", "console.main", "import", str(folder), str(tmp_path / "named.json")]
        environment = {**os.environ, **as_environment(settings)}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, done.stderr[-2000:]
        assert "12 articles of 4 files" in done.stderr
        raws = [RawArticle.decode(value) for _, value in values(settings, RAW)]
        written = sorted(
            (json.loads(unpack(raw.body)) for raw in raws), key=lambda row: (row["id"].partition("-")[0], row["id"])
        )
        assert written == [row for name in ("array", "named", "packed", "utf16") for row in rows(name)]
