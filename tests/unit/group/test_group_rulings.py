"""Overrides made while running: what was decided before changes as if the constraint had always held."""

import datetime
import itertools
from typing import Any

import msgspec
import pytest

from processors.group.grouper import Grouper, Outcome
from processors.group.overrides import Overrides, missing_rulings, speaker_of
from schemas import Context, Entry, GroupedReport, Override, Part, Report, Ruling, Story
from tests.builders import BRIDGE, QUAY, empty, report, said, source, vector

MADE = datetime.datetime(2026, 1, 20, tzinfo=datetime.UTC)
DAY = 1440


def override(number: int, kind: str, *reports: str, role: str | None = None) -> Override:
    ids = [f"{name}-Q1" for name in reports]
    return Override(override_id=f"o{number}", kind=kind, report_ids=ids, made=MADE, role=role)  # type: ignore[arg-type]


def ruling(one: Override | None, taken_back: Override | None = None) -> Ruling:
    known = one or taken_back
    assert known is not None
    return Ruling(override_id=known.override_id, speaker_id="Q1", report_ids=known.report_ids, override=one)


def two_occasions() -> list[Report]:
    """Three reports of one occasion, two of another."""
    quay = [report(name, *QUAY[i : i + 2], minute=i * 10, date="2026-01-12") for i, name in enumerate("abc")]
    quay[2] = report("c", QUAY[0], QUAY[2], minute=20, date="2026-01-12")
    bridge = [report(name, *BRIDGE, minute=2 * DAY + i * 10, date="2026-01-14") for i, name in enumerate("de")]
    return [*quay, *bridge]


class World:
    """A grouper with the table that its outcomes make."""

    def __init__(self, overrides: Overrides | None = None) -> None:
        self.grouper = Grouper("Q1", overrides=overrides)
        self.entries: dict[str, bytes] = {}
        self.rulings: dict[str, bytes] = {}
        self.told: dict[str, GroupedReport] = {}
        self.stories_told: dict[str, Story] = {}
        self.offset = -1

    def take(self, outcome: Outcome) -> Outcome:
        if outcome.ruling is not None:
            self.rulings[outcome.ruling.override_id] = outcome.ruling.encode()
        for entry in (*outcome.kept, *([outcome.entry] if outcome.entry else [])):
            self.entries[entry.report.report_id] = entry.encode()
        self.told.update({m.decision.report_id: m for m in outcome.outputs if isinstance(m, GroupedReport)})
        self.stories_told.update({m.story_id: m for m in outcome.outputs if isinstance(m, Story)})
        return outcome

    def decide(self, *reports: Report) -> None:
        for one in reports:
            self.offset += 1
            self.take(self.grouper.decide(one, source(self.offset)))

    def rule(self, one: Ruling) -> Outcome:
        self.offset += 1
        return self.take(self.grouper.rule(one, source(self.offset)))

    def rebuilt(self) -> Grouper:
        entries = [Entry.decode(value) for value in self.entries.values()]
        return Grouper.rebuild("Q1", entries, rulings=[Ruling.decode(value) for value in self.rulings.values()])

    def stories(self) -> set[frozenset[str]]:
        found: dict[str | None, set[str]] = {}
        for one in self.told.values():
            found.setdefault(one.decision.parts[0].story_id, set()).add(one.article_id)
        return {frozenset(members) for members in found.values()}


def stories(*members: str) -> set[frozenset[str]]:
    return {frozenset(one) for one in members}


