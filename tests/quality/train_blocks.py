"""``python -m tests.quality.train_blocks``: trains ``ingest/clean/data/blocks.json`` on the extraction sets.

Pages of the sets with whole gold texts label their blocks by the share of their word 4-grams in the gold text; pages
with wanted and unwanted segments label the blocks that hold one. Folds of the cross-validation are made of hosts, so
that no outlet is in both parts. Each page is shown twice, with what recurs over its outlet's pages and without.
Deterministic but for the order of floating-point sums of the machine.
"""

import argparse
import hashlib
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.clean.body.blocks import Block
from ingest.clean.body.choose import Weights, chosen, written
from ingest.clean.body.extract import opened
from ingest.clean.body.features import TITLED, rows_of
from ingest.clean.profiles.profile import NO_PROFILE, Profile, line_hash
from runtime.folding import fold
from tests.quality.extraction import EVAL, host, mean_f1, prf, rows, words

WHOLE = ("daniel_Russian_dev", "daniel_Polish", "aeb", "daniel_English")
SEGMENTS = ("trafilatura_eval_1of2", "trafilatura_eval_2of2")
TARGET = Path(__file__).resolve().parents[2] / "ingest/clean/data/blocks.json"
HIDDEN, EPOCHS, RATE, DECAY, DROPPED, BATCH = 24, 6, 2e-3, 1e-4, 0.05, 512
FOLDS = 3
Array = NDArray[np.float32]


@dataclass
class Page:
    """A labelled page: figures with and without its outlet's profile; weight 0 where nothing is known of a block."""

    set: str
    host: str
    gold: str
    blocks: list[Block]
    figures: list[NDArray[np.float64]]
    labels: Array
    weights: Array


def pages(name: str) -> Iterator[Page]:
    """All pages of a set that have text."""
    found = []
    for row in rows(name):
        page = opened(row["html"])
        if page is not None and page.blocks:
            found.append((row, page))
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    count = Counter(host(row) for row, _ in found)
    for row, page in found:
        seen[host(row)].update({line_hash(block.text) for block in page.blocks} - {""})
    for row, page in found:
        profile = Profile(count[host(row)], seen[host(row)], own=True)
        figures = [rows_of(page.blocks, page.taken, page.title, known) for known in (profile, NO_PROFILE)]
        labels, weights = by_gold(page.blocks, row["gold"]) if "gold" in row else by_segments(page.blocks, row)
        labels[figures[0][:, TITLED] == 1] = 0
        yield Page(name, host(row), row.get("gold", ""), page.blocks, figures, labels, weights)


def by_gold(blocks: Sequence[Block], gold: str) -> tuple[Array, Array]:
    all_words = words(gold)
    grams = set(zip(all_words, all_words[1:], all_words[2:], all_words[3:], strict=False))
    joined, lines = f" {' '.join(all_words)} ", {fold(line) for line in gold.splitlines()}
    labels, weights = np.zeros(len(blocks), np.float32), np.zeros(len(blocks), np.float32)
    for n, block in enumerate(blocks):
        own = words(block.text)
        weights[n] = len(own) / (len(all_words) + 40) + 0.0005
        if len(own) >= 5:
            mine = list(zip(own, own[1:], own[2:], own[3:], strict=False))
            labels[n] = sum(gram in grams for gram in mine) / len(mine)
        elif len(own) >= 3:
            labels[n] = f" {' '.join(own)} " in joined
        else:
            labels[n] = bool(own) and fold(block.text) in lines
    return labels, weights


def by_segments(blocks: Sequence[Block], row: dict[str, Any]) -> tuple[Array, Array]:
    wanted, unwanted = ([" ".join(text.split()) for text in row[key] if text] for key in ("with", "without"))
    labels, known = np.zeros(len(blocks), np.float32), np.zeros(len(blocks), np.float32)
    for n, block in enumerate(blocks):
        labels[n] = any(text in block.text for text in wanted)
        known[n] = labels[n] or any(text in block.text for text in unwanted)
    return labels, known * np.float32(0.35 / max(1.0, float(known.sum())))


