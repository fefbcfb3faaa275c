"""What ``remarkwire stories`` asks of the indices."""

import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from elasticsearch import ApiError

from console import stories


def _client(*, allowed: bool) -> tuple[Any, list[Any]]:
    asked: list[Any] = []

    def refresh(*, index: list[str], **_: object) -> None:
        asked.append(index)
        if not allowed:
            raise ApiError("forbidden", SimpleNamespace(status=403), {})  # type: ignore[arg-type]

    def search(*, index: str, **_: object) -> dict[str, Any]:
        asked.append(index)
        return {"hits": {"hits": [{"_source": {"story_id": "s-1"}}]}}

    return SimpleNamespace(indices=SimpleNamespace(refresh=refresh), search=search), asked


@pytest.mark.parametrize("allowed", [True, False])
def test_what_was_written_just_now_is_looked_for_and_who_may_only_read_is_served_too(
    allowed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stories, "scan", lambda *_, **__: [])
    client, asked = _client(allowed=allowed)
    found = stories.latest(
        client, "news", speakers=[], since=datetime.datetime(2026, 6, 1, tzinfo=datetime.UTC), most=1
    )
    assert [doc["story_id"] for doc in found.stories] == ["s-1"]
    assert asked == [["news-stories", "news-reports", "news-remarks", "news-articles"], "news-stories"]
