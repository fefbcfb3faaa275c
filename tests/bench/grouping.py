"""How grouping grows: one speaker, a window filled with synthetic reports; and copies against bare rensa.

``python -m tests.bench.grouping N`` builds the state of N reports from entries and decides on 2,000 more; it prints one
JSON line: how long building took, memory, and the rate.
"""

import gc
import json
import subprocess
import sys
import time
from collections.abc import Iterator

import psutil
from rensa import RMinHash, RMinHashLSH

from processors.annotate.features import PERMUTATIONS, unpack_shingles
from processors.group.copies.verbatim import CopyIndex, compare, precedes
from processors.group.grouper import Grouper
from processors.group.model import default_model
from processors.group.report.facts import Facts
from schemas import Entry, Source
from tests.bench.synthetic import SPEAKER, Corpus

_LAST = 2000


def fill(count: int) -> dict[str, float]:
    """Builds the state of ``count`` reports from entries, as after a restart, then decides on more as the worker does,
    without its topics.
    """
    timed = min(_LAST, count // 5)
    later = []
    stored = []
    for number, (report, decision) in enumerate(Corpus(count + timed).decided()):
        if number >= count:
            later.append(report)
            continue
        source = Source(topic="reports", partition=0, offset=number)
        stored.append(Entry(report=report, source=source, decision=decision).encode())
    before = psutil.Process().memory_info().rss
    began, began_cpu = time.perf_counter(), time.process_time()
    gc.disable()  # as the worker does
    grouper = Grouper.rebuild(SPEAKER, map(Entry.decode, stored))
    gc.enable()
    rebuild, rebuild_cpu = time.perf_counter() - began, time.process_time() - began_cpu
    memory = psutil.Process().memory_info().rss - before
    gc.freeze()
    began, began_cpu = time.perf_counter(), time.process_time()
    for number, report in enumerate(later):
        outcome = grouper.decide(report, Source(topic="reports", partition=0, offset=count + number))
        if outcome.entry is not None:
            outcome.entry.encode()
        for message in outcome.outputs:
            message.encode()
    wall, cpu = time.perf_counter() - began, time.process_time() - began_cpu
    return {
        "reports": count,
        "rate": timed / wall,
        "rate_cpu": timed / cpu,
        "memory_mib": memory >> 20,
        "entries_mib": sum(map(len, stored)) >> 20,
        "rebuild_seconds": rebuild,
        "rebuild_cpu": rebuild_cpu,
    }


def measure(counts: list[int]) -> Iterator[dict[str, float]]:
    """Each in a process of its own, so that memory is its own."""
    for count in counts:
        command = [sys.executable, "-m", "tests.bench.grouping", str(count)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
        yield json.loads(done.stdout)


def copies(count: int = 10_000) -> dict[str, float]:
    """Microseconds a report for finding copies among ``count`` reports, against rensa on the same signatures."""
    reports = list(Corpus(count).reports())
    facts = [Facts(report) for report in reports]
    model = default_model().copies
    known = {one.report.report_id: one for one in facts}
    gc.freeze()  # as the worker does with what is built before
    index = CopyIndex(model)
    began = time.process_time()
    for one in facts:
        index.candidates(one)
        index.add(one)
    ours = time.process_time() - began
    index = CopyIndex(model)
    began = time.process_time()
    for one in facts:
        for other in index.candidates(one):
            if precedes(known[other], one):
                compare(one, known[other], model)
        index.add(one)
    verified = time.process_time() - began
    tokens = [[str(h) for h in unpack_shingles(report.signature).tolist()] for report in reports]
    began = time.process_time()
    sketches = []
    for one in tokens:
        sketch = RMinHash(PERMUTATIONS, 42)
        sketch.update(one)
        sketches.append(sketch)
    sketching = time.process_time() - began
    lsh = RMinHashLSH(0.5, PERMUTATIONS, 42)
    began = time.process_time()
    for number, sketch in enumerate(sketches):
        lsh.query(sketch)
        lsh.insert(number, sketch)
    bare = time.process_time() - began
    scale = 1e6 / count
    return {
        "ours": ours * scale,
        "verified": verified * scale,
        "rensa": bare * scale,
        "rensa_with_sketching": (bare + sketching) * scale,
    }


if __name__ == "__main__":
    print(json.dumps(fill(int(sys.argv[1]))))
