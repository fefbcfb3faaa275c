"""A vector space for another sentence model, from texts that are shipped.

Prior means are of the neutral sentences, as the shipped model's are. Where the model's cosines lie is found by pairs of
statements: of each of some percentiles the model's cosine stands for the shipped model's (as ``python -m
tests.quality.fit_propositions`` puts projected cosines on the scale of plain ones).
"""

from collections.abc import Mapping, Sequence

import numpy as np

from processors.annotate.features import Embedder, SentenceModel
from processors.group.vectors.priors import Floats, means_of, neutral_sentences, unpacked_means
from processors.group.vectors.space import MOST_DIMENSIONS, ScaleFile, Space, SpaceFile, shipped_space
from processors.group.vectors.store import Vectors
from schemas import Statement
from schemas.errors import SettingsError

Texts = Mapping[str, Sequence[str]]
"""Texts by language."""

# Percentiles at which the scales of two kinds of cosines are compared.
SHARES = (50, 75, 90, 95, 98, 99, 99.5, 99.9)


def prepared(model: SentenceModel, embedder: Embedder, shipped: Embedder, statements: Texts, prior: float) -> SpaceFile:
    """The space of ``model``, whose own ``embedder`` is given beside the ``shipped`` one.

    ``statements``: such as are compared, in several languages, some of them wordings of one remark; the neutral
    sentences are taken with them. ``prior``: see ``store.Vectors``. Raises ``SettingsError`` where the model cannot be
    loaded, has too many dimensions, or does not tell texts apart.
    """
    neutral = neutral_sentences()
    texts = {lang: [*neutral.get(lang, ()), *statements.get(lang, ())] for lang in sorted({*neutral, *statements})}
    dimensions = len(embedder.embed([neutral["en"][0]])[0]) - len(model.mark)
    if dimensions > MOST_DIMENSIONS:
        raise SettingsError(
            f"{model} makes vectors of {dimensions} dimensions; at most {MOST_DIMENSIONS} are compared exactly"
        )
    means = means_of(neutral, embedder, dimensions)
    own, _ = _percentiles(Space(model, dimensions, unpacked_means(means, dimensions)), embedder, texts, prior)
    plain, projected = _percentiles(shipped_space(), shipped, texts, prior)
    if not (np.diff(own) > 0).all():
        raise SettingsError(f"{model} does not tell texts apart: half of the pairs and more have one cosine")
    return SpaceFile(
        model=model.name, prompt=model.prompt, dimensions=dimensions, means=means,
        scale=ScaleFile(own=own, plain=plain, projected=projected),
    )  # fmt: skip


def _percentiles(space: Space, embedder: Embedder, texts: Texts, prior: float) -> tuple[list[float], list[float]]:
    """Percentiles of the centred cosines of all pairs, and of those that tell propositions apart."""
    store = Vectors(prior, space=space)
    for lang, of_lang in texts.items():
        for number, vector in enumerate(embedder.embed(of_lang)):
            one = Statement(
                statement_id=f"{lang}{number}", start=0, end=0, text="", kind="indirect", vector=vector
            )  # fmt: skip
            store.add(one, lang)
    rows = np.arange(store.used)
    return _ends(store.among(rows)), _ends(store.propositions(rows))


def _ends(cosines: Floats) -> list[float]:
    found = np.percentile(cosines[np.tril_indices(len(cosines), -1)], SHARES)
    return [-1.0, *(round(float(at), 4) for at in found), 1.0]
