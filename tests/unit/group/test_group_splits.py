"""A report shows that its story is of two occasions: those that go with it leave with it."""

import numpy as np
from msgspec.structs import replace

from processors.group.grouper import Grouper
from schemas import GroupedReport, Report, Setting
from tests.builders import BRIDGE, QUAY, report, source

VECTORS = [np.random.default_rng(seed).integers(-60, 60, 384).astype(np.int8).tobytes() for seed in range(8)]
DAY = "2026-01-12"


def _decided(*reports: Report) -> dict[str, GroupedReport]:
    grouper, last = Grouper("Q1"), {}
    for offset, one in enumerate(reports):
        for message in grouper.decide(one, source(offset)).outputs:
            if isinstance(message, GroupedReport):
                last[message.article_id] = message
    return last


def _stories(found: dict[str, GroupedReport]) -> dict[str, str | None]:
    return {article: message.decision.parts[0].story_id for article, message in found.items()}


def _said(article: str, minute: int, *vectors: int, **setting: object) -> Report:
    """Each in words of its own, so that none is a copy; what is alike is told by the vectors."""
    texts = [f"{(*QUAY, *BRIDGE)[v]} {article}{v}" for v in vectors]
    told = {"date": DAY, "place": "Q64", **setting}
    made = report(article, *texts, minute=minute, vectors=[VECTORS[v] for v in vectors], **told)  # type: ignore[arg-type]
    return replace(made, signature=report(article, f"Nothing of {article} stands in any other article").signature)


def test_who_goes_better_with_a_new_report_leaves_with_it() -> None:
    first = _said("a", 0, 0, 1, occasion="press_conference")
    second = _said("b", 10, 0, 1, occasion="press_conference")
    vague = _said("c", 20, 3, 4)
    stories = _stories(_decided(first, second, vague))
    assert len(set(stories.values())) == 1  # day and place are all that is known of the third
    found = _decided(first, second, vague, _said("d", 30, 3, 4, occasion="interview", medium="Ekran", place=None))
    stories = _stories(found)
    assert stories["a"] == stories["b"] != stories["c"] == stories["d"]
    for article in "cd":
        part = found[article].decision.parts[0]
        assert [e.against for e in part.evidence if e.feature == "revised"] == ["d-Q1"]
        # What it is told to have in common is with the story that it is in now.
        passages = [e for e in part.evidence if e.feature == "passage"]
        assert {e.against for e in part.evidence if e.score is not None and e not in passages} == {stories["c"]}
        members = {
            use.statement_id
            for other in {"c", "d"} - {article}
            for p in found[other].decision.parts
            for use in p.remarks
        }
        assert passages
        assert {e.against for e in passages} <= members
        assert part.confidence is not None
        assert part.confidence.story is not None


def test_a_report_of_both_does_not_hold_them_together() -> None:
    opened = [_said(article, 10 * i, 0, 1, occasion="opening") for i, article in enumerate("ab")]
    review = _said("r", 20, 0, 1, 3)
    kinds = ("opening", "talks", "press_conference")
    told = [replace(s, setting=Setting(date=DAY, occasion=k)) for s, k in zip(review.statements, kinds, strict=True)]
    vague = _said("c", 30, 3, 4)
    full = _said("d", 40, 3, 4, occasion="press_conference", place=None)
    before = [*opened, replace(review, statements=told), vague]
    assert len(set(_stories(_decided(*before)).values())) == 1
    stories = _stories(_decided(*before, full))
    assert stories["a"] == stories["b"] != stories["c"] == stories["d"]


def test_without_vectors_those_leave_who_go_better_with_the_new_report() -> None:
    reports = []
    for number in range(24):
        day, variant = number // 6, number % 6
        words = f"Invented sentence {day} on matter {day * 3} says that plan {day} needs {day + 10} steps"
        text = words if variant % 3 == 0 else f"{words}, told in manner {variant} with {1 + variant} asides"
        minute = day * 1440 + variant * 10
        reports.append(report(f"{number:02}", text, minute=minute, outlet=f"o{variant}", date=f"2026-01-{12 + day}"))
    stories = _stories(_decided(*reports))
    early, late = ({stories[f"{number:02}"] for number in part} for part in (range(12), range(12, 24)))
    assert len(early) == len(late) == 1
    assert early != late


def test_a_story_of_one_occasion_stays_one() -> None:
    reports = [_said(article, 10 * i, 0, 1, occasion="interview") for i, article in enumerate("abcd")]
    assert len(set(_stories(_decided(*reports)).values())) == 1
