"""Somebody is spoken of by his office and country alone."""

import datetime

import pytest

from processors.annotate.entities import find_entities, load_gazetteer
from processors.annotate.knowledge import knowledge_of
from processors.annotate.office import office_mentions

LAVROV = "Q58217"


def _found(text: str, lang: str) -> list[str]:
    gazetteer = load_gazetteer()
    entities = find_entities(text, lang, gazetteer)
    found = office_mentions(text, lang, LAVROV, entities, knowledge_of(gazetteer))
    return [text[start:end] for start, end in found]


@pytest.mark.parametrize(
    ("lang", "text", "mention"),
    [
        ("en", "The spokesman would not comment on what Russia's foreign minister had said.", "foreign minister"),
        ("de", "Am Freitag hatte der russische Außenminister die Pläne verworfen.", "Außenminister"),
        ("uk", "Він прокоментував заяву свого російського візаві про терміни.", "візаві"),
        ("fr", "Elle n'a pas voulu répondre au chef de la diplomatie russe.", "chef de la diplomatie"),
        ("es", "La ministra no quiso responder al canciller ruso.", "canciller"),
    ],
)
def test_his_office_beside_his_country(lang: str, text: str, mention: str) -> None:
    assert any(found.startswith(mention) for found in _found(text, lang))


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "The Turkish foreign minister said nothing about Russia."),
        ("en", "The Russian defence minister arrived in Minsk."),
        ("ru", "Российский министр обороны прибыл в Минск."),
        ("de", "Der polnische Außenminister sprach in Berlin."),
    ],
)
def test_other_offices_and_countries_are_not_his(lang: str, text: str) -> None:
    assert _found(text, lang) == []


def test_an_office_is_whose_it_was_on_that_day() -> None:
    gazetteer = load_gazetteer()
    text = "Warsaw condemned remarks by the German foreign minister."
    entities = find_entities(text, "en", gazetteer)
    known = knowledge_of(gazetteer)
    baerbock, wadephul = "Q564328", "Q1696501"
    for day, meant in ((datetime.date(2024, 5, 20), baerbock), (datetime.date(2026, 5, 20), wadephul)):
        told = [who for who in (baerbock, wadephul) if office_mentions(text, "en", who, entities, known, day)]
        assert told == [meant]