def test_without_overrides_the_occasions_are_two_stories() -> None:
    world = World()
    world.decide(*two_occasions())
    assert world.stories() == stories("abc", "de")


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (override(1, "must_link", *"abcde"), stories("abcde")),
        (override(1, "cannot_link", "b", "a", "c"), stories("ac", "b", "de")),
        (override(1, "cannot_link", "a", "b", "c"), stories("a", "bc", "de")),
        (override(1, "role", "b", role="reaction"), stories("abc", "de")),
    ],
)
def test_what_was_decided_before_is_as_if_it_had_always_held(one: Override, expected: set[frozenset[str]]) -> None:
    live, replayed = World(), World(Overrides.of([one]))
    live.decide(*two_occasions())
    live.rule(ruling(one))
    replayed.decide(*two_occasions())
    assert live.stories() == replayed.stories() == expected
    roles = [{k: v.decision.parts[0].role for k, v in world.told.items()} for world in (live, replayed)]
    assert roles[0] == roles[1]
    if one.role is not None:
        assert roles[0]["b-Q1"] == "reaction"
    named = live.told[one.report_ids[-1]].decision.parts[0].evidence
    assert any(evidence.feature == "override" for evidence in named)


def test_it_holds_for_what_comes_later_and_survives_a_restart() -> None:
    world = World()
    reports = two_occasions()
    world.decide(*reports[:3])
    world.rule(ruling(override(1, "must_link", *"ad")))
    world.grouper = world.rebuilt()
    world.decide(*reports[3:])
    assert world.stories() == stories("abcde")


def test_taken_back_it_leaves_nothing_behind() -> None:
    world = World()
    world.decide(*two_occasions())
    for one in (override(1, "must_link", *"abcde"), override(2, "cannot_link", "b", "a", "c")):
        world.rule(ruling(one))
        assert world.stories() != stories("abc", "de")
        world.rule(ruling(None, one))
        assert world.stories() == stories("abc", "de")
    assert not any(
        evidence.feature == "override" for one in world.told.values() for evidence in one.decision.parts[0].evidence
    )


def test_taken_back_it_brings_back_who_left_the_story_with_a_report_that_it_named() -> None:
    """Without a report there is no story, so the background was in none while the role held."""
    world, one = World(), override(1, "role", "a", role="reaction")
    explains = Context(mentions=2, explains=True, length=9000, other_statements=5, first_mention=1500)
    first = report("a", *QUAY, date="2026-01-12")
    world.decide(first, report("b", QUAY[0], minute=30, date="2026-01-12", body="b", context=explains))
    before = _told(world)
    assert [role for _, role, _ in before.values()] == ["report", "background"]
    assert world.stories() == stories("ab")
    world.rule(ruling(one))
    assert {story_id for story_id, _, _ in _told(world).values()} == {None}
    world.rule(ruling(None, one))
    assert _told(world) == before


def test_the_others_of_the_stories_are_decided_anew_and_told_again_with_the_record() -> None:
    world, one = World(), override(1, "cannot_link", "b", "c")
    world.decide(*two_occasions())
    before = {name: world.told[f"{name}-Q1"].decision.decision_seq for name in "abcde"}
    ruled = ruling(one)
    first = world.grouper.rule(ruled, source(50))
    after = {d.report_id: d.decision_seq for d in world.grouper._state.decisions.values()}
    assert all(after[f"{name}-Q1"] > max(before.values()) for name in "abc"), "a is in their story, though not named"
    assert all(after[f"{name}-Q1"] == before[name] for name in "de")
    again = world.grouper.rule(ruled, source(50))
    assert again.entry is None
    told = {m.decision.report_id for m in again.outputs if isinstance(m, GroupedReport)}
    assert told >= {m.decision.report_id for m in first.outputs if isinstance(m, GroupedReport)}


def test_a_rebuilt_state_goes_on_as_if_nothing_had_been() -> None:
    world, one = World(), override(1, "cannot_link", "b", "a", "c")
    world.decide(*two_occasions())
    world.rule(ruling(one))
    rebuilt = world.rebuilt()
    new = report("f", QUAY[0], QUAY[1], minute=40, date="2026-01-12")
    assert rebuilt.decide(new, source(9)) == world.grouper.decide(new, source(9))
    assert rebuilt.rule(ruling(None, one), source(10)) == world.grouper.rule(ruling(None, one), source(10))
    assert {e.report.report_id: e for e in rebuilt.entries} == {e.report.report_id: e for e in world.grouper.entries}


