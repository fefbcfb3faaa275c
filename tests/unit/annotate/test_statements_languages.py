"""Who said what, in each language; all sentences are synthetic and of our own writing."""

import pytest

from processors.annotate.entities import find_entities, load_gazetteer
from processors.annotate.knowledge import knowledge_of
from processors.annotate.statements import find_statements
from schemas import Statement
from tests.builders import statements_of

LAVROV = "Q58217"


def said_in_body(text: str, lang: str | None) -> list[Statement]:
    return statements_of(f"Title of the day\n{text}", lang)


# text, language, a part of the content, whether it is his
SAID = [
    (
        "Foreign Minister Sergei Lavrov said on Monday that the grain route stays closed.",
        "en",
        "the grain route stays closed",
        True,
    ),
    ("The grain route stays closed, Sergei Lavrov said.", "en", "The grain route stays closed", True),
    ("The route, Sergei Lavrov said, will stay closed.", "en", "The route, Sergei Lavrov said, will stay closed", True),
    ('"The route stays closed," said Russian Foreign Minister Sergei Lavrov.', "en", '"The route stays closed,"', True),
    ("According to Sergei Lavrov, the grain route stays closed.", "en", "the grain route stays closed", True),
    (
        "Lavrov arrived on Monday. 'The grain route stays closed,' he told a rally.",
        "en",
        "'The grain route stays closed,'",
        True,
    ),
    (
        "Russia's foreign minister has said that the grain route stays closed.",
        "en",
        "the grain route stays closed",
        True,
    ),
    (
        "Lavrov met Rubio. The U.S. official said the grain route stays closed.",
        "en",
        "the grain route stays closed",
        False,
    ),
    (
        "A diplomat from the north said that Lavrov wants the route closed.",
        "en",
        "Lavrov wants the route closed",
        False,
    ),
    (
        "Russian Deputy Foreign Minister Pavel Okhotin said the route stays closed.",
        "en",
        "the route stays closed",
        False,
    ),
    ("The Kremlin said the route stays closed, hours after Lavrov landed.", "en", "the route stays closed", False),
    (
        "Министр иностранных дел РФ Сергей Лавров заявил, что зерновой маршрут закрыт.",
        "ru",
        "зерновой маршрут закрыт",
        True,
    ),
    ("Зерновой маршрут закрыт. Об этом сообщил Сергей Лавров.", "ru", "Зерновой маршрут закрыт", True),
    ("Сергей Лавров прибыл утром. По словам министра, зерновой маршрут закрыт.", "ru", "зерновой маршрут закрыт", True),
    ("«Маршрут закрыт надолго», — сказал глава МИД РФ Сергей Лавров.", "ru", "«Маршрут закрыт надолго»", True),
    ("На встрече с Сергеем Лавровым посол заявил, что маршрут закрыт.", "ru", "маршрут закрыт", False),
    ("Мария Захарова заявила, что маршрут закрыт.", "ru", "маршрут закрыт", False),
    ("Сергій Лавров заявив, що зерновий маршрут закрито.", "uk", "зерновий маршрут закрито", True),
    ("За словами Сергія Лаврова, зерновий маршрут закрито.", "uk", "зерновий маршрут закрито", True),
    (
        "Rusya Dışişleri Bakanı Sergey Lavrov, tahıl yolunun kapalı kalacağını söyledi.",
        "tr",
        "tahıl yolunun kapalı kalacağını",
        True,
    ),
    (
        "“Tahıl yolu uzun süre kapalı” diyen Sergey Lavrov salondan ayrıldı.",
        "tr",
        "“Tahıl yolu uzun süre kapalı”",
        True,
    ),
    (
        "Außenminister Sergej Lawrow sagte, dass die Getreideroute geschlossen bleibe.",
        "de",
        "die Getreideroute geschlossen bleibe",
        True,
    ),
    ("„Die Route bleibt geschlossen“, sagte Sergej Lawrow am Montag.", "de", "„Die Route bleibt geschlossen“", True),
    (
        "Sergueï Lavrov a déclaré que la route des céréales restait fermée.",
        "fr",
        "la route des céréales restait fermée",
        True,
    ),
    ("La route restera fermée longtemps, a affirmé Sergueï Lavrov.", "fr", "La route restera fermée longtemps", True),
    ("El ministro ruso de Exteriores, Sergey Lavrov, afirmó que la ruta sigue cerrada.", "es", "la ruta sigue", True),
    ("وقال وزير الخارجية الروسي إن الطريق مغلق لفترة طويلة", "ar", "الطريق مغلق لفترة طويلة", True),
    ("وقال وزير الخارجية المصري إن الطريق مغلق لفترة طويلة", "ar", "الطريق مغلق لفترة طويلة", False),
]


