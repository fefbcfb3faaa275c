"""Decides where a report belongs, with the state of one speaker in memory; pure, so that it can be told again.

A decision is made once for each revision of a report, numbered strictly upwards within the speaker, and stored with
the record that it was made on. A record that comes again gets the stored decision. What a decision changes in other
reports (who was first, who copied whom, whose remark is new) is made part of it.
"""

import datetime
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

import msgspec

from processors.group.consequences.changes import Changes
from processors.group.consequences.documents import Output, documents, retracted_remarks
from processors.group.consequences.settle import settle, tell_anew
from processors.group.decision.decide import Placer
from processors.group.decision.identity import Anew
from processors.group.model import Model, default_model
from processors.group.overrides import Overrides
from processors.group.remarks.stock import KEPT_DAYS, Stock
from processors.group.report.facts import Facts, believed, day_of
from processors.group.state import State, story_ids
from processors.group.vectors.space import Space
from processors.threads import one_thread
from schemas import Decision, Entry, Remark, Report, Ruling, Said, Seq, Source

# How many documents of vanished statements an entry remembers, so that taking them back can be repeated. Those that its
# own revision takes back are all there, however many: they are told from it.
_MOST_GONE = 64
# So many reports beside those that a ruling names are decided anew with them.
_MOST_MATES = 128
_NEVER = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_NO_SEQ = Seq(0, "")


@dataclass(frozen=True)
class Outcome:
    """What a decision brings about.

    ``entry``: what to put into the table under its report id; None where nothing is decided (a record that came
    before, the same again, an empty report of something unknown). ``outputs``: the messages to send, in order.
    ``kept``: entries to put again, before those of ``expired`` (report ids) are deleted. ``ruling``: to put under its
    own key, before all else; see ``Grouper.rule``. ``said``: to put into the table of stock phrases; ``unsaid``: report
    ids to delete there.
    """

    entry: Entry | None
    outputs: tuple[Output, ...] = ()
    expired: tuple[str, ...] = ()
    kept: tuple[Entry, ...] = ()
    ruling: Ruling | None = None
    said: Said | None = None
    unsaid: tuple[str, ...] = ()


