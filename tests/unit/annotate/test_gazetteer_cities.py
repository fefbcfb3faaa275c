"""Capitals and cities of meetings, and the other things that are called like them. All sentences are synthetic."""

import pytest

from processors.annotate.entities import find_entities, load_gazetteer


def ids(text: str, lang: str) -> list[str | None]:
    return [entity.id for entity in find_entities(text, lang, load_gazetteer())]


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("ru", "Министр прибыл в Уагадугу, затем в Бужумбуру и Нджамену.", ["Q3777", "Q3854", "Q3659"]),
        ("ru", "Встреча в Аддис-Абебе и в Абудже, потом в Либревиле.", ["Q3624", "Q3787", "Q3825"]),
        ("ru", "Переговоры прошли в Дар-эс-Саламе и Йоханнесбурге.", ["Q1960", "Q34647"]),
        ("ru", "Саммит на Бали и встреча в Шанхае.", ["Q4648", "Q8686"]),
        ("ru", "Министр приехал в город Тунис.", ["Q3572"]),
        ("ru", "Он вылетел в Тунис и Алжир.", ["Q948", "Q262"]),
        ("ru", "Он говорил о Бразилии и о городе Бразилиа.", ["Q155", "Q2844"]),
        ("ru", "Выборы в Гвинее-Бисау.", ["Q1007"]),
        ("ru", "Совещание ШОС прошло в Алматы.", ["Q485207", "Q35493"]),
        ("en", "She flew from Ouagadougou to N'Djamena and Port Louis.", ["Q3777", "Q3659", "Q3929"]),
        ("en", "Talks in Algiers and Tunis ended.", ["Q3561", "Q3572"]),
        ("en", "Talks in Colombo ended, Sri Lanka said.", ["Q35381", "Q854"]),
        ("en", "The Shanghai Cooperation Organisation met.", ["Q485207"]),
        ("en", "The president of Guinea-Bissau left Bissau.", ["Q1007", "Q3739"]),
        ("ar", "وصل الوزير إلى الدوحة ثم إلى أبوظبي والمنامة والرباط", ["Q3861", "Q1519", "Q3882", "Q3551"]),
        ("ar", "اجتماع في العاصمة الأردنية عمان", ["Q3805"]),
        ("ar", "اجتماع في كمبالا وفي نواكشوط", ["Q3894", "Q3688"]),
        ("es", "El ministro viajó a Uagadugú y a Yamena.", ["Q3777", "Q3659"]),
        ("pl", "Spotkanie w Szanghaju i w Akrze.", ["Q8686", "Q3761"]),
    ],
)
def test_capitals_and_cities(lang: str, text: str, expected: list[str]) -> None:
    assert ids(text, lang) == expected


@pytest.mark.parametrize(
    ("lang", "text", "never"),
    [
        ("en", "Prosecutor Gherardo Colombo resigned, and Colombo said why.", "Q35381"),
        ("en", "Santiago Lopez spoke, and Santiago agreed.", "Q2887"),
        ("en", "They met in San Jose, California.", "Q3070"),
        ("en", "The Duke of Wellington won the battle.", "Q23661"),
        ("en", "Naomi Osaka won.", "Q35765"),
        ("es", "La paz es posible. Lagos y ríos se secan.", "Q1491"),
        ("es", "Lagos y ríos se secan.", "Q8673"),
        ("ru", "Кита нашли на берегу.", "Q2900"),
        ("uk", "Кіта бачили вранці.", "Q2900"),
        ("uk", "Бали за тест оголосили.", "Q4648"),
        ("pl", "Bali się wszyscy.", "Q4648"),
        ("ar", "إصابة في الرباط الصليبي", "Q3551"),
        ("ar", "يجب وجوبا على بالي", "Q1947"),
        ("tr", "Cuba ve Tunus", "Q1947"),
    ],
)
def test_what_is_called_alike_is_not_linked(lang: str, text: str, never: str) -> None:
    assert never not in ids(text, lang)


def test_oman_and_amman_are_written_alike_in_arabic() -> None:
    assert ids("وصل إلى سلطنة عمان وغادر عمان", "ar") == ["Q842", "Q842"]
    assert ids("وصل إلى عمان", "ar") == []
