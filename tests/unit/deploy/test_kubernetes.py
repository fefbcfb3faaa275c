"""The Kubernetes manifests against the schemas of Kubernetes, and against each other. No cluster was at hand."""

import copy
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from console.main import app
from runtime.settings import ENV_PREFIX, Settings

ROOT = Path(__file__).parents[3] / "deploy" / "kubernetes"
BASE = ROOT / "base"
VERSION = "1.33"

KUSTOMIZATION = yaml.safe_load((BASE / "kustomization.yaml").read_text(encoding="utf-8"))
OVERLAY = yaml.safe_load((ROOT / "overlays/example/kustomization.yaml").read_text(encoding="utf-8"))
MANIFESTS: list[dict[str, Any]] = [
    one for name in KUSTOMIZATION["resources"] for one in yaml.safe_load_all((BASE / name).read_text(encoding="utf-8"))
]
WORKLOADS = [one for one in MANIFESTS if one["kind"] in {"Deployment", "StatefulSet", "Job"}]
LASTING = [one for one in WORKLOADS if one["kind"] != "Job"]
STAGES = {"fetch", "clean", "annotate", "group", "index"}


def named(one: dict[str, Any]) -> str:
    return f"{one['kind']} {one['metadata']['name']}"


def pod(one: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = one["spec"]["template"]["spec"]
    return found


def container(one: dict[str, Any]) -> dict[str, Any]:
    [found] = pod(one)["containers"]
    return dict(found)


@pytest.mark.parametrize("manifest", MANIFESTS, ids=named)
def test_a_manifest_is_one_that_kubernetes_knows(manifest: dict[str, Any]) -> None:
    kubernetes_validate.validate(manifest, VERSION, strict=True)


def test_a_typing_error_would_be_found() -> None:
    broken = {**LASTING[0], "spec": {**LASTING[0]["spec"], "replica": 1}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(broken, VERSION, strict=True)


def test_every_file_belongs_to_the_base_and_every_stage_is_there_once() -> None:
    files = {file.name for file in BASE.glob("*.yaml")} - {"kustomization.yaml", "sources.yaml"}
    assert files == set(KUSTOMIZATION["resources"])
    assert {one["metadata"]["name"] for one in LASTING} == STAGES | {"monitor"}
    commands = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    for one in WORKLOADS:
        assert container(one)["args"][0] in commands | {str(group.name) for group in app.registered_groups}


def test_what_has_state_is_a_stateful_set_with_a_volume_of_its_own() -> None:
    state = {one["metadata"]["name"] for one in LASTING if one["kind"] == "StatefulSet"}
    assert state == {"fetch", "group"}
    services = {one["metadata"]["name"] for one in MANIFESTS if one["kind"] == "Service"}
    for one in LASTING:
        claims = [claim["metadata"]["name"] for claim in one["spec"].get("volumeClaimTemplates", [])]
        volumes = [volume["name"] for volume in pod(one)["volumes"]]
        assert {mount["name"] for mount in container(one)["volumeMounts"]} == {*claims, *volumes}
        if one["kind"] == "StatefulSet":
            assert claims == ["data"]
            assert one["spec"]["serviceName"] in services


def test_pods_have_no_more_rights_than_they_need() -> None:
    for one in WORKLOADS:
        assert pod(one)["automountServiceAccountToken"] is False
        assert pod(one)["securityContext"]["runAsNonRoot"]
        assert pod(one)["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        rights = container(one)["securityContext"]
        assert rights == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert container(one)["resources"]["limits"]["memory"]
        assert container(one)["resources"]["requests"].keys() == {"cpu", "memory"}


def test_the_pool_of_the_cleaner_fits_into_its_memory() -> None:
    # 300 MB and 150 MB for each process (docs/operations.md).
    clean = container(next(one for one in LASTING if one["metadata"]["name"] == "clean"))
    given = {one["name"]: one.get("value") for one in clean["env"]}
    assert clean["resources"]["limits"]["memory"] == "2Gi"
    assert 300 + 150 * int(given["REMARKWIRE_CLEAN__WORKERS"]) < 2000


def test_workers_are_asked_for_their_health() -> None:
    for one in LASTING:
        found = container(one)
        assert found["livenessProbe"]["httpGet"] == {"path": "/healthz", "port": "http"}
        assert found["startupProbe"]["httpGet"] == {"path": "/healthz", "port": "http"}
        assert found["readinessProbe"]["httpGet"] == {"path": "/readyz", "port": "http"}
        [port] = found["ports"]
        assert f"REMARKWIRE_HTTP__PORT={port['containerPort']}" in literals(KUSTOMIZATION)


def test_selectors_select_their_pods() -> None:
    labels = [one["spec"]["template"]["metadata"]["labels"] for one in WORKLOADS]
    for one in LASTING:
        assert one["spec"]["selector"]["matchLabels"] == one["spec"]["template"]["metadata"]["labels"]
    for one in MANIFESTS:
        wanted = {
            "PodDisruptionBudget": lambda spec: spec["selector"]["matchLabels"],
            "NetworkPolicy": lambda spec: spec["podSelector"]["matchLabels"],
            "Service": lambda spec: spec["selector"],
        }.get(one["kind"])
        if wanted is not None:
            selector = wanted(one["spec"]).items()
            assert any(selector <= found.items() for found in labels), named(one)


def test_no_service_of_the_namespace_becomes_a_setting() -> None:
    """A Service that is called remarkwire-metrics, say, would be REMARKWIRE_METRICS_SERVICE_HOST, which is refused."""
    assert all(pod(one)["enableServiceLinks"] is False for one in WORKLOADS)


def test_settings_and_secrets_are_generated_and_are_settings() -> None:
    generated = {one["name"] for one in KUSTOMIZATION["configMapGenerator"]}
    secrets = {one["name"] for one in OVERLAY["secretGenerator"]}
    for one in WORKLOADS:
        for source in container(one)["envFrom"]:
            (kind, reference) = next(iter(source.items()))
            assert reference["name"] in (generated if kind == "configMapRef" else secrets)
        for volume in pod(one)["volumes"]:
            if "configMap" in volume:
                assert volume["configMap"]["name"] in generated
    example = (ROOT / "overlays/example/secrets.env.example").read_text(encoding="utf-8").split()
    assert all(line.endswith("=") for line in example)
    pairs = [*literals(KUSTOMIZATION), *literals(OVERLAY), *example]
    given = [pair.split("=", 1)[0] for pair in pairs]
    given += [one["name"] for work in WORKLOADS for one in container(work).get("env", [])]
    for name in given:
        section, key = name.removeprefix(ENV_PREFIX).lower().split("__")
        assert key in getattr(Settings(), section).model_dump(), name


@pytest.mark.parametrize("volume", ["ca", "gazetteer"])
def test_the_patches_that_the_docs_show_bring_certificate_and_own_tables_into_pods(volume: str) -> None:
    page = (ROOT.parents[1] / "docs" / "operations.md").read_text(encoding="utf-8")
    blocks = [yaml.safe_load(part.split("```")[0]) for part in page.split("```yaml\n")[1:]]
    [shown] = [one for one in blocks if f"name: {volume}," in str(one.get("patches"))]
    [patch] = shown["patches"]
    made = {one["name"] for one in shown["configMapGenerator"]}
    kinds, names = patch["target"]["kind"].split("|"), patch["target"].get("name", "").split("|")
    meant = [one for one in WORKLOADS if one["kind"] in kinds and (names == [""] or one["metadata"]["name"] in names)]
    assert len(meant) == (len(WORKLOADS) if names == [""] else len(names))
    for pair in literals(shown):
        section, key = pair.split("=")[0].removeprefix(ENV_PREFIX).lower().split("__")
        assert key in getattr(Settings(), section).model_dump()
    for one in meant:
        changed = copy.deepcopy(one)
        for step in yaml.safe_load(patch["patch"]):
            *way, end = step["path"].strip("/").split("/")
            at: Any = changed
            for key in way:
                at = at[int(key)] if isinstance(at, list) else at[key]
            assert (step["op"], end) == ("add", "-")
            at.append(step["value"])
        kubernetes_validate.validate(changed, VERSION, strict=True)
        assert volume in {one["name"] for one in pod(changed)["volumes"]}
        assert {v["configMap"]["name"] for v in pod(changed)["volumes"] if "configMap" in v} <= made


def literals(kustomization: dict[str, Any]) -> list[str]:
    return [pair for one in kustomization["configMapGenerator"] for pair in one.get("literals", [])]


def test_a_secret_reaches_those_who_use_it() -> None:
    """The fetcher and the cleaner work on what strangers send; they have no business in Elasticsearch."""
    example = (ROOT / "overlays/example/secrets.env.example").read_text(encoding="utf-8").split()
    for one in WORKLOADS:
        name, found = one["metadata"]["name"], container(one)
        whole = any("secretRef" in source for source in found["envFrom"])
        keys = {ref["key"] for given in found.get("env", []) for ref in given.get("valueFrom", {}).values()}
        for given in found.get("env", []):
            for ref in given.get("valueFrom", {}).values():
                assert (ref["name"], ref["key"]) == ("remarkwire-secrets", given["name"])
        assert whole == (name in {"setup", "index", "monitor"})
        if name in STAGES - {"index"}:
            assert keys == {"REMARKWIRE_KAFKA__SASL_PASSWORD", "REMARKWIRE_KAFKA__SSL_KEY_PASSWORD"}
        elif name == "dashboards":
            assert keys == {"REMARKWIRE_KIBANA__API_KEY"} <= {line.rstrip("=") for line in example}


def test_the_overlay_changes_what_is_in_the_base() -> None:
    assert (ROOT / "overlays/example" / OVERLAY["resources"][0]).resolve() == BASE
    names = {one["metadata"]["name"] for one in LASTING}
    assert {one["name"] for one in OVERLAY["replicas"]} <= names
    assert {one["name"] for one in OVERLAY["images"]} == {container(one)["image"] for one in WORKLOADS}
    example = (BASE / "sources.yaml").read_text(encoding="utf-8")
    assert example == (ROOT.parent / "sources.example.yaml").read_text(encoding="utf-8")
