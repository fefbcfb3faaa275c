"""Places, organisations and agreements in texts of six languages. All sentences are synthetic."""

import pytest

from processors.annotate.entities import find_entities, load_gazetteer


def found(text: str, lang: str | None) -> list[tuple[str, str, str | None]]:
    return [(e.text, e.type, e.id) for e in find_entities(text, lang, load_gazetteer())]


@pytest.mark.parametrize(
    ("lang", "text", "form", "qid"),
    [
        ("ru", "Делегация Турции уехала.", "Турции", "Q43"),
        ("ru", "Отношения с Турцией крепнут.", "Турцией", "Q43"),
        ("ru", "Улицы Киева пусты.", "Киева", "Q1899"),
        ("ru", "В Киеве прошла встреча.", "Киеве", "Q1899"),
        ("ru", "Поезд шёл за Киевом.", "Киевом", "Q1899"),
        ("ru", "Глава РФ выступил.", "РФ", "Q159"),
        ("ru", "Поездка по Саудовской Аравии", "Саудовской Аравии", "Q851"),
        ("uk", "Вулиці Києва порожні.", "Києва", "Q1899"),
        ("uk", "У Туреччині пройшла зустріч.", "Туреччині", "Q43"),
        ("uk", "жителі Запоріжжя", "Запоріжжя", "Q157835"),
        ("tr", "Türkiye'nin tutumu açık.", "Türkiye", "Q43"),
        ("tr", "Görüşme İstanbul'da yapıldı.", "İstanbul", "Q406"),
        ("tr", "İSTANBUL'DA GÖRÜŞME", "İSTANBUL", "Q406"),
        ("en", "Talks in ISTANBUL ended.", "ISTANBUL", "Q406"),
        ("en", "Turkey’s position is clear.", "Turkey", "Q43"),
        ("en", "Türkiye said so.", "Türkiye", "Q43"),
        ("en", "He flew to Kiev, now Kyiv.", "Kyiv", "Q1899"),
        ("en", "Moscow-based agencies", "Moscow", "Q649"),
        ("de", "Die Haltung Russlands ist klar.", "Russlands", "Q159"),
        ("de", "Er reiste nach Kiew.", "Kiew", "Q1899"),
        ("fr", "Le président de l'Ukraine parle.", "Ukraine", "Q212"),
        ("fr", "dans la bande de Gaza", "bande de Gaza", "Q39760"),
        ("fr", "aux États-Unis", "États-Unis", "Q30"),
        ("ru", "страны НАТО", "НАТО", "Q7184"),
        ("en", "the UN Security Council met", "UN Security Council", "Q37470"),
        ("en", "the United Nations met", "United Nations", "Q1065"),
        ("de", "die Vereinten Nationen", "Vereinten Nationen", "Q1065"),
        ("tr", "Birleşmiş Milletler toplandı", "Birleşmiş Milletler", "Q1065"),
        ("uk", "засідання ООН", "ООН", "Q1065"),
        ("ru", "передаёт ТАСС", "ТАСС", "Q223799"),
        ("de", "Er reiste nach Woronesch.", "Woronesch", "Q3426"),
        ("pl", "Na mapie Indii Kerala jest zielona.", "Indii", "Q668"),
        ("fr", "Il est parti pour Mourmansk.", "Mourmansk", "Q1763"),
        ("tr", "Görüşme İrkutsk'ta yapıldı.", "İrkutsk", "Q6576"),
        ("uk", "Потяг до Смоленська спізнився.", "Смоленська", "Q2337"),
    ],
)
def test_names_in_their_forms(lang: str, text: str, form: str, qid: str) -> None:
    assert (form, qid) in [(name, found_id) for name, _, found_id in found(text, lang)]


@pytest.mark.parametrize(
    ("lang", "text", "form"),
    [
        ("uk", "Бої під Авдіївкою тривають.", "Авдіївкою"),
        ("uk", "Потяг до Куп'янська спізнився.", "Куп'янська"),
        ("ru", "Поезд из Краматорска опоздал.", "Краматорска"),
        ("en", "Ferries near Chasiv Yar and Toretsk", "Toretsk"),
        ("de", "Die Lage in Sumy", "Sumy"),
    ],
)
def test_cities_of_the_war_without_a_verified_id(lang: str, text: str, form: str) -> None:
    assert (form, "GPE", None) in found(text, lang)


