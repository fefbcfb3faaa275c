"""Whatever the order, the repetitions, revisions and restarts: ``group`` tells one story, and tells it again."""

import datetime

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from processors.group.grouper import Grouper, Outcome
from processors.group.model import Model, default_model
from processors.group.overrides import Overrides
from schemas import Entry, GroupedReport, Override, Remark, Report, Ruling, Said, Setting, Story
from tests.builders import empty, report, source, vector

# Synthetic wordings; the third repeats words of the first, as speakers do.
_PHRASES = (
    "The delegations will meet again in the old harbour town before the end of the month, the minister said there",
    "Nobody has answered our proposal of three working groups on prisoners, transit and grain since the summer",
    "The delegations will meet again before the end of the month, wherever the old harbour may then be open to us",
    "Pipelines cannot be repaired by declarations, and 40 engineers have waited for their papers since May",
    "We would welcome observers from seven countries, provided that they stay for longer than a photograph takes",
)
_DATES = (None, "2026-01-12", "2026-01-13")
_KINDS = (None, "interview", "press_conference", "parliament")


@st.composite
def _reports(draw: st.DrawFn) -> list[Report]:
    """Messages in the order of their offsets: reports, revisions, empty reports."""
    made = []
    for _ in range(draw(st.integers(1, 14))):
        article = draw(st.sampled_from("abcdefgh"))
        visit = 1 + sum(r.article_id == article for r in made)
        minute = draw(st.integers(0, 3000)) + (0 if visit == 1 else 3000 * visit)
        if visit > 1 and draw(st.integers(0, 3)) == 0:
            made.append(empty(article, minute=minute, visit=visit))
            continue
        texts = draw(st.lists(st.sampled_from(_PHRASES), min_size=1, max_size=3, unique=True))
        days = draw(st.sampled_from([0, 0, 0, 1, 5, 20, 40])) * 1440
        one = report(
            article,
            *texts,
            minute=draw(st.integers(0, 3000)) + days,
            fetched=minute + days,
            revision=str(visit),
            visit=visit,
            lang=draw(st.sampled_from(["en", "ru"])),
            credited=draw(st.sampled_from([None, "b.example"])),
            vectors=draw(st.lists(st.sampled_from(_VECTORS), max_size=3)),
        )
        settings_of = [
            Setting(date=draw(st.sampled_from(_DATES)), occasion=draw(st.sampled_from(_KINDS))) for _ in texts
        ]
        statements = [replace(s, setting=setting) for s, setting in zip(one.statements, settings_of, strict=True)]
        made.append(replace(one, statements=statements))
    return made


_VECTORS = [vector(i) for i in range(1, 6)] + [b""]


class _World:
    """What a table, compacted topics and an index with external versions hold after all outcomes."""

    def __init__(self) -> None:
        self.table: dict[str, bytes] = {}
        self.said: dict[str, bytes] = {}
        self.ruled: dict[str, bytes] = {}
        self.topics: dict[tuple[str, str], bytes] = {}
        self.index: dict[tuple[str, str], tuple[int, bytes]] = {}

    def take(self, outcome: Outcome) -> None:
        for entry in outcome.kept:
            self.table[entry.report.report_id] = entry.encode()
        if outcome.entry is not None:
            self.table[outcome.entry.report.report_id] = outcome.entry.encode()
        for report_id in outcome.expired:
            del self.table[report_id]
        if outcome.ruling is not None:
            self.ruled[outcome.ruling.override_id] = outcome.ruling.encode()
        if outcome.said is not None:
            self.said[outcome.said.report_id] = outcome.said.encode()
        for report_id in outcome.unsaid:
            del self.said[report_id]
        for message in outcome.outputs:
            key, version = _key(message)
            self.topics[key] = message.encode()
            if version >= self.index.get(key, (0, b""))[0]:
                self.index[key] = (version, message.encode())

    def entries(self) -> list[Entry]:
        return [Entry.decode(value) for value in self.table.values()]

    def rebuilt(self, model: Model) -> Grouper:
        rulings = [Ruling.decode(value) for value in self.ruled.values()]
        return Grouper.rebuild("Q1", self.entries(), model, rulings=rulings, said=self.history())

    def history(self) -> list[Said]:
        return [Said.decode(value) for value in self.said.values()]


def _key(message: GroupedReport | Remark | Story) -> tuple[tuple[str, str], int]:
    match message:
        case GroupedReport():
            return ("report", message.decision.report_id), message.decision.decision_seq
        case Remark():
            return ("remark", message.statement_id), message.decision_seq
        case Story():
            return ("story", message.story_id), message.decision_seq


