"""What the gazetteer knows: entries, their names, and the offices that people hold."""

import dataclasses
from typing import Literal

from schemas import EntityType

Reach = Literal["full", "surname", "careful"]
COLUMNS = ("en", "ru", "uk", "tr", "de", "fr")
"""Languages with a column in the tables."""
OWN_ONLY = ("pl", "cs", "bg", "ar", "es")
"""Languages of ``names.tsv``: their names count in texts of that language only."""
LANGUAGES = (*COLUMNS, *OWN_ONLY)


@dataclasses.dataclass(frozen=True, slots=True)
class Name:
    """One name in one language.

    ``reach``: ``full`` names the entry by itself; ``surname`` is a surname that is distinctive enough to do so;
    ``careful`` is a surname that counts only in an article that has the full name as well. ``local``: a common word of
    other languages (German Island), so a name in texts of its own language only.
    """

    text: str
    lang: str
    reach: Reach = "full"
    local: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Office:
    """An office held in ``country`` (the Wikidata id of a country, city or organisation), ``since`` and ``until`` as
    YYYY-MM or YYYY, None where not known or not over.
    """

    office: str
    country: str
    since: str | None = None
    until: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """One person, place, organisation or agreement. ``id`` is None where no id could be verified: such an entry is
    recognised, never linked. ``given`` are the words of a person's names before the surname, ``behind`` what stands
    after it, each written as one word: Jinping, Jong Un. ``spoken``: ISO 639-1 codes, where an own table gives them.
    """

    id: str | None
    type: EntityType
    label: str
    names: tuple[Name, ...]
    country: str | None = None
    feminine: bool = False
    given: frozenset[str] = frozenset()
    behind: frozenset[str] = frozenset()
    offices: tuple[Office, ...] = ()
    spoken: tuple[str, ...] = ()