def test_its_record_again_decides_nothing_and_tells_the_same() -> None:
    world, one = World(), override(1, "must_link", *"abcde")
    world.decide(*two_occasions())
    first = world.rule(ruling(one))
    assert first.entry is not None
    told = dict(world.told)
    again = world.take(world.rebuilt().rule(ruling(one), source(world.offset)))
    assert again.entry is None
    assert again.ruling == first.ruling
    assert world.told == told


def test_a_ruling_that_was_stored_without_its_entry_acts_when_it_comes_again() -> None:
    world, one = World(), override(1, "must_link", *"abcde")
    world.decide(*two_occasions())
    stored = dict(world.entries)
    first = world.rule(ruling(one))
    world.entries = stored  # killed between the two writes
    again = world.rebuilt().rule(ruling(one), source(world.offset))
    assert again == first


def test_put_into_the_log_twice_it_acts_once() -> None:
    world, one = World(), override(1, "must_link", *"abcde")
    world.decide(*two_occasions())
    world.rule(ruling(one))
    assert world.rule(ruling(one)) == Outcome(entry=None)


def test_all_its_decisions_have_one_number_and_are_in_one_entry() -> None:
    world = World()
    world.decide(*two_occasions())
    outcome = world.rule(ruling(override(1, "must_link", *"abcde")))
    assert outcome.entry is not None
    decisions = [outcome.entry.decision, *outcome.entry.changes]
    assert {d.report_id for d in decisions} == {f"{name}-Q1" for name in "abcde"}
    assert len({d.decision_seq for d in decisions}) == 1


def test_of_unknown_reports_it_waits_for_them() -> None:
    world = World()
    outcome = world.rule(ruling(override(1, "role", "b", role="background")))
    assert outcome.entry is None
    assert outcome.ruling is not None
    world.decide(*two_occasions())
    assert world.told["b-Q1"].decision.parts[0].role == "background"


def test_the_log_lacks_what_the_topic_has_and_the_other_way_round() -> None:
    kept, new, gone, foreign = (override(n, "role", "a", role="copy") for n in range(4))
    foreign = msgspec.structs.replace(foreign, report_ids=["a-Q2"])
    standing = {"o0": ruling(kept), "o2": ruling(gone)}
    wanted = {"o0": kept, "o1": new, "o3": foreign}
    assert missing_rulings(wanted, standing, ["Q1"]) == [ruling(new), ruling(None, gone)]
    assert missing_rulings(wanted, standing | {"o1": ruling(new), "o2": ruling(None, gone)}, ["Q1"]) == []
    changed = msgspec.structs.replace(kept, role="report")
    assert missing_rulings({"o0": changed}, {"o0": ruling(kept)}, ["Q1"]) == [ruling(changed)]


def test_an_override_is_about_one_speaker() -> None:
    assert speaker_of(override(1, "must_link", "a", "b")) == "Q1"
    assert speaker_of(Override(override_id="o", kind="must_link", report_ids=["a-Q1", "b-Q2"], made=MADE)) is None


def test_of_two_that_contradict_each_other_the_later_made_holds() -> None:
    together, apart = override(1, "must_link", "a", "b", "c"), override(2, "cannot_link", "a", "b", "c")
    found = Overrides.of([apart, together])
    assert not found.must_link("a-Q1")
    assert found.must_link("b-Q1") == {"c-Q1"}
    assert found.cannot_link("a-Q1") == {"b-Q1", "c-Q1"}
    found = Overrides.of([override(3, "must_link", "a", "b"), apart, together])
    assert found.must_link("a-Q1") == {"b-Q1", "c-Q1"}
    assert not found.cannot_link("a-Q1")


