"""How vectors of a sentence model are compared: what its languages have in common, what tells propositions apart, and
where its cosines lie.

All of it is shipped for the shipped model. For another one a file has it (prepare.py): the means, and at which cosines
the same shares of pairs lie as with the shipped model, for which weights and thresholds were made. Nothing is learned
of its propositions: they are told apart by the centred cosine.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

import msgspec
import numpy as np
import numpy.typing as npt
from msgspec import Meta

from processors.annotate.features import DIMENSIONS, SentenceModel, unpack_vector
from processors.group.vectors.priors import Floats, prior_means, unpacked_means
from processors.group.vectors.propositions import projection
from schemas.errors import SettingsError

# A unit vector of D dimensions, scaled by 127 and rounded, is at most 127 + √D / 2 long: 159 here. Twice that for one
# less a mean, times ``FINE``, times another stays below 2**22 in any part of a product; so does the sum of the absolute
# values of one less a mean, which is what a sketch may add up (√D times its length). Float32 is exact below 2**24.
MOST_DIMENSIONS = 4096
_LONGEST = 159


@dataclass(frozen=True, eq=False)
class Scale:
    """Cosines above which the same shares of pairs of statements lie: this model's centred ones, and the shipped
    model's, centred (``plain``) and projected. Each rises from -1 to 1.
    """

    own: Floats
    plain: Floats
    projected: Floats

    def to_plain(self, cosines: Floats) -> Floats:
        """Centred cosines of this model on the scale of the shipped one's."""
        return np.asarray(np.interp(cosines, self.own, self.plain))

    def to_projected(self, cosines: Floats) -> Floats:
        """The same on the scale of those that are projected."""
        return np.asarray(np.interp(cosines, self.own, self.projected))

    def from_plain(self, cosine: float) -> float:
        return float(np.interp(cosine, self.plain, self.own))


@dataclass(frozen=True, eq=False)
class Space:
    """``means``: prior mean of each language, in units of the vectors; ``""`` is that of them all. ``projection``: see
    propositions.py, shape (``dimensions``, columns); ``scale``: None for the model that weights were made for.
    """

    model: SentenceModel
    dimensions: int
    means: Mapping[str, Floats]
    projection: Floats | None = None
    scale: Scale | None = None

    def unpack(self, packed: bytes) -> npt.NDArray[np.int8] | None:
        """A vector of this space; None where there is none, or one of another model."""
        return unpack_vector(packed, self.dimensions, self.model.mark)

    def as_plain(self, cosines: Floats) -> Floats:
        """Centred cosines of this space on the scale of the shipped one's."""
        return cosines if self.scale is None else self.scale.to_plain(cosines)

    def as_projected(self, cosines: Floats) -> Floats:
        """Cosines that tell propositions apart as this space does on the scale of the shipped one's, projected."""
        return cosines if self.scale is None else self.scale.to_projected(cosines)

    def mean(self, lang: str) -> Floats:
        return self.means.get(lang, self.means[""])


@cache
def shipped_space() -> Space:
    """That of the shipped model."""
    return Space(SentenceModel(), DIMENSIONS, prior_means(), projection())


_Dimensions = Annotated[int, Meta(ge=1, le=MOST_DIMENSIONS)]
_Cosines = Annotated[list[Annotated[float, Meta(ge=-1, le=1)]], Meta(min_length=2)]


class ScaleFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    own: _Cosines
    plain: _Cosines
    projected: _Cosines


class SpaceFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A space as a file has it. ``means``: see ``priors.means_of``."""

    model: str
    prompt: str = ""
    dimensions: _Dimensions
    means: Annotated[dict[str, str], Meta(min_length=1)]
    scale: ScaleFile

    def space(self) -> Space:
        """Raises ``ValueError`` where the parts do not go together."""
        parts = {name: getattr(self.scale, name) for name in ScaleFile.__struct_fields__}
        if len({len(part) for part in parts.values()}) != 1:
            raise ValueError("the lists of scale differ in length")
        for name, part in parts.items():
            if (part[0], part[-1]) != (-1, 1) or not (np.diff(part) > 0).all():
                raise ValueError(f"scale.{name} does not rise from -1 to 1")
        means = unpacked_means(self.means, self.dimensions)
        if long := [lang for lang, mean in means.items() if np.linalg.norm(mean) > _LONGEST]:
            raise ValueError(f"the mean of {long[0]!r} is longer than a vector")
        return Space(
            model=SentenceModel(self.model, self.prompt),
            dimensions=self.dimensions,
            means=means,
            scale=Scale(**{name: np.array(part) for name, part in parts.items()}),
        )


def load_space(path: Path) -> Space:
    """A space from a file; raises ``SettingsError`` that says what is wrong with it."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=SpaceFile).space()
    except OSError as error:
        raise SettingsError(f"group.vector_space {path}: cannot be read: {error.strerror}") from error
    except (msgspec.DecodeError, ValueError) as error:
        raise SettingsError(
            f"group.vector_space {path}: is no vector space: {error}; make it by remarkwire embedding prepare"
        ) from error


def space_for(model: SentenceModel, path: Path | None) -> Space:
    """The space in which the vectors of ``model`` are compared: that of a file, or the shipped one.

    Raises ``SettingsError`` where the file is none, or the space is another model's: of the same length or not, such
    vectors would be compared wrongly.
    """
    space = shipped_space() if path is None else load_space(path)
    if space.model != model:
        named = "the shipped vector space" if path is None else f"group.vector_space {path}"
        raise SettingsError(
            f"{named} is of the model {space.model}, and annotate.embedding_model is {model}; make a file for it by "
            "remarkwire embedding prepare and name it in group.vector_space, or leave both out"
        )
    return space
