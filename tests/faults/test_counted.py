"""What the services show on /metrics after some articles and some poison is what there was in the topics."""

import contextlib
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families as families

from console.supervisor import Supervisor
from deploy.services import Services
from runtime.topics import names
from schemas.topics import CLEAN, RAW, REPORTS, STORIES
from tests.faults.test_standstill import get
from tests.faults.world import STAGES, inputs, world
from tests.unit.runtime.test_health import free_port

pytestmark = [pytest.mark.integration, pytest.mark.faults, pytest.mark.timeout(600)]

Shown = dict[str, list[tuple[dict[str, str], float]]]


def scraped(port: int) -> Shown:
    status, text = get(port, "/metrics")
    assert status == 200
    found: Shown = {}
    for family in families(text):
        for sample in family.samples:
            found.setdefault(sample.name.removeprefix("remarkwire_"), []).append((sample.labels, sample.value))
    return found


def total(shown: Shown, name: str, **labels: str) -> float:
    return sum(value for has, value in shown.get(name, []) if labels.items() <= has.items())


def test_metrics_add_up_over_the_pipeline(breakable: Services, unique: str, tmp_path: Path) -> None:
    made = inputs(24)
    with world(breakable, unique, tmp_path) as one, contextlib.ExitStack() as running:
        ports = {stage: free_port() for stage in STAGES}
        specs = [one.spec(stage, REMARKWIRE_HTTP__PORT=str(port)) for stage, port in ports.items()]
        running.enter_context(Supervisor(specs, tmp_path / "logs"))
        one.send(made)
        one.poison(1, (RAW, CLEAN, REPORTS, STORIES))
        one.settle()
        clean, annotate, group, index = (scraped(ports[stage]) for stage in STAGES)

        assert total(clean, "records_total", topic=names(one.direct, RAW)) == len(made) + 1
        sent, skipped = total(clean, "outputs_total"), total(clean, "skipped_total")
        dead = total(clean, "dead_letters_total", stage="clean")
        assert sent + dead == len(made) + 1
        assert dead > 1, "the poison, and articles that cannot be read"
        assert skipped > 0
        assert total(clean, "stage_seconds_count", stage="clean") == len(made) + 1

        # What is no article is not for the annotator, and what it cannot read is no message.
        assert total(annotate, "records_total", topic=names(one.direct, CLEAN)) == sent - skipped + 1
        assert total(annotate, "dead_letters_total", stage="annotate") == 1
        assert total(annotate, "stage_seconds_count", stage="annotate") == sent - skipped + 1
        reports = total(annotate, "outputs_total", topic=names(one.direct, REPORTS))
        assert reports > 0

        assert total(group, "records_total", topic=names(one.direct, REPORTS)) >= reports + 1
        assert total(group, "dead_letters_total", stage="group") == 1
        assert total(group, "stage_seconds_count", stage="group") >= reports
        assert total(group, "reports_held") == 0

        written = total(index, "outputs_total", stage="index")
        assert total(index, "records_total", stage="index") == written + 1
        assert total(index, "dead_letters_total", stage="index") == 1
        assert total(index, "latency_seconds_count") == written
        assert total(index, "outputs_total", topic="articles") == sent - skipped
        assert total(index, "published_latency_seconds_count") > 0
        assert total(index, "blocked", stage="index") == 0
