"""Which propositions are one, by the learned projection: exact, and it knows translations that it was not fitted to."""

import itertools
import json
from importlib.resources import files

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from processors.annotate.features import DIMENSIONS, Embedder
from processors.group.vectors.propositions import KEPT, on_the_scale_of_plain, packed, projection
from processors.group.vectors.store import Vectors
from tests.builders import measured
from tests.quality.fit_propositions import Labelled, fitted, told_apart

LANGS = ("en", "ru", None)


def _store(count: int) -> Vectors:
    made, store = np.random.default_rng(5), Vectors(prior=24)
    for n in range(count):
        vector = made.normal(size=DIMENSIONS)
        vector = np.rint(127 * vector / np.abs(vector).max()).astype(np.int8)
        store.add(measured(f"s{n}", vector.tobytes()), LANGS[n % 3])
    return store


STORE = _store(40)


@given(st.lists(st.integers(0, 39), min_size=1, max_size=40, unique=True))
def test_the_same_bits_whichever_are_asked_and_in_whatever_order(chosen: list[int]) -> None:
    whole = STORE.propositions(np.arange(40))
    rows = np.array(chosen)
    assert STORE.propositions(rows).tobytes() == np.ascontiguousarray(whole[np.ix_(rows, rows)]).tobytes()


def test_the_cosine_of_what_is_projected() -> None:
    told = STORE.centred(np.arange(40)) @ projection()
    told /= np.linalg.norm(told, axis=1, keepdims=True)
    assert np.abs(STORE.propositions(np.arange(40)) - told @ told.T).max() < 0.01


def test_a_new_statement_is_compared_as_a_stored_one() -> None:
    rows = np.arange(40)
    new = STORE.similar([measured("new", STORE.matrix[7].tobytes()), measured("none", b"")], LANGS[7 % 3])
    assert np.array_equal(new.told(rows)[0], STORE.propositions(rows)[7])
    assert not new.told(rows)[1].any()


def test_the_scale_rises_from_end_to_end() -> None:
    at = np.linspace(-1, 1, 201)
    on = on_the_scale_of_plain(at)
    assert (on[0], on[-1]) == (-1, 1)
    assert (np.diff(on) > 0).all()


def test_a_vector_of_nothing_but_zeros_divides_by_nothing() -> None:
    store = Vectors(prior=1)
    store.add(measured("s", bytes(DIMENSIONS)), "xx")
    assert np.isfinite(store.propositions(np.arange(1))).all()


def test_the_shipped_projection_is_whole_and_uses_its_range() -> None:
    assert projection().shape == (DIMENSIONS, KEPT)
    assert np.abs(projection()).max() == 127
    assert (
        packed(projection())
        == json.loads((files("processors.group") / "data" / "propositions.json").read_text("utf-8"))["projection"]
    )


def test_a_translation_is_nearer_than_any_other_sentence() -> None:
    """Sentences of our own, parallel in all languages, that no weight was fitted to."""
    sentences = json.loads((files("processors.group") / "data" / "neutral.json").read_text("utf-8"))
    embedder, store, langs = Embedder(), Vectors(prior=24), ("ar", "ru")
    for lang in langs:
        for n, vector in enumerate(embedder.embed(sentences[lang])):
            store.add(measured(f"{lang}{n}", vector), lang)
    count = len(sentences["ru"])
    found = store.propositions(np.arange(len(langs) * count))
    for one, other in itertools.combinations(range(len(langs)), 2):
        across = found[one * count : (one + 1) * count, other * count : (other + 1) * count]
        assert (across.argmax(axis=1) == np.arange(count)).mean() > 0.95, (langs[one], langs[other])


def _set(seed: int) -> Labelled:
    """Thirty remarks in three languages: what a remark says stands in the first ten directions, its language, four
    times as strong, in the ten after them.
    """
    made = np.random.default_rng(seed)
    said, langs = made.normal(size=(30, 10)), 4 * made.normal(size=(3, 10))
    vectors = np.zeros((90, DIMENSIONS))
    for n in range(90):
        vectors[n, :10], vectors[n, 10:20] = said[n // 3], langs[n % 3]
    vectors += 0.02 * made.normal(size=vectors.shape)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return Labelled("made", vectors, np.arange(90), np.arange(90) // 3, np.zeros(90, dtype=np.intp))


def test_what_is_fitted_weighs_down_how_wordings_of_one_remark_differ() -> None:
    learned = fitted([_set(seed) for seed in range(12)])
    unseen = _set(99)
    assert learned.shape == (DIMENSIONS, KEPT)
    assert told_apart(unseen, np.eye(DIMENSIONS)) < 0.75
    assert told_apart(unseen, learned) > 0.85
