"""Whom "the Russian minister" means, and whose words "in his words" are (synthetic)."""

import pytest

from tests.builders import statements_of

LAVROV = "Q58217"


def holds(text: str, lang: str, part: str) -> bool:
    """Whether ``part`` stands in a statement of his."""
    return any(part in s.text for s in statements_of(text, lang) if s.speaker_id == LAVROV)


@pytest.mark.parametrize(("title", "his"), [("У МЗС відповіли", True), ("У порту відповіли", False)])
def test_the_minister_of_an_article_that_names_a_foreign_ministry(title: str, his: bool) -> None:
    text = "Петро Гай назвав вигадкою слова російського міністра про те, що пороми стоять через бурю."
    assert holds(f"{title}\n{text}", "uk", "пороми стоять через бурю") is his


def test_a_colleague_in_the_dative() -> None:
    text = "Міністр закордонних справ України Андрій Сибіга відповів російському колезі, який заявив, що пороми стоять."
    assert holds(f"Відповідь про пороми\n{text}", "uk", "пороми стоять")


def test_the_latter_within_what_somebody_comments_on() -> None:
    text = "Речник МЗС Петро Гай прокоментував статтю російського міністра, в якій той оголосив, що пороми стоять."
    assert holds(f"Відповідь про пороми\n{text}", "uk", "пороми стоять")


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("Паромы пойдут снова, отметили в МИД РФ.", "МИД РФ"),
        ("МИД РФ ответил. «Паромы пойдут снова», — сказали в министерстве.", "министерстве"),
    ],
)
def test_the_institution_in_which_it_was_said(text: str, where: str) -> None:
    text = f"Разговор о паромах\nСергей Лавров и Марко Рубио поговорили по телефону. {text}"
    (told,) = (s for s in statements_of(text, "ru") if "Паромы пойдут снова" in s.text)
    assert told.source is not None
    assert text[told.source.start : told.source.end] == where
    assert told.speaker_id != LAVROV


LECTURE = {
    "ru": "Сергей Лавров о паромах\nСергей Лавров вернулся в Москву. Лавров летал через Рим.",
    "en": "Lavrov on ferries\nSergei Lavrov came to Quito. Lavrov travelled by boat.",
}


@pytest.mark.parametrize(
    ("lang", "text", "part", "his"),
    [
        ("ru", "О Рубио было коротко: Рубио, мол, паромов не видел.", "паромов не видел", True),
        ("ru", "Марко Рубио был осторожнее: договор, по его словам, не готов.", "не готов", False),
        ("ru", "Студенты ждали. «Паромы пойдут снова», — ответил лектор.", "Паромы пойдут снова", True),
        ("en", "Ferries would sail again, the head of the ministry said.", "Ferries would sail", True),
    ],
)
def test_whom_an_article_is_about(lang: str, text: str, part: str, his: bool) -> None:
    assert holds(f"{LECTURE[lang]} {text}", lang, part) is his


# Arabic, speaker's id or label
SPOKEN_FOR = [
    ("وقال المتحدث باسم الكرملين دميتري بيسكوف إن المفاوضات فشلت.", "Q4359688"),
    ("وقال المتحدث باسم البيت الأبيض إن المفاوضات فشلت.", "المتحدث باسم البيت الأبيض"),
    ("وأعلن الناطق باسم الجيش الإسرائيلي أن الميناء أغلق.", "الناطق باسم الجيش الإسرائيلي"),
    ("قال المتحدث باسم وزارة الخارجية الإيرانية كريم نوري إن المفاوضات فشلت.", "كريم نوري"),
    ("«المفاوضات فشلت»، قال المتحدث باسم الكرملين للصحفيين.", "المتحدث باسم الكرملين"),
    ("المفاوضات فشلت، بحسب وزارة الخارجية الروسية.", "وزارة الخارجية الروسية"),
]


@pytest.mark.parametrize(("text", "speaker"), SPOKEN_FOR)
def test_whom_an_arabic_spokesman_speaks_for(text: str, speaker: str) -> None:
    found = statements_of(f"عنوان اليوم\n{text}", "ar")
    assert [s.speaker_id or s.speaker for s in found] == [speaker]


RUTTE, GUTERRES, MERZ = "Q57792", "Q311440", "Q566257"
OFFICES = [
    ("en", "The NATO secretary general said the port was shut.", RUTTE),
    ("en", "The secretary general of the United Nations said the port was shut.", GUTERRES),
    ("en", "The party's secretary general said the port was shut.", None),
    ("ru", "Генсек ООН заявил, что порт закрыт.", GUTERRES),
    ("ru", "Канцлер ФРГ заявил, что порт закрыт.", MERZ),
    ("uk", "Генсек НАТО заявив, що порт закрито.", RUTTE),
    ("de", "Der Nato-Generalsekretär sagte, der Hafen sei zu.", RUTTE),
    ("fr", "Le secrétaire général de l'Otan a déclaré que le port était fermé.", RUTTE),
    ("es", "El secretario general de la ONU dijo que el puerto estaba cerrado.", GUTERRES),
    ("pl", "Sekretarz generalny NATO oświadczył, że port jest zamknięty.", RUTTE),
    ("tr", "NATO Genel Sekreteri limanın kapalı olduğunu söyledi.", RUTTE),
    ("ar", "قال الأمين العام للأمم المتحدة إن الميناء أغلق.", GUTERRES),
]


@pytest.mark.parametrize(("lang", "text", "holder"), OFFICES)
def test_who_holds_an_office_of_an_organisation(lang: str, text: str, holder: str | None) -> None:
    assert [s.speaker_id for s in statements_of(f"Title of the day\n{text}", lang)] == [holder]
