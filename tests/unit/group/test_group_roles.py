"""What an article is to the remarks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import asdict, replace

from processors.group.decision.roles import readings, role_of
from processors.group.model import default_model
from processors.group.report.facts import Facts
from schemas import Context, Report
from tests.builders import BRIDGE, QUAY, report, said

ROLES = default_model().roles


def _role(one: Report) -> str | None:
    return role_of(Facts(one), ROLES)[0]


LED = Context(mentions=1, other_statements=3, other_in_lead=3, leader="Q9", length=1000)


@pytest.mark.parametrize(
    ("context", "role"),
    [
        (replace(LED, remarks_named=1), None),  # others may only have met him
        (replace(LED, remarks_named=1, lead_answers=True), "reaction"),
        (replace(LED, answers=1, in_title=True), "reaction"),
        (replace(LED, dates=6), "background"),
        (replace(LED, habits=1), "background"),
        (replace(LED, explains=True), "background"),
        (LED, None),
        (Context(mentions=1, length=500), None),
    ],
)
def test_an_article_without_statements_of_his(context: Context, role: str | None) -> None:
    assert _role(report("a", context=context)) == role


MINE = Context(mentions=3, in_title=True, first_mention=0, leader="Q1", length=600)


def test_an_article_of_his_statements_is_a_report_even_when_it_says_that_he_rejects_something() -> None:
    assert _role(report("a", *QUAY, context=MINE)) == "report"
    assert _role(report("a", *QUAY, context=replace(MINE, answers=2))) == "report"


def test_somebody_else_who_answers_and_leads_makes_a_reaction() -> None:
    answering = replace(LED, first_mention=300, answers=1, lead_answers=True)
    assert _role(report("a", QUAY[0], context=answering)) == "reaction"
    # What he says fills the article: what he is answered is a part of its report.
    assert _role(report("a", *QUAY, context=replace(MINE, answers=1, other_statements=1))) == "report"


def test_words_that_are_told_as_said_before_speak_for_a_reaction() -> None:
    plain = replace(LED, first_mention=100, other_in_title=True)
    told = readings(Facts(report("a", QUAY[0], context=replace(plain, earlier=1))), ROLES)
    assert told["told_earlier"] == 1.0
    assert ROLES.weights.told_earlier[1] > ROLES.weights.told_earlier[0]


def test_others_who_crowd_a_short_article_speak_for_a_reaction_and_not_in_a_long_one() -> None:
    short, long = replace(LED, other_statements=5), replace(LED, other_statements=5, length=10 * LED.length)
    crowd = [readings(Facts(report("a", QUAY[0], context=one)), ROLES)["others_crowd"] for one in (short, long)]
    assert crowd[0] == pytest.approx(10 * crowd[1])
    as_report, as_reaction, _ = ROLES.weights.others_crowd
    assert as_reaction > 0 > as_report


def test_an_explanation_that_hardly_quotes_him_is_background() -> None:
    explaining = Context(mentions=2, explains=True, length=4000, other_statements=2, first_mention=1500)
    assert _role(report("a", QUAY[0], context=explaining)) == "background"
    assert _role(report("a", *QUAY, context=replace(MINE, explains=True, length=400))) == "report"


def test_what_was_said_long_before_and_is_told_late_is_background() -> None:
    late = Context(mentions=1, first_mention=1400, length=2000, other_statements=4, leader="Q9", dates=2)
    old = replace(report("a", context=late), statements=[said(QUAY[0], "a", date="2025-12-20")])
    assert _role(old) == "background"


def test_a_report_that_leaves_him_little_room_is_less_sure() -> None:
    full = role_of(Facts(report("a", *QUAY, context=MINE)), ROLES)
    slight = role_of(Facts(report("a", *QUAY, context=replace(MINE, other_statements=4, leader="Q9"))), ROLES)
    assert full.role == slight.role == "report"
    assert slight.sure < full.sure <= 1


def test_the_reason_is_told_with_the_readings_that_speak_most_for_the_role() -> None:
    answering = replace(LED, first_mention=300, answers=1, lead_answers=True)
    _, why, _ = role_of(Facts(report("a", QUAY[0], context=answering)), ROLES)
    assert why.feature == "role"
    assert "1 of 4 statements are his" in why.value
    assert "the beginning tells of an answer" in why.value


def test_each_reading_has_its_weights_and_each_weight_its_reading() -> None:
    found = readings(Facts(report("a", QUAY[0], context=LED)), ROLES)
    assert {"bias", *found} == set(asdict(ROLES.weights))


@given(
    st.builds(
        Context,
        mentions=st.integers(0, 500),
        in_title=st.booleans(),
        first_mention=st.none() | st.integers(0, 10**6),
        length=st.integers(0, 10**6),
        other_statements=st.integers(0, 500),
        other_in_lead=st.integers(0, 3),
        leader=st.sampled_from([None, "Q1", "Q9", "Somebody"]),
        dates=st.integers(0, 100),
        remarks_named=st.integers(0, 100),
        answers=st.integers(0, 100),
        lead_answers=st.booleans(),
        habits=st.integers(0, 100),
        earlier=st.integers(0, 100),
        explains=st.booleans(),
        other_in_title=st.booleans(),
    ),
    st.integers(1, 3),
)
def test_whatever_an_article_is_like_its_readings_stay_in_the_range_that_was_learned(
    context: Context, statements: int
) -> None:
    one = report("a", *(QUAY[0], *BRIDGE, *QUAY)[:statements], context=context)
    found = readings(Facts(one), ROLES)
    assert all(0 <= value <= (10 if name == "others_crowd" else 6) for name, value in found.items())
    role, _, sure = role_of(Facts(one), ROLES)
    assert role in ("report", "reaction", "background")
    assert 1 / 3 <= sure <= 1