def test_a_report_can_be_split_off_that_was_merged_before() -> None:
    world = World()
    world.decide(*two_occasions())
    world.rule(ruling(override(1, "must_link", "a", "d")))
    world.rule(ruling(override(2, "cannot_link", "d", "a", "b", "c")))
    assert frozenset("abc") in world.stories()


def test_copies_of_a_report_whose_role_is_given_back_are_copies_again() -> None:
    world, one = World(), override(1, "role", "a", role="background")
    world.decide(*(report(name, *QUAY, minute=i * 10) for i, name in enumerate("abc")))
    before = _told(world)
    assert [before[f"{name}-Q1"][1:] for name in "bc"] == [("copy", "a-Q1")] * 2
    world.rule(ruling(one))
    assert {role for _, role, _ in _told(world).values()} == {"background"}
    world.rule(ruling(None, one))
    assert _told(world) == before


def _told(world: World) -> dict[str, tuple[str | None, str, str | None]]:
    mains = {key: one.decision.parts[0] for key, one in world.told.items()}
    return {key: (main.story_id, main.role, main.copy_of) for key, main in mains.items()}


def test_who_must_be_with_another_is_kept_from_whom_that_one_is_kept_from() -> None:
    together, apart = override(1, "must_link", "a", "d"), override(2, "cannot_link", "a", "b", "c")
    for order in ([together, apart], [apart, together]):
        found = Overrides.of(order)
        assert found.cannot_link("d-Q1") == {"b-Q1", "c-Q1"}
        assert found.cannot_link("c-Q1") == {"a-Q1", "d-Q1"}
    world = World(Overrides.of([together, apart]))
    quay = [report(name, *QUAY, minute=i * 10, date="2026-01-12") for i, name in enumerate("bcda")]
    world.decide(*quay)
    assert world.stories() == stories("bc", "ad")


def test_background_that_is_in_no_story_is_merged_with_a_report_whichever_came_first() -> None:
    """Decided anew, what came first finds no story to join; it joins when the other has one."""
    for names in ("ab", "ba"):
        world = World(Overrides.of([override(1, "role", "b", role="background")]))
        texts = {"a": (QUAY, "2026-01-12"), "b": (BRIDGE, "2026-01-14")}
        world.decide(*(report(n, *texts[n][0], minute=i, date=texts[n][1]) for i, n in enumerate(names)))
        assert world.told["b-Q1"].decision.parts[0].story_id is None
        world.rule(ruling(override(2, "must_link", "a", "b")))
        assert world.stories() == stories("ab")
        part = world.told["b-Q1"].decision.parts[0]
        assert "must_link" in [evidence.value for evidence in part.evidence]
        world.rule(ruling(None, override(2, "must_link", "a", "b")))
        assert world.told["b-Q1"].decision.parts[0].story_id is None


FORUM: dict[str, Any] = {"date": "2026-01-12", "occasion": "forum", "place": "Q84", "counterparts": ["Q500"]}
INTERVIEW: dict[str, Any] = {"date": "2026-01-15", "occasion": "interview", "place": "Q90", "counterparts": ["Q501"]}
VECTORS = [vector(i) for i in range(1, 4)]


def test_what_copied_background_is_of_an_occasion_when_its_original_is_taken_back() -> None:
    """It was in no story, with a remark of another's that it quoted: a report has a story and remarks of that story."""
    world = World(Overrides.of([override(1, "role", "a", role="background")]))
    elsewhere = report("c", QUAY[0], minute=1, vectors=VECTORS[:1], body="c", **FORUM)
    copied = [report(n, *QUAY, minute=3 * DAY + i, vectors=VECTORS, **INTERVIEW) for i, n in enumerate("ab")]
    world.decide(elsewhere, *copied)
    before = world.told["b-Q1"].decision.parts[0]
    (quoted,) = world.told["c-Q1"].decision.parts[0].remarks
    assert (before.role, before.story_id, before.copy_of) == ("background", None, "a-Q1")
    assert before.remarks[0].remark_id == quoted.remark_id
    world.decide(empty("a", minute=4 * DAY, visit=2))
    part = world.told["b-Q1"].decision.parts[0]
    assert (part.role, part.copy_of) == ("report", None)
    assert part.story_id not in {None, world.told["c-Q1"].decision.parts[0].story_id}
    assert quoted.remark_id not in {use.remark_id for use in part.remarks}
    assert part.remarks[0].new