@pytest.mark.parametrize("text", ["МИД РФ сообщил об этом.", "МИД России сообщил об этом."])
def test_the_russian_ministry_is_one_name_and_has_no_verified_id(text: str) -> None:
    assert found(text, "ru") == [(text.removesuffix(" сообщил об этом."), "ORG", None)]


def test_the_longest_name_wins() -> None:
    assert [name for name, _, _ in found("He visited New York and South Korea.", "en")] == ["New York", "South Korea"]
    assert found("South Korea", "en") == [("South Korea", "GPE", "Q884")]


@pytest.mark.parametrize(
    ("lang", "text", "never"),
    [
        ("en", "Voters in Georgia went to the polls in Atlanta.", "Q230"),
        ("en", "He lives in New Mexico.", "Q96"),
        ("en", "He ate turkey and drank from fine china.", "Q43"),
        ("en", "The guinea pig slept in New Guinea.", "Q1006"),
        ("en", "The drummer Chad Smith played.", "Q657"),
        ("en", "India Willoughby told the BBC that she would sail.", "Q668"),
        ("en", "The actress Kenya Moore left on Monday.", "Q114"),
        ("en", "Cyprus Jones scored twice for the club.", "Q229"),
        ("en", "The coach Houston Nutt was praised.", "Q16555"),
        ("en", "They bought milk from the Turkey Hill dairy.", "Q43"),
        ("en", "Island life is calm.", "Q189"),
        ("en", "TELL US WHO DID THIS", "Q30"),
        ("en", "Tell us more.", "Q30"),
        ("ru", "«Барселона» обыграла соперников.", "Q1492"),
        ("ru", "Того человека не нашли.", "Q945"),
        ("ru", "сообщает Интерфакс-Украина", "Q379271"),
        ("ru", "радио «Говорит Америка»", "Q30"),
        ("en", "Washington Irving wrote it.", "Q61"),
        ("tr", "Isparta'da içli köfte ve mısır yenir.", "Q79"),
    ],
)
def test_other_things_of_the_same_name_are_not_linked(lang: str, text: str, never: str) -> None:
    assert never not in [qid for _, _, qid in found(text, lang)]


def test_georgia_links_where_nothing_speaks_against_it() -> None:
    assert found("Georgia and Armenia signed it.", "en")[0] == ("Georgia", "GPE", "Q230")


def test_a_name_of_one_language_stays_at_home() -> None:
    assert ("Island", "GPE", "Q189") in found("Die Ministerin reiste nach Island.", "de")
    assert found("No man is an Island.", "en") == []


@pytest.mark.parametrize(
    ("lang", "text", "form", "qid"),
    [
        ("ru", "Потери вооружённых сил РФ растут.", "вооружённых сил РФ", "Q193159"),
        ("ru", "Потери вооруженных сил РФ растут.", "вооруженных сил РФ", "Q193159"),
        ("fr", "Une colonne de l'armée russe avance.", "armée russe", "Q193159"),
        ("fr", "Une colonne de l'armee russe avance.", "armee russe", "Q193159"),
        ("fr", "Selon le département d'État, rien n'a changé.", "département d'État", "Q789915"),
        ("fr", "Le ministère russe de la Défense dément.", "ministère russe de la Défense", "Q1146492"),
        ("fr", "Le mémorandum de Budapest a été signé.", "mémorandum de Budapest", None),
        ("pl", "Rok temu królowa Elżbieta otworzyła most.", "królowa Elżbieta", "Q9682"),
        ("cs", "Letos se východní Evropa potýká se suchem.", "východní Evropa", "Q27468"),
    ],
)
def test_a_lower_case_beginning_may_have_its_diacritics(lang: str, text: str, form: str, qid: str | None) -> None:
    assert (form, qid) in [(name, found_id) for name, _, found_id in found(text, lang)]


def test_without_a_language_common_names_are_still_found() -> None:
    assert [qid for _, _, qid in found("Ankara, Анкара", None)] == ["Q3640", "Q3640"]


