"""Words of a text, and the folded form under which spellings of one name meet.

Folding drops case, Latin diacritics, the dots of the Turkish i and the Ukrainian apostrophe, and writes ё as е, so that
``Erdoğan`` meets ``ERDOGAN`` and ``Запорі́жжя`` its plain spelling. Cyrillic й and ї keep their marks: they are letters.
"""

import functools
import re
import unicodedata

_APOSTROPHES = "'’ʼ"
_CYRILLIC = "а-яёіїєґА-ЯЁІЇЄҐ"

WORD = re.compile(rf"[^\W_]+(?:[{_APOSTROPHES}][{_CYRILLIC}]+)*")
"""A word: letters and digits. An apostrophe belongs to it only before a Cyrillic letter (``В'єтнам``), so that a
Turkish suffix (``Lavrov'un``), an English possessive and a French article stay outside."""

_SPECIAL = str.maketrans({"ı": "i", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ə": "a", "ё": "е"})
_DROPPED = str.maketrans("", "", _APOSTROPHES + "\u0301")


class _Folded(dict[int, str]):
    """What each character becomes, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        char = chr(code).translate(_DROPPED).translate(_SPECIAL)
        if char and not ("\u0400" <= char < "\u0500" or char.isascii()):
            char = "".join(part for part in unicodedata.normalize("NFKD", char) if not unicodedata.combining(part))
            # What a letter is made of may be a capital, or one of the special ones.
            char = char.casefold().translate(_SPECIAL)
        self[code] = char
        return char


_FOLDED = _Folded()


def plain(word: str) -> str:
    """Lower case without apostrophes and stress marks; diacritics stay."""
    return word.replace("İ", "i").casefold().translate(_DROPPED)


@functools.lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """The form under which spellings of one word meet."""
    # Case folding writes Cherokee in capitals.
    return word.casefold().translate(_FOLDED).lower()


def words(text: str) -> list[str]:
    """The words of a name, in order."""
    return WORD.findall(text)
