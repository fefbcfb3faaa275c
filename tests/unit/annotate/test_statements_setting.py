"""When, where, with whom and in what form; synthetic sentences of our own writing."""

import datetime
from importlib import resources

import pytest
import yaml

from processors.annotate.entities import find_entities, load_gazetteer
from processors.annotate.knowledge import knowledge_of
from processors.annotate.statements.article.scene import scene
from schemas import AnnotatedArticle, Setting
from tests.builders import clean_article, statements_of

LAVROV = "Q58217"
# A Wednesday; half past one at night in Moscow is still Tuesday in Greenwich.
PUBLISHED = datetime.datetime(2026, 5, 20, 1, 30, tzinfo=datetime.timezone(datetime.timedelta(hours=3)))


def settings_of(text: str, lang: str) -> list[Setting | None]:
    """Of each statement of his."""
    return [s.setting for s in statements_of(f"\n{text}", lang, PUBLISHED) if s.speaker_id == LAVROV]


def setting_of(text: str, lang: str) -> Setting:
    return next(setting for setting in settings_of(text, lang) if setting)


DATES = [
    ("Lavrov said on Monday that the road is shut.", "en", "2026-05-18"),
    ("Lavrov said on Wednesday that the road is shut.", "en", "2026-05-20"),
    ("Lavrov said last Wednesday that the road is shut.", "en", "2026-05-13"),
    ("Lavrov said yesterday that the road is shut.", "en", "2026-05-19"),
    ("Lavrov said on May 12 that the road is shut.", "en", "2026-05-12"),
    ("Лавров заявил в понедельник, что дорога закрыта.", "ru", "2026-05-18"),
    ("Лавров заявил 12 мая, что дорога закрыта.", "ru", "2026-05-12"),
    ("Лавров сегодня заявил, что дорога закрыта.", "ru", "2026-05-20"),
    ("„Die Straße bleibt lange zu“, sagte Lawrow am Montag.", "de", "2026-05-18"),
    ("La route restera fermée longtemps, a déclaré lundi Sergueï Lavrov.", "fr", "2026-05-18"),
]


# Published on Wednesday 20 May.
BESIDE = [
    ("Lavrov said on Wednesday, May 13, that the road is shut.", "en", "2026-05-13"),
    ("Lavrov said on Wednesday morning, the 13th of May, that the road is shut.", "en", "2026-05-13"),
    ("Lavrov said on May 13, Wednesday, that the road is shut.", "en", "2026-05-13"),
    # A slip: the date wins.
    ("Lavrov said on Monday, May 12, that the road is shut.", "en", "2026-05-12"),
    ("Since Wednesday, May 13, Lavrov has said that the road is shut.", "en", None),
    ("Lavrov said on Wednesday, May 27, that the road is shut.", "en", None),
    ("Лавров заявил в среду, 13 мая, что дорога закрыта.", "ru", "2026-05-13"),
    ("Лавров заявив у середу ввечері, 13 травня, що дорогу закрито.", "uk", "2026-05-13"),
    ("„Die Straße ist lange gesperrt“, sagte Lawrow am Mittwoch, dem 13. Mai, in Minsk.", "de", "2026-05-13"),
    ("Lavrov a affirmé mercredi 13 mai que la route était fermée.", "fr", "2026-05-13"),
    ("Lavrov aseguró el miércoles 13 de mayo que la carretera está cerrada.", "es", "2026-05-13"),
    ("13 Mayıs Çarşamba günü Minsk'te konuşan Lavrov, yolun kapalı olduğunu söyledi.", "tr", "2026-05-13"),
    ("وقال وزير الخارجية الروسي سيرغي لافروف الأربعاء 13 مايو إن الطريق مغلق.", "ar", "2026-05-13"),
    ("Ławrow powiedział w środę, 13 maja, że droga jest zamknięta.", "pl", "2026-05-13"),
    ("Lavrov said on Monday, after the treaty of May 13, that the road is shut.", "en", "2026-05-18"),
]


