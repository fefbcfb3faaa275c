"""Why a statement is a wording of its remark, why that repeats another, and how sure it is."""

import numpy as np

from processors.group.decision.confidence import group_confidence, remark_confidence, remark_unsure
from processors.group.grouper import Grouper
from processors.group.model import default_model
from schemas import Evidence, Remark, Report, Story
from tests.builders import BRIDGE, QUAY, empty, report, source

REWORDED = "Before the month is over the delegations are to meet again in the old harbour town, the minister said"
VECTORS = [np.random.default_rng(seed).integers(-60, 60, 384).astype(np.int8).tobytes() for seed in range(6)]
WEIGHTS = default_model().confidence


def _last(*reports: Report) -> tuple[dict[tuple[str, str], Remark], dict[str, Story]]:
    """The last document of each statement, by article and text, and of each story."""
    grouper, found, stories = Grouper("Q1"), {}, {}
    for offset, one in enumerate(reports):
        for message in grouper.decide(one, source(offset)).outputs:
            if isinstance(message, Remark):
                found[message.article_id, message.text] = message
            if isinstance(message, Story):
                stories[message.story_id] = message
    return found, stories


def _same_occasion(article: str, *texts: str, minute: float = 0, **more: object) -> Report:
    return report(article, *texts, minute=minute, date="2026-01-12", occasion="parliament", **more)  # type: ignore[arg-type]


def _repeated() -> tuple[Report, Report]:
    days = [("2026-01-12", "parliament"), ("2026-01-14", "forum")]
    one, two = (
        report(f"a{n}", QUAY[1], BRIDGE[n], minute=n * 2880, date=date, occasion=kind, body=f"{kind} " * 3)
        for n, (date, kind) in enumerate(days)
    )
    return one, two


def test_the_first_is_like_none_and_the_next_names_what_it_is_like_and_what_both_have() -> None:
    found, _ = _last(_same_occasion("a", QUAY[0]), _same_occasion("b", REWORDED, minute=30))
    first, reworded = found["a", QUAY[0]], found["b", REWORDED]
    (why,) = first.evidence
    assert (why.feature, why.against) == ("remark", None)
    (why,) = reworded.evidence
    assert (why.feature, why.against) == ("words", first.statement_id)
    assert default_model().remarks.link_words <= (why.score or 0) <= 1
    shared = why.value.split(", ")
    assert 2 <= len(shared) <= 5
    assert all(word in REWORDED.casefold() for word in shared)
    assert first.confidence == WEIGHTS.remark_alone
    assert 0 < (reworded.confidence or 0) < 1


def test_vectors_across_languages_are_alike_in_meaning_without_a_word_in_common() -> None:
    russian = "Делегации снова встретятся в старом портовом городе"
    found, _ = _last(
        _same_occasion("a", QUAY[0], BRIDGE[0], vectors=VECTORS[:2]),
        _same_occasion("b", russian, minute=5, lang="ru", vectors=VECTORS[:1]),
    )
    (why,) = found["b", russian].evidence
    assert (why.feature, why.against) == ("meaning", found["a", QUAY[0]].statement_id)
    assert why.value == "no word in common"


def test_what_was_put_there_when_the_story_was_divided_anew_says_so() -> None:
    texts = (QUAY[0], QUAY[1], BRIDGE[0])
    found, _ = _last(report("a", *texts, minute=0, vectors=[VECTORS[0], VECTORS[0], VECTORS[3]]))
    first, again, other = (found["a", text] for text in texts)
    assert first.remark_id == again.remark_id != other.remark_id
    # Each was a remark of its own before; which of the two stays is as good as any.
    moved, stayed = sorted((first, again), key=lambda one: one.evidence[0].feature != "together")
    (why,) = moved.evidence
    assert (why.feature, why.against) == ("together", stayed.statement_id)
    assert moved.confidence == group_confidence((why.score or 0) / default_model().remarks.cluster, WEIGHTS)
    assert [why.feature for why in (*stayed.evidence, *other.evidence)] == ["remark", "remark"]


def test_what_is_repeated_is_told_with_the_reason_and_in_the_story_too() -> None:
    one, two = _repeated()
    found, stories = _last(one, two)
    first, again = found["a0", QUAY[1]], found["a1", QUAY[1]]
    assert again.repeats_of == first.remark_id
    why = again.evidence[-1]
    assert (why.feature, why.against, why.score) == ("repeats_words", first.statement_id, 1.0)
    details = {one.remark_id: one for one in stories[again.story_id or ""].details}
    assert details[again.remark_id].evidence == [why]
    later = report("a2", QUAY[1], BRIDGE[1], minute=2890, date="2026-01-14", occasion="forum")
    found, _ = _last(one, two, later)
    copied = found["a2", QUAY[1]]
    assert copied.repeats_of == first.remark_id
    assert copied.evidence[-1] == why
    assert copied.evidence[0].against == again.statement_id


def test_when_what_it_repeats_is_taken_back_no_reason_is_left() -> None:
    one, two = _repeated()
    found, _ = _last(one, two, empty("a0", minute=2 * 2880, visit=2))
    again = found["a1", QUAY[1]]
    assert again.repeats_of is None
    assert again.evidence == [Evidence(feature="remark", value="like none of the story before")]


def test_likeness_makes_sure_and_little_of_it_asks_for_review() -> None:
    assert remark_confidence(1.0, WEIGHTS) < remark_confidence(2.0, WEIGHTS)
    assert group_confidence(0.8, WEIGHTS) < remark_confidence(1.0, WEIGHTS)
    assert group_confidence(None, WEIGHTS) == WEIGHTS.remark_alone
    assert remark_unsure(group_confidence(0.8, WEIGHTS), WEIGHTS)
    assert not remark_unsure(remark_confidence(2.0, WEIGHTS), WEIGHTS)
    assert not remark_unsure(None, WEIGHTS)
