"""What an article is to the remarks."""

import pytest
from msgspec.structs import replace

from processors.group.facts import Facts
from processors.group.model import default_model
from processors.group.roles import role_of
from schemas import Context, Report
from tests.builders import QUAY, report, said

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


def test_an_article_of_his_statements_is_a_report_even_when_it_says_that_he_rejects_something() -> None:
    mine = Context(mentions=3, in_title=True, leader="Q1", answers=2, length=400)
    assert _role(report("a", *QUAY, context=mine)) == "report"


def test_somebody_else_who_answers_and_leads_makes_a_reaction() -> None:
    assert _role(report("a", QUAY[0], context=replace(LED, answers=1))) == "reaction"
    assert _role(report("a", QUAY[0], context=LED)) == "report"  # he is reported late in a story of others


def test_an_explanation_that_hardly_quotes_him_is_background() -> None:
    explaining = Context(mentions=2, explains=True, length=4000, other_statements=2)
    assert _role(report("a", QUAY[0], context=explaining)) == "background"
    assert _role(report("a", *QUAY, context=replace(explaining, length=400))) == "report"


def test_a_title_that_tells_of_an_answer_to_him_makes_a_reaction_though_his_words_come_first() -> None:
    answering = Context(
        mentions=2, in_title=True, lead_answers=True, answers=2, leader="Q1", other_statements=4, length=900
    )
    assert _role(report("a", QUAY[0], context=answering)) == "reaction"
    assert _role(report("a", *QUAY, context=replace(answering, other_statements=1))) == "report"


def test_a_report_that_leaves_him_little_room_is_less_sure() -> None:
    full = role_of(Facts(report("a", *QUAY, context=Context(mentions=1, length=400))), ROLES)
    slight = role_of(Facts(report("a", QUAY[0], context=LED)), ROLES)
    assert full.role == slight.role == "report"
    assert slight.sure < full.sure


def test_looks_back_in_a_story_full_of_others_are_a_reaction() -> None:
    back = replace(
        report("a", context=replace(LED, other_statements=6, remarks_named=1)),
        statements=[said(QUAY[0], "a", flashback=True)],
    )
    assert _role(back) == "reaction"


def test_only_looks_back_where_others_lead_are_background() -> None:
    back = replace(report("a", context=LED), statements=[said(QUAY[0], "a", flashback=True)])
    assert _role(back) == "background"


def test_the_reason_is_told() -> None:
    _, why, _ = role_of(Facts(report("a", QUAY[0], context=replace(LED, answers=1))), ROLES)
    assert why.feature == "role"
    assert "1 of 4 statements are his" in why.value


def test_one_statement_in_the_second_half_is_background() -> None:
    late = Context(mentions=1, first_mention=1400, length=2000, other_statements=2, leader="Q9")
    one = report("a", QUAY[0], context=late)
    moved = replace(one, statements=[replace(s, start=1450, end=1450 + len(s.text)) for s in one.statements])
    assert _role(moved) == "background"
    assert _role(replace(moved, context=replace(late, in_title=True))) == "report"
    assert _role(replace(moved, context=replace(late, first_mention=100))) == "report"


def test_a_title_about_his_remarks_over_the_words_of_others_is_a_reaction() -> None:
    about = replace(LED, in_title=True, remarks_named=1)
    assert _role(report("a", QUAY[0], context=about)) == "reaction"
    assert _role(report("a", QUAY[0], context=replace(about, remarks_named=0))) == "report"


def test_one_remark_of_his_under_a_title_of_somebody_else_is_what_that_answers() -> None:
    titled = replace(LED, other_in_title=True, first_mention=300)
    assert _role(report("a", QUAY[0], context=titled)) == "reaction"
    assert _role(report("a", QUAY[0], context=replace(titled, first_mention=900))) == "report"
    assert _role(report("a", *QUAY, context=titled)) == "report"


def test_two_small_statements_in_one_late_place_are_background() -> None:
    late = Context(mentions=1, first_mention=1400, length=3000, other_statements=4, leader="Q9")
    one = report("a", "He called it piracy.", "The ships will sail.", context=late)
    near, far = (
        replace(
            one,
            statements=[
                replace(s, start=s.start + at, end=s.end + at) for s, at in zip(one.statements, by, strict=True)
            ],
        )
        for by in ((1450, 1450), (1450, 2500))
    )
    assert _role(near) == "background"
    assert _role(far) == "report"
