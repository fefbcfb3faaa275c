"""A speaker's name by itself, whatever case the article has it in. All names of strangers are invented."""

import pytest

from processors.annotate.core import annotate
from processors.annotate.entities import load_gazetteer, named_alone
from tests.builders import clean_article

LAVROV, TRUMP = "Q58217", "Q22686"


@pytest.mark.parametrize(
    ("lang", "name", "qid", "expected"),
    [
        ("ru", "Лаврова", LAVROV, "Лавров"),
        ("ru", "Сергея Викторовича Лаврова", LAVROV, "Сергей Лавров"),
        ("ru", "Сергей Викторович Лавров", LAVROV, "Сергей Викторович Лавров"),
        ("ru", "Sergey Lavrov", LAVROV, "Сергей Лавров"),
        ("uk", "Зеленським", "Q3874799", "Зеленський"),
        ("pl", "Ławrowem", LAVROV, "Ławrow"),
        ("de", "Trumps", TRUMP, "Trump"),
        ("de", "Kremls", None, "Kreml"),
        ("fr", "Sergei Lavrov", LAVROV, "Sergei Lavrov"),
        ("ru", "Министерства обороны РФ", "Q1146492", "Министерство обороны РФ"),
        ("ru", "Захаровой", None, "Захарова"),
        ("ru", "Генштаба ВСУ", None, "Генштаб ВСУ"),
        ("ru", "Ивана Громова", None, "Иван Громов"),
        ("ru", "Анна Громова", None, "Анна Громова"),
        ("ru", "Громова", None, "Громова"),
        ("ru", "Совета Федерации", None, "Совета Федерации"),
        ("en", "the mayor", None, "the mayor"),
        (None, "Лаврова", LAVROV, "Лаврова"),
    ],
)
def test_a_name_in_the_nominative(lang: str | None, name: str, qid: str | None, expected: str) -> None:
    assert named_alone(name, qid, lang, load_gazetteer()) == expected


@pytest.mark.parametrize(
    ("lang", "text", "speaker"),
    [
        ("ru", "По словам Лаврова, мост откроют осенью.", "Сергей Лавров"),
        (
            "de",
            "Laut Trumps Rede wird die Brücke im Herbst eröffnet. „Sie wird schön“, sagte Trump am Montag.",
            "Donald Trump",
        ),
    ],
)
def test_statements_name_their_speaker_so(lang: str, text: str, speaker: str) -> None:
    article = clean_article(text=text, title="", lang=lang)
    found = annotate(article, gazetteer=load_gazetteer()).statements
    assert found
    assert {statement.speaker for statement in found} == {speaker}
