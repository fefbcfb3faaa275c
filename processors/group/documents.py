"""The messages that tell a decision: functions of the state alone, so that telling it twice tells the same."""

import datetime
import re
from collections.abc import Iterable

import msgspec

from processors.group.facts import Facts, minutes_between
from processors.group.remarks import Placed, canonical
from processors.group.state import MEMBER_ROLES, State, story_ids
from schemas import Decision, Entry, GroupedReport, Occasion, Part, Remark, RemarkUse, Story

Output = GroupedReport | Remark | Story

_QID = re.compile(r"Q[1-9][0-9]*")


def documents(state: State, entry: Entry) -> tuple[Output, ...]:
    """What is sent for an entry: its report, the reports that it changed, their remarks, all their stories."""
    own = entry.report.report_id
    changed = [d.report_id for d in entry.changes if d.report_id in state.decisions and d.report_id != own]
    ids = [own, *changed]
    stories = dict.fromkeys(s for report_id in ids for s in story_ids(state.decisions[report_id]))
    found: list[Output] = [grouped_report(state, state.facts[i], state.decisions[i]) for i in ids]
    found += remark_documents(state, own)
    found += entry.gone
    for report_id in changed:
        found += remark_documents(state, report_id)
    found += [story_document(state, story_id) for story_id in stories]
    return tuple(found)


def grouped_report(state: State, facts: Facts, decision: Decision) -> GroupedReport:
    report = facts.report
    copied = decision.parts[0].copy_of if decision.parts else None
    original = state.facts.get(copied) if copied else None
    return GroupedReport(
        decision=decision,
        article_id=report.article_id,
        speaker_id=report.speaker_id,
        revision=report.revision,
        fetched=report.fetched,
        url=report.url,
        outlet=report.outlet,
        title=report.title,
        lang=report.lang,
        published=report.published,
        credited=report.credited,
        lag_minutes=decision.lag_minutes,
        new_remarks=len({use.remark_id for part in decision.parts for use in part.remarks if use.new}),
        missing=decision.missing,
        entity_ids=_entities(report.context.names, report.speaker_id),
        original=original.report.outlet if original else None,
    )


def _entities(names: Iterable[str], speaker_id: str) -> list[str]:
    """Those names that are Wikidata ids; of a speaker's own remarks it says nothing that he is named."""
    return sorted({name for name in names if _QID.fullmatch(name)} - {speaker_id})


def remark_documents(state: State, report_id: str) -> list[Remark]:
    """One for each statement of the report, in the order of its parts."""
    facts, decision = state.facts[report_id], state.decisions[report_id]
    return [_remark(state, facts, decision, part, use) for part in decision.parts for use in part.remarks]


def _remark(state: State, facts: Facts, decision: Decision, part: Part, use: RemarkUse) -> Remark:
    report = facts.report
    statement = facts.statements[use.statement_id]
    return Remark(
        statement_id=use.statement_id,
        remark_id=use.remark_id,
        story_id=part.story_id,
        report_id=report.report_id,
        article_id=report.article_id,
        speaker_id=report.speaker_id,
        decision_seq=decision.decision_seq,
        role=part.role,
        url=report.url,
        outlet=report.outlet,
        fetched=report.fetched,
        text=statement.text,
        canonical=_canonical_text(state, use) or statement.text,
        kind=statement.kind,
        start=use.start,
        end=use.end,
        lang=report.lang,
        published=report.published,
        repeats_of=use.repeats_of,
        first=use.new,
        lag_minutes=decision.lag_minutes,
        entity_ids=_entities(statement.names, report.speaker_id),
    )


def _canonical_text(state: State, use: RemarkUse) -> str | None:
    if use.canonical is None:
        return None
    placed = state.placed.get(use.canonical)
    return placed.statement.text if placed is not None and placed.use.remark_id == use.remark_id else None


def story_document(state: State, story_id: str) -> Story:
    """Counts and canonical wordings; for a story that has no members any more, where they went."""
    members = state.in_order(story_id)
    parts = {f.report.report_id: _part(state.decisions[f.report.report_id], story_id) for f in members}
    told = [f for f in members if parts[f.report.report_id].role in MEMBER_ROLES]
    gone = [state.facts[r] for r in state.left.get(story_id, ())]
    touched = [(state.decisions[f.report.report_id].decision_seq, f.report.fetched) for f in (*members, *gone)]
    seq, updated = max(touched)
    roles = [part.role for part in parts.values()]
    wordings: dict[str, list[Placed]] = {}
    for placed in state.wordings(story_id):
        wordings.setdefault(placed.use.remark_id, []).append(placed)
    first, last = (told[0], told[-1]) if told else (None, None)
    chosen = {remark_id: canonical(found) for remark_id, found in wordings.items()}
    return Story(
        story_id=story_id,
        speaker_id=(members or gone)[0].report.speaker_id,
        decision_seq=seq,
        updated=updated,
        title=first.report.title if first else "",
        occasion=state.stories[story_id].occasion() if told else Occasion(),
        first_report=first.report.report_id if first else None,
        first_outlet=first.report.outlet.id if first else None,
        first_url=first.report.url if first else None,
        first_published=first.report.published if first else None,
        last_published=last.report.published if last else None,
        reports=roles.count("report"),
        copies=roles.count("copy"),
        reactions=roles.count("reaction"),
        backgrounds=roles.count("background"),
        outlets=sorted({f.report.outlet.id for f in told}),
        countries=sorted({f.report.outlet.country for f in told if f.report.outlet.country}),
        langs=sorted({f.report.lang for f in told if f.report.lang}),
        remark_ids=list(chosen),
        remarks=[found.statement.text for found in chosen.values() if found],
        merged_into=None if members else _merged_into(state, gone, story_id),
    )


def _part(decision: Decision, story_id: str) -> Part:
    return next(part for part in decision.parts if part.story_id == story_id)


def _merged_into(state: State, gone: list[Facts], story_id: str) -> str | None:
    """The main story, now, of the earliest of those that left."""
    for facts in sorted(gone, key=lambda f: f.order):
        for part in state.decisions[facts.report.report_id].parts[:1]:
            if part.story_id is not None and part.story_id != story_id:
                return part.story_id
    return None


def retracted_remarks(state: State, report_id: str, seq: int, fetched: datetime.datetime) -> list[Remark]:
    """The documents of a report's statements as they are taken back at ``seq``."""
    return [
        msgspec.structs.replace(remark, decision_seq=seq, fetched=fetched, retracted=True, first=False)
        for remark in remark_documents(state, report_id)
    ]


def lag(facts: Facts, state: State, story_id: str | None) -> int | None:
    """Minutes behind the first reporter of a story; None where the story has none."""
    if story_id is None or story_id not in state.stories:
        return None
    first, _ = state.stories[story_id].span_ms
    return minutes_between(first, facts.moment_ms)
