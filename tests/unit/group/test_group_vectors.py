"""Centred similarities: exact, whatever stands where in the store; and the shipped means."""

import json
import random
from importlib.resources import files

import numpy as np

from processors.annotate.features import Embedder
from processors.group.vectors.priors import means_of, prior_means
from processors.group.vectors.store import Vectors
from tests.builders import measured


def _vector(seed: int) -> bytes:
    made = np.random.default_rng(seed).normal(size=384)
    return np.rint(127 * made / np.linalg.norm(made)).astype(np.int8).tobytes()


STATEMENTS = [measured(f"s{n}", _vector(n)) for n in range(150)]
LANGS = ["en", "ru", None, "xx"]


def _store(order: list[int], removed: list[int]) -> Vectors:
    store = Vectors(prior=24)
    for n in order:
        store.add(STATEMENTS[n], LANGS[n % 4])
    for n in removed:
        store.remove(f"s{n}")
    return store


def test_similarities_are_the_same_bits_whatever_was_added_and_removed_in_between() -> None:
    asked = [measured(f"s{1000 + n}", _vector(1000 + n)) for n in range(3)]
    seen = set()
    for seed in range(4):
        order = list(range(150))
        random.Random(seed).shuffle(order)
        store = _store(order, order[:40])
        for n in range(150):
            store.remove(f"s{n}")
        for n in sorted(range(60), key=lambda n: (n * 7919 + seed) % 61):
            store.add(STATEMENTS[n], LANGS[n % 4])
        found = store.similar(asked, "en").to(np.arange(store.used))
        rows = [store.row(f"s{n}") for n in range(60)]
        seen.add(found[:, rows].tobytes())
    assert len(seen) == 1


def test_similarity_is_the_cosine_after_the_means_are_taken_off() -> None:
    store = _store(list(range(40)), [])
    asked = measured("s7", _vector(7))
    row = store.row("s11")
    assert row is not None
    got = store.similar([asked], "ru").to(np.arange(store.used))[0][row]
    means = {}
    for lang in ("ru", "xx"):
        rows = [np.frombuffer(STATEMENTS[n].vector, np.int8) for n in range(40) if LANGS[n % 4] == lang]
        prior = prior_means().get(lang, prior_means()[""])
        means[lang] = (24 * prior + np.sum(np.stack(rows).astype(float), axis=0)) / (24 + len(rows))
    a = np.frombuffer(asked.vector, np.int8) - means["ru"]
    b = np.frombuffer(STATEMENTS[11].vector, np.int8) - means["xx"]
    assert abs(got - a @ b / np.linalg.norm(a) / np.linalg.norm(b)) < 0.002


def test_a_statement_without_a_vector_is_like_nothing() -> None:
    store = _store([0, 1], [])
    store.add(measured("s9", b""), "en")
    assert store.row("s9") is None
    assert not store.similar([measured("s9", b"")], "en").to(np.arange(store.used)).any()


def test_shipped_means_are_those_of_the_shipped_sentences() -> None:
    data = files("processors.group") / "data"
    sentences = json.loads((data / "neutral.json").read_text("utf-8"))
    shipped = json.loads((data / "means.json").read_text("utf-8"))["means"]
    assert len({len(texts) for texts in sentences.values()}) == 1  # parallel
    assert means_of({"en": sentences["en"]}, Embedder())["en"] == shipped["en"]
    assert set(shipped) == set(sentences)


def test_translations_are_nearer_than_anything_else_once_the_means_are_off() -> None:
    sentences = json.loads((files("processors.group") / "data" / "neutral.json").read_text("utf-8"))
    embedder, store = Embedder(), Vectors(prior=24)
    for n, vector in enumerate(embedder.embed(sentences["ru"])):
        store.add(measured(f"s{n}", vector), "ru")
    asked = [measured(f"s{100 + n}", v) for n, v in enumerate(embedder.embed(sentences["fr"]))]
    rows = [store.row(f"s{n}") for n in range(len(asked))]
    found = store.similar(asked, "fr").to(np.arange(store.used))[:, rows]
    assert (found.argmax(axis=1) == np.arange(len(asked))).all()
