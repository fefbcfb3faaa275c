"""The fetcher: killed between fetching and confirmation, asked to end, and a clock that is set back and forth."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.supervisor import wait_until
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


def prepared(press: Press, services: Services, unique: str, tmp_path: Path, pause: float = 0.0) -> Settings:
    """A source with ``ARTICLES`` pages, asked for with ``pause`` seconds between them, and topics."""
    paths = [f"/{number}" for number in range(ARTICLES)]
    press.feed("one.example", *paths)
    press.routes |= {f"one.example{path}": Answer(page(path)) for path in paths}
    sources = tmp_path / "sources.yaml"
    sources.write_text(f"sources:{source(feeds=['http://one.example/rss'])}\n", encoding="utf-8")
    fetching = settings_of(press, tmp_path, host_interval_seconds=pause).fetch.model_copy(update={"sources": sources})
    settings = settings_for(services, unique, tmp_path, fetch=fetching)
    create(kafka.admin(settings), settings)
    return settings


def published(settings: Settings) -> list[RawArticle]:
    """All records of raw; every article of the source is among them, each with one place in the order."""
    found = [RawArticle.decode(record.value()) for record in records(settings, names(settings, RAW))]
    expected = {article_id(f"http://one.example/{number}") for number in range(ARTICLES)}
    assert {raw.article_id for raw in found} == expected
    assert len({(raw.article_id, raw.seq) for raw in found}) == ARTICLES
    return found


@pytest.mark.whole
def test_killed_at_each_step(press: Press, breakable: Services, unique: str, tmp_path: Path) -> None:
    settings = prepared(press, breakable, unique, tmp_path)
    plan = tmp_path / "fetch.plan"
    for step in STEPS:
        plan.write_text(f"{step} kill\n")
        assert fetch_once(settings, plan) == -signal.SIGKILL, step
    assert fetch_once(settings, plan) == 0
    assert len(published(settings)) < ARTICLES + len(STEPS) * 8


@pytest.mark.whole
def test_asked_to_end_in_the_middle(press: Press, breakable: Services, unique: str, tmp_path: Path) -> None:
    """It ends with code 0; what it had sent is noted, so the next run sends no article twice."""
    settings = prepared(press, breakable, unique, tmp_path, pause=0.2)
    environment = {**os.environ, **as_environment(settings)}
    for share in (3, 6):
        with (tmp_path / "fetch.log").open("ab") as log:
            run = subprocess.Popen(
                [sys.executable, "-P", "-m", "console.main", "fetch"], env=environment, stdout=log, stderr=log
            )
        assert wait_until(lambda: len(set(press.hits)) > share * 3, 60, poll=0.01)  # noqa: B023
        run.send_signal(signal.SIGTERM)
        assert run.wait(60) == 0, (tmp_path / "fetch.log").read_text()
    assert len(set(press.hits)) < ARTICLES, "it was asked in the middle"
    assert fetch_once(settings, tmp_path / "no.plan") == 0
    assert len(published(settings)) == ARTICLES


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