def test_what_copied_background_goes_where_a_person_said_when_its_original_is_another_text() -> None:
    world = World(Overrides.of([override(1, "must_link", "a", "b")]))
    explains = Context(mentions=2, explains=True, length=9000, other_statements=5, first_mention=1500)
    world.decide(report("a", *QUAY, context=explains), report("b", *QUAY, minute=20, date="2026-01-12"))
    assert [world.told[f"{n}-Q1"].decision.parts[0].role for n in "ab"] == ["background"] * 2
    world.decide(report("a", *BRIDGE, date="2026-01-14", minute=30, revision="2", visit=2))
    assert [world.told[f"{n}-Q1"].decision.parts[0].role for n in "ab"] == ["report"] * 2
    assert world.stories() == stories("ab")


def test_a_copy_that_is_kept_from_the_story_of_its_original_has_one_of_its_own() -> None:
    """When the report came that it copied, it was background in no story."""
    apart = override(1, "cannot_link", "b", "c")
    world = World(Overrides.of([override(2, "role", "a", role="background"), apart]))
    world.decide(*(report(name, *QUAY, minute=60 + i) for i, name in enumerate("abc")))
    assert world.told["b-Q1"].decision.parts[0].story_id is None
    world.decide(report("d", *QUAY, minute=0, fetched=90))
    mains = {name: world.told[f"{name}-Q1"].decision.parts[0] for name in "bcd"}
    assert {name: main.role for name, main in mains.items()} == {"b": "copy", "c": "copy", "d": "report"}
    assert None not in {main.story_id for main in mains.values()}
    assert mains["b"].story_id != mains["c"].story_id


def test_a_remark_that_earlier_background_quotes_does_not_repeat_itself() -> None:
    world = World()
    told = [("a", 0, FORUM), ("b", 3 * DAY, INTERVIEW)]
    world.decide(*(report(n, QUAY[1], minute=m, vectors=VECTORS[:1], body=f"{n} " * 3, **on) for n, m, on in told))
    first, second = (world.told[f"{name}-Q1"].decision.parts[0].remarks[0] for name in "ab")
    assert second.repeats_of == first.remark_id != second.remark_id
    world.rule(ruling(override(1, "role", "a", role="background")))
    first, second = (world.told[f"{name}-Q1"].decision.parts[0].remarks[0] for name in "ab")
    assert first.remark_id == second.remark_id
    assert (first.repeats_of, second.repeats_of) == (None, None)


def of_two_occasions(name: str, *, minute: float) -> Report:
    """Tells of an interview, and looks back at a forum."""
    one = report(name, *QUAY, BRIDGE[0], minute=minute, **INTERVIEW)
    *three, last = one.statements
    return msgspec.structs.replace(one, statements=[*three, said(BRIDGE[0], name, last.start, **FORUM, flashback=True)])


def _counts(world: World, part: Part) -> tuple[int, int]:
    """Reports and copies of the story of a part."""
    assert part.story_id is not None
    story = world.stories_told[part.story_id]
    return story.reports, story.copies