@pytest.mark.parametrize(("text", "lang", "date"), BESIDE)
def test_a_weekday_beside_a_date_is_that_day(text: str, lang: str, date: str | None) -> None:
    found = settings_of(text, lang)
    assert found
    assert [s.date if s else None for s in found] == [date] * len(found)


LONG_AGO = [
    ("On 24 February 2022 Lavrov said that the road is shut.", "en", "2022-02-24"),
    ("Lavrov said on 9 February 1990 that the road is shut.", "en", "1990-02-09"),
    ("Back in March 2022 Lavrov said that the road is shut.", "en", None),
    ("In a 2014 interview Lavrov said that the road is shut.", "en", None),
    ("Lavrov said at a forum in 2014 that the road is shut.", "en", None),
    ("24 февраля 2022 года Лавров заявил, что дорога закрыта.", "ru", "2022-02-24"),
    ("Лавров 24.02.2022 заявил, что дорога закрыта.", "ru", "2022-02-24"),
    ("В 2014 году Лавров заявил, что дорога закрыта.", "ru", None),
    ("Ще у березні 2022 року Лавров заявив, що дорогу закрито.", "uk", None),
    ("Im Jahr 2014 sagte Lawrow, die Straße sei gesperrt.", "de", None),
    ("2014 sagte Lawrow, die Straße sei gesperrt.", "de", None),
    ("En 2014, Lavrov a affirmé que la route était fermée.", "fr", None),
    ("Lavrov aseguró el 24 de febrero de 2022 que la carretera está cerrada.", "es", "2022-02-24"),
    ("2014 yılında konuşan Lavrov, yolun kapalı olduğunu söyledi.", "tr", None),
    ("وقال وزير الخارجية الروسي سيرغي لافروف في عام 2014 إن الطريق مغلق.", "ar", None),
    ("W 2014 roku Ławrow powiedział, że droga jest zamknięta.", "pl", None),
    ("In March, Lavrov said that the road is shut.", "en", None),
    ("Back in April, Lavrov said that the road is shut.", "en", None),
    ("Lavrov said in December that the road is shut.", "en", None),
    ("Earlier, Lavrov said that the road is shut.", "en", None),
    ("В марте Лавров заявил, что дорога закрыта.", "ru", None),
    ("В апреле Лавров уже говорил, что дорога закрыта.", "ru", None),
    ("У березні Лавров заявив, що дорогу закрито.", "uk", None),
    ("Im März sagte Lawrow, die Straße sei gesperrt.", "de", None),
    ("En mars, Lavrov a affirmé que la route était fermée.", "fr", None),
    ("En marzo, Lavrov aseguró que la carretera está cerrada.", "es", None),
    ("W marcu Ławrow powiedział, że droga jest zamknięta.", "pl", None),
]


@pytest.mark.parametrize(("text", "lang", "date"), LONG_AGO)
def test_what_was_said_long_ago_looks_back(text: str, lang: str, date: str | None) -> None:
    found = settings_of(text, lang)
    assert found
    assert [(s.date, s.flashback) if s else None for s in found] == [(date, True)] * len(found)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Citing the treaty of 2014, Lavrov said that the road is shut.", "en"),
        ("Recalling 24 February 2022, Lavrov said that the road is shut.", "en"),
        ("Lavrov said that the road was shut in 2014.", "en"),
        ("In 2026 Lavrov said that the road is shut.", "en"),
        ("In May, Lavrov said that the road is shut.", "en"),
        ("Lavrov said that the road will be open in March.", "en"),
        ("In March parliament passed the law which is now in force, and it is void, Lavrov said.", "en"),
        ("After the talks of the two ministers in March, Lavrov said that the road is shut.", "en"),
        ("Earlier in the day, Lavrov said that the road is shut.", "en"),
        ("В мае Лавров заявил, что дорога закрыта.", "ru"),
        ("Комментируя события в марте, Лавров заявил, что дорога закрыта.", "ru"),
        ("Комментируя события 2014 года, Лавров заявил, что дорога закрыта.", "ru"),
        ("Лавров сказал о событиях 24 февраля 2022 года, что дорога закрыта.", "ru"),
        ("Mit Blick auf das Abkommen von 2014 sagte Lawrow, die Straße sei gesperrt.", "de"),
    ],
)
def test_an_old_year_that_is_spoken_about_does_not(text: str, lang: str) -> None:
    found = settings_of(text, lang)
    assert found
    assert not any(setting and (setting.flashback or setting.date) for setting in found)


