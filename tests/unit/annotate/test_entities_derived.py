"""Words derived from places, and the names that need their country beside them."""

import pytest

from processors.annotate.entities import find_derived, find_entities, load_gazetteer


def derived(text: str, lang: str) -> list[tuple[str, str | None]]:
    gazetteer = load_gazetteer()
    found = find_derived(text, lang, gazetteer, find_entities(text, lang, gazetteer))
    assert all(e.derived and text[e.start : e.end] == e.text for e in found)
    return [(e.text, e.id) for e in found]


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("ru", "Об этом сообщило российское агентство.", [("российское", "Q159")]),
        ("ru", "Он вышел из московского суда.", [("московского", "Q649")]),
        ("ru", "американский и британский флот", [("американский", "Q30"), ("британский", "Q145")]),
        ("ru", "Российско-британский договор подписан.", [("Российско-британский", "Q145")]),
        ("ru", "Пришёл американский актёр.", []),
        ("ru", "Он учил французский язык.", []),
        ("ru", "Пермский край", []),
        ("uk", "Це заявило російське відомство.", [("російське", "Q159")]),
        ("pl", "Wielu Polaków i Brytyjczycy głosowali.", [("Polaków", "Q36"), ("Brytyjczycy", "Q145")]),
        ("cs", "Američané a Němci jednali.", [("Američané", "Q30"), ("Němci", "Q183")]),
        ("bg", "Много българи и британците гласуваха.", [("българи", "Q219"), ("британците", "Q145")]),
        ("en", "The Russian agency said so.", []),
        (None, "российское агентство", []),
    ],
)
def test_adjectives_and_peoples(lang: str, text: str, expected: list[tuple[str, str]]) -> None:
    assert derived(text, lang) == expected


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("Закон принял Конгресс.", False),
        ("В США закон принял Конгресс.", True),
        ("Американские СМИ пишут, что закон принял Конгресс.", True),
        ("Конгресс США принял закон, и Конгресс его отменил.", True),
    ],
)
def test_a_name_that_others_share_needs_its_country(text: str, linked: bool) -> None:
    last = [e for e in find_entities(text, "ru", load_gazetteer()) if e.text.startswith("Конгресс")]
    assert bool(last) is linked
    assert all(e.id == "Q11268" for e in last)
