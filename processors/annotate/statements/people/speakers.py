"""From a mention to the person: names, roles and pronouns resolved within one article.

A role is bound to whoever stands beside it anywhere in the article ("Russian Foreign Minister Sergei Lavrov" makes
"the Russian minister" him); only then does the table of office holders help. A pronoun is the last source or subject
of fitting number and gender. Institutions and strangers are speakers of their own.
"""

import datetime
from collections.abc import Iterable, Sequence

from processors.annotate.knowledge import Knowledge
from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.people.focus import chief_person, named_in_title
from processors.annotate.statements.people.mentions import Mention
from processors.annotate.statements.people.offices import MINISTERS, TOP, Offices
from processors.annotate.statements.people.person import Person
from processors.annotate.statements.people.roster import Roster
from schemas import Entity

# Topics that are kept as candidates for the next pronoun.
_REMEMBERED = 40
# In so many forms one person may be told of before his name: more voices are several people's.
_FORMS = 3
# Letters of an abbreviation.
_ABBREVIATION = 5
_HELD = ("foreign_minister", "president", "prime_minister")
_COMPATIBLE: dict[str, frozenset[str]] = {
    "minister": MINISTERS | {"other_minister"},
    "foreign_minister": frozenset({"foreign_minister"}),
    "diplomat": frozenset({"diplomat", "foreign_minister", "spokesperson", "deputy"}),
}
# Classes of roles that tell too little of an office.
_VAGUE = frozenset({"other", "other_minister", "deputy"})