@pytest.mark.parametrize(
    ("text", "lang", "date"),
    [
        ("Лавров заявил 12.05.2026, что дорога закрыта.", "ru", "2026-05-12"),
        ("Lavrov said on 5/18/2026 that the road is shut.", "en", "2026-05-18"),
        ("Lavrov said on 18/5/2026 that the road is shut.", "en", "2026-05-18"),
        ("Lavrov said on 4/5/2026 that the road is shut.", "en", None),
        ("Lavrov a affirmé le 4/5/2026 que la route était fermée.", "fr", "2026-05-04"),
    ],
)
def test_dates_in_numbers(text: str, lang: str, date: str | None) -> None:
    found = settings_of(text, lang)
    assert found
    assert [s.date if s else None for s in found] == [date] * len(found)


@pytest.mark.parametrize(("text", "lang", "date"), DATES)
def test_dates_are_those_of_the_place_of_publication(text: str, lang: str, date: str) -> None:
    assert setting_of(text, lang).date == date


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Lavrov, who met the foreign minister of Egypt on Friday, said that the road is shut.", "en"),
        ("Лавров, который встретился в пятницу с министром Египта, заявил, что дорога закрыта.", "ru"),
        ("Lawrow, der am Freitag seinen Kollegen traf, sagte, dass die Straße geschlossen ist.", "de"),
        ("Lavrov, qui a rencontré vendredi son homologue, a affirmé que la route est fermée.", "fr"),
    ],
)
def test_the_day_of_something_else_is_no_day_of_speaking(text: str, lang: str) -> None:
    found = settings_of(text, lang)
    assert found
    assert all(setting is None or setting.date is None for setting in found)


# Published on a Wednesday; the event is on the Friday to come, or has no day.
COMING = [
    ("Lavrov said in Minsk ahead of talks with Fidan in Istanbul on Friday that the road is shut.", "en", "Q2280"),
    ("Before the next summit in Istanbul on Friday, Lavrov said that the road is shut.", "en", None),
    ("Перед встречей в Стамбуле в пятницу Лавров заявил, что дорога закрыта.", "ru", None),
    ("Накануне саммита в Стамбуле Лавров заявил в Минске, что дорога закрыта.", "ru", "Q2280"),
    ("Напередодні саміту в Стамбулі Лавров заявив, що дорогу закрито.", "uk", None),
    ("Перед переговорами у Стамбулі в п'ятницю Лавров заявив, що дорогу закрито.", "uk", None),
    ("Vor dem NATO-Gipfel in Istanbul am Freitag sagte Lawrow in Minsk, die Straße sei gesperrt.", "de", "Q2280"),
    ("Am Vorabend des Gipfels in Istanbul sagte Lawrow, die Straße sei gesperrt.", "de", None),
    ("Avant le sommet de vendredi à Istanbul, Lavrov a affirmé que la route était fermée.", "fr", None),
    ("À la veille du sommet à Istanbul, Lavrov a affirmé que la route était fermée.", "fr", None),
    ("Antes de la cumbre del viernes en Estambul, Lavrov aseguró que la carretera está cerrada.", "es", None),
    ("Lavrov, cuma günü İstanbul'da yapılan zirve öncesinde yolun kapalı olduğunu söyledi.", "tr", None),
    ("وقال وزير الخارجية الروسي سيرغي لافروف قبيل القمة في إسطنبول الجمعة إن الطريق مغلق.", "ar", None),
    ("Przed spotkaniem w Stambule w piątek Ławrow powiedział, że droga jest zamknięta.", "pl", None),
]


@pytest.mark.parametrize(("text", "lang", "place"), COMING)
def test_day_and_place_of_an_event_still_to_come_are_not_those_of_speaking(
    text: str, lang: str, place: str | None
) -> None:
    found = settings_of(text, lang)
    assert found
    assert [(s.date, s.place) if s else (None, None) for s in found] == [(None, place)] * len(found)


