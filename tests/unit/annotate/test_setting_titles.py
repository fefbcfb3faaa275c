"""Names of papers in the nominative."""

import pytest

from processors.annotate.setting.titles import in_nominative


@pytest.mark.parametrize(
    ("lang", "name", "nominative"),
    [
        ("ru", "Известиям", "Известия"),
        ("ru", "Российской газете", "Российская газета"),
        ("ru", "Первом канале", "Первый канал"),
        ("ru", "Эху Москвы", "Эхо Москвы"),
        ("ru", "Аргументам и фактам", "Аргументы и факты"),
        ("ru", "России 1", "Россия 1"),
        ("uk", "Українській правді", "Українська правда"),
        ("uk", "Голосу України", "Голос України"),
        # It may be the nominative already, or no dictionary has it.
        ("ru", "Новости", "Новости"),
        ("ru", "РИА Новости", "РИА Новости"),
        ("ru", "Шпигелю", "Шпигелю"),
        ("ru", "Bild", "Bild"),
        ("de", "Известиям", "Известиям"),
    ],
)
def test_in_nominative(lang: str, name: str, nominative: str) -> None:
    assert in_nominative(name, lang) == nominative
