"""The cheaper way through slovnet gives what slovnet gives."""

from importlib.metadata import distribution
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.annotate.entities.recognition import EMBEDDINGS, TAGGER
from processors.annotate.entities.russian import RussianNames

TEXTS = (
    "Олег Петренко из «Северного пути» встретился в Минске с г-ном Ли. По словам О. В. Петренко, 5, 6 и 7,5 не решено.",
    "Глава МИД РФ С.В.Лавров — министр -иностранных дел -, заявил: «Нет!!!» Yahoo! , 3/4 , a_ b- c −г и Δσ, mβж :-) ;)",
    "Парламент\u00a0Новой Зеландии\u200b\x00 и 🙂 ООН, ЕС;НАТО.Москва ( Санкт-Петербург ) Ростов -на- Дону, Нью- Йорк",
    "12 , 5 , шесть . 7 / 8 \\ 9 -10 — 11 _ слово_ _слово , а , b,",
)


@pytest.fixture(scope="module")
def slovnet() -> Any:
    from navec import Navec
    from slovnet import NER

    files = distribution("natasha")
    ner = NER.load(str(files.locate_file(TAGGER)))
    return ner.navec(Navec.load(str(files.locate_file(EMBEDDINGS))))


@pytest.fixture(scope="module")
def names(slovnet: Any) -> RussianNames:
    return RussianNames(slovnet)


@pytest.mark.parametrize("text", TEXTS)
def test_spans_are_those_of_slovnet(text: str, slovnet: Any, names: RussianNames) -> None:
    expected = [(s.start, s.stop, s.type) for s in slovnet(text).spans]
    assert [tuple(name) for name in names.names(text)] == expected
    assert [tuple(name) for name in names.names(text)] == expected, "the second time, when all words are known"


def test_a_text_without_words_has_no_names(names: RussianNames) -> None:
    assert names.names("") == names.names(" \n\t") == []


PIECES = (
    "Лавров",
    "МИД",
    "сказал",
    "5",
    "b",
    " ",
    " ",
    ",",
    ".",
    "-",
    "–",
    "_",
    "/",
    "\\",
    "(",
    "§",
    "!",
    ":",
    ")",
    "\n",
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=24).map("".join))
def test_any_marks_between_words_are_read_as_slovnet_reads_them(slovnet: Any, names: RussianNames, text: str) -> None:
    if text.strip():
        expected = [(s.start, s.stop, s.type) for s in slovnet(text).spans]
        assert [tuple(name) for name in names.names(text)] == expected