@pytest.mark.parametrize(
    ("text", "lang", "date", "place"),
    [
        ("Speaking before students in Minsk on Monday, Lavrov said that it is shut.", "en", "2026-05-18", "Q2280"),
        ("Vor den Gästen des Gipfels in Minsk am Montag sagte Lawrow, die Straße sei zu.", "de", "2026-05-18", "Q2280"),
        ("Перед участниками форума в Минске в понедельник Лавров заявил, что дорога закрыта.", "ru", "2026-05-18",
         "Q2280"),
        ("Лавров накануне на встрече в Минске заявил, что дорога закрыта.", "ru", "2026-05-19", "Q2280"),
        ("Avant-hier à Minsk, Lavrov a affirmé que la route était fermée.", "fr", "2026-05-18", "Q2280"),
        ("Antes de ayer en Minsk, Lavrov aseguró que la carretera está cerrada.", "es", "2026-05-18", "Q2280"),
    ],
)  # fmt: skip
def test_before_somebody_and_the_day_before_are_no_events_to_come(text: str, lang: str, date: str, place: str) -> None:
    setting = setting_of(text, lang)
    assert (setting.date, setting.place) == (date, place)


def test_what_was_said_about_a_date_is_not_the_date_of_saying_it() -> None:
    setting = setting_of("Speaking at a forum, Lavrov said that talks would resume on Friday, May 15.", "en")
    assert setting.date is None


def test_last_week_is_vague_and_a_flashback() -> None:
    setting = setting_of("Lavrov said last week that the road is shut.", "en")
    assert setting.vague
    assert setting.flashback


@pytest.mark.parametrize(
    ("text", "lang", "kind"),
    [
        ('"It is shut for long," Lavrov told a joint press conference with Hakan Fidan.', "en", "press_conference"),
        ("Lavrov said in an interview with the Northern Lights channel that it is shut.", "en", "interview"),
        ("Speaking to students, Lavrov said that it is shut.", "en", "university"),
        ("Lavrov told lawmakers in the State Duma that it is shut.", "en", "parliament"),
        ("В интервью телеканалу «Полюс» Лавров заявил, что дорога закрыта.", "ru", "interview"),
        ("На пресс-конференции Лавров заявил, что дорога закрыта.", "ru", "press_conference"),
        ("Выступая на форуме, Лавров заявил, что дорога закрыта.", "ru", "forum"),
    ],
)
def test_kinds_of_occasion(text: str, lang: str, kind: str) -> None:
    assert setting_of(text, lang).occasion == kind


