"""What tells one occasion from another beyond its own words; synthetic sentences of our own writing."""

import pytest

from processors.annotate.core import annotate
from processors.annotate.entities import load_gazetteer
from schemas import Setting
from tests.builders import WEDNESDAY, clean_article

LAVROV = "Q58217"
TURKEY = "Q43"


def settings_of(text: str, lang: str, title: str = "News") -> list[Setting]:
    """Of his statements in the body, in order."""
    article = clean_article(title, text, at=WEDNESDAY, lang=lang)
    found = annotate(article, gazetteer=load_gazetteer()).statements
    return [s.setting or Setting() for s in found if s.speaker_id == LAVROV and s.start > len(title)]


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("At a press conference with Hakan Fidan, Sergei Lavrov said that the ferry will sail.", "en"),
        ("На пресс-конференции с Хаканом Фиданом Сергей Лавров заявил, что паром пойдёт.", "ru"),
    ],
)
def test_who_has_no_id_is_one_counterpart_in_all_languages_and_stands_for_his_country(text: str, lang: str) -> None:
    assert set(settings_of(text, lang)[0].counterparts) == {"Hakan Fidan", TURKEY}


def test_nobody_speaks_in_two_places_at_once() -> None:
    (found,) = settings_of(
        "Sergei Lavrov had a message that was read with care in Warsaw and Vilnius: the missiles, he said, will come.",
        "en",
    )
    assert found.place is None
    (found,) = settings_of("Sergei Lavrov said in Minsk that the missiles will come.", "en")
    assert found.place == "Q2280"


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Глава МИД РФ Сергей Лавров сказал журналистам, что дорога закрыта.", "ru"),
        ("Sergey Lavrov, Rus gazetecilere yolun kapalı olduğunu söyledi.", "tr"),
    ],
)
def test_journalists_are_no_medium(text: str, lang: str) -> None:
    assert settings_of(text, lang)[0].medium is None


@pytest.mark.parametrize(
    ("text", "lang", "kind"),
    [
        ("The road, Sergei Lavrov writes, is shut.", "en", "article"),
        ("«Дорога закрыта», — пишет Сергей Лавров.", "ru", "article"),
        ("The road is shut, Sergei Lavrov said.", "en", None),
    ],
)
def test_who_is_cited_for_writing_has_written_an_article(text: str, lang: str, kind: str | None) -> None:
    assert settings_of(text, lang)[0].occasion == kind


_ANSWERS = (
    "Question: Is the road shut?\n\nSergei Lavrov: It has been shut since the flood.\n\n"
    "Question: When will it open?\n\nSergei Lavrov: When the bridge stands again."
)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ("We met the minister at his office.", "interview"),
        ("Sergei Lavrov's answers at a press conference.", "press_conference"),
        ("Sergei Lavrov's answers after talks with his counterpart.", None),
    ],
)
def test_questions_and_answers_are_an_interview_unless_their_head_tells_another_occasion(
    head: str, kind: str | None
) -> None:
    found = settings_of(f"{head}\n\n{_ANSWERS}", "en")
    assert len(found) == 2
    assert found[-1].occasion == kind


@pytest.mark.parametrize(
    ("text", "lang", "country"),
    [
        ("Sergei Lavrov said at talks with his South African counterpart that the road is shut.", "en", "Q258"),
        # The capital with a dot is longer in lower case; what stands behind it must be read all the same.
        ("İstanbul'da Ürdünlü mevkidaşıyla görüşen Sergey Lavrov, yolun kapalı olduğunu söyledi.", "tr", "Q810"),
    ],
)
def test_adjectives_of_two_words_and_behind_the_turkish_capital(text: str, lang: str, country: str) -> None:
    assert country in settings_of(text, lang)[0].counterparts
