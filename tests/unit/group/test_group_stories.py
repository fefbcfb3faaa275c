"""Which reports are of one occasion, and why."""

import datetime
from typing import Any

import pytest
from msgspec.structs import replace

from processors.group.grouper import Grouper, Outcome
from processors.group.model import default_model
from processors.group.overrides import Overrides
from processors.group.report.facts import Facts
from processors.group.report.media import same_medium
from processors.group.report.occasions import segments
from schemas import Context, Evidence, GroupedReport, Override, Remark, Report, Story
from tests.builders import BRIDGE, QUAY, START, report, said, source


def _decide(*reports: Report, grouper: Grouper | None = None) -> list[Outcome]:
    grouper = grouper or Grouper("Q1")
    return [grouper.decide(one, source(offset)) for offset, one in enumerate(reports)]


def _main(outcome: Outcome) -> str | None:
    assert outcome.entry is not None
    return outcome.entry.decision.parts[0].story_id


def test_same_day_and_kind_of_occasion_make_one_story_in_other_words() -> None:
    one = report("a", QUAY[0], date="2026-01-12", occasion="parliament")
    other = report("b", BRIDGE[0], minute=30, date="2026-01-12", occasion="parliament")
    first, second = _decide(one, other)
    assert _main(first) == _main(second)
    assert second.entry is not None
    evidence = {e.feature: e.score for e in second.entry.decision.parts[0].evidence}
    weights = default_model().stories
    assert evidence["date"] == weights.date_same
    assert evidence["occasion"] == weights.kind_same_distinctive
    assert evidence["bias"] == weights.bias


def test_the_same_words_on_another_day_are_another_story() -> None:
    one = report("a", QUAY[1], date="2026-01-12", occasion="interview")
    again = f"He said again that {QUAY[1].lower()} as he had done before, to loud applause and laughter"
    other = report("b", again, minute=3000, date="2026-01-14", occasion="forum", body="x " * 5)
    first, second = _decide(one, other)
    assert _main(first) != _main(second)


def test_what_is_dated_shortly_after_midnight_may_be_of_the_evening_before() -> None:
    evening = report("a", QUAY[0], minute=600, date="2026-01-12", occasion="parliament")
    at_night = report("b", BRIDGE[0], minute=930, date="2026-01-13", occasion="parliament")
    in_the_morning = report("c", BRIDGE[1], minute=1440, date="2026-01-13", occasion="parliament")
    assert [x.hour for x in (at_night.published, in_the_morning.published) if x is not None] == [0, 9]
    first, second = _decide(evening, at_night)
    assert _main(first) == _main(second)
    first, second = _decide(evening, in_the_morning)
    assert _main(first) != _main(second)


def test_another_kind_of_occasion_nearly_vetoes() -> None:
    one = report("a", QUAY[0], date="2026-01-12", occasion="interview")
    other = report("b", BRIDGE[0], minute=30, date="2026-01-12", occasion="parliament")
    first, second = _decide(one, other)
    assert _main(first) != _main(second)


def test_evidence_tells_names_as_the_article_has_them() -> None:
    """They are compared by keys, which say nothing to a reader."""
    forum: dict[str, Any] = {"date": "2026-01-12", "occasion": "forum"}
    one = report("a", QUAY[0], **forum, place="Verdania", counterparts=["Milena Horvat"])
    same = report("b", QUAY[0], minute=30, body="b", **forum, place="Вердания", counterparts=["Милена Хорват"])
    other = report("c", QUAY[0], minute=40, body="c", **forum, place="Santa Corva")
    named = [
        replace(r, statements=[replace(s, names=["Zoran Kolnik"]) for s in r.statements]) for r in (one, same, other)
    ]
    elsewhere = [
        report(f"{day}", BRIDGE[day % 2], minute=-1440 * day, **(forum | {"date": f"2026-01-{12 - day:02}"}))
        for day in range(1, 6)
    ]
    *_, second, third = _decide(*elsewhere, *named)
    found = [{e.feature: (e.value, e.other) for e in _evidence(outcome)} for outcome in (second, third)]
    assert [found[0][feature] for feature in ("place", "counterpart", "names")] == [
        ("Вердания", "Вердания"), ("Милена Хорват", "Милена Хорват"), ("Zoran Kolnik", "Zoran Kolnik"),
    ]  # fmt: skip
    assert found[1]["place"] == ("Santa Corva", "Verdania")


