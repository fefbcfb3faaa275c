"""What an article is to the remarks: their report, somebody's reaction to them, or background."""

from processors.group.facts import Facts
from processors.group.model import Roles
from schemas import Evidence, Role


def role_of(facts: Facts, model: Roles) -> tuple[Role | None, Evidence]:
    """The role by the place that the speaker has in the article, and why; None where it has nothing of him.

    Whether a report is a copy is decided by its wording, not here.
    """
    report, context = facts.report, facts.report.context
    his = len(report.statements)
    total = his + context.other_statements
    share = his / total if total else 0.0
    led = his == 0 or (context.other_in_lead >= model.reaction_lead and context.leader != report.speaker_id)
    if his == 0:
        if context.explains or context.habits or (context.dates >= model.background_dates and not context.answers):
            return "background", _why(_background(facts))
        if context.other_statements and (context.remarks_named or context.answers):
            return "reaction", _why(f"none of {total} statements is his, {_reaction(facts)}")
        return None, _why("nothing of his")
    spoken = sum(len(s.text) for s in report.statements) / max(1, context.length)
    slight = spoken <= model.background_spoken
    if context.explains and (slight or context.habits or share <= model.background_share):
        return "background", _why(_background(facts))
    if slight and context.habits and not context.in_title:
        return "background", _why(_background(facts))
    if context.dates >= model.background_dates and share <= model.background_share:
        return "background", _why(_background(facts))
    if led and (context.answers or context.lead_answers) and share <= model.reaction_share:
        return "reaction", _why(f"{his} of {total} statements are his, {_reaction(facts)}")
    if all(s.setting is not None and s.setting.flashback for s in report.statements) and led:
        return "background", _why("only earlier occasions")
    return "report", _why(f"{his} of {total} statements are his")


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
