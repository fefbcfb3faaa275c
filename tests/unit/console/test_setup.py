"""Which generations `setup` prepares, and which it refuses."""

import datetime

import pytest

from console.commands import setup as commands
from console.generations import registry
from console.generations.lineage import follow, pruned
from runtime import access
from runtime.settings import PipelineSettings, Settings
from schemas import Generation
from schemas.errors import SettingsError
from schemas.topics import STAGES

NOW = datetime.datetime(2026, 6, 3, 12, 0, tzinfo=datetime.UTC)
FIRST = Generation(generation=1, made=NOW, state="ready", start="raw", stages=list(STAGES))
SECOND = follow(2, FIRST, "raw", NOW)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of the generations that are prepared."""
    numbers: list[int] = []

    def prepare(settings: Settings) -> tuple[list[str], list[str]]:
        numbers.append(settings.pipeline.generation)
        return [], []

    monkeypatch.setattr(access, "check_kafka", lambda _: None)
    monkeypatch.setattr(access, "check_elasticsearch", lambda _: None)
    monkeypatch.setattr(commands, "prepare", prepare)
    monkeypatch.setattr(registry, "live", lambda settings: settings)
    return numbers


def known(monkeypatch: pytest.MonkeyPatch, *generations: Generation) -> None:
    monkeypatch.setattr(registry, "read", lambda _: {one.generation: one for one in generations})


def numbered(number: int) -> Settings:
    return Settings(pipeline=PipelineSettings(generation=number))


def test_the_first_generation_has_the_number_of_the_settings(made: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    known(monkeypatch)
    commands.prepare_fed(numbered(9))
    assert made == [9]


def test_one_that_no_replay_has_made_is_refused(made: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    known(monkeypatch, FIRST, SECOND)
    with pytest.raises(SettingsError, match=r"generation 9 does not exist; there are: 1, 2.*replay"):
        commands.prepare_fed(numbered(9))
    assert made == []


def test_one_that_is_filled_or_pruned_is_known(made: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    known(monkeypatch, FIRST, SECOND, pruned(follow(3, FIRST, "raw", NOW), []))
    commands.prepare_fed(numbered(2))
    commands.prepare_fed(numbered(3))
    assert made == [1, 1], "a replay runs the stages of what it fills itself"
