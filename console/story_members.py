"""What a report is in one story: an article that covers two occasions is in two, and its document tells of both."""

import datetime
from collections.abc import Sequence
from typing import Any

from schemas import latest_moment

Document = dict[str, Any]


def stories_of(report: Document) -> list[str]:
    """All stories of a report's parts, its main one first."""
    return list(report.get("story_ids") or filter(None, [report.get("story_id")]))


def in_story(report: Document, story: Document, remarks: Sequence[Document]) -> Document:
    """The report as it is in this story. ``remarks``: all of the story.

    Role, original and lag of a document are those of its main part; of another part its role is told by ``roles`` or
    by its remarks, and its lag is counted from the first publication.
    """
    story_id, known = story["story_id"], stories_of(report)
    divided = len(known) > 1
    if not divided and report.get("story_id") == story_id:
        return report
    mine = [doc for doc in remarks if doc["report_id"] == report["report_id"]]
    new = {"new_remarks": len({doc["remark_id"] for doc in mine if doc.get("first")})}
    if report.get("story_id") == story_id:
        return report | new
    roles = report.get("roles", [])
    if len(roles) != len(known):  # a part in no story, or two parts in one, has a role of its own
        roles = [mine[0]["role"] if mine else report["role"]] * len(known)
    hidden = {"copy_of", "translated", "original_outlet_name", "lag_minutes"}
    kept = {key: value for key, value in report.items() if key not in hidden}
    here = {"story_id": story_id, "role": roles[known.index(story_id)], "other": known[0]}
    return kept | new | here | {"lag_minutes": _lag(report, story)}


def moment(doc: Document) -> datetime.datetime:
    """In UTC: each page states its time in a zone of its own."""
    return datetime.datetime.fromisoformat(doc["time"]).astimezone(datetime.UTC)


def _lag(report: Document, story: Document) -> int:
    """Minutes behind the first; of a day alone its end counts."""
    ours, first = (latest_moment(datetime.datetime.fromisoformat(doc["time"])) for doc in (report, story))
    return max(0, int((ours - first).total_seconds()) // 60)
