"""Who speaks where somebody else is named between him and his verb, and what of the sentence is reported (synthetic).

``[…]`` is a source and ``{…}`` what is told: nothing else of the sentence is, and nobody else tells it.
"""

import re

import pytest

from tests.builders import statements_of

TITLES = {
    "en": "News of the day", "ru": "Новости дня", "uk": "Новини дня", "de": "Nachrichten", "fr": "Les nouvelles",
    "es": "Las noticias", "tr": "Günün haberleri", "ar": "أخبار اليوم", "pl": "Wiadomości",
}  # fmt: skip
_MARKS = '„“”"«» '


def check(lang: str, marked: str) -> None:
    """Whether exactly what is marked is found."""
    text = f"{TITLES[lang]}\n{re.sub(r'[][{}]', '', marked)}"
    found = statements_of(text, lang)
    contents = re.findall(r"{(.*?)}", re.sub(r"[][]", "", marked))
    assert sorted(s.text.strip(_MARKS) for s in found) == sorted(content.strip(_MARKS) for content in contents)
    sources = {text[s.source.start : s.source.end] for s in found if s.source is not None}
    assert sources == set(re.findall(r"\[(.*?)\]", marked))


ASIDES = [
    ("en", "[Sybiha], commenting on Lavrov's remarks, said that {the ferries would sail}."),
    ("en", "[Lavrov], citing Trump's words, said {the ferries would not sail}."),
    ("en", "[Peskov], asked about Trump's remarks, said {the harbour had heard them}."),
    ("en", "[Rubio], when asked about Lavrov's plan, replied that {he had not read it}."),
    ("en", "[Analyst John Smith], discussing Lavrov's speech at the UN, said that {the ferries would be late}."),
    ("en", "[Lavrov], warning that {the ferries would stop}, said {the pilots had a week left}."),
    ("en", "The [Kremlin], commenting on Rubio's remarks, said {the ferries would sail}."),
    ("en", "{The ferries, carrying Lavrov's letters, said [Rubio], would be late}."),
    ("ru", "[Канцлер Германии Фридрих Мерц], отвечая на вопрос о заявлении Лаврова, сказал, что {паромы пойдут}."),
    ("ru", "[МИД Украины], комментируя заявление Лаврова, сообщил, что {паромы стоят}."),
    ("ru", "[Ушаков], комментируя заявление Трампа, отметил, что {паромы стоят}."),
    ("ru", "[Захарова], отвечая на вопрос о словах Рубио, заявила, что {паромы пойдут весной}."),
    ("ru", "[Лавров], напомнив, что {паромы стоят с марта}, заявил, что {весной они пойдут}."),
    ("uk", "[Туск], відповідаючи на запитання про слова Лаврова, сказав, що {пороми не підуть}."),
    ("de", "[Lawrow], gefragt nach Trumps Äußerung, sagte, dass {die Fähren warten}."),
    ("fr", "[Sybiha], réagissant aux propos de Lavrov, a affirmé que {les ferries attendraient}."),
    ("es", "[Lavrov], preguntado por las palabras de Trump, afirmó que {los barcos esperarán}."),
    ("es", "[Sybiha], comentando las palabras de Lavrov, dijo que {los barcos esperarán}."),
    ("tr", "[Sıbiha], Lavrov'un feribotlara ilişkin açıklamasını değerlendirerek {limanın dolduğunu} belirtti."),
    ("ar", "وقال [سيبيها تعليقا] على تصريحات لافروف إن {العبارات ستتأخر}."),
    ("ar", "وأكد [سيبيها] في تعليقه على تصريحات لافروف أن {العبارات ستتأخر}."),
    ("pl", "[Tusk], odpowiadając na pytanie o słowa Ławrowa, powiedział, że {promy nie popłyną}."),
]


@pytest.mark.parametrize(("lang", "marked"), ASIDES)
def test_nobody_in_an_aside_is_the_subject_of_the_verb_behind_it(lang: str, marked: str) -> None:
    check(lang, marked)


OCCASIONS = [
    ("de", "[Lawrow] sagte mit Blick auf Trumps Äußerung zu Grönland, dass {Moskau die Fähren brauche}."),
    ("de", "[Lawrow] erklärte nach Rubios Ankündigung, dass {die Fähren warten}."),
    ("de", "[Lawrow] erklärte nach Rubios Ankündigung, {die Fähren seien voll}."),
    ("en", "[Rubio] said after Lavrov's announcement that {the quay was full}."),
    ("fr", "[Rubio] a déclaré après l'annonce de Lavrov que {les ferries étaient pleins}."),
    ("ru", "[Рубио] сообщил после заявления Лаврова, что {паромы стоят}."),
]


@pytest.mark.parametrize(("lang", "marked"), OCCASIONS)
def test_what_is_said_on_the_occasion_of_words_is_no_part_of_them(lang: str, marked: str) -> None:
    check(lang, marked)


def test_a_claim_that_is_rejected_ends_before_its_complementizer() -> None:
    text = "Nachrichten\nRubio wies Lawrows Behauptung zurück, dass der Hafen geschlossen sei."
    assert not any(s.text.endswith("dass") for s in statements_of(text, "de"))


ANSWERS = [
    ("en", 'Asked whether the ferries would sail, [Peskov] said, {"No."}'),
    ("en", 'When asked if he would resign, [Orban] answered {"never"}.'),
    ("en", 'Asked about the ferries, [Peskov] said, {"We have nothing to add here."}'),
    ("de", "Gefragt, ob die Fähren fahren, sagte [Lawrow], {„Fragt den Hafenmeister.“}"),
    ("es", 'Preguntado si los barcos zarparán, [Lavrov] respondió {"nunca"}.'),
    ("ru", "На вопрос, пойдут ли паромы, [Песков] ответил: {«Нет»}."),
    ("ru", "Отвечая на вопрос, пойдут ли паромы, [Песков] сказал {«никогда»}."),
    ("uk", "На запитання, чи підуть пороми, [Пєсков] відповів: {«Ні»}."),
    ("tr", '[Trump], sosyal medya hesabından yaptığı paylaşımda {"Geliyoruz"} dedi.'),
    ("tr", "[Trump], sosyal medya hesabından yaptığı paylaşımda {feribotların yarın kalkacağını} söyledi."),
]


@pytest.mark.parametrize(("lang", "marked"), ANSWERS)
def test_a_question_that_is_told_of_is_no_part_of_the_answer(lang: str, marked: str) -> None:
    check(lang, marked)
