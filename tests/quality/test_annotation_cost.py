"""What annotation costs, by processor time and memory: short runs of the benches that ``make bench`` runs in full.

How it compares with the recognisers differs between machines and kinds of text (docs/performance.md), so the floors
here are wide: they show that something costs several times what it did.
"""

import subprocess
import sys

import pytest

from tests.bench import recognising

pytestmark = pytest.mark.quality

# Of each language; the bench takes all.
_TEXTS = 6
_FLOOR = 0.4


@pytest.mark.parametrize(("bench", "size"), [("lengths", 30_000), ("memory", 120)])
def test_long_texts_and_many_articles_are_within_their_bounds(bench: str, size: int) -> None:
    command = [sys.executable, "-P", "-m", f"tests.bench.{bench}", str(size)]
    run = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_beside_the_bare_recognisers() -> None:
    texts = {lang: own[:_TEXTS] for lang, own in recognising.own_texts().items()}
    costs = list(recognising.measure(texts))
    assert {cost.library for cost in costs} == {"spaCy", "slovnet", "natasha"}
    assert [(cost.library, cost.ratio) for cost in costs if cost.ratio < _FLOOR] == []
