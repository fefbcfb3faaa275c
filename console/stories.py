"""Stories of the live generation with their reports and remarks, as the indices have them, by a reader's rights."""

import contextlib
import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from elasticsearch import ApiError, Elasticsearch, NotFoundError, TransportError
from elasticsearch.helpers import ScanError, scan

from console.story_panels import Document
from schemas.errors import ElasticsearchUnavailable, InputError
from schemas.index import IndexRole, alias_of

_PAGE = 2000
_ROLES: tuple[IndexRole, ...] = ("stories", "reports", "remarks")


@dataclass(frozen=True)
class Found:
    """Stories, those that changed last first, and all that stands in them."""

    stories: list[Document]
    reports: list[Document]
    remarks: list[Document]

    def of(self, story: Document) -> dict[str, Any]:
        """One story with its own reports and remarks."""
        mine = story["story_id"]
        return {
            "story": story,
            "reports": [doc for doc in self.reports if doc.get("story_id") == mine],
            "remarks": [doc for doc in self.remarks if doc.get("story_id") == mine],
        }


def latest(
    client: Elasticsearch, prefix: str, *, speakers: Sequence[str], since: datetime.datetime | None, most: int
) -> Found:
    """The ``most`` stories that something came to last; where they are given, of ``speakers`` and since a time."""
    wanted: list[dict[str, Any]] = [
        {"term": {"merged": False}},
        {"bool": {"should": [{"range": {"reports": {"gt": 0}}}, {"range": {"copies": {"gt": 0}}}]}},
    ]
    if speakers:
        wanted.append({"terms": {"speaker_id": list(speakers)}})
    if since is not None:
        wanted.append({"range": {"updated": {"gte": since.isoformat()}}})
    return _with_members(client, prefix, _stories(client, prefix, wanted, most))


def named(client: Elasticsearch, prefix: str, ids: Sequence[str]) -> Found:
    """The stories of these ids. Raises ``InputError`` for one that is none, or that has no members any more."""
    wanted = list(dict.fromkeys(ids))
    found = {doc["story_id"]: doc for doc in _stories(client, prefix, [{"terms": {"story_id": wanted}}], len(wanted))}
    for one in wanted:
        if one not in found:
            raise InputError(f"{one}: no story of the live generation has this id; `remarkwire stories` lists them")
        if into := found[one].get("merged_into"):
            raise InputError(f"{one}: was merged into {into}")
        if not found[one].get("members"):
            raise InputError(f"{one}: this story has no reports any more")
    return _with_members(client, prefix, list(found.values()))


def _stories(client: Elasticsearch, prefix: str, wanted: list[dict[str, Any]], most: int) -> list[Document]:
    alias = alias_of("stories", prefix)
    _refresh(client, prefix)
    try:
        answer: Any = client.search(
            index=alias, query={"bool": {"filter": wanted}}, size=most, sort=[{"updated": "desc"}, {"story_id": "asc"}]
        )
    except NotFoundError as error:
        raise ElasticsearchUnavailable(f"{alias}: there is no such index; has `remarkwire setup` been run?") from error
    except (ApiError, TransportError) as error:
        raise ElasticsearchUnavailable(f"{alias} cannot be searched: {error}") from error
    return [hit["_source"] for hit in answer["hits"]["hits"]]


def _refresh(client: Elasticsearch, prefix: str) -> None:
    """So that what `remarkwire status` counts as done is seen: Elasticsearch shows it a second later else. A reader who
    may only read sees it then.
    """
    with contextlib.suppress(ApiError, TransportError):
        client.indices.refresh(index=[alias_of(role, prefix) for role in _ROLES], ignore_unavailable=True)


def _with_members(client: Elasticsearch, prefix: str, stories: list[Document]) -> Found:
    ids = [doc["story_id"] for doc in stories]
    return Found(stories, *(_members(client, prefix, role, ids) for role in ("reports", "remarks")))


def _members(client: Elasticsearch, prefix: str, role: IndexRole, story_ids: list[str]) -> list[Document]:
    """What stands in the stories and was not retracted, in order of its ids."""
    alias = alias_of(role, prefix)
    query = {"bool": {"filter": [{"terms": {"story_id": story_ids}}], "must_not": [{"term": {"retracted": True}}]}}
    key = "report_id" if role == "reports" else "statement_id"
    try:
        hits = [hit["_source"] for hit in scan(client, index=alias, query={"query": query}, size=_PAGE)]
    except (ApiError, TransportError, ScanError) as error:
        raise ElasticsearchUnavailable(f"{alias} cannot be searched: {error}") from error
    return sorted(hits, key=lambda doc: str(doc[key]))
