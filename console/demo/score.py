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
    precision, recall, f1 = bcubed(*story_labels(gold, found))
    copies = {a.id for a in gold if a.copy_of}
    named, right = copies_named(gold, found)
    wanted, told = remark_labels(gold, found)
    spans_found = sum(1 for one in told if isinstance(one, str)) / max(1, len(told))
    return Scores(
        story_precision=precision,
        story_recall=recall,
        story_f1=f1,
        role_f1=_macro_f1([(a.role, found.get(a.id, none).role or "unrelated") for a in gold]),
        copy_precision=len(right) / len(named) if named else 1.0,
        copy_recall=len(right) / len(copies) if copies else 1.0,
        remarks_found=spans_found,
        remark_f1=bcubed(wanted, told)[2],
    )


def story_labels(gold: Sequence[Article], found: Mapping[str, Found]) -> tuple[list[Hashable], list[Hashable]]:
    """The occasion and the story of each article; what tells of none is alone."""
    labels: list[Hashable] = []
    predicted: list[Hashable] = []
    for article in gold:
        ours = found.get(article.id, Found())
        member = article.role in {"report", "copy"} and article.occasion
        labels.append(article.occasion if member else ("alone", article.id))
        told = ours.role in {"report", "copy"} and ours.story
        predicted.append(ours.story if told else ("alone", article.id))
    return labels, predicted


def copies_named(gold: Sequence[Article], found: Mapping[str, Found]) -> tuple[set[str], set[str]]:
    """Articles that are called copies, and those of them that are, of a text of the same origin."""
    named = {a.id: original for a in gold if (original := found.get(a.id, Found()).copy_of)}
    copies, root = {a.id for a in gold if a.copy_of}, roots(gold)
    return set(named), {i for i, original in named.items() if i in copies and root.get(original) == root[i]}


def bcubed(gold: Sequence[Hashable], predicted: Sequence[Hashable]) -> tuple[float, float, float]:
    """B-cubed precision, recall and F1 of a clustering; both sequences have a cluster for each item."""
    each = bcubed_each(gold, predicted)
    count = max(1, len(each))
    precision, recall = sum(p for p, _ in each) / count, sum(r for _, r in each) / count
    return precision, recall, _f1(precision, recall)


def bcubed_each(gold: Sequence[Hashable], predicted: Sequence[Hashable]) -> list[tuple[float, float]]:
    """Precision and recall of each item."""
    by_gold, by_predicted = defaultdict(set), defaultdict(set)
    for item, (a, b) in enumerate(zip(gold, predicted, strict=True)):
        by_gold[a].add(item)
        by_predicted[b].add(item)
    pairs = ((a, b, len(by_gold[a] & by_predicted[b])) for a, b in zip(gold, predicted, strict=True))
    return [(shared / len(by_predicted[b]), shared / len(by_gold[a])) for a, b, shared in pairs]


def remark_labels(gold: Sequence[Article], found: Mapping[str, Found]) -> tuple[list[Hashable], list[Hashable]]:
    """The remark of each labelled span, and that of the found wording which covers it by half or more; of a span that
    none covers it is a number.
    """
    labels: list[Hashable] = []
    predicted: list[Hashable] = []
    for article in gold:
        uses = found.get(article.id, Found()).uses
        for mention in article.remarks:
            use = covering(mention.span, uses)
            labels.append(mention.remark)
            predicted.append(use.remark_id if use is not None else len(predicted))
    return labels, predicted


def covering(span: str, uses: Sequence[Use]) -> Use | None:
    """The found wording that covers most of a labelled span, if it covers half of it or more."""
    best = max(uses, key=lambda use: _shared(span, use.text), default=None)
    return best if best is not None and covers(span, best.text) else None


def covers(span: str, text: str) -> bool:
    """Whether a text has half of a span or more, in one run."""
    return 2 * _shared(span, text) >= len(span)


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
