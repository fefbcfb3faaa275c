"""The weights file and overrides."""

import datetime
import json
from pathlib import Path

import msgspec
import pytest

from processors.group.model import Model, default_model, load_model
from processors.group.overrides import Overrides
from schemas import Override
from schemas.errors import InputError


def _written(path: Path, **changes: object) -> Path:
    data = json.loads(msgspec.json.encode(default_model()))
    data.update(changes)
    path.write_text(json.dumps(data))
    return path


def test_the_shipped_model_is_valid_and_takes_another_window() -> None:
    assert default_model().window_days == 14
    assert default_model(window_days=3).window_days == 3
    assert isinstance(default_model(), Model)


def test_a_model_is_read_from_a_file(tmp_path: Path) -> None:
    assert load_model(_written(tmp_path / "m.json", version="mine")).version == "mine"


@pytest.mark.parametrize("changes", [{"window_days": 0}, {"wieghts": 1}, {"expire_at_most": "many"}, {"copies": {}}])
def test_a_wrong_model_is_refused_with_the_field(tmp_path: Path, changes: dict[str, object]) -> None:
    with pytest.raises(InputError, match=r"not a grouping model.*(window_days|wieghts|expire_at_most|copies)"):
        load_model(_written(tmp_path / "m.json", **changes))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.json"):
        load_model(tmp_path / "none.json")


def _override(number: int, kind: str, *reports: str, role: str | None = None) -> Override:
    made = datetime.datetime(2026, 1, 1, number, tzinfo=datetime.UTC)
    return Override(override_id=f"o{number}", kind=kind, report_ids=list(reports), made=made, role=role)  # type: ignore[arg-type]


def test_must_links_are_transitive_and_cannot_links_are_not() -> None:
    overrides = Overrides.of(
        [
            _override(1, "must_link", "a", "b"),
            _override(2, "must_link", "b", "c"),
            _override(3, "cannot_link", "a", "d"),
            _override(4, "cannot_link", "d", "e"),
        ]
    )
    assert overrides.must_link("a") == {"b", "c"}
    assert overrides.cannot_link("d") == {"a", "b", "c", "e"}, "b and c must be with a"
    assert overrides.cannot_link("e") == {"d"}
    assert overrides.cannot_link("a") == {"d"}
    assert overrides.must_link("x") == overrides.cannot_link("x") == frozenset()


def test_of_two_roles_the_later_made_holds_whatever_order_they_are_read_in() -> None:
    first, second = _override(1, "role", "a", role="reaction"), _override(2, "role", "a", role="report")
    assert Overrides.of([first, second]).role("a") == Overrides.of([second, first]).role("a") == "report"
    assert Overrides().role("a") is None
