"""Turkish verbs: a stem and its suffixes by vowel harmony.

A suffix is written with the capitals that grammars of Turkish use for sounds that adapt (Göksel & Kerslake 2005): ``A``
is a or e, ``I`` is ı, i, u or ü, ``D`` is d or t. ``(y)`` stands between two vowels, ``R`` is the aorist.
"""

_VOWELS = "aıoueiöü"
_BACK = "aıou"
_ROUND = "ouöü"
_VOICELESS = "çfhkpsşt"
# Verbs of one syllable whose aorist has a close vowel; all others of one syllable have an open one.
_CLOSE_AORIST = frozenset(["al", "bil", "bul", "dur", "gel", "gör", "kal", "ol", "öl", "san", "var", "ver", "vur"])


def inflected(stem: str, suffixes: list[str], softened: frozenset[str]) -> list[str]:
    """The forms of a verb. ``softened``: stems whose t becomes d before a vowel (``et``, ``kaydet``)."""
    return [_joined(stem, suffix, softened) for suffix in suffixes]


def _joined(stem: str, suffix: str, softened: frozenset[str]) -> str:
    word = stem
    if suffix.startswith("R"):
        suffix = ("Ar" if stem in softened else _aorist(stem)) + suffix[1:]
    if suffix.startswith("Iyor") and word[-1] in "ae":
        word = word[:-1]  # söyle: söylüyor
    elif suffix.startswith("(y)"):
        suffix = ("y" if word[-1] in _VOWELS else "") + suffix[3:]
    elif word[-1] in _VOWELS and suffix[0] in "AI":
        suffix = suffix[1:]
    if word in softened and suffix[:1] in ("A", "I"):
        word = word[:-1] + "d"
    for sound in suffix:
        word += _adapted(word, sound)
    return word


def _aorist(stem: str) -> str:
    if stem[-1] in _VOWELS:
        return "r"
    one_syllable = sum(letter in _VOWELS for letter in stem) == 1
    return "Ar" if one_syllable and stem not in _CLOSE_AORIST else "Ir"


def _adapted(word: str, sound: str) -> str:
    if sound == "D":
        return "t" if word[-1] in _VOICELESS else "d"
    if sound not in "AI":
        return sound
    last = next((letter for letter in reversed(word) if letter in _VOWELS), "e")
    if sound == "A":
        return "a" if last in _BACK else "e"
    if last in _ROUND:
        return "u" if last in _BACK else "ü"
    return "ı" if last in _BACK else "i"
