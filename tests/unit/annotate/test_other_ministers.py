"""Articles about somebody else in which the watched minister is named in passing: none of their words is his.

Each language has a few ways to introduce ministers of other matters, and of going on with "the minister", "he" or no
subject at all. The sentences are synthetic: said by nobody.
"""

from collections.abc import Iterator
from itertools import product

import pytest

from tests.builders import statements_of

LAVROV = "Q58217"
# By language: who speaks, what is said of Lavrov, how the article goes on.
INTRODUCED = {
    "en": (
        "Transport Minister Ravshan Karimbaev said on Friday that the survey would begin in March.",
        "Minister of Energy Kwame Boadu said on Friday that the survey would begin in March.",
        "Minister of State for External Affairs Vikram Solanki told the house that the survey would begin in March.",
        "Norway's defence minister, Arne Solheim, said that the survey would begin in March.",
        "The survey will begin in March, Deputy Prime Minister Veronica Ciobanu told reporters.",
        "Minister for Foreign Affairs Abena Osei said that the survey would begin in March.",
    ),
    "ru": (
        "Министр транспорта Узбекистана Равшан Каримбаев заявил в пятницу, что изыскания начнутся в марте.",
        "Изыскания начнутся в марте, заявил журналистам турецкий министр сельского хозяйства Орхан Делибаш.",
        "«Изыскания начнутся в марте», — сказал вице-премьер Молдавии Петру Чобану.",
        "Как сообщил министр экономики Армении Геворг Саакян, изыскания начнутся в марте.",
    ),
    "uk": (
        "Міністр транспорту Узбекистану Равшан Карімбаєв заявив у п'ятницю, що вишукування почнуться в березні.",
        "«Вишукування почнуться в березні», — сказав міністр оборони Норвегії Арне Сульгейм.",
    ),
    "de": (
        "Der usbekische Verkehrsminister Ravshan Karimbaev sagte am Freitag, die Vermessung beginne im März.",
        "Die Vermessung beginne im März, sagte der ghanaische Energieminister Kwame Boadu am Freitag.",
    ),
    "fr": (
        "Le ministre ouzbek des Transports, Ravshan Karimbaev, a déclaré vendredi que les relevés débuteront en mars.",
        "Les relevés commenceront en mars, a annoncé vendredi le ministre de l'Agriculture turc Orhan Delibas.",
    ),
    "es": (
        "El ministro de Transporte de Uzbekistán, Ravshan Karimbaev, declaró que los estudios comenzarán en marzo.",
        "Los estudios comenzarán en marzo, anunció el viernes el ministro de Energía ghanés, Kwame Boadu.",
    ),
    "tr": (
        "Özbekistan Ulaştırma Bakanı Ravşan Karimbayev, etütlerin martta başlayacağını söyledi.",
        "Norveç Savunma Bakanı Arne Solheim gazetecilere etütlerin martta başlayacağını açıkladı.",
    ),
    "ar": (
        "قال وزير الزراعة التركي أورهان دليباش إن المسح سيبدأ في مارس.",
        "أعلن وزير النقل الأوزبكي، الجمعة، أن المسح سيبدأ في مارس.",
    ),
}
PASSING = {
    "en": "Russian Foreign Minister Sergei Lavrov had been in the city two days earlier.",
    "ru": "Накануне в столице находился с визитом министр иностранных дел России Сергей Лавров.",
    "uk": "Напередодні столицю відвідав міністр закордонних справ Росії Сергій Лавров.",
    "de": "Tags zuvor war der russische Außenminister Sergej Lawrow in der Stadt gewesen.",
    "fr": "La veille, le ministre russe des Affaires étrangères Sergueï Lavrov se trouvait dans la ville.",
    "es": "La víspera, el ministro de Exteriores ruso, Serguéi Lavrov, estuvo en la ciudad.",
    "tr": "Rusya Dışişleri Bakanı Sergey Lavrov önceki gün kentteydi.",
    "ar": "وكان وزير الخارجية الروسي سيرغي لافروف قد زار المدينة أمس.",
}
FOLLOWING = {
    "en": ("The minister added that the track would be broad.", "“Visitors come and go,” he said."),
    "ru": ("Министр добавил, что колея будет широкой.", "По его словам, работы идут по графику."),
    "uk": ("Міністр додав, що колія буде широкою.", "«Сперечатися немає про що», — зауважив він."),
    "de": ("Der Minister fügte hinzu, die Spur werde breit sein.", "„Darüber gibt es nichts zu streiten“, sagte er."),
    "fr": ("Le ministre a ajouté que la voie serait large.", "« Il n'y a pas à discuter », a-t-il dit."),
    "es": ("El ministro añadió que la vía será ancha.", "«No hay nada que discutir», dijo."),
    "tr": ("Bakan, hattın geniş olacağını ekledi.", "Bakan ayrıca çalışmaların sürdüğünü vurguladı."),
    "ar": ("وأضاف الوزير أن السكة ستكون عريضة.", "وأضاف أن الأسعار ستبقى مستقرة."),
}


