"""A report that said little of its occasion goes to its story when one that says more has come."""

from msgspec.structs import replace

from processors.group.grouper import Grouper
from processors.group.model import default_model
from schemas import GroupedReport, Report
from tests.builders import BRIDGE, QUAY, report, source

VECTORS = [bytes((i * j * 7) % 251 % 128 for j in range(384)) for i in range(1, 7)]


def _decided(*reports: Report) -> dict[str, GroupedReport]:
    model = default_model()
    grouper, last = Grouper("Q1", replace(model, stories=replace(model.stories, bias=-0.4, kind_other=-6.4))), {}
    for offset, one in enumerate(reports):
        for message in grouper.decide(one, source(offset)).outputs:
            if isinstance(message, GroupedReport):
                last[message.article_id] = message
    return last


def _story(found: dict[str, GroupedReport], article: str) -> str | None:
    return found[article].decision.parts[0].story_id


def test_a_vague_first_report_moves_when_a_fuller_one_comes() -> None:
    interview = report("a", *BRIDGE, minute=0, vectors=VECTORS[3:5], date="2026-01-12", occasion="interview")
    vague = report("b", QUAY[0], QUAY[1], minute=30, vectors=VECTORS[:2], date="2026-01-12")
    before = _decided(interview, vague)
    assert _story(before, "a") == _story(before, "b")  # the day is all that is known
    full = report(
        "c",
        QUAY[0] + " again",
        QUAY[1] + " indeed",
        minute=60,
        vectors=VECTORS[:1],
        date="2026-01-12",
        occasion="forum",
    )
    full = replace(
        full, signature=report("c", "Another wording altogether, of which nothing stands elsewhere").signature
    )
    after = _decided(interview, vague, full)
    assert _story(after, "b") == _story(after, "c") != _story(after, "a")
    told = [e for article in "ab" for e in after[article].decision.parts[0].evidence]
    assert any(e.feature == "revised" and e.against == "c-Q1" for e in told)


def test_a_report_that_is_well_placed_stays() -> None:
    first = report("a", *QUAY, minute=0, vectors=VECTORS[:3], date="2026-01-12", occasion="interview")
    second = report("b", QUAY[2], minute=20, vectors=VECTORS[2:3], date="2026-01-12", occasion="interview")
    third = report("c", *BRIDGE, minute=40, vectors=VECTORS[3:5], date="2026-01-13", occasion="forum")
    found = _decided(first, second, third)
    assert _story(found, "a") == _story(found, "b") != _story(found, "c")
