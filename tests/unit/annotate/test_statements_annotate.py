"""The whole of ``annotate`` on one synthetic article."""

from collections.abc import Sequence

from processors.annotate.core import annotate
from processors.annotate.entities import load_gazetteer
from processors.annotate.features import Embedder
from schemas import AnnotatedArticle
from tests.builders import WEDNESDAY, clean_article

LAVROV = "Q58217"


class CountingEmbedder(Embedder):
    """Keeps what it was asked for instead of loading a model."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> list[bytes]:
        self.asked.extend(texts)
        return [b"\1" * 384 for _ in texts]


ARTICLE = clean_article(
    "Road stays shut, says Lavrov",
    "Sergei Lavrov said on Monday that 17 roads in Serbia stay shut.\nRubio said that 3 roads were open.",
    at=WEDNESDAY,
)


def test_statements_are_measured_and_only_watched_speakers_embedded() -> None:
    embedder = CountingEmbedder()
    found = annotate(ARTICLE, gazetteer=load_gazetteer(), embedder=embedder, speakers={LAVROV})
    assert found.lang == "en"
    his = [s for s in found.statements if s.speaker_id == LAVROV]
    others = [s for s in found.statements if s.speaker_id != LAVROV]
    assert [s.text for s in his] == embedder.asked
    assert all(len(s.vector) == 384 for s in his)
    assert len(others) == 1
    assert others[0].vector == b""
    assert his[1].numbers == ["17"]
    assert his[1].names == ["Q403"]
    assert his[1].setting is not None
    assert his[1].setting.date == "2026-05-18"
    assert found.signature.shingles


def test_the_same_article_gives_the_same_message() -> None:
    first, second = (annotate(ARTICLE, gazetteer=load_gazetteer()) for _ in range(2))
    assert first.encode() == second.encode()
    assert AnnotatedArticle.decode(first.encode()) == first
    assert all(s.vector == b"" for s in first.statements)
