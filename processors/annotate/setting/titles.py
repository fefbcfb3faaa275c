"""Names of papers and broadcasters in the nominative: «Российской газете» is «Российская газета»."""

from functools import lru_cache
from typing import Any

from processors.annotate.morphology import parses

_LANGUAGES = frozenset({"ru", "uk"})
_AND = frozenset({"и", "і", "й", "та"})
_WORDS = frozenset({"ADJF", "PRTF", "NOUN"})

_Agreement = tuple[str, str, str]


@lru_cache(maxsize=4096)
def in_nominative(name: str, lang: str | None) -> str:
    """The name with its first words in the nominative, up to the first noun, and what "and" joins to it; what follows
    is an attribute that keeps its case («Эху Москвы» is «Эхо Москвы»). A name that may stand in the nominative as it
    is stays, and so does one with a word that no dictionary has.
    """
    words = name.split()
    if lang not in _LANGUAGES or any(w.isalpha() and not w.isupper() and not _known(w, lang) for w in words):
        return name
    nouns = (i for i, word in enumerate(words) if _only_noun(word, lang))
    head = list(range(next(nouns, len(words) - 1) + 1))
    common: set[_Agreement] = set.intersection(*(set(_agreements(words[i], lang)) for i in head)) if head else set()
    if not common or any(case == "nomn" for case, _, _ in common):
        return name
    last = _agreements(words[head[-1]], lang)
    chosen = next(agreement for agreement in last if agreement in common)
    if len({last[agreement] for agreement in common}) > 1 and not _only_noun(words[head[-1]], lang):
        return name  # «Суспільному»: a masculine or a neuter
    forms = {i: _agreements(words[i], lang)[chosen] for i in head}
    second = head[-1] + 2
    if second < len(words) and words[second - 1] in _AND:
        joined = (form for (case, _, _), form in _agreements(words[second], lang).items() if case == chosen[0])
        forms[second] = next(joined, words[second])
    return " ".join(_like(word, forms.get(i, word)) for i, word in enumerate(words))


def _known(word: str, lang: str) -> list[Any]:
    return [p for p in parses(word.lower(), lang) if p.is_known and p.tag.POS in _WORDS] if word.isalpha() else []


def _only_noun(word: str, lang: str) -> bool:
    known = _known(word, lang)
    return bool(known) and all(parse.tag.POS == "NOUN" for parse in known)


def _agreements(word: str, lang: str) -> dict[_Agreement, str]:
    """Case, number and gender of each reading, the likeliest first, with the nominative."""
    found: dict[_Agreement, str] = {}
    for parse in _known(word, lang):
        number = str(parse.tag.number)
        nominative = parse.inflect({"nomn"})
        if nominative is not None:
            gender = str(parse.tag.gender) if number == "sing" else ""
            found.setdefault((str(parse.tag.case), number, gender), str(nominative.word))
    return found


def _like(word: str, form: str) -> str:
    """The form with the capitals of the word."""
    if word.lower() == form.lower():
        return word
    return form[:1].upper() + form[1:] if word[:1].isupper() else form
