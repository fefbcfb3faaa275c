"""The files that a machine with Docker would run, as far as they can be checked without one."""

from pathlib import Path

import yaml

from console.main import app
from runtime.settings import ENV_PREFIX, NOT_SETTINGS, Settings

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
WORKERS = {name: one for name, one in COMPOSE["services"].items() if one.get("image") == "remarkwire:local"}


def test_every_worker_runs_a_command_that_exists() -> None:
    commands = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    assert set(WORKERS) == {"setup", "fetch", "clean", "annotate", "group", "index"}
    for worker in WORKERS.values():
        assert worker["command"][0] in commands


def test_every_port_is_bound_to_loopback() -> None:
    for service in COMPOSE["services"].values():
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:"), port


def test_workers_have_no_more_rights_than_they_need() -> None:
    for worker in WORKERS.values():
        assert worker["read_only"]
        assert worker["cap_drop"] == ["ALL"]
    assert "USER 10001" in (ROOT / "deploy/docker/Dockerfile").read_text(encoding="utf-8")


def test_every_variable_is_a_setting() -> None:
    for worker in WORKERS.values():
        for name in worker["environment"]:
            assert name.startswith(ENV_PREFIX)
            if name not in NOT_SETTINGS:
                section, key = name.removeprefix(ENV_PREFIX).lower().split("__")
                assert key in getattr(Settings(), section).model_dump(), name


def test_images_have_versions_and_prometheus_scrapes_the_workers() -> None:
    for service in COMPOSE["services"].values():
        assert ":" in service["image"]
        assert not service["image"].endswith(":latest")
    config = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text(encoding="utf-8"))
    targets = config["scrape_configs"][0]["static_configs"][0]["targets"]
    assert {target.split(":")[0] for target in targets} == set(WORKERS) - {"setup"}
