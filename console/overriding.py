"""What ``remarkwire override`` does: finds the reports that are meant, and writes to the topic of overrides."""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import msgspec
import xxhash
from elasticsearch import Elasticsearch

from processors.group.overrides import Overrides, speaker_of
from runtime import elastic, kafka
from runtime.records import records
from runtime.settings import Settings
from runtime.topics import names
from schemas import Override, Role, headers_of
from schemas.errors import InputError, MessageError
from schemas.index import IndexRole, alias_of
from schemas.override import OverrideKind
from schemas.topics import OVERRIDES

# All reports that an override names are decided anew in one go, and stand in one entry.
MOST_REPORTS = 500


class Found(msgspec.Struct, frozen=True):
    """A report as far as it matters here."""

    report_id: str
    story_id: str | None
    speaker_id: str
    copy_of: str | None = None


class Emptied(msgspec.Struct, frozen=True):
    """A story without reports, and the one that took them, where that is known."""

    merged_into: str | None


class Reports(Protocol):
    """Where reports and stories are looked up."""

    def report(self, report_id: str) -> Found | None: ...

    def members(self, story_id: str) -> list[Found]:
        """Reports whose main part is in a story; at most one more than ``MOST_REPORTS``."""

    def emptied(self, story_id: str) -> Emptied | None:
        """A story that there was, and that no report is in any more."""


class IndexedReports:
    """Reports and stories in the indices of the live generation."""

    def __init__(self, client: Elasticsearch, prefix: str) -> None:
        self._client, self._prefix = client, prefix

    def report(self, report_id: str) -> Found | None:
        found = self._reports("report_id", report_id)
        return found[0] if found else None

    def members(self, story_id: str) -> list[Found]:
        return self._reports("story_id", story_id)

    def emptied(self, story_id: str) -> Emptied | None:
        found = self._search("stories", "story_id", story_id)
        return Emptied(found[0].get("merged_into")) if found and not self.members(story_id) else None

    def _reports(self, field: str, value: str) -> list[Found]:
        found = self._search("reports", field, value)
        return [Found(one["report_id"], one.get("story_id"), one["speaker_id"], one.get("copy_of")) for one in found]

    def _search(self, role: IndexRole, field: str, value: str) -> list[dict[str, Any]]:
        alias = alias_of(role, self._prefix)
        key = "story_id" if role == "stories" else "report_id"
        with elastic.searching(alias):
            self._client.indices.refresh(index=alias)
            answer: Any = self._client.search(
                index=alias, query={"term": {field: value}}, size=MOST_REPORTS + 1, sort=[{key: "asc"}]
            )
        return [hit["_source"] for hit in answer["hits"]["hits"]]


def merged(reports: Reports, named: Sequence[str]) -> list[str]:
    """All reports of the stories that are named, by their own ids or by those of reports of theirs."""
    found: dict[str, None] = {}
    stories: dict[str, None] = {}
    for one in named:
        members = reports.members(one)
        if not members:
            report = reports.report(one)
            if report is None:
                raise InputError(f"{one}: {_why_none(reports, one)}")
            members = reports.members(report.story_id) if report.story_id else [report]
        stories[members[0].story_id or members[0].report_id] = None
        found.update(dict.fromkeys(member.report_id for member in members))
    if len(stories) < 2:
        raise InputError(f"{', '.join(named)}: these are one story already; name reports of two or more")
    return list(found)


def _why_none(reports: Reports, story_id: str) -> str:
    story = reports.emptied(story_id)
    if story is None:
        return "neither a story nor a report of the live generation has this id"
    into = f" (merged into {story.merged_into})" if story.merged_into else ""
    return f"this story has no reports any more{into}"


def split(reports: Reports, report_id: str, others: Sequence[str]) -> list[str]:
    """The report, and those that it is to share no story with: ``others``, else all of its story."""
    report = known(reports, report_id)
    if report_id in others:
        raise InputError(f"{report_id}: cannot be split from itself; name others by --from")
    if others:
        return [report_id, *(known(reports, other).report_id for other in dict.fromkeys(others))]
    members = reports.members(report.story_id) if report.story_id else []
    rest = [member.report_id for member in members if member.report_id != report_id]
    if not rest:
        raise InputError(f"{report_id}: is the only report of its story; there is nothing to split it from")
    return [report_id, *rest]


def kept_id(reports: Reports, report_ids: Sequence[str]) -> str:
    """What becomes of the id of a story that its first report is split off from, as ``group`` will have it; empty where
    the others are of other stories.
    """
    first, *others = report_ids
    story_id = known(reports, first).story_id
    members = {member.report_id for member in reports.members(story_id)} if story_id else set()
    staying = members.intersection(others)
    if not staying:
        return ""
    if len(members) > 2 * len(staying):
        return f"{story_id} stays the id of the story that it is in"
    return f"{'they keep' if len(others) > 1 else 'that one keeps'} {story_id}, and it gets another story's id"


