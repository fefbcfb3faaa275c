"""Words as they are compared: compatibility forms unified, case folded, marks on letters taken off."""

import re
import unicodedata

_WORD = re.compile(r"\w+")
# Combining marks of Latin, Cyrillic and Greek, Hebrew points, Arabic vowel signs: what stands in a class of a pattern.
MARKS = "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u064b-\u065f\u0670"
_MARKS = re.compile(f"[{MARKS}]+")
# Letters that stay letters of their own when marks are taken off; й would become и otherwise, ё is written as е.
_KEPT = {"й": "\ue000", "ї": "\ue001"}


def fold(text: str) -> str:
    """NFKC, case-folded, without marks on letters (Türkiye = Turkiye, ё = е); й and ї are kept."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    if folded.isascii():
        return folded
    # ``replace`` for each letter: ``translate`` looks at every character, and costs more than the rest together.
    for letter, mark in _KEPT.items():
        folded = folded.replace(letter, mark)
    folded = _MARKS.sub("", unicodedata.normalize("NFD", folded))
    for letter, mark in _KEPT.items():
        folded = folded.replace(mark, letter)
    return folded


def words(text: str) -> list[str]:
    """The folded words of a text in their order; digits count as words, punctuation does not."""
    return _WORD.findall(fold(text))
