"""``remarkwire sources`` as a user calls it. All texts are synthetic."""

import contextlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from console.main import app
from runtime.settings import as_environment
from schemas.errors import StateUnavailable
from tests.press import Answer, Kept, Press, once, page, settings_of, source

pytestmark = pytest.mark.e2e


@pytest.fixture
def press() -> Iterator[Press]:
    with Press() as made:
        yield made


@pytest.fixture
def environment(press: Press, tmp_path: Path) -> dict[str, str]:
    settings = settings_of(press, tmp_path, sources=tmp_path / "sources.yaml", attempts=1)
    return as_environment(settings)


def called(environment: dict[str, str], *arguments: str, code: int = 0) -> str:
    result = CliRunner(env=environment).invoke(app, ["sources", *arguments], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.stdout


def test_list_shows_how_sources_fare(press: Press, tmp_path: Path, environment: dict[str, str]) -> None:
    press.feed("one.example", "/1")
    press.routes["one.example/1"] = Answer(page(1))
    text = source(feeds=["http://one.example/rss"]) + source(outlet="two.example", feeds=["http://two.example/rss"])
    (tmp_path / "sources.yaml").write_text(f"sources:{text}\n", encoding="utf-8")
    before = [json.loads(line) for line in called(environment, "list", "--json").splitlines()]
    assert [row["health"] for row in before] == ["new", "new"]
    once(press, tmp_path, Kept(), text, attempts=1)
    one, two = (json.loads(line) for line in called(environment, "list", "--json").splitlines())
    assert (one["health"], two["health"]) == ("ok", "failing")
    assert one["last_success"]
    assert one["next_poll"] > one["last_success"]
    assert "404" in two["note"]
    assert two["failures"] == 1
    assert [
        json.loads(row)["outlet"] for row in called(environment, "list", "--json", "--health", "failing").splitlines()
    ] == ["two.example"]
    table = called(environment, "list")
    assert "1 ok" in table
    assert "1 failing" in table


@pytest.mark.parametrize("harm", [lambda value: b"no database at all " * 9, lambda value: value[: len(value) // 2]])
def test_list_names_a_state_that_is_damaged(
    press: Press, tmp_path: Path, environment: dict[str, str], harm: Callable[[bytes], bytes]
) -> None:
    press.feed("one.example", "/1")
    press.routes["one.example/1"] = Answer(page(1))
    (tmp_path / "sources.yaml").write_text(f"sources:{source(feeds=['http://one.example/rss'])}\n", encoding="utf-8")
    once(press, tmp_path, Kept())
    state = tmp_path / "fetch.sqlite"
    with contextlib.closing(sqlite3.connect(state)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    state.write_bytes(harm(state.read_bytes()))
    result = CliRunner().invoke(app, ["sources", "list"], env=environment)
    assert isinstance(result.exception, StateUnavailable)
    assert str(result.exception).startswith(f"{state}: damaged (")
    assert state.is_file(), "who only looks moves nothing"


def test_a_source_is_tried_and_shown_as_text(press: Press, environment: dict[str, str]) -> None:
    press.feed("one.example", "/1")
    home = b"<html><head><link rel='alternate' type='application/rss+xml' href='/rss'></head><body>Home</body></html>"
    press.routes |= {"one.example/1": Answer(page(1)), "one.example/": Answer(home)}
    shown = called(environment, "test", "http://one.example/rss")
    assert "http://one.example/rss: feed" in shown
    assert "the invented bridge would open before the end of the year" in shown
    assert "<p>" not in shown
    assert "http://one.example/1: article" in called(environment, "test", "http://one.example/1")
    assert "feed http://one.example/rss: 1 entry" in called(environment, "test", "http://one.example/")
    assert "http://one.example/rss" in called(environment, "discover", "http://one.example/")


def test_sources_are_added(press: Press, tmp_path: Path, environment: dict[str, str]) -> None:
    press.feed("one.example", "/1")
    home = b"<html><head><link rel='alternate' type='application/rss+xml' href='/rss'></head><body>Home</body></html>"
    press.routes |= {"one.example/1": Answer(page(1)), "one.example/": Answer(home)}
    given = ("--name", "One: a paper", "--kind", "paper", "--country", "NO", "--lang", "no")
    called(environment, "add", "http://one.example/", *given)
    (row,) = (json.loads(line) for line in called(environment, "list", "--json").splitlines())
    assert (row["url"], row["name"], row["kind"]) == ("http://one.example/rss", "One: a paper", "feed")
    before = (tmp_path / "sources.yaml").read_text(encoding="utf-8")
    for wrong in (
        ("http://one.example/rss", *given),
        ("http://one.example/", *given),
        ("http://one.example/rss", *given, "--no-check"),
        ("http://two.example/", *given),
        ("http://one.example/1", *given),
    ):
        with pytest.raises(Exception, match=r"one.example is there already|status 404|neither a feed"):
            called(environment, "add", *wrong)
    assert (tmp_path / "sources.yaml").read_text(encoding="utf-8") == before


@pytest.mark.parametrize("before", ["", "# Ours.\n", "sources: []\n", "sources:\n"])
def test_the_first_source_is_added_to_a_list_without_entries(
    press: Press, tmp_path: Path, environment: dict[str, str], before: str
) -> None:
    press.feed("one.example", "/1")
    (tmp_path / "sources.yaml").write_text(before, encoding="utf-8")
    called(environment, "add", "http://one.example/rss", "--name", "One", "--kind", "paper")
    (row,) = (json.loads(line) for line in called(environment, "list", "--json").splitlines())
    assert row["url"] == "http://one.example/rss"
    assert (tmp_path / "sources.yaml").read_text(encoding="utf-8").startswith(before.replace(" []", ""))


def test_a_second_outlet_of_the_same_host_is_added_with_a_word(
    press: Press, tmp_path: Path, environment: dict[str, str]
) -> None:
    del press
    (tmp_path / "sources.yaml").write_text("sources:\n", encoding="utf-8")

    def added(url: str, name: str) -> str:
        given = ["sources", "add", url, "--name", name, "--kind", "paper", "--no-check"]
        result = CliRunner(env=environment).invoke(app, given, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.stderr

    assert "look again" not in added("http://one.example/rss", "One")
    assert "look again" not in added("http://one.example/rss/world", "One")
    assert "look again: one.example is the id of One too" in added("http://one.example:8080/rss", "Other")
    assert "fetch.resolve" in added("http://127.0.0.1:8711/rss", "Local")
