"""The fetcher: killed between fetching and confirmation, asked to end, clocks that step, a full disk, damaged files."""

import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import pytest

from console.supervisor import wait_until
from deploy.services import Services
from ingest.fetch import Shard
from ingest.identity import article_id
from runtime import kafka, steps
from runtime.records import records
from runtime.settings import Settings, as_environment
from runtime.topics import create, names
from runtime.watch import EXIT_UNRECOVERABLE
from schemas import RawArticle
from schemas.errors import StateUnavailable
from schemas.topics import RAW
from tests.faults.test_state import small_disk
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


def fetch_once(settings: Settings, plan: Path, log: IO[bytes] | int = subprocess.DEVNULL) -> int:
    command = [sys.executable, "-P", "-m", "console.main", "fetch", "--once"]
    environment = {**os.environ, **as_environment(settings), steps.VARIABLE: str(plan)}
    return subprocess.run(command, env=environment, stdout=log, stderr=log, timeout=120, check=False).returncode


def prepared(
    press: Press, services: Services, unique: str, folder: Path, pause: float = 0.0, **pipeline: Any
) -> Settings:
    """A source with ``ARTICLES`` pages, asked for with ``pause`` seconds between them, and topics."""
    served(press, ARTICLES)
    settings = reading(press, services, unique, folder, host_interval_seconds=pause)
    return settings.model_copy(update={"pipeline": settings.pipeline.model_copy(update=pipeline)})


def reading(press: Press, services: Services, unique: str, folder: Path, **changes: Any) -> Settings:
    """The settings of a fetcher that reads the press, and its topics."""
    sources = folder / "sources.yaml"
    sources.write_text(f"sources:{source(feeds=['http://one.example/rss'])}\n", encoding="utf-8")
    fetch = settings_of(press, folder, **changes).fetch.model_copy(update={"sources": sources})
    settings = settings_for(services, unique, folder, fetch=fetch)
    create(kafka.admin(settings), settings)
    return settings


def published(settings: Settings, count: int = ARTICLES) -> list[RawArticle]:
    """All records of raw; every article of the source is among them, each with one place in the order."""
    found = [RawArticle.decode(record.value()) for record in records(settings, names(settings, RAW))]
    expected = {article_id(f"http://one.example/{number}") for number in range(count)}
    assert {raw.article_id for raw in found} == expected
    assert len({(raw.article_id, raw.seq) for raw in found}) == count
    return found


@pytest.mark.whole
def test_it_hangs(press: Press, breakable: Services, unique: str, tmp_path: Path) -> None:
    """Its loop stands at a step: it ends with its code and says why, and the next one goes on."""
    settings = prepared(press, breakable, unique, tmp_path, stuck_seconds=5.0)
    plan = tmp_path / "fetch.plan"
    plan.write_text("fetch.fetched 3 hang\n")
    log = tmp_path / "fetch.log"
    with log.open("wb") as out:
        assert fetch_once(settings, plan, out) == EXIT_UNRECOVERABLE
    assert "its loop has not turned for" in log.read_text()
    assert fetch_once(settings, plan) == 0
    assert published(settings)


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


def served(press: Press, count: int) -> set[str]:
    paths = [f"/{number}" for number in range(count)]
    press.feed("one.example", *paths)
    press.routes |= {f"one.example{path}": Answer(page(path)) for path in paths}
    return {f"one.example{path}" for path in paths}


@pytest.mark.parametrize("left", [0, 60_000])
@pytest.mark.parametrize("ran_before", [False, True])
def test_disk_is_full(press: Press, tmp_path: Path, left: int, ran_before: bool) -> None:
    """However little room there is, it ends as what may pass, so that it is started again; with room it goes on."""
    served(press, 20)
    kept, folder = Kept(), tmp_path / "small"
    with small_disk(folder, "4m"):
        if ran_before:
            once(press, folder, kept)
        wanted = served(press, 60)
        filler = folder / "filler"
        with contextlib.suppress(OSError), filler.open("wb", buffering=0) as out:
            while True:
                out.write(b"x" * 4096)
        os.truncate(filler, filler.stat().st_size - left)
        with pytest.raises(StateUnavailable, match=r"^pipeline\.data: .*small cannot be written \("):
            once(press, folder, kept)
        filler.unlink()
        once(press, folder, kept)
    assert set(kept.visits()) == wanted


def no_database(value: bytes, _: random.Random) -> bytes:
    return b"no database at all " * (len(value) // 19)


def cut(value: bytes, _: random.Random) -> bytes:
    return value[: len(value) // 2]


def garbled(value: bytes, chosen: random.Random) -> bytes:
    made = bytearray(value)
    for _ in range(20):
        at = chosen.randrange(len(made))
        made[at : at + 64] = chosen.randbytes(64)
    return bytes(made[: len(value)])


@pytest.mark.parametrize("name", ["fetch.sqlite", "fetch.http.sqlite", "fetch.1-of-2.sqlite"])
@pytest.mark.parametrize(("harm", "seed"), [(no_database, 0), (cut, 0), *[(garbled, seed) for seed in (1, 5, 6)]])
def test_state_is_damaged(
    press: Press, tmp_path: Path, name: str, harm: Callable[[bytes, random.Random], bytes], seed: int
) -> None:
    """It ends once at most for each damaged file, with that file's name, and begins anew without it."""
    wanted, kept = served(press, 15), Kept()
    if "of" in name:
        for number in (1, 2):
            once(press, tmp_path, kept, shard=Shard(number, 2))
    once(press, tmp_path, kept)
    with contextlib.closing(sqlite3.connect(tmp_path / name)) as db:
        # So that all of its pages are in the file itself, and are read.
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if name == "fetch.sqlite":
            db.execute("UPDATE articles SET due_ms = 1 WHERE rowid % 2")
            db.commit()
    file = tmp_path / name
    file.write_bytes(harm(file.read_bytes(), random.Random(seed)))
    ended = ""
    try:
        once(press, tmp_path, kept)
    except StateUnavailable as error:
        ended = str(error)
    if ended:
        assert ended.startswith(f"{file}: damaged (")
        assert file.with_name(f"{name}.damaged").is_file()
        once(press, tmp_path, kept)
    # The cache is done without; wrong bytes in the state may be in what nobody reads.
    assert ended or harm is garbled or "http" in name
    assert set(kept.visits()) == wanted
