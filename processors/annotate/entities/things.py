"""Whether a name of a place, organisation, agreement or object means it, or another thing that is called so too.

A name that fails is left out altogether: New Mexico, «Барселона», Georgia beside Atlanta are other things.
"""

import functools
import re
from collections.abc import Collection

from processors.annotate.entities.context import Veto
from processors.annotate.entities.derived import derived_places
from processors.annotate.entities.entry import OWN_ONLY, Entry
from processors.annotate.entities.folding import WORD, fold
from processors.annotate.entities.found import Found
from processors.annotate.entities.gazetteer import Gazetteer
from processors.annotate.entities.index import Hit
from processors.annotate.entities.people import NOUNS_IN_CAPITALS, agree
from processors.annotate.entities.surroundings import (
    begins_sentence,
    following,
    given_names,
    has_tail,
    in_state,
    locatives,
    no_given_names,
    preceding,
    shouted,
    title_case,
    word_before,
)
from schemas import Entity

_QUOTES = {"«": "»", "“": "”", "„": "“", '"': '"'}
_WORDS_TOO = frozenset(("us", "who", "pace"))
_NO_VETO = Veto()
_OF = frozenset(("of", "de", "du", "von"))
_SAINTS = frozenset(("san", "santa", "santo", "sao", "st", "saint", "sainte", "fort", "port"))
_AMERICA = frozenset(("Q30", "Q16"))
_SPACED = re.compile(r"\w [0-9]+")  # "С 400 рублями": with a hyphen it is the missile
_INFLECTED = ("ru", "uk", "pl", "cs", "bg", "ar")  # a name is written in forms that its table does not have


