"""``python -m tests.bench.sink [MESSAGES] [--rounds N]``: the sink beside bare ``elasticsearch.helpers.parallel_bulk``.

The service reads annotated articles and grouped reports from Kafka. The bare helper writes the same documents with the
same versions, batches, threads and mappings, each time in fresh indices of the same Elasticsearch: once made from the
same topics as it goes (nothing committed, nothing retried), once as dictionaries that are in memory before the clock
starts. Rounds of all take turns. Counted is from the first batches (``_WARM``) to the last document, as Elasticsearch
counts them, so that no start is in the figures. Where Elasticsearch has the processors to itself, nothing of the second
comparison is lost; on two cores that it shares, reading Kafka and making documents is taken from it.

The articles are the demo's in four languages, annotated, with words shuffled and lengthened to what news articles have,
and the entities, vectors and signatures that go with the length.
"""

import argparse
import multiprocessing
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from confluent_kafka import KafkaException
from elasticsearch import Elasticsearch
from elasticsearch.helpers import parallel_bulk
from msgspec.structs import replace
from rich.console import Console
from rich.table import Table

from console.commands.run import command
from console.supervisor import wait_until
from deploy.services import Kind, start
from ingest.clean import clean_page
from processors.annotate.core import annotate
from processors.annotate.entities import load_gazetteer
from processors.index.names import names as labels
from processors.index.service import STAGE
from processors.index.setup import install
from runtime import elastic, kafka, topics
from runtime.settings import Settings, as_environment
from schemas import (
    AnnotatedArticle,
    CleanArticle,
    Decision,
    Evidence,
    GroupedReport,
    Part,
    RemarkUse,
    Seq,
    Signature,
    headers_of,
    report_id,
)
from schemas.index import IndexName, Names, document
from schemas.topics import ANNOTATED, GROUPED
from tests.bench.stages import SPEAKER, pages
from tests.pipeline import prepared

FLOORS = {"topics": 0.9, "memory": 0.9}
"""Of the helper's rate, where it makes the documents from the topics, and where it has them in memory."""
LANGS = ("en", "ru", "de", "tr")
THREADS = 4
_WARM = 2000
"""Documents before the clock starts: four full batches, as many as go at once."""
_REPORT_EVERY = 4
_CHARS = 2400
_SPREAD = 0.6
_WORD = 6.5
_CONTEXT = multiprocessing.get_context("spawn")

Made = AnnotatedArticle | GroupedReport


@dataclass(frozen=True)
class Round:
    """Documents a second, and seconds of processor time of the client for 1,000 documents."""

    rate: float
    cpu: float


def messages(count: int) -> Iterator[Made]:
    """So many: three articles, then a report on the last of them."""
    chosen = random.Random(6)
    gazetteer = load_gazetteer()
    found: dict[str, list[AnnotatedArticle]] = {lang: [] for lang in LANGS}
    for raw in pages():
        article = clean_page(raw)
        if isinstance(article, CleanArticle):
            made = annotate(article, gazetteer=gazetteer, speakers={SPEAKER})
            found.get(made.lang or "", []).append(made)
    last: AnnotatedArticle | None = None
    for number in range(count):
        if last is not None and number % _REPORT_EVERY == _REPORT_EVERY - 1:
            yield _report(number, last, chosen)
        else:
            last = _grown(number, chosen.choice(found[LANGS[number % len(LANGS)]]), chosen)
            yield last


def _grown(number: int, known: AnnotatedArticle, chosen: random.Random) -> AnnotatedArticle:
    article = known.article
    wanted = max(300, int(chosen.lognormvariate(0, _SPREAD) * _CHARS))
    times = max(1, round(wanted / max(1, len(article.text))))
    words = article.text.split() * times
    chosen.shuffle(words)
    text = " ".join(words)[:wanted]
    article_id = f"a{number:08}"
    clean = replace(
        article, article_id=article_id, seq=Seq(article.seq.ms + number, article_id), text=text,
        url=f"{article.url}/{number}",
    )  # fmt: skip
    return replace(
        known,
        article=clean,
        entities=known.entities * times,
        statements=[replace(one, vector=chosen.randbytes(384)) for one in known.statements],
        signature=Signature(shingles=chosen.randbytes(4 * int(wanted / _WORD)), minhash=chosen.randbytes(4 * 126)),
    )


