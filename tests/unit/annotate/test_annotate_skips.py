"""With ``annotate.skip_statements`` nothing that a watched speaker says is lost."""

import pytest

from console.demo.data import load_gold
from processors.annotate.core import annotate
from processors.annotate.entities import load_gazetteer
from schemas import Statement
from tests.builders import clean_article

LAVROV = "Q58217"


def said(title: str, text: str, lang: str, *, skip: bool) -> list[Statement]:
    article = clean_article(title, text, lang=lang)
    return annotate(article, gazetteer=load_gazetteer(), speakers={LAVROV}, skip_statements=skip).statements


def test_of_other_matters_no_statements_are_found() -> None:
    title, text = "Fähre kommt später", "Der Kapitän habe geschlafen, sagte Anna Kowalski am Montag der Zeitung."
    assert said(title, text, "de", skip=False)
    assert not said(title, text, "de", skip=True)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("The Russian foreign minister said that the talks would go on.", "en"),
        ("Moscow's top diplomat said that the talks would go on.", "en"),
        ("Глава российского МИДа заявил, что переговоры продолжатся.", "ru"),
        ("Der russische Außenminister sagte, die Gespräche gingen weiter.", "de"),
        ("Le chef de la diplomatie russe a déclaré que les pourparlers continueraient.", "fr"),
        ("Rusya Dışişleri Bakanı, görüşmelerin süreceğini söyledi.", "tr"),
    ],
)
def test_by_his_office_he_is_found(text: str, lang: str) -> None:
    found = said("Talks", text, lang, skip=True)
    assert [s.speaker_id for s in found] == [LAVROV]


def test_of_the_demo_nothing_of_his_is_lost() -> None:
    for one in load_gold().as_of(1):
        every, some = (said(one.title, one.text, one.lang, skip=skip) for skip in (False, True))
        assert [s for s in some if s.speaker_id == LAVROV] == [s for s in every if s.speaker_id == LAVROV]
