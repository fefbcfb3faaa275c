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
        ("pl", "Na Białorusi protestowano, Białorusią rządzi kto inny.", ["Q184", "Q184"]),
        ("cs", "Prezident Zelenskyj přijel, Zelenského a Zelenským, Zelenskému.", [ZELENSKY] * 4),
        ("es", "El presidente de EE.UU. calló, EE. UU. también.", ["Q30", "Q30"]),
        ("es", "No habló de la UE. UU es una sigla.", ["Q458"]),
        ("en", "The U.N. agreed, and so did the U.N. Security Council.", ["Q1065", "Q37470"]),
        ("bg", "Йенс Столтенберг и Александър Стуб разговаряха.", ["Q57665", "Q503143"]),
        ("de", "Der Europäische Wirtschafts- und Sozialausschuss tagte.", []),
        ("de", "Das tat der Europäischer Wirtschafts- und Sozialausschuss.", ["Q331024"]),
        ("ru", "Посол прибыл в Папуа — Новую Гвинею.", ["Q691"]),
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


SENTENCES = {
    "en": "We saw {} there.", "ru": "Мы видели {} там.", "uk": "Ми бачили {} там.", "tr": "Bugün {} geldi.",
    "de": "Wir sahen {} dort.", "fr": "On voit {} ici.", "pl": "Tu jest {} dziś.", "cs": "Tady je {} dnes.",
    "bg": "Ето {} тук.", "ar": "هذا {} هنا", "es": "Vimos {} ayer.",
}  # fmt: skip
# A comma that the text has ends a name; French Mexico is the city, and the country in English.
NEVER_FOUND = {("en", "Charles, Prince of Wales"), ("fr", "Mexico")}


def test_every_full_name_is_found_in_a_plain_sentence_of_its_language() -> None:
    gazetteer = load_gazetteer()
    names = {(n.lang, n.text, entry.id, entry.type) for entry in gazetteer.entries for n in entry.names
             if n.reach == "full"}  # fmt: skip
    missed = {
        (lang, text)
        for lang, text, qid, kind in names
        if (qid, kind) not in [(e.id, e.type) for e in find_entities(SENTENCES[lang].format(text), lang, gazetteer)]
    }
    assert missed == NEVER_FOUND
