"""The index of all names: a trie over words, with every case form of a word as a way in.

Each word of a name is a *slot*; a word of a text reaches all slots of which it is a form. Storing forms by word and not
by name keeps the index small: a name of three words with ten forms each would else be a thousand strings.
"""

import dataclasses
import itertools
import math
import re

from processors.annotate.entities.entry import LANGUAGES, OWN_ONLY, Entry, Name, Reach
from processors.annotate.entities.folding import WORD, fold, plain, words
from processors.annotate.entities.inflection import INFLECTED, forms

_LATIN = re.compile(r"[A-Za-z]")
_CYRILLIC = ("ru", "uk", "bg")
_STRICT = 4  # in words up to this length a diacritic tells names apart (Turkish Şam, Fas, Çad)
ANY_CASE, CAPITAL, UPPER = 0, 1, 2
_COMBINATIONS = 200

Slot = tuple[str, str, bool, bool]


@dataclasses.dataclass(frozen=True, slots=True)
class Hit:
    """A name that ends at a node. ``cases``: for each word, how it must be written; ``strict``: words that must also
    agree in diacritics, None where the folded form will do; ``home``: the languages whose texts use this name.
    """

    entry: int
    reach: Reach
    cases: tuple[int, ...]
    strict: tuple[str | None, ...]
    home: frozenset[str]


@dataclasses.dataclass(slots=True)
class Node:
    children: dict[int, "Node"] = dataclasses.field(default_factory=dict)
    hits: list[Hit] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(slots=True)
class Index:
    """``slots``: folded form to the numbers of the slots that it may fill. ``lower_starts``: first words of names that
    may begin in lower case, as texts write them: with their diacritics and without («вооружённые», «вооруженные»).
    """

    slots: dict[str, tuple[int, ...]]
    root: Node
    lower_starts: frozenset[str]


def build(entries: tuple[Entry, ...]) -> Index:
    numbers: dict[Slot, int] = {}
    by_form: dict[str, list[int]] = {}
    root = Node()
    lower: set[str] = set()
    for number, entry in enumerate(entries):
        person = entry.type == "PER"
        for (text, reach, local, own), langs in _languages(entry).items():
            parts = words(text)
            for lang in sorted(langs):
                node = root
                for part in parts:
                    slot = _slot(part, lang, entry)
                    if slot not in numbers:
                        numbers[slot] = len(numbers)
                        for form in _folded_forms(slot):
                            by_form.setdefault(form, []).append(numbers[slot])
                    node = node.children.setdefault(numbers[slot], Node())
                hit = Hit(
                    entry=number,
                    reach=reach,
                    cases=_cases(text, parts, person=person),
                    strict=_strict(parts, langs),
                    home=frozenset(langs) if local or own else _home(text, langs, person=person),
                )
                if hit not in node.hits:
                    node.hits.append(hit)
            if parts[0][0].islower():
                lower.update(f for lang in langs for f in _lower_forms(_slot(parts[0], lang, entry)))
    return Index({form: tuple(found) for form, found in by_form.items()}, root, frozenset(lower))


def surface_forms(name: Name, entry: Entry) -> frozenset[str]:
    """The name as texts write it, case forms included. The words of a longer name agree in case, which the rules do not
    number, so all combinations are given where they are few, else one word's forms beside the others as they are.
    """
    parts = words(name.text)
    choices = [_written_forms(part, name.lang, entry) for part in parts]
    if math.prod(map(len, choices)) > _COMBINATIONS:
        changed = [[*parts[:i], form, *parts[i + 1 :]] for i, others in enumerate(choices) for form in others]
    else:
        changed = [list(combination) for combination in itertools.product(*choices)]
    template = WORD.split(name.text)
    return frozenset("".join(itertools.chain(*zip(template, [*chosen, ""], strict=True))) for chosen in changed)


def _written_forms(part: str, lang: str, entry: Entry) -> list[str]:
    if _acronym(part):
        return [part]
    low = forms(plain(part), lang, person=entry.type == "PER", feminine=entry.feminine)
    return sorted({part, *(_like(part, form) for form in low if fold(form) != fold(part))})


def _like(part: str, form: str) -> str:
    return form[:1].upper() + form[1:] if part[0].isupper() else form


def _languages(entry: Entry) -> dict[tuple[str, Reach, bool, str], set[str]]:
    """Languages by name; a language whose names stay at home has a row of its own, because its case forms are words of
    other languages (Polish Irana, Irani).
    """
    out: dict[tuple[str, Reach, bool, str], set[str]] = {}
    for name in entry.names:
        own = name.lang if name.lang in OWN_ONLY else ""
        out.setdefault((name.text, name.reach, name.local, own), set()).add(name.lang)
    return out


def _acronym(part: str) -> bool:
    return len(part) > 1 and part.isupper() and not part.isdigit()


def _slot(part: str, lang: str, entry: Entry) -> Slot:
    if _acronym(part) or part.isdigit() or (lang in _CYRILLIC and _LATIN.search(part)):
        return plain(part), "", False, False
    person = entry.type == "PER"
    return plain(part), lang if lang in INFLECTED else "", person, person and entry.feminine


def _folded_forms(slot: Slot) -> frozenset[str]:
    return frozenset(map(fold, _plain_forms(slot)))


def _lower_forms(slot: Slot) -> frozenset[str]:
    return _plain_forms(slot) | _folded_forms(slot)


def _plain_forms(slot: Slot) -> frozenset[str]:
    word, lang, person, feminine = slot
    return forms(word, lang, person=person, feminine=feminine)


def _cases(text: str, parts: list[str], *, person: bool) -> tuple[int, ...]:
    out = []
    for i, part in enumerate(parts):
        if _acronym(part):
            out.append(UPPER)
        elif part[0].isupper() and (person or i == 0):
            out.append(CAPITAL)
        else:
            out.append(ANY_CASE)
    if len(out) > 1 and text[0].islower():  # "bande de Gaza": some word must be capital, or it is no name
        out = [
            CAPITAL if part[0].isupper() and case == ANY_CASE else case for part, case in zip(parts, out, strict=True)
        ]
    return tuple(out)


def _strict(parts: list[str], langs: set[str]) -> tuple[str | None, ...]:
    short = "tr" in langs and len(parts) == 1 and len(parts[0]) <= _STRICT and fold(parts[0]) != plain(parts[0])
    return (plain(parts[0]),) if short else (None,) * len(parts)


def _home(text: str, langs: set[str], *, person: bool) -> frozenset[str]:
    """Where a name may be met: people everywhere, other names in texts of their language and of none known; English
    names in all languages; Russian ones in Ukrainian texts and the other way. Acronyms mean other things elsewhere
    (Ukrainian МКС is a court, Russian МКС a space station), so they stay at home, English ones in Latin script.
    """
    if person:
        return frozenset(("", *LANGUAGES))
    acronym = any(_acronym(part) for part in WORD.findall(text))
    home = set(langs)
    if "en" in langs:
        home.update(("", "tr", "de", "fr", "pl", "cs", "es") if acronym else ("", *LANGUAGES))
    if not acronym:
        home.add("")
        home.update(("ru", "uk") if langs & {"ru", "uk"} else ())
    return frozenset(home)
