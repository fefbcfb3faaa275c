"""From a mention to the person: names, roles and pronouns resolved within one article.

A role is bound to whoever stands beside it anywhere in the article ("Russian Foreign Minister Sergei Lavrov" makes
"the Russian minister" him); only then does the table of office holders help. A pronoun is the last source or subject
of fitting number and gender. Institutions and strangers are speakers of their own.
"""

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from processors.annotate.knowledge import Knowledge
from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.people.mentions import Mention
from processors.annotate.statements.text.possessive import POSSESSIVE, without_possessive
from schemas import Entity

_REMEMBERED = 40
# So many times as often as the next must somebody be named whom an article is about.
_FOCUS = 1.5
_STRANGERS = 20
# Letters of an abbreviation.
_ABBREVIATION = 5
_PATRONYMICS = ("ович", "евич", "овна", "евна", "ovich", "evich", "ovych", "ovna", "evna", "ївна")
_MINISTERS = frozenset({"foreign_minister", "minister"})
_TOP = frozenset({"foreign_minister", "minister", "president", "prime_minister"})
_HELD = ("foreign_minister", "president", "prime_minister")
_COMPATIBLE: dict[str, frozenset[str]] = {
    "minister": _MINISTERS,
    "foreign_minister": frozenset({"foreign_minister"}),
    "diplomat": frozenset({"diplomat", "foreign_minister", "spokesperson", "deputy"}),
}


@dataclass(eq=False)
class Person:
    """A speaker of the article; ``name`` is the fullest form seen."""

    name: str
    id: str | None = None
    kind: str = "person"
    number: str = "s"
    gender: str = ""
    offices: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    titles: set[str] = field(default_factory=set)
    """The words beside the name that are no office ("speaker Vyacheslav Volodin")."""
    number_in_text: int = 0
    passing: bool = False
    """Introduced without a name and as one of many ("a spokesman"): no later paragraph's pronoun means them."""
    doubtful: bool = False
    """Only a capitalised word so far, without office or words: a pronoun rather means whom the article is about."""


