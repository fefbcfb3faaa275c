"""Revisions, retractions, records that come again, and what leaves the window."""

import datetime
from typing import Any

from msgspec.structs import replace

from processors.group.grouper import Grouper, Outcome
from processors.group.model import default_model
from processors.group.overrides import Overrides
from schemas import Context, Decision, Entry, GroupedReport, Override, Remark, Report, Seq, Setting, Story
from tests.builders import BRIDGE, QUAY, START, empty, report, source


def _remarks(outcome: Outcome) -> list[Remark]:
    return [m for m in outcome.outputs if isinstance(m, Remark)]


def _decisions(outcome: Outcome) -> list[Decision]:
    return [m.decision for m in outcome.outputs if isinstance(m, GroupedReport)]


def _stories(outcome: Outcome) -> list[Story]:
    return [m for m in outcome.outputs if isinstance(m, Story)]


def test_a_record_that_comes_again_gets_the_stored_decision() -> None:
    grouper = Grouper("Q1")
    first = grouper.decide(report("a", *QUAY), source(0))
    again = grouper.decide(report("a", *QUAY), source(0))
    assert again.entry is None
    assert again.outputs == first.outputs


def test_the_same_content_in_another_record_or_of_a_later_visit_decides_nothing_new() -> None:
    grouper = Grouper("Q1")
    first = grouper.decide(report("a", *QUAY), source(0))
    assert grouper.decide(report("a", *QUAY), source(5)).outputs == first.outputs
    assert grouper.decide(report("a", *QUAY, fetched=600, visit=2), source(6)).entry is None


def test_a_later_visit_is_not_called_late() -> None:
    """It keeps the place of the first one, so that others of the window stand behind it in the order already."""
    grouper = Grouper("Q1")
    grouper.decide(report("a", *QUAY), source(0))
    revised = grouper.decide(report("a", *QUAY[:2], fetched=60, revision="2", visit=2), source(1), late=True)
    new = grouper.decide(report("b", *BRIDGE), source(2), late=True)
    assert [outcome.entry.decision.late for outcome in (revised, new) if outcome.entry is not None] == [False, True]


def test_an_older_revision_that_comes_late_does_not_undo_a_newer_one() -> None:
    grouper = Grouper("Q1")
    grouper.decide(report("a", *QUAY[:2], fetched=60, revision="2", visit=2), source(1))
    outcome = grouper.decide(report("a", *QUAY, fetched=0), source(7))
    assert outcome.entry is None
    assert len(_remarks(outcome)) == 2


def test_a_visit_between_two_that_found_the_same_undoes_nothing_when_it_comes_late() -> None:
    grouper = Grouper("Q1")
    grouper.decide(report("b", *BRIDGE, QUAY[0]), source(0))
    first = grouper.decide(report("a", *QUAY, minute=5), source(1))
    third = grouper.decide(replace(report("a", *QUAY, minute=5, fetched=200, visit=3), seq=Seq(0, "a")), source(2))
    assert third.entry is None
    assert [entry.report.visit for entry in third.kept] == [3]
    # As first told, but for the time of the visit; the order, which stands by the first one, is the same.
    assert _decisions(third) == _decisions(first)
    assert [entry.report.seq for entry in third.kept] == [first.entry.report.seq if first.entry else None]
    for one in (grouper, Grouper.rebuild("Q1", grouper.entries)):
        assert one.decide(report("a", *QUAY, minute=5, fetched=200, visit=3), source(2)).outputs == third.outputs
        requeued = one.decide(report("a", *BRIDGE, minute=5, fetched=100, revision="2", visit=2), source(3))
        assert (requeued.entry, requeued.kept, requeued.outputs) == (None, (), third.outputs)