@pytest.mark.parametrize(
    ("lang", "text", "linked"),
    [
        ("en", "Police closed a school in Moscow, Idaho, on Friday. The Moscow mayor said so.", ["Q1221"]),
        ("en", "Snow in Odessa\nSnow fell on Odessa, Texas. It melted.", ["Q1439"]),
        ("en", "He was born in Warsaw, Ind., and lives in Rome, N.Y.", []),
        ("en", "A bridge fell in Lebanon, Pennsylvania; Lebanon firefighters came.", ["Q1400"]),
        ("en", "Shots were heard near Odessa, Texas on Monday.", ["Q1439"]),
        ("en", "She moved to Clinton, Iowa, after Bill Clinton had left.", ["Q1546", "Q1124"]),
        ("en", "He flew from Chicago, Illinois.", ["Q1297", "Q1204"]),
        ("en", "Firms from Mexico, Texas, Arizona and Utah met.", ["Q96", "Q1439", "Q816", "Q829"]),
        (
            "en",
            "Ukraine, Georgia and Moldova applied. Moscow, Washington agree.",
            ["Q212", "Q230", "Q217", "Q649", "Q61"],
        ),
    ],
)
def test_a_town_in_a_state_is_no_capital(lang: str, text: str, linked: list[str]) -> None:
    assert [qid for _, _, qid in found(text, lang)] == linked


@pytest.mark.parametrize(
    ("lang", "text", "linked"),
    [
        ("en", "The singer Denise Washington flew home. Washington, 40, was tired.", []),
        ("en", "The singer Denise Washington flew to Washington. Washington was tired.", ["Q61"]),
        ("en", "Jordan rests\nOn Monday Kevin Jordan rested. Jordan said it was good.", []),
        ("en", "San Antonio Texas is hot. Texas is big.", ["Q1439"]),
        ("en", "An analyst at George Washington University spoke. Washington was silent.", ["Q61"]),
        ("en", "Will Russia stop? Russia will not.", ["Q159", "Q159"]),
        ("ru", "Надежда России\nРоссия верит ему.", ["Q159"]),
        ("fr", "Jordan Petit à Nîmes\nJordan Petit, maire, parle.", []),
        ("de", "Der Koch Jordan Klein sprach. Jordanien schwieg.", ["Q810"]),
        ("es", "Jordan Pérez habló. Jordania calló.", ["Q810"]),
        ("en", "Chad Baker Opens Bakery\nOn Monday Chad Baker, a cook, opened it.", []),
        ("cs", "Británie odešla. Tím Británie ztratila trh. Británie to ví.", ["Q145", "Q145"]),
        ("ru", "Скончался экс-президент Израиля Шимон Перес.", ["Q801"]),
        ("en", "The Paris Agreement holds. The Paris agreement is old.", ["Q90"]),
        ("en", "Jordan Opens Border\nJordan opened its border.", ["Q810", "Q810"]),
    ],
)
def test_whom_a_place_is_called_after_it_means_in_the_whole_text(lang: str, text: str, linked: list[str]) -> None:
    assert [qid for _, _, qid in found(text, lang) if qid is not None] == linked


@pytest.mark.parametrize(
    ("lang", "text", "linked"),
    [
        ("en", "The Bank of Russia kept its rate.", []),
        ("en", "The China Daily and the South China Morning Post agreed.", []),
        ("en", "Air Serbia and Iran Air fly again, Kenya Airways does not.", []),
        ("en", "The Moscow Tribune closed.", []),
        ("fr", "Le gouverneur de la Banque de Russie démissionne.", []),
        ("de", "Air China fliegt wieder.", []),
        ("es", "El Banco de Rusia habló.", []),
        (
            "en",
            "The banks of Russia gave way. Ukraine daily asks for more. Russia times it well.",
            ["Q159", "Q212", "Q159"],
        ),
        ("en", "China Post-War Trade\nThe Ukraine Air Force flew.", ["Q148", "Q212"]),
        ("ru", "По данным банка России грозит спад.", ["Q159"]),
    ],
)
def test_a_firm_or_a_paper_with_a_place_in_its_name_is_not_the_place(lang: str, text: str, linked: list[str]) -> None:
    assert [qid for _, _, qid in found(text, lang) if qid is not None] == linked