def _report(number: int, about: AnnotatedArticle, chosen: random.Random) -> GroupedReport:
    article = about.article
    uses = [
        RemarkUse(statement_id=one.statement_id, remark_id=f"r-{chosen.randrange(5000)}", start=one.start, end=one.end)
        for one in about.statements
    ]
    features = ("role", "bias", "date", "place", "counterpart", "occasion", "names", "words", "similarity")
    evidence = [Evidence(feature=f, value="what it says", other="what they say", score=1.234) for f in features]
    part = Part(story_id=f"s-{chosen.randrange(1000)}", role="report", remarks=uses, evidence=evidence)
    identity = report_id(article.article_id, SPEAKER)
    return GroupedReport(
        decision=Decision(report_id=identity, decision_seq=number + 1, parts=[part]), article_id=article.article_id,
        speaker_id=SPEAKER, revision=article.revision, fetched=article.fetched, url=article.url, outlet=article.outlet,
        title=article.title, lang=about.lang or "", published=article.published, new_remarks=len(uses),
        entity_ids=list(dict.fromkeys(one.id for one in about.entities if one.id)),
    )  # fmt: skip


def send(settings: Settings, count: int) -> float:
    """Fills the topics; returns bytes of a message on average."""
    deliveries, size = kafka.Deliveries(kafka.producer(settings)), 0
    for one in messages(count):
        topic = ANNOTATED if isinstance(one, AnnotatedArticle) else GROUPED
        value = one.encode()
        size += len(value)
        deliveries.send(topics.names(settings, topic), value, key=one.subject, headers=headers_of(one, "bench"))
    deliveries.flush()
    return size / count


def action(settings: Settings, message: Made, known: Names) -> dict[str, Any]:
    pipeline, one = settings.pipeline, document(message, known)
    index = IndexName(one.role, pipeline.generation, pipeline.index_prefix).write_alias
    head = {"_index": index, "_id": one.id, "version": one.version, "version_type": "external_gte"}
    return {**head, "_source": one.body}


def consumed(settings: Settings, count: int) -> Iterator[dict[str, Any]]:
    """The documents as they come from the topics."""
    kinds: dict[str, type[Made]] = {
        topics.names(settings, ANNOTATED): AnnotatedArticle, topics.names(settings, GROUPED): GroupedReport,
    }  # fmt: skip
    known = labels()
    with closing(kafka.consumer(settings, f"{settings.pipeline.index_prefix}-bare")) as consumer:
        consumer.subscribe(list(kinds))
        taken = 0
        while taken < count:
            record = consumer.poll(1.0)
            if record is not None and record.error() is None:
                taken += 1
                yield action(settings, kinds[record.topic()].decode(record.value(), kafka.headers(record)), known)


def bare(settings: Settings, count: int, source: str, turn: Any) -> None:
    """A process of its own: says that it has the documents, or is ready to read, and writes them when told."""
    known = labels()
    made: Iterable[dict[str, Any]]
    if source == "memory":
        made = [action(settings, message, known) for message in messages(count)]
    else:
        made = consumed(settings, count)
    client, index = elastic.client(settings), settings.index
    turn.send("ready")
    turn.recv()
    written = sum(
        done
        for done, _ in parallel_bulk(
            client, made, thread_count=THREADS, chunk_size=index.batch_documents, max_chunk_bytes=index.batch_bytes,
        )
    )  # fmt: skip
    # It stays until it was looked at.
    turn.send(written)
    turn.recv()


