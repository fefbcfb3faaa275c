"""Decides what a found name links to: the pure rules that keep a wrong id out.

A wrong id is worse than none. A surname alone links when it is distinctive or its full name stands in the article; not
when another given name precedes it ("Dmitry Lavrov"), which makes the person a stranger. A place does not link where the
words around say that the name is another's.
"""

import functools
import re
from collections.abc import Iterable, Sequence

from processors.annotate.entities.context import Veto, word_list
from processors.annotate.entities.entry import Entry
from processors.annotate.entities.folding import WORD, fold
from processors.annotate.entities.found import Found
from processors.annotate.entities.gazetteer import Gazetteer
from schemas import Entity

_BEFORE = re.compile(r"((?:[^\W\d_][.][ \u00a0]?){1,3}|[^\W_][\w'’.-]*)[ \u00a0]?$")
_INITIALS = re.compile(r"(?:[^\W\d_]\.[ \u00a0]?){1,3}")
_SENTENCE_END = frozenset(".!?…:;\n\r«»\"“”„'‘—–•|")
_QUOTES = {"«": "»", "“": "”", "„": "“", '"': '"'}
_DOUBTFUL = frozenset(("tr", "de"))  # titles and nouns are capitals there, so an unknown capital says nothing
_PATRONYMIC = re.compile(r"(?:ович|евич|ич|овна|евна|инична|йович|ївна)(?:а|у|ем|ом|е|ы|ой|и|і|ою)?$")


@functools.cache
def _given_names() -> frozenset[str]:
    return word_list("given_names")


@functools.cache
def _titles() -> frozenset[str]:
    return word_list("titles")


@functools.cache
def _tails() -> frozenset[str]:
    return word_list("tails")


def link(text: str, lang: str | None, found: Sequence[Found], gazetteer: Gazetteer) -> list[Entity]:
    """Entities for the names found, in order, without overlaps."""
    full = {hit.entry for name in found for hit in name.hits if hit.reach == "full"}
    strangers: set[str] = set()
    vocabulary: set[str] | None = None
    out: list[Entity] = []
    last: dict[str, int] = {}
    covered = {name.end for name in found}
    for name in found:
        people = [hit for hit in name.hits if gazetteer.entries[hit.entry].type == "PER"]
        if people:
            entity, stranger = _person(text, lang, name, full, last, strangers, covered, gazetteer)
            if stranger is not None:
                strangers.add(stranger)
            if entity is not None:
                out.append(entity)
            continue
        if vocabulary is None and any(_veto(gazetteer, hit.entry).article for hit in name.hits):
            vocabulary = {fold(word) for word in WORD.findall(text)}
        thing = _thing(text, lang, name, gazetteer, vocabulary or set(), covered)
        if thing is not None:
            out.append(thing)
    return out


def _person(
    text: str,
    lang: str | None,
    name: Found,
    full: set[int],
    last: dict[str, int],
    strangers: set[str],
    covered: Iterable[int],
    gazetteer: Gazetteer,
) -> tuple[Entity | None, str | None]:
    """The entity, and the folded surname where it is a stranger's."""
    surname = text[name.start : name.end]
    key = fold(surname)[:5]
    whole = [hit for hit in name.hits if hit.reach == "full"]
    if whole:
        entries = {hit.entry for hit in whole}
        entry = min(entries)
        if len(entries) > 1 or _tail(text, name.end):
            return None, None
        last[key_of(surname)] = entry
        return _entity(text, name.start, name.end, "PER", gazetteer.entries[entry].id), None
    given = _preceding(text, name.start)
    candidates = sorted({hit.entry for hit in name.hits})
    if _tail(text, name.end):
        return None, key
    kin = [number for number in candidates if not _stranger(text, lang, given, number, covered, gazetteer)]
    if not kin and given is not None:
        distinctive = all(hit.reach == "surname" for hit in name.hits)
        named = distinctive or fold(given[1]) in _given_names()
        return (_entity(text, given[0], name.end, "PER", None) if named else None), key
    present = [number for number in kin if number in full]
    if len(present) > 1:
        recent = last.get(key_of(surname))
        present = [recent] if recent in present and recent is not None else []
    if not present and key not in strangers:
        sure = {hit.entry for hit in name.hits if hit.reach == "surname"}
        present = [number for number in kin if number in sure] if len(candidates) == 1 else []
    if len(present) != 1:
        return None, None
    return _entity(text, name.start, name.end, "PER", gazetteer.entries[present[0]].id), None


def key_of(name: str) -> str:
    """Surnames of two people are the same name when their beginnings are: case endings differ."""
    return fold(WORD.findall(name)[-1])[:5]


def _preceding(text: str, start: int) -> tuple[int, str] | None:
    """Start and form of the capitalised word, or the initials, right before; None where there is neither."""
    window = max(0, start - 40)
    match = _BEFORE.search(text[window:start])
    if match is None or (not match[0].endswith((" ", "\u00a0")) and not _INITIALS.fullmatch(match[0])):
        return None
    word = match[1].rstrip(" \u00a0")
    return (window + match.start(1), word) if word[0].isupper() else None


