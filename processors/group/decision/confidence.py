"""How sure a decision is, as a probability: calibrated on labelled sets (docs/quality.md has the table)."""

import math
from collections.abc import Sequence

from processors.group.copies.verbatim import Match
from processors.group.model import Confidence as Weights
from schemas import Confidence, Statement


def story_confidence(
    totals: Sequence[float], join: float, chosen: int | None, weights: Weights, *, mixed: bool = False
) -> float:
    """Softmax of the scores of the stories that a report might join, and of opening one of its own, whose score is
    ``join``, times the share that is right where nothing speaks against a decision.

    ``chosen``: the place in ``totals`` of the story that it joined; None where it opened one. ``mixed``: the story has
    kinds of occasion that cannot be one.
    """
    scaled = [(total - join) / weights.temperature for total in totals]
    highest = max([0.0, *scaled])
    whole = math.fsum([math.exp(-highest), *(math.exp(s - highest) for s in scaled)])
    own = 0.0 if chosen is None else scaled[chosen]
    ceiling = weights.mixed if mixed else weights.ceiling
    return round(ceiling * math.exp(own - highest) / whole, 3)


def copy_confidence(original: Match, weights: Weights) -> float:
    """Logistic in the share of the wording (of a translation, of the sentences) that stands in the original."""
    base, slope = weights.translation if original.translated else weights.wording
    return round(1 / (1 + math.exp(-(base + slope * (original.overlap - 0.5)))), 3)


def remark_confidence(strength: float | None, weights: Weights) -> float:
    """Logistic in how much the statement is like another wording, in units of what is enough; None for one that was
    like none, where it is the share that is right.
    """
    return _remark(strength, weights.remark, weights)


def group_confidence(strength: float | None, weights: Weights) -> float:
    """The same where the statements of a story were divided anew, in the mean of its likeness to the others of its
    group; None where it is alone.
    """
    return _remark(strength, weights.remark_group, weights)


def _remark(strength: float | None, line: tuple[float, float], weights: Weights) -> float:
    if strength is None:
        return weights.remark_alone
    return round(1 / (1 + math.exp(-(line[0] + line[1] * (strength - 1)))), 2)


def no_surer_than_said(confidence: float | None, statement: Statement) -> float | None:
    """What a statement is a wording of is no surer than that it is the speaker's."""
    said = statement.confidence
    return confidence if confidence is None or said is None else min(confidence, said)


def remark_unsure(confidence: float | None, weights: Weights) -> bool:
    """Whether a person should look at which remark it is."""
    return confidence is not None and confidence < weights.review_remark


def unsure(confidence: Confidence, weights: Weights) -> bool:
    """Whether a person should look at it."""
    return any(
        value is not None and value < least
        for value, least in (
            (confidence.story, weights.review_story),
            (confidence.copy, weights.review_copy),
            (confidence.role, weights.review_role),
        )
    )