def test_all_parts_of_a_report_have_the_role_that_its_original_gives_or_leaves_it() -> None:
    """Of ``b``, which tells two occasions in the words of ``a``; its second part stands in the story of ``c``."""
    world = World()
    forum = report("c", *BRIDGE, minute=1, body="c", **FORUM)
    world.decide(forum, *(of_two_occasions(n, minute=3 * DAY + i) for i, n in enumerate("ab")))
    parts = world.told["b-Q1"].decision.parts
    assert [part.role for part in parts] == ["copy", "copy"]
    assert parts[1].story_id == world.told["c-Q1"].decision.parts[0].story_id
    assert _counts(world, parts[1]) == (2, 1)
    role = override(1, "role", "a", role="background")
    for ruled, expected in ((role, "background"), (None, "copy")):
        world.rule(ruling(ruled, role))
        assert [part.role for part in world.told["b-Q1"].decision.parts] == [expected] * 2
    world.decide(empty("a", minute=4 * DAY, visit=2))
    parts = world.told["b-Q1"].decision.parts
    assert [part.role for part in parts] == ["report", "report"]
    assert _counts(world, parts[1]) == (2, 0)


@pytest.mark.parametrize("order", list(itertools.permutations("abc")))
def test_two_stories_that_are_merged_leave_no_part_of_an_article_that_tells_of_both(order: tuple[str, ...]) -> None:
    one = {
        "a": report("a", *QUAY[:2], minute=10, body="a", **INTERVIEW),
        "b": of_two_occasions("b", minute=20),
        "c": report("c", *BRIDGE, minute=5, body="c", **FORUM),
    }
    merged = override(1, "must_link", "a", "c")
    always, then = World(Overrides.of([merged])), World()
    for world in (always, then):
        world.decide(*(one[name] for name in order))
    before = {story.story_id for story in then.stories_told.values() if story.reports}
    assert len(before) == 2
    then.rule(ruling(merged))
    for world in (always, then):
        (home,) = {part.story_id for told in world.told.values() for part in told.decision.parts}
        living = {story.story_id: story.reports for story in world.stories_told.values() if story.merged_into is None}
        assert living == {home: 3}
        assert sum(told.new_remarks for told in world.told.values()) == len(QUAY) + len(BRIDGE)
    then.rule(ruling(None, merged))
    assert len({part.story_id for part in then.told["b-Q1"].decision.parts}) == 2
    assert then.rebuilt().entries == then.grouper.entries


def test_a_part_of_a_third_occasion_stays_where_it_is_when_two_stories_are_merged() -> None:
    other = report("d", *(f"{text} elsewhere" for text in QUAY), minute=7, date="2026-01-10", occasion="parliament")
    world = World()
    world.decide(other, report("c", *BRIDGE, minute=5, body="c", **FORUM), of_two_occasions("b", minute=20))
    world.rule(ruling(override(1, "must_link", "b", "d")))
    parts = world.told["b-Q1"].decision.parts
    assert parts[0].story_id == world.told["d-Q1"].decision.parts[0].story_id
    assert parts[1].story_id == world.told["c-Q1"].decision.parts[0].story_id
    world.decide(empty("c", minute=30))
    assert world.told["b-Q1"].decision.parts[1].story_id == parts[1].story_id


def test_every_part_of_what_copied_background_has_a_story_when_its_original_is_taken_back() -> None:
    world = World(Overrides.of([override(1, "role", "a", role="background")]))
    world.decide(*(of_two_occasions(n, minute=i) for i, n in enumerate("ab")))
    assert [part.story_id for part in world.told["b-Q1"].decision.parts] == [None, None]
    world.decide(empty("a", minute=DAY, visit=2))
    parts = world.told["b-Q1"].decision.parts
    assert [part.role for part in parts] == ["report", "report"]
    assert len({part.story_id for part in parts} - {None}) == 2
    assert all(use.new for part in parts for use in part.remarks)


def _stories_of(world: World, names: str) -> list[str | None]:
    return [world.told[f"{name}-Q1"].decision.parts[0].story_id for name in names]


