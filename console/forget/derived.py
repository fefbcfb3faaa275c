"""Takes articles out of what was made of them, in every generation: reports, tables, topics, indices, dead letters."""

import datetime
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from elasticsearch import ApiError, Elasticsearch, NotFoundError, TransportError

from console.dead_letters import Wanted, drop, find
from console.forget.interrupted import go_on
from console.forget.marks import known, mark, noted
from console.generations import fill, lineage, registry
from runtime import kafka
from runtime.lifecycle import Stop
from runtime.records import records
from runtime.settings import Settings
from runtime.topics import names
from schemas import Forgotten, Generation, Outlet, Report, header, headers_of
from schemas.errors import ElasticsearchUnavailable, KafkaUnavailable, MessageError, SettingsError
from schemas.index import IndexName, IndexRole
from schemas.message import FORGOTTEN_HEADER
from schemas.operations import StageName
from schemas.topics import GROUPED, REMARKS, REPORTS, Topic

Say = Callable[[str], None]

_COMPACTED: tuple[tuple[Topic, IndexRole], ...] = ((GROUPED, "reports"), (REMARKS, "remarks"))


@dataclass
class Done:
    """What was removed, by kind, summed over articles and generations; ``before``: by earlier calls."""

    articles: int = 0
    removed: Counter[str] = field(default_factory=Counter)
    before: Counter[str] = field(default_factory=Counter)


def forget(
    settings: Settings, client: Elasticsearch, ids: Sequence[str], note: str, *, say: Say, wait: float, stop: Stop
) -> Done:
    """Removes the articles from every generation. ``wait``: seconds that each stage of each generation is given.

    Raises ``KafkaUnavailable`` where a stage does not move, and ``Interrupted`` where ``stop`` asks to end; the same
    call goes on later, and tells only of what it removes itself.
    """
    generations = [one for one in registry.read(settings).values() if one.stages]
    filling = lineage.unfinished({one.generation: one for one in generations})
    if filling is not None:
        raise SettingsError(
            f"generation {filling.generation} is being filled and decides nothing yet: let its replay end, or remove "
            f"it (remarkwire prune {filling.generation}), then forget"
        )
    now = datetime.datetime.now(datetime.UTC)
    before = known(settings)
    marks = {one: before.get(one) or Forgotten(article_id=one, at=now, note=note) for one in ids}
    mark(settings, marks.values())
    wanted = frozenset(ids)
    removed: dict[str, Counter[str]] = {one: Counter() for one in ids}
    for one in generations:
        say(f"generation {one.generation}: what is under way")
        _pass(settings, one, fill.upstream(one), wait, stop)
    for topic in {names(registry.settings_of(settings, one), REPORTS) for one in generations}:
        go_on(stop)
        say(f"{topic}: reports are taken back")
        with noted(settings, marks, removed):
            _take_back(settings, topic, wanted, now, removed)
    for one in generations:
        theirs = registry.settings_of(settings, one)
        say(f"generation {one.generation}: others are decided again")
        _pass(settings, one, [stage for stage in one.stages if stage in {"group", "index"}], wait, stop)
        go_on(stop)
        if "group" in one.stages:
            with noted(settings, marks, removed):
                _bury(theirs, wanted, removed)
        if "index" in one.stages:
            go_on(stop)
            with noted(settings, marks, removed):
                _delete(client, theirs, wanted, removed)
        _drop_letters(theirs, wanted)
    earlier = sum((Counter(one.removed) for one in marks.values()), Counter[str]())
    return Done(len(ids), sum(removed.values(), Counter()), earlier)


def _pass(settings: Settings, one: Generation, stages: Sequence[StageName], wait: float, stop: Stop) -> None:
    """Waits until all that is there now has gone through these stages of the generation, one after the other."""
    if one.trial:
        # A trial's stages have ended; what it has is deleted, and it is pruned soon.
        return
    theirs = registry.settings_of(settings, one)
    for stage in stages:
        go_on(stop)
        if not fill.rounds(theirs, [stage], lambda _: None, pause=fill.patience(wait, stop), within=float("inf")):
            go_on(stop)
            raise KafkaUnavailable(
                f"generation {one.generation}: {stage} has not done within {wait:g} s what is there for it; start it "
                "(`remarkwire run`), then give the same command again"
            )


