"""What a reporting verb or phrase is to the rules of this package."""

from dataclasses import dataclass

from processors.annotate.statements.mentions import Mention


@dataclass(frozen=True, slots=True)
class Found:
    """A cue on tokens ``[first, last)``. ``elided``: the subject is that of the cue before (``X said and added``).

    ``accord``: the phrase is of the kind "according to".
    """

    first: int
    last: int
    kinds: frozenset[str]
    base: str
    source: Mention | None
    elided: bool = False
    accord: bool = False
    self_contained: bool = False
