"""``remarkwire status``: dead letters that wait are shown beside the sum, and fail ``--check`` as work does."""

import json
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner, Result

from console import accounting, dead_letters, positions
from console.accounting import Account
from console.dead_letters import DeadLetter
from console.generations import registry
from console.main import app
from runtime import access, elastic
from schemas.dlq import Origin, dlq_headers, read_letter
from schemas.errors import IndexRejected

WHOLE = Account(raw=1, indexed=1, skipped=0, dead=0, in_flight=0)
UNDER_WAY = Account(raw=1, indexed=0, skipped=0, dead=0, in_flight=1)
DEAD = DeadLetter(
    "remarks.g1.dlq/0/4",
    read_letter(
        dlq_headers(
            [], IndexRejected("no"), stage="index", origin=Origin("remarks.g1", 0, 1, 1), attempts=1, version="0"
        )
    ),
    b"k",
    b"{}",
    0,
)


def status(
    monkeypatch: pytest.MonkeyPatch, total: Account, letters: list[DeadLetter], *options: str, behind: int = 0
) -> Result:
    for check in ("check_kafka", "check_elasticsearch"):
        monkeypatch.setattr(access, check, lambda _: None)
    monkeypatch.setattr(elastic, "client", lambda _: SimpleNamespace(close=lambda: None))
    monkeypatch.setattr(registry, "of_number", lambda settings, _: settings)
    monkeypatch.setattr(positions, "feeders", lambda _: [])
    monkeypatch.setattr(positions, "lags", lambda _: [positions.Lag("group", "reports", 1, 1 + behind)])
    monkeypatch.setattr(accounting, "account", lambda *_: total)
    monkeypatch.setattr(dead_letters, "find", lambda *_: letters)
    return CliRunner().invoke(app, ["status", *options])


@pytest.mark.parametrize(
    ("total", "letters", "code"), [(WHOLE, [], 0), (WHOLE, [DEAD], 3), (UNDER_WAY, [], 3), (UNDER_WAY, [DEAD], 3)]
)
def test_check_fails_where_something_is_under_way_or_waits(
    total: Account, letters: list[DeadLetter], code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert status(monkeypatch, total, letters, "--check").exit_code == code
    assert status(monkeypatch, total, letters).exit_code == 0


def test_check_fails_where_a_stage_is_behind_though_all_articles_are_indexed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reports, remarks and stories come after the articles, and are in no sum."""
    assert status(monkeypatch, WHOLE, [], "--check", behind=1).exit_code == 3
    assert status(monkeypatch, WHOLE, [], behind=1).exit_code == 0


def test_letters_of_what_was_made_of_articles_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    assert json.loads(status(monkeypatch, WHOLE, [DEAD], "--json").stdout)["dead_letters"] == [
        {"topic": "remarks.g1", "stage": "index", "reason": "index_rejected", "letters": 1}
    ]
    shown = status(monkeypatch, WHOLE, [DEAD]).stdout
    assert "Dead letters that wait" in shown
    assert "remarks.g1" in shown
    assert "Dead letters" not in status(monkeypatch, WHOLE, []).stdout