# One kind a row; None where the words tell what is spoken about.
TOLD_KINDS: list[tuple[str, str, str | None]] = [
    ("Lavrov told a security conference in Minsk that the road is shut.", "en", "forum"),
    ("Speaking to students at MGIMO, Lavrov said that the road is shut.", "en", "university"),
    ("Addressing the UN General Assembly, Lavrov said that the road is shut.", "en", "forum"),
    ("Lavrov told ambassadors at a round table that the road is shut.", "en", "ambassadors"),
    ("Выступая с трибуны ООН, Лавров заявил, что дорога закрыта.", "ru", "forum"),
    ("Отвечая на вопросы депутатов, Лавров заявил, что дорога закрыта.", "ru", "parliament"),
    ("На встрече с послами иностранных государств Лавров заявил, что дорога закрыта.", "ru", "ambassadors"),
    ("На приёме по случаю годовщины Лавров заявил, что дорога закрыта.", "ru", "ceremony"),
    ("Комментируя переговоры, Лавров заявил, что дорога закрыта.", "ru", None),
    ("На засіданні Радбезу ООН Лавров заявив, що дорогу закрито.", "uk", "forum"),
    ("За підсумками переговорів Лавров заявив, що дорогу закрито.", "uk", "talks"),
    ("Виступаючи перед студентами, Лавров заявив, що дорогу закрито.", "uk", "university"),
    ("Спілкуючись із журналістами, Лавров заявив, що дорогу закрито.", "uk", "briefing"),
    ("Vor der UN-Generalversammlung sagte Lawrow, die Straße sei gesperrt.", "de", "forum"),
    ("Auf der Münchner Sicherheitskonferenz sagte Lawrow, die Straße sei gesperrt.", "de", "forum"),
    ("In einem Gastbeitrag schrieb Lawrow, die Straße sei gesperrt.", "de", "article"),
    ("Vor Studenten in Moskau sagte Lawrow, die Straße sei gesperrt.", "de", "university"),
    ("À la tribune de l'ONU, Lavrov a affirmé que la route était fermée.", "fr", "forum"),
    ("Dans une tribune publiée lundi, Lavrov a affirmé que la route était fermée.", "fr", "article"),
    ("À l'issue de ses entretiens avec son homologue, Lavrov a affirmé que la route était fermée.", "fr", "talks"),
    ("Devant des étudiants, Lavrov a affirmé que la route était fermée.", "fr", "university"),
    ("BM Genel Kurulu'nda konuşan Lavrov, yolun kapalı olduğunu söyledi.", "tr", "forum"),
    ("Mevkidaşıyla telefonda görüşen Lavrov, yolun kapalı olduğunu söyledi.", "tr", "call"),
    ("Lavrov, üniversite öğrencilerine yolun kapalı olduğunu söyledi.", "tr", "university"),
    ("Lavrov, görüşmelerin ardından yolun kapalı olduğunu söyledi.", "tr", "talks"),
    ("Lavrov, yeni müzakereler hakkında yolun kapalı olduğunu söyledi.", "tr", None),
    ("Desde la tribuna de la ONU, Lavrov aseguró que la carretera está cerrada.", "es", "forum"),
    ("En una clase magistral, Lavrov aseguró que la carretera está cerrada.", "es", "university"),
    ("En un artículo de opinión, Lavrov aseguró que la carretera está cerrada.", "es", "article"),
    ("Al término de la reunión, Lavrov aseguró que la carretera está cerrada.", "es", "talks"),
    ("Sobre el artículo 51 de la Carta, Lavrov aseguró que la carretera está cerrada.", "es", None),
    ("وقال وزير الخارجية الروسي سيرغي لافروف أمام الجمعية العامة إن الطريق مغلق.", "ar", "forum"),
    ("وقال وزير الخارجية الروسي سيرغي لافروف عقب محادثات مع نظيره إن الطريق مغلق.", "ar", "talks"),
    ("وقال وزير الخارجية الروسي سيرغي لافروف أمام طلاب المعهد إن الطريق مغلق.", "ar", "university"),
    ("وقال وزير الخارجية الروسي سيرغي لافروف ردا على سؤال إن الطريق مغلق.", "ar", "briefing"),
    ("وقال وزير الخارجية الروسي سيرغي لافروف بشأن جامعة الدول العربية إن الطريق مغلق.", "ar", None),
    ("Podczas szczytu w Mińsku Ławrow powiedział, że droga jest zamknięta.", "pl", "forum"),
    ("Po zakończeniu rozmów Ławrow powiedział, że droga jest zamknięta.", "pl", "talks"),
    ("Przed deputowanymi Ławrow powiedział, że droga jest zamknięta.", "pl", "parliament"),
    ("W autorskim artykule Ławrow napisał, że droga jest zamknięta.", "pl", "article"),
    ("Komentując artykuł traktatu, Ławrow powiedział, że droga jest zamknięta.", "pl", None),
]


@pytest.mark.parametrize(("text", "lang", "kind"), TOLD_KINDS)
def test_a_kind_is_told_by_how_one_speaks_there_not_by_its_name_alone(text: str, lang: str, kind: str | None) -> None:
    settings = settings_of(text, lang)
    assert settings
    assert [s.occasion if s else None for s in settings] == [kind] * len(settings)


