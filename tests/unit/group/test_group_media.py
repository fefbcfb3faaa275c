"""Names across spellings, endings and scripts. All names are synthetic."""

import pytest

from processors.group.report.media import name_key, same_medium


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Golden Harbour Television", "GHT"),
        ("Panorama", "Панорама"),
        ("Вечерний обозреватель", "Vecherny Obozrevatel"),
        ("Kanal Nord", "Канал «Норд»"),
        ("radio meridian", "Меридиан"),
        ("Zvezditsa", "Звездица"),
        ("Al Marjan", "Аль-Марджан"),
    ],
)
def test_one_medium_by_two_names(one: str, other: str) -> None:
    assert same_medium(one, other)
    assert same_medium(other, one)


def test_other_names_and_initials_are_other_media() -> None:
    assert not same_medium("Panorama", "Meridian")
    assert not same_medium("GHT", "Golden Harbour Radio")


def test_an_unidentified_name_is_the_same_in_two_scripts_and_cases() -> None:
    assert name_key("maksim ryzhenkov") == name_key("максимом рыженковым") == name_key("рыженкова")
    assert name_key("hakan fidanov") != name_key("maksim ryzhenkov")


def test_identified_and_short_names_stay_as_they_are() -> None:
    assert name_key("Q159") == "Q159"
    assert name_key("li") == "li"
