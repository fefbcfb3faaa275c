"""What a spokesperson speaks for is part of who speaks, and whom he speaks for is another (synthetic)."""

import pytest

from tests.builders import statements_of

LAVROV = "Q58217"
SOURCES = [
    ("en", "The pier is shut, according to a spokesman for the city.", "a spokesman for the city"),
    ("en", "A spokeswoman for the mayor of Turin said the pier was shut.", "A spokeswoman for the mayor of Turin"),
    ("en", "The pier is shut, said a spokesman for the city council.", "a spokesman for the city council"),
    ("en", "A spokesman for Sergei Lavrov said the pier was shut.", "A spokesman for Sergei Lavrov"),
    (
        "en",
        "A spokesman for the Russian foreign minister said the pier was shut.",
        "A spokesman for the Russian foreign minister",
    ),
    (
        "fr",
        "La porte-parole de la diplomatie russe, Maria Zakharova, a dit que le quai était fermé.",
        "La porte-parole de la diplomatie russe, Maria Zakharova",
    ),
    (
        "fr",
        "Le porte-parole du ministre russe des Affaires étrangères a dit que le quai était fermé.",
        "Le porte-parole du ministre russe des Affaires étrangères",
    ),
    ("fr", "Le porte-parole du port Jean Petit a dit que le quai était fermé.", "Le porte-parole du port Jean Petit"),
    (
        "es",
        "La portavoz de la diplomacia rusa, Clara Ruiz, dijo que el muelle estaba cerrado.",
        "La portavoz de la diplomacia rusa, Clara Ruiz",
    ),
    ("en", "Jane Doe, the chief executive of a yard, said the pier was shut.", "Jane Doe, the chief executive"),
]


@pytest.mark.parametrize(("lang", "text", "source"), SOURCES)
def test_who_speaks(lang: str, text: str, source: str) -> None:
    text = f"-\n{text}"
    (told,) = statements_of(text, lang)
    assert told.source is not None
    assert text[told.source.start : told.source.end] == source
    assert told.speaker_id != LAVROV


def test_whom_a_spokesman_speaks_for_is_found_by_his_name_again() -> None:
    text = "-\nA spokesman for Sergei Lavrov said the pier was shut. Lavrov said it was late."
    assert [s.speaker_id for s in statements_of(text, "en")] == [None, LAVROV]


def test_who_tells_it_is_described_behind_the_name() -> None:
    text = "-\nThe pier is shut, according to Jane Doe, the director of the yard."
    assert [s.text for s in statements_of(text, "en")] == ["The pier is shut"]
