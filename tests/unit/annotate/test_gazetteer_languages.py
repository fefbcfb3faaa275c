"""Names in the languages that have no column of their own, and spellings of one name in many."""

import pytest

from processors.annotate.entities import aliases_of, find_entities, load_gazetteer
from processors.annotate.entities.inflection import forms

LAVROV, ZELENSKY, KYIV, TURKEY = "Q58217", "Q3874799", "Q1899", "Q43"


def ids(text: str, lang: str | None) -> list[str | None]:
    return [entity.id for entity in find_entities(text, lang, load_gazetteer())]


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("pl", "Rozmawiano w Wielkiej Brytanii i w Niemczech.", ["Q145", "Q183"]),
        ("pl", "Donaldem Tuskiem kierowała Komisja Europejska w Brukseli.", ["Q946", "Q8880", "Q239"]),
        ("pl", "Spotkał się z Ławrowem, a Johnsonowi odmówił.", [LAVROV, "Q180589"]),
        ("cs", "V Bruselu i ve Spojených státech mluvila Mayová s Lavrovem.", ["Q239", "Q30", "Q264766", LAVROV]),
        ("cs", "Ministři Evropské unie odjeli z Prahy do Paříže.", ["Q458", "Q1085", "Q90"]),
        ("bg", "Европейският съюз и Обединеното кралство преговарят в Лондон.", ["Q458", "Q145", "Q84"]),
        ("bg", "Борис Джонсън и Доналд Тръмп", ["Q180589", "Q22686"]),
        ("ar", "قال لافروف في موسكو إن روسيا وبريطانيا", [LAVROV, "Q649", "Q159", "Q145"]),
        ("ar", "للأمم المتحدة", ["Q1065"]),
        ("es", "Lavrov habló en Moscú de Estados Unidos y Alemania.", [LAVROV, "Q649", "Q30", "Q183"]),
    ],
)
def test_names_in_further_languages(lang: str, text: str, expected: list[str]) -> None:
    assert ids(text, lang) == expected


@pytest.mark.parametrize(
    ("lang", "text", "qid"),
    [
        ("en", "Lavrov left.", LAVROV), ("de", "Lawrow reiste ab.", LAVROV), ("ru", "Ответили Лаврову.", LAVROV),
        ("pl", "Ławrow wyjechał.", LAVROV), ("en", "Zelensky left.", ZELENSKY), ("en", "Zelenskyy left.", ZELENSKY),
        ("en", "Zelenskiy left.", ZELENSKY), ("ru", "Ответили Зеленскому.", ZELENSKY), ("uk", "Зеленським", ZELENSKY),
        ("en", "In Kyiv", KYIV), ("en", "In Kiev", KYIV), ("ru", "В Киеве", KYIV), ("uk", "У Києві", KYIV),
        ("tr", "Kiev'de", KYIV), ("en", "Türkiye agrees.", TURKEY), ("en", "Turkey agrees.", TURKEY),
        ("tr", "Türkiye'nin", TURKEY), ("ru", "Турцией", TURKEY),
    ],
)  # fmt: skip
def test_spellings_of_one_name(lang: str, text: str, qid: str) -> None:
    assert ids(text, lang) == [qid]


@pytest.mark.parametrize(("lang", "text"), [("en", "Mr Irani left."), ("de", "Herr Chada kam."), ("ru", "Он Мали.")])
def test_case_forms_of_one_language_are_no_names_in_another(lang: str, text: str) -> None:
    assert "Q794" not in ids(text, lang)
    assert "Q657" not in ids(text, lang)


@pytest.mark.parametrize(
    ("word", "lang", "expected"),
    [
        ("niemcy", "pl", {"niemczech", "niemiec"}),
        ("bruksela", "pl", {"brukseli", "brukselą"}),
        ("praha", "cs", {"prahy", "praze", "prahou"}),
        ("британски", "bg", {"британския"}),
        ("الأمم", "ar", {"للأمم", "والأمم"}),
    ],
)
def test_a_name_has_the_cases_and_articles_of_its_language(word: str, lang: str, expected: set[str]) -> None:
    assert expected <= forms(word, lang)


def test_a_woman_takes_the_czech_ending_a_man_does_not() -> None:
    assert "mayová" in forms("may", "cs", person=True, feminine=True)
    assert "lavrovová" not in forms("lavrov", "cs", person=True)
    assert "Ławrowem" in aliases_of(LAVROV)
