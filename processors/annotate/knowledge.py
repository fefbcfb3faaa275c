"""What the rules know of the world beyond the article, drawn from the gazetteer: who holds which office and when, which
country a city stands for ("Moscow's top diplomat"), and the adjectives of countries ("the Russian minister").
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

import yaml

from processors.annotate.entities import Gazetteer

# Languages whose adjectives are listed as whole words; those of the others are inflected.
_WHOLE_WORDS = frozenset({"en", "tr"})
_MAX_ENDING = 5


@dataclass(frozen=True)
class Term:
    """A time in office; ``since`` and ``until`` as YYYY-MM or YYYY, None where open."""

    person: str
    since: str | None
    until: str | None


@dataclass(frozen=True)
class Unlinked:
    """Somebody without an id: a name that is the same in all languages, the office, and the country whose it is."""

    label: str
    country: str | None
    office: str | None


@dataclass(frozen=True)
class Knowledge:
    """``terms``: by (office, country id); ``labels``: ids to names; ``feminine``: ids of women; ``seats``: city or
    organisation ids to country ids; ``demonyms``: language to the beginning of an adjective to its country's id;
    ``held``: offices by person; ``given``: the first words of a person's names, case-folded;
    ``countries``: names of one word, in all languages and cases, case-folded, to country ids; ``unlinked``: people of
    whom no id is known, by each name that means one of them, case-folded, with the country whose office each holds;
    ``voices``: organisations that speak for their country, by id or by name (in all cases, case-folded), to its id.
    """

    terms: Mapping[tuple[str, str], tuple[Term, ...]] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    feminine: frozenset[str] = frozenset()
    seats: Mapping[str, str] = field(default_factory=dict)
    demonyms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    held: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    given: Mapping[str, frozenset[str]] = field(default_factory=dict)
    countries: Mapping[str, str] = field(default_factory=dict)
    unlinked: Mapping[str, "Unlinked"] = field(default_factory=dict)
    voices: Mapping[str, str] = field(default_factory=dict)

    def holder(self, office: str, place: str, day: datetime.date | None) -> str | None:
        """Id of who held the office on that day; of who holds it now where the day is unknown."""
        held = self.terms.get((office, self.seats.get(place, place)), ())
        latest = sorted(held, key=lambda t: t.since or "", reverse=True) if day is not None else held
        return next((term.person for term in latest if _runs(term, day)), None)

    def offices_of(self, person: str) -> tuple[tuple[str, str], ...]:
        """(office, country id) pairs that the person ever held."""
        return self.held.get(person, ())

    def offices_on(self, person: str, day: datetime.date | None) -> list[tuple[str, str]]:
        """Those that the person held on that day; now, where the day is unknown."""
        terms = ((key, term) for key in self.offices_of(person) for term in self.terms.get(key, ()))
        return [key for key, term in terms if term.person == person and _runs(term, day)]

    def country_of_adjective(self, word: str, lang: str | None) -> str | None:
        """Country id of a lower-case adjective."""
        stems = self.demonyms.get(lang or "")
        if not stems:
            return None
        if lang in _WHOLE_WORDS:
            return stems.get(word)
        for end in range(len(word), max(2, len(word) - _MAX_ENDING - 1), -1):
            if word[:end] in stems:
                return stems[word[:end]]
        return None


def _runs(term: "Term", day: datetime.date | None) -> bool:
    if day is None:
        return term.until is None
    moment, since, until = day.isoformat()[:7], term.since or "", term.until or "9999"
    return since <= moment[: len(since)] and moment[: len(until)] <= until


NOTHING = Knowledge()
# Offices that the rules know by one name.
_SAME = {"chancellor": "prime_minister"}


def _named(office: str) -> str:
    """An office as the rules write it."""
    name = office.replace("-", "_")
    return _SAME.get(name, name)


@cache
def _demonyms() -> dict[str, dict[str, str]]:
    file = resources.files("processors.annotate") / "data" / "demonyms.yaml"
    data: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return {label: {lang: str(stems) for lang, stems in by_lang.items()} for label, by_lang in data.items()}


@cache
def _voices() -> frozenset[str]:
    file = resources.files("processors.annotate") / "data" / "voices.yaml"
    return frozenset(yaml.safe_load(file.read_text(encoding="utf-8")))


@cache
def knowledge_of(gazetteer: Gazetteer) -> Knowledge:
    """Gathers it once for each gazetteer."""
    terms: dict[tuple[str, str], list[Term]] = {}
    labels: dict[str, str] = {}
    seats: dict[str, str] = {}
    places: dict[str, str] = {}
    feminine: set[str] = set()
    held: dict[str, list[tuple[str, str]]] = {}
    given: dict[str, frozenset[str]] = {}
    unlinked: dict[str, Unlinked] = {}
    voices: dict[str, str] = {}
    for entry in gazetteer.entries:
        if entry.type == "ORG" and entry.country and entry.label in _voices():
            voices.update((form.casefold(), entry.country) for form in gazetteer.forms_of(entry))
            if entry.id is not None:
                voices[entry.id] = entry.country
        if entry.id is None:
            last = entry.offices[-1] if entry.offices else None
            where, what = (last.country, _named(last.office)) if last is not None else (None, None)
            known = Unlinked(entry.label, where, what)
            unlinked.update((name, known) for n in entry.names for name in _called(n.text))
            continue
        labels[entry.id] = entry.label
        if entry.type in ("GPE", "ORG") and entry.country:
            seats[entry.id] = entry.country
        if entry.type == "GPE":
            places.setdefault(entry.label, entry.id)
        if entry.feminine:
            feminine.add(entry.id)
        if entry.type == "PER":
            given[entry.id] = frozenset(n.text.casefold().split()[0] for n in entry.names if " " in n.text)
        for office in entry.offices:
            key = (_named(office.office), office.country)
            held.setdefault(entry.id, []).append(key)
            terms.setdefault(key, []).append(Term(entry.id, office.since, office.until))
    demonyms: dict[str, dict[str, str]] = {}
    for label, by_lang in _demonyms().items():
        place = places.get(label)
        if place is not None:
            for lang, stems in by_lang.items():
                demonyms.setdefault(lang, {}).update((stem, place) for stem in stems.split())
    homes = {place for _, place in terms} | {place for stems in demonyms.values() for place in stems.values()}
    countries = {
        form.casefold(): place for place in sorted(homes) for form in gazetteer.aliases_of(place) if " " not in form
    }
    return Knowledge(
        countries=countries,
        unlinked=unlinked,
        voices=voices,
        terms={key: tuple(held) for key, held in terms.items()},
        labels=labels,
        feminine=frozenset(feminine),
        seats=seats,
        demonyms=demonyms,
        given=given,
        held={person: tuple(dict.fromkeys(keys)) for person, keys in held.items()},
    )


def _called(name: str) -> tuple[str, str]:
    """A full name and its surname."""
    folded = name.casefold()
    return folded, folded.rsplit(maxsplit=1)[-1]