def _take_back(
    settings: Settings, topic: str, ids: frozenset[str], now: datetime.datetime, removed: dict[str, Counter[str]]
) -> None:
    """An empty report for each that there was: ``group`` retracts it, and decides anew on those that it touched."""
    there: dict[tuple[str, str], Report] = {}
    for record in records(settings, topic):
        subject = header(kafka.headers(record), "ce_subject")
        if subject not in ids or record.key() is None:
            continue
        try:
            report = Report.decode(record.value(), kafka.headers(record))
        except MessageError:
            continue
        there[report.article_id, report.speaker_id] = report
    deliveries = kafka.Deliveries(kafka.producer(settings))
    for (article_id, speaker_id), last in sorted(there.items()):
        if last.forgotten:
            continue
        # In the place of the last one, so that a generation that sorts what it holds has it after that.
        empty = Report(
            report_id=last.report_id, article_id=article_id, speaker_id=speaker_id, seq=last.seq, revision="",
            fetched=max(now, last.fetched), url="", outlet=Outlet(id=""), title="", visit=last.visit + 1,
            forgotten=True,
        )  # fmt: skip
        deliveries.send(
            topic, empty.encode(), key=speaker_id, headers=headers_of(empty, "forget"),
            confirmed=partial(removed[article_id].update, ["reports"]),
        )  # fmt: skip
    deliveries.flush()


def _bury(settings: Settings, ids: frozenset[str], removed: dict[str, Counter[str]]) -> None:
    """Tombstones for what the compacted topics have of the articles."""
    deliveries = kafka.Deliveries(kafka.producer(settings))
    for topic, _ in _COMPACTED:
        name = names(settings, topic)
        for (key, subject), record in _last(settings, name, ids).items():
            if record.value() is not None:
                deliveries.send(
                    name, None, key=key, headers=[(FORGOTTEN_HEADER, b"1"), ("ce_subject", subject.encode())],
                    confirmed=partial(removed[subject].update, [f"records of {topic.name}"]),
                )  # fmt: skip
    deliveries.flush()


def _last(settings: Settings, topic: str, ids: frozenset[str]) -> dict[tuple[bytes, str], Any]:
    """The last record of each key that is about one of the articles."""
    found: dict[tuple[bytes, str], Any] = {}
    for record in records(settings, topic):
        subject = header(kafka.headers(record), "ce_subject")
        if subject in ids and record.key() is not None:
            found[record.key(), str(subject)] = record
    return found


def _delete(client: Elasticsearch, settings: Settings, ids: frozenset[str], removed: dict[str, Counter[str]]) -> None:
    """The documents of the articles. The topics have been read past them, so nothing brings them back."""
    pipeline = settings.pipeline
    for role in ("articles", "reports", "remarks"):
        index = IndexName(role, pipeline.generation, pipeline.index_prefix).index
        try:
            client.indices.refresh(index=index)
            # Again until none is left: a search gives ten thousand at most.
            while there := list(_documents(client, index, ids)):
                for found, article_id in there:
                    # Gone already where the client asked again because the first answer was lost.
                    answer = client.options(ignore_status=404).delete(index=index, id=found)
                    if answer.get("result") == "deleted":
                        removed[article_id][f"documents of {role}"] += 1
                client.indices.refresh(index=index)
        except NotFoundError:
            continue
        except (ApiError, TransportError) as error:
            raise ElasticsearchUnavailable(f"Elasticsearch: {index}: {error}") from error


def _documents(client: Elasticsearch, index: str, ids: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Document id and article id of documents of the articles, up to ten thousand for each 500 of them."""
    every = sorted(ids)
    for start in range(0, len(every), 500):
        query = {"terms": {"article_id": every[start : start + 500]}}
        answer = client.search(index=index, query=query, size=10_000, source_includes=["article_id"])
        for hit in answer["hits"]["hits"]:
            yield hit["_id"], hit["_source"]["article_id"]


def _drop_letters(settings: Settings, ids: frozenset[str]) -> None:
    letters = [dead for dead in find(settings, Wanted()) if dead.article_id in ids]
    drop(settings, letters, "forgotten", lambda *_: None)
