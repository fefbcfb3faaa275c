"""``python -m tests.quality.fit_propositions``: fits ``processors/group/data/propositions.json``.

A linear discriminant analysis of the sentence vectors of labelled passages, of the sets in ``tests/quality/heldout``
alone, so that the demo's and those of ``../shared/eval`` show what it is good for. ``--check``: prints for each set how
well wordings of one remark are told from others of the same occasion when the set is left out of the fitting, before
and after the projection, and writes nothing.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from console.demo.score import Use, covering
from processors.annotate.features import DIMENSIONS
from processors.batch import reports
from processors.group.model import default_model
from processors.group.vectors.prepare import SHARES
from processors.group.vectors.propositions import KEPT, packed
from processors.group.vectors.store import Vectors
from tests.quality.labelled import SPEAKER, imported, read_set

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "processors/group/data/propositions.json"
HELD_OUT = Path(__file__).with_name("heldout")
# The share of a covariance that is alike in all directions.
SHRUNK = 0.3
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Labelled:
    """One set: centred unit vectors of what is found (rows); of labelled passages their rows, remarks and occasions."""

    name: str
    vectors: Array
    rows: NDArray[np.intp]
    remarks: NDArray[np.intp]
    occasions: NDArray[np.intp]


def labelled(folder: Path) -> Labelled:
    """A set of one folder."""
    gold, url_of = read_set(folder)
    store, found = Vectors(default_model().vectors.prior), defaultdict[str, list[Use]](list)
    for report in reports(imported(gold, url_of), speakers=[SPEAKER]):
        for statement in report.statements:
            store.add(statement, report.lang)
            if store.row(statement.statement_id) is not None:
                found[report.article_id].append(Use(statement.statement_id, statement.text))
    passages = [
        (row, mention.remark, article.occasion)
        for article in gold
        for mention in article.remarks
        if (use := covering(mention.span, found[article.id])) is not None
        and (row := store.row(use.remark_id)) is not None
    ]
    vectors = store.centred(np.arange(store.used))
    vectors /= np.maximum(1.0, np.linalg.norm(vectors, axis=1, keepdims=True))
    return Labelled(
        name=folder.name,
        vectors=vectors,
        rows=np.array([row for row, _, _ in passages], dtype=np.intp),
        remarks=np.unique([remark for _, remark, _ in passages], return_inverse=True)[1],
        occasions=np.unique([str(occasion) for _, _, occasion in passages], return_inverse=True)[1],
    )


def fitted(sets: Sequence[Labelled]) -> Array:
    """The projection, shape (``DIMENSIONS``, ``KEPT``)."""
    within, total = np.zeros((DIMENSIONS, DIMENSIONS)), np.zeros((DIMENSIONS, DIMENSIONS))
    freedom = number = 0
    for one in sets:
        total += one.vectors.T @ one.vectors
        number += len(one.vectors)
        for remark in range(int(one.remarks.max()) + 1):
            wordings = one.vectors[np.unique(one.rows[one.remarks == remark])]
            apart = wordings - wordings.mean(axis=0)
            within += apart.T @ apart
            freedom += len(wordings) - 1
    within /= freedom
    even = np.trace(within) / DIMENSIONS * np.eye(DIMENSIONS)
    values, directions = np.linalg.eigh((1 - SHRUNK) * within + SHRUNK * even)
    whitened = (directions / np.sqrt(values)) @ directions.T
    _, kept = np.linalg.eigh(whitened @ (total / number) @ whitened)
    found: Array = whitened @ kept[:, -KEPT:]
    return found


def told_apart(one: Labelled, projection: Array) -> float:
    """How often, of two pairs of passages of one occasion, one remark's is more alike than two remarks' (AUC)."""
    vectors = one.vectors[one.rows] @ projection
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    first, second = np.tril_indices(len(vectors), -1)
    of_one = (one.occasions[first] == one.occasions[second]) & (one.rows[first] != one.rows[second])
    first, second = first[of_one], second[of_one]
    alike, same = (vectors @ vectors.T)[first, second], one.remarks[first] == one.remarks[second]
    ranks = alike.argsort().argsort()[same] + 1
    ours, others = int(same.sum()), int((~same).sum())
    return float((ranks.sum() - ours * (ours + 1) / 2) / (ours * others))


def check(sets: Sequence[Labelled], left_out: Sequence[Array]) -> None:
    """Prints each set's figure without a projection and with what was fitted to the others."""
    before, after = [], []
    for one, projection in zip(sets, left_out, strict=True):
        before.append(told_apart(one, np.eye(DIMENSIONS)))
        after.append(told_apart(one, projection))
        print(f"{one.name:14} {len(one.rows):4} passages, told apart {before[-1]:.3f}, projected {after[-1]:.3f}")
    print(f"mean {np.mean(before):.3f}, projected {np.mean(after):.3f}")


def scale(sets: Sequence[Labelled], left_out: Sequence[Array]) -> dict[str, list[float]]:
    """Cosines, projected and plain, above which the same share of pairs of statements of one set is."""
    plain = [_pairs(one.vectors) for one in sets]
    projected = [_pairs(one.vectors @ projection) for one, projection in zip(sets, left_out, strict=True)]
    return {
        name: [-1.0, *(round(float(at), 3) for at in np.percentile(np.concatenate(found), SHARES)), 1.0]
        for name, found in (("projected", projected), ("plain", plain))
    }


def _pairs(vectors: Array) -> Array:
    """The cosine of each pair of rows."""
    unit = vectors / np.maximum(1e-9, np.linalg.norm(vectors, axis=1, keepdims=True))
    found: Array = (unit @ unit.T)[np.tril_indices(len(unit), -1)]
    return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.quality.fit_propositions", description=__doc__)
    parser.add_argument("--check", action="store_true", help="print the figures only")
    chosen = parser.parse_args()
    sets = []
    for folder in sorted(HELD_OUT.iterdir()):
        if (folder / "articles.jsonl").is_file():
            print(f"reading {folder.name}", file=sys.stderr)
            sets.append(labelled(folder))
    left_out = [fitted([other for other in sets if other is not one]) for one in sets]
    check(sets, left_out)
    if not chosen.check:
        made = {
            "made_from": "tests/quality/heldout", "projection": packed(fitted(sets)), "scale": scale(sets, left_out)
        }  # fmt: skip
        TARGET.write_text(json.dumps(made, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
