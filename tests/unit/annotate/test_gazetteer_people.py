"""People in texts of six languages: who is found, and who must not be. All sentences are synthetic."""

import pytest

from processors.annotate.entities import find_entities, load_gazetteer

LAVROV, PUTIN, ZELENSKY, ERDOGAN, MEDVEDEV = "Q58217", "Q7747", "Q3874799", "Q39259", "Q23530"


def people(text: str, lang: str | None) -> list[tuple[str, str | None]]:
    return [(e.text, e.id) for e in find_entities(text, lang, load_gazetteer()) if e.type == "PER"]


def linked(text: str, lang: str | None) -> list[str]:
    return [qid for _, qid in people(text, lang) if qid is not None]


@pytest.mark.parametrize(
    ("lang", "text", "form"),
    [
        ("ru", "Лавров прибыл на встречу.", "Лавров"),
        ("ru", "Заявление Лаврова опубликовано.", "Лаврова"),
        ("ru", "Вопрос задали Лаврову.", "Лаврову"),
        ("ru", "Встреча с Лавровым прошла утром.", "Лавровым"),
        ("ru", "Речь шла о Лаврове.", "Лаврове"),
        ("ru", "Беседа с Сергеем Викторовичем Лавровым.", "Сергеем Викторовичем Лавровым"),
        ("ru", "ЛАВРОВ ОТВЕТИЛ НА ВОПРОСЫ", "ЛАВРОВ"),
        ("uk", "Міністр Лавров заявив про це.", "Лавров"),
        ("uk", "Зустріч із Лавровим відбулася.", "Лавровим"),
        ("uk", "Слова Сергія Лаврова цитують.", "Сергія Лаврова"),
        ("en", "Russia’s Lavrov’s visit was short.", "Lavrov"),
        ("en", "Foreign Minister Sergei Lavrov spoke.", "Sergei Lavrov"),
        ("en", "Foreign Minister Sergey V. Lavrov spoke.", "Lavrov"),
        ("en", "Foreign Minister Sergei Lavroff spoke.", "Sergei Lavroff"),
        ("en", "LAVROV MEETS PRESS", "LAVROV"),
        ("tr", "Lavrov'un açıklaması dikkat çekti.", "Lavrov"),
        ("tr", "Rusya Dışişleri Bakanı Sergey Lavrov’la görüştü.", "Sergey Lavrov"),
        ("de", "Die Reise Lawrows begann am Montag.", "Lawrows"),
        ("de", "Außenminister Sergej Lawrow sagte das.", "Sergej Lawrow"),
        ("fr", "Le chef de la diplomatie Sergueï Lavrov a répondu.", "Sergueï Lavrov"),
        ("fr", "M. Lavrov a répondu aux journalistes.", "Lavrov"),
        (None, "Lavrov", "Lavrov"),
    ],
)
def test_one_minister_in_all_forms(lang: str | None, text: str, form: str) -> None:
    assert (form, LAVROV) in people(text, lang)
    assert set(linked(text, lang)) == {LAVROV}


@pytest.mark.parametrize(
    ("lang", "text", "qid"),
    [
        ("ru", "Слова Зеленского услышали.", ZELENSKY),
        ("en", "Mr. Zelenskyy arrived.", ZELENSKY),
        ("en", "Mr. Zelens'kyi arrived.", ZELENSKY),
        ("en", "Volodymyr Zelensky arrived.", ZELENSKY),
        ("de", "Präsident Selenskyj kam an.", ZELENSKY),
        ("uk", "Президентові Зеленському передали листа.", ZELENSKY),
        ("tr", "Erdoğan'ın konuşması", ERDOGAN),
        ("en", "President Erdogan said so.", ERDOGAN),
        ("tr", "ERDOĞAN KONUŞTU", ERDOGAN),
        ("fr", "Vladimir Poutine a parlé.", PUTIN),
        ("de", "Wladimir Putins Reise", PUTIN),
        ("uk", "розмова з Путіним", PUTIN),
        ("ru", "Дмитрий Анатольевич Медведев выступил.", MEDVEDEV),
        ("ru", "Д.А. Медведев выступил.", MEDVEDEV),
        ("uk", "В'ячеслав Володін сказав це.", "Q982461"),
        ("ru", "Пресс-секретарь Дмитрий Песков уточнил это.", "Q4359688"),
        ("de", "Ursula von der Leyen reiste an.", "Q60772"),
    ],
)
def test_other_people(lang: str, text: str, qid: str) -> None:
    assert linked(text, lang) == [qid]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "The pianist Dmitry Lavrov played."),
        ("ru", "Пианист Иван Лавров играл."),
        ("ru", "Пианист И. И. Лавров играл."),
        ("uk", "Піаніст Іван Лавров грав."),
        ("de", "Der Pianist Dmitri Lawrow spielte."),
        ("fr", "Le pianiste Dmitri Lavrov a joué."),
        ("tr", "Piyanist Dmitri Lavrov çaldı."),
        ("en", "The Trump Tower stands in New York."),
        ("en", "lavrov in lower case is no name"),
    ],
)
def test_strangers_are_not_linked(lang: str, text: str) -> None:
    assert linked(text, lang) == []


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("tr", "Otel sahibi Anatoliy Lavrov gemiyi sattı. Lavrov mutlu."),
        ("de", "Der Reeder Anatolij Lawrow verkaufte sein Schiff. Lawrow ist froh."),
        ("de", "Dscheyhun Lawrow verkaufte sein Schiff. Lawrow ist froh."),
        ("de", "Der Torhüter Eusebius Lawrow hielt. Lawrow ist froh."),
        ("fr", "Lioudmila Lavrov tient un café. Lavrov est contente."),
        ("ru", "Варфоломей Лавров держит кафе. Лавров доволен."),
        ("uk", "Мстислав Лавров тримає кафе. Лавров задоволений."),
        ("en", "Chelsea Lavrov runs a cafe. Lavrov is happy."),
    ],
)
def test_given_names_in_all_spellings_make_strangers(lang: str, text: str) -> None:
    assert linked(text, lang) == []


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("ru", "Вчерашний Лавров не тот."), ("ru", "Владельцам Лавров ответил."), ("uk", "Переговори Лавров зірвав."),
        ("de", "Gestern flog Chefunterhändler Lawrow ab."), ("tr", "Dün Başmüzakereci Lavrov gitti."),
        ("fr", "Hier Lavrov est parti."),
    ],
)  # fmt: skip
def test_other_words_in_capitals_do_not(lang: str, text: str) -> None:
    assert linked(text, lang) == [LAVROV]


