"""``FUZZ_SECONDS=600 python -m tests.fuzz [TARGET ...]``: fuzzes each target for its share of the time.

New examples in every run. Prints how many were tried; a failure is printed with the smallest input that shows it, and
the run goes on with the next target. Ends with 1 where there was one.
"""

import os
import random
import sys
import time
import traceback
import warnings

from hypothesis import HealthCheck, given, seed, settings

from runtime.logging import configure
from runtime.settings import LogSettings
from tests.fuzz.targets import TARGETS, Target

CHUNK = 200
MOST_SECONDS = 10.0
"""Of the processor, for one input of some kilobytes."""


def main() -> None:
    warnings.simplefilter("error")
    configure(LogSettings(level="error"), "fuzz")
    names = sys.argv[1:]
    chosen = [target for target in TARGETS if not names or target.name in names]
    if not chosen:
        sys.exit(f"no such target; there are {', '.join(target.name for target in TARGETS)}")
    share = float(os.environ.get("FUZZ_SECONDS", "600")) / len(chosen)
    failed = [target.name for target in chosen if not fuzz(target, share)]
    sys.exit(f"failed: {', '.join(failed)}" if failed else 0)


def fuzz(target: Target, seconds: float) -> bool:
    begin, tried = time.monotonic(), 0
    while time.monotonic() - begin < seconds:
        number = random.getrandbits(64)

        @seed(number)
        @settings(max_examples=CHUNK, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(target.inputs)
        def holds(value: object) -> None:
            nonlocal tried
            tried += 1
            start = time.process_time()
            target.check(value)
            assert time.process_time() - start < MOST_SECONDS

        try:
            holds()
        except Exception:  # noqa: BLE001 - whatever is raised is the finding
            print(f"{target.name}: failed after {tried} examples, seed {number}", flush=True)
            traceback.print_exc(file=sys.stdout)
            return False
    print(f"{target.name}: {tried} examples in {time.monotonic() - begin:.0f} s, nothing found", flush=True)
    return True


if __name__ == "__main__":
    main()
