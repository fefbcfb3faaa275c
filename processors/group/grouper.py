"""Decides where a report belongs, with the state of one speaker in memory; pure, so that it can be told again.

A decision is made once for each revision of a report, numbered strictly upwards within the speaker, and stored with
the record that it was made on. A record that comes again gets the stored decision. What a decision changes in other
reports (who was first, who copied whom, whose remark is new) is made part of it.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from processors.group.decide import Placer
from processors.group.documents import Output, documents, retracted_remarks
from processors.group.model import Model, default_model
from processors.group.overrides import Overrides
from processors.group.settle import Settlement
from processors.group.state import State, story_ids
from schemas import Decision, Entry, Remark, Report, Seq, Source

# How many documents of vanished statements an entry remembers, so that taking them back can be repeated.
_MOST_GONE = 64
_NEVER = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_NO_SEQ = Seq(0, "")


@dataclass(frozen=True)
class Outcome:
    """What a decision brings about.

    ``entry``: what to put into the table under its report id; None where nothing is to be put (a record that came
    before, an empty report of something unknown). ``outputs``: the messages to send, in order. ``kept``: entries to
    put again before those of ``expired`` (report ids) are deleted.
    """

    entry: Entry | None
    outputs: tuple[Output, ...] = ()
    expired: tuple[str, ...] = ()
    kept: tuple[Entry, ...] = ()


class Grouper:
    """The reports of one speaker."""

    def __init__(self, speaker_id: str, model: Model | None = None, overrides: Overrides | None = None) -> None:
        self.speaker_id = speaker_id
        self._model = model or default_model()
        self._overrides = overrides or Overrides()
        self._state = State(self._model)

    @classmethod
    def rebuild(
        cls,
        speaker_id: str,
        entries: Iterable[Entry],
        model: Model | None = None,
        overrides: Overrides | None = None,
    ) -> "Grouper":
        """The grouper as it was when these were its entries, in whatever order they come."""
        grouper = cls(speaker_id, model, overrides)
        grouper._state = State.of(entries, grouper._model)
        return grouper

    @property
    def entries(self) -> list[Entry]:
        """The table's entries as they are now, in order of their decisions."""
        return sorted(self._state.entries.values(), key=lambda e: (e.decision.decision_seq, e.report.report_id))

    def decide(self, report: Report, source: Source, late: bool = False) -> Outcome:
        """Decides on a report, or tells the stored decision where it was decided before."""
        state = self._state
        old = state.entries.get(report.report_id)
        if old is None and report.is_empty:
            return Outcome(entry=None)
        if old is not None and _settled(old, report, source):
            return Outcome(entry=None, outputs=documents(state, old))

        seq = state.last_seq + 1
        expired, kept = self._expire(report)
        before = state.decisions.get(report.report_id)
        carried, gone, widows = self._withdraw(report, seq)

        placer = Placer(state, self._overrides, report, before)
        decision = Decision(report_id=report.report_id, decision_seq=seq, late=late)
        decision = msgspec.structs.replace(decision, retracted=True) if report.is_empty else placer.decide(decision)
        left = [s for s in (story_ids(before) if before else ()) if s not in {p.story_id for p in decision.parts}]
        decision = msgspec.structs.replace(decision, left=left)

        state.put(Entry(report=report, source=source, decision=decision), placer.facts)
        state.place(decision, report.report_id)
        settlement = Settlement(state, report.report_id, self._overrides)
        settlement.settle(before, widows | placer.later, placer.merges)
        changed = settlement.changed
        decision = state.decisions[report.report_id]
        changes = {d.report_id: d for d in carried if d.report_id not in changed}
        changes.update({i: state.decisions[i] for i in changed})
        present = {s.statement_id for s in report.statements}
        entry = Entry(
            report=report,
            source=source,
            decision=decision,
            changes=[changes[i] for i in sorted(changes)],
            # Of a forgotten article nothing is remembered, not even to take it back again.
            gone=[] if report.forgotten else [r for r in gone if r.statement_id not in present][-_MOST_GONE:],
        )
        state.entries[report.report_id] = entry
        return Outcome(entry=entry, outputs=documents(state, entry), expired=expired, kept=kept)

    def _withdraw(self, report: Report, seq: int) -> tuple[list[Decision], list[Remark], set[str]]:
        """Takes out what an earlier revision brought in. Returns the decisions on others that its entry holds and
        that stay, the documents of its statements as taken back, and the ids of its copies.
        """
        state, report_id = self._state, report.report_id
        old = state.entries.get(report_id)
        if old is None:
            return [], [], set()
        carried = [state.decisions[i] for i in sorted(state.held.get(report_id, ())) if i != report_id]
        now = retracted_remarks(state, report_id, seq, report.fetched)
        again = {r.statement_id for r in now}
        gone = [r for r in old.gone if r.statement_id not in again] + now
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


def _settled(old: Entry, report: Report, source: Source) -> bool:
    """Whether a record brings nothing new: it came before, is older than what is known, or says the same."""
    same_log = (old.source.topic, old.source.partition) == (source.topic, source.partition)
    if same_log and source.offset <= old.source.offset:
        return True
    known = old.report
    if (report.fetched, report.visit) < (known.fetched, known.visit):
        return True
    return _content(report) == _content(known)


def _content(report: Report) -> Report:
    """A report without what two fetches of the same page differ in."""
    return msgspec.structs.replace(report, fetched=_NEVER, visit=0, seq=_NO_SEQ)
