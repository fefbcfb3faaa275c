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
    if his == 0:
        if context.remarks_named and context.other_statements:
            return "reaction", _why(f"his remarks are named, {context.other_statements} statements are others'")
        if context.remarks_named and context.dates >= model.background_dates:
            return "background", _why(f"his remarks are named, {context.dates} dates")
        return None, _why("nothing of his")
    if all(s.setting is not None and s.setting.flashback for s in report.statements) and not context.in_title:
        return "background", _why("only earlier occasions")
    others_lead = context.other_in_lead >= model.reaction_lead and not context.in_title
    if others_lead and share <= model.reaction_share:
        return "reaction", _why(f"{his} of {total} statements are his, others lead")
    if context.dates >= model.background_dates and share <= model.background_share:
        return "background", _why(f"{context.dates} dates, {his} of {total} statements are his")
    return "report", _why(f"{his} of {total} statements are his")


def _why(text: str) -> Evidence:
    return Evidence(feature="role", value=text)
