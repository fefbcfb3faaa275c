"""`make sbom`: what the lock file names, with its hashes, the same each time, and what needs what."""

import json
import re
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution
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
    names = {one["bom-ref"]: one["name"] for one in bill["components"]} | {"root-component": "remarkwire"}
    needs = {names[one["ref"]]: {names[ref] for ref in one.get("dependsOn", ())} for one in bill["dependencies"]}
    assert {"httpx", "faust-streaming", "elasticsearch"} <= needs["remarkwire"]
    assert "httpcore" in needs["httpx"]
    # By an extra: ours asks for httpx[http2].
    assert "h2" in needs["httpx"]
    # All that is installed is there because of something.
    reached, fresh = {"remarkwire"}, {"remarkwire"}
    while fresh := {name for one in fresh for name in needs[one]} - reached:
        reached |= fresh
    assert {name for name in set(names.values()) - reached if _is_installed(name)} == set()


def _is_installed(name: str) -> bool:
    try:
        return bool(distribution(name))
    except PackageNotFoundError:
        return False