class Speakers:
    """The speakers of one article, in order of appearance."""

    def __init__(
        self, lexicon: Lexicon, knowledge: Knowledge, day: datetime.date | None, present: frozenset[str] = frozenset()
    ) -> None:
        """``day``: of publication; ``present``: ids of all people named in the article, quotations included."""
        self.knowledge = knowledge
        self._lexicon = lexicon
        self._day = day
        self._present = present
        self._people: list[Person] = []
        self._given: dict[str, list[Person]] = {}
        # The same by id, by surname, by kind and name, and those with an office: a text may name thousands.
        self._ids: dict[str, Person] = {}
        self._keys: dict[str, list[Person]] = {}
        self._names: dict[tuple[str, str], Person] = {}
        self._officials: dict[Person, None] = {}
        self._recent: list[Person] = []
        self.surnames: dict[str, Person] = {}
        self.focus: Person | None = None
        """Whom the article is about: meant by "the visitor", and quoted where nobody is named."""
        self._headed: set[str] = set()
        self._heard: set[str] = set()
        self._abroad = False
        self._placed: set[str] = set()

    def learn(self, mention: Mention) -> None:
        """Takes from a role, wherever it stands, what the other roles of the article leave out.

        An article that speaks of a foreign minister somewhere means him by "the Russian minister", and one that speaks
        of one country's minister means that country's by "the foreign minister".
        """
        if mention.office == "foreign_minister":
            self._abroad = True
        if mention.office in _MINISTERS and not mention.indefinite and mention.number == "s":
            self._placed.update(mention.places[:1])

    def see(self, mention: Mention) -> Person | None:
        """Notes a mention (binds its role to its name) and returns whom it names; pronouns name no one new."""
        if mention.kind == "pronoun":
            return self._pronoun(mention)
        if mention.kind == "name" and _abbreviated(mention.text):
            return self._other(mention, "org")
        if mention.kind in ("person", "name"):
            person = self._named(mention)
            person.doubtful = person.doubtful and mention.kind == "name" and not mention.office
            if mention.office:
                person.offices.add("minister" if mention.office == "other_minister" else mention.office)
                if mention.office == "epithet":
                    person.titles.update(mention.text.casefold().split())
                self._officials[person] = None
                person.places.update(mention.places)
            if mention.gender and not person.gender:
                person.gender = mention.gender
            return person
        if mention.kind == "role":
            person = self._role(mention)
            if mention.name and person.id is not None:
                self.surnames[mention.name.split()[-1].casefold()] = person
            return person
        if mention.kind == "org":
            return self._other(mention, "org")
        return self._other(mention, "noun")

    def speaks_for(self, mention: Mention, *, claim: bool = False) -> Person | None:
        """The foreign minister for whom his country's name, capital or "side" stands: whom the article is about or its
        title names; for whom the "side" of a read-out, or a ``claim`` of his country's that is answered, wherever he is
        named. Once somebody else of that country has spoken it is nobody.
        """
        if mention.kind != "org" or not mention.places or not self._a_country(mention):
            return None
        country = self.knowledge.seats.get(mention.places[0], mention.places[0])
        holder = self.knowledge.holder("foreign_minister", country, self._day)
        about = self.focus is not None and self.focus.id == holder
        side = (claim or mention.office is not None) and holder in self._present
        if holder is None or not (about or side or (self.focus is None and holder in self._headed)):
            return None
        if any(place == country for other in self._heard - {holder} for _, place in self.knowledge.offices_of(other)):
            return None
        return self._by_id(holder, "foreign_minister", (country,))

    def go_abroad(self) -> None:
        """Notes that the article speaks of foreign affairs: "the Russian minister" is the foreign minister."""
        self._abroad = True

    def knows_minister(self, country: str) -> bool:
        """Whether it is known who is the country's foreign minister on the day of publication."""
        return self.knowledge.holder("foreign_minister", country, self._day) is not None

    def _a_country(self, mention: Mention) -> bool:
        if mention.office is None:
            return mention.id is not None and mention.places == (mention.id,)
        return self._lexicon.has("sides", mention.text.lower().split()[-1])

    def heard(self, person: Person) -> None:
        """Notes who has spoken."""
        person.doubtful = False
        if person.id is not None and person.kind == "person":
            self._heard.add(person.id)

    def has_spoken(self, person: Person) -> bool:
        """Whether anybody known has spoken so far, and he has; of who is not known it is not noted."""
        return person.id is None or person.id in self._heard

    def topic(self, person: Person) -> None:
        """Makes a person the first candidate for a pronoun."""
        if person in self._recent:
            self._recent.remove(person)
        self._recent.append(person)
        del self._recent[:-_REMEMBERED]

    def turn(self) -> None:
        """At a new paragraph an article about somebody returns to them: who was a passing voice is no antecedent."""
        if self.focus in self._recent:
            self._recent = [p for p in self._recent if not p.passing]

    def homes(self) -> dict[str, str]:
        """Person ids to the country that the article names with them."""
        return {p.id: min(p.places) for p in self._people if p.id is not None and p.places}

    @property
    def last_person(self) -> Person | None:
        return next((p for p in reversed(self._recent) if p.kind == "person"), None)

    def _named(self, mention: Mention) -> Person:
        name = _plain(mention.name or mention.text)
        known_as = self._by_patronymic(name)
        if known_as is not None:
            return known_as
        key = _key(name, self._lexicon.cases)
        known = [person for word in key for person in self._keys.get(word, ())[-_REMEMBERED:]]
        if mention.id is not None and mention.id in self._ids:
            known.append(self._ids[mention.id])
        for person in sorted(known, key=lambda p: -p.number_in_text):
            same = mention.id is not None and person.id == mention.id
            if same or mention.id is None or person.id is None:
                if person.id is None and mention.id is not None:
                    person.id = mention.id
                    self._ids.setdefault(mention.id, person)
                if len(name) > len(person.name):
                    person.name = name
                return person
        gender = mention.gender
        if mention.id is not None and self.knowledge.labels:
            gender = "f" if mention.id in self.knowledge.feminine else "m"
        return self._new(Person(name, mention.id, gender=gender, doubtful=mention.kind == "name"))

    def _by_patronymic(self, name: str) -> Person | None:
        """Whom a given name and patronymic mean («Сергей Викторович»): the article's only one of that given name."""
        given, _, rest = name.casefold().partition(" ")
        if " " in rest or not rest.endswith(_PATRONYMICS):
            return None
        namesakes = self._given.get(given, [])
        return namesakes[0] if len(namesakes) == 1 else None

    def _new(self, person: Person) -> Person:
        person.number_in_text = len(self._people)
        self._people.append(person)
        if person.id is not None:
            self._ids.setdefault(person.id, person)
        if person.kind == "person":
            first, _, rest = person.name.casefold().partition(" ")
            for given in {first, *self.knowledge.given.get(person.id or "", ())} if rest or person.id else ():
                self._given.setdefault(given, []).append(person)
            for word in _key(person.name, self._lexicon.cases):
                self._keys.setdefault(word, []).append(person)
        self._names.setdefault((person.kind, person.name.casefold()), person)
        if person.offices:
            self._officials[person] = None
        return person

    def _role(self, mention: Mention) -> Person:
        office = mention.office or "other"
        fits = _COMPATIBLE.get(office, frozenset({office}))
        if self._together(mention) and self.focus is not None:
            return self.focus
        if mention.indefinite or mention.number == "p":
            return self._other(mention, "person")
        if office == "epithet":
            only = self._ids.get(next(iter(self._heard))) if len(self._heard) == 1 else None
            headed = self._ids.get(next(iter(self._headed))) if len(self._headed) == 1 else None
            # "Duma speaker Vyacheslav Volodin" is "the speaker" from there on.
            word = mention.text.split()[-1].casefold()
            described = next((p for p in reversed(self._recent) if word in p.titles), None)
            meant = described or self.focus or only or headed
            if meant is None and len(self._present) == 1:
                meant = self._ids.get(next(iter(self._present)))  # "the guest", where nobody else is known
            if meant is not None and self._fits(meant, mention):
                return meant
            # « Le visiteur russe », where several are known
            there = (self.knowledge.holder("foreign_minister", place, self._day) for place in mention.places)
            visitor = next((holder for holder in there if holder in self._present), None)
            return self._other(mention, "person") if visitor is None else self._by_id(visitor, "foreign_minister", ())
        if office == "diplomat" and any(self._lexicon.has("envoys", word) for word in mention.text.lower().split()):
            # A diplomat may be the minister, an ambassador is not.
            return self._other(mention, "person")
        if office in ("other", "epithet", "other_minister", "deputy", "counterpart", "spokesperson"):
            if office == "spokesperson" and not mention.places:
                bound = [p for p in self._recent if "spokesperson" in p.offices]
                if bound:
                    return bound[-1]
            if office == "counterpart":
                return self._counterpart(mention) or self._other(mention, "person")
            return self._other(mention, "person")
        candidates = [
            p for p in self._officials
            if p.offices & fits and not (mention.gender and p.gender and mention.gender != p.gender)
        ]  # fmt: skip
        if mention.places:
            for person in reversed(candidates):
                if person.places & set(mention.places) or (not person.places and self._at_home(person, mention)):
                    return person
            for place in mention.places:
                holder = self.knowledge.holder(office, place, self._day)
                if holder is not None and self._of_gender(holder, mention):
                    return self._by_id(holder, office, mention.places)
                if office == "minister":
                    # "the Russian minister" is the holder of a ministry only if the article speaks of him.
                    holder = self.knowledge.holder("foreign_minister", place, self._day)
                    named = holder in self._present or holder in self._ids or self._abroad
                    if holder is not None and named and self._of_gender(holder, mention):
                        return self._by_id(holder, "foreign_minister", mention.places)
            return self._other(mention, "person")
        recent = [p for p in self._recent if p in candidates]
        if recent:
            return recent[-1]
        # Before one who is spoken of later, whoever was named so far and is known to hold the office.
        fitting = [p for p in self._recent if p.id is None or self._of_gender(p.id, mention)]
        spoken_of = [p for p in fitting if self._may_hold(p, fits)] if office in _TOP else []
        if spoken_of:
            return spoken_of[-1]
        if candidates:
            return candidates[-1]
        others = [p for i, p in self._ids.items() if self._of_gender(i, mention)] if office in _TOP else []
        known = [p for p in fitting + others if self._may_hold(p, fits)]
        if known:
            return known[0] if known[0] in self._recent else known[-1]
        holder = self._alone(office, fits)
        if holder is None or not self._of_gender(holder, mention):
            return self._other(mention, "person")
        return self._by_id(holder, office, ())

    def _of_gender(self, person: str, mention: Mention) -> bool:
        """Whether a role's gender, where its language shows one, is that of somebody known."""
        return mention.gender != "f" or not self.knowledge.labels or person in self.knowledge.feminine

    def _counterpart(self, mention: Mention) -> Person | None:
        """Whom a foreign minister's "Russian counterpart" is: that country's minister; so of presidents and heads of
        government.
        """
        for place in mention.places:
            for office in _HELD:
                holder = self.knowledge.holder(office, place, self._day)
                meant = next((p for p in reversed(self._recent) if self._without_id(p) == (office, place)), None)
                owner = self.last_person
                if owner is None or owner is meant or owner.id == holder or not self._of_office(owner):
                    # "Moldova's foreign minister has answered his Russian counterpart, who told …"
                    known = (*reversed(self._officials), *reversed(self._recent))
                    others = (p for p in known if p is not meant and (p.id is None or p.id != holder))
                    owner = next((p for p in others if self._in_office(p, office)), None)
                if owner is None or not self._in_office(owner, office):
                    continue
                if holder is not None:
                    return self._by_id(holder, office, mention.places)
                if meant is not None:
                    return meant
        return None

    def _of_office(self, person: Person) -> bool:
        """Whether a person's office is known."""
        return person.id is not None or self._without_id(person) is not None

    def _in_office(self, person: Person, office: str) -> bool:
        if office in person.offices or self._may_hold(person, frozenset({office})):
            return True
        without = self._without_id(person)
        if without is not None:
            return without[0] == office
        # Of which ministry is not said, nor known.
        unknown = person.id is None or not self.knowledge.offices_of(person.id)
        return office in _MINISTERS and "minister" in person.offices and unknown

    def _without_id(self, person: Person) -> tuple[str | None, str | None] | None:
        """Office and country of a known person who has no id."""
        known = self.knowledge.unlinked.get(person.name.casefold()) if person.id is None else None
        return None if known is None else (known.office, known.country)

    def _together(self, mention: Mention) -> bool:
        """Whether "the two ministers" are the one whom the article is about and another: what both say he says."""
        words = mention.text.lower().split()
        # "The ministers agreed to meet in May"
        alone = self._lexicon.has("ministers", words[-1]) and not mention.oblique
        alone = alone and len(words) > 1 and self._lexicon.has("determiners", words[0])
        both = alone or any(self._lexicon.has("both", word) for word in words[:-1])
        office = self.focus is not None and any(
            o in _MINISTERS for o, _ in self.knowledge.offices_of(self.focus.id or "")
        )
        return both and office and self._lexicon.has("together", words[-1])

    def look_at(
        self, text: str, entities: Sequence[Entity], names: Sequence[Mention], roles: Sequence[tuple[int, str]],
        lead_end: int,
    ) -> None:  # fmt: skip
        """Finds whom the article is about: the person named most often, those in the lead (before ``lead_end``) more;
        without names the only one whose office is. Who is named as a possessor only ("Putin's envoy") counts only where
        nobody else is named. ``roles``: where an office stands for whom; who is nowhere named counts by these. Nobody
        is where a stranger (of ``names``) is named as often.
        """
        weights: Counter[str] = Counter()
        possessors: Counter[str] = Counter()
        title = text.find("\n")
        for entity in entities:
            ends = text[entity.end - 2 : entity.end + 2].lower()
            possessor = ends.startswith(POSSESSIVE) or ends.endswith(POSSESSIVE)
            if entity.type == "PER" and entity.id is not None:
                if entity.start < title and not possessor:
                    self._headed.add(entity.id)
                (possessors if possessor else weights)[entity.id] += 2 if entity.start < lead_end else 1
        for start, holder in roles:
            if holder not in self._present:
                weights[holder] += 2 if start < lead_end else 1
        ranked = (weights or possessors).most_common(2)
        strangers = Counter(_surname(mention) for mention in names if " " in mention.text)
        # "Son" of "Bui Thanh Son" is a word of French as well.
        known = (name for name, _ in strangers.most_common(_STRANGERS) if not self._a_word(name))
        only = not weights and len(self._ids) == 1
        if ranked and not only and any(text.count(name) >= ranked[0][1] for name in known):
            return
        if only:
            self.focus = next(iter(self._ids.values()))
        elif (
            ranked
            and ranked[0][1] + sum(holder == ranked[0][0] for _, holder in roles) > 1
            and (len(ranked) < 2 or ranked[0][1] >= _FOCUS * ranked[1][1])
        ):
            self.focus = self._ids.get(ranked[0][0]) or self._by_id(ranked[0][0], "", ())

    def _a_word(self, name: str) -> bool:
        return any(self._lexicon.has(words, name.casefold()) for words in ("determiners", "prepositions"))

    def _fits(self, person: Person, mention: Mention) -> bool:
        """Whether a description can be the person's: nothing that it says of gender and country differs."""
        if mention.gender and person.gender and mention.gender != person.gender:
            return False
        return not mention.places or bool(person.places & set(mention.places)) or self._at_home(person, mention)

    def _at_home(self, person: Person, mention: Mention) -> bool:
        """Whether the person is known to hold an office of a country that the description names."""
        return any(place in mention.places for _, place in self.knowledge.offices_of(person.id or ""))

    def _alone(self, office: str, offices: frozenset[str]) -> str | None:
        """Id of the only one who can be meant by an office without a country: named somewhere in the article, else
        of the only country whose minister it speaks of, else of the country at home in the language.
        """
        if office not in _TOP:
            return None
        here = sorted(person for person in self._present if self._holds(person, offices))
        if here or office not in _MINISTERS:
            return here[0] if len(here) == 1 else None
        places = sorted(self._placed) or ([self._lexicon.home] if self._lexicon.home and self._abroad else [])
        return self.knowledge.holder("foreign_minister", places[0], self._day) if len(places) == 1 else None

    def _may_hold(self, person: Person, offices: frozenset[str]) -> bool:
        return person.id is not None and self._holds(person.id, offices)

    def _holds(self, person: str, offices: frozenset[str]) -> bool:
        return any(
            office in offices and self.knowledge.holder(office, place, self._day) == person
            for office, place in self.knowledge.offices_of(person)
        )

    def _by_id(self, holder: str, office: str, places: tuple[str, ...]) -> Person:
        person = self._ids.get(holder)
        if person is not None:
            person.offices.add(office)
            person.places.update(places)
            self._officials[person] = None
            return person
        label = self.knowledge.labels.get(holder, holder)
        gender = ("f" if holder in self.knowledge.feminine else "m") if self.knowledge.labels else ""
        return self._new(Person(label, holder, gender=gender, offices={office} - {""}, places=set(places)))

    def _other(self, mention: Mention, kind: str) -> Person:
        text = _plain(mention.name or mention.text)
        known = self._names.get((kind, text.casefold()))
        if known is not None:
            return known
        shown = Person(text, mention.id, kind, mention.number, mention.gender, set(), set(mention.places))
        shown.passing = mention.indefinite or (mention.office == "spokesperson" and not mention.name)
        if mention.office and kind == "person" and mention.office != "other":
            shown.offices.add(mention.office)
        return self._new(shown)

    def _pronoun(self, mention: Mention) -> Person | None:
        if mention.number == "i":
            return None
        doubtful: Person | None = None
        for person in reversed(self._recent):
            if mention.number == "p":
                if person.number == "p" or person.kind == "org":
                    return person
                continue
            if person.number == "p" or person.kind in ("org", "noun"):
                continue
            if mention.gender and person.gender and mention.gender != person.gender:
                continue
            if person.doubtful and self.focus in self._recent:
                doubtful = doubtful or person
                continue
            if mention.gender:
                person.gender = mention.gender
            return person
        return doubtful


def _surname(mention: Mention) -> str:
    return without_possessive(mention.text.split()[-1])


def _abbreviated(name: str) -> bool:
    """«МИД», "OPCW": letters that stand for an institution, which no pronoun of a person means."""
    return name.isupper() and 1 < len(name) <= _ABBREVIATION


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
