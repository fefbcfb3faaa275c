"""When, where, with whom and in what form; synthetic sentences of our own writing."""

import datetime
from importlib import resources

import pytest
import yaml

from processors.annotate.entities import find_entities, load_gazetteer
from processors.annotate.knowledge import knowledge_of
from processors.annotate.setting import article_setting
from processors.annotate.statements import find_statements
from schemas import Setting

LAVROV = "Q58217"
# A Wednesday; half past one at night in Moscow is still Tuesday in Greenwich.
PUBLISHED = datetime.datetime(2026, 5, 20, 1, 30, tzinfo=datetime.timezone(datetime.timedelta(hours=3)))


def setting_of(text: str, lang: str) -> Setting:
    gazetteer = load_gazetteer()
    full = f"\n{text}"
    entities = find_entities(full, lang, gazetteer)
    found = find_statements(full, lang, entities, PUBLISHED, knowledge=knowledge_of(gazetteer))
    return next(s.setting for s in found if s.speaker_id == LAVROV and s.setting) or Setting()


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


@pytest.mark.parametrize(("text", "lang", "date"), DATES)
def test_dates_are_those_of_the_place_of_publication(text: str, lang: str, date: str) -> None:
    assert setting_of(text, lang).date == date


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


def test_the_broadcaster_is_named_as_the_article_names_it() -> None:
    russian = setting_of("В интервью телеканалу «Панорама» Лавров заявил, что дорога закрыта.", "ru").medium
    english = setting_of("Lavrov told the Panorama television channel that the road is shut.", "en").medium
    assert russian == "Панорама"
    assert english == "Panorama"


def test_the_counterpart_is_his_country() -> None:
    by_adjective = setting_of("На встрече с турецким коллегой Лавров заявил, что дорога закрыта.", "ru")
    by_name = setting_of("Lavrov said at talks with the foreign minister of Türkiye that it is shut.", "en")
    assert set(by_adjective.counterparts) & set(by_name.counterparts)
    assert LAVROV not in by_adjective.counterparts


def test_an_article_has_a_setting_without_any_statement() -> None:
    gazetteer = load_gazetteer()
    text = "Visit\nSergei Lavrov gave an interview in Ankara on Monday."
    found = article_setting(
        text,
        find_entities(text, "en", gazetteer),
        LAVROV,
        lang="en",
        published=PUBLISHED,
        knowledge=knowledge_of(gazetteer),
    )
    assert found is not None
    assert (found.date, found.occasion) == ("2026-05-18", "interview")


def test_every_country_with_an_adjective_is_in_the_gazetteer() -> None:
    places = set(knowledge_of(load_gazetteer()).demonyms["en"].values())
    assert len(places) >= 50
    data = yaml.safe_load(
        (resources.files("processors.annotate") / "data" / "demonyms.yaml").read_text(encoding="utf-8")
    )
    labels = {entry.label for entry in load_gazetteer().entries if entry.type == "GPE"}
    assert set(data) <= labels