def _evidence(outcome: Outcome) -> list[Evidence]:
    assert outcome.entry is not None
    return outcome.entry.decision.parts[0].evidence


def test_a_medium_is_recognised_across_scripts() -> None:
    assert same_medium("Панорама", "Panorama TV")
    assert not same_medium("Панорама", "Orbita")


def test_an_article_on_two_occasions_has_two_parts_the_main_one_first() -> None:
    both = replace(
        report("c"),
        statements=[
            said(QUAY[0], "c", 0, date="2026-01-12", occasion="interview"),
            said(QUAY[1], "c", 200, date="2026-01-12", occasion="interview"),
            said(BRIDGE[0], "c", 400, date="2026-01-11", occasion="parliament"),
        ],
    )
    assert [len(s.statements) for s in segments(Facts(both))] == [2, 1]
    parliament = report("a", BRIDGE[0], minute=-1440, date="2026-01-11", occasion="parliament")
    first, second = _decide(parliament, both)
    assert second.entry is not None
    parts = second.entry.decision.parts
    assert len(parts) == 2
    assert parts[1].story_id == _main(first)
    assert parts[0].story_id != parts[1].story_id


def test_what_is_told_of_another_occasion_has_not_the_lag_of_the_main_one() -> None:
    """Its story began at another time."""
    statements = [
        said(QUAY[0], "c", 0, date="2026-01-12", occasion="interview"),
        said(QUAY[1], "c", 200, date="2026-01-12", occasion="interview"),
        said(BRIDGE[0], "c", 400, date="2026-01-11", occasion="parliament"),
    ]
    parliament = report("a", BRIDGE[0], minute=-1440, date="2026-01-11", occasion="parliament")
    interview = report("b", QUAY[0], QUAY[1], minute=-30, body="b", date="2026-01-12", occasion="interview")
    *_, both = _decide(parliament, interview, replace(report("c"), statements=statements))
    lags = {m.text: m.lag_minutes for m in both.outputs if isinstance(m, Remark) and m.report_id == "c-Q1"}
    assert lags == {QUAY[0]: 30, QUAY[1]: 30, BRIDGE[0]: None}


def test_a_statement_that_says_nothing_of_its_occasion_stays_with_the_one_before() -> None:
    one = replace(
        report("c"),
        statements=[
            said(QUAY[0], "c", 0, occasion="interview"),
            said(QUAY[1], "c", 200),
            said(BRIDGE[0], "c", 400, occasion="parliament"),
            said(BRIDGE[1], "c", 600),
            said(QUAY[2], "c", 800, occasion="interview"),
        ],
    )
    assert [[s.start for s in segment.statements] for segment in segments(Facts(one))] == [[0, 200, 800], [400, 600]]


def test_the_story_tells_what_its_members_agree_on() -> None:
    one = report("a", *QUAY[:2], date="2026-01-12", occasion="forum", outlet="one.example")
    other = report("b", QUAY[2], minute=30, date="2026-01-12", occasion="forum", place="Q3640", outlet="two.example")
    *_, last = _decide(one, other)
    (story,) = [m for m in last.outputs if isinstance(m, Story)]
    assert (story.reports, story.copies, story.outlets) == (2, 0, ["one.example", "two.example"])
    assert (story.occasion.date, story.occasion.kind, story.occasion.place) == ("2026-01-12", "forum", "Q3640")
    assert story.first_report == "a-Q1"
    assert story.remarks == list(QUAY)
    (grouped,) = [m for m in last.outputs if isinstance(m, GroupedReport) and m.article_id == "b"]
    assert len(grouped.missing) == 2
    assert grouped.lag_minutes == 30


def test_the_story_tells_names_as_the_articles_have_them() -> None:
    talks = {"date": "2026-01-12", "occasion": "talks"}
    one = report("a", *QUAY[:2], place="Old Harbourtown", counterparts=["Q43", "Oskar Felmanov"], **talks)
    other = report("b", QUAY[2], minute=30, place="Harbourtown", counterparts=["Q43", "Оскаром Фельмановым"], **talks)
    *_, last = _decide(one, other)
    (story,) = [m for m in last.outputs if isinstance(m, Story)]
    assert story.reports == 2
    assert story.occasion.counterparts == ["Q43", "Oskar Felmanov"]
    assert story.occasion.place == "Old Harbourtown"


