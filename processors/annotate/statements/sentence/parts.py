"""The parts of an attribution: who may be its source (``Mention``), its cue (``Cue``), its content (``Content``)."""

from dataclasses import dataclass

import msgspec

STATED = "stated by"
"""The base of a passive's cue whose subject is the content; no verb has one with a blank."""

OPENING = "opening"
"""The kind of a cue in the circumstance that opens a sentence: its source stands behind its content."""


class Mention(msgspec.Struct, frozen=True):
    """Tokens ``[first, last)`` of the sentence, characters ``[start, end)``.

    ``kind``: person, role, pronoun, org, name (capitalised, unknown), noun (any other subject). ``number`` s or p,
    ``gender`` m or f or empty; ``oblique``: cannot be a subject; ``indefinite``: introduced as one of many ("a
    minister"); ``places``: ids of countries and cities inside; ``office`` of a role; ``name`` beside it, or in full.
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


class Cue(msgspec.Struct, frozen=True):
    """What attributes words to somebody: a verb, a noun or a phrase, on tokens ``[first, last)``."""

    first: int
    last: int
    kinds: frozenset[str]
    """What it takes as its content (``say``, ``clause``, ``name``: see ``ReportingVerb``), or what form it has
    (``noun``, ``infinitive``, ``passive``, ``OPENING``).
    """
    base: str
    """The verb's base form, by which the lexicon's lists know it, or the name of the construction."""
    source: Mention | None
    """Whose words they are, if the sentence says so."""
    elided: bool = False
    """The subject is that of the cue before: "X said and added"."""
    accord: bool = False
    """It is a phrase like "according to"."""
    self_contained: bool = False
    """It has its source in itself, and names nobody: "in his words"."""


@dataclass(slots=True)
class Content:
    """Tokens ``[first, last)`` that ``cue`` reports."""

    cue: Cue
    first: int
    last: int
