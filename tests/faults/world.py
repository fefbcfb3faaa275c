"""A pipeline that can be broken: inputs by seed, workers that are restarted at once, a wait until all is quiet."""

import contextlib
import datetime
import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import psutil
import zstandard
from elasticsearch import ApiError, Elasticsearch, TransportError

from console.accounting import lags
from console.commands.run import command
from console.supervisor import Spec, Supervisor, wait_until
from deploy.services import Services
from runtime import elastic, kafka, steps
from runtime.settings import AnnotateSettings, GroupSettings, IndexSettings, PipelineSettings, Settings, as_environment
from runtime.topics import names
from schemas import RawArticle, headers_of
from schemas.errors import Transient
from schemas.topics import ANNOTATED, CLEAN, RAW, REPORTS, STORIES, Topic
from tests.articles import articles
from tests.faults.oracle import Indices, indices, judge
from tests.pipeline import prepared

STAGES = ("clean", "annotate", "group", "index")
BEGAN = datetime.datetime(2026, 5, 2, 8, tzinfo=datetime.UTC)
SEED = 11
_MEASURE_SECONDS = 1.0
_QUIET = 2
"""So many looks in a row must find nothing under way."""


def inputs(count: int, seed: int = SEED) -> list[RawArticle]:
    """Articles of occasions and other news; one in seven comes again with another text, one in twelve is too short to
    be an article, one in fifteen cannot be read. Each article has one fate only.
    """
    chosen = random.Random(seed)
    out: list[RawArticle] = []
    for number, one in enumerate(articles(count, seed=seed, began=BEGAN)):
        if number % 12 == 5:
            out.append(_with_text(one, "Too short."))
        elif number % 15 == 7:
            out.append(msgspec.structs.replace(one, body=chosen.randbytes(60)))
        else:
            out.append(one)
            if number % 7 == 3:
                text = msgspec.json.decode(zstandard.decompress(one.body))["text"]
                later = one.fetched + datetime.timedelta(seconds=30)
                again = _with_text(one, f"{text}\nCorrection {chosen.randrange(100)}: a figure was wrong at first.")
                out.append(msgspec.structs.replace(again, fetched=later, visit=2))
    return out


def _with_text(one: RawArticle, text: str) -> RawArticle:
    row = msgspec.json.decode(zstandard.decompress(one.body)) | {"text": text}
    return msgspec.structs.replace(one, body=zstandard.compress(msgspec.json.encode(row)))