def test_a_page_that_dates_itself_anew_when_it_is_changed_stays_the_first() -> None:
    """It was there when it was first fetched, whatever it says of its publication later."""
    grouper = Grouper("Q1")
    first = report("a", *QUAY, minute=0, fetched=6)
    grouper.decide(first, source(0))
    grouper.decide(report("b", *QUAY, minute=60), source(1))
    bumped = report("a", *QUAY, BRIDGE[0], minute=290, fetched=300, revision="2", visit=2)
    told = grouper.decide(replace(bumped, seq=first.seq), source(2))
    mains = {e.report.report_id: grouper._state.decisions[e.report.report_id].parts[0] for e in grouper.entries}
    assert {r: part.copy_of for r, part in mains.items()} == {"a-Q1": None, "b-Q1": "a-Q1"}
    assert next((m.published, m.lag_minutes) for m in told.outputs if isinstance(m, GroupedReport)) == (START, 0)
    assert _stories(told)[0].first_published == START


def test_a_copy_says_why_it_is_in_its_story_when_its_original_is_taken_back() -> None:
    grouper = Grouper("Q1")
    for offset, one in enumerate((report("a", *QUAY), report("c", *QUAY[:2], minute=5, body="c"))):
        grouper.decide(one, source(offset))
    copied = grouper.decide(report("b", *QUAY, minute=60), source(2))
    gone = grouper.decide(empty("a", minute=90), source(3))
    before, now = (next(d for d in _decisions(o) if d.report_id == "b-Q1").parts[0] for o in (copied, gone))
    assert (before.role, now.role) == ("copy", "report")
    assert before.story_id == now.story_id
    reasons = [(e.feature, e.value) for e in now.evidence if e.against == now.story_id]
    assert reasons == [("wording", "was a copy of a report of this story")]


def test_a_role_that_a_person_gave_is_not_explained_by_what_speaks_for_another_one() -> None:
    role = Override(override_id="o1", kind="role", report_ids=["b-Q1"], role="reaction", made=START)
    grouper = Grouper("Q1", overrides=Overrides.of([role]))
    grouper.decide(report("a", *QUAY), source(0))
    grouper.decide(report("b", *QUAY, minute=60), source(1))
    gone = grouper.decide(empty("a", minute=90), source(2))
    (now,) = [d.parts[0] for d in _decisions(gone) if d.report_id == "b-Q1"]
    assert now.role == "reaction"
    assert [(e.feature, e.value) for e in now.evidence if e.feature in {"role", "override"}] == [
        ("override", "reaction")
    ]


def test_a_page_is_not_taken_to_be_published_after_it_was_fetched() -> None:
    """Not even by a clock or a zone that is ahead: no earlier visit is known, so the fetching counts."""
    grouper = Grouper("Q1")
    grouper.decide(report("b", *QUAY, minute=60), source(0))
    told = grouper.decide(report("a", *QUAY, minute=180, fetched=6), source(1))
    assert _stories(told)[0].first_report == "a-Q1"
    assert _stories(told)[0].first_published == START + datetime.timedelta(minutes=6)


def test_a_page_that_dates_itself_anew_and_says_the_same_is_not_decided_again() -> None:
    grouper = Grouper("Q1")
    first = report("a", *QUAY, minute=0, fetched=6)
    grouper.decide(first, source(0))
    again = replace(report("a", *QUAY, minute=290, fetched=300, visit=2), seq=first.seq)
    assert grouper.decide(again, source(1)).entry is None


def test_a_revision_keeps_its_story_and_takes_back_what_it_no_longer_says() -> None:
    grouper = Grouper("Q1")
    first = grouper.decide(report("a", *QUAY), source(0))
    second = grouper.decide(report("a", *QUAY[:2], fetched=60, revision="2", visit=2), source(1))
    assert first.entry is not None
    assert second.entry is not None
    assert second.entry.decision.decision_seq == first.entry.decision.decision_seq + 1
    assert second.entry.decision.parts[0].story_id == first.entry.decision.parts[0].story_id
    gone = [r for r in _remarks(second) if r.retracted]
    assert [r.text for r in gone] == [QUAY[2]]
    assert gone[0].decision_seq == second.entry.decision.decision_seq
    assert len([r for r in _remarks(second) if not r.retracted]) == 2


