"""``python -m tests.quality.fit_free_indirect``: fits the weights of free indirect speech
(``processors/annotate/data/free_indirect.json``).

Two logistic regressions on the sentences in which the rules find nobody's statement, in articles in which they find one
of the speaker's: one on the readings alone, which decides of which sentences vectors are made, and one on readings and
vector. Right is a sentence of which labels say for at least three tenths of its characters that they are his. The sets
are those of ``tests/quality/heldout``. Prints first what is found where each seventh of the sets is left out of the
fitting (``--check``: no more than that), then fits to all and writes the weights.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from console.demo.data.gold import Article as Labelled
from processors.annotate.entities import find_entities, load_gazetteer, with_norms
from processors.annotate.features import Embedder
from processors.annotate.knowledge import knowledge_of
from processors.annotate.language import identify
from processors.annotate.statements import find_statements
from processors.annotate.statements.article.article import Article
from processors.annotate.statements.article.drafts import Draft
from processors.annotate.statements.free_indirect.find import packed, watched, with_vectors
from processors.annotate.statements.free_indirect.readings import candidates
from tests.quality.labelled import SPEAKER, read_set
from tests.quality.logistic import Array, logistic

TARGET = Path(__file__).resolve().parents[2] / "processors/annotate/data/free_indirect.json"
HELD_OUT = Path(__file__).with_name("heldout")
RIGHT = 0.3
PARTS = 7
# Of the right ones that vectors would let through, so many may be lost in the sieve.
LOST = 0.05
# Of columns in units of their standard deviation; the sum of squares of the weights costs half of this.
PENALTY, SIEVE_PENALTY = 100.0, 10.0
LEASTS = (0.4, 0.5, 0.6, 0.7)


@dataclass(frozen=True)
class Sentences:
    """Of one set, a row for each sentence; ``likeness``: the readings that need vectors."""

    name: str
    names: tuple[str, ...]
    readings: Array
    likeness: Array
    vectors: Array
    right: NDArray[np.bool_]

    @property
    def columns(self) -> Array:
        return np.hstack([self.readings, self.likeness, self.vectors])


LIKENESS = ("likest", "alike")


@cache
def _embedder() -> Embedder:
    return Embedder()


def read(folder: Path) -> Sentences:
    gold, _ = read_set(folder)
    names: tuple[str, ...] = ()
    rows: list[list[float]] = []
    likeness: list[list[float]] = []
    vectors: list[Array] = []
    right: list[bool] = []
    for article in gold:
        for readings, alike, vector, is_right in _sentences(article):
            names = names or tuple(readings)
            rows.append([readings[name] for name in names])
            likeness.append([alike[name] for name in LIKENESS])
            vectors.append(vector)
            right.append(is_right)
    return Sentences(folder.name, names, np.array(rows), np.array(likeness), np.array(vectors), np.array(right))


def _sentences(labelled: Labelled) -> list[tuple[dict[str, float], dict[str, float], Array, bool]]:
    text = f"{labelled.title}\n{labelled.text}"
    lang = identify(text, None)
    gazetteer = load_gazetteer()
    entities = with_norms(find_entities(text, lang, gazetteer), lang)
    told = np.zeros(len(text), dtype=np.bool_)
    for mention in labelled.remarks:
        at = text.find(mention.span)
        told[at : at + len(mention.span)] = at >= 0
    found: list[tuple[dict[str, float], dict[str, float], Array, bool]] = []

    def record(article: Article, drafts: Sequence[Draft]) -> list[Draft]:
        for person in watched(drafts, [SPEAKER]):
            some = list(candidates(article, drafts, person))
            said = [text[d.start : d.end] for d in drafts if d.speaker is person]
            for one, alike, vector in with_vectors(_embedder(), text, said, some):
                found.append((one.readings, alike, vector, bool(told[one.start : one.end].mean() >= RIGHT)))
        return []

    find_statements(text, lang, entities, labelled.published, knowledge=knowledge_of(gazetteer), more=record)
    return found


def fitted(columns: Array, right: NDArray[np.bool_], penalty: float) -> Array:
    """The bias and a weight for each column, of the columns as they are."""
    mean, deviation = columns.mean(axis=0), columns.std(axis=0)
    deviation[deviation == 0] = 1.0
    weights = logistic((columns - mean) / deviation, right, penalty)
    unscaled = weights[1:] / deviation
    return np.array([weights[0] - mean @ unscaled, *unscaled])


def likely(weights: Array, columns: Array) -> Array:
    found: Array = 1 / (1 + np.exp(-(weights[0] + columns @ weights[1:])))
    return found


def sieved(sieve: Array, right: NDArray[np.bool_], kept: NDArray[np.bool_]) -> float:
    """The probability below which the sieve lets nothing through."""
    return float(np.quantile(sieve[right & kept], LOST))


def check(sets: Sequence[Sentences]) -> float:
    """Prints what is found by what was fitted to other sets; returns where the sieve may close."""
    by_place, by_all, right = [], [], []
    for part in range(PARTS):
        known = [one for n, one in enumerate(sets) if n % PARTS != part]
        rest = [one for n, one in enumerate(sets) if n % PARTS == part]
        labels = np.concatenate([one.right for one in known])
        sieve = fitted(np.concatenate([one.readings for one in known]), labels, SIEVE_PENALTY)
        whole = fitted(np.concatenate([one.columns for one in known]), labels, PENALTY)
        by_place.append(np.concatenate([likely(sieve, one.readings) for one in rest]))
        by_all.append(np.concatenate([likely(whole, one.columns) for one in rest]))
        right.append(np.concatenate([one.right for one in rest]))
    place, every, labels = np.concatenate(by_place), np.concatenate(by_all), np.concatenate(right)
    border = sieved(place, labels, every >= LEASTS[0])
    through = place >= border
    print(
        f"{len(labels)} sentences, {labels.sum()} right; {through.mean():.2f} of them get a vector (from {border:.4f})"
    )
    for least in LEASTS:
        chosen = every >= least
        both = chosen & through
        print(
            f"from {least}: {chosen.sum()} chosen, {labels[chosen].sum()} right ({labels[chosen].mean():.2f}); "
            f"through the sieve {both.sum()}, {labels[both].sum()} right ({labels[both].mean():.2f})"
        )
    return border


def write(sets: Sequence[Sentences], border: float, least: float) -> None:
    names = sets[0].names
    labels = np.concatenate([one.right for one in sets])
    sieve = fitted(np.concatenate([one.readings for one in sets]), labels, SIEVE_PENALTY)
    whole = fitted(np.concatenate([one.columns for one in sets]), labels, PENALTY)
    count = 1 + len(names) + len(LIKENESS)
    model = {
        "least": least,
        "sieved": round(border, 4),
        "sieve": dict(zip(("bias", *names), map(_rounded, sieve), strict=True)),
        "readings": dict(zip(("bias", *names, *LIKENESS), map(_rounded, whole[:count]), strict=True)),
        "vector": packed(whole[count:]),
    }
    TARGET.write_text(json.dumps(model, indent=2) + "\n", "utf-8")


def _rounded(weight: float) -> float:
    return round(float(weight), 4)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.quality.fit_free_indirect", description=__doc__)
    parser.add_argument("--check", action="store_true", help="print the figures only")
    parser.add_argument("--least", type=float, default=0.6, help="the probability from which a sentence is his")
    chosen = parser.parse_args()
    folders = sorted(path.parent for path in HELD_OUT.glob("*/articles.jsonl"))
    sets = []
    with ProcessPoolExecutor() as pool:
        for one in pool.map(read, folders):
            print(f"read {one.name}", file=sys.stderr)
            sets.append(one)
    border = check(sets)
    if not chosen.check:
        write(sets, border, chosen.least)
    return 0


if __name__ == "__main__":
    sys.exit(main())
