"""What a ministry tells of its minister's talks, whom "the Russian minister" means, and whose words "in his words" are
(synthetic)."""

import datetime

import pytest

from processors.annotate.entities import find_entities, load_gazetteer
from processors.annotate.knowledge import knowledge_of
from processors.annotate.statements import find_statements

LAVROV = "Q58217"
PUBLISHED = datetime.datetime(2026, 5, 20, 12, tzinfo=datetime.UTC)


def holds(text: str, lang: str, part: str) -> bool:
    """Whether ``part`` stands in a statement of his."""
    gazetteer = load_gazetteer()
    entities = find_entities(text, lang, gazetteer)
    found = find_statements(text, lang, entities, PUBLISHED, knowledge=knowledge_of(gazetteer))
    return any(part in s.text for s in found if s.speaker_id == LAVROV)


CALL = {
    "en": "A call about ferries\nSergei Lavrov and Marco Rubio spoke by phone.",
    "ru": "Разговор о паромах\nСергей Лавров и Марко Рубио поговорили по телефону.",
    "de": "Telefonat über Fähren\nSergej Lawrow und Marco Rubio haben telefoniert.",
    "es": "Llamada sobre los barcos\nSerguéi Lavrov y Marco Rubio hablaron por teléfono.",
    "tr": "Feribot görüşmesi\nSergey Lavrov ile Marco Rubio telefonda görüştü.",
}
# language, what follows, a part of the content, whether it is his
ACCOUNTS = [
    ("en", "Ferries would sail again in June, Russia's foreign ministry said.", "Ferries would sail", True),
    ("en", "Russia's foreign ministry said talks went well. The ministry said ferries would sail.", "ferries", True),
    ("en", "Russia's foreign ministry said so. According to the ministry's account, ferries sail.", "ferries", True),
    ("ru", "Паромы пойдут снова в июне, говорится в сообщении МИД России.", "Паромы пойдут", True),
    ("de", "Die Fähren sollten bald fahren, teilte das russische Außenministerium mit.", "Fähren sollten", True),
    ("es", "El Ministerio de Exteriores ruso informó de que los barcos volverán.", "los barcos volverán", True),
    ("tr", "Rusya Dışişleri Bakanlığı, feribotların haziranda döneceğini bildirdi.", "feribotların", True),
    # What it tells of himself is the ministry's account.
    ("en", "Lavrov had called from a ferry, Russia's foreign ministry said.", "from a ferry", False),
    # Another country's, another ministry, and "the ministry" behind that.
    ("en", "A spokesman for Japan's foreign ministry said that the port was full.", "the port was full", False),
    ("en", "Russia's energy ministry said prices fall. The ministry said tanks leak.",
     "tanks leak", False),
    ("ru", "Министерство транспорта России сообщило, что паромы пойдут снова.", "паромы пойдут", False),
]  # fmt: skip


@pytest.mark.parametrize(("lang", "behind", "part", "his"), ACCOUNTS)
def test_a_foreign_ministry_tells_its_ministers_position(lang: str, behind: str, part: str, his: bool) -> None:
    assert holds(f"{CALL[lang]} {behind}", lang, part) is his


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
    "text",
    ["Паромы пойдут снова, отметили в МИД РФ.", "МИД РФ ответил. «Паромы пойдут снова», — сказали в министерстве."],
)
def test_the_institution_in_which_it_was_said(text: str) -> None:
    assert holds(f"{CALL['ru']} {text}", "ru", "Паромы пойдут снова")


LECTURE = {
    "ru": "Сергей Лавров о паромах\nСергей Лавров вернулся в Москву. Лавров летал через Рим.",
    "es": "Lavrov y los barcos\nSerguéi Lavrov llegó a Quito. Lavrov viajó en barco.",
    "en": "Lavrov on ferries\nSergei Lavrov came to Quito. Lavrov travelled by boat.",
}


@pytest.mark.parametrize(
    ("lang", "text", "part", "his"),
    [
        ("ru", "О Рубио было коротко: Рубио, мол, паромов не видел.", "паромов не видел", True),
        ("ru", "Марко Рубио был осторожнее: договор, по его словам, не готов.", "не готов", False),
        ("ru", "Студенты ждали. «Паромы пойдут снова», — ответил лектор.", "Паромы пойдут снова", True),
        ("es", "El titular afirmó que los barcos volverán.", "los barcos volverán", True),
        ("en", "Ferries would sail again, the head of the ministry said.", "Ferries would sail", True),
    ],
)
def test_whom_an_article_is_about(lang: str, text: str, part: str, his: bool) -> None:
    assert holds(f"{LECTURE[lang]} {text}", lang, part) is his
