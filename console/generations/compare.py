"""Two generations side by side: how many of what, which reports are new, gone or in other company, what else differs.

Story ids derive from a story's first member, so a story may have another id and the same members. What is compared is
the company: a report is regrouped when others of those that both generations have share its story.
"""

import contextlib
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from elasticsearch import ApiError, Elasticsearch, NotFoundError, TransportError
from elasticsearch.helpers import ScanError, scan

from schemas.errors import ElasticsearchUnavailable, SettingsError
from schemas.index import IndexName, IndexRole

ROLES: tuple[IndexRole, ...] = ("articles", "reports", "remarks", "stories")
# A counter, not content: one more decision at the beginning moves all that follow.
_COUNTERS = frozenset({"decision_seq"})
# What has another id where a story or remark has another first member.
_IDS = frozenset({"story_id", "story_ids", "remark_id", "remark_ids", "repeats_of", "evidence_against"})
_PAGE = 500


@dataclass(frozen=True)
class Difference:
    """A document that both have, and the fields in which they differ."""

    role: IndexRole
    id: str
    fields: tuple[str, ...]

    @property
    def only_ids(self) -> bool:
        """Whether nothing else differs than ids of stories and remarks, and lines of evidence that name them."""
        fields = set(self.fields)
        if "evidence_against" in fields and "evidence_features" not in fields:
            fields.discard("evidence")
        return fields <= _IDS


@dataclass(frozen=True)
class Comparison:
    """The live generation (first) against another. ``counts`` of documents by role; ``members`` is the number of
    reports in stories; ``new``, ``gone`` and ``regrouped`` are report ids; ``missing`` are articles that only the live
    one has. ``compared`` documents were read whole, ``different`` are those that differ.
    """

    counts: dict[IndexRole, tuple[int, int]]
    members: tuple[int, int]
    stories: tuple[int, int]
    new: tuple[str, ...]
    gone: tuple[str, ...]
    regrouped: tuple[str, ...]
    missing: tuple[str, ...]
    compared: int
    different: tuple[Difference, ...] = field(default=())

    @property
    def same(self) -> float:
        """Share of the documents read that are alike."""
        return 1.0 - len(self.different) / self.compared if self.compared else 1.0

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"same": self.same}


def compare(client: Elasticsearch, prefix: str, live: "Snapshot", number: int, sample: int | None) -> Comparison:
    """``live`` was taken before; ``sample``: documents of each role to read whole, all where it is None.

    Raises ``ElasticsearchUnavailable``, and ``SettingsError`` where an index of the other generation is missing.
    """
    other = Snapshot.take(client, prefix, number)
    different: list[Difference] = []
    compared = 0
    for role in ROLES:
        both = chosen(live.ids[role] & other.ids[role], sample)
        compared += len(both)
        different += _differences(client, prefix, role, (live.number, number), both)
    ours, theirs = live.stories, other.stories
    return Comparison(
        counts={role: (len(live.ids[role]), len(other.ids[role])) for role in ROLES},
        members=(len(ours), len(theirs)),
        stories=(len(set(ours.values())), len(set(theirs.values()))),
        new=tuple(sorted(theirs.keys() - ours.keys())),
        gone=tuple(sorted(ours.keys() - theirs.keys())),
        regrouped=regrouped(ours, theirs),
        missing=tuple(sorted(live.ids["articles"] - other.ids["articles"])),
        compared=compared,
        different=tuple(different),
    )


@dataclass(frozen=True)
class Snapshot:
    """What a generation's indices have: ids by role, and the story of each report that is in one."""

    number: int
    ids: dict[IndexRole, set[str]]
    stories: dict[str, str]

    @classmethod
    def take(cls, client: Elasticsearch, prefix: str, number: int) -> "Snapshot":
        ids: dict[IndexRole, set[str]] = {}
        stories: dict[str, str] = {}
        for role in ROLES:
            ids[role] = set()
            for hit in _hits(client, IndexName(role, number, prefix).index, ["story_id", "retracted"]):
                ids[role].add(hit["_id"])
                source = hit.get("_source", {})
                if role == "reports" and source.get("story_id") and not source.get("retracted"):
                    stories[hit["_id"]] = source["story_id"]
        return cls(number, ids, stories)


def regrouped(ours: Mapping[str, str], theirs: Mapping[str, str]) -> tuple[str, ...]:
    """Reports of both whose story has other members in the one than in the other, of those reports that both have."""
    both = sorted(ours.keys() & theirs.keys())
    in_ours = Counter(ours[one] for one in both)
    in_theirs = Counter(theirs[one] for one in both)
    in_pair = Counter((ours[one], theirs[one]) for one in both)
    return tuple(
        one
        for one in both
        if not in_ours[ours[one]] == in_theirs[theirs[one]] == in_pair[ours[one], theirs[one]]
    )  # fmt: skip


def chosen(ids: set[str], sample: int | None) -> list[str]:
    """So many of them, by the hash of the id: the same at every call, and no kind of article more than another."""
    if sample is None or len(ids) <= sample:
        return sorted(ids)
    return sorted(ids, key=lambda one: hashlib.blake2b(one.encode(), digest_size=8).digest())[:sample]


def differing(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> tuple[str, ...]:
    """Fields in which two documents differ, counters left out."""
    names = (ours.keys() | theirs.keys()) - _COUNTERS
    return tuple(sorted(name for name in names if ours.get(name) != theirs.get(name)))


def _differences(
    client: Elasticsearch, prefix: str, role: IndexRole, numbers: tuple[int, int], ids: Sequence[str]
) -> Iterator[Difference]:
    for start in range(0, len(ids), _PAGE):
        page = ids[start : start + _PAGE]
        ours, theirs = (_sources(client, IndexName(role, number, prefix).index, page) for number in numbers)
        for one in page:
            fields = differing(ours.get(one, {}), theirs.get(one, {}))
            if fields:
                yield Difference(role, one, fields)


def _sources(client: Elasticsearch, index: str, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    with _answered(index):
        answer = client.mget(index=index, ids=list(ids))
    return {doc["_id"]: doc["_source"] for doc in answer["docs"] if doc.get("found")}


def _hits(client: Elasticsearch, index: str, fields: list[str]) -> Iterator[dict[str, Any]]:
    with _answered(index):
        client.indices.refresh(index=index)
        yield from scan(client, index=index, query={"query": {"match_all": {}}, "_source": fields}, size=5000)


@contextlib.contextmanager
def _answered(index: str) -> Iterator[None]:
    try:
        yield
    except NotFoundError as error:
        raise SettingsError(f"there is no index {index}, so there is nothing to compare") from error
    except (ApiError, TransportError, ScanError) as error:
        raise ElasticsearchUnavailable(f"Elasticsearch: {index}: {error}") from error
