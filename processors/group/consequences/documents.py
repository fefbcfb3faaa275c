"""The messages that tell a decision: functions of the state alone, so that telling it twice tells the same."""

import datetime
import re
from collections.abc import Iterable

import msgspec

from processors.group.remarks import reasons
from processors.group.remarks.wordings import diff
from processors.group.report.facts import Facts, minutes_between
from processors.group.report.media import is_key, name_key
from processors.group.state import State, story_ids
from processors.group.stories.gathering import Wordings
from schemas import Decision, Entry, GroupedReport, Occasion, Part, Remark, RemarkUse, Story, StoryRemark

# Of a story so many remarks are told in full, and so many outlets of each by name.
_MOST_DETAILS = 48
_MOST_NAMES = 24

Output = GroupedReport | Remark | Story

_QID = re.compile(r"Q[1-9][0-9]*")


def documents(state: State, entry: Entry) -> tuple[Output, ...]:
    """What is sent for an entry: its report, the reports that it changed, their remarks, all their stories."""
    own = entry.report.report_id
    changed = [d.report_id for d in entry.changes if d.report_id in state.decisions and d.report_id != own]
    ids = [own, *changed]
    stories = dict.fromkeys(s for report_id in ids for s in story_ids(state.decisions[report_id]))
    found: list[Output] = [grouped_report(state, i) for i in ids]
    found += remark_documents(state, own)
    found += entry.gone
    for report_id in changed:
        found += remark_documents(state, report_id)
    found += [story_document(state, story_id) for story_id in stories]
    return tuple(found)


def grouped_report(state: State, report_id: str) -> GroupedReport:
    facts, decision = state.facts[report_id], state.decisions[report_id]
    report = facts.report
    copied = decision.parts[0].copy_of if decision.parts else None
    original = state.facts.get(copied) if copied else None
    uses = [use for part in decision.parts for use in part.remarks]
    new: dict[str, str] = {}
    for use in uses:
        if use.new:
            new.setdefault(use.remark_id, facts.statements[use.statement_id].text)
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
        new_remarks=len(new),
        missing=decision.missing,
        brings=list(new.values()),
        changed=list(filter(None, (_diff(state, facts, use) for use in uses))),
        review=any(part.review for part in decision.parts),
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
        # It is counted in the story of the main part; another one began at another time.
        lag_minutes=decision.lag_minutes if part.story_id == decision.parts[0].story_id else None,
        diff=_diff(state, facts, use),
        entity_ids=_entities(statement.names, report.speaker_id),
        evidence=[*use.evidence, *reasons.unattributed(statement)],
        confidence=use.confidence,
        review=use.review,
    )


def _canonical_text(state: State, use: RemarkUse) -> str | None:
    return _wording(state, use, use.canonical)


def _diff(state: State, facts: Facts, use: RemarkUse) -> str:
    theirs = _wording(state, use, use.compared)
    return diff(facts.statements[use.statement_id].text, theirs) if theirs is not None else ""


def _wording(state: State, use: RemarkUse, statement_id: str | None) -> str | None:
    """The text of another statement that is a wording of the same remark."""
    placed = state.remarks.placed.get(statement_id) if statement_id is not None else None
    return placed.statement.text if placed is not None and placed.use.remark_id == use.remark_id else None


def story_document(state: State, story_id: str) -> Story:
    """Counts and canonical wordings; for a story that has no members any more, where they went."""
    gathering = state.gathered[story_id]
    seq, updated = gathering.newest
    told = gathering.told
    first, last = (state.facts[told[0][2]], state.facts[told[-1][2]]) if told else (None, None)
    remark_ids = gathering.remark_ids()
    chosen = [gathering.remarks[remark_id].canonical for remark_id in remark_ids]
    outlets = sorted(gathering.outlets)
    return Story(
        story_id=story_id,
        speaker_id=state.facts[gathering.stamps[0][2]].report.speaker_id,
        decision_seq=seq,
        updated=updated,
        title=first.report.title if first else "",
        occasion=_readable(state, story_id) if told else Occasion(),
        first_report=first.report.report_id if first else None,
        first_outlet=first.report.outlet.id if first else None,
        first_url=first.report.url if first else None,
        first_published=first.report.published if first else None,
        last_published=last.report.published if last else None,
        reports=gathering.roles["report"],
        copies=gathering.roles["copy"],
        reactions=gathering.roles["reaction"],
        backgrounds=gathering.roles["background"],
        outlets=outlets,
        countries=sorted(gathering.countries),
        langs=sorted(gathering.langs),
        remark_ids=remark_ids,
        remarks=[found.statement.text for found in chosen if found],
        details=[_detail(remark_id, gathering.remarks[remark_id], outlets) for remark_id in remark_ids[:_MOST_DETAILS]],
        unsure=gathering.unsure,
        merged_into=None if story_id in state.members else _merged_into(state, story_id),
    )


def _readable(state: State, story_id: str) -> Occasion:
    """What the members agree on, with the name that the earliest report has where they were compared by a key.

    A name that no report has (background may name it) is left out: a key says nothing to a reader.
    """
    occasion = state.stories[story_id].occasion()
    keys = {name for name in (occasion.place, *occasion.counterparts) if name is not None and is_key(name)}
    if not keys:
        return occasion
    names: dict[str, str] = {}
    for _, _, report_id in state.gathered[story_id].told:
        for statement in state.facts[report_id].statements.values():
            if (setting := statement.setting) is not None:
                for name in (setting.place, *setting.counterparts):
                    if name is not None and (key := name_key(name)) in keys:
                        names.setdefault(key, name)
        if len(names) == len(keys):
            break
    read = {
        name: names.get(name) if name in keys else name for name in (occasion.place, *occasion.counterparts) if name
    }
    return msgspec.structs.replace(
        occasion,
        place=read.get(occasion.place or ""),
        counterparts=[found for name in occasion.counterparts if (found := read[name]) is not None],
    )


def _detail(remark_id: str, wordings: Wordings, outlets: list[str]) -> StoryRemark:
    """``outlets``: all that tell of the occasion."""
    first, chosen, having = wordings.earliest, wordings.canonical or wordings.earliest, wordings.outlets
    return StoryRemark(
        remark_id=remark_id,
        canonical=chosen.statement.text,
        lang=chosen.facts.report.lang,
        first_report=first.facts.report.report_id,
        first_outlet=first.facts.report.outlet.id,
        first_published=first.facts.report.published,
        repeats_of=first.use.repeats_of,
        outlets=sorted(having)[:_MOST_NAMES],
        # Among so many are as many that do not have it.
        left_out=[outlet for outlet in outlets[: _MOST_NAMES + len(having)] if outlet not in having][:_MOST_NAMES],
        having=len(having),
        variants=len(wordings.texts),
        evidence=reasons.of_repetition(first.use),
        unsure=wordings.unsure,
    )


def _merged_into(state: State, story_id: str) -> str | None:
    """The main story, now, of the earliest of those that left."""
    gone = [state.facts[report_id] for report_id in state.left.get(story_id, ())]
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
