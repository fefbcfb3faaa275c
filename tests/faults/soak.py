"""``python -m tests.faults.soak [--minutes N] [--seed S]``: a random schedule of faults, then the oracle, then a table.

Articles come all the time. Every few seconds something is broken that the seed chooses; some faults overlap. In between
it is asked whether more is committed than is durable. In the end the weather is fair, everything settles, and the
indices are compared with those of a run of the same articles that nothing disturbed.
"""

import argparse
import contextlib
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rich.console import Console
from rich.table import Table

from console.supervisor import wait_until
from deploy.services import ELASTICSEARCH, KAFKA, Kind, Services, start
from runtime import kafka
from runtime.records import records
from runtime.settings import PipelineSettings
from runtime.topics import create, names
from schemas.errors import Transient
from schemas.topics import dlq_name
from tests.faults.beside import Fetcher, Replay
from tests.faults.oracle import Indices, committed_but_not_durable, judge
from tests.faults.proxy import ElasticsearchProxy, KafkaProxy, Proxy
from tests.faults.test_kills import ROUNDS
from tests.faults.test_services import QUEUES
from tests.faults.test_state import HARMS, compact_eagerly
from tests.faults.world import STAGES, World, inputs, run_undisturbed, world
from tests.press import Press

_PORTION = 2
_REQUEST_SECONDS = 15.0
_STUCK_SECONDS = 30.0
_STEPS = {
    stage: sorted({line.split()[0] for line in ", ".join(lines).split(", ")})
    for stage, lines in zip(STAGES, zip(*ROUNDS, strict=True), strict=True)
}