@pytest.mark.parametrize(("off", "rest"), [("a", "bc"), ("b", "ac"), ("c", "ab")])
def test_the_report_that_is_split_off_gets_another_id_and_the_rest_keep_theirs(off: str, rest: str) -> None:
    one = override(1, "cannot_link", off, *rest)
    live, replayed, untouched = World(), World(Overrides.of([one])), World()
    for world in (live, replayed, untouched):
        world.decide(*two_occasions())
    (story_id,) = set(_stories_of(untouched, "abc"))
    live.rule(ruling(one))
    for world in (live, replayed):
        assert _stories_of(world, rest) == [story_id] * 2
        assert _stories_of(world, off) != [story_id]
    assert _told(live) == _told(replayed), "a replay that knows it from the beginning gives the same ids"
    live.rule(ruling(None, one))
    assert _told(live) == _told(untouched), "undone, the id is that of all again"


@pytest.mark.parametrize("off", ["a", "b"])
def test_of_two_reports_the_one_that_is_not_named_first_keeps_the_id(off: str) -> None:
    rest = "b" if off == "a" else "a"
    one = override(1, "cannot_link", off, rest)
    live, replayed = World(), World(Overrides.of([one]))
    pair = two_occasions()[:2]
    live.decide(*pair)
    (story_id,) = set(_stories_of(live, "ab"))
    live.rule(ruling(one))
    replayed.decide(*pair)
    assert [_stories_of(world, rest) for world in (live, replayed)] == [[story_id]] * 2
    assert _told(live) == _told(replayed)
    live.rule(ruling(None, one))
    assert _stories_of(live, "ab") == [story_id] * 2


def test_split_off_with_more_than_it_is_split_from_it_keeps_the_id() -> None:
    world = World()
    world.decide(*two_occasions()[:3])
    (story_id,) = set(_stories_of(world, "abc"))
    world.rule(ruling(override(1, "cannot_link", "a", "b")))
    assert _stories_of(world, "ac") == [story_id] * 2
    assert _stories_of(world, "b") != [story_id]


def test_one_after_the_other_is_split_off_and_the_last_keeps_the_id() -> None:
    first, second = override(1, "cannot_link", "a", "b", "c"), override(2, "cannot_link", "b", "c")
    live, replayed = World(), World(Overrides.of([first, second]))
    for world in (live, replayed):
        world.decide(*two_occasions())
    story_id = _stories_of(live, "a")[0]
    live.rule(ruling(first))
    live.rule(ruling(second))
    for world in (live, replayed):
        assert _stories_of(world, "c") == [story_id]
        assert len(set(_stories_of(world, "abc"))) == 3


def test_evidence_says_which_override_it_was_when_it_was_made_and_why() -> None:
    def told(world: World, name: str) -> list[tuple[str, str]]:
        evidence = world.told[f"{name}-Q1"].decision.parts[0].evidence
        return [(one.value, one.other) for one in evidence if one.feature == "override"]

    together = msgspec.structs.replace(override(1, "must_link", *"ad"), note="one evening", by="Ann, night desk")
    apart = msgspec.structs.replace(override(2, "cannot_link", "b", "a", "c"), note="the call, " * 40)
    role = override(3, "role", "e", role="reaction")
    live, replayed = World(), World(Overrides.of([together, apart, role]))
    live.decide(*two_occasions())
    for one in (together, apart, role):
        live.rule(ruling(one))
    replayed.decide(*two_occasions())
    # d must be with a, so b is kept from it as well; in the replay it was not there yet when b came.
    for world, others in ((live, "a-Q1, c-Q1, d-Q1"), (replayed, "a-Q1")):
        assert ("must_link", "o1 of 2026-01-20 by Ann, night desk: one evening") in told(world, "d")
        ((kind, why),) = told(world, "b")
        assert kind == "cannot_link"
        assert why.startswith(f"{others} (o2 of 2026-01-20: the call, the call, ")
        assert why.endswith("…)")
        assert len(why) < 200
        assert told(world, "e") == [("reaction", "o3 of 2026-01-20")]
    again = override(4, "role", "e", role="background")
    later = msgspec.structs.replace(again, made=MADE + datetime.timedelta(days=1))
    live.rule(ruling(later))
    assert told(live, "e") == [("background", "o4 of 2026-01-21")]