def watched(client: Elasticsearch, prefix: str, count: int, process: psutil.Process) -> Round:
    """Waits for all documents. Both are watched in this way, so that it costs both the same."""
    total = 0

    def reached(wanted: int) -> Callable[[], bool]:
        def look() -> bool:
            nonlocal total
            answer = client.indices.stats(
                index=f"{prefix}-*", metric="indexing", filter_path="_all.primaries.indexing.index_total"
            )
            total = answer["_all"]["primaries"]["indexing"]["index_total"]
            return total >= wanted

        return look

    marks = []
    for wanted in (min(_WARM, count // 2), count):
        if not wait_until(reached(wanted), 900, poll=0.05):
            sys.exit(f"{total} of {wanted} documents after 900 s")
        spent = process.cpu_times()
        marks.append((clock(), total, spent.user + spent.system))
    (began, first, before), (ended, last, after) = marks
    return Round((last - first) / (ended - began), 1000 * (after - before) / (last - first))


def clock() -> float:
    return time.monotonic()


@contextmanager
def fresh(settings: Settings, client: Elasticsearch, prefix: str) -> Iterator[Settings]:
    """Settings with empty indices, which are deleted afterwards."""
    own = settings.model_copy(
        update={"pipeline": settings.pipeline.model_copy(update={"index_prefix": prefix})}
    )  # fmt: skip
    made = install(client, own)
    try:
        yield own
    finally:
        client.indices.delete(index=",".join(made))


def service(settings: Settings, client: Elasticsearch, count: int, folder: Path) -> Round:
    """One round of ``remarkwire index``, from the beginning of the topics."""
    group, admin = kafka.group_id(settings, STAGE), kafka.admin(settings)

    def forgotten() -> bool:
        # The broker keeps a static member's place until its session is over.
        try:
            admin.delete_consumer_groups([group])[group].result(timeout=10)
        except KafkaException as error:
            return error.args[0].name() == "GROUP_ID_NOT_FOUND"
        return True

    if not wait_until(forgotten, 60):
        sys.exit(f"consumer group {group} cannot be reset")
    with (folder / "index.log").open("ab") as log:
        environment = {**os.environ, **as_environment(settings)}
        process = subprocess.Popen([*command(), "index"], env=environment, stdout=log, stderr=log)
        try:
            return watched(client, settings.pipeline.index_prefix, count, psutil.Process(process.pid))
        finally:
            process.terminate()
            process.wait()


def helper(settings: Settings, client: Elasticsearch, count: int, source: str) -> Round:
    """One round of ``parallel_bulk``."""
    ours, theirs = _CONTEXT.Pipe()
    process = _CONTEXT.Process(target=bare, args=(settings, count, source, theirs), daemon=True)
    process.start()
    try:
        ours.recv()
        ours.send("go")
        found = watched(client, settings.pipeline.index_prefix, count, psutil.Process(process.pid))
        if (written := ours.recv()) != count:
            sys.exit(f"parallel_bulk wrote {written} of {count}")
        ours.send("seen")
        return found
    finally:
        process.join(30)
        process.kill()


def measure(count: int, rounds: int) -> tuple[dict[str, list[Round]], float]:
    """Rounds of the service (``sink``) and of the helper (``topics``, ``memory``); bytes of a message on average."""
    turns = ["sink", *FLOORS]
    found: dict[str, list[Round]] = {turn: [] for turn in turns}
    with tempfile.TemporaryDirectory(prefix="remarkwire-bench-") as name:
        folder = Path(name)
        with (
            start(Kind.LOCAL, data=folder / "services") as services,
            prepared(services, "bench-sink", folder) as settings,
        ):
            client = elastic.client(settings)
            size = send(settings, count)
            with fresh(settings, client, "bench-warm") as own:
                helper(own, client, count, "memory")
            for number in range(rounds):
                # Who begins changes from round to round.
                for turn in turns[number % 3 :] + turns[: number % 3]:
                    with fresh(settings, client, f"bench-{turn}-{number}") as own:
                        one = (
                            service(own, client, count, folder) if turn == "sink" else helper(own, client, count, turn)
                        )
                    found[turn].append(one)
                    print(f"{turn}: {one.rate:.0f}/s, CPU {one.cpu:.3f} s/1000", file=sys.stderr, flush=True)
            client.close()
    return found, size


def main() -> None:
    """Prints the table; exits with 1 below a floor."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.sink", description="The sink and parallel_bulk.")
    parser.add_argument("messages", type=int, nargs="?", default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    found, size = measure(asked.messages, asked.rounds)
    title = f"Sink, {asked.messages} messages of {size / 1000:.1f} kB, medians of {asked.rounds} rounds"
    table = Table(title=title, title_justify="left")
    for column in ("", "documents/s", "from", "to", "CPU s per 1,000", "sink's ratio", "wanted"):
        table.add_column(column, justify="right" if column else "left")
    names = {"sink": "remarkwire index", **{one: f"parallel_bulk, from {one}" for one in FLOORS}}
    middle = {turn: statistics.median(one.rate for one in rounds) for turn, rounds in found.items()}
    ratios = {turn: middle["sink"] / middle[turn] for turn in FLOORS}
    for turn, rounds in found.items():
        rates = [one.rate for one in rounds]
        cpu = statistics.median(one.cpu for one in rounds)
        compared = (f"{ratios[turn]:.2f}", f"{FLOORS[turn]:.2f}") if turn in FLOORS else ("", "")
        table.add_row(
            names[turn], f"{middle[turn]:.0f}", f"{min(rates):.0f}", f"{max(rates):.0f}", f"{cpu:.2f}", *compared
        )  # fmt: skip
    Console(width=112).print(table)
    sys.exit(any(ratios[turn] < floor for turn, floor in FLOORS.items()))


if __name__ == "__main__":
    main()
