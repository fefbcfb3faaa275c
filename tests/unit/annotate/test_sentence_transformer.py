"""A model of sentence-transformers in place of the shipped one: with a stand-in for the library, and with the library
itself where it is installed.
"""

import sys
from pathlib import Path

import numpy as np
import pytest

from processors.annotate.features import SentenceModel, unpack_vector
from runtime.settings import AnnotateSettings
from schemas.errors import SettingsError
from tests.sentence_models import DIMENSIONS, Library, stand_in


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Library:
    return stand_in(monkeypatch)


def test_each_text_is_embedded_once_alone_and_in_one_thread(library: Library) -> None:
    embedder = SentenceModel("own", "query: ").embedder()
    assert library.loaded == []
    first = embedder.embed(["The harbour opens.", "", "The  harbour\nopens.", "Порт открыт."])
    assert embedder.embed(["Порт открыт."]) == [first[3]]
    assert library.loaded == [("own", {"device": "cpu", "trust_remote_code": False})]
    assert library.threads == [1]
    (asked,) = library.asked
    assert asked[0] == ["Порт открыт.", "The harbour opens."]
    assert asked[1] == {
        "prompt": "query: ", "batch_size": 1, "normalize_embeddings": True, "show_progress_bar": False
    }  # fmt: skip
    assert first[0] == first[2] != first[3]
    assert first[1] == b""
    vector = unpack_vector(first[0], DIMENSIONS, SentenceModel("own", "query: ").mark)
    assert vector is not None
    assert 124 < float(np.linalg.norm(vector.astype(np.float64))) < 130
    assert unpack_vector(first[0], DIMENSIONS, SentenceModel("own").mark) is None


def test_without_a_prompt_the_models_own_files_say_it(library: Library) -> None:
    SentenceModel("own").embedder().embed(["x"])
    assert library.asked[0][1]["prompt"] is None


def test_the_settings_name_the_shipped_model_unless_told_otherwise(library: Library) -> None:
    assert SentenceModel.of(AnnotateSettings()) == SentenceModel()
    given = SentenceModel.of(AnnotateSettings(embedding_model="own", embedding_prompt="query: "))
    assert given == SentenceModel("own", "query: ")
    assert str(given) == "'own' with prompt 'query: '"
    assert library.loaded == []


def test_a_library_that_is_not_there_is_named_with_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    embedder = SentenceModel("own").embedder()
    assert embedder.embed([""]) == [b""]
    with pytest.raises(SettingsError, match=r"'own' needs sentence-transformers.* pip install"):
        embedder.embed(["x"])


def test_a_model_that_cannot_be_loaded_is_named(library: Library) -> None:
    library.error = OSError("no such model")
    with pytest.raises(SettingsError, match=r"'own' cannot be loaded .*no such model"):
        SentenceModel("own").embedder().embed(["x"])


@pytest.mark.filterwarnings("ignore")  # those of the library are its own
def test_the_library_itself_gives_the_same_alone_and_among_others(tmp_path: Path) -> None:
    pytest.importorskip("sentence_transformers", reason="the extra sentence-transformers is not installed")
    folder = _model(tmp_path)
    texts = ["abc", "the harbour opens again before the winter", "b a c", "the lamps"]
    together = SentenceModel(folder).embedder().embed(texts)
    assert [SentenceModel(folder).embedder().embed([text])[0] for text in texts] == together
    assert SentenceModel(folder, "query: ").embedder().embed(texts) != together
    vectors = np.stack([np.frombuffer(one, dtype=np.int8, count=48) for one in together]).astype(np.float64)
    assert vectors.shape == (len(texts), 48)
    assert (np.abs(np.linalg.norm(vectors, axis=1) - 127) < 3).all()


def _model(folder: Path) -> str:
    """A small BERT with random weights and a vocabulary of letters; the library adds mean pooling."""
    import torch
    from transformers import BertConfig, BertModel, BertTokenizer

    letters = "abcdefghijklmnopqrstuvwxyz:."
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{letter}" for letter in letters)]
    (folder / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    torch.manual_seed(1)
    sizes = {"hidden_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 96}
    BertModel(BertConfig(vocab_size=len(vocabulary), **sizes)).save_pretrained(folder / "model")
    BertTokenizer(str(folder / "vocab.txt")).save_pretrained(folder / "model")
    return str(folder / "model")