class Soak:
    """What can be done to a world; each fault is a method that does it and undoes it."""

    def __init__(
        self, one: World, services: Services, broker: Proxy, elastic: Proxy, fetcher: Fetcher, seed: int
    ) -> None:
        self.one, self.services, self.broker, self.elastic = one, services, broker, elastic
        self.fetcher, self.replay = fetcher, Replay(one)
        self.chosen = random.Random(seed)
        self.done: Counter[str] = Counter()
        self.wrong: list[str] = []
        self._pause = threading.Event()
        self._second: set[str] = set()

    def wait(self, least: float, most: float) -> None:
        self._pause.wait(self.chosen.uniform(least, most))

    def signal(self, stage: str, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.one.pid(stage), number)

    def kill(self) -> None:
        self.signal(self.chosen.choice(STAGES), signal.SIGKILL)

    def kill_all(self) -> None:
        for stage in STAGES:
            self.signal(stage, signal.SIGKILL)

    def kill_at_step(self) -> None:
        stage = self.chosen.choice(STAGES)
        self.one.break_at(stage, f"{self.chosen.choice(_STEPS[stage])} {self.chosen.randint(1, 4)} kill")

    def hang_at_step(self) -> None:
        """Until its watch ends it, or another fault."""
        stage = self.chosen.choice(STAGES)
        self.one.break_at(stage, f"{self.chosen.choice(_STEPS[stage])} {self.chosen.randint(1, 4)} hang")

    def terminate(self) -> None:
        self.signal(self.chosen.choice(STAGES), signal.SIGTERM)

    def freeze(self) -> None:
        stage = self.chosen.choice(STAGES)
        frozen = self.one.pid(stage)
        with contextlib.suppress(ProcessLookupError):
            os.kill(frozen, signal.SIGSTOP)
            self.wait(1, 11)
            os.kill(frozen, signal.SIGCONT)

    def worker_comes_or_goes(self) -> None:
        self._second ^= {self.chosen.choice(STAGES)}
        self.staff()

    def staff(self) -> None:
        assert self.one.supervisor is not None
        self.one.supervisor.reconcile([self.one.spec(name) for name in (*STAGES, *(f"{s}-2" for s in self._second))])

    def poison(self) -> None:
        self.one.poison(self.chosen.randrange(10**6))

    def weather(self, proxy: Proxy, seconds: tuple[float, float], **weather: Any) -> None:
        before = proxy.seen["bulk"]
        proxy.change(**weather)
        if proxy is self.elastic:
            # Weather that nobody is out in breaks nothing.
            wait_until(lambda: proxy.seen["bulk"] > before, _REQUEST_SECONDS)
        self.wait(*seconds)
        proxy.change()

    def elasticsearch_refuses(self) -> None:
        status, kind = self.chosen.choice([429, 503]), self.chosen.choice(["status", "item_status"])
        self.weather(self.elastic, (2, 8), **{kind: (status, self.chosen.uniform(0.2, 0.9))})

    def elasticsearch_loses_answers(self) -> None:
        self.weather(self.elastic, (2, 8), lost=0.7)

    def elasticsearch_takes_less(self) -> None:
        self.weather(self.elastic, (2, 8), largest=10_000)

    def elasticsearch_half_open(self) -> None:
        self.weather(self.elastic, (2, 8), deaf=True)

    def elasticsearch_resets(self) -> None:
        self.weather(self.elastic, (2, 8), resets=0.5)

    def elasticsearch_restarts(self) -> None:
        if self.chosen.random() < 0.5:
            self.services.kill(ELASTICSEARCH)
            self.wait(0, 5)
        self.services.restart(ELASTICSEARCH)

    def index_is_read_only(self) -> None:
        index = f"{self.one.direct.pipeline.index_prefix}-{self.chosen.choice(['articles', 'stories'])}-g1"
        key = "index.blocks.read_only_allow_delete"
        self.one.client.indices.put_settings(index=index, settings={key: True})
        self.wait(2, 8)
        self.one.client.indices.put_settings(index=index, settings={key: None})

    def broker_slow(self) -> None:
        self.weather(self.broker, (2, 8), latency=self.chosen.uniform(0.02, 0.3))

    def broker_resets(self) -> None:
        self.weather(self.broker, (2, 6), resets=0.05)

    def broker_cut(self) -> None:
        self.broker.cut()

    def broker_half_open(self) -> None:
        self.weather(self.broker, (3, 10), deaf=True)

    def broker_restarts(self) -> None:
        if self.chosen.random() < 0.5:
            self.services.kill(KAFKA)
            self.wait(0, 15)
        self.services.restart(KAFKA)

    def state_is_harmed(self) -> None:
        """Deleted, or its files cut, missing or with wrong bytes, while nobody has them open."""
        self.signal("group", signal.SIGSTOP)
        with contextlib.suppress(OSError):
            for folder in (self.one.folder / "tables").glob("*-group-g1-1"):
                self.chosen.choice(HARMS)(folder)
        self.signal("group", signal.SIGKILL)

    def dead_letter_queue_is_away(self) -> None:
        """While something comes that is to be buried there. What lay in it is put back, for it would be missed: so
        nobody may write to it between the reading and the deletion.
        """
        assert self.one.supervisor is not None
        topic, client = self.chosen.choice(QUEUES), kafka.admin(self.one.direct)
        queue = dlq_name(names(self.one.direct, topic))
        there = [pid for name in self.one.supervisor.ends() if (pid := self.one.supervisor.pid(name)) is not None]
        for number in (signal.SIGSTOP, signal.SIGCONT):
            for pid in there:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)
            if number == signal.SIGSTOP:
                self.wait(1, 1)  # what they have sent has come, through the proxy too
                letters = list(records(self.one.direct, queue))
                (gone,) = client.delete_topics([queue], operation_timeout=20).values()
                gone.result(60)
        self.one.poison(self.chosen.randrange(10**6), [topic])
        self.wait(5, 15)
        create(client, self.one.direct)
        deliveries = kafka.Deliveries(kafka.producer(self.one.direct))
        for letter in letters:
            deliveries.send(queue, letter.value(), key=letter.key(), headers=kafka.headers(letter))
        deliveries.flush()

    def fetcher_is_disturbed(self) -> None:
        self.fetcher.disturb(self.chosen)

    def replay_begins_or_is_killed(self) -> None:
        self.replay.begin_or_kill()

    def faults(self) -> list[tuple[Callable[[], None], int]]:
        """Each with its weight."""
        return [
            (self.kill, 3), (self.kill_all, 1), (self.kill_at_step, 6), (self.terminate, 2), (self.freeze, 3),
            (self.worker_comes_or_goes, 4), (self.poison, 2), (self.elasticsearch_refuses, 3),
            (self.elasticsearch_loses_answers, 2), (self.elasticsearch_takes_less, 1),
            (self.elasticsearch_half_open, 1), (self.elasticsearch_resets, 1), (self.elasticsearch_restarts, 1),
            (self.index_is_read_only, 1), (self.broker_slow, 1), (self.broker_resets, 1), (self.broker_cut, 2),
            (self.broker_half_open, 1), (self.broker_restarts, 1), (self.state_is_harmed, 2),
            (self.hang_at_step, 2), (self.dead_letter_queue_is_away, 2), (self.fetcher_is_disturbed, 4),
            (self.replay_begins_or_is_killed, 4),
        ]  # fmt: skip

    def run(self, seconds: float, made: list[Any]) -> None:
        faults = self.faults()
        until, number = time.monotonic() + seconds, 0
        while time.monotonic() < until:
            (fault,) = self.chosen.choices([one for one, _ in faults], [weight for _, weight in faults])
            self.one.send(made[number * _PORTION : (number + 1) * _PORTION])
            self.fetcher.publish(1)
            number += 1
            print(f"{time.strftime('%T')} {fault.__name__}", flush=True)
            fault()
            self.done[fault.__name__] += 1
            self.wait(0.5, 4)
            if number % 5 == 0:
                self.look()
        self._second.clear()
        self.staff()
        self.one.send(made[number * _PORTION :])

    def look(self) -> None:
        self.done["(looked whether more is committed than is durable)"] += 1
        try:
            self.wrong += committed_but_not_durable(self.one.direct, self.one.client)
        except Transient as error:
            print(f"could not look: {error}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.soak", description="Faults at random.")
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where logs and data are kept")
    asked = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = asked.folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="remarkwire-soak-")))
        folder.mkdir(parents=True, exist_ok=True)
        services = stack.enter_context(start(Kind.LOCAL, data=folder / "services", progress=print))
        made = inputs(int(asked.minutes * 15) + 20, asked.seed)
        undisturbed = run_undisturbed(services, "undisturbed", folder / "undisturbed", made)
        host, _, port = services.bootstrap_servers.partition(":")
        at = urlsplit(services.elasticsearch_url)
        broker = stack.enter_context(KafkaProxy((host, int(port)), asked.seed))
        elastic = stack.enter_context(ElasticsearchProxy((at.hostname or "", at.port or 0), asked.seed))
        pipeline = PipelineSettings(
            prefix="soak.", index_prefix="soak", partitions=1, data=folder / "soak", stuck_seconds=_STUCK_SECONDS
        )
        one = stack.enter_context(
            world(
                services, "soak", folder / "soak", pipeline=pipeline,
                kafka_at=broker.address, elasticsearch_at=f"http://{elastic.address}",
            )
        )  # fmt: skip
        compact_eagerly(one)
        press = stack.enter_context(Press())
        fetcher = Fetcher(services, press, folder / "fetch", broker.address)
        soaking = Soak(one, services, broker, elastic, fetcher, asked.seed)
        sys.exit(soak(soaking, undisturbed, asked.minutes * 60, asked.seed, made))


