"""Two texts aligned sentence by sentence. All names and figures are synthetic."""

import dataclasses
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from msgspec.structs import replace

from processors.group.copies.translations import Sentence, aligned, aligned_cut, translated
from processors.group.decision.originals import copy_evidence
from processors.group.grouper import Grouper
from processors.group.model import default_model
from processors.group.report.facts import Facts
from processors.group.vectors.store import Similar
from tests.builders import QUAY, report, source, vector


def _text(*sentences: tuple[int, str]) -> list[Sentence]:
    return [Sentence(length, frozenset(marks.split()), ()) for length, marks in sentences]


ORIGINAL = _text((120, "Q1 12"), (60, "Q2"), (200, "Q3 40"), (90, ""))


def test_a_text_aligned_with_itself_costs_nothing() -> None:
    assert aligned(ORIGINAL, ORIGINAL, {}) == 0.0


def test_a_translation_that_is_longer_throughout_costs_little() -> None:
    longer = _text((150, "Q1 12"), (72, "Q2"), (260, "Q3 40"), (110, ""))
    assert aligned(ORIGINAL, longer, {}) < 0.1


def test_a_sentence_that_was_cut_costs_a_gap_only() -> None:
    assert aligned(ORIGINAL, [*ORIGINAL[:1], *ORIGINAL[2:]], {}) < 0.25


def test_other_names_and_figures_cost_more_than_a_gap_would() -> None:
    other = _text((50, "Q7"), (240, "Q8 3"), (60, "Q9 17"), (130, "Q5"))
    assert aligned(ORIGINAL, other, {}) > 0.5


def test_statements_that_are_not_alike_speak_against_it() -> None:
    ours = [Sentence(100, frozenset(), ("a",)), Sentence(80, frozenset(), ("b",))]
    theirs = [Sentence(100, frozenset(), ("c",)), Sentence(80, frozenset(), ("d",))]
    alike = {("a", "c"): 0.7, ("b", "d"): 0.65, ("a", "d"): 0.1, ("b", "c"): 0.1}
    apart = dict.fromkeys(alike, 0.05)
    assert aligned(ours, theirs, alike) == pytest.approx(0.0)
    assert aligned(ours, theirs, apart) > 0.5


def test_the_order_matters() -> None:
    assert aligned(ORIGINAL, list(reversed(ORIGINAL)), {}) > 0.4


def test_what_was_cut_from_a_translation_costs_nothing_where_the_longer_text_is_the_original() -> None:
    assert aligned_cut(ORIGINAL[:2], ORIGINAL, {}) == 0.0
    assert aligned_cut([ORIGINAL[0], ORIGINAL[3]], ORIGINAL, {}) == 0.0
    assert aligned([ORIGINAL[0], ORIGINAL[3]], ORIGINAL, {}) > 0.2
    assert aligned_cut(list(reversed(ORIGINAL)), ORIGINAL, {}) > 0.3


def _told_in(sentences: int, article: str, lang: str) -> Facts:
    """Four statements, told in so many sentences of one text."""
    made = report(article, *(f"statement {i} of {article}" for i in range(4)), lang=lang)
    lines = "\n".join(f"{100 * i}\t{100 * i + 90}\tQ5" for i in range(sentences))
    return Facts(replace(made, context=replace(made.context, names=["Q5"], length=400, lines=lines)))


@pytest.mark.parametrize(("sentences", "cosine", "expected"), [(6, 0.52, True), (3, 0.52, False), (3, 0.65, True)])
def test_the_same_in_half_as_many_sentences_is_an_account_of_its_own_unless_it_is_very_much_alike(
    sentences: int, cosine: float, expected: bool
) -> None:
    ours, theirs = _told_in(sentences, "b", "tr"), _told_in(6, "a", "en")
    similar = cast("Similar", SimpleNamespace(statements={s: i for i, s in enumerate(ours.statements)}))
    table = np.full((4, 4), 0.1)
    np.fill_diagonal(table, cosine)
    match = translated(ours, theirs, similar, list(theirs.statements), table, default_model().copies)
    assert (match is not None) == expected


def test_evidence_says_what_was_counted_statements_or_sentences() -> None:
    """Of what is aligned by sentences it is not known how many of its statements stand there."""
    made = [
        report(n, *(f"statement {i} of {n}" for i in range(2)), lang=lang) for n, lang in (("a", "en"), ("b", "tr"))
    ]
    lines = "\n".join(f"{100 * i}\t{100 * i + 90}\tQ5" for i in range(8))
    theirs, ours = (
        Facts(replace(one, context=replace(one.context, names=["Q5"], length=800, lines=lines))) for one in made
    )
    similar = cast("Similar", SimpleNamespace(statements={s: i for i, s in enumerate(ours.statements)}))
    match = translated(
        ours, theirs, similar, list(theirs.statements), np.array([[0.7, 0.1], [0.1, 0.7]]), default_model().copies
    )
    assert match is not None
    assert copy_evidence(match).value.startswith("told there sentence by sentence")
    by_statements = dataclasses.replace(match, sentences=False)
    assert copy_evidence(by_statements).value.endswith("of its statements stand there")


def test_a_translation_is_not_said_to_have_the_wording_of_its_original() -> None:
    grouper = Grouper("Q1")
    said = [*QUAY, "And a fourth"]
    vectors = [vector(n) for n in range(1, 5)]
    for offset, (name, lang, minute) in enumerate((("b", "tr", 30), ("a", "en", 0), ("c", "de", 60))):
        texts = [f"{text} {name}" for text in said]
        made = report(name, *texts, minute=minute, lang=lang, vectors=vectors, body=f"{name} {lang}")
        context = replace(made.context, names=["Q5"], length=600, lines="0\t200\tQ5")
        grouper.decide(replace(made, context=context), source(offset))
    mains = {e.report.article_id: grouper._state.decisions[e.report.report_id].parts[0] for e in grouper.entries}
    assert {name: part.translated for name, part in mains.items()} == {"a": False, "b": True, "c": True}
    told = [e for part in mains.values() for e in part.evidence if e.feature in {"wording", "translation"}]
    assert {e.feature for e in told} == {"translation"}