def test_a_stranger_is_an_entity_without_an_id() -> None:
    assert people("The pianist Dmitry Lavrov played.", "en") == [("Dmitry Lavrov", None)]


def test_after_a_stranger_the_bare_surname_is_not_linked_either() -> None:
    assert linked("The pianist Dmitry Lavrov played. Lavrov is from Omsk.", "en") == []


def test_a_title_that_names_the_stranger_of_the_text_is_not_linked() -> None:
    assert linked("Lavrov plays Chopin\nThe pianist Dmitry Lavrov gave a concert in Omsk.", "en") == []
    assert linked("Лавров играет Шопена\nПианист Дмитрий Лавров дал концерт.", "ru") == []
    titled = "Lavrov hears a concert\nMinister Lavrov sat in the first row. The pianist Dmitry Lavrov played."
    assert people(titled, "en") == [("Lavrov", LAVROV), ("Lavrov", LAVROV), ("Dmitry Lavrov", None)]


def test_the_full_name_settles_a_surname_that_a_stranger_shares() -> None:
    text = "Sergey Lavrov heard the pianist Dmitry Lavrov. Later Lavrov flew home."
    assert people(text, "en") == [("Sergey Lavrov", LAVROV), ("Dmitry Lavrov", None), ("Lavrov", LAVROV)]


@pytest.mark.parametrize("surname", ["Li", "Wang", "Austin", "Kellogg", "Costa", "Patrushev"])
def test_surnames_of_many_people_do_not_link_alone(surname: str) -> None:
    assert linked(f"On Monday {surname} arrived.", "en") == []


def test_a_common_surname_links_beside_its_full_name() -> None:
    text = "Wang Yi met the press. Wang called for talks."
    assert people(text, "en") == [("Wang Yi", "Q701801"), ("Wang", "Q701801")]


def test_of_two_people_of_one_surname_the_last_named_in_full_is_meant() -> None:
    text = "Николай Патрушев выступил. Патрушев ушёл. Потом пришёл Дмитрий Патрушев. Патрушев сел."
    assert linked(text, "ru") == ["Q446865", "Q446865", "Q18043712", "Q18043712"]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Kim Jong Un stood by while Kim Gyong Hui, an aunt, cut the ribbon."),
        ("en", "Kim Gyong Hui speaks\nKim Gyong Hui, an aunt of Kim Jong Un, cut the ribbon. Kim smiled."),
        ("en", "President Lee Jae-myung gave Lee Sang-ho, a shipbuilder, a medal."),
        ("en", "Wang Yi met a student, Wang Li, on Monday."),
        ("en", "Wang Yi met envoys; Wang Daming took the minutes."),
        ("ru", "Ван И приехал утром, а пресс-секретарь Ван Даминь вечером."),
        ("ru", "Ким Чен Ын слушал, пока Ким Гён Хи перерезала ленту."),
        ("tr", "Bakan Wang Yi Ankara'ya geldi. Sözcü Wang Daming soruları yanıtladı."),
        ("de", "Wang Yi sprach, danach las Wang Daming das Protokoll vor."),
        ("fr", "Wang Yi a parlé, puis Wang Daming a lu le compte rendu."),
    ],
)
def test_a_namesake_whose_family_name_comes_first_is_not_linked(lang: str, text: str) -> None:
    assert len(linked(text, lang)) == 1


