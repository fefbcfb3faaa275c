"""Impersonal reports with an institution in front, in articles about somebody else (synthetic)."""

import pytest

from tests.builders import statements_of

LAVROV = "Q58217"
ABOUT_HIM = {
    "en": "Lavrov in Ankara\nSergey Lavrov spoke in Ankara. Lavrov said the ferries were ready.",
    "ru": "Лавров в Анкаре\nСергей Лавров выступил в Анкаре. Лавров заявил, что паромы готовы.",
    "uk": "Лавров в Анкарі\nСергій Лавров виступив в Анкарі. Лавров заявив, що пороми готові.",
    "de": "Lawrow in Ankara\nSergej Lawrow sprach in Ankara. Lawrow sagte, die Fähren seien bereit.",
    "fr": "Lavrov à Ankara\nSergueï Lavrov a parlé à Ankara. Lavrov a affirmé que les ferries étaient prêts.",
    "es": "Lavrov en Ankara\nSerguéi Lavrov habló en Ankara. Lavrov afirmó que los barcos están listos.",
    "tr": "Lavrov Ankara'da\nSergey Lavrov, Ankara'da konuştu. Lavrov, feribotların kalkacağını söyledi.",
    "pl": "Ławrow w Ankarze\nSiergiej Ławrow przemawiał w Ankarze. Ławrow powiedział, że promy są gotowe.",
}
ISSUED = [
    ("en", "In a statement from the Pentagon it was stressed that the port was shut.", "Pentagon"),
    ("en", "In Kyiv it was stressed that the port was shut.", "Kyiv"),
    ("ru", "В сообщении Пентагона отмечается, что порт закрыт.", "Пентагона"),
    ("ru", "В ЕС отмечено, что порт закрыт.", "ЕС"),
    ("uk", "У повідомленні Пентагону зазначається, що порт закритий.", "Пентагону"),
    ("de", "In einer Mitteilung des ukrainischen Außenministeriums hieß es, der Hafen sei zu.",
     "ukrainischen Außenministeriums"),
    ("de", "Aus dem Weißen Haus hieß es, der Hafen sei zu.", "Weißen Haus"),
    ("de", "Aus dem Außenministerium in Kiew hieß es, der Hafen sei zu.", "Außenministerium in Kiew"),
    ("de", "In Kiew wurde betont, dass der Hafen zu sei.", "Kiew"),
    ("fr", "Dans un communiqué du Pentagone, il a été souligné que le port est fermé.", "Pentagone"),
    ("es", "Desde Kiev subrayaron que el puerto está cerrado.", "Kiev"),
    ("es", "En la Casa Blanca dijeron que el puerto está cerrado.", "Casa Blanca"),
    ("es", "En un comunicado del Pentágono se subrayó que el puerto está cerrado.", "Pentágono"),
    ("tr", "Ukrayna Dışişleri Bakanlığından yapılan açıklamada limanın kapandığı belirtildi.",
     "Ukrayna Dışişleri Bakanlığından"),
    ("tr", "Kremlin'den yapılan yazılı açıklamada limanın kapandığı belirtildi.", "Kremlin'den"),
    ("tr", "Rusya Savunma Bakanlığının açıklamasında limanın kapandığı kaydedildi.", "Rusya Savunma Bakanlığının"),
    ("pl", "W Kijowie podkreślili, że port jest zamknięty.", "Kijowie"),
]  # fmt: skip


@pytest.mark.parametrize(("lang", "sentence", "source"), ISSUED)
def test_an_impersonal_report_is_the_institutions_that_stands_in_front(lang: str, sentence: str, source: str) -> None:
    text = f"{ABOUT_HIM[lang]} {sentence}"
    found = [s for s in statements_of(text, lang) if s.start > text.index(sentence)]
    assert [text[s.source.start : s.source.end] for s in found if s.source is not None] == [source]
    assert [s for s in found if s.speaker_id == LAVROV] == []


HIS = [
    ("en", "At the talks in Ankara it was stressed that the port was open."),
    ("ru", "В беседе отмечено, что порт открыт."),
    ("de", "Es wurde betont, dass der Hafen offen sei."),
    ("es", "En Ankara dijo que el puerto está abierto."),
    ("tr", "Lavrov'un açıklamasında limanın açıldığı belirtildi."),
]


@pytest.mark.parametrize(("lang", "sentence"), HIS)
def test_one_without_an_institution_is_whom_the_article_is_about(lang: str, sentence: str) -> None:
    text = f"{ABOUT_HIM[lang]} {sentence}"
    assert [s.speaker_id for s in statements_of(text, lang) if s.start > text.index(sentence)] == [LAVROV]


ITS = [
    ('Hamas said it would respond. "We are ready," it added.', "We are ready", "Hamas"),
    ("The IAEA said the plant had lost power. It said the cause was unknown.", "the cause was unknown", "IAEA"),
    ("The IAEA said the plant had lost power.\nIt added that pilots were told.", "pilots were told", "IAEA"),
    ("NATO met on Monday. It said the ferries would sail.", "the ferries would sail", "NATO"),
    (
        'The Foreign Ministry in Beijing called for restraint. "The ferries must sail," it said.',
        "The ferries must sail",
        "The Foreign Ministry",
    ),
    ('Marco Rubio praised the ferries. "They are ready," it said.', "They are ready", None),
]


@pytest.mark.parametrize(("text", "part", "speaker"), ITS)
def test_it_is_the_institution_that_spoke_or_was_spoken_of_last(text: str, part: str, speaker: str | None) -> None:
    assert [s.speaker for s in statements_of(f"News of the day\n{text}", "en") if part in s.text] == [speaker]


def test_what_it_was_announced_is_nobodys() -> None:
    text = "News of the day\nNATO said the quay was full. It was announced that the ferries would sail."
    assert not any("sail" in s.text for s in statements_of(text, "en"))


def test_what_it_will_do_by_its_own_words_is_no_statement_of_another() -> None:
    text = "Lavrov in Ankara\nSergey Lavrov spoke. Washington says it will reply when it is ready."
    assert [s.speaker_id for s in statements_of(text, "en") if "ready" in s.text] == ["Q61"]
