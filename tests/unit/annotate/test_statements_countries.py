"""Whom "Moscow said" means in an article about the minister, once others of his country have spoken (synthetic)."""

from importlib import resources

import pytest
import yaml

from processors.annotate.entities import load_gazetteer
from tests.builders import statements_of

LAVROV = "Q58217"
ABOUT = {
    "en": "Russian Foreign Minister Sergei Lavrov met the envoy. Lavrov smiled. Lavrov came late. {} Moscow said the "
    "deal was dead.",
    "ru": "Министр иностранных дел России Сергей Лавров принял посланника. Лавров улыбался. Лавров опоздал. {} "
    "Москва заявила, что сделка мертва.",
    "de": "Der russische Außenminister Sergej Lawrow traf den Gesandten. Lawrow lachte. Lawrow kam spät. {} Moskau "
    "sagte, dass der Vertrag tot sei.",
}
# language, who speaks in between, whether "Moscow" is still the minister
BETWEEN = [
    ("en", "Nobody else came.", True),
    ("en", "Foreign ministry spokeswoman Maria Zakharova said the talks were long.", False),
    ("en", "Maria Zakharova said the talks were long.", False),
    ("en", "The Kremlin said the talks were long.", False),
    ("en", "Russian Deputy Foreign Minister Pavel Okhotin said the talks were long.", False),
    ("en", "TASS said the talks were long.", True),
    ("en", "The Pentagon said the talks were long.", True),
    ("en", "The Russian Foreign Ministry said the talks were long.", True),
    ("ru", "Больше никто не пришел.", True),
    ("ru", "Официальный представитель МИД Мария Захарова заявила, что переговоры были долгими.", False),
    ("ru", "В Кремле заявили, что переговоры были долгими.", False),
    ("de", "Sonst kam niemand.", True),
    ("de", "Der Kreml sagte, dass die Gespräche lang gewesen seien.", False),
]


@pytest.mark.parametrize(("lang", "between", "his"), BETWEEN, ids=[f"{b[0]}-{n}" for n, b in enumerate(BETWEEN)])
def test_moscow_said(lang: str, between: str, his: bool) -> None:
    text = f"Title of the day\n{ABOUT[lang].format(between)}"
    last = statements_of(text, lang)[-1]
    assert last.source is not None
    assert text[last.source.start : last.source.end].startswith("Mos" if lang != "ru" else "Моск")
    assert (last.speaker_id == LAVROV) == his


def test_voices_are_organisations_with_a_country() -> None:
    file = resources.files("processors.annotate") / "data" / "voices.yaml"
    labels = yaml.safe_load(file.read_text(encoding="utf-8"))
    known = {entry.label for entry in load_gazetteer().entries if entry.type == "ORG" and entry.country}
    assert len(labels) == len(set(labels))
    assert set(labels) <= known
