"""``python -m deploy.sbom FILE``: writes into a CycloneDX file which component needs which.

A lock file does not say; the packages that are installed from it do. What the lock file has for other platforms alone
is not installed, so nothing is said of what it needs.
"""

import json
import sys
import tomllib
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

_ROOT = Path(__file__).parents[1]


def graph(direct: Iterable[str]) -> dict[str, set[str]]:
    """For each distribution that is reached from the direct requirements the names of those that it needs; under the
    empty name the direct ones. Extras count where they are asked for.
    """
    found: dict[str, set[str]] = {}
    done: set[tuple[str, str]] = set()
    open_ = [("", "", line) for line in direct]
    while open_:
        by, extra, line = open_.pop()
        wanted = Requirement(line)
        if wanted.marker is not None and not wanted.marker.evaluate({"extra": extra}):
            continue
        name = str(canonicalize_name(wanted.name))
        found.setdefault(by, set()).add(name)
        # Without an extra, too: that is what is always needed.
        for asked in {"", *wanted.extras} - {extra for known, extra in done if known == name}:
            done.add((name, asked))
            open_ += [(name, asked, one) for one in _requires(name)]
    return found


def _requires(name: str) -> list[str]:
    try:
        return requires(name) or []
    except PackageNotFoundError:
        return []


def filled(bill: Mapping[str, Any], needs: Mapping[str, set[str]]) -> dict[str, Any]:
    """The bill with its dependencies; what is not among its components is left out."""
    refs = {str(canonicalize_name(one["name"])): one["bom-ref"] for one in bill["components"]}
    refs[""] = bill["metadata"]["component"]["bom-ref"]
    found = []
    for name, ref in sorted(refs.items(), key=lambda item: str(item[1])):
        on = sorted(refs[other] for other in needs.get(name, ()) if other in refs and other != name)
        found.append({"ref": ref, "dependsOn": on} if on else {"ref": ref})
    return {**bill, "dependencies": found}


def main() -> None:
    file = Path(sys.argv[1])
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    bill = filled(json.loads(file.read_text(encoding="utf-8")), graph(project["dependencies"]))
    file.write_text(json.dumps(bill, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
