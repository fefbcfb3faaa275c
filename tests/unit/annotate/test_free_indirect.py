"""Sentences that nothing marks as a speaker's, and what makes them his all the same (all of it synthetic)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest
from msgspec.structs import replace

from processors.annotate.core import annotate
from processors.annotate.entities import find_entities, load_gazetteer
from processors.annotate.features import DIMENSIONS, Embedder, SentenceModel
from processors.annotate.features.embedder import SCALE
from processors.annotate.knowledge import knowledge_of
from processors.annotate.statements import find_statements
from processors.annotate.statements.free_indirect import find
from processors.annotate.statements.free_indirect.find import FreeIndirect, Weights, shipped_weights
from schemas import Statement
from tests.builders import WEDNESDAY, clean_article

LAVROV, RUBIO = "Q58217", "Q324546"
TEXT = """News of the delta
The delta must stay open, Lavrov told reporters on Monday. Pilots come and go there.
Nobody will close the river. Why would they? Tea.
The ferry ought to sail by night, the minister said. It was built in 1974.
Rubio said that the river was shallow. The lighthouse should be lit."""

ENGLISH = """Lavrov sets out terms for the strait
Foreign Minister Sergey Lavrov told reporters in Ankara on Monday that the strait would stay open to grain ships. “We
want every harbour to work,” he said.

Insurance is the sticking point. The West must stop treating ports as weapons, and until it does there can be no return
to the old arrangement.

Lavrov added that talks would go on in June. The hall was full and the coffee cold."""
RUSSIAN = """Министр назвал условия по проливу
Глава МИД России Сергей Лавров заявил в понедельник в Анкаре, что пролив останется открытым для зерна. «Мы хотим, чтобы
работал каждый порт», — сказал он.

Запад должен прекратить использовать порты как оружие. Зал был полон, кофе остыл.

