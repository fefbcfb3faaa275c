"""The files that a machine with Docker would run, as far as they can be checked without one."""

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import compose_spec
import pytest
import yaml
from prometheus_client import REGISTRY

from console.main import app
from deploy.docker.secure import FILE, KEYS
from ingest.fetch import crawl, publish
from processors.faust_app import Sender
from processors.index import service as index
from runtime.settings import ENV_PREFIX, NOT_SETTINGS, PipelineSettings, Settings
from schemas.errors import Terminal, below

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load(TEXT)
OURS = {name: one for name, one in COMPOSE["services"].items() if one.get("image") == "remarkwire:local"}
STAGES = {"fetch", "clean", "annotate", "group", "index"}
WORKERS = {name: OURS[name] for name in (*sorted(STAGES), "monitor")}
DOCKER = ROOT / "deploy" / "docker"


def commands() -> set[str]:
    found = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    return found | {str(group.name) for group in app.registered_groups}


def is_setting(name: str) -> bool:
    if name in NOT_SETTINGS:
        return True
    section, key = name.removeprefix(ENV_PREFIX).removesuffix("_FILE").lower().split("__")
    return name.startswith(ENV_PREFIX) and key in getattr(Settings(), section).model_dump()


def test_the_file_is_one_of_the_compose_specification() -> None:
    # The parser of the specification knows no variables; what is asked for stands in .env.
    filled = TEXT.replace("${KIBANA_PASSWORD:?see deploy/docker/env.example}", "x").replace(
        "${KIBANA_ENCRYPTION_KEY:?see deploy/docker/env.example}", "x"
    )
    assert "${" not in filled
    read = compose_spec.PyCompose.from_json(json.dumps(yaml.safe_load(filled)))
    assert set(read.service_names()) == set(COMPOSE["services"])
    with pytest.raises(ValueError, match="helthcheck"):
        compose_spec.PyCompose.from_json(json.dumps(yaml.safe_load(filled.replace("healthcheck", "helthcheck", 1))))


def test_every_worker_runs_a_command_that_exists() -> None:
    assert set(OURS) == {*WORKERS, "setup", "secure", "dashboards"}
    for name, service in OURS.items():
        if name != "secure":
            assert service["command"][0] in commands()
    assert set(WORKERS) == STAGES | {"monitor"}


def test_every_port_is_bound_to_loopback() -> None:
    for service in COMPOSE["services"].values():
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:"), port


def test_our_containers_have_no_more_rights_than_they_need() -> None:
    for service in OURS.values():
        assert service["read_only"] or service.get("secrets")
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
    assert "USER 10001" in (DOCKER / "Dockerfile").read_text(encoding="utf-8")


def test_every_service_has_limits_and_what_lasts_is_started_again_and_asked_for_its_health() -> None:
    for name, service in COMPOSE["services"].items():
        limits = service["deploy"]["resources"]["limits"]
        assert set(limits) == {"cpus", "memory"}, name
        if name in {"setup", "secure", "dashboards"}:
            assert service["restart"].startswith("on-failure")
        else:
            assert service["restart"] == "unless-stopped"
            assert service["healthcheck"]["test"]


def test_who_is_asked_to_end_has_the_time_that_the_code_takes() -> None:
    longest = max(crawl._GRACE_SECONDS + publish._FLUSH_SECONDS, index._DRAIN_SECONDS)
    for name, service in WORKERS.items():
        granted = int(service["stop_grace_period"].removesuffix("s"))
        manifests = yaml.safe_load_all((ROOT / f"deploy/kubernetes/base/{name}.yaml").read_text(encoding="utf-8"))
        pod = next(manifests)["spec"]["template"]["spec"]
        assert granted == pod["terminationGracePeriodSeconds"] > longest, name


def test_every_variable_is_a_setting() -> None:
    for name, service in OURS.items():
        if name != "secure":
            assert all(is_setting(variable) for variable in service["environment"])


def test_the_addition_that_the_docs_show_brings_own_tables_to_those_who_read_them() -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    [shown] = [
        one for part in page.split("```yaml\n")[1:] if "services" in (one := yaml.safe_load(part.split("```")[0]))
    ]
    assert set(shown["services"]) == {"annotate", "group", "index"}
    for name, added in shown["services"].items():
        assert all(is_setting(variable) for variable in added["environment"])
        whole = COMPOSE["services"][name] | {"environment": added["environment"], "volumes": added["volumes"]}
        compose_spec.PyCompose.from_json(json.dumps({"services": {name: whole}}))
        ((_, path, mode),) = [volume.split(":") for volume in added["volumes"]]
        assert (path, mode) == (added["environment"]["REMARKWIRE_PIPELINE__GAZETTEER"], "ro")


