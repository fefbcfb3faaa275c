"""Stories of the live generation with their reports and remarks, as the indices have them, by a reader's rights."""

import contextlib
import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from elasticsearch import ApiError, Elasticsearch, TransportError
from elasticsearch.helpers import ScanError, scan

from console.story_members import Document, stories_of
from runtime import elastic
from schemas.errors import ElasticsearchUnavailable, InputError
from schemas.index import IndexRole, alias_of

_PAGE = 2000
# Of an article; its text may be long.
_ARTICLE = ("article_id", "first_seen", "fetched", "visit", "speaker_names", "headline_entities")

_APART = ("reaction", "background")
_ROLES: tuple[IndexRole, ...] = ("stories", "reports", "remarks", "articles")


@dataclass(frozen=True)
class Found:
    """Stories, those that changed last first, and all that stands in them."""

    stories: list[Document]
    reports: list[Document]
    remarks: list[Document]
    retracted: list[Document]
    """Remarks as an earlier version of an article had them."""
    articles: list[Document]
    """Of all of these: ids, versions, and whom the headline names."""

    def of(self, story: Document) -> dict[str, Any]:
        """One story with its own reports, those of which another part is in another story too, and remarks."""
        mine = story["story_id"]
        reports = [doc for doc in self.reports if mine in stories_of(doc)]
        retracted = [doc for doc in self.retracted if doc.get("story_id") == mine]
        whose = {doc["article_id"] for doc in (*reports, *retracted)}
        return {
            "story": story,
            "reports": reports,
            "remarks": [doc for doc in self.remarks if doc.get("story_id") == mine],
            "retracted": retracted,
            "articles": [doc for doc in self.articles if doc["article_id"] in whose],
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


def apart(
    client: Elasticsearch, prefix: str, *, speakers: Sequence[str], since: datetime.datetime | None, most: int
) -> list[Document]:
    """The last reactions and background that are in no story, the latest first."""
    query = _apart(_APART, speakers, since)
    return _found(client, alias_of("reports", prefix), query, most, [{"fetched": "desc"}, {"report_id": "asc"}])


def count_apart(
    client: Elasticsearch, prefix: str, *, speakers: Sequence[str], since: datetime.datetime | None
) -> dict[str, int]:
    """How many reactions, and how much background, are in no story."""
    alias = alias_of("reports", prefix)
    try:
        return {role: int(client.count(index=alias, query=_apart([role], speakers, since))["count"]) for role in _APART}
    except (ApiError, TransportError) as error:
        raise ElasticsearchUnavailable(f"{alias} cannot be searched: {error}") from error


def _apart(roles: Sequence[str], speakers: Sequence[str], since: datetime.datetime | None) -> dict[str, Any]:
    wanted: list[dict[str, Any]] = [{"terms": {"role": list(roles)}}]
    if speakers:
        wanted.append({"terms": {"speaker_id": list(speakers)}})
    if since is not None:
        wanted.append({"range": {"fetched": {"gte": since.isoformat()}}})
    return {"bool": {"filter": wanted, "must_not": [{"exists": {"field": "story_ids"}}, {"term": {"retracted": True}}]}}


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
    _refresh(client, prefix)
    order = [{"updated": "desc"}, {"story_id": "asc"}]
    return _found(client, alias_of("stories", prefix), {"bool": {"filter": wanted}}, most, order)


def _found(
    client: Elasticsearch, alias: str, query: dict[str, Any], most: int, order: list[dict[str, str]]
) -> list[Document]:
    with elastic.searching(alias):
        answer: Any = client.search(index=alias, query=query, size=most, sort=order)
    return [hit["_source"] for hit in answer["hits"]["hits"]]


def _refresh(client: Elasticsearch, prefix: str) -> None:
    """So that what `remarkwire status` counts as done is seen: Elasticsearch shows it a second later else. A reader who
    may only read sees it then.
    """
    with contextlib.suppress(ApiError, TransportError):
        client.indices.refresh(index=[alias_of(role, prefix) for role in _ROLES], ignore_unavailable=True)


def _with_members(client: Elasticsearch, prefix: str, stories: list[Document]) -> Found:
    """With what stands in the stories, or did before an article was changed; each in order of its ids."""
    ids = [doc["story_id"] for doc in stories]
    reports = [doc for doc in _all(client, prefix, "reports", "story_ids", ids) if not doc.get("retracted")]
    remarks = sorted(_all(client, prefix, "remarks", "story_id", ids), key=lambda doc: str(doc["statement_id"]))
    whose = sorted({doc["article_id"] for doc in (*reports, *remarks)})
    articles = _all(client, prefix, "articles", "article_id", whose, fields=_ARTICLE)
    return Found(
        stories,
        sorted(reports, key=lambda doc: str(doc["report_id"])),
        [doc for doc in remarks if not doc.get("retracted")],
        [doc for doc in remarks if doc.get("retracted")],
        sorted(articles, key=lambda doc: str(doc["article_id"])),
    )


def _all(
    client: Elasticsearch, prefix: str, role: IndexRole, field: str, values: Sequence[str], fields: Sequence[str] = ()
) -> list[Document]:
    """All documents with one of many values in a field; of each those ``fields`` alone, where they are named."""
    alias = alias_of(role, prefix)
    found: list[Document] = []
    try:
        for begin in range(0, len(values), _PAGE):
            query: dict[str, Any] = {"query": {"terms": {field: list(values[begin : begin + _PAGE])}}}
            if fields:
                query["_source"] = list(fields)
            found += [hit["_source"] for hit in scan(client, index=alias, query=query, size=_PAGE)]
    except (ApiError, TransportError, ScanError) as error:
        raise ElasticsearchUnavailable(f"{alias} cannot be searched: {error}") from error
    return found
