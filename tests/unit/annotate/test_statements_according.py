"""A quotation followed by "according to": whose it is, and where it ends. All sentences are synthetic."""

import pytest

from tests.builders import statements_of

LAVROV = "Q58217"
MARKS = [('"', '"'), ("“", "”"), ("„", "“"), ("„", "”"), ("»", "«"), ("«", "»"), ("« ", " »")]

# language, a quotation's words, what stands behind it, what of this is the cue and what the source
BEHIND = [
    ("en", "The route will stay closed,", " according to Lavrov.", "according to", "Lavrov"),
    ("en", "The route will stay closed,", " in the words of Lavrov.", "in the words of", "Lavrov"),
    ("en", "Not yet,", " according to Lavrov.", "according to", "Lavrov"),
    ("en", "The route will stay closed,", " according to Lavrov, who spoke on Monday.", "according to", "Lavrov"),
    ("de", "Die Route bleibt geschlossen", ", so Lawrow.", "so", "Lawrow"),
    ("de", "Die Route bleibt geschlossen", ", laut Lawrow.", "laut", "Lawrow"),
    ("de", "Noch nicht", ", so Lawrow.", "so", "Lawrow"),
    ("de", "Die Route bleibt geschlossen", ", so Lawrow am Montag in Moskau.", "so", "Lawrow"),
    ("fr", "La route restera fermée", ", selon Lavrov.", "selon", "Lavrov"),
    ("fr", "La route restera fermée", ", selon Lavrov, qui s'exprimait lundi.", "selon", "Lavrov"),
    ("es", "La ruta seguirá cerrada", ", según Lavrov.", "según", "Lavrov"),
    ("es", "La ruta seguirá cerrada", ", según Lavrov, que habló el lunes en Moscú.", "según", "Lavrov"),
    ("pl", "Trasa pozostanie zamknięta", " – według Ławrowa.", "według", "Ławrowa"),
    ("ru", "Маршрут останется закрытым", ", — по словам Лаврова.", "по словам", "Лаврова"),
    ("ru", "Маршрут останется закрытым", ", по мнению Лаврова, который был в Минске.", "по мнению", "Лаврова"),
    ("ru", "Маршрут останется закрытым", ", как выразился Лавров.", "как выразился", "Лавров"),
    ("uk", "Маршрут залишиться закритим", ", за словами Лаврова.", "за словами", "Лаврова"),
    ("uk", "Ще ні", ", — за словами Лаврова, який був у Мінську.", "за словами", "Лаврова"),
    ("tr", "Yol kapalı kalacak", ", Lavrov'a göre.", "göre", "Lavrov'a"),
    ("ar", "الطريق سيبقى مغلقا", "، وفقا للافروف.", "وفقا", "للافروف"),
]
ROLE = {"ar": "قال وزير الخارجية الروسي سيرغي لافروف إن اللقاء قريب."}


@pytest.mark.parametrize(("lang", "words", "behind", "cue", "source"), BEHIND, ids=[f"{b[0]}-{b[4]}" for b in BEHIND])
@pytest.mark.parametrize("marks", MARKS, ids=["".join(m) for m in MARKS])
def test_a_quotation_in_front(
    lang: str, words: str, behind: str, cue: str, source: str, marks: tuple[str, str]
) -> None:
    quotation = f"{marks[0]}{words}{marks[1]}"
    text = f"Title of the day\n{ROLE.get(lang, '')}\n{quotation}{behind}"
    (found,) = (s for s in statements_of(text, lang) if s.start >= text.index(quotation))
    assert (found.text, found.speaker_id, found.kind) == (quotation, LAVROV, "direct")
    assert found.cue is not None
    assert found.source is not None
    assert text[found.cue.start : found.cue.end] == cue
    assert text[found.source.start : found.source.end] == source


# language, text, all that is reported as his
PIECES = [
    ("en", '"The route", according to Lavrov, "will stay closed."', ['"The route"', '"will stay closed."']),
    ("de", "„Die Route“, so Lawrow, „bleibt zu.“", ["„Die Route“", "„bleibt zu.“"]),
    ("fr", "« La route », selon Lavrov, « restera fermée ».", ["« La route »", "« restera fermée »"]),
    ("ru", "«Маршрут», по словам Лаврова, «закрыт».", ["«Маршрут»", "«закрыт»"]),
    ("ru", "Переговоры были «пустой тратой времени», по словам Лаврова.", ["Переговоры были «пустой тратой времени»"]),
    ("en", 'Rubio called it "a dead end"; according to Lavrov, the road is open.', ["the road is open"]),
    ("en", 'In "a long day," according to Lavrov, the road was shut.', ["the road was shut"]),
    ("en", '"The route will stay closed," according to Rubio.', []),
]


@pytest.mark.parametrize(("lang", "text", "his"), PIECES, ids=[f"{p[0]}-{n}" for n, p in enumerate(PIECES)])
def test_what_is_his(lang: str, text: str, his: list[str]) -> None:
    found = statements_of(f"Title of the day\n{text}", lang)
    assert [s.text for s in found if s.speaker_id == LAVROV] == his


def test_german_so_with_a_comparison_is_no_attribution() -> None:
    """What the contract says is compared with, and whoever speaks goes on."""
    text = "-\nLawrow sagte, der Pier sei zu. Die Werft bleibe bis 2044, so wie es im Vertrag stehe."
    assert [(s.speaker_id, s.text) for s in statements_of(text, "de")] == [
        ("Q58217", "der Pier sei zu"),
        ("Q58217", "Die Werft bleibe bis 2044, so wie es im Vertrag stehe"),
    ]


def test_a_sentence_ends_with_german_guillemets() -> None:
    text = "-\nLawrow klang ruhig. Russland stehe bereit: »Schienen sind geduldig.« Der Pier bleibe zu, sagte er."
    assert [s.text for s in statements_of(text, "de") if s.speaker_id == "Q58217"] == [
        "Russland stehe bereit: »Schienen sind geduldig.«",
        "Der Pier bleibe zu",
    ]
