"""Which sentences without attribution are a watched speaker's all the same.

A logistic regression decides, on where the sentence stands (readings.py), what it says (its sentence vector: a
reporter's "The port was built in 1974" and a minister's "The port will not be anybody's backyard" lie apart), and how
like it is to what the speaker says elsewhere in the article. Its weights were fitted to labelled articles of many
writers (``python -m tests.quality.fit_free_indirect``); docs/quality-log.md has what it finds on sets that it was not
fitted to.
"""

import base64
import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

import msgspec
import numpy as np
import numpy.typing as npt

from processors.annotate.features import DIMENSIONS, Embedder
from processors.annotate.features.embedder import SCALE
from processors.annotate.statements.article.article import Article
from processors.annotate.statements.article.drafts import Draft
from processors.annotate.statements.free_indirect.readings import Candidate, candidates
from processors.annotate.statements.people.person import Person

Floats = npt.NDArray[np.float64]

# A vector takes as long as the rules for a hundred words. The longest articles have no more sentences than this that
# their places speak for.
_MOST = 100
_FINE = 2.0**20


class Weights(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``sieve``: of the readings alone, by which it is decided of which sentences vectors are made; where its
    probability is below ``sieved``, none is. ``vector``: float32, little-endian, for each of the shipped model's 384
    dimensions as the vectors have them, which are whole numbers. All are multiples of 2**-20, so that their sums are
    exact in whatever order a library adds.
    """

    least: float
    sieved: float
    sieve: dict[str, float]
    readings: dict[str, float]
    vector: bytes

    @property
    def of_vector(self) -> Floats:
        return np.frombuffer(self.vector, dtype="<f4").astype(np.float64)


@cache
def shipped_weights() -> Weights:
    """Those of ``data/free_indirect.json``."""
    path = files("processors.annotate") / "data" / "free_indirect.json"
    return msgspec.json.decode(path.read_bytes(), type=Weights)


@dataclass(frozen=True)
class FreeIndirect:
    """Finds them. ``speakers``: the Wikidata ids of those who are watched."""

    embedder: Embedder
    speakers: Collection[str]
    weights: Weights = field(default_factory=shipped_weights)

    def __call__(self, article: Article, drafts: Sequence[Draft]) -> list[Draft]:
        """Statements beside those that were found, which are settled; each sentence is the likeliest speaker's."""
        best: dict[int, tuple[float, Candidate]] = {}
        for person in watched(drafts, self.speakers):
            for likely, one in self._likely(article, drafts, person):
                if likely >= self.weights.least and (one.number not in best or likely > best[one.number][0]):
                    best[one.number] = likely, one
        return [
            Draft(one.start, _end(article.text, one), one.speaker, None, None, number, likely=round(likely, 2))
            for number, (likely, one) in sorted(best.items())
        ]

    def _likely(self, article: Article, drafts: Sequence[Draft], person: Person) -> list[tuple[float, Candidate]]:
        weights = self.weights
        sieved = [(probability(weights.sieve, one.readings), one) for one in candidates(article, drafts, person)]
        kept = sorted((pair for pair in sieved if pair[0] >= weights.sieved), key=lambda pair: -pair[0])[:_MOST]
        if not kept:
            return []
        said = [article.text[d.start : d.end] for d in drafts if d.speaker is person]
        found = with_vectors(self.embedder, article.text, said, [one for _, one in kept])
        direction = weights.of_vector
        return [
            (probability(weights.readings, one.readings | likeness, float(vector @ direction)), one)
            for one, likeness, vector in found
        ]


def watched(drafts: Sequence[Draft], speakers: Collection[str]) -> list[Person]:
    """Those of the speakers who say something in the article, in order of their first words."""
    people = (d.speaker for d in drafts if d.speaker is not None and d.speaker.id in speakers)
    return list(dict.fromkeys(people))


def with_vectors(
    embedder: Embedder, text: str, said: Sequence[str], some: Sequence[Candidate]
) -> list[tuple[Candidate, dict[str, float], Floats]]:
    """With each sentence its likeness to what was ``said``, and its vector, of whole numbers."""
    theirs, ours = _vectors(embedder, said), _vectors(embedder, [text[one.start : one.end] for one in some])
    cosines = ours @ theirs.T / SCALE**2
    return [
        (one, {"likest": float(row.max(initial=0.0)), "alike": math.fsum(row) / max(1, len(row))}, vector)
        for one, row, vector in zip(some, cosines, ours, strict=True)
    ]


def probability(weights: dict[str, float], readings: dict[str, float], more: float = 0.0) -> float:
    """Of a logistic regression; ``more``: what the vector adds."""
    score = math.fsum([weights["bias"], more, *(weights[name] * value for name, value in readings.items())])
    return 1 / (1 + math.exp(-score))


def packed(vector: Floats) -> str:
    """As ``Weights.vector`` stands in JSON."""
    return base64.b64encode((np.rint(vector * _FINE) / _FINE).astype("<f4").tobytes()).decode()


def _vectors(embedder: Embedder, texts: Sequence[str]) -> Floats:
    """Of whole numbers; zeros where a text has none."""
    found = [np.frombuffer(v, dtype=np.int8) for v in embedder.embed(texts)]
    whole = [v if len(v) == DIMENSIONS else np.zeros(DIMENSIONS) for v in found]
    return np.array(whole, dtype=np.float64).reshape(-1, DIMENSIONS)


def _end(text: str, one: Candidate) -> int:
    """Without the marks at its end, as other statements that are whole sentences."""
    end = one.end
    while end > one.start and text[end - 1] in ".,;: \n":
        end -= 1
    return end