def soak(soaking: Soak, undisturbed: Indices, seconds: float, seed: int, made: list[Any]) -> int:
    """Breaks things, and prints what was done and what came of it; returns the exit code."""
    out, one = Console(width=112), soaking.one
    with one.workers() as supervisor, soaking.fetcher.running():
        soaking.run(seconds, made)
        began = time.monotonic()
        ends = supervisor.ends()
        one.settle(600)
        settled = time.monotonic() - began
        verdict = judge(one.direct, one.client, undisturbed, {each.article_id for each in one.sent}, one.memory)
        wrong = [*soaking.wrong, *verdict.wrong, *soaking.fetcher.verdict(), *soaking.replay.verdict()]
    table = Table(title=f"Soak, {seconds / 60:.0f} minutes, seed {seed}", title_justify="left")
    table.add_column("fault")
    table.add_column("times", justify="right")
    for name, times in sorted(soaking.done.items()):
        table.add_row(name.replace("_", " "), str(times))
    out.print(table)
    out.print(
        f"ends of workers: {ends}; of the fetcher: {soaking.fetcher.ends()}; replays done: {soaking.replay.finished}"
    )
    out.print(f"Kafka's proxy: {dict(soaking.broker.seen)}; Elasticsearch's: {dict(soaking.elastic.seen)}")
    out.print(f"counts: {verdict.counts}; reasons: {verdict.reasons}; settled in {settled:.0f} s")
    out.print(f"most memory, with children, MiB: {one.memory}")
    for line in wrong[:40]:
        out.print(f"WRONG: {line}", soft_wrap=True)
    out.print("all holds" if not wrong else f"{len(wrong)} things are wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    main()
