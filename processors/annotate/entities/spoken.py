"""Which languages a person speaks in office: what a newsroom's own table says, else the official ones of the countries
whose offices the person held (CLDR).
"""

import functools
from collections.abc import Mapping
from pathlib import Path

from babel import Locale
from babel.languages import get_official_languages

from processors.annotate.entities.entry import Entry
from processors.annotate.entities.folding import fold
from processors.annotate.entities.gazetteer import entries_of

NOBODYS: frozenset[str] = frozenset()


@functools.cache
def spoken_languages(folder: Path | None = None) -> Mapping[str, frozenset[str]]:
    """ISO 639-1 codes by the ids of people; who is not there has none that is known. ``folder``: see
    ``load_gazetteer``.
    """
    entries = entries_of(folder)
    by_id = {entry.id: entry for entry in entries if entry.id is not None}
    people = {entry.id: entry for entry in entries if entry.id is not None and entry.type == "PER"}
    found = {qid: frozenset(entry.spoken) or _of_offices(entry, by_id) for qid, entry in people.items()}
    return {qid: langs for qid, langs in found.items() if langs}


def _of_offices(entry: Entry, by_id: Mapping[str, Entry]) -> frozenset[str]:
    places = {office.country for office in entry.offices}
    return frozenset(lang for place in sorted(places) for lang in _official(_country(by_id.get(place), by_id)))


def _country(place: Entry | None, by_id: Mapping[str, Entry]) -> str | None:
    """The CLDR's code of a country, also of the one in which a city or an organisation is."""
    if place is None:
        return None
    names = (fold(name.text) for name in place.names if name.lang == "en")
    code = next((_territories()[name] for name in names if name in _territories()), None)
    beyond = by_id.get(place.country) if place.country is not None and place.country != place.id else None
    # A country is in no other, so this ends: what has a country has no code of its own.
    return code or (_country(beyond, by_id) if beyond is not None and beyond.country is None else None)


@functools.cache
def _official(code: str | None) -> frozenset[str]:
    """Languages that the law names; where it names none, those that are used as such (English in the United States)."""
    if code is None:
        return NOBODYS
    named = get_official_languages(code) or get_official_languages(code, de_facto=True)
    return frozenset(lang for lang in (name.partition("_")[0] for name in named) if len(lang) == 2)


@functools.cache
def _territories() -> Mapping[str, str]:
    return {fold(str(name)): code for code, name in Locale("en").territories.items() if code.isalpha()}