def test_an_empty_report_takes_everything_back_and_the_copy_becomes_the_first() -> None:
    grouper = Grouper("Q1")
    first = grouper.decide(report("a", *QUAY), source(0))
    grouper.decide(report("b", *QUAY, minute=42), source(1))
    last = grouper.decide(empty("a", minute=90), source(2))
    assert last.entry is not None
    assert last.entry.decision.retracted
    assert last.entry.decision.parts == []
    assert all(r.retracted for r in _remarks(last) if r.report_id == "a-Q1")
    (changed,) = last.entry.changes
    assert (changed.report_id, changed.parts[0].role, changed.parts[0].copy_of) == ("b-Q1", "report", None)
    assert changed.lag_minutes == 0
    assert all(use.new for use in changed.parts[0].remarks)
    (story,) = _stories(last)
    assert first.entry is not None
    assert story.story_id == first.entry.decision.parts[0].story_id  # derived from the first member, stays
    assert (story.reports, story.copies, story.first_report) == (1, 0, "b-Q1")


def test_all_statements_are_taken_back_however_many_there_are() -> None:
    grouper = Grouper("Q1")
    texts = [f"Of the {1 + number} barges in the harbour none has moved since May" for number in range(100)]
    told = _remarks(grouper.decide(report("a", *texts), source(0)))
    taken = grouper.decide(empty("a", minute=90), source(1))
    assert {r.statement_id for r in _remarks(taken) if r.retracted} == {r.statement_id for r in told}
    assert grouper.decide(empty("a", minute=90), source(1)).outputs == taken.outputs
    # What older revisions left is bounded.
    grouper.decide(report("a", *QUAY, fetched=180, revision="3", visit=3), source(2))
    later = grouper.decide(empty("a", minute=240, visit=4), source(3))
    assert later.entry is not None
    assert len(later.entry.gone) == 64
    assert {r.text for r in later.entry.gone[-3:]} == set(QUAY)


def test_a_story_without_members_stays_as_a_document_with_counts_of_zero() -> None:
    grouper = Grouper("Q1")
    grouper.decide(report("a", *QUAY), source(0))
    (story,) = _stories(grouper.decide(empty("a", minute=90), source(1)))
    assert (story.reports, story.copies, story.first_report, story.merged_into) == (0, 0, None, None)


def test_an_empty_report_of_something_unknown_is_nothing() -> None:
    outcome = Grouper("Q1").decide(empty("a", minute=90), source(0))
    assert outcome == Outcome(entry=None)


def test_what_a_revision_changed_in_others_is_kept_when_it_is_revised_again() -> None:
    grouper = Grouper("Q1")
    grouper.decide(report("b", *QUAY, minute=42), source(0))
    grouper.decide(report("a", *QUAY, fetched=60), source(1))
    last = grouper.decide(report("a", *QUAY, *BRIDGE, fetched=120, revision="2", visit=2), source(2))
    assert last.entry is not None
    assert [c.report_id for c in last.entry.changes] == ["b-Q1"]
    rebuilt = Grouper.rebuild("Q1", grouper.entries)
    copy = report("c", *QUAY, minute=200)
    assert rebuilt.decide(copy, source(3)) == grouper.decide(copy, source(3))


def test_another_case_of_a_canonical_wording_is_told_where_it_is_named() -> None:
    """Ids of statements leave case and marks out, so the statement is the same and nothing is gone."""
    short, grouper = QUAY[0][:60], Grouper("Q1")
    first = report("a", QUAY[0])
    grouper.decide(first, source(0))
    came = report("b", short, minute=5)
    before = grouper.decide(came, source(1))
    loud = replace(first.statements[0], text=QUAY[0].upper())
    revised = replace(first, statements=[loud], fetched=report("a", minute=60).fetched, revision="2", visit=2)
    last = grouper.decide(revised, source(2))
    told = {r.report_id: r for r in _remarks(last)}
    assert told["b-Q1"].canonical == told["a-Q1"].text == QUAY[0].upper()
    assert told["b-Q1"].decision_seq == told["a-Q1"].decision_seq
    # A version has one content, whenever it is told.
    assert _remarks(before)[0].decision_seq < told["b-Q1"].decision_seq
    assert _remarks(grouper.decide(came, source(1))) == [told["b-Q1"]]