@dataclass
class World:
    """Settings, workers and what was put in. ``settings`` are those of the workers, which may look through a proxy;
    ``direct`` leads to the services themselves.
    """

    services: Services
    settings: Settings
    direct: Settings
    folder: Path
    client: Elasticsearch
    sent: list[RawArticle] = field(default_factory=list)
    supervisor: Supervisor | None = None
    memory: dict[str, int] = field(default_factory=dict)
    """The most MiB that a worker of each stage has had, its children included."""

    def spec(self, name: str, **environment: str) -> Spec:
        """A worker: ``group-2`` is the second of ``group``."""
        stage, _, instance = name.partition("-")
        plan = {steps.VARIABLE: str(self.plan(name))}
        return Spec(
            name,
            [*command(), stage, "--instance", instance or "1"] if stage != "index" or instance else [*command(), stage],
            {**as_environment(self._of(instance)), **plan, **environment},
        )

    def _of(self, instance: str) -> Settings:
        pipeline = self.settings.pipeline.model_copy(update={"instance": instance or "1"})
        return self.settings.model_copy(update={"pipeline": pipeline})

    def plan(self, name: str) -> Path:
        return self.folder / f"{name}.plan"

    def break_at(self, name: str, *lines: str) -> None:
        """From now on the worker is killed or hung at these steps, each line once (``runtime.steps``)."""
        new = self.plan(name).with_suffix(".new")
        new.write_text("".join(f"{line}\n" for line in lines))
        new.replace(self.plan(name))

    def broken(self, *workers: str) -> bool:
        """Whether all steps of these workers' plans were reached."""
        return not any(self.plan(name).is_file() and self.plan(name).read_text() for name in workers or STAGES)

    @contextlib.contextmanager
    def workers(self, *stages: str, **environment: str) -> Iterator[Supervisor]:
        specs = [self.spec(name, **environment) for name in stages or STAGES]
        with Supervisor(specs, self.folder / "logs", longest_backoff=0.5) as supervisor:
            self.supervisor = supervisor
            ended = threading.Event()
            measuring = threading.Thread(target=self._measure, args=(supervisor, ended), daemon=True)
            measuring.start()
            try:
                yield supervisor
            finally:
                ended.set()
                measuring.join()
                self.supervisor = None

    def _measure(self, supervisor: Supervisor, ended: threading.Event) -> None:
        while not ended.wait(_MEASURE_SECONDS):
            for name in supervisor.ends():
                pid, stage = supervisor.pid(name), name.partition("-")[0]
                with contextlib.suppress(psutil.Error):  # it has ended meanwhile
                    if pid is not None:
                        family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
                        size = sum(one.memory_info().rss for one in family) >> 20
                        self.memory[stage] = max(size, self.memory.get(stage, 0))

    def pid(self, name: str) -> int:
        """The process of a worker, once it runs."""
        assert self.supervisor is not None
        found: list[int] = []

        def look() -> bool:
            assert self.supervisor is not None
            pid = self.supervisor.pid(name)
            found.extend([pid] if pid is not None else [])
            return bool(found)

        assert wait_until(look, 30, poll=0.02), f"{name} does not run"
        return found[-1]

    def send(self, made: Iterable[RawArticle]) -> None:
        """Into raw, all of them in one partition's order where there is one partition."""
        deliveries = kafka.Deliveries(kafka.producer(self.direct))
        for one in made:
            self.sent.append(one)
            deliveries.send(names(self.direct, RAW), one.encode(), key=one.outlet.id, headers=headers_of(one, "fetch"))
        deliveries.flush()

    def poison(self, seed: int, topics: Iterable[Topic] = (RAW, CLEAN, ANNOTATED, REPORTS, STORIES)) -> None:
        """A record of random bytes in each of these topics, some with headers of a message, some without; some have no
        key, and some of those no value either.
        """
        chosen = random.Random(seed)
        deliveries = kafka.Deliveries(kafka.producer(self.direct))
        for topic in topics:
            value: bytes | None = chosen.choice(
                [b"{no json", b"{}", b"[[[[" * 200, chosen.randbytes(chosen.randrange(1, 400))]
            )
            headers = [(chosen.choice(["ce_type", "x"]), chosen.randbytes(8))] if chosen.random() < 0.5 else []
            key: bytes | None = chosen.randbytes(4)
            # No compacted topic takes a record without a key.
            if not topic.compacted and chosen.random() < 0.2:
                key = None
                value = chosen.choice([None, value])
            deliveries.send(names(self.direct, topic), value, key=key, headers=headers)
        deliveries.flush()

    def quiet(self) -> bool:
        """Whether nothing is under way."""
        try:
            return all(lag.behind == 0 for lag in lags(self.direct))
        except Transient:
            return False

    def settle(self, seconds: float = 150.0) -> None:
        """Waits until all is done, and gives up once nothing was committed for so many seconds. What ``group`` holds is
        not committed, so it counts as under way.
        """
        quiet, before, since = 0, -1, time.monotonic()

        def look() -> bool:
            nonlocal quiet, before, since
            quiet = quiet + 1 if self.quiet() else 0
            committed = self.committed()
            if committed != before:
                before, since = committed, time.monotonic()
            return quiet > _QUIET or time.monotonic() - since > seconds

        wait_until(look, 3600, poll=0.5)
        assert quiet > _QUIET, f"{lags(self.direct)}\n{self.ends_of_logs()}"

    def committed(self) -> int:
        """Sum of the committed offsets; the same as before tells nothing while the broker is away."""
        try:
            return sum(lag.committed for lag in lags(self.direct))
        except Transient:
            return -1

    def indexed(self) -> int:
        """Articles in the index, as far as it answers."""
        try:
            alias = f"{self.direct.pipeline.index_prefix}-articles"
            self.client.indices.refresh(index=alias)
            return int(self.client.count(index=alias)["count"])
        except (ApiError, TransportError):
            return -1

    def until(self, condition: Callable[[], bool], what: str, seconds: float = 240.0, poll: float = 0.2) -> None:
        assert wait_until(condition, seconds, poll), f"{what}: not within {seconds:.0f} s\n{self.ends_of_logs()}"

    def ends_of_logs(self) -> str:
        logs = sorted((self.folder / "logs").glob("*.log"))
        return "\n".join(f"--- {log.name}\n{log.read_text(errors='replace')[-2500:]}" for log in logs)

    def log(self, name: str) -> str:
        return (self.folder / "logs" / f"{name}.log").read_text(errors="replace")

    def assert_all_well(self, undisturbed: Indices | None) -> Mapping[str, int]:
        """The oracle finds nothing."""
        print(f"most MiB: {self.memory}")
        verdict = judge(self.direct, self.client, undisturbed, {one.article_id for one in self.sent}, self.memory)
        assert verdict.wrong == [], "\n".join([*verdict.wrong, self.ends_of_logs()])
        return verdict.counts


@contextlib.contextmanager
def world(
    services: Services,
    unique: str,
    folder: Path,
    *,
    kafka_at: str | None = None,
    elasticsearch_at: str | None = None,
    partitions: int = 1,
    **sections: Any,
) -> Iterator[World]:
    """One partition unless told: then the order of decisions is that of the inputs, whatever is broken on the way, and
    the indices can be compared to the byte. ``kafka_at`` and ``elasticsearch_at`` are addresses of proxies.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made = {
        "pipeline": PipelineSettings(prefix=f"{unique}.", index_prefix=unique, partitions=partitions, data=folder),
        "annotate": AnnotateSettings(embeddings=False, recognition=False),
        "group": GroupSettings(reorder_seconds=0.5),
        "index": IndexSettings(batch_documents=20, batch_seconds=0.2),
    } | sections
    with prepared(services, unique, folder, **made) as direct:
        settings = direct
        if kafka_at is not None:
            settings = settings.model_copy(
                update={"kafka": direct.kafka.model_copy(update={"bootstrap_servers": kafka_at})}
            )
        if elasticsearch_at is not None:
            settings = settings.model_copy(
                update={
                    "elasticsearch": direct.elasticsearch.model_copy(
                        update={"url": elasticsearch_at, "timeout_seconds": 5.0}
                    )
                }
            )
        client = elastic.client(direct)
        try:
            yield World(services, settings, direct, folder, client)
        finally:
            for index in client.indices.get(index=f"{unique}-*"):
                client.indices.delete(index=index)
            client.close()


def run_undisturbed(services: Services, unique: str, folder: Path, made: list[RawArticle]) -> Indices:
    """The indices of a run that nothing disturbs."""
    with world(services, unique, folder) as quiet:
        quiet.send(made)
        with quiet.workers():
            quiet.settle()
        quiet.assert_all_well(None)
        return indices(quiet.direct, quiet.client)
