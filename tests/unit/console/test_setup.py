"""Which generations `setup` prepares, and which it refuses."""

import datetime
from types import SimpleNamespace

import msgspec
import pytest

from console.commands import replay
from console.commands import setup as commands
from console.generations import lineage, registry
from console.generations.lineage import follow, pruned
from runtime import access
from runtime.settings import PipelineSettings, Settings
from schemas import Generation
from schemas.errors import SettingsError
from schemas.topics import STAGES
from tests.cli import remarkwire

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
    monkeypatch.setattr(registry, "live_now", lambda _: None)
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


def test_where_all_aliases_are_lost_they_go_to_what_was_promoted_last(
    made: list[int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    second = msgspec.structs.replace(SECOND, state="ready")
    third = msgspec.structs.replace(follow(3, FIRST, "raw", NOW), state="ready", promoted=NOW, before=2)
    known(monkeypatch, FIRST, second, third)
    commands.prepare_fed(numbered(1))
    assert made == [3, 1, 2], "the first one gets them"
    assert "generation 3 is live now, which was promoted last" in capsys.readouterr().err

    made.clear()
    monkeypatch.setattr(registry, "live_now", lambda _: 2)
    commands.prepare_fed(numbered(1))
    assert made == [2, 1, 3], "one alias that is there says more"
    assert capsys.readouterr().err == ""


def test_a_rollback_is_noted_before_the_aliases_move(monkeypatch: pytest.MonkeyPatch) -> None:
    second = msgspec.structs.replace(SECOND, state="ready", promoted=NOW, before=1)
    known(monkeypatch, FIRST, second)
    steps: list[object] = []
    monkeypatch.setattr(registry, "live_number", lambda *_: 2)
    monkeypatch.setattr(registry, "write", lambda _, one: steps.append(one))
    monkeypatch.setattr(replay.elastic, "client", lambda _: SimpleNamespace(close=lambda: None))
    monkeypatch.setattr(replay, "flip", lambda *told: steps.append(told[-1]))
    assert remarkwire(Settings(), "rollback", "--yes").exit_code == 0
    noted, moved = steps
    assert moved == 1
    assert isinstance(noted, Generation)
    assert (noted.generation, noted.before) == (1, None)
    found = lineage.last_promoted({1: noted, 2: second})
    assert found is not None
    assert found.generation == 1
