"""Whole articles agree by what they share of both, not by a phrase. All values are synthetic."""

from processors.group.model import default_model
from processors.group.report.occasions import Features
from processors.group.report.rarity import Rarity
from processors.group.stories.agreement import agreement, members_compared

WHOLE = default_model().whole
RARITY = Rarity(40, {})
TEXT = frozenset(f"word{n}" for n in range(60))


def _article(
    words: frozenset[str] = TEXT, lang: str = "en", numbers: str = "", names: str = "", moment: int = 0
) -> Features:
    return Features(
        moment_ms=moment,
        statements=("s",),
        words=words,
        lang=lang,
        length=1000,
        numbers=frozenset(numbers.split()),
        names=frozenset(names.split()),
    )


def _points(ours: Features, theirs: Features, cosine: float) -> float:
    return agreement(ours, {"a": theirs}, {"a": cosine}, RARITY, WHOLE)


def test_a_rewording_of_nearly_all_agrees() -> None:
    most = frozenset(sorted(TEXT)[:50]) | {f"other{n}" for n in range(10)}
    assert _points(_article(most, numbers="12 40"), _article(numbers="12 40"), 0.9) > WHOLE.join


def test_a_paragraph_in_common_does_not_make_two_articles_one() -> None:
    shared = frozenset(sorted(TEXT)[:15]) | {f"other{n}" for n in range(45)}
    assert _points(_article(shared), _article(), 0.4) < WHOLE.join


def test_across_languages_names_and_numbers_stand_for_words() -> None:
    ours, theirs = _article(frozenset({"слово"}), "ru", "12 40", "Q1 Q2"), _article(numbers="12 40", names="Q1 Q2")
    assert _points(ours, theirs, 0.65) > WHOLE.join
    assert _points(ours, _article(numbers="7", names="Q3 Q4"), 0.4) < WHOLE.join


def test_the_mean_over_the_members_counts() -> None:
    near, far = _article(), _article(frozenset(f"x{n}" for n in range(60)))
    both = agreement(_article(), {"a": near, "b": far}, {"a": 0.95, "b": 0.1}, RARITY, WHOLE)
    assert both < _points(_article(), near, 0.95)


def test_the_earliest_members_are_compared() -> None:
    members = {f"r{n}": _article(moment=100 - n) for n in range(20)}
    chosen = members_compared(members)
    assert chosen == [f"r{n}" for n in range(19, 7, -1)]