class Things:
    """Links the places, organisations, agreements and objects of one article."""

    def __init__(self, text: str, lang: str | None, found: Collection[Found], gazetteer: Gazetteer) -> None:
        self._text = text
        self._lang = lang
        self._gazetteer = gazetteer
        self._given_names = given_names(gazetteer)
        self._ends = {name.end for name in found}
        self._full = {
            hit.entry for name in found for hit in name.hits if hit.reach == "full" or self._object(name, hit)
        }
        self._starts = {name.start for name in found}
        self._place_starts = {name.start for name in found if self._places(name)}
        singles = [name for name in found if len(self._places(name)) == 1]
        # "Denzel Washington … Washington, 70, said": whom a place is called after here, it may mean in the whole text.
        self._people = {fold(text[name.start : name.end]) for name in singles if self._surname(name)}
        # "Moscow, Idaho … Moscow police": so does a town of that name elsewhere.
        self._elsewhere = {
            number for name in singles for number in self._places(name) if self._in_a_state(name, number)
        }
        # "Jordan Baker leaves\nJordan Baker, a nurse, …": in a headline any word may follow a place.
        self._given = {
            (fold(text[name.start : name.end]), fold(after[0]))
            for name in singles
            if (after := following(text, name.end)) is not None
            and self._name_like(min(self._places(name)))
            and self._given_name(name, after)
        }

    def entity(self, name: Found) -> Entity | None:
        entries = {hit.entry for hit in name.hits}
        if len(entries) > 1:
            return None
        number = min(entries)
        entry = self._gazetteer.entries[number]
        if self._means_another(name, number) or not self._sure(name, number):
            return None
        text = self._text[name.start : name.end]
        return Entity(start=name.start, end=name.end, text=text, type=entry.type, id=entry.id)

    def _object(self, name: Found, hit: Hit) -> bool:
        """Whether it is an object in quotation marks: an орешник is a hazel, «Орешник» a missile."""
        return self._gazetteer.entries[hit.entry].type == "MISC" and self._quoted(name)

    def _quoted(self, name: Found) -> bool:
        return _QUOTES.get(self._text[name.start - 1 : name.start]) == self._text[name.end : name.end + 1] != ""

    def _places(self, name: Found) -> set[int]:
        entries = self._gazetteer.entries
        return {hit.entry for hit in name.hits if entries[hit.entry].type in ("GPE", "LOC")}

    def _name_like(self, number: int) -> bool:
        entry = self._gazetteer.entries[number]
        return self._gazetteer.vetoes.get(entry.id or entry.label, _NO_VETO).name_like

    def _surname(self, name: Found) -> bool:
        """Whether a place of one word is somebody's surname; a university or a street is called after a person long
        dead, of whom the text says no more.
        """
        before = preceding(self._text, name.start)
        return (
            before is not None
            and fold(before[1]) in self._given_names
            and fold(before[1]) not in no_given_names()
            and before[0] + len(before[1]) not in self._ends
            and not (self._lang in OWN_ONLY and begins_sentence(self._text, before[0]))  # Czech "Tím" is no Tim
            and word_before(self._text, before[0]) not in _SAINTS  # San Antonio Texas
            and agree(before[1], self._text[name.start : name.end], self._lang)  # not «Надежда России»
            and WORD.fullmatch(self._text, name.start, name.end) is not None
            and not has_tail(self._text, name.end)
            and not title_case(self._text, name.start)
        )

    def _in_a_state(self, name: Found, number: int) -> bool:
        """Whether a town is an American or Canadian one that is called like a place elsewhere."""
        end = in_state(self._text, name.end)
        if end is None or _AMERICA & {self._gazetteer.entries[number].id, self._gazetteer.entries[number].country}:
            return False
        return not (self._text.startswith(", ", end) and end + 2 in self._starts)  # "Canada, Mexico, Texas, Arizona"

    def _sure(self, name: Found, number: int) -> bool:
        """A name that others share counts beside the full one, or in an article that names its country."""
        if any(hit.reach == "full" for hit in name.hits) or number in self._full:
            return True
        return self._gazetteer.entries[number].country in self._countries

    @functools.cached_property
    def _countries(self) -> frozenset[str | None]:
        named = {self._gazetteer.entries[number].id for number in self._full}
        return frozenset(named | derived_places(self._text, self._lang))

    def _means_another(self, name: Found, number: int) -> bool:
        text, entry = self._text, self._gazetteer.entries[number]
        veto = self._gazetteer.vetoes.get(entry.id or entry.label, _NO_VETO)
        previous, after = preceding(text, name.start), following(text, name.end)
        before_word = fold(previous[1].rstrip(".")) if previous is not None else ""
        after_word = fold(after[0]) if after is not None else ""
        if before_word in veto.before or after_word in veto.after or veto.article & self._vocabulary(veto):
            return True
        if number in self._elsewhere:
            return True
        if entry.type in ("GPE", "LOC") and self._place_means_another(name, before_word, after_word):
            return True
        if entry.type == "MISC" and _SPACED.fullmatch(text, name.start, name.end) is not None:
            return True
        if veto.initial and previous is None and begins_sentence(text, name.start):
            return True
        if after is not None and text[name.end] == "-" and self._compound(after):
            return True
        if veto.name_like and self._named_like(name, entry, after):
            return True
        written = text[name.start : name.end]
        return written.isupper() and fold(written) in _WORDS_TOO and shouted(text, name.start)

    def _place_means_another(self, name: Found, before: str, after: str) -> bool:
        text = self._text
        if self._quoted(name):  # «Барселона» is a club, a paper or a ship
            return True
        if WORD.fullmatch(text, name.start, name.end) is None:
            return False
        written = fold(text[name.start : name.end])
        if written in self._people and word_before(text, name.start) not in locatives():
            return True
        everywhere = self._gazetteer.vetoes.get("*", _NO_VETO)
        if (before or self._before_of(name.start)) in everywhere.before:
            return True
        if (
            after in everywhere.after
            and text[name.end + 1].isupper()
            and not text.startswith("-", name.end + 1 + len(after))
        ):
            return True
        return before in self._given_names and before not in no_given_names()

    def _before_of(self, start: int) -> str:
        """The word in capitals whose place it is: Bank of Russia."""
        of = word_before(self._text, start)
        head = preceding(self._text, start - len(of) - 1) if of in _OF else None
        return fold(head[1]) if head is not None else ""

    def _compound(self, after: re.Match[str]) -> bool:
        """Whether the word after a hyphen makes another name of it ("Интерфакс-Украина", "Минск-арена"), unlike
        "Moscow-based" and "Россия-НАТО".
        """
        cyrillic = "\u0400" <= after[0][0] < "\u0500"
        return (cyrillic or after[0][0].isupper()) and after.end() not in self._ends

    def _named_like(self, name: Found, entry: Entry, after: re.Match[str] | None) -> bool:
        """Whether a place that is a given name, too, is one here: "Chad Smith", or French "Jordan", where the country
        is "Jordanie".
        """
        written = fold(self._text[name.start : name.end])
        own = [fold(one.text) for one in entry.names if one.lang == self._lang]
        single = WORD.fullmatch(self._text, name.start, name.end) is not None
        if single and own and self._lang not in _INFLECTED and written not in own:
            return True
        if (
            after is None or not after[0][0].isupper() or after.start() in self._place_starts
        ):  # "in India Kerala is green"
            return False
        return (written, fold(after[0])) in self._given or self._given_name(name, after)

    def _given_name(self, name: Found, after: re.Match[str]) -> bool:
        """Whether the name is somebody's given name: Chad Smith."""
        return (
            self._text[name.end] == " "
            and after[0][0].isupper()
            and self._lang not in NOUNS_IN_CAPITALS
            and fold(after[0]) not in no_given_names()
            and not title_case(self._text, name.start)
            and agree(self._text[name.start : name.end], after[0], self._lang)  # not «президент Израиля Шимон Перес»
        )

    def _vocabulary(self, veto: Veto) -> frozenset[str]:
        return self._words if veto.article else frozenset()

    @functools.cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(fold(word) for word in WORD.findall(self._text))
