"""``python -m tests.bench.load [--articles N] [--overload-minutes M]``: pages end to end, and twice what can be taken.

Pages in four languages of the length of real articles, one in ten with remarks of the watched speaker, with the menus,
teasers and stated dates that pages have, go from ``articles.raw`` to the indices on local services: rates, latencies
and memory.
Beside that the limit: processor time of the bare libraries on the same pages (trafilatura; the recognisers of spaCy
and slovnet; rensa's sketch of each report; confluent-kafka on as many messages of their size; ``helpers.bulk`` on the
same documents). It is told with names recognised in every article, which is what a pipeline of these libraries would
take, and only in the articles that name the speaker, where the service recognises; each on quiet cores, and once more
beside a shorter run, because work costs more processor time where others push it out of the caches, as they do with
ours. Compared is processor time, because the machine may have other work. The overload sends, for M minutes, twice as
many pages a second as that run could take. The exit code is 1 where the sum is not whole, a worker was started again,
memory was not flat or the stages did not catch up.
"""

import argparse
import contextlib
import multiprocessing
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec
import psutil
import trafilatura
import zstandard
from confluent_kafka import Producer
from elasticsearch.helpers import bulk
from rensa import RMinHash
from rich.console import Console
from rich.table import Table

from console.accounting import account, lags
from console.supervisor import Supervisor, wait_until
from deploy.services import Kind, Services, start
from ingest.clean import clean_page
from processors.annotate.core import annotate
from processors.annotate.entities import Recognizer, load_gazetteer
from processors.index.names import names as labels
from runtime import elastic, kafka
from runtime.records import records
from runtime.settings import AnnotateSettings, GroupSettings, IndexSettings, PipelineSettings, Settings
from runtime.topics import names
from schemas import AnnotatedArticle, CleanArticle, RawArticle, headers_of
from schemas.index import alias_of, document
from schemas.topics import ANNOTATED, CLEAN, GROUPED, RAW, REMARKS, REPORTS, STORIES
from tests.bench.latency import Written, latencies
from tests.bench.pages import pages
from tests.bench.stages import SPEAKER
from tests.pipeline import prepared, workers

STAGES = ("clean", "annotate", "group", "index")
HOPS = (RAW, CLEAN, ANNOTATED, REPORTS, GROUPED, REMARKS, STORIES)
_SAMPLE = 300
_LEAST_BESIDE = 2000


@dataclass
class Measured:
    """Of one run. ``cpu``: seconds of processor time by worker; ``memory``: MiB at each look; ``latency``: seconds from
    raw, sorted, by where to; ``ends``: how often each worker ended.
    """

    count: int
    seconds: float = 0.0
    cpu: dict[str, float] = field(default_factory=dict)
    memory: dict[str, list[int]] = field(default_factory=dict)
    latency: dict[str, list[float]] = field(default_factory=dict)
    lag: list[int] = field(default_factory=list)
    whole: bool = False
    ends: dict[str, int] = field(default_factory=dict)


# Memory is flat where the most is not more than the first fifth by a third and as many MiB. ``group`` keeps its window,
# which grows by so many MiB an article of these pages, of which one in six or so is a report.
_LEEWAY_MIB = 64
_WINDOW_MIB = {"group": 0.01}


def unmet(found: Measured) -> list[str]:
    """What a run does not keep of: nothing lost, nobody ended, memory flat."""
    wrong = [] if found.whole else ["the sum is not whole"]
    wrong += [f"{stage} ended {times} times" for stage, times in found.ends.items() if times]
    for stage, sizes in found.memory.items():
        allowed = _early(sizes) * 4 / 3 + _LEEWAY_MIB + found.count * _WINDOW_MIB.get(stage, 0.0)
        if max(sizes) > allowed:
            wrong.append(f"{stage} had {max(sizes)} MiB, {allowed:.0f} would be flat")
    return wrong