def _stranger(
    text: str,
    lang: str | None,
    given: tuple[int, str] | None,
    number: int,
    covered: Iterable[int],
    gazetteer: Gazetteer,
) -> bool:
    """Whether the word before the surname is the given name of somebody else."""
    if given is None:
        return False
    entry = gazetteer.entries[number]
    position, word = given
    folded = fold(word.rstrip(". \u00a0"))
    if word == "M." and lang in (None, "fr"):  # Monsieur
        return False
    if _own(word, folded, entry):
        return False
    if _INITIALS.fullmatch(word) or _PATRONYMIC.search(folded):  # the given name may stand before: Sergey V. Lavrov
        before = _preceding(text, position)
        return before is None or not _own(before[1], fold(before[1]), entry)
    if folded in _titles() or (word.endswith(".") and len(word) > 2):  # "Mr.", and the end of a sentence
        return False
    if position + len(word) in covered or "'" in word or "’" in word:
        return False
    if folded in _given_names():
        return True
    if len(word) > 1 and word.isupper():
        return False
    before_it = text[max(0, position - 2) : position].strip(" \u00a0\t")
    if position == 0 or (before_it and before_it[-1] in _SENTENCE_END) or text[position - 1] in "\n\r":
        return False
    return lang not in _DOUBTFUL and lang is not None and not _title_case(text, position)


def _own(word: str, folded: str, entry: Entry) -> bool:
    """Whether a word is a given name of the person, or initials that begin with one's first letter."""
    if _INITIALS.fullmatch(word):
        return any(name.startswith(fold(word[0])) for name in entry.given)
    return any(_same_given(folded, name) for name in entry.given)


def _same_given(word: str, own: str) -> bool:
    """Case forms of a given name share all but the end: Владимира, Владимир."""
    if word == own:
        return True
    stem = own[:-1] if len(own) > 3 else own
    return len(word) - len(own) <= 3 and word.startswith(stem)


def _title_case(text: str, position: int) -> bool:
    """Whether most words of the line are capitals, as in English headlines."""
    begin = text.rfind("\n", 0, position) + 1
    end = text.find("\n", position)
    line = WORD.findall(text[begin : end if end >= 0 else len(text)][:200])
    long = [word for word in line if len(word) > 3]
    return bool(long) and sum(word[0].isupper() for word in long) > 0.6 * len(long)


def _tail(text: str, end: int) -> bool:
    """Whether a word follows that makes the name another's: Trump Tower, Biden Jr."""
    if text[end : end + 1] not in (" ", "-", "\u00a0"):
        return False
    word = WORD.match(text, end + 1)
    return word is not None and fold(word[0]) in _tails()


def _veto(gazetteer: Gazetteer, number: int) -> Veto:
    entry = gazetteer.entries[number]
    return gazetteer.vetoes.get(entry.id or entry.label, _NO_VETO)


_NO_VETO = Veto()


def _compound(word: str, end: int, covered: Iterable[int]) -> bool:
    """Whether the word after a hyphen makes another name of it ("Интерфакс-Украина", "Минск-арена"), unlike
    "Moscow-based" and "Россия-НАТО".
    """
    cyrillic = "\u0400" <= word[0] < "\u0500"
    return (cyrillic or word[0].isupper()) and end not in covered


def _thing(
    text: str, lang: str | None, name: Found, gazetteer: Gazetteer, vocabulary: set[str], covered: Iterable[int]
) -> Entity | None:
    entries = {hit.entry for hit in name.hits}
    if len(entries) > 1:
        return None
    entry = gazetteer.entries[min(entries)]
    veto = _veto(gazetteer, min(entries))
    everywhere = gazetteer.vetoes.get("*", _NO_VETO) if entry.type in ("GPE", "LOC") else _NO_VETO
    previous = _preceding(text, name.start)
    before = fold(previous[1].rstrip(".")) if previous is not None else ""
    following = WORD.match(text, name.end + 1) if text[name.end : name.end + 1] in (" ", "-", "\u00a0") else None
    after = fold(following[0]) if following is not None else ""
    single = WORD.fullmatch(text[name.start : name.end]) is not None
    if (
        before in veto.before
        or after in veto.after
        or (single and (before in everywhere.before or after in everywhere.after))
    ):
        return None
    if veto.article and veto.article & vocabulary:
        return None
    if entry.type in ("GPE", "LOC") and single and before in _given_names():
        return None
    initial = previous is None and (name.start == 0 or text[: name.start].rstrip(" \u00a0")[-1:] in _SENTENCE_END)
    if veto.initial and initial:
        return None
    if _QUOTES.get(text[name.start - 1 : name.start]) == text[name.end : name.end + 1] != "" and entry.type in (
        "GPE",
        "LOC",
    ):
        return None  # «Барселона» is a club, a paper or a ship
    if (
        text[name.end : name.end + 1] == "-"
        and following is not None
        and _compound(following[0], following.end(), covered)
    ):
        return None
    if (
        veto.name_like
        and following is not None
        and text[name.end] == " "
        and following[0][0].isupper()
        and lang not in _DOUBTFUL
        and after not in _titles()
        and not _title_case(text, name.start)
    ):
        return None
    if text[name.start : name.end].isupper() and _shouted(text, name):
        return None
    return _entity(text, name.start, name.end, entry.type, entry.id)


def _shouted(text: str, name: Found) -> bool:
    """Whether an acronym that is also a word (US, WHO) stands in a line of capitals."""
    if fold(text[name.start : name.end]) not in ("us", "who", "pace"):
        return False
    begin = text.rfind("\n", 0, name.start) + 1
    end = text.find("\n", name.end)
    line = text[begin : end if end >= 0 else len(text)][:200]
    letters = [char for char in line if char.isalpha()]
    return sum(char.isupper() for char in letters) > 0.7 * len(letters)


def _entity(text: str, start: int, end: int, kind: str, qid: str | None) -> Entity:
    return Entity(start=start, end=end, text=text[start:end], type=kind, id=qid)  # type: ignore[arg-type]
