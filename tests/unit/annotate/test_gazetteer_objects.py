"""Weapons, gas routes and agreements in texts of all languages. All sentences are synthetic."""

import pytest

from processors.annotate.entities import find_entities, load_gazetteer


def things(text: str, lang: str, kind: str) -> list[str]:
    return [e.text for e in find_entities(text, lang, load_gazetteer()) if e.type == kind]


@pytest.mark.parametrize(
    ("lang", "text", "name"),
    [
        ("en", "Repairs to Nord Stream 2 would take a year.", "Nord Stream 2"),
        ("en", "TurkStream's pumps stood still.", "TurkStream"),
        ("en", "Two Patriot batteries were promised.", "Patriot batteries"),
        ("en", "They want Patriot missiles. A Patriot costs a fortune.", "Patriot"),
        ("en", "An S-400 was shown.", "S-400"),
        ("en", "HIMARS, ATACMS and F-16s came late.", "F-16s"),
        ("ru", "Взрыв на «Северном потоке» расследуют.", "Северном потоке"),
        ("ru", "Прокачка по «Турецкому потоку» выросла.", "Турецкому потоку"),
        ("ru", "Газ пойдёт по «Силе Сибири — 2».", "Силе Сибири — 2"),
        ("ru", "Труба «Ямал — Европа» пуста.", "Ямал — Европа"),
        ("ru", "По нефтепроводу «Дружба» нефть не идёт.", "Дружба"),
        ("ru", "Применение «Орешника» обсудили. Орешник ещё не поставлен.", "Орешник"),
        ("ru", "Поставки С-400 продолжатся.", "С-400"),
        ("ru", "Ракеты «Томагавк» и Storm Shadow не передадут.", "Storm Shadow"),
        ("ru", "Дивизионы «Искандеров» вернулись.", "Искандеров"),
        ("uk", "Україна просить Patriot і Taurus.", "Taurus"),
        ("uk", "Удар «Кинджалом» відбили.", "Кинджалом"),
        ("tr", "Kuzey Akım'ın onarımı sürüyor.", "Kuzey Akım"),
        ("tr", "F-16'lar teslim edilmedi.", "F-16"),
        ("de", "Die Lieferung von Taurus bleibt offen.", "Taurus"),
        ("de", "Die Oreschnik flog vorbei.", "Oreschnik"),
        ("fr", "Les Patriot sont arrivés.", "Patriot"),
        ("fr", "Le gazoduc Nord Stream est vide.", "Nord Stream"),
        ("pl", "Rozmowy o Nord Stream trwają.", "Nord Stream"),
        ("cs", "Střela Kinžal nedoletěla.", "Kinžal"),
        ("bg", "По „Турски поток“ тече газ.", "Турски поток"),
        ("ar", "توقف ضخ الغاز عبر السيل الشمالي أمس.", "السيل الشمالي"),
        ("es", "Los Tomahawk no llegarán.", "Tomahawk"),
    ],
)
def test_weapons_and_gas_routes(lang: str, text: str, name: str) -> None:
    assert name in things(text, lang, "MISC")


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "A Patriot reads the paper."),
        ("en", "The Taurus in her driveway is green."),
        ("en", "A shed, S 400 by the number on its door, is for sale."),
        ("ru", "С 400 рублями в кармане он ушёл."),
        ("ru", "Орешник растёт у забора."),
        ("ru", "Кинжал лежал на столе."),
        ("ru", "Фазиль Искандер читал рассказ."),
        ("ru", "Дружба народов крепнет."),
        ("tr", "İskender bugün geldi."),
        ("es", "El patriota habló."),
    ],
)
def test_words_that_are_none(lang: str, text: str) -> None:
    assert things(text, lang, "MISC") == []


@pytest.mark.parametrize(
    ("lang", "text", "name"),
    [
        ("en", "Washington left the INF Treaty.", "INF Treaty"),
        ("en", "He quoted the Helsinki Final Act.", "Helsinki Final Act"),
        ("en", "The Black Sea Grain Initiative lapsed.", "Black Sea Grain Initiative"),
        ("ru", "Выход из ДРСМД обсудили.", "ДРСМД"),
        ("ru", "Он вспомнил о Хельсинкском заключительном акте.", "Хельсинкском заключительном акте"),
        ("ru", "Участие в Договоре по открытому небу прекращено.", "Договоре по открытому небу"),
        ("ru", "Судьба черноморской зерновой инициативы неясна.", "черноморской зерновой инициативы"),
        ("ru", "Россия вышла из ДОВСЕ.", "ДОВСЕ"),
        ("uk", "Чорноморську зернову ініціативу зупинено.", "Чорноморську зернову ініціативу"),
        ("tr", "Karadeniz Tahıl Girişimi bitti.", "Karadeniz Tahıl Girişimi"),
        ("de", "Die Schlussakte von Helsinki gilt.", "Schlussakte von Helsinki"),
        ("fr", "L'Acte final d'Helsinki reste en vigueur.", "Acte final d'Helsinki"),
        ("es", "Los acuerdos de Minsk fracasaron.", "acuerdos de Minsk"),
        ("ar", "انتهت اتفاقات مينسك.", "اتفاقات مينسك"),
        ("pl", "Traktat INF wygasł.", "Traktat INF"),
        ("bg", "Минските споразумения не се спазват.", "Минските споразумения"),
    ],
)
def test_agreements(lang: str, text: str, name: str) -> None:
    assert things(text, lang, "AGR") == [name]
    assert [e for e in find_entities(text, lang, load_gazetteer()) if e.type == "LOC"] == []
