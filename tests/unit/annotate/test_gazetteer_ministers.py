"""Ministers, negotiators and others whose ids were verified last: linked in all languages, in their case forms, and
holders of their offices while they held them. All sentences are synthetic.
"""

import datetime

import pytest

from processors.annotate.entities import find_entities, load_gazetteer
from processors.annotate.knowledge import knowledge_of


@pytest.mark.parametrize(
    ("lang", "text", "qid"),
    [
        ("en", "Italy's Antonio Tajani boarded the ferry.", "Q440710"),
        ("ru", "Встреча с Радославом Сикорским прошла утром.", "Q58085"),
        ("uk", "Слова Радослава Сікорського почули.", "Q58085"),
        ("pl", "Rozmowa z Radosławem Sikorskim trwała godzinę.", "Q58085"),
        ("cs", "Setkání s Radosławem Sikorským skončilo.", "Q58085"),
        ("bg", "Радослав Сикорски отпътува.", "Q58085"),
        ("tr", "Toşimitsu Motegi'nin açıklaması", "Q1655453"),
        ("ru", "По словам Тосимицу Мотэги, паром отплыл.", "Q1655453"),
        ("en", "Foreign Secretary Yvette Cooper spoke, and Cooper left.", "Q291057"),
        ("ru", "Иветт Купер ответила.", "Q291057"),
        ("de", "Jean-Noël Barrot reiste ab.", "Q30339198"),
        ("fr", "Jean-Noël Barrot est arrivé.", "Q30339198"),
        ("ru", "Беседа с Питом Хегсетом была короткой.", "Q7172014"),
        ("en", "Keith Kellogg waited.", "Q27916194"),
        ("ru", "Джареду Кушнеру задали вопрос.", "Q13628723"),
        ("ar", "وقال جاريد كوشنر إن العبارة أبحرت.", "Q13628723"),
        ("es", "Jared Kushner llegó tarde.", "Q13628723"),
        ("en", "Karoline Leavitt said that the ferry would sail.", "Q100146113"),
        ("uk", "Керолайн Левітт заявила про це.", "Q100146113"),
        ("en", "David Lammy sailed.", "Q534727"),
        ("ru", "Моджтаба Хаменеи не ответил.", "Q2919350"),
        ("de", "Ali Chamenei schwieg.", "Q57336"),
        ("fr", "Nigel Farage a ri.", "Q318471"),
        ("ru", "Джереми Корбина спросили.", "Q291169"),
        ("ru", "Представитель Хезболлы ответил.", "Q41053"),
        ("ar", "أعلن حزب الله موقفه.", "Q41053"),
        ("en", "The IRGC denied it.", "Q271110"),
        ("ru", "В КСИР это отрицают.", "Q271110"),
        ("ru", "Движение в Ормузском проливе замедлилось.", "Q79883"),
        ("de", "Die Straße von Hormus ist offen.", "Q79883"),
        ("tr", "Hürmüz Boğazı'ndan geçti.", "Q79883"),
        ("fr", "Le détroit d'Ormuz reste ouvert.", "Q79883"),
    ],
)
def test_they_are_linked(lang: str, text: str, qid: str) -> None:
    assert {e.id for e in find_entities(text, lang, load_gazetteer())} - {"Q38"} == {qid}


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Cooper and Kellogg sell cereal."),
        ("en", "The writer Ann Leavitt read from her book. Leavitt signed it."),
        ("ru", "Вертолёт «Сикорский» сел на палубу."),
        ("ru", "Купер и Кушнер играют в шахматы."),
        ("en", "Khamenei did not answer."),
    ],
)
def test_their_surnames_alone_are_nobody(lang: str, text: str) -> None:
    assert [e for e in find_entities(text, lang, load_gazetteer()) if e.id is not None] == []


@pytest.mark.parametrize(
    ("place", "day", "holder"),
    [
        ("Q38", (2026, 3), "Q440710"),
        ("Q36", (2010, 3), "Q58085"),
        ("Q36", (2026, 3), "Q58085"),
        ("Q17", (2020, 3), "Q1655453"),
        ("Q17", (2026, 3), "Q1655453"),
        ("Q145", (2025, 3), "Q534727"),
        ("Q145", (2026, 3), "Q291057"),
        ("Q145", (2026, 9), "Q216594"),
        ("Q145", None, "Q216594"),
        ("Q142", (2026, 3), "Q30339198"),
    ],
)
def test_they_hold_the_office_of_foreign_minister(place: str, day: tuple[int, int] | None, holder: str) -> None:
    date = datetime.date(*day, 1) if day is not None else None
    assert knowledge_of(load_gazetteer()).holder("foreign_minister", place, date) == holder
