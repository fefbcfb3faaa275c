"""Every country has its capital: with its id, or unlinked where two sources differ. All sentences are synthetic."""

import pytest
from babel import Locale

from processors.annotate.entities import find_entities, load_gazetteer

# Cities that are their own countries, and what the CLDR counts as a territory but is no state of the United Nations
# (Taipei and Jerusalem are entered without a country).
CITY_STATES = {"Singapore", "Monaco", "Vatican City"}
NO_MEMBERS = {"Gibraltar", "Puerto Rico", "Palestine", "Taiwan", "Hong Kong"}


def found(text: str, lang: str) -> list[tuple[str, str | None]]:
    return [(e.text, e.id) for e in find_entities(text, lang, load_gazetteer())]


def test_every_country_has_a_city() -> None:
    territories = set(Locale("en").territories.values())
    places = [entry for entry in load_gazetteer().entries if entry.type == "GPE"]
    countries = {
        entry.id: entry.label
        for entry in places
        if entry.country is None and {name.text for name in entry.names} & territories
    }
    assert len(countries) >= 193
    without = {label for qid, label in countries.items() if qid not in {entry.country for entry in places}}
    assert without - CITY_STATES - NO_MEMBERS == set()


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("en", "The minister flew from Bangui to Port Moresby.", [("Bangui", "Q3832"), ("Port Moresby", "Q36526")]),
        ("ru", "Министр прибыл в Банги, затем в Порт-Морсби.", [("Банги", "Q3832"), ("Порт-Морсби", "Q36526")]),
        ("uk", "Міністр прибув до Вадуца.", [("Вадуца", "Q1844")]),
        ("de", "Der Minister reiste nach Luxemburg-Stadt.", [("Luxemburg-Stadt", "Q1842")]),
        ("fr", "Le ministre est arrivé à Andorre-la-Vieille.", [("Andorre-la-Vieille", "Q1863")]),
        ("tr", "Bakan Paramaribo'ya gitti.", [("Paramaribo", "Q3001")]),
        ("en", "He left Panama City for San Salvador.", [("Panama City", "Q3306"), ("San Salvador", "Q3110")]),
        ("ru", "Гондурас ждёт гостей в Тегусигальпе.", [("Гондурас", "Q783"), ("Тегусигальпе", None)]),
        ("en", "Jamaica said that Kingston would host the talks.", [("Jamaica", "Q766"), ("Kingston", "Q34692")]),
        ("ru", "Мальдивы сообщили, что в Мале ждут гостей.", [("Мальдивы", "Q826"), ("Мале", "Q9347")]),
    ],
)
def test_capitals_of_small_countries(lang: str, text: str, expected: list[tuple[str, str | None]]) -> None:
    assert found(text, lang) == expected


@pytest.mark.parametrize(
    ("lang", "text", "never"),
    [
        ("en", "A student in Kingston, Ontario, won.", "Q34692"),
        ("en", "Georgetown University professors disagree.", "Q10717"),
        ("en", "Guyana invited a Georgetown University professor.", "Q10717"),
        ("en", "They met in Panama City, Florida.", "Q3306"),
        ("de", "Die Suva zahlt.", "Q38807"),
        ("de", "Er kommt aus dem Hause Oranien-Nassau.", "Q2467"),
        ("tr", "Türk Dili ve Edebiyatı", "Q9310"),
        ("en", "A male nurse spoke. Male nurses agreed.", "Q9347"),
        ("fr", "Le sucre est cher. Sucre et sel manquent.", "Q2907"),
        ("en", "The well known actor Kingston Jones left Jamaica for good and never came back.", "Q34692"),
    ],
)
def test_what_is_called_like_a_capital_is_not_linked(lang: str, text: str, never: str) -> None:
    assert never not in {qid for _, qid in found(text, lang)}