_COMMON = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@given(_reports(), st.data())
@_COMMON
def test_rebuilt_in_the_middle_it_goes_on_as_if_nothing_had_been(reports: list[Report], data: st.DataObject) -> None:
    model = replace(default_model(window_days=10), expire_at_most=data.draw(st.integers(1, 3), label="expire at most"))
    through, world = Grouper("Q1", model), _World()
    rebuilt = Grouper("Q1", model)
    for offset, one in enumerate(reports):
        if data.draw(st.booleans(), label="restart"):
            entries = data.draw(st.permutations(world.entries()), label="order")
            rebuilt = Grouper.rebuild("Q1", entries, model, said=data.draw(st.permutations(world.history())))
        expected, got = through.decide(one, source(offset)), rebuilt.decide(one, source(offset))
        assert got == expected
        assert [m.encode() for m in got.outputs] == [m.encode() for m in expected.outputs]
        world.take(got)
        assert {e.report.report_id: e.encode() for e in through.entries} == world.table


@given(_reports(), st.data())
@settings(_COMMON, max_examples=30)
def test_with_overrides_in_between_a_restart_and_repeated_records_change_nothing(
    reports: list[Report], data: st.DataObject
) -> None:
    model = default_model(window_days=10)
    through, world, repeated = Grouper("Q1", model), _World(), _World()
    for offset, one in enumerate(_with_rulings(reports, data, least=1)):
        again = repeated.rebuilt(model) if data.draw(st.booleans(), label="restart") else None
        expected = _step(through, one, offset)
        world.take(expected)
        other = again or repeated.rebuilt(model)
        got = _step(other, one, offset)
        assert got == expected
        repeated.take(got)
        if again is not None:
            repeated.take(_step(repeated.rebuilt(model), one, offset))
        assert repeated.table == world.table
        assert repeated.ruled == world.ruled
        assert repeated.topics == world.topics
        assert {e.report.report_id: e.encode() for e in through.entries} == world.table


@st.composite
def _rulings(draw: st.DrawFn) -> Ruling:
    ids = [f"{article}-Q1" for article in draw(st.lists(st.sampled_from("abcdefgh"), min_size=2, unique=True))]
    kind = draw(st.sampled_from(["must_link", "cannot_link", "role", None]))
    override_id = draw(st.sampled_from(["o1", "o2"]))
    made = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    role = draw(st.sampled_from(["report", "reaction", "background"])) if kind == "role" else None
    override = Override(override_id=override_id, kind=kind, report_ids=ids, made=made, role=role) if kind else None
    return Ruling(override_id=override_id, speaker_id="Q1", report_ids=ids, override=override)


def _with_rulings(reports: list[Report], data: st.DataObject, *, least: int = 0) -> list[Report | Ruling]:
    """A log of both, with ``least`` to four rulings. One that takes another's place names the reports of that one, too,
    as ``missing_rulings`` makes it.
    """
    log: list[Report | Ruling] = list(reports)
    for _ in range(data.draw(st.integers(least, 4), label="overrides")):
        log.insert(data.draw(st.integers(0, len(log))), data.draw(_rulings()))
    named: dict[str, set[str]] = {}
    for place, one in enumerate(log):
        if isinstance(one, Ruling):
            of_it = named.setdefault(one.override_id, set())
            of_it.update(one.report_ids)
            log[place] = msgspec.structs.replace(one, report_ids=sorted(of_it))
    return log


def _step(grouper: Grouper, one: Report | Ruling, offset: int) -> Outcome:
    if isinstance(one, Ruling):
        return grouper.rule(one, source(offset))
    return grouper.decide(one, source(offset))


@given(_reports(), st.data())
@_COMMON
def test_what_is_delivered_twice_in_bursts_ends_as_what_is_delivered_once(
    reports: list[Report], data: st.DataObject
) -> None:
    model = default_model(window_days=3650)
    once, twice = _World(), _World()
    grouper = Grouper("Q1", model)
    for offset, one in enumerate(reports):
        once.take(grouper.decide(one, source(offset)))
    grouper = Grouper("Q1", model)
    at = 0
    while at < len(reports):
        burst = range(at, min(len(reports), at + data.draw(st.integers(1, 6), label="burst")))
        for offset in burst:
            twice.take(grouper.decide(reports[offset], source(offset)))
        if data.draw(st.booleans(), label="crash"):
            grouper = Grouper.rebuild("Q1", twice.entries(), model, said=twice.history())
        for offset in burst:
            twice.take(grouper.decide(reports[offset], source(offset)))
        at = burst.stop
    assert twice.table == once.table
    assert twice.topics == once.topics
    assert twice.index == once.index


@given(_reports())
@_COMMON
def test_what_comes_again_at_once_is_told_again_in_the_same_bytes(reports: list[Report]) -> None:
    grouper = Grouper("Q1")
    for offset, one in enumerate(reports):
        first = grouper.decide(one, source(offset))
        again = grouper.decide(one, source(offset))
        assert again.entry is None
        if first.entry is not None:
            assert [m.encode() for m in again.outputs] == [m.encode() for m in first.outputs]


