"""What runs beside the pipeline of the soak: a fetcher with a site that grows, and a replay.

The fetcher has topics of its own: what it stamps with the time of the day would come into the pipeline at another place
in the order than in the run that nothing disturbs.
"""

import contextlib
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from console.generations import lineage, registry
from console.generations.compare import Snapshot, compare
from console.supervisor import Spec, Supervisor, wait_until
from deploy.services import Services
from runtime import steps
from runtime.settings import as_environment
from schemas.errors import Transient
from tests.faults.test_fetcher import STEPS, published, reading, served
from tests.faults.world import World
from tests.press import Press

_COMMAND = [sys.executable, "-P", "-m", "console.main"]
_TRIES = 5
_REPLAY_SECONDS = 400.0


class Fetcher:
    """Each page of its site must be in raw, and have one place in the order, whatever is done to it."""

    def __init__(self, services: Services, press: Press, folder: Path, kafka_at: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._press, self._folder, self._plan, self._count = press, folder, folder / "fetch.plan", 0
        self._settings = reading(
            press, services, "soak-fetch", folder, host_interval_seconds=0.05, interval_seconds=2.0
        )
        far = self._settings.kafka.model_copy(update={"bootstrap_servers": kafka_at})
        environment = as_environment(self._settings.model_copy(update={"kafka": far}))
        spec = Spec("fetch", [*_COMMAND, "fetch"], {**environment, steps.VARIABLE: str(self._plan)})
        self._supervisor = Supervisor([spec], folder / "logs", longest_backoff=0.5)

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        with self._supervisor:
            yield

    def publish(self, pages: int) -> None:
        """So many more on its site."""
        self._count += pages
        served(self._press, self._count)

    def disturb(self, chosen: random.Random) -> None:
        """It is killed, at once or at a step, or is asked to end."""
        how = chosen.choice(["step", "step", signal.SIGKILL, signal.SIGTERM])
        pid = self._supervisor.pid("fetch")
        if how == "step":
            self._plan.write_text(f"{chosen.choice(STEPS).split()[0]} {chosen.randint(1, 3)} kill\n")
        elif pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, how)

    def ends(self) -> int:
        return self._supervisor.ends()["fetch"]

    def verdict(self) -> list[str]:
        """What is wrong once it had time to fetch all."""

        def look() -> bool:
            try:
                return bool(published(self._settings, self._count))
            except (AssertionError, Transient):
                return False

        return [] if wait_until(look, 120, poll=2.0) else [f"not each of {self._count} pages is in raw once"]


class Replay:
    """A replay from ``reports`` that is begun, killed with its workers, and given again; what is done is pruned."""

    def __init__(self, one: World) -> None:
        self._one = one
        self._process: subprocess.Popen[bytes] | None = None
        self.finished = 0

    def begin_or_kill(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()
            return
        if self._process is not None and self._process.returncode == 0:
            self.finished += 1
            self._start("prune", str(max(registry.read(self._one.direct))), "--yes").wait(120)
        self._process = self._replay()

    def verdict(self) -> list[str]:
        """Lets it come to its end, now that nothing else happens, and says how the two generations differ."""
        if self._process is not None and self._process.poll() == 0:
            # It was done before the last articles came, and nobody has fed it since.
            self.begin_or_kill()
        for _ in range(_TRIES):
            if self._process is None or self._process.poll() is not None:
                self._process = self._replay()
            with contextlib.suppress(subprocess.TimeoutExpired):
                if self._process.wait(_REPLAY_SECONDS) == 0:
                    self.finished += 1
                    return self._differences()
            self._process.kill()
            self._process.wait()
        return [f"the replay did not end within {_TRIES} tries"]

    def _differences(self) -> list[str]:
        known, prefix = registry.read(self._one.direct), self._one.direct.pipeline.index_prefix
        assert lineage.unfinished(known) is None
        found = compare(self._one.client, prefix, Snapshot.take(self._one.client, prefix, 1), max(known), None)
        equal = found.same == 1.0 and not any((found.missing, found.gone, found.new, found.regrouped))
        return [] if equal else [f"generation {max(known)} is another: {found}"]

    def _replay(self) -> "subprocess.Popen[bytes]":
        return self._start("replay", "--from", "reports")

    def _start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        environment = {**os.environ, **as_environment(self._one.settings)}
        with (self._one.folder / "logs" / f"{arguments[0]}.log").open("ab") as log:
            return subprocess.Popen([*_COMMAND, *arguments], env=environment, stdout=log, stderr=log)
