"""What an article is to the remarks: their report, somebody's reaction to them, or background.

Where words of his are found, a multinomial logistic regression decides on what the article lets see of the place that
he has in it (``readings``); its weights, one for each of the three roles, were fitted to labelled sets of many writers
(``python -m tests.quality.fit_roles``; docs/quality-log.md has what it reaches on sets that it was not fitted to).
Where none is found, a few rules do.
"""

import datetime
import math
from typing import NamedTuple

import msgspec

from processors.group.model import Roles
from processors.group.report.facts import Facts
from schemas import Evidence, Role

# In the order of the weights.
ROLES: tuple[Role, ...] = ("report", "reaction", "background")
# What counts is whether there are none, few or many; beyond these, articles only differ in length.
_MOST_STATEMENTS, _MOST_OTHERS, _MOST_DATES, _MOST_ANSWERS, _MOST_HABITS, _MOST_MENTIONS = 6, 5, 5, 3, 2, 6
_MOST_CROWDED, _MOST_NAMED = 10, 3
# The first statements of an article, in which others may be the only ones who speak.
_LEAD = 3
# Of all statements no more than this share is his where those of others prevail.
_LITTLE = 0.4
# So many readings are told as evidence, in these words.
_TOLD = 3
_WORDS = {
    "statements": "{:.0f} or more of his",
    "others": "{:.0f} or more of others",
    "others_crowd": "{:.1f} of others in 1,000 characters",
    "spoken": "{:.0%} of the text are his words",
    "mentions": "named {:.1f} times in 1,000 characters",
    "first_mention": "first named at {:.0%} of the text",
    "in_title": "named in the title",
    "quoted_in_title": "quoted in the title",
    "other_leads": "somebody else speaks first",
    "nobody_leads": "who speaks first is not told",
    "others_lead": "the first three who speak are others",
    "others_answer": "others speak first and answers are told",
    "others_prevail": "others have most statements",
    "other_titled": "somebody else speaks in the title",
    "remarks_titled": "the title names him, the text his remarks",
    "remarks_named": "his remarks are called so {:.0f} times or more",
    "answers": "{:.0f} sentences answer him",
    "lead_answers": "the beginning tells of an answer",
    "explains": "the title announces an explanation",
    "habits": "{:.0f} sentences tell habits",
    "dates": "{:.0f} or more dates",
    "recalled": "he said it days before",
    "told_earlier": "{:.0%} of his words are told as said before",
}


class Verdict(NamedTuple):
    """The role (None: the article has nothing of him), why, and the probability that it is right."""

    role: Role | None
    why: Evidence
    sure: float


def role_of(facts: Facts, model: Roles) -> Verdict:
    """The role by the place that the speaker has in the article.

    Whether a report is a copy is decided by its wording, not here.
    """
    report = facts.report
    his, others = len(report.statements), report.context.other_statements
    if not his:
        return _unquoted(facts, others, model)
    found = readings(facts, model)
    weights: dict[str, tuple[float, float, float]] = msgspec.structs.asdict(model.weights)
    scores = [
        math.fsum([weights["bias"][n], *(weights[r][n] * v for r, v in found.items())]) for n in range(len(ROLES))
    ]
    best, second, _ = sorted(range(len(ROLES)), key=lambda n: (-scores[n], n))
    sure = 1 / math.fsum(math.exp(score - scores[best]) for score in scores)
    # What speaks for this role against the next one.
    told = {r: (weights[r][best] - weights[r][second]) * v for r, v in found.items()}
    telling = sorted((r for r in told if told[r] > 0), key=lambda r: (-told[r], r))[:_TOLD]
    text = "; ".join([f"{his} of {his + others} statements are his", *(_WORDS[r].format(found[r]) for r in telling)])
    return Verdict(ROLES[best], _why(text), round(sure, 3))


def readings(facts: Facts, model: Roles) -> dict[str, float]:
    """What an article with words of his lets see of his place in it, by the names of the weights.

    Shares and counts of which the highest are cut off, so that a long article is read as a short one.
    """
    report, context = facts.report, facts.report.context
    # What nothing marks as his says nothing of the place that he has.
    length, statements = max(1, context.length), [s for s in report.statements if s.confidence is None]
    # Who is never named is there from where he first speaks.
    first = context.first_mention if context.first_mention is not None else min(s.start for s in statements)
    other_leads = context.leader is not None and context.leader != report.speaker_id
    answered = context.answers > 0 or context.lead_answers
    share = len(statements) / max(1, len(statements) + context.other_statements)
    return {
        "statements": min(_MOST_STATEMENTS, len(statements)),
        "others": min(_MOST_OTHERS, context.other_statements),
        "others_crowd": min(_MOST_CROWDED, 1000 * context.other_statements / length),
        "spoken": min(1.0, sum(len(s.text) for s in statements) / length),
        "mentions": min(_MOST_MENTIONS, 1000 * context.mentions / length),
        "first_mention": min(1.0, first / length),
        "in_title": float(context.in_title),
        "quoted_in_title": float(any(s.start < len(report.title) for s in statements)),
        "other_leads": float(other_leads),
        "nobody_leads": float(context.leader is None),
        "others_lead": float(other_leads and context.other_in_lead >= _LEAD),
        "others_answer": float(other_leads and context.other_in_lead > 1 and answered),
        "others_prevail": float(other_leads and share <= _LITTLE),
        "other_titled": float(other_leads and context.other_in_title),
        "remarks_titled": float(context.in_title and context.remarks_named > 0),
        "remarks_named": min(_MOST_NAMED, context.remarks_named),
        "answers": min(_MOST_ANSWERS, context.answers),
        "lead_answers": float(context.lead_answers),
        "explains": float(context.explains),
        "habits": min(_MOST_HABITS, context.habits),
        "dates": min(_MOST_DATES, context.dates),
        "recalled": float(_recalled(facts, model)),
        "told_earlier": min(1.0, context.earlier / max(1, sum(s.start > len(report.title) for s in statements))),
    }


def _soon(facts: Facts, model: Roles) -> bool:
    """Whether he is named early enough to be whom an answer answers; at the end he is one of whom the news tells."""
    context = facts.report.context
    return context.first_mention is None or context.first_mention <= model.answered_by * context.length


def _recalled(facts: Facts, model: Roles) -> bool:
    """Whether all that he says is of days before the article: news are told at once, what is old is recalled."""
    report = facts.report
    if report.published is None:
        return False
    last = (report.published.date() - datetime.timedelta(days=model.recalled_days)).isoformat()
    settings = [s.setting for s in report.statements]
    # A vague day ("last week") has a date that is no more than a guess.
    return all(s is not None and s.date is not None and (s.date <= last or (s.vague and s.flashback)) for s in settings)


def _unquoted(facts: Facts, total: int, model: Roles) -> Verdict:
    """Where no statement of his was found."""
    context = facts.report.context
    if context.explains or context.habits or (context.dates >= model.background_dates and not context.answers):
        return Verdict("background", _why(_background(facts)), model.unquoted)
    # That others speak beside a mention of what he said is no answer: they may only have met him.
    if context.other_statements and (context.answers or (context.lead_answers and _soon(facts, model))):
        why = _why(f"none of {total} statements is his, {_reaction(facts)}")
        return Verdict("reaction", why, model.unquoted)
    return Verdict(None, _why("nothing of his"), model.unquoted)


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