def test_security_is_on_and_no_secret_stands_in_the_file() -> None:
    elastic = COMPOSE["services"]["elasticsearch"]
    assert elastic["environment"]["xpack.security.enabled"] == "true"
    for service in COMPOSE["services"].values():
        for name, value in service.get("environment", {}).items():
            if any(word in name for word in ("PASSWORD", "API_KEY", "ENCRYPTIONKEY")):
                assert name.endswith("_FILE") or str(value).startswith("${"), name
    example = (DOCKER / "env.example").read_text(encoding="utf-8")
    for name in ("ELASTIC_PASSWORD", "KIBANA_PASSWORD", "KIBANA_ENCRYPTION_KEY"):
        assert f"\n{name}=\n" in f"\n{example}"
    assert {one["environment"] for one in COMPOSE["secrets"].values()} == {"ELASTIC_PASSWORD", "KIBANA_PASSWORD"}


def test_secrets_reach_their_containers_and_nobody_else_in_them_may_read_them() -> None:
    """Compose writes those that come from variables into the container: it refuses one whose root is read-only, and
    makes them readable for all unless told; Elasticsearch refuses such a file.
    """
    users = {"elasticsearch": "1000", "secure": "10001"}
    read = {name: one for name, one in COMPOSE["services"].items() if "secrets" in one}
    assert read.keys() == users.keys()
    for name, service in read.items():
        assert not service.get("read_only"), name
        for secret in service["secrets"]:
            assert (secret["uid"], secret["mode"]) == (users[name], 0o400), name


def test_keys_are_only_where_they_are_used() -> None:
    """The fetcher and the cleaner work on what strangers send; they have no business in Elasticsearch."""
    mounted = {
        name: [volume for volume in one["volumes"] if ":/keys" in volume]
        for name, one in OURS.items()
        if any(":/keys" in volume for volume in one["volumes"])
    }
    made = {volume.split(":")[0]: volume.split(":")[1] for volume in mounted.pop("secure")}
    assert sorted(made.values()) == sorted(f"/keys/{name}" for name in KEYS)
    read = {"setup": "elasticsearch", "index": "index", "monitor": "monitor", "dashboards": "kibana"}
    assert mounted.keys() == read.keys()
    for name, (volume,) in mounted.items():
        source, target, mode = volume.split(":")
        assert (made[source], target, mode) == (f"/keys/{read[name]}", "/keys", "ro"), "its own, and no other's"
    found = {name: [v for k, v in one["environment"].items() if k.endswith("_KEY_FILE")] for name, one in OURS.items()}
    assert {name: keys for name, keys in found.items() if keys} == {name: [f"/keys/{FILE}"] for name in read}
    # A volume belongs to who has the folder that it is mounted on, in the image.
    image = (DOCKER / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    [folders] = [line for line in image.splitlines() if "install -d -o remarkwire" in line]
    assert set(made.values()) <= set(folders.split())


def test_secrets_are_not_sent_to_the_builder() -> None:
    left_out = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert {".env", "**/secrets.env"} <= set(left_out)


def test_the_pool_of_the_cleaner_fits_into_its_memory() -> None:
    # 300 MB and 150 MB for each process (docs/operations.md).
    clean = COMPOSE["services"]["clean"]
    assert clean["environment"].keys() > WORKERS["annotate"]["environment"].keys()
    assert clean["deploy"]["resources"]["limits"]["memory"] == "2G"
    assert 300 + 150 * int(clean["environment"]["REMARKWIRE_CLEAN__WORKERS"]) < 2000


def test_what_is_depended_on_mounted_and_read_is_there() -> None:
    for service in COMPOSE["services"].values():
        for name in service.get("depends_on", {}):
            assert name in COMPOSE["services"]
        for secret in service.get("secrets", []):
            assert secret["source"] in COMPOSE["secrets"]
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source == "./sources.yaml":
                source = "./deploy/sources.example.yaml"  # what the first lines of the file say to copy
            assert (ROOT / source).exists() if source.startswith(".") else source in COMPOSE["volumes"], volume


def test_images_have_versions_and_prometheus_scrapes_the_workers() -> None:
    for service in COMPOSE["services"].values():
        assert ":" in service["image"]
        assert not service["image"].endswith(":latest")
    config = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text(encoding="utf-8"))
    targets = config["scrape_configs"][0]["static_configs"][0]["targets"]
    assert {target.split(":")[0] for target in targets} == set(WORKERS)
    assert config["rule_files"] == ["/etc/prometheus/rules.yml"]