def trained(training: Sequence[Page], seed: int = 0) -> Weights:
    """Adam on the weighted cross-entropy; the rate falls to nothing."""
    rng = np.random.default_rng(seed)
    x, y, w = stacked(training, rng)
    centre, scale = x.mean(0), np.maximum(x.std(0), 0.05)
    x = np.clip((x - centre) / scale, -5, 5)
    p = [
        rng.normal(0, (2 / x.shape[1]) ** 0.5, (x.shape[1], HIDDEN)).astype(np.float32), np.zeros(HIDDEN, np.float32),
        rng.normal(0, HIDDEN**-0.5, HIDDEN).astype(np.float32), np.zeros(1, np.float32),
    ]  # fmt: skip
    first, second = [np.zeros_like(a) for a in p], [np.zeros_like(a) for a in p]
    steps, step = EPOCHS * (len(y) // BATCH), 0
    for _ in range(EPOCHS):
        order = rng.permutation(len(y))
        for begin in range(0, len(y) - BATCH + 1, BATCH):
            batch = order[begin : begin + BATCH]
            inputs = x[batch] * (rng.random((BATCH, x.shape[1]), dtype=np.float32) > DROPPED)
            sums = inputs @ p[0] + p[1]
            units = np.maximum(sums, 0)
            error = np.minimum(w[batch], 20) * (1 / (1 + np.exp(-(units @ p[2] + p[3]))) - y[batch]) / BATCH
            back = np.outer(error, p[2]) * (sums > 0)
            gradients = [inputs.T @ back + DECAY * p[0], back.sum(0), units.T @ error, error.sum(keepdims=True)]
            step += 1
            for k, gradient in enumerate(gradients):
                first[k] = 0.9 * first[k] + 0.1 * gradient
                second[k] = 0.999 * second[k] + 0.001 * gradient**2
                moment = first[k] / (1 - 0.9**step)
                p[k] -= (RATE * (1 - step / steps) + 1e-5) * moment / (np.sqrt(second[k] / (1 - 0.999**step)) + 1e-8)
    whole = [np.asarray(a, dtype=np.float64) for a in (centre, scale, *p)]
    return Weights(whole[0], whole[1], whole[2], whole[3], whole[4], out_bias=float(whole[5][0]))


def stacked(training: Sequence[Page], rng: np.random.Generator) -> tuple[Array, Array, Array]:
    """Rows of all pages. Of the many short links outside the text a fifth is kept, with five times the weight."""
    xs, ys, ws = [], [], []
    for page in training:
        for figures in page.figures:
            easy = (figures[:, 2] > 0.8) & (page.labels < 0.1)
            kept = (page.weights > 0) & (~easy | (rng.random(len(easy)) < 0.2))
            xs.append(figures[kept].astype(np.float32))
            ys.append(page.labels[kept])
            ws.append(np.where(easy, page.weights * 5, page.weights)[kept].astype(np.float32))
    weights = np.concatenate(ws)
    return np.vstack(xs), np.concatenate(ys), weights / weights.mean()


def crossed(training: Sequence[Page], folds: Sequence[int]) -> dict[str, list[str]]:
    """F1 of each whole set, with profiles and without; each fold's pages by weights from the other folds."""
    results: dict[str, list[list[tuple[float, float]]]] = defaultdict(lambda: [[], []])
    for fold_number in sorted(set(folds)):
        weights = trained([page for page, f in zip(training, folds, strict=True) if f != fold_number])
        for page, f in zip(training, folds, strict=True):
            if f != fold_number or not page.gold:
                continue
            for way, figures in enumerate(page.figures):
                kept = [n for n in chosen(page.blocks, figures, weights) if figures[n, TITLED] != 1]
                text = "\n".join(page.blocks[n].text for n in kept)
                results[page.set][way].append(prf(page.gold, text))
    return {name: [f"{mean_f1(way):.4f}" for way in ways] for name, ways in results.items()}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.quality.train_blocks", description="Trains blocks.json.")
    parser.add_argument("--check", action="store_true", help="cross-validate only: over hosts, then over sets")
    asked = parser.parse_args()
    if not EVAL.is_dir():
        sys.exit("the evaluation sets are not here")
    training = [page for name in (*WHOLE, *SEGMENTS) for page in pages(name)]
    if asked.check:
        by_host = [
            int(hashlib.md5(page.host.encode(), usedforsecurity=False).hexdigest(), 16) % FOLDS for page in training
        ]
        print("folds of hosts:", crossed(training, by_host))
        by_set = [(*WHOLE, *SEGMENTS).index(page.set) for page in training]
        print("whole set held back:", crossed(training, by_set))
    else:
        TARGET.write_text(written(trained(training)), encoding="utf-8")


if __name__ == "__main__":
    main()
