"""Spokespeople and negotiators whose ids nobody could verify are found, in their case forms, and not linked;
terms that ended name nobody any more. All sentences are synthetic.
"""

import datetime

import pytest

from processors.annotate.entities import find_entities, load_gazetteer
from processors.annotate.knowledge import knowledge_of


@pytest.mark.parametrize(
    ("lang", "text", "name"),
    [
        ("en", "UN spokesman Stéphane Dujarric agreed.", "Stéphane Dujarric"),
        ("en", "Ukraine's Heorhii Tykhyi disagreed.", "Heorhii Tykhyi"),
        ("en", "Chinese spokesman Lin Jian and Mao Ning spoke.", "Lin Jian"),
        ("en", "Iran's Esmaeil Baqaei spoke.", "Esmaeil Baqaei"),
        ("ru", "По словам Михаила Галузина, паром отплыл.", "Михаила Галузина"),
        ("ru", "Об этом сообщили Георгию Тихому.", "Георгию Тихому"),
        ("ru", "Беседа с Сергеем Вершининым прошла утром.", "Сергеем Вершининым"),
        ("ru", "Дмитрия Полянского спросили о пароме.", "Дмитрия Полянского"),
        ("ru", "Это заявила Мао Нин.", "Мао Нин"),
        ("tr", "Sözcü Öncü Keçeli'nin açıklaması", "Öncü Keçeli"),
        ("de", "Der Sprecher Esmail Baghai sprach.", "Esmail Baghai"),
    ],
)
def test_they_are_found_and_not_linked(lang: str, text: str, name: str) -> None:
    found = find_entities(text, lang, load_gazetteer())
    assert (name, "PER", None) in [(e.text, e.type, e.id) for e in found]


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("ru", "Тихий океан спокоен, сказал Георгий Тихий.", ["Георгий Тихий"]),
    ],
)
def test_their_surnames_mean_nothing_else(lang: str, text: str, expected: list[str]) -> None:
    assert [e.text for e in find_entities(text, lang, load_gazetteer()) if e.type == "PER"] == expected


@pytest.mark.parametrize(
    ("office", "place", "before", "after"),
    [
        ("foreign_minister", "Q28", "Q685293", (2026, 6)),
        ("foreign_minister", "Q213", "Q42402111", (2026, 1)),
        ("prime_minister", "Q145", "Q6383803", (2026, 8)),
    ],
)
def test_who_left_holds_the_office_no_more(office: str, place: str, before: str, after: tuple[int, int]) -> None:
    knowledge = knowledge_of(load_gazetteer())
    assert knowledge.holder(office, place, datetime.date(2025, 3, 1)) == before
    assert knowledge.holder(office, place, datetime.date(*after, 1)) != before
    assert knowledge.holder(office, place, None) != before