def test_a_reaction_is_counted_and_does_not_make_a_story() -> None:
    alone = Context(mentions=1, in_title=False, other_statements=3, other_in_lead=3, leader="Q9", lead_answers=True)
    nothing = report("x", context=alone, body="The mayor answers.")
    (outcome,) = _decide(nothing)
    assert outcome.entry is not None
    (part,) = outcome.entry.decision.parts
    assert (part.role, part.story_id) == ("reaction", None)
    assert not [m for m in outcome.outputs if isinstance(m, Story)]


def test_a_person_can_say_that_two_are_one_and_what_one_is() -> None:
    made = START + datetime.timedelta(days=1)
    overrides = Overrides.of(
        [
            Override(override_id="o1", kind="must_link", report_ids=["a-Q1", "b-Q1"], made=made),
            Override(override_id="o2", kind="role", report_ids=["b-Q1"], role="background", made=made),
        ]
    )
    one = report("a", QUAY[0], date="2026-01-12", occasion="interview")
    other = report("b", BRIDGE[0], minute=30, date="2026-01-12", occasion="parliament")
    first, second = _decide(one, other, grouper=Grouper("Q1", overrides=overrides))
    assert _main(first) == _main(second)
    assert second.entry is not None
    assert second.entry.decision.parts[0].role == "background"
    assert {e.feature for e in second.entry.decision.parts[0].evidence} == {"override"}


def test_a_person_joins_two_stories_and_the_emptied_one_says_where_it_went() -> None:
    made = START + datetime.timedelta(days=1)
    overrides = Overrides.of(
        [Override(override_id="o1", kind="must_link", report_ids=["a-Q1", "b-Q1", "c-Q1"], made=made)]
    )
    grouper = Grouper("Q1")
    one = report("a", QUAY[0], date="2026-01-12", occasion="interview")
    other = report("b", BRIDGE[0], minute=30, date="2026-01-12", occasion="parliament")
    first, second = _decide(one, other, grouper=grouper)
    joined = Grouper.rebuild("Q1", grouper.entries, overrides=overrides)
    last = joined.decide(report("c", QUAY[1], minute=60, date="2026-01-12"), source(2))
    stories = {m.story_id: m for m in last.outputs if isinstance(m, Story)}
    assert len(stories) == 2
    assert stories[_main(second) or ""].merged_into == _main(first)
    assert stories[_main(second) or ""].reports == 0
    assert stories[_main(first) or ""].reports == 3
    assert last.entry is not None
    assert [c.report_id for c in last.entry.changes] == ["b-Q1"]
    assert last.entry.changes[0].left == [_main(second)]
    told = last.entry.changes[0].parts[0].evidence
    assert [(e.value, e.against) for e in told if e.feature == "override"] == [("must_link", _main(first))]


LATE = {"place": "Q84", "counterparts": ["Q500"], "occasion": "talks"}


@pytest.mark.parametrize(
    ("days", "date", "found"),
    [
        (3, None, True),
        (6, "2026-01-12", True),
        (7, "2026-01-12", True),  # farther than reports without a day look for their story
        (7, None, False),
        (7, "2026-01-13", False),
        (8, "2026-01-12", False),  # a day of more than a week ago is not taken for that of the occasion
    ],
)
def test_a_report_of_days_after_finds_its_story(days: int, date: str | None, found: bool) -> None:
    told = report("a", QUAY[0], date="2026-01-12", **LATE)
    late = report("b", BRIDGE[0], minute=days * 1440, **LATE, **({"date": date} if date else {}))
    first, second = _decide(told, late)
    assert (_main(first) == _main(second)) is found


def test_two_stories_that_a_report_shows_to_be_one_tell_so() -> None:
    model = default_model()
    model = replace(model, stories=replace(model.stories, merge=model.stories.join))
    grouper = Grouper("Q1", model)
    one = report("a", QUAY[0], date="2026-01-12", place="Q64")
    other = report("b", BRIDGE[0], minute=30, date="2026-01-12", medium="Ekran", place="Q90")
    both = report("c", QUAY[1], minute=60, date="2026-01-12", medium="Ekran")
    first, second, last = _decide(one, other, both, grouper=grouper)
    assert _main(first) != _main(second)
    assert last.entry is not None
    moved = next(d for d in last.entry.changes if d.report_id in {"a-Q1", "b-Q1"})
    assert moved.parts[0].story_id == _main(last)
    told = [e for e in moved.parts[0].evidence if e.feature == "revised"]
    assert [e.against for e in told] == ["c-Q1"]
    assert told[0].score is not None
