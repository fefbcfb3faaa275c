"""The generations as a list, and a comparison as tables."""

import datetime
from dataclasses import asdict, dataclass
from typing import Any

from elasticsearch import ApiError, Elasticsearch, NotFoundError, TransportError
from rich.table import Table

from console.generations import registry
from console.generations.compare import ROLES, Comparison
from console.positions import positions
from runtime.counts import counted
from runtime.settings import Settings
from schemas import Generation
from schemas.errors import ElasticsearchUnavailable, KafkaUnavailable
from schemas.index import IndexName

_SHOWN = 20
_SHOWN_WHOLE = 5


@dataclass(frozen=True)
class Overview:
    """A generation. ``state``: live, ready, filling, trial, or feeding (pruned, but others read its topics).
    ``documents`` by index, ``bytes`` of the indices where Elasticsearch tells; ``behind`` records, None where its
    topics are gone.
    """

    generation: int
    state: str
    start: str
    stages: tuple[str, ...]
    reads_of: tuple[int, ...]
    made: datetime.datetime
    documents: dict[str, int]
    bytes: int
    behind: int | None

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"made": self.made.isoformat()}


def overview(settings: Settings, client: Elasticsearch) -> list[Overview]:
    """All that are there, by number; those that were pruned and feed nobody are left out."""
    live = registry.live_number(client, settings.pipeline.index_prefix)
    out = []
    for number, one in registry.read(settings).items():
        if one.state == "pruned" and not one.stages:
            continue
        theirs = registry.settings_of(settings, one)
        try:
            behind = sum(at.high - at.committed for at in positions(theirs))
        except KafkaUnavailable:
            behind = None
        documents, size = _sizes(client, settings.pipeline.index_prefix, number)
        others = tuple(sorted({of for of in one.inputs.values() if of not in {0, number}}))
        out.append(
            Overview(number, _state(one, live), one.start, tuple(one.stages), others, one.made, documents, size, behind)
        )  # fmt: skip
    return out


def _state(one: Generation, live: int | None) -> str:
    if one.generation == live:
        return "live"
    if one.state == "pruned":
        return "feeding"
    return "trial" if one.trial and one.state == "ready" else one.state


def _sizes(client: Elasticsearch, prefix: str, number: int) -> tuple[dict[str, int], int]:
    documents: dict[str, int] = {}
    size = 0
    for role in ROLES:
        index = IndexName(role, number, prefix).index
        try:
            # What was just written counts only then: a replay that is done would show none of its documents.
            client.indices.refresh(index=index)
            documents[role] = int(client.count(index=index)["count"])
            stats: Any = client.indices.stats(index=index, metric=["store"])
            size += int(
                stats.get("indices", {}).get(index, {}).get("total", {}).get("store", {}).get("size_in_bytes", 0)
            )
        except NotFoundError:
            continue
        except (ApiError, TransportError) as error:
            raise ElasticsearchUnavailable(f"Elasticsearch: {index}: {error}") from error
    return documents, size


def generation_table(found: list[Overview], now: datetime.datetime | None = None) -> Table:
    """The list as a table, which 80 columns hold."""
    table = Table(title="Generations", title_justify="left", padding=0)
    for column in ("no.", "state", "from", "age"):
        table.add_column(column, overflow="fold")
    for column in (*ROLES, "size", "behind"):
        table.add_column(column, justify="right", overflow="fold")
    moment = now or datetime.datetime.now(datetime.UTC)
    for one in found:
        table.add_row(
            str(one.generation), one.state, _origin(one), _age(moment - one.made),
            *(str(one.documents.get(role, "")) for role in ROLES),
            f"{one.bytes / 1e6:.1f} MB", "" if one.behind is None else str(one.behind),
        )  # fmt: skip
    return table


def _origin(one: Overview) -> str:
    """Where it began, and below whose topics it reads."""
    return one.start + (f"\nof {', '.join(map(str, one.reads_of))}" if one.reads_of else "")


def _age(age: datetime.timedelta) -> str:
    if age.days:
        return f"{age.days} d"
    hours, minutes = divmod(age.seconds // 60, 60)
    return f"{hours} h" if hours else f"{minutes} min"


def comparison_tables(found: Comparison, live: int, number: int) -> list[Table | str]:
    """What a reader would notice first: reports in other company, gone, new, missing. Then counts side by side, and
    what else differs, the first of each; documents that have other ids of stories and remarks alone are only counted.
    """
    lines: list[Table | str] = []
    for what, ids in (
        (f"regrouped, of {counted(found.members[0], 'report')} in stories", found.regrouped),
        ("gone from stories", found.gone),
        ("new reports in stories", found.new),
        ("articles missing", found.missing),
    ):
        more = ", …" if len(ids) > _SHOWN else ""
        lines.append(f"{what}: {len(ids)}" + (f" ({', '.join(ids[:_SHOWN])}{more})" if ids else ""))
    counts = Table(title=f"Generation {live} (live) and {number}", title_justify="left")
    for column in ("", f"{live}", f"{number}", "difference"):
        counts.add_column(column, justify="left" if not column else "right")
    rows = [*found.counts.items(), ("reports in stories", found.members), ("stories with members", found.stories)]
    for name, (ours, theirs) in rows:
        counts.add_row(name, str(ours), str(theirs), f"{theirs - ours:+d}" if theirs != ours else "")
    lines.append(counts)
    lines.append(f"compared whole: {counted(found.compared, 'document')}, {found.same:.2%} alike")
    renamed = [one for one in found.different if one.only_ids]
    others = [one for one in found.different if not one.only_ids]
    if renamed:
        lines.append(f"other ids of stories and remarks, and nothing else: {counted(len(renamed), 'document')}")
    if others:
        table = Table(title=f"{counted(len(others), 'document')} that differ in more", title_justify="left")
        for column in ("kind", "id", "fields"):
            table.add_column(column, overflow="fold")
        for one in others[:_SHOWN_WHOLE]:
            table.add_row(one.role, one.id, ", ".join(one.fields))
        lines.append(table)
    if renamed or len(others) > _SHOWN_WHOLE:
        lines.append(f"all of them: remarkwire promote {number} --compare --json | jq .different")
    return lines
