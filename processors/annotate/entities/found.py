"""Finds the names of the gazetteer in a text: longest match, no overlaps, candidates still to be judged."""

import dataclasses
import re

from processors.annotate.entities.entry import LANGUAGES
from processors.annotate.entities.folding import WORD, fold, plain
from processors.annotate.entities.gazetteer import Gazetteer
from processors.annotate.entities.index import ANY_CASE, UPPER, Hit, Node

_JOINTS = frozenset((" ", "\u00a0", "-", "\u2011", "\u202f", "\n", "'", "’"))
_DOMAINS = (".ru", ".ру")
_NUMERAL_ENDS = frozenset("0123456789IVX")  # German Papst Leo XIV., 14. Dalai Lama
_ABBREVIATED = ("St", "Mrs", "Mr")
_PLURAL = re.compile(r"([A-Z])\1\.[ \u00a0]?(?=([A-Z])\2(?![^\W_]))")  # Spanish EE. UU.
_ACROSS = (" & ", " — ", " – ")  # Bosnia & Herzegovina, Папуа — Новая Гвинея


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """A span that is a name of one or more entries; ``hits`` has one for each."""

    start: int
    end: int
    hits: tuple[Hit, ...]


def find_names(text: str, lang: str | None, gazetteer: Gazetteer) -> list[Found]:
    """All names in order of their start. ``lang``: language of the text, ISO 639-1; None or another: all names count
    that are not words of some language alone.
    """
    home = lang if lang in LANGUAGES else ""
    slots = gazetteer.index.slots
    out: list[Found] = []
    position = 0
    search = gazetteer.start.search
    while (begin := search(text, position)) is not None:
        start = begin.start()
        word = WORD.match(text, start)
        if word is None:
            position = start + 1
            continue
        position = word.end()
        if fold(word[0]) not in slots:
            continue
        best = _longest(text, start, home, gazetteer)
        if best is not None:
            out.append(best)
            position = best.end
    return out


def _longest(text: str, start: int, home: str, gazetteer: Gazetteer) -> Found | None:
    slots = gazetteer.index.slots
    best: Found | None = None
    level: list[Node] = [gazetteer.index.root]
    written: list[str] = []
    position = start
    while level:
        word = WORD.match(text, position)
        if word is None:
            break
        written.append(word[0])
        level = [
            child
            for node in level
            for slot in slots.get(fold(word[0]), ())
            if (child := node.children.get(slot)) is not None
        ]
        hits = tuple(
            dict.fromkeys(hit for node in level for hit in node.hits if home in hit.home and _written_as(hit, written))
        )
        if hits:
            best = Found(start, word.end(), hits)
        following = _next_word(text, word.start(), word.end())
        if following is None:
            break
        position = following
    return best


def _next_word(text: str, start: int, end: int) -> int | None:
    """Where the word after ``[start, end)`` begins, if of the same name: after one space, hyphen, apostrophe or line
    break. A full stop ends a name, but after an initial or an abbreviation and in a domain; a comma does, but in
    "Washington, D.C.".
    """
    if text.startswith(_ACROSS, end):
        return end + 3
    if text[end : end + 1] in _JOINTS:
        return end + (2 if text.startswith("- ", end) else 1)  # Wirtschafts- und Sozialausschuss
    if text.startswith(", D.", end):
        return end + 2
    if text[end : end + 1] != ".":
        return None
    if end - start == 1 or text.startswith(_DOMAINS, end):
        return end + 2 if text[end + 1 : end + 2] in _JOINTS else end + 1
    if text[end + 1 : end + 2] == " " and (text.endswith(_ABBREVIATED, 0, end) or text[end - 1] in _NUMERAL_ENDS):
        return end + 2
    plural = _PLURAL.match(text, start) if end - start == 2 else None
    return plural.end() if plural is not None else None


def _written_as(hit: Hit, written: list[str]) -> bool:
    if len(hit.cases) != len(written):
        return False
    for case, strict, word in zip(hit.cases, hit.strict, written, strict=True):
        if case != ANY_CASE and not word[0].isupper() and not word[0].isdigit():
            return False
        if case == UPPER and not word.isupper():
            return False
        if strict is not None and plain(word) != strict:
            return False
    return True
