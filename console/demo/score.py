"""How a result compares with the labels of the demo's corpus. Pure.

Measures as in the field: B-cubed for stories and remarks (Bagga & Baldwin 1998), macro F1 for roles, precision and
recall for copies.
"""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from console.demo.data.gold import Article


@dataclass(frozen=True)
class Use:
    """A found wording of a remark: its text as the article has it."""

    remark_id: str
    text: str


@dataclass(frozen=True)
class Found:
    """What the pipeline made of one article: its main part. ``role`` None: no report of him."""

    role: str | None = None
    story: str | None = None
    copy_of: str | None = None
    uses: tuple[Use, ...] = ()


@dataclass(frozen=True)
class Scores:
    """Each between 0 and 1."""

    story_precision: float
    story_recall: float
    story_f1: float
    role_f1: float
    copy_precision: float
    copy_recall: float
    remarks_found: float
    remark_f1: float


def score(gold: Sequence[Article], found: Mapping[str, Found]) -> Scores:
    """``found`` by article id; an article that is not in it counts as without a report."""
    none = Found()
    labels: list[Hashable] = []
    predicted: list[Hashable] = []
    for article in gold:
        ours = found.get(article.id, none)
        member = article.role in {"report", "copy"} and article.occasion
        labels.append(article.occasion if member else ("alone", article.id))
        told = ours.role in {"report", "copy"} and ours.story
        predicted.append(ours.story if told else ("alone", article.id))
    precision, recall, f1 = bcubed(labels, predicted)
    copies = {a.id for a in gold if a.copy_of}
    named = {a.id: original for a in gold if (original := found.get(a.id, none).copy_of)}
    root = roots(gold)
    right = sum(1 for i, original in named.items() if i in copies and root.get(original) == root[i])
    spans_found, remark_f1 = _remarks(gold, found)
    return Scores(
        story_precision=precision,
        story_recall=recall,
        story_f1=f1,
        role_f1=_macro_f1([(a.role, found.get(a.id, none).role or "unrelated") for a in gold]),
        copy_precision=right / len(named) if named else 1.0,
        copy_recall=right / len(copies) if copies else 1.0,
        remarks_found=spans_found,
        remark_f1=remark_f1,
    )


def bcubed(gold: Sequence[Hashable], predicted: Sequence[Hashable]) -> tuple[float, float, float]:
    """B-cubed precision, recall and F1 of a clustering; both sequences have a cluster for each item."""
    by_gold, by_predicted = defaultdict(set), defaultdict(set)
    for item, (a, b) in enumerate(zip(gold, predicted, strict=True)):
        by_gold[a].add(item)
        by_predicted[b].add(item)
    precision = recall = 0.0
    for a, b in zip(gold, predicted, strict=True):
        shared = len(by_gold[a] & by_predicted[b])
        precision += shared / len(by_predicted[b])
        recall += shared / len(by_gold[a])
    count = max(1, len(gold))
    return precision / count, recall / count, _f1(precision / count, recall / count)


def _remarks(gold: Sequence[Article], found: Mapping[str, Found]) -> tuple[float, float]:
    """Share of labelled spans that a found wording covers by half or more, and B-cubed F1 over the spans."""
    labels: list[Hashable] = []
    predicted: list[Hashable] = []
    hits = 0
    for article in gold:
        uses = found.get(article.id, Found()).uses
        for mention in article.remarks:
            use = covering(mention.span, uses)
            hits += use is not None
            labels.append(mention.remark)
            predicted.append(use.remark_id if use is not None else ("none", len(predicted)))
    return hits / max(1, len(labels)), bcubed(labels, predicted)[2]


def covering(span: str, uses: Sequence[Use]) -> Use | None:
    """Of found wordings the one that covers most of a labelled span, if it is half of it or more."""
    best = max(uses, key=lambda use: _shared(span, use.text), default=None)
    return best if best is not None and 2 * _shared(span, best.text) >= len(span) else None


def _shared(span: str, text: str) -> int:
    """Length of the longest run of characters that both have; what a found wording covers of a labelled span."""
    from difflib import SequenceMatcher

    if span in text:
        return len(span)
    if text in span:
        return len(text)
    return SequenceMatcher(None, span, text, autojunk=False).find_longest_match().size


def roots(gold: Sequence[Article]) -> dict[str, str]:
    """For each article the one that it is a copy of in the end; itself where it is none."""
    by_id = {article.id: article for article in gold}
    roots = {}
    for article in gold:
        at = article
        while at.copy_of and at.copy_of in by_id:
            at = by_id[at.copy_of]
        roots[article.id] = at.id
    return roots


def _macro_f1(pairs: Sequence[tuple[str, str]]) -> float:
    """Mean of the F1 of each label that occurs in gold."""
    values = []
    for label in sorted({want for want, _ in pairs}):
        tp = sum(1 for want, got in pairs if want == got == label)
        fp = sum(1 for want, got in pairs if got == label != want)
        fn = sum(1 for want, got in pairs if want == label != got)
        values.append(2 * tp / (2 * tp + fp + fn))
    return sum(values) / max(1, len(values))


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