# Whoever holds no office is "he" as well.
OTHERS = {
    "en": (
        "General Arne Solheim said on Friday that the survey would begin in March.",
        "“Visitors come and go,” he said.",
    ),
    "ru": ("Генерал Арне Сульхейм заявил, что изыскания начнутся в марте.", "По его словам, работы идут по графику."),
    "fr": (
        "Le général norvégien Arne Solheim a déclaré que les relevés débuteraient.",
        "Selon lui, les travaux avancent.",
    ),
    "es": ("El embajador indio Vikram Solanki declaró que los estudios comenzarán.", "Según él, las obras avanzan."),
    "ar": ("قال السفير الهندي فيكرام سولانكي إن المسح سيبدأ في مارس.", "وبحسب قوله، فإن العمل مستمر."),
}

# Nor are the words of people whom the gazetteer knows.
KNOWN = {
    "en": ("“The survey will begin in March,” said Hakan Fidan.", "The minister added that the track would be broad."),
    "ru": ("«Изыскания начнутся в марте», — сказал Андрей Сибига.", "Министр добавил, что колея будет широкой."),
    "de": ("Der US-Außenminister Marco Rubio sagte, die Vermessung beginne im März.", "„Sicher“, sagte er."),
    "fr": (
        "Le président ukrainien Volodymyr Zelensky a dit que les relevés débuteraient.",
        "« Sans doute », a-t-il dit.",
    ),
}


def articles() -> Iterator[tuple[str, str]]:
    for lang, introduced in INTRODUCED.items():
        for first, then in product(introduced, FOLLOWING[lang]):
            title = first.rstrip(".")[:60].rsplit(" ", 1)[0]
            yield lang, f"{title}\n{first}\n\n{PASSING[lang]}\n\n{then}"
            yield lang, f"{title}\n{first}\n\n{then}\n\n{PASSING[lang]}"
    for lang, (first, then) in (*OTHERS.items(), *KNOWN.items()):
        yield lang, f"2026\n{first}\n\n{PASSING[lang]}\n\n{then}"


@pytest.mark.parametrize(("lang", "text"), list(articles()))
def test_none_of_the_words_is_his(lang: str, text: str) -> None:
    found = statements_of(text, lang)
    assert found, "somebody speaks"
    assert not [s.text for s in found if s.speaker_id == LAVROV]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Lavrov in Tunis\nRussian Foreign Minister Sergei Lavrov said talks had begun. Trade Minister Omar Ben Ali was in the hall.\n\nThe minister added that the ports would open."),  # noqa: E501
        ("ru", "Лавров в Тунисе\nЛавров заявил, что переговоры начались. В зале был министр торговли Омар Бен Али.\n\nМинистр добавил, что порты откроются."),  # noqa: E501
        ("en", "Russian FM: ports will open\nThe Russian foreign minister said that the ports would open in May."),
    ],
)  # fmt: skip
def test_his_stay_his(lang: str, text: str) -> None:
    found = statements_of(text, lang)
    assert len(found) > 1
    assert all(s.speaker_id == LAVROV for s in found)


def test_a_namesake_is_not_whom_an_office_means() -> None:
    text = (
        "Lavrov: I would sign anything to stay\n"
        "Goalkeeper coach Dmitri Lavrov says he will stay for another season.\n\n"
        "No, he is not related to the Russian foreign minister. “They ask me every week,” Lavrov said."
    )
    found = statements_of(text, "en")
    assert len(found) > 2
    assert all(s.speaker_id is None for s in found)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("ru", "Вице-премьер о газе\nЭту тему комментировал министр иностранных дел России Сергей Лавров. Сабуров от оценок уклонился, сказав лишь, что «у дипломатов своя работа»."),  # noqa: E501
        ("en", "Envoys in Karachi\nSergei Lavrov met the ambassador of Oman. The ambassador said that the mill would be built."),  # noqa: E501
    ],
)  # fmt: skip
def test_nor_what_strangers_say_beside_him(lang: str, text: str) -> None:
    found = statements_of(text, lang)
    assert found
    assert not [s.text for s in found if s.speaker_id == LAVROV]


def test_its_minister_is_that_of_the_country_named_last() -> None:
    text = (
        "Soroca answers\nMoldova's president has hit back at Moscow after its foreign minister declared that troops "
        "would stay.\n\nIn Tiraspol the self-styled foreign minister, Vitaly Ostapenko, welcomed the statement."
    )
    assert [s.speaker_id for s in statements_of(text, "en") if "stay" in s.text] == [LAVROV]