def test_the_dockerfile_copies_what_is_there() -> None:
    lines = (DOCKER / "Dockerfile").read_text(encoding="utf-8").splitlines()
    copies = [line.split() for line in lines if line.startswith("COPY") and "--from" not in line]
    for _, *words in copies:
        for source in [word for word in words if not word.startswith("--")][:-1]:
            assert (ROOT / source).exists(), source


def test_nothing_comes_into_the_image_without_its_hash() -> None:
    text = (DOCKER / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    steps = [step for line in text.splitlines() if line.startswith("RUN") for step in line.split("&&")]
    fetching = [step for step in steps if re.search(r"bin/pip (install|wheel)", step)]
    assert len(fetching) == 4
    for step in fetching:
        local = "--no-deps" in step and ("--no-index" in step or "--no-build-isolation" in step)
        assert local or "--require-hashes" in step, step


def test_what_builds_the_package_is_locked() -> None:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]["requires"]
    locked = (DOCKER / "requirements-build.lock").read_text(encoding="utf-8")
    assert all(re.search(rf"^{re.escape(name)}==", locked, re.MULTILINE) for name in build)


def run_entrypoint(*command: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["sh", str(DOCKER / "entrypoint.sh"), *command],
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


def test_a_variable_that_names_a_file_becomes_what_is_in_it(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("se cr$t'\n")
    done = run_entrypoint("env", REMARKWIRE_KIBANA__API_KEY_FILE=str(file), REMARKWIRE_HTTP__PORT="1")
    variables = dict(line.split("=", 1) for line in done.stdout.splitlines())
    assert variables["REMARKWIRE_KIBANA__API_KEY"] == "se cr$t'"
    assert variables["REMARKWIRE_HTTP__PORT"] == "1"
    assert "REMARKWIRE_KIBANA__API_KEY_FILE" not in variables


def test_a_file_that_is_not_there_ends_the_container(tmp_path: Path) -> None:
    done = run_entrypoint("true", REMARKWIRE_KIBANA__API_KEY_FILE=str(tmp_path / "none"))
    assert done.returncode == 2
    assert "REMARKWIRE_KIBANA__API_KEY_FILE" in done.stderr


@pytest.fixture(scope="module")
def rules() -> list[dict[str, Any]]:
    read = yaml.safe_load((ROOT / "deploy/prometheus/rules.yml").read_text(encoding="utf-8"))
    return [rule for group in read["groups"] for rule in group["rules"]]


def test_alerts_are_promql_on_metrics_and_labels_that_exist(rules: list[dict[str, Any]]) -> None:
    known = metrics()
    for rule in rules:
        for name, labels in selectors(rule["expr"]):
            assert name in known, f"{rule['alert']}: {name}"
            assert labels <= known[name], f"{rule['alert']}: {name} has no {labels - known[name]}"


def test_every_alert_says_what_to_do(rules: list[dict[str, Any]]) -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    names = [rule["alert"] for rule in rules]
    assert len(set(names)) == len(names)
    for rule in rules:
        assert f"### {rule['alert']}\n" in page
        assert rule["annotations"]["summary"]
        assert rule["labels"]["severity"] in {"info", "warning", "critical"}
    for heading in [line.removeprefix("### ") for line in page.splitlines() if line.startswith("### Remarkwire")]:
        assert heading in names, f"{heading} is described and does not exist"


def test_what_alerts_ask_of_a_stage_is_there_before_it_happens() -> None:
    """To Prometheus a counter that appears with its first event has not grown, and what is not there is no alert."""
    Sender(None, Settings(pipeline=PipelineSettings(generation=7)), "trial")
    for kind in below(Terminal):
        labels = {"stage": "trial", "reason": kind.reason}
        assert REGISTRY.get_sample_value("remarkwire_dead_letters_total", labels) == 0, kind.reason
    assert REGISTRY.get_sample_value("remarkwire_commit_timestamp_seconds", {"stage": "trial", "generation": "7"})


def test_workers_of_another_generation_silence_no_alert(rules: list[dict[str, Any]]) -> None:
    asking = [str(rule["expr"]) for rule in rules if "remarkwire_commit_timestamp_seconds" in str(rule["expr"])]
    assert len(asking) == 2
    for found in asking:
        assert set(re.findall(r"(?:by|on) \(([^)]*)\)", found)) == {"stage, generation"}, found


def expression(rules: list[dict[str, Any]], alert: str) -> str:
    [found] = [str(rule["expr"]) for rule in rules if rule["alert"] == alert]
    return found


def test_a_worker_that_ends_itself_again_and_again_is_an_alert(rules: list[dict[str, Any]]) -> None:
    """A start sets the time of the last commit anew, so the alert on commits sees no service that hangs at a record."""
    found = re.fullmatch(
        r'changes\(process_start_time_seconds\{job="remarkwire"\}\[(\d+)m\]\) > (\d+)',
        expression(rules, "RemarkwireRestarts"),
    )
    assert found is not None
    window, most = int(found[1]) * 60, int(found[2])
    # It stands still for that long, and has a minute to start again.
    assert window / (Settings().pipeline.stuck_seconds + 60) > most + 1
    if sys.platform == "linux":
        assert REGISTRY.get_sample_value("process_start_time_seconds")


def test_a_stage_without_a_worker_and_a_fetcher_that_is_not_there_are_alerts(rules: list[dict[str, Any]]) -> None:
    """What is no target of a scrape has no `up`, and a sum of nothing is nothing."""
    assert "unless on (stage, generation)" in expression(rules, "RemarkwireNoWorker")
    assert "absent(" in expression(rules, "RemarkwireNothingPublished")


def test_alerts_on_what_becomes_rare_ask_for_the_state(rules: list[dict[str, Any]]) -> None:
    """The pause after each failure grows: of a source up to weeks, of the sink up to half a minute."""
    assert "remarkwire_sources" in expression(rules, "RemarkwireSourcesFail")
    assert expression(rules, "RemarkwireIndexBlocked") == 'remarkwire_blocked{stage="index"} == 1'


def test_a_source_that_never_worked_is_an_alert_but_not_while_our_network_is_away(rules: list[dict[str, Any]]) -> None:
    [rule] = [rule for rule in rules if rule["alert"] == "RemarkwireSourceNeverWorked"]
    alert, outage = rule["expr"].split(" unless on (instance) ")
    assert alert == "remarkwire_source_never_worked == 1"
    assert outage == "remarkwire_fetch_outage == 1"
    # A source is asked several times before that.
    assert int(rule["for"].removesuffix("h")) * 3600 > 3 * Settings().fetch.interval_seconds
    assert "$labels.source" in rule["annotations"]["summary"]


def metrics() -> dict[str, set[str]]:
    """Names as Prometheus stores them, with the labels that they have."""
    from prometheus_client import Counter, Gauge, Histogram

    import runtime.metrics

    scraped = {"job", "instance"}
    # The second is of the client library, on Linux.
    found = {"up": scraped, "process_start_time_seconds": scraped}
    for metric in vars(runtime.metrics).values():
        if isinstance(metric, Counter | Gauge | Histogram):
            labels = set(metric._labelnames) | scraped
            if isinstance(metric, Counter):
                found[f"{metric._name}_total"] = labels
            elif isinstance(metric, Gauge):
                found[metric._name] = labels
            else:
                found |= {f"{metric._name}_{end}": labels | {"le"} for end in ("bucket", "sum", "count")}
    return found


def selectors(expression: str) -> Iterator[tuple[str, set[str]]]:
    """Each metric of an expression with the labels that are asked of it or kept by an aggregation around it."""
    import promql_parser as promql

    def look(node: Any, kept: set[str]) -> Iterator[tuple[str, set[str]]]:
        match node:
            case promql.VectorSelector():
                yield node.name, kept | {matcher.name for matcher in node.matchers.matchers}
            case promql.MatrixSelector():
                yield from look(node.vector_selector, kept)
            case promql.AggregateExpr():
                by = set(node.modifier.labels) if node.modifier is not None else set()
                yield from look(node.expr, by)
            case promql.Call():
                for argument in node.args:
                    yield from look(argument, kept)
            case promql.BinaryExpr():
                yield from look(node.lhs, kept)
                yield from look(node.rhs, kept)
            case promql.ParenExpr() | promql.UnaryExpr() | promql.SubqueryExpr():
                yield from look(node.expr, kept)

    yield from look(promql.parse(expression), set())
