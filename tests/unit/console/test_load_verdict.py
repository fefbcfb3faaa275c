"""What the bench of load fails for, and when it takes a document for written."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from tests.bench import latency
from tests.bench.load import Measured, unmet

# As measured: docs/performance.md.
WELL = Measured(
    10_000,
    memory={"clean": [409, 439], "annotate": [814, 902], "group": [151, 252], "index": [109, 121]},
    whole=True,
    ends={"clean": 0, "annotate": 0, "group": 0, "index": 0},
)


def test_a_run_that_keeps_it_all_is_told_so() -> None:
    assert unmet(WELL) == []


@pytest.mark.parametrize(
    ("run", "told"),
    [
        (replace(WELL, whole=False), "the sum is not whole"),
        (replace(WELL, ends=WELL.ends | {"group": 1}), "group ended 1 times"),
        (replace(WELL, memory=WELL.memory | {"index": [109, 121, 150, 240]}), "index had 240 MiB, 209 would be flat"),
        (replace(WELL, memory=WELL.memory | {"group": [151, 252, 500]}), "group had 500 MiB, 365 would be flat"),
    ],
)
def test_what_it_does_not_keep_is_named(run: Measured, told: str) -> None:
    assert unmet(run) == [told]


def test_a_document_was_written_when_its_number_was_first_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, numbers = iter((10.0, 11.0, 12.0)), iter((-1, 1, 2))

    def stats(**_: str) -> dict[str, Any]:
        return {"indices": {"articles-g1": {"shards": {"0": [{"seq_no": {"max_seq_no": next(numbers)}}]}}}}

    def scan(*_: object, **__: object) -> list[dict[str, Any]]:
        return [{"_id": name, "_seq_no": number} for number, name in enumerate("abc")]

    monkeypatch.setattr(latency, "time", SimpleNamespace(time=lambda: next(clock)))
    monkeypatch.setattr(latency, "scan", scan)
    client: Any = SimpleNamespace(indices=SimpleNamespace(stats=stats, refresh=lambda **_: None))
    written = latency.Written(client, "articles")
    written.look()
    written.look()
    found = written.times()
    assert found == {"a": 11.0, "b": 11.0, "c": 12.0}
    assert latency.between({"a": 9.0, "c": 4.0, "lost": 1.0}, found) == [2.0, 8.0]
