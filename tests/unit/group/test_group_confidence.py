"""Scores as probabilities."""

import pytest

from processors.group.copies.verbatim import Match
from processors.group.decision.confidence import copy_confidence, story_confidence, unsure
from processors.group.model import default_model
from processors.group.report.facts import Facts
from processors.group.report.occasions import kinds_mixed
from schemas import Confidence
from tests.builders import QUAY, report

WEIGHTS = default_model().confidence


def test_without_another_story_a_new_one_is_as_sure_as_can_be() -> None:
    assert story_confidence([], -0.5, None, WEIGHTS) == WEIGHTS.ceiling


def test_all_choices_together_have_what_is_to_be_had() -> None:
    totals = [3.0, 1.0, -4.0]
    choices = [story_confidence(totals, -0.5, chosen, WEIGHTS) for chosen in (0, 1, 2, None)]
    assert sum(choices) == pytest.approx(WEIGHTS.ceiling, abs=0.002)
    assert choices[0] == max(choices)


def test_a_second_story_as_good_halves_it() -> None:
    assert story_confidence([9.0, 9.0], -0.5, 0, WEIGHTS) == pytest.approx(WEIGHTS.ceiling / 2, abs=0.01)


def test_a_story_of_kinds_that_cannot_be_one_is_less_sure() -> None:
    assert kinds_mixed({"interview", "press_conference"})
    assert not kinds_mixed({"talks", "press_conference", "briefing"})
    assert story_confidence([9.0], -0.5, 0, WEIGHTS, mixed=True) < story_confidence([9.0], -0.5, 0, WEIGHTS)


def test_more_of_the_wording_is_surer_and_a_translation_less_sure() -> None:
    other = Facts(report("a", *QUAY))
    half, whole = (copy_confidence(Match(other, overlap, overlap), WEIGHTS) for overlap in (0.5, 1.0))
    translated = copy_confidence(Match(other, 0.9, 0.9, translated=True), WEIGHTS)
    assert half < whole
    assert translated < copy_confidence(Match(other, 0.9, 0.9), WEIGHTS)


def test_one_unsure_decision_is_enough_for_review() -> None:
    sure = Confidence(story=0.99, copy=0.99, role=0.99)
    assert not unsure(sure, WEIGHTS)
    assert not unsure(Confidence(), WEIGHTS)
    assert unsure(Confidence(story=0.3, role=0.99), WEIGHTS)
    assert unsure(Confidence(role=0.3), WEIGHTS)
