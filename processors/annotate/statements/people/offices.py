"""Which offices somebody of the article is known to hold, on the day of publication."""

import datetime
from dataclasses import dataclass

from processors.annotate.knowledge import Knowledge
from processors.annotate.statements.people.person import Person

MINISTERS = frozenset({"foreign_minister", "minister"})
TOP = frozenset({"foreign_minister", "minister", "president", "prime_minister"})


@dataclass(frozen=True)
class Offices:
    """``day``: of publication."""

    knowledge: Knowledge
    day: datetime.date | None

    def holder(self, office: str, place: str) -> str | None:
        """Id of who holds the office of a country (or of a city's country)."""
        return self.knowledge.holder(office, place, self.day)

    def holds(self, person: str, offices: frozenset[str]) -> bool:
        return any(
            office in offices and self.holder(office, place) == person
            for office, place in self.knowledge.offices_of(person)
        )

    def may_hold(self, person: Person, offices: frozenset[str]) -> bool:
        return person.id is not None and self.holds(person.id, offices)

    def in_office(self, person: Person, office: str) -> bool:
        """Whether the article or the table gives somebody an office, or what is not known may be this one."""
        if office in person.offices or self.may_hold(person, frozenset({office})):
            return True
        without = self.without_id(person)
        if without is not None:
            return without[0] == office
        # Of which ministry is not said, nor known.
        unknown = person.id is None or not self.knowledge.offices_of(person.id)
        return office in MINISTERS and "minister" in person.offices and unknown

    def known(self, person: Person) -> bool:
        """Whether a person's office is known."""
        return person.id is not None or self.without_id(person) is not None

    def without_id(self, person: Person) -> tuple[str | None, str | None] | None:
        """Office and country of a known person who has no id."""
        known = self.knowledge.unlinked.get(person.name.casefold()) if person.id is None else None
        return None if known is None else (known.office, known.country)

    def at_home(self, person: Person, places: tuple[str, ...]) -> bool:
        """Whether the person is known to hold an office of a country that a description names."""
        return any(place in places for _, place in self.knowledge.offices_of(person.id or ""))

    def speaks_for(self, person: Person) -> set[str]:
        """The countries for which somebody without an office in the table speaks: a spokeswoman without an id, the
        deputy of a country's minister, an institution like the Kremlin. A foreign minister may be the one who is meant.
        """
        if person.kind == "org":
            voice = self.knowledge.voices.get(person.id or person.name.casefold())
            return set() if voice is None else {voice}
        if person.id is not None or person.kind != "person" or "foreign_minister" in person.offices:
            return set()
        known = self.without_id(person)
        if known is not None and known[1] is not None:
            return {known[1]}
        return {self.knowledge.seats.get(place, place) for place in person.places} if person.offices else set()
