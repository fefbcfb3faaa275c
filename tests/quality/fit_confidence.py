"""``python -m tests.quality.fit_confidence``: fits how sure remarks are in ``processors/group/data/model.json``.

Groups the sets of ``tests/quality/heldout`` and asks of each statement with a label whether what was decided on its
remark is right: that the statement it was taken to be like is labelled as the same remark; of one that was like none,
that no earlier wording of its remark in its story has gone to another. By a logistic regression that becomes the share
that is right at each likeness. Then prints how often all decisions were right (remarks, stories, copies, roles) by the
probability that they were given; ``--check``: no more than that, by the weights that are there.

The weights of stories and copies were chosen by hand so that these tables come out even; those of roles come from
``tests.quality.fit_roles``.
"""

import argparse
import itertools
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from msgspec.structs import replace

from console.demo.data.gold import Article
from console.demo.score import Use, covering, roots
from processors.batch import Annotated, read, results
from processors.group.model import Model, default_model
from schemas import ImportedArticle
from tests.quality.fit_together import HELD_OUT, TARGET
from tests.quality.labelled import SPEAKER, imported, read_set
from tests.quality.logistic import logistic

BANDS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.001)
Row = dict[str, Any]


@dataclass(frozen=True)
class Set:
    """One labelled set, read and not yet grouped."""

    gold: Sequence[Article]
    articles: Sequence[ImportedArticle]
    annotated: Sequence[Annotated]


@dataclass
class Told:
    """Of all sets: for each kind of decision the probability that it was given and whether it was right; for remarks
    by the weights they are made of how strong they were (None: like no other) and whether that was right.
    """

    sure: dict[str, list[tuple[float, bool]]] = field(default_factory=lambda: defaultdict(list))
    strengths: dict[str, list[tuple[float, bool]]] = field(default_factory=lambda: defaultdict(list))


def told(sets: Sequence[Set], model: Model) -> Told:
    found = Told()
    for one in sets:
        rows = results(one.articles, one.annotated, speakers=[SPEAKER], model=model)
        by_id = {row["id"]: _main(row) for row in rows}
        for kind, sure, right in (*_remarks(one.gold, rows, model, found), *_parts(one.gold, by_id)):
            found.sure[kind].append((sure, right))
    return found


def _main(row: Row) -> Row:
    return next((part for part in row["reports"] if part["main"]), {})


def _remarks(
    gold: Sequence[Article], rows: Sequence[Row], model: Model, found: Told
) -> Iterator[tuple[str, float, bool]]:
    """Of each statement that is labelled; fills in the strengths."""
    limits = {"meaning": model.remarks.link, "words": model.remarks.link_words, "together": model.remarks.cluster}
    labels, texts = defaultdict[tuple[str, str], set[str]](set), defaultdict[str, list[Row]](list)
    for article, row in zip(gold, rows, strict=True):
        uses = [use | {"story": part["story"]} for part in row["reports"] for use in part["remarks"]]
        texts[article.id] = uses
        for mention in article.remarks:
            use = covering(mention.span, tuple(Use(one["remark"], one["text"]) for one in uses))
            if use is not None:
                labels[article.id, use.text].add(mention.remark)
    earlier = defaultdict[tuple[str | None, str], set[str]](set)
    for article in sorted(gold, key=lambda one: one.published):
        for use in texts[article.id]:
            ours = labels.get((article.id, use["text"]), set())
            if not ours or use["confidence"] is None:
                continue
            why = next(one for one in use["evidence"] if not one["feature"].startswith("repeats"))
            theirs = labels.get((why.get("article", ""), why.get("other", "")), set())
            if why["feature"] in limits and theirs:
                right, kind = bool(ours & theirs), "remark_group" if why["feature"] == "together" else "remark"
                found.strengths[kind].append((why["score"] / limits[why["feature"]], right))
                yield f"remark, {why['feature']}", use["confidence"], right
            elif why["feature"] == "remark":
                right = not any(earlier[use["story"], label] - {use["remark"]} for label in ours)
                found.strengths["remark_alone"].append((0.0, right))
                yield "remark, alone", use["confidence"], right
        for use in texts[article.id]:
            for label in labels.get((article.id, use["text"]), ()):
                earlier[use["story"], label].add(use["remark"])


def _parts(gold: Sequence[Article], found: Mapping[str, Row]) -> Iterator[tuple[str, float, bool]]:
    """Of the main part of each article."""
    root, members = roots(gold), ("report", "copy")
    stories = {a.id: found[a.id]["story"] for a in gold if found[a.id].get("role") in members}
    occasions = {a.id: a.occasion for a in gold if a.role in members and a.occasion}
    sizes, wanted = Counter(stories.values()), Counter(occasions.values())
    both = Counter((story, occasions.get(i)) for i, story in stories.items())
    for article in gold:
        part = found[article.id]
        sure = part.get("confidence") or {}
        if "role" in sure:
            yield "role", sure["role"], part["role"] == article.role
        if "copy" in sure:
            right = article.copy_of is not None and root.get(part["copy_of"]) == root[article.id]
            yield "copy", sure["copy"], right
        if "story" in sure and article.id in stories:
            pair = (stories[article.id], occasions.get(article.id))
            right = pair[1] is not None and 2 * both[pair] > max(sizes[pair[0]], wanted[pair[1]])
            yield "story", sure["story"], right


def line(pairs: Sequence[tuple[float, bool]]) -> tuple[float, float]:
    """Base and slope of the log-odds of being right, by the strength above what is enough."""
    strengths, right = np.array([[strength - 1] for strength, _ in pairs]), np.array([right for _, right in pairs])
    base, slope = logistic(strengths, right).tolist()
    return round(base, 2), round(slope, 2)


def fitted(strengths: Mapping[str, Sequence[tuple[float, bool]]]) -> dict[str, Any]:
    """The weights of remarks, by their names in the model."""
    alone = strengths["remark_alone"]
    return {
        "remark": line(strengths["remark"]),
        "remark_group": line(strengths["remark_group"]),
        "remark_alone": round(sum(right for _, right in alone) / len(alone), 2),
    }


def table(sure: Mapping[str, Sequence[tuple[float, bool]]]) -> None:
    for kind in sorted(sure):
        print(kind)
        for low, high in itertools.pairwise(BANDS):
            right = [right for value, right in sure[kind] if low <= value < high]
            if right:
                print(f"  {low:.2f}-{min(1, high):.2f}: {len(right):5}, right {sum(right) / len(right):.3f}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="print how often decisions were right, and write nothing")
    chosen = parser.parse_args()
    sets = []
    for path in sorted(HELD_OUT.glob("*/articles.jsonl")):
        gold, url_of = read_set(path.parent)
        articles = imported(gold, url_of)
        sets.append(Set(gold, articles, read(articles, speakers=[SPEAKER])))
        print(path.parent.name, file=sys.stderr, flush=True)
    return fit(sets, check=chosen.check)


def fit(sets: Sequence[Set], *, check: bool) -> int:
    model = default_model()
    found = told(sets, model)
    if not check:
        weights = fitted(found.strengths)
        print(weights)
        whole = json.loads(TARGET.read_text("utf-8"))
        whole["confidence"] |= weights
        TARGET.write_text(json.dumps(whole, indent=2, ensure_ascii=False) + "\n", "utf-8")
        found = told(sets, replace(model, confidence=replace(model.confidence, **weights)))
    table(found.sure)
    return 0


if __name__ == "__main__":
    sys.exit(main())
