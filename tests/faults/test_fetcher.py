"""The fetcher: killed between fetching and confirmation, and a clock that is set back and forth."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.services import Services
from ingest.identity import article_id
from runtime import kafka, steps
from runtime.records import records
from runtime.settings import Settings, as_environment
from runtime.topics import create, names
from schemas import RawArticle
from schemas.topics import RAW
from tests.pipeline import settings_for
from tests.press import Answer, Clock, Kept, Press, once, page, settings_of, source

pytestmark = [pytest.mark.integration, pytest.mark.faults, pytest.mark.timeout(1800)]

ARTICLES = 30
STEPS = (
    "fetch.fetched 2",
    "fetch.sent 3",
    "fetch.confirmed 4",
    "fetch.noted 3",
    "fetch.fetched 5",
    "fetch.confirmed 1",
)


@pytest.fixture
def press() -> Iterator[Press]:
    with Press() as made:
        yield made


def fetch_once(settings: Settings, plan: Path) -> int:
    command = [sys.executable, "-P", "-m", "console.main", "fetch", "--once"]
    environment = {**os.environ, **as_environment(settings), steps.VARIABLE: str(plan)}
    return subprocess.run(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120, check=False
    ).returncode


@pytest.mark.whole
def test_killed_at_each_step(press: Press, breakable: Services, unique: str, tmp_path: Path) -> None:
    paths = [f"/{number}" for number in range(ARTICLES)]
    press.feed("one.example", *paths)
    press.routes |= {f"one.example{path}": Answer(page(path)) for path in paths}
    sources = tmp_path / "sources.yaml"
    sources.write_text(f"sources:{source(feeds=['http://one.example/rss'])}\n", encoding="utf-8")
    fetching = settings_of(press, tmp_path).fetch.model_copy(update={"sources": sources})
    settings = settings_for(breakable, unique, tmp_path, fetch=fetching)
    create(kafka.admin(settings), settings)
    plan = tmp_path / "fetch.plan"
    for step in STEPS:
        plan.write_text(f"{step} kill\n")
        assert fetch_once(settings, plan) == -signal.SIGKILL, step
    assert fetch_once(settings, plan) == 0
    found = [RawArticle.decode(record.value()) for record in records(settings, names(settings, RAW))]
    assert {raw.article_id for raw in found} == {article_id(f"http://one.example{path}") for path in paths}
    assert len({(raw.article_id, raw.seq) for raw in found}) == ARTICLES, "what came twice has one place in the order"
    assert len(found) < ARTICLES + len(STEPS) * 8


def test_the_clock_is_set_back_and_forth(press: Press, tmp_path: Path) -> None:
    """By a year: nothing is lost, nothing comes twice, and the fetcher is not asleep until the old time is there."""
    year = 365 * 86400.0
    clock, kept = Clock(), Kept()
    for number, step in enumerate((0.0, year, -year, -year, year)):
        clock.advance(step + 3600.0)
        press.feed("one.example", *[f"/{n}" for n in range(number + 1)])
        press.routes[f"one.example/{number}"] = Answer(page(number))
        once(press, tmp_path, kept, clock=clock, max_age_days=800.0)
    visits = kept.visits()
    assert set(visits) == {f"one.example/{n}" for n in range(5)}
    assert all(numbers == [1] for numbers in visits.values())
