"""A report that said little of its occasion goes to its story when one that says more has come."""

import datetime

import numpy as np
from msgspec.structs import replace

from processors.group.grouper import Grouper
from processors.group.model import default_model
from processors.group.overrides import Overrides
from schemas import GroupedReport, Override, Report, Setting
from tests.builders import BRIDGE, QUAY, report, source, vector

VECTORS = [vector(i) for i in range(1, 7)]
# Like none of those.
OTHERS = [np.random.default_rng(seed).integers(-60, 60, 384).astype(np.int8).tobytes() for seed in range(2)]


def _decided(*reports: Report, overrides: Overrides | None = None, alone: float = 0.0) -> dict[str, GroupedReport]:
    model = default_model()
    stories, together = replace(model.stories, bias=1.0, kind_other=-9.0), replace(model.together, alone=alone)
    model = replace(model, stories=stories, together=together)
    grouper, last = Grouper("Q1", model, overrides), {}
    for offset, one in enumerate(reports):
        for message in grouper.decide(one, source(offset)).outputs:
            if isinstance(message, GroupedReport):
                last[message.article_id] = message
    return last


def _story(found: dict[str, GroupedReport], article: str) -> str | None:
    return found[article].decision.parts[0].story_id


def _vague_and_full() -> tuple[Report, Report, Report]:
    interview = report("a", *BRIDGE, minute=0, vectors=OTHERS, date="2026-01-12", occasion="interview")
    vague = report("b", QUAY[0], QUAY[1], minute=30, vectors=VECTORS[:2], date="2026-01-12")
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
    return interview, vague, full


def test_a_vague_first_report_moves_when_a_fuller_one_comes() -> None:
    interview, vague, full = _vague_and_full()
    before = _decided(interview, vague)
    assert _story(before, "a") == _story(before, "b")  # the day is all that is known
    after = _decided(interview, vague, full)
    assert _story(after, "b") == _story(after, "c") != _story(after, "a")
    told = [e for article in "ab" for e in after[article].decision.parts[0].evidence]
    assert any(e.feature == "revised" and e.against == "c-Q1" for e in told)


def test_who_moved_tells_the_reasons_for_the_story_that_it_is_in_and_how_sure_that_is() -> None:
    interview, vague, full = _vague_and_full()
    interview = report("a", *BRIDGE, vectors=OTHERS, date="2026-01-12", occasion="interview", place="Q64")
    full = replace(full, statements=[replace(s, setting=replace(s.setting, place="Q90")) for s in full.statements])
    copy = report("d", QUAY[0], QUAY[1], minute=40, vectors=VECTORS[:2], date="2026-01-12")
    before = _decided(interview, vague, copy, alone=9.0)
    after = _decided(interview, vague, copy, full, alone=9.0)
    for article in "bd":
        old, new = (found[article].decision.parts[0] for found in (before, after))
        assert old.story_id != new.story_id == _story(after, "c")
        against = {e.against for e in new.evidence}
        assert new.story_id in against
        assert old.story_id not in against
        assert [e.against for e in new.evidence if e.feature == "revised"] == ["c-Q1"]
    old, new = (found["b"].decision.parts[0] for found in (before, after))
    assert sum(e.score or 0 for e in new.evidence) > sum(e.score or 0 for e in old.evidence)
    assert old.confidence is not None
    assert new.confidence is not None
    assert (new.confidence.story or 0) > (old.confidence.story or 0)
    assert (old.review, new.review) == (True, False)


def test_a_copy_goes_along_though_a_part_of_it_is_there_already() -> None:
    interview, vague, full = _vague_and_full()
    copy = report("d", QUAY[0], QUAY[1], QUAY[2], minute=40, vectors=VECTORS[:3], date="2026-01-12")
    forum = Setting(date="2026-01-12", occasion="forum", flashback=True)
    copy = replace(copy, statements=[*copy.statements[:2], replace(copy.statements[2], setting=forum)])
    before = _decided(interview, vague, copy)
    main, second = before["d"].decision.parts
    assert main.copy_of == "b-Q1"
    after = _decided(interview, vague, copy, full)
    assert _story(after, "b") == _story(after, "c") == second.story_id
    (part,) = after["d"].decision.parts
    assert (part.story_id, part.copy_of, len(part.remarks)) == (second.story_id, "b-Q1", 3)


def test_whom_a_person_linked_to_another_does_not_move_nor_does_its_story_divide() -> None:
    interview, vague, full = _vague_and_full()
    copy = report("d", QUAY[0], QUAY[1], minute=40, vectors=VECTORS[:2], date="2026-01-12")
    for linked, came in (("b", [interview, vague, full]), ("d", [interview, vague, copy, full])):
        free = _decided(*came)
        assert _story(free, "a") != _story(free, linked)
        made = datetime.datetime(2026, 1, 20, tzinfo=datetime.UTC)
        one = Override(override_id="o", kind="must_link", report_ids=["a-Q1", f"{linked}-Q1"], made=made)
        found = _decided(*came, overrides=Overrides.of([one]))
        assert _story(found, "a") == _story(found, linked)


def test_a_report_that_is_well_placed_stays() -> None:
    first = report("a", *QUAY, minute=0, vectors=VECTORS[:3], date="2026-01-12", occasion="interview")
    second = report("b", QUAY[2], minute=20, vectors=VECTORS[2:3], date="2026-01-12", occasion="interview")
    third = report("c", *BRIDGE, minute=40, vectors=VECTORS[3:5], date="2026-01-13", occasion="forum")
    found = _decided(first, second, third)
    assert _story(found, "a") == _story(found, "b") != _story(found, "c")
