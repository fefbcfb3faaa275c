"""Definite nouns that take up the sentence before and say whose it is (synthetic)."""

import pytest

from tests.builders import statements_of

LAVROV = "Q58217"
LEADS = {
    "en": "Lavrov in Kiel\nRussian Foreign Minister Sergei Lavrov came to Kiel on Tuesday.",
    "ru": "Лавров в Киле\nМинистр иностранных дел России Сергей Лавров прилетел в Киль во вторник.",
    "uk": "Лавров у Кілі\nМіністр закордонних справ Росії Сергій Лавров прилетів до Кіля у вівторок.",
    "de": "Lawrow in Kiel\nDer russische Außenminister Sergej Lawrow ist am Dienstag nach Kiel gekommen.",
    "fr": "Lavrov à Kiel\nLe ministre russe des Affaires étrangères Sergueï Lavrov est arrivé mardi à Kiel.",
    "es": "Lavrov en Kiel\nEl ministro ruso de Exteriores, Serguéi Lavrov, llegó el martes a Kiel.",
    "tr": "Lavrov Kiel'de\nRusya Dışişleri Bakanı Sergey Lavrov salı günü Kiel'e geldi.",
    "ar": "لافروف في كيل\nوصل وزير الخارجية الروسي سيرغي لافروف يوم الثلاثاء إلى كيل.",
}


def his(lang: str, text: str) -> list[str]:
    return [s.text for s in statements_of(f"{LEADS[lang]}\n{text}", lang) if s.speaker_id == LAVROV]


# What he said, and the sentence that tells whose it is.
GIVEN = [
    ("en", "Two trawlers stay in port", "The figure was given by Lavrov on Friday."),
    ("en", "The bridge opens on June 1", "Lavrov named the date in Kazan, in answer to a question."),
    ("en", "Moscow will send forty pilots", "The pledge came from Lavrov after talks in Riga."),
    ("en", "The ferries will sail this year", "So Lavrov assured his listeners, to applause."),
    ("ru", "Первый рейс состоится 1 июня", "Дату назвал в Казани министр Лавров, отвечая на вопрос."),
    ("ru", "Пошлину снимут осенью", "Срок обозначил Лавров на встрече с капитанами."),
    ("ru", "В порту остаются два траулера", "Цифру привёл во вторник Лавров."),
    ("uk", "Перший рейс відбудеться 1 червня", "Дату назвав у Казані міністр Лавров."),
    ("uk", "У порту лишаються два траулери", "Цифру навів у вівторок Лавров."),
    ("de", "Kiel und Tallinn wollen über die Fähren sprechen", "Das gab Lawrow am Samstag in Riga bekannt."),
    ("de", "Die Brücke öffnet am 1. Juni", "Den Termin nannte Lawrow in Kasan auf eine Frage hin."),
    ("de", "Die Brücke öffnet am 1. Juni", "Der Termin wurde von Lawrow in Kasan genannt."),
    ("fr", "La Russie livrera quarante pilotes", "L'engagement a été pris mardi par Lavrov à l'issue de la visite."),
    ("fr", "La taxe disparaîtra à l'automne", "Lavrov en a fait la promesse lundi à Riga."),
    ("es", "Rusia enviará cuarenta prácticos", "El compromiso lo asumió Lavrov el martes en Riga."),
    ("es", "Dos pesqueros seguirán en puerto", "La cifra la ofreció Lavrov ante unos estudiantes."),
    ("en", "Five ports will join", "The number comes from Lavrov."),
    ("de", "Fünf Häfen machen mit", "Die Zahl stammt von Lawrow."),
    ("de", "Die Sperre bleibt bis Ende Juni", "Das machte der Minister am Donnerstag in Riga deutlich."),
    ("fr", "Cinq ports participeront", "Le chiffre émane de Lavrov."),
    ("ru", "Рейсы возобновят в мае", "Сроки министр назвал сам."),
    ("ru", "Рейсы возобновят в мае", "Дата прозвучала из уст Лаврова."),
    ("uk", "Рейси відновлять у травні", "Дата пролунала з вуст Лаврова."),
    ("es", "La tasa se levantará en mayo", "Lo anunció Lavrov en Riga."),
    ("tr", "Vergi mayısta kalkacak", "Bunu Lavrov Riga'da duyurdu."),
    ("tr", "İlk sefer 1 Haziran'da yapılacak", "Tarihi Lavrov açıkladı."),
    ("tr", "Limanda iki tekne kalacak", "Bu rakamı Lavrov salı günü verdi."),
    ("ar", "ستنطلق الرحلة الأولى في 1 يونيو", "وقد حدد الموعد لافروف في قازان."),
    ("ar", "سترسل موسكو أربعين مرشدا", "وجاء هذا التعهد على لسان لافروف بعد المحادثات."),
]


@pytest.mark.parametrize(("lang", "said", "whose"), GIVEN)
def test_what_was_given_stands_in_the_sentence_before(lang: str, said: str, whose: str) -> None:
    assert his(lang, f"{said}. {whose}") == [said]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "The council met on Monday. The date was set by Petersen."),
        ("en", "The harbour waited. The date given by Lavrov on Friday was wrong."),
        ("en", "Lavrov was asked about the levy. He made the same promise on Monday."),
        ("en", "He would not describe the plan. The figure was given by Lavrov on Friday."),
        ("en", "The pilots walked out. The deadline passed while Lavrov was in Riga."),
        ("en", "The ferry left early. So Lavrov took the train."),
        ("en", "The bridge opens on June 1, the mayor said. The date was confirmed by Lavrov."),
        ("ru", "Паром отменили. Условие выполнил и Лавров."),
        ("ru", "Порт ждал. Условие Лавров поставил давно, и никто его не выполнил."),
        ("ru", "Порт ждал. Дату визита назвал Лавров."),
        ("de", "Petersen vertagte den Rat. Das gab Lawrow Zeit für einen Spaziergang."),
        ("fr", "Le port attendait. L'engagement pris lundi par Lavrov sera tenu."),
        ("es", "El puerto esperaba. El compromiso asumido por Lavrov en Riga era otro."),
    ],
)
def test_a_noun_of_another_thing_takes_up_nothing(lang: str, text: str) -> None:
    assert his(lang, text) == []
