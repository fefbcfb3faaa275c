"""Whoever may speak in a sentence (``Mention``), what reports words in it (``Found``), which words (``Content``)."""

from dataclasses import dataclass

import msgspec

STATED = "stated by"
"""The base of a passive's cue whose subject is the content; no verb has one with a blank."""

OPENING = "opening"
"""The kind of a cue in the circumstance that opens a sentence: its source stands behind its content."""


class Mention(msgspec.Struct, frozen=True):
    """Tokens ``[first, last)`` of the sentence, characters ``[start, end)``.

    ``kind``: person, role, pronoun, org, name (capitalised, unknown), noun (any other subject). ``number`` s or p,
    ``gender`` m or f or empty; ``oblique``: cannot be a subject; ``places``: ids of countries and cities inside.
    """

    first: int
    last: int
    start: int
    end: int
    text: str
    kind: str
    id: str | None = None
    office: str | None = None
    number: str = "s"
    gender: str = ""
    oblique: bool = False
    indefinite: bool = False
    places: tuple[str, ...] = ()
    name: str | None = None


class Found(msgspec.Struct, frozen=True):
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


@dataclass(slots=True)
class Content:
    """Tokens ``[first, last)`` that ``cue`` reports."""

    cue: Found
    first: int
    last: int