@pytest.mark.parametrize(
    ("lang", "text", "number"),
    [
        ("en", "Xi Jinping arrived. Xi Thursday met Xi fans. Xi Putin respects is another.", 4),
        ("en", "Kim Jong Un left. The Kim-Putin talks ended. Kim US envoys know is another.", 3),
        ("en", "Xi Meets Guests at Dinner\nXi Jinping met guests.", 2),
        ("ru", "Си Цзиньпин прилетел. Си Путина встретил сам.", 2),
        ("en", "Lula da Silva spoke. Lula Thursday left.", 2),
    ],
)
def test_what_follows_a_family_name_may_be_another_thing(lang: str, text: str, number: int) -> None:
    assert len([qid for qid in linked(text, lang) if qid != PUTIN]) == number


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Boris Johnson arrived. The senator Ron Johnson met him. Johnson said the vote was near."),
        ("en", "Bill Clinton arrived. Chelsea Clinton met him. Clinton said lunch was near."),
        ("en", "Bill Clinton arrived. The guide Amy Clinton met him. Clinton said lunch was near."),
        ("en", "Kim Jong Un arrived. A guide, Kim Gyong Hui, met him. Kim said lunch was near."),
        ("ru", "Борис Джонсон приехал. Его встретил сенатор Роберт Джонсон. Джонсон сказал, что рад."),
        ("de", "Boris Johnson kam an. Der Senator Ron Johnson empfing ihn. Johnson sagte, er freue sich."),
    ],
)
def test_a_stranger_may_be_the_one_named_last(lang: str, text: str) -> None:
    assert len(linked(text, lang)) == 1


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("fr", "Mme Poutine vit ici. M. Poutine part.", [PUTIN]),
        ("en", "Mrs. Putin left. Ms. Trump and Mrs Macron too. Mr. Putin stayed.", [PUTIN]),
        ("de", "Frau Merz kam. Herr Merz ging, Frau Merkel auch.", ["Q566257", "Q567"]),
        ("ru", "Приехала г-жа Меркель и госпожа Путина. Господин Путин уехал.", ["Q567", PUTIN]),
        ("uk", "Пані Меркель приїхала, пані Путіна теж. Пан Путін ні.", ["Q567", PUTIN]),
        ("es", "La Sra. Putin habló. La señora Merkel y la señora Putin.", ["Q567"]),
        ("pl", "Pani Putin przyszła, pani Merkel też.", ["Q567"]),
        ("tr", "Bayan Putin geldi. Sayın Putin gitti.", [PUTIN]),
        ("en", "Hillary Clinton met Chelsea Clinton and Bill Clinton. Mrs. Clinton left.", ["Q6294", "Q1124", "Q6294"]),
        ("en", "Polls miss Trump in Iowa.", ["Q22686"]),
        ("en", "Hillary Clinton came. Mrs Clinton left. Mr Clinton stayed.", ["Q6294", "Q6294"]),
    ],
)
def test_a_title_tells_a_wife_from_her_husband(lang: str, text: str, expected: list[str]) -> None:
    assert linked(text, lang) == expected


def test_what_stands_behind_the_family_name_of_another_is_nobody_else() -> None:
    text = "Wang Yi and Li Qiang met a student, Wang Li, and another, Li Wang."
    assert len(linked(text, "en")) == 2


def test_the_known_one_is_the_last_again_once_he_is_named_in_full() -> None:
    text = "Boris Johnson arrived. Ron Johnson met him. Johnson left. Boris Johnson spoke, and Johnson left."
    assert linked(text, "en") == ["Q180589"] * 3


def test_a_person_without_a_verified_id_is_found_and_not_linked() -> None:
    assert people("Представитель МИД Мария Захарова ответила.", "ru") == [("Мария Захарова", None)]
    assert people("Слова Захаровой цитируют.", "ru") == [("Захаровой", None)]


def test_a_woman_and_a_man_decline_differently() -> None:
    assert linked("Встреча с Ангелой Меркель", "ru") == ["Q567"]
    assert linked("слова Ангелы Меркеля", "ru") == []


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("At Lavrov's table\nAnton Lavrov, a cook, opens the door. “Come in,” Lavrov said.", "en"),
        ("When Lavrov bakes\nAnton Lavrov, a cook, opens the door.", "en"),
        ("На Лаврова надеются\nЗащитник Павел Лавров подписал контракт. Лавров сказал, что рад.", "ru"),
        ("Лавров остается\nЗащитник Павел Лавров подписал контракт. Лавров сказал, что рад.", "ru"),
    ],
)
def test_words_that_begin_a_sentence_make_nobody_known(text: str, lang: str) -> None:
    assert linked(text, lang) == []


def test_titles_before_a_surname_are_no_given_names() -> None:
    for text in ("Minister Lavrov spoke.", "Mr Lavrov spoke.", "On Monday Lavrov spoke.", "Yesterday, Lavrov spoke."):
        assert linked(text, "en") == [LAVROV], text
    assert linked("Bakan Lavrov konuştu.", "tr") == [LAVROV]
    assert linked("Der Minister Lawrow sprach.", "de") == [LAVROV]
    assert linked("Министр Лавров выступил.", "ru") == [LAVROV]
