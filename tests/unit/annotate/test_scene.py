"""Which sentences are asked about the occasion: as many as are needed, and each looked up once."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.annotate.entities import load_gazetteer
from processors.annotate.knowledge import knowledge_of
from processors.annotate.statements.article import scene
from processors.dispatch import reports_of
from schemas import AnnotatedArticle, Entity
from tests.builders import clean_article

LAVROV = "Q58217"


def eager(text: str, offsets: Iterable[int]) -> list[tuple[int, int]]:
    """The plain rule: every sentence is looked up, then the first ones are taken."""
    return list(dict.fromkeys(scene._sentence_at(text, at) for at in offsets))[: scene._SENTENCES]


@given(st.text("a. \n", max_size=40), st.data())
def test_the_first_sentences_are_those_of_the_plain_rule(text: str, data: st.DataObject) -> None:
    place = st.integers(0, len(text))
    offsets = (0, data.draw(place), *sorted(data.draw(st.lists(place, max_size=12))))
    assert scene._sentences(text, offsets) == eager(text, offsets)


@pytest.mark.parametrize("unit", ["Lavrov:\n", "Lavrov, Putin, ", "Lavrov spoke. "])
def test_thousands_of_mentions_need_a_few_look_ups_and_readings(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []
    read: list[int] = []
    plain = scene._sentence_at

    def look(text: str, at: int) -> tuple[int, int]:
        looked.append(at)
        return plain(text, at)

    def habits(_title: str, _text: str, mentions: list[tuple[int, int]]) -> int:
        read.append(len(mentions))
        return 0

    monkeypatch.setattr(scene, "_sentence_at", look)
    monkeypatch.setattr("processors.context.habits", habits)
    article = clean_article("Doe hits back", unit * 5000)
    begin = len(article.title) + 1
    entities = [
        Entity(start=at, end=at + 6, text="Lavrov", type="PER", id=LAVROV)
        for at in range(begin, begin + 5000 * len(unit), len(unit))
    ]
    annotated = AnnotatedArticle(article=article, lang="en", entities=entities, statements=[])
    (report,) = reports_of(annotated, [LAVROV], known=knowledge_of(load_gazetteer()))
    assert report.context.mentions == 5000
    assert len(looked) <= 10
    assert read == [1000]
