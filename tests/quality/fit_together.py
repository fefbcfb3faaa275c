"""``python -m tests.quality.fit_together``: fits ``together`` in ``processors/group/data/model.json``.

A logistic regression on pairs of reports of the sets in ``tests/quality/heldout``: are they of one occasion? Pairs
whose kinds or days conflict are left out; what a conflict weighs, and when a story parts, are chosen by hand, because
the regression makes more of conflicts than is good for stories (docs/quality-log.md). ``--check``: prints how well the
pairs of each eighth of the sets are told when it is left out of the fitting, and writes nothing.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from processors.batch import reports
from processors.group.model import default_model
from processors.group.report.facts import Facts
from processors.group.report.occasions import Features, features_of, segments
from processors.group.stories.division import READINGS, readings
from processors.group.vectors.store import Vectors
from tests.quality.fit_propositions import HELD_OUT, ROOT
from tests.quality.labelled import SPEAKER, imported, read_set
from tests.quality.logistic import logistic, with_bias

TARGET = ROOT / "processors/group/data/model.json"
CONFLICTS = ("kind_other", "date_other")
FITTED = [name for name in READINGS if name not in CONFLICTS]
WITHIN_MS = 36 * 3_600_000
EIGHTHS = 8
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Pairs:
    """Pairs of one set: a row of ``FITTED`` readings each, and whether the two are of one occasion."""

    rows: Array
    one: NDArray[np.bool_]


def pairs(folder: Path) -> Pairs:
    """Of the labelled reports of one folder, by their main parts."""
    gold, url_of = read_set(folder)
    occasions = {a.id: a.occasion for a in gold if a.role == "report" and a.occasion}
    store, known = Vectors(default_model().vectors.prior), list[tuple[str, Features, list[str]]]()
    for report in reports(imported(gold, url_of), speakers=[SPEAKER]):
        facts = Facts(report)
        for statement in report.statements:
            store.add(statement, report.lang)
        main = segments(facts)[:1]
        said = [s.statement_id for s in main[0].statements if store.row(s.statement_id) is not None] if main else []
        if said and report.article_id in occasions:
            ids = [s.statement_id for s in main[0].statements]
            known.append((occasions[report.article_id], features_of(facts, ids, main=True), said))
    rows, one, covered_from = [], [], default_model().together.covered_from
    for (ours, first, said), (theirs, second, answered) in combinations(known, 2):
        if abs(first.moment_ms - second.moment_ms) > WITHIN_MS:
            continue
        cosines = store.propositions(store.rows([*said, *answered]))
        found = readings([first, second], [len(said), len(answered)], cosines, covered_from)[:, 0, 1] / 1000
        told = dict(zip(READINGS, found.tolist(), strict=True))
        if not any(told[name] for name in CONFLICTS):
            rows.append([told[name] for name in FITTED])
            one.append(ours == theirs)
    return Pairs(np.array(rows).reshape(-1, len(FITTED)), np.array(one, dtype=bool))


def fitted(sets: Sequence[Pairs]) -> Array:
    """The bias and a weight for each of ``FITTED``."""
    return logistic(*_joined(sets))


def _joined(sets: Sequence[Pairs]) -> tuple[Array, NDArray[np.bool_]]:
    return np.concatenate([s.rows for s in sets]), np.concatenate([s.one for s in sets])


def area(scores: Array, one: NDArray[np.bool_]) -> float:
    """How often a pair of one occasion has more than a pair of two: the area under the curve; a tie is half."""
    ranks = defaultdict[float, list[int]](list)
    for rank, score in enumerate(np.sort(scores).tolist(), 1):
        ranks[score].append(rank)
    means = {score: sum(found) / len(found) for score, found in ranks.items()}
    above = sum(means[score] for score in scores[one].tolist())
    many, others = int(one.sum()), int((~one).sum())
    return (above - many * (many + 1) / 2) / (many * others)


def check(sets: Sequence[Pairs]) -> None:
    scores, one = [], []
    for turn in range(EIGHTHS):
        weights = fitted([s for i, s in enumerate(sets) if i % EIGHTHS != turn])
        rows, wanted = _joined([s for i, s in enumerate(sets) if i % EIGHTHS == turn])
        scores.append(with_bias(rows) @ weights)
        one.append(wanted)
    whole, wanted = np.concatenate(scores), np.concatenate(one)
    print(f"{len(wanted)} pairs, {int(wanted.sum())} of one occasion: area under the curve {area(whole, wanted):.3f}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="measure, with sets left out, and write nothing")
    chosen = parser.parse_args()
    sets = []
    for path in sorted(HELD_OUT.glob("*/articles.jsonl")):
        sets.append(pairs(path.parent))
        print(path.parent.name, len(sets[-1].one), file=sys.stderr, flush=True)
    if chosen.check:
        check(sets)
        return 0
    weights = dict(zip(["bias", *FITTED], [round(w, 2) for w in fitted(sets).tolist()], strict=True))
    print(weights)
    model = json.loads(TARGET.read_text("utf-8"))
    model["together"] |= weights
    TARGET.write_text(json.dumps(model, indent=2, ensure_ascii=False) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