NAMED_KINDS = [
    ("Asked about the next conference, Lavrov said that the road is shut.", "en", "forum"),
    ("In a radio interview, asked about the next conference, Lavrov said that the road is shut.", "en", "interview"),
    ("Комментируя решение депутатов, Лавров заявил, что дорога закрыта.", "ru", "parliament"),
    ("На брифинге, комментируя решение депутатов, Лавров заявил, что дорога закрыта.", "ru", "briefing"),
    ("Zur Debatte über die Brücke sagte Lawrow, die Straße sei gesperrt.", "de", "forum"),
    ("In einem Gastbeitrag zur Debatte über die Brücke schrieb Lawrow, die Straße sei gesperrt.", "de", "article"),
    ("Évoquant le débat en cours, Lavrov a affirmé que la route était fermée.", "fr", "forum"),
    ("Devant des étudiants, évoquant le débat en cours, Lavrov a affirmé que la route était fermée.", "fr",
     "university"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "lang", "kind"), NAMED_KINDS)
def test_a_word_that_may_be_a_topic_counts_where_nothing_tells_how_he_spoke(text: str, lang: str, kind: str) -> None:
    assert setting_of(text, lang).occasion == kind


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Das russische Außenministerium teilte nach einem Gespräch mit der Ukraine mit, der Hafen sei zu.", "de"),
        ("The Russian foreign ministry said after a call with Ukraine that the port is shut.", "en"),
    ],
)
def test_the_own_country_of_a_ministry_is_no_counterpart(text: str, lang: str) -> None:
    (told,) = statements_of(f"\n{text}", lang, PUBLISHED)
    assert told.setting is not None
    assert told.setting.counterparts == ["Q212"]


def test_the_broadcaster_is_named_as_the_article_names_it() -> None:
    russian = setting_of("В интервью телеканалу «Панорама» Лавров заявил, что дорога закрыта.", "ru").medium
    english = setting_of("Lavrov told the Panorama television channel that the road is shut.", "en").medium
    assert russian == "Панорама"
    assert english == "Panorama"


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Lavrov told the newspaper Quay & Harbour in an interview that the road is shut.", "en"),
        ("Лавров заявил в интервью газете Quay & Harbour, что дорога закрыта.", "ru"),
        ("Lawrow sagte der Zeitung Quay & Harbour, die Straße sei gesperrt.", "de"),
        ("Lavrov a déclaré au journal Quay & Harbour que la route était fermée.", "fr"),
        ("Lavrov, Quay & Harbour gazetesine verdiği röportajda yolun kapalı olduğunu söyledi.", "tr"),
    ],
)
def test_a_paper_of_two_names_keeps_both(text: str, lang: str) -> None:
    assert setting_of(text, lang).medium == "Quay & Harbour"


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Lavrov told Turkish Foreign Minister Hakan Fidan that the road is shut.", "en"),
        ("Lavrov told Egypt's Badr Abdelatty that the road is shut.", "en"),
        ("Lavrov told Russian MPs that the road is shut.", "en"),
        ("Lawrow sagte gegenüber Bundesaußenminister Johann Wadephul, die Straße sei zu.", "de"),
    ],
)
def test_somebody_is_no_medium(text: str, lang: str) -> None:
    found = settings_of(text, lang)
    assert found
    assert all(setting is None or setting.medium is None for setting in found)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("“The road will stay shut,” Lavrov said. He made the remarks at a news conference in Ankara on Monday.", "en"),
        ("Lavrov said that the road is shut. The comments came at a news conference in Ankara on Monday.", "en"),
        (
            "Lavrov aseguró que la carretera sigue cerrada. Hizo estas declaraciones en una rueda de prensa el lunes.",
            "es",
        ),
        ("„Die Straße bleibt lange zu“, sagte Lawrow. Das teilte er am Montag auf einer Pressekonferenz mit.", "de"),
    ],
)
def test_the_sentence_behind_his_words_that_takes_them_up_tells_of_the_occasion(text: str, lang: str) -> None:
    first = settings_of(text, lang)[0]
    assert first is not None
    assert (first.date, first.occasion) == ("2026-05-18", "press_conference")


