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
    ],
)
def test_what_leaves_him_who_he_is(lang: str, text: str, number: int) -> None:
    assert ids(text, lang) == [LAVROV] * number
