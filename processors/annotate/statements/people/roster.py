"""The people of one article, each found again by id, surname, given name and patronymic, or by the words for him."""

from processors.annotate.knowledge import Knowledge
from processors.annotate.statements.people.mentions import Mention
from processors.annotate.statements.people.person import Person
from processors.annotate.statements.text.possessive import without_possessive

# A bound on the work: people who share a word of their names.
_NAMESAKES = 40
_PATRONYMICS = ("ович", "евич", "овна", "евна", "ovich", "evich", "ovych", "ovna", "evna", "ївна")


class Roster:
    """In order of appearance. ``cases``: whether names are inflected."""

    def __init__(self, knowledge: Knowledge, *, cases: bool) -> None:
        self._knowledge = knowledge
        self._cases = cases
        self._people: list[Person] = []
        self._given: dict[str, list[Person]] = {}
        # The same by id, by surname, by kind and name, and those with an office: a text may name thousands.
        self.ids: dict[str, Person] = {}
        self._keys: dict[str, list[Person]] = {}
        self._names: dict[tuple[str, str], Person] = {}
        self.officials: dict[Person, None] = {}

    def homes(self) -> dict[str, str]:
        """Person ids to the country that the article names with them."""
        return {p.id: min(p.places) for p in self._people if p.id is not None and p.places}

    def named(self, mention: Mention) -> Person:
        """Whom a name means, with what stands beside it noted."""
        person = self._of_name(mention)
        person.doubtful = person.doubtful and mention.kind == "name" and not mention.office
        if mention.office:
            person.offices.add(mention.office)
            if mention.office == "epithet":
                person.titles.update(mention.text.casefold().split())
            self.officials[person] = None
            person.places.update(mention.places)
        if mention.gender and not person.gender:
            person.gender = mention.gender
        return person

    def by_id(self, holder: str, office: str, places: tuple[str, ...]) -> Person:
        """A known person, who holds the office."""
        person = self.ids.get(holder)
        if person is not None:
            person.offices.add(office)
            person.places.update(places)
            self.officials[person] = None
            return person
        label = self._knowledge.labels.get(holder, holder)
        gender = ("f" if holder in self._knowledge.feminine else "m") if self._knowledge.labels else ""
        # Only an office has told of them so far: the goalkeeper of the same surname is somebody else.
        return self._new(Person(label, holder, gender=gender, offices={office} - {""}, places=set(places)), named=False)

    def other(self, mention: Mention, kind: str) -> Person:
        """Who is nothing but the words for him: an institution, a stranger without a name."""
        text = _plain(mention.name or mention.text)
        known = self._names.get((kind, text.casefold()))
        if known is not None:
            return known
        shown = Person(text, mention.id, kind, mention.number, mention.gender, set(), set(mention.places))
        shown.passing = mention.indefinite or (mention.office == "spokesperson" and not mention.name)
        if mention.office and kind == "person" and mention.office != "other":
            shown.offices.add(mention.office)
        # "A spokesman for Lavrov" has no name: "Lavrov" is another.
        return self._new(shown, named=bool(mention.name))

    def _of_name(self, mention: Mention) -> Person:
        name = _plain(mention.name or mention.text)
        known_as = self._by_patronymic(name)
        if known_as is not None:
            return known_as
        key = _key(name, self._cases)
        known = [person for word in key for person in self._keys.get(word, ())[-_NAMESAKES:]]
        if mention.id is not None and mention.id in self.ids:
            known.append(self.ids[mention.id])
        for person in sorted(known, key=lambda p: -p.number_in_text):
            same = mention.id is not None and person.id == mention.id
            if same or mention.id is None or person.id is None:
                if person.id is None and mention.id is not None:
                    person.id = mention.id
                    self.ids.setdefault(mention.id, person)
                if len(name) > len(person.name):
                    person.name = name
                self._note(person)
                return person
        gender = mention.gender
        if mention.id is not None and self._knowledge.labels:
            gender = "f" if mention.id in self._knowledge.feminine else "m"
        return self._new(Person(name, mention.id, gender=gender, doubtful=mention.kind == "name"))

    def _by_patronymic(self, name: str) -> Person | None:
        """Whom a given name and patronymic mean («Сергей Викторович»): the article's only one of that given name."""
        given, _, rest = name.casefold().partition(" ")
        if " " in rest or not rest.endswith(_PATRONYMICS):
            return None
        namesakes = self._given.get(given, [])
        return namesakes[0] if len(namesakes) == 1 else None

    def _note(self, person: Person) -> None:
        """Lets a person be found by the surname."""
        for word in _key(person.name, self._cases):
            known = self._keys.setdefault(word, [])
            if person not in known[-_NAMESAKES:]:
                known.append(person)

    def _new(self, person: Person, *, named: bool = True) -> Person:
        person.number_in_text = len(self._people)
        self._people.append(person)
        if person.id is not None:
            self.ids.setdefault(person.id, person)
        if person.kind == "person":
            first, _, rest = person.name.casefold().partition(" ")
            for given in {first, *self._knowledge.given.get(person.id or "", ())} if rest or person.id else ():
                self._given.setdefault(given, []).append(person)
            if named:
                self._note(person)
        self._names.setdefault((person.kind, person.name.casefold()), person)
        if person.offices:
            self.officials[person] = None
        return person


def _plain(text: str) -> str:
    return without_possessive(" ".join(text.split()))


def _key(name: str, cases: bool) -> set[str]:
    """The surname, folded; in Slavic languages without the last letters that cases change."""
    words = [w.strip(".,'’") for w in name.casefold().replace("ё", "е").split()]
    last = next((w for w in reversed(words) if len(w) > 2), words[-1] if words else "")
    for mark in ("'", "’"):
        last = last.partition(mark)[0]
    if cases and len(last) > 5:
        last = last[: max(4, len(last) - 3)]
    return {last} if last else set()