def test_what_a_ministry_says_behind_a_preposition_is_no_persons() -> None:
    said = "حذّر سيرغي لافروف من أن الطريق مغلق."
    text = f"{said} وجاء ذلك في اتصال هاتفي مع نظيره الإيراني، بحسب بيان لوزارة الخارجية الروسية."
    first = settings_of(text, "ar")[0]
    assert first is not None
    assert first.occasion == "call"


def test_what_somebody_else_says_of_his_words_tells_nothing_of_their_occasion() -> None:
    text = "Lavrov said that the road is shut. The remarks were absurd, Sybiha told a briefing in Kyiv on Monday."
    assert settings_of(text, "en") == [None]


RELAYED = [
    ("Лавров заявил в среду, что дорога закрыта, сообщает агентство ТАСС.", "ru"),
    ("Лавров заявив у середу, що переговори провалилися, повідомляє агентство УНІАН.", "uk"),
    ("Lavrov said on Wednesday that the road is shut, the TASS news agency reported.", "en"),
    ("Lawrow sagte am Mittwoch, die Straße sei gesperrt, berichtet die Agentur TASS.", "de"),
    ("Lavrov a déclaré mercredi que la route était fermée, rapporte l'agence TASS.", "fr"),
    ("Lavrov afirmó el miércoles que la carretera está cerrada, informó la agencia TASS.", "es"),
    ("Lavrov said on Wednesday that the road is shut, according to Harbour News Agency.", "en"),
    ("Lavrov said on Wednesday that the road is shut, according to the news agency Harbour Wire.", "en"),
    ("Лавров заявил в среду, что дорога закрыта, со ссылкой на агентство «Гавань» пишет газета «Причал».", "ru"),
    ("Lawrow sagte am Mittwoch, die Straße sei gesperrt, berichtet die Agentur „Hafen Nord“.", "de"),
    ("Lavrov a déclaré mercredi que la route était fermée, selon l'agence « Le Phare ».", "fr"),
    ("Lavrov afirmó el miércoles que la carretera está cerrada, según la agencia «El Faro».", "es"),
]


@pytest.mark.parametrize(("text", "lang"), RELAYED)
def test_who_relays_it_is_no_medium_and_the_words_within_tell_no_kind(text: str, lang: str) -> None:
    found = settings_of(text, lang)
    assert found
    assert [(s.date, s.medium, s.occasion) if s else None for s in found] == [("2026-05-20", None, None)] * len(found)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Lavrov wrote on X that the road is shut.", "en"),
        ("Lavrov wrote on his Facebook page that the road is shut.", "en"),
        ("Lavrov said on Truth Social that the road is shut.", "en"),
        ("Lavrov wrote on social media that the road is shut.", "en"),
        ("Лавров написал в соцсети X, что дорога закрыта.", "ru"),
        ("Лавров написав у соцмережі, що дорогу закрито.", "uk"),
        ("Lawrow schrieb auf X, die Straße sei gesperrt.", "de"),
        ("Lavrov a écrit sur les réseaux sociaux que la route était fermée.", "fr"),
        ("Lavrov escribió en la red social X que la carretera está cerrada.", "es"),
        ("Ławrow napisał w mediach społecznościowych, że droga jest zamknięta.", "pl"),
    ],
)
def test_what_is_posted_is_a_statement(text: str, lang: str) -> None:
    assert setting_of(text, lang).occasion == "statement"


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Lavrov told the UN General Assembly in New York that the road is shut.", "en"),
        ("Lavrov told a BRICS meeting in Rio de Janeiro that the road is shut.", "en"),
        ("Лавров заявил на встрече с послами в Баку, что дорога закрыта.", "ru"),
    ],
)
def test_where_one_speaks_is_no_counterpart(text: str, lang: str) -> None:
    setting = setting_of(text, lang)
    assert setting.place
    assert setting.counterparts == []


def test_a_number_is_no_name_of_a_channel() -> None:
    assert setting_of("Lavrov told Channel One that the road is shut.", "en").medium == "Channel One"