class Grouper:
    """The reports of one speaker. ``space``: what their vectors are compared in, unless it is the shipped one."""

    def __init__(
        self,
        speaker_id: str,
        model: Model | None = None,
        overrides: Overrides | None = None,
        space: Space | None = None,
    ) -> None:
        self.speaker_id = speaker_id
        self._model = model or default_model()
        self._given = (overrides or Overrides()).given
        self._overrides = overrides or Overrides()
        self._rulings: dict[str, Ruling] = {}
        self._state = State(self._model, speaker_id, space)

    @classmethod
    def rebuild(
        cls,
        speaker_id: str,
        entries: Iterable[Entry],
        model: Model | None = None,
        overrides: Overrides | None = None,
        rulings: Iterable[Ruling] = (),
        said: Iterable[Said] = (),
        progress: Callable[[], None] = lambda: None,
        space: Space | None = None,
    ) -> "Grouper":
        """The grouper as it was when these were its entries and its rulings, in whatever order they come."""
        grouper = cls(speaker_id, model, overrides, space)
        grouper._rulings = {ruling.override_id: ruling for ruling in rulings}
        grouper._constrain()
        with one_thread():
            grouper._state = State.of(entries, grouper._model, speaker_id, said, progress, space)
        return grouper

    @property
    def entries(self) -> list[Entry]:
        """The table's entries as they are now, in order of their decisions."""
        return sorted(self._state.entries.values(), key=lambda e: (e.decision.decision_seq, e.report.report_id))

    @property
    def size(self) -> int:
        """Reports of the window."""
        return len(self._state.entries)

    def decide(self, report: Report, source: Source, late: bool = False) -> Outcome:
        """Decides on a report, or tells the stored decision where it was decided before.

        ``late``: it came after the reorder window. That is not said of a later visit: it has the place of the first one
        in the order, and always comes behind it.
        """
        with one_thread():
            return self._decide(report, source, late)

    def _decide(self, report: Report, source: Source, late: bool) -> Outcome:
        state = self._state
        old = state.entries.get(report.report_id)
        if old is None and report.is_empty:
            return Outcome(entry=None)
        report = believed(report, old.report.published if old is not None else None)
        if old is not None and _is_past(old, report, source):
            return self._told(old)
        if old is not None and _content(report) == _content(old.report):
            entry = self._seen(old, report)
            return self._told(entry, kept=() if entry is old else (entry,))

        seq = state.last_seq + 1
        expired, kept = self._expire(report)
        before = state.decisions.get(report.report_id)
        carried, gone, widows = self._withdraw(report, seq)

        placer = Placer(state, self._overrides, Facts(report, state.spoken), before)
        decision = Decision(report_id=report.report_id, decision_seq=seq, late=late and report.visit == 1)
        decision = msgspec.structs.replace(decision, retracted=True) if report.is_empty else placer.decide(decision)
        left = [s for s in (story_ids(before) if before else ()) if s not in {p.story_id for p in decision.parts}]
        decision = msgspec.structs.replace(decision, left=left)

        state.put(Entry(report=report, source=source, decision=decision), placer.facts)
        state.place(decision, report.report_id)
        made = Changes(state, report.report_id, self._overrides)
        settle(made, [before] if before else [], widows | placer.later, placer.merges, placer.near)
        if old is not None:
            renamed = old.report.outlet != report.outlet
            copies = state.copied.get(report.report_id, set()) if renamed else set()
            tell_anew(made, _reworded(old.report, report), copies)
        changed = made.changed
        decision = state.decisions[report.report_id]
        changes = {d.report_id: d for d in carried if d.report_id not in changed}
        changes.update({i: state.decisions[i] for i in changed})
        entry = Entry(
            report=report,
            source=source,
            decision=decision,
            changes=[changes[i] for i in sorted(changes)],
            # Of a forgotten article nothing is remembered, not even to take it back again.
            gone=[] if report.forgotten else gone,
            said_on=self._said_on(decision),
        )
        state.entries[report.report_id] = entry
        said = self._say(entry)
        unsaid = state.stock.expire(self._today()) + self._unsay(report)
        return Outcome(
            entry=entry, outputs=documents(state, entry), expired=expired, kept=kept, said=said, unsaid=unsaid
        )

    def _told(self, entry: Entry, kept: tuple[Entry, ...] = ()) -> Outcome:
        """What a stored decision brings about once more."""
        told = documents(self._state, entry)
        return Outcome(entry=None, outputs=told, kept=kept, said=self._say(entry), unsaid=self._unsay(entry.report))

    def _seen(self, old: Entry, report: Report) -> Entry:
        """The entry after another visit that found the same: it remembers the visit, or one between the two that comes
        after it, as a dead letter that is requeued does, would undo it. The decision stays.
        """
        state, report_id = self._state, report.report_id
        if (report.fetched, report.visit) == (old.report.fetched, old.report.visit):
            return old
        now = msgspec.structs.replace(old.report, fetched=report.fetched, visit=report.visit)
        entry = msgspec.structs.replace(old, report=now)
        decision, holder = state.decisions[report_id], state.holders[report_id]
        state.forget(report_id)
        state.put(entry)
        state.place(decision, holder)
        return entry

    def _said_on(self, decision: Decision) -> str | None:
        """The day of speaking of the main part, of a report in words of its own: what its story says, else when the
        first reported it.
        """
        part = decision.parts[0] if decision.parts else None
        if part is None or part.role != "report" or part.story_id is None:
            return None
        profile = self._state.stories[part.story_id]
        return profile.top("dates") or profile.first_day

    def _say(self, entry: Entry) -> Said | None:
        """What the history of wording learns from an entry. The same when the record comes again, so that the two
        tables agree in the end whichever of the two writes was lost.
        """
        stock, report = self._state.stock, entry.report
        if report.forgotten:
            return None
        known = stock.entry(report.report_id)
        day = datetime.date.fromisoformat(entry.said_on) if entry.said_on is not None else None
        if day is None or not _within_a_year(day, self._today()):
            return known
        if known is None or known.day != entry.said_on or known.source != entry.source:
            new = stock.said(report, day, entry.source)
            if new is not None:
                stock.put(new)
                return new
        return known

    def _unsay(self, report: Report) -> tuple[str, ...]:
        """Takes the wording of a forgotten article out of the history; told again when its record comes again."""
        if not report.forgotten:
            return ()
        self._state.stock.remove(report.report_id)
        return (report.report_id,)

    def _today(self) -> datetime.date:
        return day_of(self._state.timeline[-1][0])

    @property
    def stock(self) -> Stock:
        """The history of the speaker's wording."""
        return self._state.stock

    @property
    def rulings(self) -> dict[str, Ruling]:
        """The rulings that were read, those that are taken back included, by the id of their override."""
        return dict(self._rulings)

    def rule(self, ruling: Ruling, source: Source) -> Outcome:
        """Takes a ruling: the reports that it names, and the others of their stories, are decided anew, all together,
        in the order in which they came.

        So the state is as if the constraint had held when they came, and a ruling that is taken back leaves nothing
        behind. All new decisions are in the entry of the first of them. The ruling is put before that entry; where
        only the ruling was stored, it acts when its record comes again, because what it acts on was decided before it.
        """
        with one_thread():
            return self._rule(ruling, source)

    def _rule(self, ruling: Ruling, source: Source) -> Outcome:
        state = self._state
        known = self._rulings.get(ruling.override_id)
        again = known is not None and known.source is not None and _not_after(source, known.source)
        if again and known is not None and known.source != source:
            return Outcome(entry=None)  # a later ruling took its place
        if not again and known is not None and known.override == ruling.override:
            return Outcome(entry=None)  # put into the log twice
        decided = known.decided if again and known is not None else state.last_seq
        stored = msgspec.structs.replace(ruling, source=source, decided=decided)
        self._rulings[ruling.override_id] = stored
        self._constrain()
        found = [state.entries[r] for r in ruling.report_ids if r in state.entries]
        named = [entry for entry in found if state.decisions[entry.report.report_id].decision_seq <= decided]
        if not named:
            holders = dict.fromkeys(state.holders[entry.report.report_id] for entry in found)
            told = [message for one in holders for message in documents(state, state.entries[one])] if again else []
            return Outcome(entry=None, outputs=tuple(told), ruling=stored)
        named = self._with_mates(named, decided)
        taken_back = ruling.report_ids if ruling.override is None else ()
        entry = self._anew(sorted(named, key=lambda e: (e.report.seq, e.report.report_id)), taken_back)
        return Outcome(entry=entry, outputs=documents(state, entry), ruling=stored)

    def _with_mates(self, named: list[Entry], decided: int) -> list[Entry]:
        """With the other reports of their stories: what those decided was decided beside them. Not of a large story.

        Those that left one are among them: they may have left it for a ruling that does not hold any more.
        """
        state = self._state
        ids = {entry.report.report_id for entry in named}
        stories = {story_id for report_id in ids for story_id in story_ids(state.decisions[report_id])}
        mates = {r for s in stories for r in state.members.get(s, set()) | state.left.get(s, set())}
        mates = {r for report_id in ids | mates for r in state.chain(report_id)} - ids
        mates = {r for r in mates if not state.decisions[r].retracted}
        if len(mates) > _MOST_MATES:
            return named
        return named + [state.entries[r] for r in mates if state.decisions[r].decision_seq <= decided]

    def _anew(self, named: list[Entry], taken_back: Collection[str]) -> Entry:
        """Decides on reports anew; returns the entry of the first, which holds all of it. ``taken_back``: those that a
        ruling named which holds no more.
        """
        state, seq = self._state, self._state.last_seq + 1
        anchor, ids = named[0].report.report_id, [entry.report.report_id for entry in named]
        widows = {copy for report_id in ids for copy in state.copied.get(report_id, ())}
        before = {report_id: state.lift(report_id) for report_id in ids}
        later: set[str] = set()
        together = Anew.of(before.values(), taken_back)
        for entry in named:
            old = before[entry.report.report_id]
            decision = Decision(report_id=old.report_id, decision_seq=seq, late=old.late, retracted=old.retracted)
            if not old.retracted:
                placer = Placer(state, self._overrides, state.facts[old.report_id], old, together)
                decision = placer.decide(decision)
                later |= placer.later
            there = {part.story_id for part in decision.parts}
            decision = msgspec.structs.replace(decision, left=[s for s in story_ids(old) if s not in there])
            state.place(decision, anchor)
            if not old.retracted:
                # Whatever its coming brought about then, it brings about now.
                arrival = Changes(state, anchor, self._overrides, [old.report_id], subject=old.report_id)
                settle(arrival, [], placer.later, placer.merges, placer.near)
        settle(Changes(state, anchor, self._overrides, ids), before.values(), widows | later, ())
        changes = [state.decisions[i] for i in sorted(state.held[anchor]) if i != anchor]
        entry = msgspec.structs.replace(state.entries[anchor], decision=state.decisions[anchor], changes=changes)
        state.entries[anchor] = entry
        return entry

    def _constrain(self) -> None:
        standing = [ruling.override for ruling in self._rulings.values() if ruling.override is not None]
        self._overrides = Overrides.of([*self._given, *standing])

    def _withdraw(self, report: Report, seq: int) -> tuple[list[Decision], list[Remark], set[str]]:
        """Takes out what an earlier revision brought in. Returns the decisions on others that its entry holds and
        that stay, the documents of statements that it no longer has as taken back, and the ids of its copies.
        """
        state, report_id = self._state, report.report_id
        old = state.entries.get(report_id)
        if old is None:
            return [], [], set()
        carried = [state.decisions[i] for i in sorted(state.held.get(report_id, ())) if i != report_id]
        present = {s.statement_id for s in report.statements}
        told = retracted_remarks(state, report_id, seq, report.fetched)
        now = [r for r in told if r.statement_id not in present]
        again = present | {r.statement_id for r in told}
        gone = ([r for r in old.gone if r.statement_id not in again] + now)[-max(_MOST_GONE, len(now)) :]
        widows = set(state.copied.get(report_id, ()))
        state.forget(report_id)
        return carried, gone, widows

    def _expire(self, report: Report) -> tuple[tuple[str, ...], tuple[Entry, ...]]:
        """Forgets reports that are older than the window, a bounded number; what their entries say of living ones
        goes into the entries of those.
        """
        state = self._state
        if not state.timeline:
            return (), ()
        expired = state.expirable(max(state.timeline[-1][0], report.seq.ms), report.report_id)
        leaving = set(expired)
        kept = []
        for report_id in expired:
            for other in sorted(state.held.get(report_id, set()) - leaving):
                entry = msgspec.structs.replace(state.entries[other], decision=state.decisions[other])
                state.entries[other] = entry
                decision = state.lift(other)
                state.place(decision, other)
                kept.append(entry)
        for report_id in expired:
            state.forget(report_id)
        return tuple(expired), tuple(kept)


def _reworded(before: Report, now: Report) -> set[str]:
    """Statements whose texts differ though their ids do not: those leave case and marks out."""
    known = {s.statement_id: s.text for s in before.statements}
    return {s.statement_id for s in now.statements if known.get(s.statement_id, s.text) != s.text}


def _within_a_year(day: datetime.date, today: datetime.date) -> bool:
    return abs((today - day).days) <= KEPT_DAYS


def _not_after(source: Source, known: Source) -> bool:
    """Whether a record is the known one, or stands before it in the same log."""
    same_log = (known.topic, known.partition) == (source.topic, source.partition)
    return same_log and source.offset <= known.offset


def _is_past(old: Entry, report: Report, source: Source) -> bool:
    """Whether a record came before, or is of an earlier visit than what is known."""
    known = old.report
    return _not_after(source, old.source) or (report.fetched, report.visit) < (known.fetched, known.visit)


def _content(report: Report) -> Report:
    """A report without what two fetches of the same page differ in."""
    return msgspec.structs.replace(report, fetched=_NEVER, visit=0, seq=_NO_SEQ)
