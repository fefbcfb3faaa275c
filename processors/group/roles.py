"""What an article is to the remarks: their report, somebody's reaction to them, or background."""

import datetime
from typing import NamedTuple

from processors.group.facts import Facts
from processors.group.media import is_id
from processors.group.model import Roles
from schemas import Evidence, Role


class Verdict(NamedTuple):
    """The role (None: the article has nothing of him), why, and how often such a reason was right on labelled sets."""

    role: Role | None
    why: Evidence
    sure: float


def role_of(facts: Facts, model: Roles) -> Verdict:
    """The role by the place that the speaker has in the article.

    Whether a report is a copy is decided by its wording, not here.
    """
    report, context = facts.report, facts.report.context
    his = len(report.statements)
    total = his + context.other_statements
    share = his / total if total else 0.0
    if his == 0:
        return _unquoted(facts, total, model)
    led = context.other_in_lead >= model.reaction_lead and context.leader != report.speaker_id
    # A title that tells of an answer to him quotes what is answered, and his words may come first.
    led = led or (context.in_title and context.lead_answers and context.answers >= model.reaction_answers)
    # Or what begins with an answer has a sentence that answers him, and somebody else speaks first.
    answered = context.lead_answers and context.answers > 0 and context.leader != report.speaker_id
    spoken = sum(len(s.text) for s in report.statements) / max(1, context.length)
    slight = spoken <= model.background_spoken
    if context.explains and (slight or context.habits or share <= model.background_share):
        return Verdict("background", _why(_background(facts)), model.sure.explains)
    if spoken <= model.background_spoken / 2 and context.habits and not context.in_title:
        return Verdict("background", _why(_background(facts)), model.sure.habits)
    if context.dates >= model.background_dates and (slight or share <= model.background_share):
        return Verdict("background", _why(_background(facts)), model.sure.dates)
    # "… after Lavrov's threat", «… про слова Лаврова»: the title names his remarks, and somebody else speaks first.
    about = context.in_title and context.remarks_named > 0
    recalled = spoken <= model.late_spoken and _recalled(facts, model)
    if recalled and (his == 1 or slight) and not context.in_title and not context.lead_answers:
        # An answer comes within a day or two; what is told in passing of days ago is what the news reminds of.
        return Verdict("background", _why(f"{his} of {total} statements, of days before"), model.sure.aside)
    told = led and (context.answers or context.lead_answers or about) and share <= model.reaction_share
    if told or (answered and share <= model.answered_share):
        why = _why(f"{his} of {total} statements are his, {_reaction(facts)}")
        return Verdict("reaction", why, model.sure.answers)
    if led and all(s.setting is not None and s.setting.flashback for s in report.statements):
        if context.other_statements >= model.reaction_others and context.remarks_named:
            why = _why(f"{context.other_statements} statements of others about an earlier occasion")
            return Verdict("reaction", why, model.sure.flashback)
        return Verdict("background", _why("only earlier occasions"), model.sure.flashback)
    # One remark, or two where it is known who the other is: what is no name at all may be taken for one in a title.
    few = his == 1 or (his == 2 and is_id(context.leader))
    titled = few and context.other_in_title and not context.in_title and share <= model.titled_share
    if titled and _soon(facts, model):
        # The news is what the title's speaker said; the remark of his that is told is what it answers.
        why = _why(f"{context.leader or 'somebody else'} speaks in the title, {his} of {total} statements are his")
        return Verdict("reaction", why, model.sure.answers)
    little, late = spoken <= model.aside_spoken, spoken <= model.late_spoken and _late(facts, model)
    aside = little or late if his == 1 else little and late and _once(facts, model)
    if aside and not context.in_title and not context.lead_answers:
        return Verdict("background", _why(f"{his} of {total} statements, in passing"), model.sure.aside)
    sure = model.sure.report if share > model.reaction_share else model.sure.minor_report
    return Verdict("report", _why(f"{his} of {total} statements are his"), sure)


def _soon(facts: Facts, model: Roles) -> bool:
    """Whether he is named early enough to be whom an answer answers; at the end he is one of whom the news tells."""
    context = facts.report.context
    return context.first_mention is None or context.first_mention <= model.answered_by * context.length


def _recalled(facts: Facts, model: Roles) -> bool:
    """Whether all that he says is of days before the article."""
    report = facts.report
    if report.published is None:
        return False
    last = (report.published.date() - datetime.timedelta(days=model.recalled_days)).isoformat()
    settings = [s.setting for s in report.statements]
    # A vague day ("last week") has a date that is no more than a guess.
    return all(s is not None and s.date is not None and (s.date <= last or (s.vague and s.flashback)) for s in settings)


def _once(facts: Facts, model: Roles) -> bool:
    """Whether he speaks in one place only, a sentence or two."""
    said = facts.report.statements
    return max(s.end for s in said) - min(s.start for s in said) <= model.aside_reach


def _late(facts: Facts, model: Roles) -> bool:
    """Whether he is named, and speaks, only when the article is half over: it is about something else."""
    context = facts.report.context
    begins = min(s.start for s in facts.report.statements)
    named = context.first_mention if context.first_mention is not None else begins
    return named >= model.late_named * context.length and begins >= model.late_begins * context.length


def _unquoted(facts: Facts, total: int, model: Roles) -> Verdict:
    """Where no statement of his was found."""
    context = facts.report.context
    if context.explains or context.habits or (context.dates >= model.background_dates and not context.answers):
        return Verdict("background", _why(_background(facts)), model.sure.unquoted)
    # That others speak beside a mention of what he said is no answer: they may only have met him.
    if context.other_statements and (context.answers or (context.lead_answers and _soon(facts, model))):
        why = _why(f"none of {total} statements is his, {_reaction(facts)}")
        return Verdict("reaction", why, model.sure.unquoted)
    return Verdict(None, _why("nothing of his"), model.sure.unquoted)


def _background(facts: Facts) -> str:
    context = facts.report.context
    said = ["its title announces an explanation"] if context.explains else []
    said += [f"{context.habits} sentences tell habits"] if context.habits else []
    return ", ".join([*said, f"{context.dates} dates"])


def _reaction(facts: Facts) -> str:
    context = facts.report.context
    return f"{context.leader or 'somebody else'} leads, {context.answers} sentences answer him"


def _why(text: str) -> Evidence:
    return Evidence(feature="role", value=text)
