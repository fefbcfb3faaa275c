"""Which statements are one remark, and which repeat an earlier one."""

import itertools

import pytest

from processors.group.consequences.documents import Output
from processors.group.decision.linking import MOST_LINKED
from processors.group.grouper import Grouper
from schemas import Remark, Report
from tests.builders import BRIDGE, QUAY, empty, report, source

REWORDED = "Before the month is over the delegations are to meet again in the old harbour town, the minister said"


def _last(*reports: Report) -> dict[tuple[str, str], Remark]:
    """The last document of each statement, by article and text."""
    grouper, found = Grouper("Q1"), {}
    for offset, one in enumerate(reports):
        for message in grouper.decide(one, source(offset)).outputs:
            if isinstance(message, Remark):
                found[message.article_id, message.text] = message
    return found


def _same_occasion(article: str, *texts: str, minute: float = 0, **more: object) -> Report:
    return report(article, *texts, minute=minute, date="2026-01-12", occasion="parliament", **more)  # type: ignore[arg-type]


def test_two_wordings_of_one_proposition_are_one_remark_and_the_first_is_marked() -> None:
    found = _last(_same_occasion("a", QUAY[0], BRIDGE[0]), _same_occasion("b", REWORDED, minute=30))
    first, other, reworded = found["a", QUAY[0]], found["a", BRIDGE[0]], found["b", REWORDED]
    assert reworded.remark_id == first.remark_id != other.remark_id
    assert (first.first, reworded.first) == (True, False)
    assert reworded.lag_minutes == 30
    assert reworded.story_id == first.story_id


def test_the_canonical_wording_is_the_longest_quotation() -> None:
    found = _last(_same_occasion("a", QUAY[0]), _same_occasion("b", REWORDED, minute=30))
    assert found["b", REWORDED].canonical == max(QUAY[0], REWORDED, key=len)


def test_vectors_join_wordings_across_languages() -> None:
    one = bytes((j * 3) % 100 for j in range(384))
    two = bytes((j * 5 + 40) % 100 for j in range(384))
    found = _last(
        _same_occasion("a", QUAY[0], BRIDGE[0], vectors=[one, two]),
        _same_occasion("b", "Делегации снова встретятся в старом портовом городе", minute=5, lang="ru", vectors=[one]),
    )
    russian = found["b", "Делегации снова встретятся в старом портовом городе"]
    assert russian.remark_id == found["a", QUAY[0]].remark_id


def test_a_remark_of_an_earlier_story_is_repeated_and_the_first_of_a_chain_is_named() -> None:
    days = [("2026-01-12", "parliament"), ("2026-01-14", "forum"), ("2026-01-16", "interview")]
    found = _last(
        *[
            report(f"a{n}", QUAY[1], BRIDGE[n % 2], minute=n * 2880, date=date, occasion=kind, body=f"{kind} " * 3)
            for n, (date, kind) in enumerate(days)
        ]
    )
    first, second, third = (found[f"a{n}", QUAY[1]] for n in range(3))
    assert len({first.story_id, second.story_id, third.story_id}) == 3
    assert first.repeats_of is None
    assert second.repeats_of == third.repeats_of == first.remark_id
    assert second.first  # the first report of the remark of its own story


def test_when_the_first_is_taken_back_another_is_first() -> None:
    grouper = Grouper("Q1")
    outputs: list[Output] = []
    reports = [_same_occasion("a", QUAY[0]), _same_occasion("b", REWORDED, minute=30), empty("a", minute=60)]
    for offset, one in enumerate(reports):
        outputs += grouper.decide(one, source(offset)).outputs
    last = {m.statement_id: m for m in outputs if isinstance(m, Remark)}
    by_text = {m.text: m for m in last.values()}
    assert by_text[QUAY[0]].retracted
    assert by_text[REWORDED].first
    assert by_text[REWORDED].canonical == REWORDED


@pytest.mark.parametrize("names", list(itertools.permutations("abc")))
def test_when_what_they_repeat_is_taken_back_the_first_repetition_is_what_is_repeated(names: tuple[str, ...]) -> None:
    """Whatever the ids: a later repetition must not take over from an earlier one what that is about to give up."""
    days = [("2026-01-12", "parliament"), ("2026-01-14", "forum"), ("2026-01-16", "interview")]
    reports = [
        report(name, QUAY[1], minute=n * 2880, date=date, occasion=kind, body=f"{kind} " * 3)
        for n, (name, (date, kind)) in enumerate(zip(names, days, strict=True))
    ]
    found = _last(*reports)
    first, second, third = (found[name, QUAY[1]] for name in names)
    assert second.repeats_of == third.repeats_of == first.remark_id
    now = _last(*reports, empty(names[0], minute=3 * 2880, visit=2))
    assert now[names[1], QUAY[1]].repeats_of is None
    assert now[names[2], QUAY[1]].repeats_of == now[names[1], QUAY[1]].remark_id


def test_of_a_list_of_thousands_the_first_are_compared_and_the_others_say_that_they_were_not() -> None:
    words = ["".join(chr(ord("b") + int(digit)) for digit in f"{n:04}") for n in range(MOST_LINKED + 30)]
    texts = [f"The {word}one {word}two of {word}three {word}four is {word}five {word}six" for word in words]
    found = _last(_same_occasion("a", *texts), _same_occasion("b", *texts, minute=30, body="Elsewhere. "))
    assert len(found) == 2 * len(texts)
    same = [found["b", text].remark_id == found["a", text].remark_id for text in texts]
    assert same == [True] * MOST_LINKED + [False] * 30
    late = found["b", texts[-1]]
    assert [one.value for one in late.evidence] == ["not compared: too many statements before it"]
    assert (late.first, late.confidence, late.review) == (True, None, False)