def test_a_paper_whose_name_ends_as_an_institution_does_is_a_paper() -> None:
    assert setting_of("Lavrov told the Morning Sun that the road is shut.", "en").medium == "Morning Sun"
    of_eu = settings_of("Lavrov told EU newspaper reporters that the road is shut.", "en")
    assert of_eu
    assert all(setting is None or setting.medium is None for setting in of_eu)


def test_the_counterpart_is_his_country() -> None:
    by_adjective = setting_of("На встрече с турецким коллегой Лавров заявил, что дорога закрыта.", "ru")
    by_name = setting_of("Lavrov said at talks with the foreign minister of Türkiye that it is shut.", "en")
    assert set(by_adjective.counterparts) & set(by_name.counterparts)
    assert LAVROV not in by_adjective.counterparts


def test_an_article_has_a_setting_without_any_statement() -> None:
    gazetteer = load_gazetteer()
    body = "Sergei Lavrov gave an interview in Ankara on Monday."
    clean = clean_article("Visit", body, at=PUBLISHED)
    entities = find_entities(clean.full_text, "en", gazetteer)
    places = [(e.start, e.end) for e in entities if e.id == LAVROV]
    found = scene(
        AnnotatedArticle(article=clean, lang="en", entities=entities), LAVROV, places, knowledge_of(gazetteer)
    )
    assert found is not None
    assert (found.date, found.occasion) == ("2026-05-18", "interview")


def test_every_country_with_an_adjective_is_in_the_gazetteer() -> None:
    places = set(knowledge_of(load_gazetteer()).demonyms["en"].values())
    assert len(places) >= 150
    data = yaml.safe_load(
        (resources.files("processors.annotate") / "data" / "demonyms.yaml").read_text(encoding="utf-8")
    )
    labels = {entry.label for entry in load_gazetteer().entries if entry.type == "GPE"}
    assert set(data) <= labels


# Inflected as in the text, lower-case; the same word never means two countries.
ADJECTIVES = [
    ("таджикским", "ru", "Tajikistan"),
    ("нигерийской", "ru", "Nigeria"),
    ("нигерского", "ru", "Niger"),
    ("шри-ланкийскому", "ru", "Sri Lanka"),
    ("південнокорейського", "uk", "South Korea"),
    ("в’єтнамською", "uk", "Vietnam"),
    ("в'єтнамський", "uk", "Vietnam"),
    ("jordanischen", "de", "Jordan"),
    ("schweizerischen", "de", "Switzerland"),
    ("südsudanesische", "de", "South Sudan"),
    ("nigérienne", "fr", "Niger"),
    ("nigériane", "fr", "Nigeria"),
    ("somaliennes", "fr", "Somalia"),
    ("malienne", "fr", "Mali"),
    ("sud-africain", "fr", "South Africa"),
    ("neerlandeses", "es", "Netherlands"),
    ("libaneses", "es", "Lebanon"),
    ("chorwackiego", "pl", "Croatia"),
    ("szwedzką", "pl", "Sweden"),
    ("ürdünlü", "tr", "Jordan"),
    ("lankan", "en", "Sri Lanka"),
    ("lao", "en", "Laos"),
    ("العمانية", "ar", "Oman"),
    ("اللبناني", "ar", "Lebanon"),
    ("ليبية", "ar", "Libya"),
    ("ليبيريا", "ar", "Liberia"),
    ("korean", "en", None),
    ("конголезский", "ru", None),
    ("المالية", "ar", None),
    ("كينيدي", "ar", None),
    ("malaise", "fr", None),
]


@pytest.mark.parametrize(("word", "lang", "label"), ADJECTIVES)
def test_adjectives_of_countries_in_their_forms(word: str, lang: str, label: str | None) -> None:
    knowledge = knowledge_of(load_gazetteer())
    country = knowledge.country_of_adjective(word, lang)
    assert (knowledge.labels[country] if country is not None else None) == label


def test_an_adjective_belongs_to_one_country() -> None:
    data = yaml.safe_load(
        (resources.files("processors.annotate") / "data" / "demonyms.yaml").read_text(encoding="utf-8")
    )
    given = [(lang, stem) for by_lang in data.values() for lang, stems in by_lang.items() for stem in stems.split()]
    assert len(given) == len(set(given))