class Speakers:
    """The speakers of one article, in order of appearance."""

    def __init__(
        self, lexicon: Lexicon, knowledge: Knowledge, day: datetime.date | None, present: frozenset[str] = frozenset()
    ) -> None:
        """``day``: of publication; ``present``: ids of all people named in the article, quotations included."""
        self.knowledge = knowledge
        self._lexicon = lexicon
        self._offices = Offices(knowledge, day)
        self._present = present
        self._roster = Roster(knowledge, cases=lexicon.cases)
        self._recent: list[Person] = []
        self._voices: list[Person] = []
        self.surnames: dict[str, Person] = {}
        self._interview = False
        self.focus: Person | None = None
        """Whom the article is about: meant by "the visitor", and quoted where nobody is named."""
        self._headed: set[str] = set()
        self._heard: set[str] = set()
        self._heard_for: set[str] = set()
        self._abroad = False
        self._placed: set[str] = set()

    def learn(self, mention: Mention) -> None:
        """Takes from a role, wherever it stands, what the other roles of the article leave out.

        An article that speaks of a foreign minister somewhere means him by "the Russian minister", and one that speaks
        of one country's minister means that country's by "the foreign minister".
        """
        if mention.office == "foreign_minister":
            self._abroad = True
        if mention.office in MINISTERS and not mention.indefinite and mention.number == "s":
            self._placed.update(mention.places[:1])

    def see(self, mention: Mention) -> Person | None:
        """Notes a mention (binds its role to its name) and returns whom it names; pronouns name no one new."""
        if mention.kind == "pronoun":
            return self._pronoun(mention)
        if mention.kind == "name" and _abbreviated(mention.text):
            return self._roster.other(mention, "org")
        if mention.kind in ("person", "name"):
            return self._roster.named(mention)
        if mention.kind == "role":
            person = self._role(mention)
            if mention.name and person.id is not None:
                self.surnames[mention.name.split()[-1].casefold()] = person
            return person
        if mention.kind == "org":
            return self._roster.other(mention, "org")
        return self._roster.other(mention, "noun")

    def speaks_for(self, mention: Mention, *, claim: bool = False) -> Person | None:
        """The foreign minister for whom his country's name, capital or "side" stands: whom the article is about or its
        title names; for whom the "side" of a read-out, or a ``claim`` of his country's that is answered, wherever he is
        named. Once somebody else of that country has spoken it is nobody.
        """
        if mention.kind != "org" or not mention.places or not self._a_country(mention):
            return None
        country = self.country_of(mention)
        holder = self._offices.holder("foreign_minister", country)
        about = self.focus is not None and self.focus.id == holder
        side = (claim or mention.office is not None) and holder in self._present
        if holder is None or not (about or side or (self.focus is None and holder in self._headed)):
            return None
        if country in self._heard_for:
            return None
        if any(place == country for other in self._heard - {holder} for _, place in self.knowledge.offices_of(other)):
            return None
        return self._roster.by_id(holder, "foreign_minister", (country,))

    def country_of(self, mention: Mention) -> str:
        """The country of a mention's first place: a capital's, or itself."""
        return self.knowledge.seats.get(mention.places[0], mention.places[0])

    def go_abroad(self) -> None:
        """Notes that the article speaks of foreign affairs: "the Russian minister" is the foreign minister."""
        self._abroad = True

    def knows_minister(self, country: str) -> bool:
        """Whether it is known who is the country's foreign minister on the day of publication."""
        return self._offices.holder("foreign_minister", country) is not None

    def _a_country(self, mention: Mention) -> bool:
        if mention.office is None:
            return mention.id is not None and mention.places == (mention.id,)
        return self._lexicon.has("sides", mention.text.lower().split()[-1])

    def heard(self, person: Person) -> None:
        """Notes who has spoken."""
        person.doubtful = False
        if person.id is not None and person.kind == "person":
            self._heard.add(person.id)
        else:
            self._heard_for |= self._offices.speaks_for(person)

    def has_spoken(self, person: Person) -> bool:
        """Whether anybody known has spoken so far, and he has; of who is not known it is not noted."""
        return person.id is None or person.id in self._heard

    def topic(self, person: Person) -> None:
        """Makes a person the first candidate for a pronoun; "someone" is none, nor is "our correspondent", who only
        tells of whom the article is about.
        """
        if self._lexicon.has("unnamed", person.name.casefold()) or self._reports(person):
            return
        if person in self._recent:
            self._recent.remove(person)
        self._recent.append(person)
        del self._recent[:-_REMEMBERED]

    def _reports(self, person: Person) -> bool:
        """Whether it is a reporter without a name who has said nothing."""
        about = self.focus is not None and person is not self.focus
        if not about or person.id is not None or person.spoke:
            return False
        return self._lexicon.has_any("reporters", person.name.casefold().split())

    def turn(self) -> None:
        """At a new paragraph an article about somebody returns to them: who was a passing voice is no antecedent."""
        if self.focus in self._recent:
            self._recent = [p for p in self._recent if not p.passing]

    def homes(self) -> dict[str, str]:
        """Person ids to the country that the article names with them."""
        return self._roster.homes()

    @property
    def only_voice(self) -> Person | None:
        """The only person whose words have been told so far; None where nobody has spoken, or several have. One who is
        not known and has the same office as another is the same: "Minister of Energy: …" in the title.
        """
        same = all(voice.id is None and voice.offices == self._voices[-1].offices for voice in self._voices)
        return self._voices[-1] if self._voices and (same or len(self._voices) == 1) else None

    def told(self, person: Person) -> None:
        """Notes whose words are told."""
        if not person.spoke and person.kind == "person" and len(self._voices) <= _FORMS:
            self._voices.append(person)
        person.spoke = True

    @property
    def last_person(self) -> Person | None:
        return next((p for p in reversed(self._recent) if p.kind == "person"), None)

    def _role(self, mention: Mention) -> Person:
        if self._together(mention) and self.focus is not None:
            return self.focus
        return self._holder(mention, mention.office or "other") or self._roster.other(mention, "person")

    def _holder(self, mention: Mention, office: str) -> Person | None:
        """Whom a role means of those whom the article or the table of office holders knows."""
        if mention.indefinite or mention.number == "p":
            return None
        if office == "epithet":
            return self._described(mention)
        if office == "counterpart":
            return self._counterpart(mention)
        if office == "spokesperson":
            bound = [] if mention.places else [p for p in self._recent if "spokesperson" in p.offices]
            return bound[-1] if bound else None
        # A diplomat may be the minister, an ambassador is not.
        words = mention.text.lower().split() if office == "diplomat" else ()
        if office in _VAGUE or any(self._lexicon.has("envoys", word) for word in words):
            return None
        fits = _COMPATIBLE.get(office, frozenset({office}))
        candidates = [
            p for p in self._roster.officials
            if p.offices & fits and not (mention.gender and p.gender and mention.gender != p.gender)
        ]  # fmt: skip
        if mention.places and not self._first_of_all(mention, office):
            return self._of_country(mention, office, candidates)
        meant = self._of_no_country(mention, office, fits, candidates)
        if office == "minister" and (meant is None or not meant.spoke):
            # "The minister added": rather a deputy who has spoken.
            return next((p for p in reversed(self._recent) if p.spoke and "deputy" in p.offices), meant)
        return meant

    def _first_of_all(self, mention: Mention, office: str) -> bool:
        """As in "Europe's longest-serving foreign minister": of a place that has none of its own."""
        if not self._lexicon.has_any("doyens", mention.text.casefold().split()):
            return False
        return not any(self._offices.holder(office, place) for place in mention.places)

    def _described(self, mention: Mention) -> Person | None:
        """Whom an epithet means: "the speaker", "the visitor"."""
        ids = self._roster.ids
        outlets = self._lexicon.has_any("interviewees", mention.text.casefold().split())
        if outlets and not (self._interview and self.focus is not None and self.focus.id in self._heard):
            return None  # «собеседник агентства»: its source
        only = ids.get(next(iter(self._heard))) if len(self._heard) == 1 else None
        headed = ids.get(next(iter(self._headed))) if len(self._headed) == 1 else None
        # "Duma speaker Vyacheslav Volodin" is "the speaker" from there on.
        word = mention.text.split()[-1].casefold()
        described = next((p for p in reversed(self._recent) if word in p.titles), None)
        meant = described or self.focus or only or headed
        if meant is None and len(self._present) == 1:
            meant = ids.get(next(iter(self._present)))  # "the guest", where nobody else is known
        if meant is not None and self._fits(meant, mention):
            return meant
        # « Le visiteur russe », where several are known
        there = (self._offices.holder("foreign_minister", place) for place in mention.places)
        visitor = next((holder for holder in there if holder in self._present), None)
        return None if visitor is None else self._roster.by_id(visitor, "foreign_minister", ())

    def _of_country(self, mention: Mention, office: str, candidates: Sequence[Person]) -> Person | None:
        """Whom the office of a country means: who is bound to it in the article, else its holder."""
        for person in reversed(candidates):
            at_home = not person.places and self._offices.at_home(person, mention.places)
            if person.places & set(mention.places) or at_home:
                return person
        for place in mention.places:
            holder = self._offices.holder(office, place)
            if holder is not None and self._of_gender(holder, mention):
                return self._roster.by_id(holder, office, mention.places)
            if office == "diplomat" and self._only_told(place):
                return self.focus
            if office == "minister":
                # "the Russian minister" is the holder of a ministry only if the article speaks of him.
                holder = self._offices.holder("foreign_minister", place)
                named = holder in self._present or holder in self._roster.ids or self._abroad
                if holder is not None and named and self._of_gender(holder, mention):
                    return self._roster.by_id(holder, "foreign_minister", mention.places)
        return None

    def _only_told(self, country: str) -> bool:
        """Whether the country's foreign minister is whom the article is about, and the only one it quotes: he is "the
        Russian diplomat".
        """
        holder = self._offices.holder("foreign_minister", country)
        return self.focus is not None and self.focus is self.only_voice and self.focus.id == holder

    def _of_no_country(
        self, mention: Mention, office: str, fits: frozenset[str], candidates: Sequence[Person]
    ) -> Person | None:
        """Whom an office means where no country is named."""
        recent = [p for p in self._recent if p in candidates]
        # Whom others have only spoken of is not "the minister" where another one speaks.
        speaking = [p for p in recent if p.spoke]
        if not speaking and recent and office == "minister" and mention.gender != "f":
            others = [p for p in self._recent if p.spoke and p.gender != "f"]
            speaking = [p for p in others if any(self._offices.in_office(p, held) for held in fits)]
        if recent:
            return (speaking or recent)[-1]
        # Before one who is spoken of later, whoever was named so far and is known to hold the office.
        fitting = [p for p in self._recent if p.id is None or self._of_gender(p.id, mention)]
        spoken_of = [p for p in fitting if self._offices.may_hold(p, fits)] if office in TOP else []
        if spoken_of:
            return spoken_of[-1]
        if candidates:
            return candidates[0 if not self._recent else -1]
        others = [p for i, p in self._roster.ids.items() if self._of_gender(i, mention)] if office in TOP else []
        known = [p for p in fitting + others if self._offices.may_hold(p, fits)]
        if known:
            return known[0] if known[0] in self._recent else known[-1]
        holder = self._alone(office, fits)
        if holder is None or not self._of_gender(holder, mention):
            return None
        return self._roster.by_id(holder, office, ())

    def _of_gender(self, person: str, mention: Mention) -> bool:
        """Whether a role's gender, where its language shows one, is that of somebody known."""
        return mention.gender != "f" or not self.knowledge.labels or person in self.knowledge.feminine

    def _counterpart(self, mention: Mention) -> Person | None:
        """Whom a foreign minister's "Russian counterpart" is: that country's minister; so of presidents and heads of
        government.
        """
        for place in mention.places:
            for office in _HELD:
                holder = self._offices.holder(office, place)
                holding = (p for p in reversed(self._recent) if self._offices.without_id(p) == (office, place))
                meant = next(holding, None)
                owner = self.last_person
                if owner is None or owner is meant or owner.id == holder or not self._offices.known(owner):
                    # "Moldova's foreign minister has answered his Russian counterpart, who told …"
                    known = (*reversed(self._roster.officials), *reversed(self._recent))
                    others = (p for p in known if p is not meant and (p.id is None or p.id != holder))
                    owner = next((p for p in others if self._offices.in_office(p, office)), None)
                if owner is None or not self._offices.in_office(owner, office):
                    continue
                if holder is not None:
                    return self._roster.by_id(holder, office, mention.places)
                if meant is not None:
                    return meant
        return None

    def _together(self, mention: Mention) -> bool:
        """Whether "the two ministers" are the one whom the article is about and another: what both say he says."""
        words = mention.text.lower().split()
        # "The ministers agreed to meet in May"
        alone = self._lexicon.has("ministers", words[-1]) and not mention.oblique
        alone = alone and len(words) > 1 and self._lexicon.has("determiners", words[0])
        both = alone or any(self._lexicon.has("both", word) for word in words[:-1])
        office = self.focus is not None and any(
            o in MINISTERS for o, _ in self.knowledge.offices_of(self.focus.id or "")
        )
        return both and office and self._lexicon.has("together", words[-1])

    def look_at(
        self, text: str, entities: Sequence[Entity], names: Iterable[Mention], roles: Sequence[tuple[int, str]],
        lead_end: int,
    ) -> None:  # fmt: skip
        """Finds whom the article is about, and whom its title names: see ``focus``."""
        self._headed = named_in_title(text, entities)
        lead = text[:lead_end].casefold()
        self._interview = any(word in lead for word in self._lexicon.words.get("interviews", ()))
        chief = chief_person(
            text, entities, names, roles,
            lead_end=lead_end, present=self._present, seen=list(self._roster.ids), lexicon=self._lexicon,
        )  # fmt: skip
        if chief is not None:
            self.focus = self._roster.ids.get(chief) or self._roster.by_id(chief, "", ())

    def _fits(self, person: Person, mention: Mention) -> bool:
        """Whether a description can be the person's: nothing that it says of gender and country differs."""
        if mention.gender and person.gender and mention.gender != person.gender:
            return False
        places = mention.places
        return not places or bool(person.places & set(places)) or self._offices.at_home(person, places)

    def _alone(self, office: str, offices: frozenset[str]) -> str | None:
        """Id of the only one who can be meant by an office without a country: named somewhere in the article, else
        of the only country whose minister it speaks of, else of the country at home in the language.
        """
        if office not in TOP:
            return None
        here = sorted(person for person in self._present if self._offices.holds(person, offices))
        if here or office not in MINISTERS:
            return here[0] if len(here) == 1 else None
        places = sorted(self._placed) or ([self._lexicon.home] if self._lexicon.home and self._abroad else [])
        return self._offices.holder("foreign_minister", places[0]) if len(places) == 1 else None

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


def _abbreviated(name: str) -> bool:
    """«МИД», "OPCW": letters that stand for an institution, which no pronoun of a person means."""
    return name.isupper() and 1 < len(name) <= _ABBREVIATION
