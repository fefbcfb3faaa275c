"""Texts that are no articles are annotated like any other: nothing fails, and every offset holds."""

import numpy as np
import numpy.typing as npt
import pytest

from processors.annotate.core import MOST_VECTORS, annotate
from processors.annotate.entities import load_gazetteer
from processors.annotate.features import Embedder
from processors.annotate.features.embedder import DIMENSIONS
from schemas import CleanArticle
from tests.bench.lengths import TEXTS, article, text_of
from tests.builders import statements_of


def annotated(text: str, lang: str) -> tuple[CleanArticle, int]:
    given = article(text, lang)
    found = annotate(given, gazetteer=load_gazetteer())
    full = given.full_text
    for one in (*found.entities, *found.statements):
        assert full[one.start : one.end] == one.text
    return given, len(found.statements)


@pytest.mark.parametrize("name", TEXTS)
def test_no_text_fails(name: str) -> None:
    annotated(text_of(name, 3000), TEXTS[name][0])


@pytest.mark.parametrize("char", ["\x00", "\ud800", "\u200b", "\u202e", "\ufeff", "🙂", "e\u0301", "«", '"', "\n", " "])
@pytest.mark.parametrize("lang", ["en", "ru", "ar", "tr", "cs"])
def test_a_text_of_one_character_says_nothing(char: str, lang: str) -> None:
    assert annotated(char * 500, lang)[1] <= 1


def test_no_text_keeps_the_sentence_model_for_minutes() -> None:
    class Counted:
        def __init__(self) -> None:
            self.texts = 0

        def encode(self, texts: list[str]) -> npt.NDArray[np.float32]:
            self.texts += len(texts)
            return np.zeros((len(texts), DIMENSIONS), dtype=np.float32)

    text = "".join(f"Lavrov said that ferry {n} would sail.\n" for n in range(MOST_VECTORS + 40))
    encoder = Counted()
    found = annotate(article(text, "en"), gazetteer=load_gazetteer(), embedder=Embedder(encoder))
    assert encoder.texts == MOST_VECTORS
    assert len(found.statements) == MOST_VECTORS + 40
    assert [bool(s.vector) for s in found.statements] == [True] * MOST_VECTORS + [False] * 40


def test_names_within_a_statement_are_its_own_in_a_long_text() -> None:
    text = "".join(
        f"Lavrov said that Rubio would come to Ankara on day {n}.\nBaerbock left for Astana.\n" for n in range(60)
    )
    found = annotate(article(text, "en"), gazetteer=load_gazetteer())
    assert {tuple(s.names) for s in found.statements} == {("Q324546", "Q3640")}
    assert len(found.statements) == 60


@pytest.mark.parametrize(
    ("lang", "title"),
    [("ru", "Статья Сергея Лаврова в нашем журнале"), ("en", "Article by Sergei Lavrov in our magazine")],
)
def test_a_title_that_announces_an_article_may_have_no_text(lang: str, title: str) -> None:
    assert statements_of(f"{title}\n", lang) == []
