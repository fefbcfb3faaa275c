"""Somebody of the same full name: a trade before it tells, unless the known person stands there as well."""

import pytest

from processors.annotate.entities import find_entities, load_gazetteer

LAVROV = "Q58217"


def ids(text: str, lang: str) -> list[str]:
    return [e.id for e in find_entities(text, lang, load_gazetteer()) if e.type == "PER" and e.id is not None]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        (
            "ru",
            "Сергей Лавров: «Играли плохо»\nГлавный тренер футбольного «Маяка» Сергей Лавров недоволен. Лавров ушёл.",
        ),
        ("ru", "Успех главного режиссёра драмтеатра Сергея Лаврова отметили. Сам Лавров молчит."),
        ("uk", "Воротар «Маяка» Сергій Лавров зупинив пенальті. Лавров радів."),
        ("en", "Goalkeeper Sergei Lavrov saved twice. Lavrov was happy."),
        ("de", "Torhüter Sergej Lawrow hielt zweimal. Lawrow jubelte."),
        ("tr", "Kaleci Sergey Lavrov iki kez kurtardı."),
        ("en", "Sergei Lavrov, a goalkeeper for Omsk, saved twice. Lavrov was happy."),
        ("en", "Sergei Lavrov, 19, a young Russian goalkeeper, saved twice. Lavrov was happy."),
        ("en", "Sergei Lavrov, Russian goalkeeper of the year, was happy."),
        ("ru", "Сергей Лавров, вратарь «Маяка», отбил два броска. Лавров рад."),
        ("ru", "Сергея Лаврова, 19-летнего вратаря «Маяка», похвалили. Лавров рад."),
        ("uk", "Сергій Лавров, молодий воротар «Маяка», зупинив пенальті. Лавров радів."),
        ("de", "Sergej Lawrow, der Torhüter aus Ulm, hielt zweimal. Lawrow jubelte."),
        ("fr", "Sergueï Lavrov, le jeune gardien de Nîmes, a brillé. Lavrov est content."),
        ("es", "Serguéi Lavrov, portero del Betis, habló."),
    ],
)
def test_a_trade_makes_it_somebody_else(lang: str, text: str) -> None:
    assert ids(text, lang) == []


@pytest.mark.parametrize(
    ("lang", "text", "number"),
    [
        ("ru", "Тренер сборной поблагодарил министра Сергея Лаврова.", 1),
        ("ru", "Художник подарил Сергею Лаврову портрет.", 1),
        ("ru", "Певец и Сергей Лавров обсудили гастроли.", 1),
        ("ru", "Тренер Сергей Лавров не родня министру, министр Сергей Лавров его не знает.", 2),
        ("en", "The singer met Sergei Lavrov. Lavrov smiled.", 2),
        ("en", "Foreign Minister Sergei Lavrov met the coach.", 1),
        ("ru", "Глава МИД Сергей Лавров встретил тренера.", 1),
        ("en", "Sergei Lavrov, a friend of the singer, came. Lavrov sat down.", 2),
        ("en", "Sergei Lavrov, a former goalkeeper, came. Lavrov sat down.", 2),
        ("en", "Sergei Lavrov, singer Anna Smith and others came. Lavrov sat down.", 2),
        ("en", "Sergei Lavrov, whose coach waited, came. Lavrov sat down.", 2),
        ("ru", "Сергей Лавров, певица Анна Кузнецова и другие пришли. Лавров сел.", 2),
        ("ru", "Сергею Лаврову, тренер которого ждал, дали мяч. Лавров сел.", 2),
        ("ru", "Сергей Лавров, бывший вратарь, пришёл. Лавров сел.", 2),
        ("de", "Sergej Lawrow, Sänger Karl Braun und andere kamen. Lawrow ging.", 2),
    ],
)
def test_what_leaves_him_who_he_is(lang: str, text: str, number: int) -> None:
    assert ids(text, lang) == [LAVROV] * number
