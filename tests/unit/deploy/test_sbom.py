"""`make sbom`: what the lock file names, with its hashes, the same each time."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
BIN = Path(sys.executable).parent


@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")
def test_the_bill_has_all_that_the_lock_file_has(tmp_path: Path) -> None:
    bills = [tmp_path / "first" / "sbom.json", tmp_path / "second.json"]
    for bill in bills:
        # Nothing is installed for it; what runs the tests has all of it.
        subprocess.run(
            ["make", "--old-file=install", "sbom", f"BIN={BIN}", f"SBOM={bill}"],
            cwd=ROOT, capture_output=True, check=True, timeout=120,
        )  # fmt: skip
    assert bills[0].read_bytes() == bills[1].read_bytes()
    bill = json.loads(bills[0].read_bytes())
    assert (bill["bomFormat"], bill["metadata"]["component"]["name"]) == ("CycloneDX", "remarkwire")
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = set(re.findall(r"^([a-z0-9][\w.-]*)==([^ ;\\]+)", lock, re.MULTILINE | re.IGNORECASE))
    assert locked
    assert {(one["name"], one["version"]) for one in bill["components"]} == locked
    hashes = [known for one in bill["components"] for at in one["externalReferences"] for known in at["hashes"]]
    assert len(hashes) == lock.count("--hash=")
