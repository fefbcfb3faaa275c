"""``dlq show`` and ``list`` on letters that were made to break it. Their values are what somebody sent."""

import json

import pytest
from typer.testing import CliRunner

from console import output
from console.commands import dlq
from console.dead_letters import DeadLetter
from runtime.settings import Settings
from schemas.dlq import read_letter

PLACE = "reports.g1.dlq/0/4"


def shown(value: bytes, monkeypatch: pytest.MonkeyPatch, *options: str) -> str:
    dead = DeadLetter(PLACE, read_letter([]), b"k", value, 0)
    monkeypatch.setattr(dlq, "find", lambda *_, values: [dead] if values else [])
    monkeypatch.setattr(dlq, "load", Settings)
    monkeypatch.setattr("console.commands.dlq.registry.of_number", lambda settings, _, **__: settings)
    result = CliRunner().invoke(dlq.app, ["show", PLACE, *options])
    assert result.exception is None
    return result.stdout


@pytest.mark.parametrize("depth", [100, 300, 900, 970, 990, 1000, 100_000])
@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_value_that_is_nested_too_deeply_is_shown(
    depth: int, options: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "[" * 100 in "".join(shown(b"[" * depth + b"]" * depth, monkeypatch, *options).split())
    assert "[" * 100 in "".join(shown(b"[" * depth, monkeypatch, *options).split())


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_half_of_a_surrogate_pair_is_written_as_an_escape(
    options: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = shown(rb'{"a": "\ud800 \u00e9"}', monkeypatch, *options)
    assert r"\ud800 é" in text
    if options:
        assert json.loads(text)["value"] == {"a": "\ud800 é"}


def test_ids_are_listed_whole_in_an_output_of_eighty_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """`show`, `requeue` and `drop` need them so; what else a letter says shares the rest of the line."""
    places = [f"articles.annotated.g12.dlq/0/{number}" for number in (4, 12345)]
    headers = [("dlq_stage", b"annotate"), ("dlq_reason", b"processing_failed"), ("dlq_message", b"it failed " * 20)]
    found = [DeadLetter(place, read_letter(headers), b"key\n" * 20, b"", 0) for place in places]
    monkeypatch.setattr(dlq, "find", lambda *_: found)
    monkeypatch.setattr(dlq, "load", Settings)
    monkeypatch.setattr("console.commands.dlq.registry.of_number", lambda settings, _, **__: settings)
    monkeypatch.setenv("COLUMNS", "80")
    result = CliRunner().invoke(dlq.app, ["list"])
    assert [line.split()[1] for line in result.stdout.splitlines() if ".dlq/" in line] == places
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_on_a_terminal_json_has_no_characters_that_it_acts_on(monkeypatch: pytest.MonkeyPatch) -> None:
    value = {"a": "\x9b31m \u202e é"}
    assert output.json_line(value) == '{"a": "\x9b31m \u202e é"}'
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert output.json_line(value) == r'{"a": "\u009b31m \u202e \u00e9"}'