@pytest.mark.parametrize(("text", "lang", "part", "his"), SAID, ids=[f"{s[1]}-{n}" for n, s in enumerate(SAID)])
def test_content_and_speaker(text: str, lang: str, part: str, his: bool) -> None:
    found = said_in_body(text, lang)
    hit = next((s for s in found if part in s.text), None)
    assert hit is not None, [s.text for s in found]
    assert (hit.speaker_id == LAVROV) is his, hit.speaker


@pytest.mark.parametrize(
    ("title", "lang", "part"),
    [
        ("Lavrov: the grain route stays closed", "en", "the grain route stays closed"),
        ("The grain route stays closed, says Lavrov", "en", "The grain route stays closed"),
        ("Grain route stays closed this year — Lavrov", "en", "Grain route stays closed this year"),
        ("Лавров: зерновой маршрут закрыт надолго", "ru", "зерновой маршрут закрыт надолго"),
    ],
)
def test_headlines(title: str, lang: str, part: str) -> None:
    gazetteer = load_gazetteer()
    text = f"{title}\nNothing."
    found = find_statements(text, lang, find_entities(text, lang, gazetteer), knowledge=knowledge_of(gazetteer))
    assert [s.text for s in found if s.speaker_id == LAVROV] == [part]


def test_a_quotation_goes_on_in_the_next_paragraph() -> None:
    found = said_in_body("“The road is closed for long,” Lavrov said.\n“We told our partners so in spring.”", "en")
    assert [s.speaker_id for s in found] == [LAVROV, LAVROV]
    assert {s.kind for s in found} == {"direct"}


def test_a_german_sentence_in_the_subjunctive_is_still_his() -> None:
    found = said_in_body("Sergej Lawrow sagte, die Route sei zu. Eine Öffnung werde es nicht geben.", "de")
    assert [s.speaker_id for s in found] == [LAVROV, LAVROV]


def test_tails_of_a_page_say_nothing() -> None:
    found = said_in_body("Lavrov said the route stays closed.\nRelated Articles\nRubio said the route opens.", "en")
    assert [s.speaker_id for s in found] == [LAVROV]


def test_words_within_anothers_words_are_kept_beside_them() -> None:
    found = said_in_body("The mayor said that Lavrov had promised a bridge and that it never came.", "en")
    whole, within = found
    assert whole.text == "Lavrov had promised a bridge and that it never came"
    assert whole.speaker_id != LAVROV
    # Who reports them is the speaker; that Lavrov's words are reported is kept beside it.
    assert within.speaker_id == LAVROV
    assert whole.start <= within.start < within.end <= whole.end


def test_an_unknown_language_has_quotations_and_names() -> None:
    found = said_in_body("Szczegóły podano rano. „Droga zostaje zamknięta na długo” – podkreślał Lavrov.", None)
    assert [s.text for s in found] == ["„Droga zostaje zamknięta na długo”"]


def test_a_statement_is_direct_mixed_or_indirect_by_its_quotation_marks() -> None:
    direct, mixed, indirect = (
        said_in_body(t, "en")[0].kind
        for t in (
            'Lavrov said: "The route stays closed for a long while."',
            'Lavrov said that the route was "closed for long" and would stay so.',
            "Lavrov said that the route was closed.",
        )
    )
    assert (direct, mixed, indirect) == ("direct", "mixed", "indirect")