def test_another_name_of_an_outlet_is_told_where_it_was_copied() -> None:
    grouper = Grouper("Q1")
    first = report("a", *QUAY)
    grouper.decide(first, source(0))
    grouper.decide(report("b", *QUAY, minute=42), source(1))
    outlet = replace(first.outlet, name="The Harbour Herald")
    revised = replace(first, outlet=outlet, fetched=report("a", minute=60).fetched, visit=2)
    last = grouper.decide(revised, source(2))
    originals = {m.decision.report_id: m.original for m in last.outputs if isinstance(m, GroupedReport)}
    assert originals == {"a-Q1": None, "b-Q1": outlet}


def test_reports_leave_the_window_with_their_whole_story_a_bounded_number_at_a_time() -> None:
    model = replace(default_model(window_days=2), expire_at_most=2)
    grouper = Grouper("Q1", model)
    for n in range(5):
        grouper.decide(report(f"a{n}", *QUAY, minute=n), source(n))
    day = 1440
    first = grouper.decide(report("b", *BRIDGE, minute=3 * day), source(5))
    second = grouper.decide(report("c", *BRIDGE, minute=3 * day + 1), source(6))
    assert first.expired == ("a0-Q1", "a1-Q1")
    assert second.expired == ("a2-Q1", "a3-Q1")


def test_a_story_that_still_grows_keeps_its_oldest_report() -> None:
    grouper = Grouper("Q1", default_model(window_days=2))
    day = 1440
    grouper.decide(report("a", *QUAY), source(0))
    grouper.decide(report("b", *QUAY, minute=1.5 * day), source(1))
    outcome = grouper.decide(report("c", *BRIDGE, minute=2.5 * day), source(2))
    assert outcome.expired == ()


def test_what_an_expiring_entry_says_of_living_ones_is_put_into_their_own() -> None:
    model = replace(default_model(window_days=2), expire_at_most=1)
    grouper = Grouper("Q1", model)
    table: dict[str, Entry] = {}

    def decide(one: object, offset: int) -> Outcome:
        outcome = grouper.decide(one, source(offset))  # type: ignore[arg-type]
        for entry in (*outcome.kept, *([outcome.entry] if outcome.entry else [])):
            table[entry.report.report_id] = entry
        for report_id in outcome.expired:
            del table[report_id]
        return outcome

    # a is fetched first but b was published earlier: the decision that a is b's copy lies in b's entry.
    decide(report("a", *QUAY, minute=42, fetched=60), 0)
    late = report("b", *QUAY, minute=0, fetched=50)
    decide(late, 1)
    outcome = decide(report("c", *BRIDGE, minute=3 * 1440), 2)
    assert outcome.expired == ("b-Q1",)
    assert [e.report.report_id for e in outcome.kept] == ["a-Q1"]
    assert outcome.kept[0].decision.parts[0].copy_of == "b-Q1"
    rebuilt = Grouper.rebuild("Q1", table.values(), model)
    assert [e.encode() for e in rebuilt.entries] == [e.encode() for e in grouper.entries]


def test_versions_go_on_after_everything_else_has_left() -> None:
    grouper = Grouper("Q1", default_model(window_days=2))
    for n in range(3):
        grouper.decide(report(f"a{n}", *QUAY, minute=n), source(n))
    last = grouper.decide(report("b", *BRIDGE, minute=30 * 1440), source(3))
    assert len(last.expired) == 3
    (grouped,) = [m for m in last.outputs if isinstance(m, GroupedReport)]
    assert grouped.decision.decision_seq == 4