Переговоры продолжатся в июне, добавил министр."""


@dataclass
class Wishful(Embedder):
    """Vectors of two directions: sentences with "will" or "should", and all others."""

    asked: list[str] = field(default_factory=list)

    def embed(self, texts: Sequence[str]) -> list[bytes]:
        self.asked += texts
        return [self._vector(" will " in text or " should " in text) for text in texts]

    @staticmethod
    def _vector(wishes: bool) -> bytes:
        vector = np.zeros(DIMENSIONS, dtype=np.int8)
        vector[0 if wishes else 1] = 127
        return vector.tobytes()


def by_vector(**changed: object) -> Weights:
    """Nothing but the direction of the vector counts."""
    none = dict.fromkeys(shipped_weights().sieve, 0.0)
    direction = np.zeros(DIMENSIONS, dtype="<f4")
    direction[0] = 8 / SCALE
    found = Weights(
        least=0.5, sieved=0.0, sieve=none, readings=none | {"likest": 0.0, "alike": 0.0, "bias": -4.0},
        vector=direction.tobytes(),
    )  # fmt: skip
    return replace(found, **changed)


def statements(text: str, more: FreeIndirect | None) -> list[Statement]:
    gazetteer = load_gazetteer()
    entities = find_entities(text, "en", gazetteer)
    return find_statements(text, "en", entities, WEDNESDAY, knowledge=knowledge_of(gazetteer), more=more)


def free(text: str, *speakers: str, **changed: object) -> list[Statement]:
    """Those that are found beside what the rules find, which stays as it is."""
    ruled = statements(text, None)
    found = statements(text, FreeIndirect(Wishful(), speakers or (LAVROV,), by_vector(**changed)))
    assert [s for s in found if s.confidence is None] == ruled
    assert found == sorted(found, key=lambda s: s.start)
    return [s for s in found if s.confidence is not None]


def test_what_a_sentence_says_makes_it_his() -> None:
    found = free(TEXT)
    assert [s.text for s in found] == ["Nobody will close the river", "The lighthouse should be lit"]
    for one in found:
        assert (one.speaker_id, one.kind, one.source, one.cue) == (LAVROV, "indirect", None, None)
        assert one.confidence == 0.98
        assert TEXT[one.start : one.end] == one.text


def test_where_it_stands_makes_it_his_too() -> None:
    readings = by_vector().readings | {"bias": -1.0, "amid": 20.0}
    text = TEXT.replace(" Pilots come and go there.", "").replace(" Why would they? Tea.", "")
    (found,) = free(text, readings=readings, vector=np.zeros(DIMENSIONS, dtype="<f4").tobytes(), least=0.9)
    assert found.text == "Nobody will close the river"


def test_one_statement_in_an_article_does_not_make_another() -> None:
    one, *_ = TEXT.partition(" Why would they?")
    assert free(one) == []
    assert free(f"{one} The ferry will sail, the minister said.") != []


def test_only_who_is_watched_says_it() -> None:
    assert free(TEXT, "Q1") == []
    assert free(TEXT, RUBIO) == []


def test_the_sieve_saves_vectors() -> None:
    embedder = Wishful()
    sieve = by_vector().sieve | {"bias": -3.0, "asks": 6.0}
    statements(TEXT, FreeIndirect(embedder, [LAVROV], by_vector(sieve=sieve, sieved=0.5)))
    assert [text for text in embedder.asked if text.endswith("?")] == ["Why would they?"]
    assert not any("lighthouse" in text for text in embedder.asked)


def test_no_more_vectors_than_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find, "_MOST", 1)
    assert len(free(TEXT)) <= 1


def test_questions_of_an_interview_are_not_his() -> None:
    text = "Interview\nSergey Lavrov: The delta must stay open.\nQuestion: Should it? It should be open for us.\n" * 3
    assert not any("should be" in s.text for s in free(text))


def test_without_the_shipped_vectors_or_somebody_to_watch_nothing_is_added() -> None:
    class Other:
        def encode(self, texts: list[str]) -> object:
            return np.eye(1, DIMENSIONS, dtype=np.float32).repeat(len(texts), axis=0)

    article, gazetteer = clean_article(*TEXT.split("\n", 1)), load_gazetteer()
    ruled = [s.text for s in annotate(article, gazetteer=gazetteer).statements]
    for embedder, speakers in ((Embedder(Other()), [LAVROV]), (Embedder(), None)):  # type: ignore[arg-type]
        found = annotate(article, gazetteer=gazetteer, embedder=embedder, speakers=speakers)
        assert [s.text for s in found.statements] == ruled


def test_the_shipped_weights_are_complete() -> None:
    weights = shipped_weights()
    assert len(weights.of_vector) == DIMENSIONS
    assert set(weights.readings) == {*weights.sieve, "likest", "alike"}
    assert not (weights.of_vector * 2**20 % 1).any()
    assert 0 < weights.sieved < 0.3 < weights.least < 1


@pytest.mark.parametrize(
    ("text", "his", "not_his"), [(ENGLISH, "The West must stop", "coffee"), (RUSSIAN, "Запад должен", "кофе")]
)
def test_the_shipped_weights_tell_a_minister_from_a_reporter(text: str, his: str, not_his: str) -> None:
    title, body = text.split("\n", 1)
    article = clean_article(title, re.sub(r"(?<!\n)\n(?!\n)", " ", body))
    found = annotate(
        article, gazetteer=load_gazetteer(), embedder=SentenceModel().embedder(), speakers=[LAVROV]
    ).statements
    free = [s for s in found if s.confidence is not None]
    assert any(his in s.text for s in free)
    assert not any(not_his in s.text for s in found)
    assert all(s.setting is None and s.vector for s in free)


def test_the_same_article_gives_the_same_bytes() -> None:
    article, gazetteer = clean_article(*TEXT.split("\n", 1)), load_gazetteer()
    first, second = (
        annotate(article, gazetteer=gazetteer, embedder=SentenceModel().embedder(), speakers=[LAVROV]).encode()
        for _ in range(2)
    )
    assert first == second
