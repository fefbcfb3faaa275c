"""What docs/replay.md says of containers, against the files and the command line. No engine or cluster was at hand."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from console.generations.lineage import follow
from console.generations.registry import settings_of
from console.main import app
from runtime.settings import Settings
from schemas import Generation
from schemas.topics import STAGES
from tests.unit.console.test_replay_commands import FIRST, NOW
from tests.unit.deploy.test_deploy import COMPOSE, WORKERS
from tests.unit.deploy.test_kubernetes import LASTING, WORKLOADS

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "replay.md").read_text(encoding="utf-8")
SECTION = PAGE.split("\n## Under Docker Compose and Kubernetes\n")[1].split("\n## ")[0]
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", SECTION, re.MULTILINE | re.DOTALL)
LINES = [shlex.split(line, comments=True) for kind, block in BLOCKS if not kind for line in block.splitlines()]
# Of generation 2 for good: all that has a generation, and does not ask which one is live.
MOVED = set(WORKERS) - {"monitor"}


def document(key: str) -> dict[str, Any]:
    [found] = [one for kind, block in BLOCKS if kind == "yaml" and key in (one := yaml.safe_load(block))]
    return dict(found)


def ours(words: list[str]) -> tuple[str, list[str]] | None:
    """Service or workload, and what `remarkwire` is called with there; None for other commands."""
    if words[:3] == ["docker", "compose", "run"]:
        at = 3
        while words[at].startswith("-"):
            at += 2 if words[at] in {"--name", "-e"} else 1
        return words[at], words[at + 1 :] or COMPOSE["services"][words[at]]["command"]
    if words[0] == "kubectl" and "exec" in words:
        at = words.index("--")
        assert words[at + 1] == "remarkwire"
        return words[at - 1], words[at + 2 :]
    return None


CALLS = [found for words in LINES if (found := ours(words)) is not None]


def test_the_way_is_told_to_its_end_for_both() -> None:
    said = [(where.startswith("deploy/"), arguments[0]) for where, arguments in CALLS]
    for kubernetes in (False, True):
        mine = [command for where, command in said if where == kubernetes and command in {"replay", "promote", "prune"}]
        assert list(dict.fromkeys(mine)) == ["replay", "promote", "prune"]
    assert "rollback" in SECTION
    assert "Unverified" in SECTION


@pytest.mark.parametrize(("where", "arguments"), CALLS, ids=[" ".join(call[1]) + f" in {call[0]}" for call in CALLS])
def test_a_command_is_one_of_ours_and_runs_where_it_can(where: str, arguments: list[str]) -> None:
    name, *rest = arguments
    typer.main.get_command(app).commands[name].make_context(name, list(rest))  # type: ignore[attr-defined]
    if where.startswith("deploy/"):
        assert where.removeprefix("deploy/") in {
            one["metadata"]["name"] for one in LASTING if one["kind"] == "Deployment"
        }
    else:
        assert where in COMPOSE["services"]


def test_a_wrong_option_would_be_found() -> None:
    with pytest.raises(Exception, match="No such option"):
        typer.main.get_command(app).commands["promote"].make_context("promote", ["2", "--comparre"])  # type: ignore[attr-defined]


def test_every_stage_is_started_beside_itself_and_ended() -> None:
    started = {}
    for words in LINES:
        if "--name" in words:
            started[words[words.index("--name") + 1]] = words[-1]
            assert words[words.index("-e") + 1] == "REMARKWIRE_PIPELINE__GENERATION=2"
    assert set(started.values()) == MOVED - {"fetch"}
    for command in ("stop", "rm"):
        [ended] = [words[2:] for words in LINES if words[:2] == ["docker", command]]
        assert set(ended) == set(started)
    # The two of a stage share a host name, and a volume: their groups and tables have the generation in their names.
    assert all("hostname" in WORKERS[service] for service in started.values())


def test_from_raw_the_number_is_all_that_workers_must_be_told() -> None:
    one: Generation = follow(2, FIRST, "raw", NOW)
    assert one.stages == list(STAGES)
    told = Settings(pipeline={"generation": 2})  # type: ignore[arg-type]
    assert settings_of(Settings(), one).pipeline == told.pipeline


def test_the_override_takes_all_over_that_has_a_generation() -> None:
    services = document("services")["services"]
    assert set(services) == MOVED
    for name, changes in services.items():
        assert changes == {"environment": {"REMARKWIRE_PIPELINE__GENERATION": "2"}}
        # Compose merges two tables; of a list it would not know which entry is meant.
        assert isinstance(COMPOSE["services"][name]["environment"], dict)


def test_the_overlay_changes_what_the_base_has() -> None:
    overlay = document("kind")
    example = yaml.safe_load((ROOT / "deploy/kubernetes/overlays/example/kustomization.yaml").read_text("utf-8"))
    assert overlay["namespace"] != example["namespace"]
    assert {one["name"] for one in overlay["configMapGenerator"]} <= {
        one["name"] for one in example["configMapGenerator"]
    }
    assert overlay["configMapGenerator"][0]["literals"] == ["REMARKWIRE_PIPELINE__GENERATION=2"]
    still = {one["name"] for one in overlay["replicas"] if not one["count"]}
    assert {one["metadata"]["name"] for one in LASTING} - still == MOVED - {"fetch"}
    assert {one["metadata"]["name"] for one in WORKLOADS if one["kind"] == "Job"} == {"setup", "dashboards"}
    [deleted] = [words for words in LINES if "delete" in words and "job" in words]
    assert {"setup", "dashboards"} <= set(deleted)
    overlays = [Path(words[words.index("-k") + 1]) for words in LINES if "-k" in words]
    assert {path.name for path in overlays} == {"mine", "mine-g2"}
    assert {path.parent for path in overlays} == {Path("deploy/kubernetes/overlays")}