@given(_reports())
@_COMMON
def test_versions_grow_and_the_topics_never_hold_less_than_the_index(reports: list[Report]) -> None:
    grouper, world, last = Grouper("Q1"), _World(), 0
    for offset, one in enumerate(reports):
        outcome = grouper.decide(one, source(offset))
        if outcome.entry is not None:
            assert outcome.entry.decision.decision_seq > last
            last = outcome.entry.decision.decision_seq
        world.take(outcome)
    assert {key: value for key, (_, value) in world.index.items()} == world.topics


@given(_reports())
@_COMMON
def test_the_documents_of_the_end_agree_with_each_other(reports: list[Report]) -> None:
    """Counts of stories are those of the reports; each original is there; each remark has one first wording, and
    repeats one that is there.
    """
    grouper, world = Grouper("Q1", default_model(window_days=3650)), _World()
    for offset, one in enumerate(reports):
        world.take(grouper.decide(one, source(offset)))
    docs = {key: value for key, (_, value) in world.index.items()}
    grouped = [msgspec.json.decode(v, type=GroupedReport) for (kind, _), v in docs.items() if kind == "report"]
    stories = [msgspec.json.decode(v, type=Story) for (kind, _), v in docs.items() if kind == "story"]
    remarks = [msgspec.json.decode(v, type=Remark) for (kind, _), v in docs.items() if kind == "remark"]
    parts = [(g.decision.report_id, part) for g in grouped for part in g.decision.parts]
    for story in stories:
        roles = [part.role for _, part in parts if part.story_id == story.story_id]
        counts = [roles.count("report"), roles.count("copy"), roles.count("reaction"), roles.count("background")]
        assert counts == [story.reports, story.copies, story.reactions, story.backgrounds]
        assert story.merged_into is None or not roles
    living = dict(parts)
    for report_id, part in parts:
        assert part.copy_of is None or (part.copy_of in living and part.copy_of != report_id)
        chain, at = set(), report_id
        while at in living and living[at].copy_of is not None:
            assert at not in chain
            chain.add(at)
            at = living[at].copy_of or ""
    uses = {use.statement_id for _, part in parts for use in part.remarks}
    assert {r.statement_id for r in remarks if not r.retracted} == uses
    firsts = [r.remark_id for r in remarks if r.first and not r.retracted]
    assert len(firsts) == len(set(firsts))
    there = {r.remark_id for r in remarks if not r.retracted}
    assert {r.repeats_of for r in remarks if not r.retracted} <= {None, *there}
    assert {told.repeats_of for story in stories for told in story.details} <= {None, *there}


@given(_reports(), st.data())
@_COMMON
def test_after_each_record_decisions_agree_and_overrides_hold(reports: list[Report], data: st.DataObject) -> None:
    """A report or copy has a story, a copy the role and, if nobody parted them, the story of its original, all parts of
    a report one role; no remark repeats itself or is of two stories; what a person said holds.
    """
    world, grouper = _World(), Grouper("Q1", default_model(window_days=3650))
    for offset, one in enumerate(_with_rulings(reports, data)):
        world.take(_step(grouper, one, offset))
        found = [
            msgspec.json.decode(v, type=GroupedReport).decision for (k, _), v in world.topics.items() if k == "report"
        ]
        mains = {decision.report_id: decision.parts[0] for decision in found if decision.parts}
        overrides = Overrides.of(r.override for r in grouper.rulings.values() if r.override is not None)
        for report_id, main in mains.items():
            assert main.story_id is not None or main.role in {"reaction", "background"}
            assert overrides.role(report_id) in {None, main.role}
            together, apart = overrides.must_link(report_id), overrides.cannot_link(report_id)
            assert {mains[r].story_id for r in together & mains.keys()} <= {main.story_id}
            if main.copy_of is not None and overrides.role(report_id) is None:
                original = mains[main.copy_of]
                assert main.role == ("copy" if original.role in {"report", "copy"} else original.role)
                assert together or apart or original.story_id in {None, main.story_id}
        assert not any(p.role != d.parts[0].role for d in found for p in d.parts)
        assert not any(p.story_id is None for d in found for p in d.parts if p.role in {"report", "copy"})
        told = {d.report_id: {p.story_id for p in d.parts if p.story_id is not None} for d in found}
        assert not any(told[r] & told.get(o, set()) for r in told for o in overrides.cannot_link(r))
        tellers = [(u, p.story_id) for d in found for p in d.parts if p.role in {"report", "copy"} for u in p.remarks]
        assert len({(use.remark_id, story_id) for use, story_id in tellers}) == len({u.remark_id for u, _ in tellers})
        assert not any(u.repeats_of == u.remark_id for d in found for p in d.parts for u in p.remarks)