def _early(sizes: list[int]) -> int:
    """The most in the first fifth."""
    return max(sizes[: max(1, len(sizes) // 5)], default=0)


def settings_of(services: Services, folder: Path, name: str) -> contextlib.AbstractContextManager[Settings]:
    return prepared(
        services, name, folder,
        pipeline=PipelineSettings(prefix=f"{name}.", index_prefix=name, partitions=4, data=folder),
        annotate=AnnotateSettings(embeddings=False), group=GroupSettings(), index=IndexSettings(),
    )  # fmt: skip


def send(settings: Settings, made: list[RawArticle], rate: float | None = None) -> None:
    """Into raw: as fast as it goes, or so many a second."""
    deliveries, began, pause = kafka.Deliveries(kafka.producer(settings)), time.monotonic(), threading.Event()
    for number, one in enumerate(made):
        if rate is not None and (ahead := number / rate - (time.monotonic() - began)) > 0:
            pause.wait(ahead)
        deliveries.send(names(settings, RAW), one.encode(), key=one.outlet.id, headers=headers_of(one, "fetch"))
    deliveries.flush()


def run(
    services: Services,
    folder: Path,
    name: str,
    made: list[RawArticle],
    rate: float | None = None,
    began: Callable[[], None] = lambda: None,
) -> Measured:
    """All pages through all stages; the clock starts when the workers are ready, with the first page sent. ``began`` is
    called then.
    """
    found = Measured(len(made))
    with settings_of(services, folder, name) as settings:
        client = elastic.client(settings)
        alias = alias_of("articles", settings.pipeline.index_prefix)
        with workers(settings, folder, *STAGES) as supervisor:
            # One page through, so that no start of a worker is in the figures.
            send(settings, list(pages(2, seed=99))[:1])
            _until(lambda: _behind(settings) == 0, 120)
            before = _cpu(supervisor, services)
            written = Written(client, alias)
            sender = threading.Thread(target=send, args=(settings, made, rate))
            started = time.monotonic()
            sender.start()
            began()

            def done() -> bool:
                behind = _behind(settings)
                found.lag.append(behind)
                written.look()
                for stage, size in _memory(supervisor).items():
                    found.memory.setdefault(stage, []).append(size)
                return not sender.is_alive() and behind == 0

            _until(done, 60 + len(made) * 0.5)
            found.seconds = time.monotonic() - started
            found.cpu = {key: spent - before.get(key, 0.0) for key, spent in _cpu(supervisor, services).items()}
            found.latency = latencies(settings, written)
            found.whole = account(settings, client, alias).whole
            found.ends = supervisor.ends()
        client.close()
    return found


def _until(condition: object, seconds: float) -> None:
    assert callable(condition)
    if not wait_until(condition, seconds, poll=1.0):
        sys.exit(f"not done within {seconds:.0f} s")


def _behind(settings: Settings) -> int:
    return sum(lag.behind for lag in lags(settings))


def _family(pid: int) -> list[psutil.Process]:
    process = psutil.Process(pid)
    return [process, *process.children(recursive=True)]


def _cpu(supervisor: Supervisor, services: Services) -> dict[str, float]:
    pids = {stage: supervisor.pid(stage) or 0 for stage in STAGES}
    pids |= {name: services.pid(name) for name in ("kafka", "elasticsearch")}
    return {name: sum(sum(one.cpu_times()[:2]) for one in _family(pid)) for name, pid in pids.items()}


def _memory(supervisor: Supervisor) -> dict[str, int]:
    return {
        stage: sum(one.memory_info().rss for one in _family(pid)) >> 20
        for stage in STAGES
        if (pid := supervisor.pid(stage)) is not None
    }


@dataclass(frozen=True)
class Bare:
    """Milliseconds of processor time for an article, by library; ``unwatched``: where the speaker is not named."""

    parts: dict[str, float]
    unwatched: float

    @property
    def total(self) -> float:
        """Names recognised only in the articles that name the speaker."""
        return sum(self.parts.values())

    @property
    def everywhere(self) -> float:
        """Names recognised in every article."""
        return self.total + self.unwatched

    def with_clients(self, clients: dict[str, float]) -> "Bare":
        return replace(self, parts=self.parts | clients)


def bare_work(made: list[RawArticle]) -> Bare:
    """The bare libraries that compute, on a sample of the pages."""
    bodies = [zstandard.decompress(one.body) for one in made]
    parts: dict[str, float] = {}
    began = time.process_time()
    for body in bodies:
        trafilatura.bare_extraction(body)
    parts["trafilatura.bare_extraction"] = time.process_time() - began
    annotated = _annotated(made)
    watched = [one for one in annotated if any(entity.id == SPEAKER for entity in one.entities)]
    others = [one for one in annotated if one not in watched]
    recognizer = Recognizer()
    for lang in ("en", "ru"):
        recognizer.spans("Warm.", lang)
    parts["spaCy, slovnet, where he is named"] = _recognised(recognizer, watched)
    unwatched = _recognised(recognizer, others)
    began = time.process_time()
    for one in watched:
        words = one.article.full_text.split()
        sketch = RMinHash(num_perm=128, seed=1)
        sketch.update([" ".join(words[at : at + 5]) for at in range(max(1, len(words) - 4))])
        sketch.digest()
    parts["rensa, a sketch of each report"] = time.process_time() - began
    each = 1000 / len(made)
    return Bare({name: each * seconds for name, seconds in parts.items()}, each * unwatched)


def bare_transport(services: Services, folder: Path, made: list[RawArticle]) -> dict[str, float]:
    """The bare clients, on the same sample. Elasticsearch's and the broker's own time is not in it."""
    annotated = _annotated(made)
    parts = {
        "confluent-kafka": _bare_kafka(services, folder, made, [one.article for one in annotated], annotated),
        "helpers.bulk": _bare_bulk(services, folder, annotated),
    }
    return {name: seconds * 1000 / len(made) for name, seconds in parts.items()}


def _annotated(made: list[RawArticle]) -> list[AnnotatedArticle]:
    gazetteer = load_gazetteer()
    articles = [one for raw in made if isinstance(one := clean_page(raw), CleanArticle)]
    return [annotate(one, gazetteer=gazetteer, speakers={SPEAKER}) for one in articles]


def among_others(services: Services, folder: Path, made: list[RawArticle]) -> Bare:
    """``bare_work`` in a process of its own while the stages work on ``made``."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        asked: list[Future[Bare]] = []
        run(services, folder, "beside", made, began=lambda: asked.append(pool.submit(bare_work, made[:_SAMPLE])))
        if not asked[0].done():
            sys.exit("the stages were done before the bare libraries: more --articles are needed")
        return asked[0].result()


def _recognised(recognizer: Recognizer, articles: list[AnnotatedArticle]) -> float:
    """Seconds that the recognisers take for those of ``articles`` that are in a language they have."""
    began = time.process_time()
    for one in articles:
        if one.lang in {"en", "ru"}:
            recognizer.spans(one.article.full_text, one.lang)
    return time.process_time() - began


def _bare_kafka(
    services: Services,
    folder: Path,
    made: list[RawArticle],
    articles: list[CleanArticle],
    annotated: list[AnnotatedArticle],
) -> float:
    """Sends what each topic gets and reads it as often as stages do: raw once, clean once, annotated twice."""
    values = [one.encode() for one in (*made, *articles, *annotated)]
    with settings_of(services, folder / "bare-kafka", "bare-kafka") as settings:
        topic = names(settings, RAW)
        producer = Producer(kafka.connection(settings.kafka) | {"compression.type": "zstd", "linger.ms": 5})
        began = time.process_time()
        for value in values:
            producer.produce(topic, value, key=value[:8])
            producer.poll(0)
        producer.flush()
        for _ in range(2):
            sum(1 for _record in records(settings, topic))
        spent = time.process_time() - began
    # Read twice as a whole, where only the annotated are read twice.
    return spent * (len(made) + len(articles) + 2 * len(annotated)) / (2 * len(values))


def _bare_bulk(services: Services, folder: Path, annotated: list[AnnotatedArticle]) -> float:
    known = labels()
    with settings_of(services, folder / "bare-bulk", "bare-bulk") as settings:
        client = elastic.client(settings)
        index = f"{settings.pipeline.index_prefix}-articles-g1"
        actions = [
            {"_index": index, "_id": one.id, "_source": one.body} for one in (document(a, known) for a in annotated)
        ]
        began = time.process_time()
        bulk(client, actions, chunk_size=500)
        spent = time.process_time() - began
        client.close()
    return spent


def show(out: Console, title: str, found: Measured) -> None:
    table = Table(title=f"{title}: {found.count} articles in {found.seconds:.0f} s", title_justify="left")
    for column in ("", "CPU ms an article", "MiB, first fifth", "MiB, most", "started again"):
        table.add_column(column, justify="right" if column else "left")
    for name, spent in found.cpu.items():
        sizes = found.memory.get(name, [])
        most = str(max(sizes, default=0) or "")
        again = str(found.ends.get(name, ""))
        table.add_row(name, f"{1000 * spent / found.count:.1f}", str(_early(sizes) or ""), most, again)
    out.print(table)
    out.print(
        f"{found.count / found.seconds:.1f} articles/s; most records behind {max(found.lag)}; "
        f"sum {'whole' if found.whole else 'NOT WHOLE'}"
    )
    table = Table(title="Seconds from the record in raw", title_justify="left")
    for column in ("to", "articles", "median", "95th", "99th", "most"):
        table.add_column(column, justify="left" if column == "to" else "right")
    for where, seconds in found.latency.items():
        cuts = statistics.quantiles(seconds, n=100) if len(seconds) > 1 else [0.0] * 99
        shares = [f"{second:.1f}" for second in (cuts[49], cuts[94], cuts[98], max(seconds, default=0.0))]
        table.add_row(where, str(len(seconds)), *shares)
    out.print(table)
    for line in unmet(found):
        out.print(f"WRONG: {line}")


def show_limits(out: Console, limits: dict[str, Bare]) -> None:
    table = Table(title="The limit: bare libraries on the same pages, CPU ms an article", title_justify="left")
    table.add_column("")
    for cores in limits:
        table.add_column(f"{cores} cores", justify="right")
    for part in limits["quiet"].parts:
        table.add_row(part, *[f"{limit.parts[part]:.2f}" for limit in limits.values()])
    table.add_row("spaCy, slovnet, in all others", *[f"{limit.unwatched:.2f}" for limit in limits.values()])
    out.print(table)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.load", description="Load, end to end.")
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--overload-minutes", type=float, default=10.0)
    asked = parser.parse_args()
    out = Console(width=112)
    with tempfile.TemporaryDirectory(prefix="remarkwire-load-") as name:
        folder = Path(name)
        with start(Kind.LOCAL, data=folder / "services", progress=print) as services:
            made = list(pages(asked.articles))
            quiet = bare_work(made[:_SAMPLE])
            clients = bare_transport(services, folder, made[:_SAMPLE])
            found = run(services, folder / "whole", "load", made)
            show(out, "The whole way", found)
            wrong = unmet(found)
            busy = among_others(services, folder / "beside", made[: max(_LEAST_BESIDE, len(made) // 5)])
            limits = {"quiet": quiet.with_clients(clients), "busy": busy.with_clients(clients)}
            show_limits(out, limits)
            ours = 1000 * sum(found.cpu[stage] for stage in STAGES) / found.count
            ratios = {"rate": found.count / found.seconds}
            for cores, limit in limits.items():
                for where, total in (("in every article", limit.everywhere), ("where he is named", limit.total)):
                    ratios[f"{cores}, {where}"] = share = total / ours
                    told = f"bare {total:.1f} ms, ours {ours:.1f} ms: {share:.2f} of the limit"
                    out.print(f"{cores} cores, names {where}: {told}")
            print(msgspec.json.encode(ratios).decode())
            if asked.overload_minutes:
                rate = 2 * found.count / found.seconds
                more = list(pages(int(rate * 60 * asked.overload_minutes), seed=5))
                over = run(services, folder / "over", "over", more, rate)
                show(out, f"Twice as many, {rate:.0f} a second", over)
                wrong += unmet(over)
            if wrong:
                sys.exit("; ".join(wrong))


if __name__ == "__main__":
    main()