def test_a_copy_follows_its_original_that_a_revision_makes_background_or_a_report() -> None:
    explains, body = Context(mentions=1, length=300, explains=True, dates=9), " ".join(QUAY)
    grouper = Grouper("Q1")
    first = grouper.decide(report("a", body=body, context=explains), source(0))
    grouper.decide(report("b", body=body, context=explains, minute=10), source(1))
    assert first.entry is not None
    assert first.entry.decision.parts[0].story_id is None
    told = grouper.decide(report("a", *QUAY, body=body, fetched=60, revision="2", visit=2), source(2))
    assert told.entry is not None
    (story,) = _stories(told)
    (copy,) = (decision.parts[0] for decision in told.entry.changes)
    assert (copy.role, copy.copy_of, copy.story_id) == ("copy", "a-Q1", story.story_id)
    assert (story.reports, story.copies) == (1, 1)
    again = grouper.decide(report("a", body=body, context=explains, fetched=90, revision="3", visit=3), source(3))
    assert again.entry is not None
    assert [decision.parts[0].role for decision in again.entry.changes] == ["background"]
    rebuilt = Grouper.rebuild("Q1", grouper.entries)
    assert rebuilt.decide(report("c", *QUAY, minute=99), source(4)) == grouper.decide(
        report("c", *QUAY, minute=99), source(4)
    )


def test_a_lag_behind_a_report_that_left_the_window_is_the_same_after_a_restart() -> None:
    """``f`` has a second part in a story that goes on, ``b`` of its main story leaves. Of the story that goes on what
    the lags were worked out against is remembered, after a restart it is not.
    """
    forum = Setting(date="2026-01-10", occasion="forum", place="Q84", counterparts=["Q500"], flashback=True)
    other: dict[str, Any] = {
        "date": "2026-01-12",
        "occasion": "interview",
        "place": "Q90",
        "counterparts": ["Q501"],
    }
    both = report("f", *BRIDGE, QUAY[0], minute=60, body="f", **other)
    both = replace(both, statements=[*both.statements[:2], replace(both.statements[2], setting=forum)])
    day = 1440
    entries: dict[str, Entry] = {}
    grouper = Grouper("Q1")
    reports = [
        report("g", *QUAY, minute=0, date="2026-01-10", occasion="forum", place="Q84", counterparts=["Q500"]),
        report("b", BRIDGE[0], minute=5, body="b", **other),
        both,
        report("h", *QUAY, minute=20, fetched=10 * day),
        report("i", *QUAY, minute=25, fetched=16 * day),
    ]
    for offset, one in enumerate(reports):
        rebuilt = Grouper.rebuild("Q1", entries.values())
        outcome = grouper.decide(one, source(offset))
        assert rebuilt.decide(one, source(offset)).entry == outcome.entry
        entries.update({e.report.report_id: e for e in (*outcome.kept, *filter(None, [outcome.entry]))})
        for report_id in outcome.expired:
            del entries[report_id]
    assert outcome.expired == ("b-Q1",)
    parts = entries["f-Q1"].decision.parts
    assert [len(part.remarks) for part in parts] == [2, 1]


def test_nobody_leaves_out_a_remark_that_was_taken_back() -> None:
    grouper, told = Grouper("Q1"), dict[str, GroupedReport]()

    def decide(one: Report, offset: int) -> None:
        outputs = grouper.decide(one, source(offset)).outputs
        told.update({m.article_id: m for m in outputs if isinstance(m, GroupedReport)})

    forum: dict[str, Any] = {"date": "2026-01-12", "occasion": "forum"}
    decide(report("a", *QUAY[:2], **forum), 0)
    decide(report("b", QUAY[2], minute=30, **forum), 1)
    decide(report("c", BRIDGE[0], minute=50, **forum), 2)
    first, second, third = (
        {use.remark_id for part in told[name].decision.parts for use in part.remarks} for name in "abc"
    )
    assert set(told["b"].missing) == first
    assert set(told["c"].missing) == first | second
    decide(empty("a", minute=60), 3)
    assert (told["b"].missing, set(told["c"].missing)) == ([], second)
    # One that is still told by somebody stays missed.
    decide(report("d", BRIDGE[0], minute=70, **forum), 4)
    decide(empty("c", minute=80), 5)
    assert set(told["b"].missing) <= third
    assert set(told["d"].missing) == second
    rebuilt = Grouper.rebuild("Q1", grouper.entries)
    assert [e.encode() for e in rebuilt.entries] == [e.encode() for e in grouper.entries]
