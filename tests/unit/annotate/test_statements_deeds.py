"""Answers that are deeds tell no words (synthetic)."""

import pytest

from tests.builders import statements_of

DEEDS = [
    ("en", "The garrison replied with rockets."),
    ("en", "Ruritania answered with strikes on the harbour."),
    ("en", "The navy will respond in kind."),
    ("de", "Die Marine antwortete mit Raketen auf den Hafen."),
    ("fr", "La marine a répondu par des tirs de missiles."),
    ("es", "La marina respondió con misiles."),
    ("ru", "Гарнизон ответил ракетами."),
    ("uk", "Гарнізон відповів ракетами."),
    ("pl", "Garnizon odpowiedział rakietami."),
    ("tr", "Donanma füzelerle karşılık verdi."),
]


@pytest.mark.parametrize(("lang", "text"), DEEDS)
def test_answers_by_deeds(lang: str, text: str) -> None:
    assert statements_of(f"-\n{text}", lang) == []


WORDS = [
    ("en", "The captain responded with a warning to the fleet about its course.", "a warning to the fleet"),
    ("en", "The captain replied with a curt “Nobody sails from here today”.", "Nobody sails"),
    ("en", "The captain replied by saying that the harbour was shut.", "the harbour was shut"),
    ("en", "“Nobody sails from here,” the captain replied with a smile.", "Nobody sails"),
    ("tr", "Lavrov sert bir dille karşılık verdi: “Limanı kimse kapatamaz.”", "Limanı kimse kapatamaz"),
]


@pytest.mark.parametrize(("lang", "text", "part"), WORDS)
def test_answers_in_words(lang: str, text: str, part: str) -> None:
    assert any(part in s.text for s in statements_of(f"-\n{text}", lang))
