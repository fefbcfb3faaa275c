"""``python -m tests.quality.fit_roles``: fits the weights of roles in ``processors/group/data/model.json``.

A multinomial logistic regression by Newton's method, on the articles of the labelled sets in which words of the speaker
are found (copies as the reports that they copy; what is labelled unrelated teaches nothing). Prints what is wrong on
each set when it is left out of the fitting (``--check``: no more than that), then fits to all and writes the weights.
The sets are those of ``tests/quality/heldout``, the demo's own, and those of ``../shared/eval`` where they are there.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from console.demo.data import load_gold, url_of
from processors.batch import reports
from processors.group.decision.roles import ROLES, readings
from processors.group.model import default_model
from processors.group.report.facts import Facts
from schemas import ImportedArticle
from tests.quality.labelled import SPEAKER, imported

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "processors/group/data/model.json"
HELD_OUT, EVAL = Path(__file__).with_name("heldout"), ROOT.parent / "shared/eval"
# Of readings in units of their standard deviation; the sum of squares of the weights costs half of this.
PENALTY = 10.0
STEPS, DONE = 50, 1e-10
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Labelled:
    """One set: readings of the articles (rows) by name, their roles as places in ``ROLES``, and their ids."""

    name: str
    names: tuple[str, ...]
    rows: Array
    roles: NDArray[np.intp]
    ids: tuple[str, ...]


def labelled(folder: Path) -> Labelled:
    """A set of one folder."""
    gold = [json.loads(line) for line in (folder / "articles.jsonl").read_text("utf-8").splitlines()]
    articles = [
        ImportedArticle(**{key: row[key] for key in ("id", "title", "text", "outlet", "url", "published")})
        for row in gold
    ]
    return _labelled(folder.name, articles, {row["id"]: row["role"] for row in gold})


def demo() -> Labelled:
    """The demo's own articles."""
    gold = load_gold().as_of()
    return _labelled("demo", imported(gold, url_of), {a.id: a.role for a in gold})


def _labelled(name: str, articles: Sequence[ImportedArticle], given: Mapping[str, str]) -> Labelled:
    """The articles in which words of the speaker are found and which are not unrelated."""
    found = {r.article_id: Facts(r) for r in reports(articles, speakers=[SPEAKER]) if r.statements}
    model = default_model().roles
    roles = {article_id: "report" if role == "copy" else role for article_id, role in given.items()}
    ids = tuple(i for i in found if roles[i] in ROLES)
    read = [readings(found[i], model) for i in ids]
    names = tuple(read[0])
    return Labelled(
        name=name,
        names=names,
        rows=np.array([[one[reading] for reading in names] for one in read]),
        roles=np.array([ROLES.index(roles[i]) for i in ids]),
        ids=ids,
    )


def fitted(sets: Sequence[Labelled]) -> Array:
    """Weights, shape (1 + readings, roles), the first row the bias; of the readings as they are."""
    rows, roles = np.concatenate([s.rows for s in sets]), np.concatenate([s.roles for s in sets])
    mean, deviation = rows.mean(axis=0), rows.std(axis=0)
    deviation[deviation == 0] = 1.0
    scaled = np.hstack([np.ones((len(rows), 1)), (rows - mean) / deviation])
    wanted, width = np.eye(len(ROLES))[roles], scaled.shape[1]
    penalty = np.full(width, PENALTY)
    penalty[0] = 1e-6  # the bias is free; a little, so that the system has one solution
    weights = np.zeros((width, len(ROLES)))
    for _ in range(STEPS):
        likely = _probabilities(scaled @ weights)
        gradient = scaled.T @ (likely - wanted) + penalty[:, None] * weights
        hessian = np.zeros((width, len(ROLES), width, len(ROLES)))
        for a in range(len(ROLES)):
            for b in range(len(ROLES)):
                share = likely[:, a] * ((a == b) - likely[:, b])
                hessian[:, a, :, b] = (scaled * share[:, None]).T @ scaled + (a == b) * np.diag(penalty)
        step = np.linalg.solve(hessian.reshape(weights.size, weights.size), gradient.ravel()).reshape(weights.shape)
        weights -= step
        if float(np.abs(step).max()) < DONE:
            break
    unscaled = weights[1:] / deviation[:, None]
    return np.vstack([weights[0] - mean @ unscaled, unscaled])


def _probabilities(scores: Array) -> Array:
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    found: Array = shifted / shifted.sum(axis=1, keepdims=True)
    return found


def left_out(sets: Sequence[Labelled]) -> Iterator[tuple[Labelled, Array]]:
    """Each set with the probabilities of its articles' roles by what was fitted to the others."""
    for one in sets:
        weights = fitted([other for other in sets if other is not one])
        yield one, _probabilities(weights[0] + one.rows @ weights[1:])


def check(sets: Sequence[Labelled]) -> None:
    """Prints errors by set and how often a role was right by the probability that it was given."""
    wrong: Counter[tuple[str, str]] = Counter()
    sure, right = [], []
    for one, likely in left_out(sets):
        chosen = likely.argmax(axis=1)
        for i in np.flatnonzero(chosen != one.roles):
            wrong[ROLES[one.roles[i]], ROLES[chosen[i]]] += 1
        sure.append(likely.max(axis=1))
        right.append(chosen == one.roles)
        print(f"{one.name:14} {len(one.ids):4} articles, {int((chosen != one.roles).sum()):3} wrong")
    for (is_, told), number in wrong.most_common():
        print(f"{is_} told as {told}: {number}")
    all_sure, all_right = np.concatenate(sure), np.concatenate(right)
    for low, high in ((0.0, 0.6), (0.6, 0.75), (0.75, 0.85), (0.85, 0.95), (0.95, 1.01)):
        chosen = (all_sure >= low) & (all_sure < high)
        if chosen.any():
            print(
                f"sure {low:.2f}-{min(1, high):.2f}: {int(chosen.sum()):5}, right {float(all_right[chosen].mean()):.3f}"
            )


def write(names: Sequence[str], weights: Array) -> None:
    """Puts the weights into the model, rounded to what matters."""
    model: dict[str, Any] = json.loads(TARGET.read_text("utf-8"))
    model["roles"]["weights"] = {
        name: [round(float(w), 3) for w in row] for name, row in zip(("bias", *names), weights, strict=True)
    }
    TARGET.write_text(json.dumps(model, indent=2) + "\n", "utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.quality.fit_roles", description=__doc__)
    parser.add_argument("--check", action="store_true", help="print the figures only")
    chosen = parser.parse_args()
    sets = [demo()]
    for folder in (*sorted(HELD_OUT.iterdir()), *sorted(EVAL.glob("remarks-*"))):
        if (folder / "articles.jsonl").is_file():
            print(f"reading {folder.name}", file=sys.stderr)
            sets.append(labelled(folder))
    check(sets)
    if not chosen.check:
        write(sets[0].names, fitted(sets))
    return 0


if __name__ == "__main__":
    sys.exit(main())