def with_role(reports: Reports, report_id: str, role: Role) -> Found:
    """A report that can have the role: a copy is one of something."""
    found = known(reports, report_id)
    if role == "copy" and found.copy_of is None:
        raise InputError(
            f"{report_id}: was not found to have an original, and a role gives it none; what tells of the same "
            "occasion is brought together by `remarkwire override merge`"
        )
    return found


def known(reports: Reports, report_id: str) -> Found:
    found = reports.report(report_id)
    if found is None:
        raise InputError(f"{report_id}: no report of the live generation has this id (see the index `reports`)")
    return found


def made(
    kind: OverrideKind,
    report_ids: Sequence[str],
    now: datetime.datetime,
    role: Role | None = None,
    note: str = "",
    by: str = "",
) -> Override:
    """An override with an id of its own. Raises ``InputError`` where it cannot be carried out."""
    if len(report_ids) > MOST_REPORTS:
        raise InputError(f"{len(report_ids)} reports in one override, allowed are {MOST_REPORTS}; name reports instead")
    moment = now.replace(microsecond=0)
    digest = xxhash.xxh64_hexdigest("\x00".join([kind, *report_ids, str(role), now.isoformat()]).encode())
    override = Override(
        override_id=f"o-{digest[:10]}",
        kind=kind,
        report_ids=list(report_ids),
        made=moment,
        role=role,
        note=note,
        by=by,
    )
    if speaker_of(override) is None:
        raise InputError("the reports are of several speakers; an override is about one")
    return override


def held(standing: Iterable[Override], wanted: Override) -> str | None:
    """The override that says the same and holds, not undone by a later one. Beside it a second would change nothing,
    and nor would taking one of the two back.
    """
    given = list(standing)
    same = [one for one in given if _constraint(one) == _constraint(wanted)]
    all_ = Overrides.of(given)
    first, *others = wanted.report_ids
    holds = {
        "must_link": all_.must_link(first).issuperset(others),
        "cannot_link": all_.cannot_link(first).issuperset(others),
        "role": all_.role(first) == wanted.role,
    }[wanted.kind]
    return same[-1].override_id if same and holds else None


class Kept(msgspec.Struct, frozen=True):
    """Reports of an override that was taken back for which it still holds, and the overrides that say so, too."""

    report_ids: frozenset[str]
    by: list[str]


def kept(gone: Override, rest: Iterable[Override]) -> Kept:
    """What of an override still holds without it: a merge names all reports of its stories, those, too, that an earlier
    one had brought together.
    """
    all_ = Overrides.of(rest)
    first, named = gone.report_ids[0], frozenset(gone.report_ids)
    if gone.kind == "role":
        same = [one for one in all_.given if one.kind == "role" and first in one.report_ids]
        holds = all_.role(first) == gone.role
        return Kept(named, [same[-1].override_id]) if same and holds else Kept(frozenset(), [])
    if gone.kind == "must_link":
        still = frozenset(one for one in named if all_.must_link(one) & named)
        sides = [still]
    else:
        still = all_.cannot_link(first) & named
        sides = [frozenset({first}), still]
    # Each side with all that must be with it: an override may name those instead.
    sides = [side.union(*map(all_.must_link, side)) for side in sides]
    by = [
        one.override_id
        for one in all_.given
        if one.kind == gone.kind and not any(side.isdisjoint(one.report_ids) for side in sides)
    ]
    return Kept(still, by)


def _constraint(one: Override) -> tuple[object, ...]:
    """What an override says, whoever said it when and in whichever order."""
    first = one.report_ids[0] if one.kind == "cannot_link" else ""
    return one.kind, one.role, first, frozenset(one.report_ids)


def put(settings: Settings, override: Override) -> None:
    """Writes an override to its topic; the workers of ``group`` take it from there."""
    _send(settings, override.override_id, override.encode(), headers_of(override, "override"))


def take_back(settings: Settings, override_id: str) -> tuple[Override, Kept]:
    """Returns it, and what others keep of it. Raises ``InputError`` where no override of this id holds."""
    there = standing(settings)
    gone = there.pop(override_id, None)
    if gone is None:
        raise InputError(f"{override_id}: no override of this id holds; `remarkwire override list` shows them")
    _send(settings, override_id, None, [])
    return gone, kept(gone, there.values())


def standing(settings: Settings) -> dict[str, Override]:
    """The overrides that hold, the earliest first."""
    found: dict[str, Override] = {}
    for record in records(settings, names(settings, OVERRIDES)):
        key = (record.key() or b"").decode(errors="replace")
        found.pop(key, None)
        if record.value() is not None:
            try:
                found[key] = Override.decode(record.value(), kafka.headers(record))
            except MessageError:
                continue  # the workers have named it in their log
    return dict(sorted(found.items(), key=lambda item: (item[1].made, item[0])))


def _send(settings: Settings, key: str, value: bytes | None, headers: Iterable[tuple[str, bytes]]) -> None:
    producer = kafka.Deliveries(kafka.producer(settings))
    producer.send(names(settings, OVERRIDES), value, key=key, headers=list(headers))
    producer.flush()
