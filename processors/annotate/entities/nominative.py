"""Russian names in the nominative: «Стивом Уиткоффом» is «Стив Уиткофф».

Cases are read off with pymorphy3. The words of a name agree, so the reading is taken that most words share; a word that
has no such reading stays as it is.
"""

import functools
from collections import Counter

from processors.annotate.morphology import parses

_PLACES = frozenset(("Geox",))
_PEOPLE = frozenset(("Name", "Surn", "Patr"))
_MAX_READINGS = 8

Reading = tuple[str, str]


@functools.lru_cache(maxsize=16384)
def _readings(word: str, *, person: bool) -> tuple[tuple[Reading, str], ...]:
    """(case and gender, nominative) of each reading in the singular; those that are names of the kind come first."""
    wanted = _PEOPLE if person else _PLACES
    likeliest = parses(word, "ru")[:_MAX_READINGS]
    named = [parse for parse in likeliest if wanted & set(parse.tag.grammemes)]
    out = []
    for parse in named or likeliest:
        if parse.tag.case is None or parse.tag.number == "plur":
            continue
        inflected = parse.inflect({"nomn"})
        if inflected is not None:
            out.append(((str(parse.tag.case), str(parse.tag.gender)), str(inflected.word)))
    return tuple(out)


def nominative(name: str, *, person: bool) -> str:
    """The name in the nominative, with the capitals of ``name``. Names of several words are inflected for people only:
    in those of organisations only the first words agree.
    """
    words = name.split()
    if not person and len(words) != 1:
        return name
    readings = [_readings(word.lower(), person=person) if word.isalpha() else () for word in words]
    counts: Counter[Reading] = Counter()
    for of_word in readings:
        counts.update(list(dict.fromkeys(reading for reading, _ in of_word)))
    if not counts:
        return name
    best = max(counts.values())
    # The first reading of the last word that most words share: pymorphy3 orders them by likelihood.
    order = [reading for of_word in reversed(readings) for reading, _ in of_word if counts[reading] == best]
    chosen = order[0]
    return " ".join(
        _like(word, next((form for reading, form in of_word if reading == chosen), word.lower()))
        for word, of_word in zip(words, readings, strict=True)
    )


def agreeing_nominative(name: str) -> str:
    """The nominative of a name of several words that all stand in one oblique case («Анны Беловой», «Генштаба ВСУ»);
    the name itself where they do not, or may be in the nominative as they are.
    """
    words = name.split()
    changing = [word for word in words if not word.isupper()]
    if len(words) == 1 or not changing or not all(word.isalpha() and word.istitle() for word in changing):
        return name
    person = len(changing) == len(words)
    readings = [_readings(word.lower(), person=person) for word in changing]
    common = set.intersection(*({reading for reading, _ in of_word} for of_word in readings))
    if not common or any(case == "nomn" for case, _ in common):
        return name
    chosen = next(reading for reading, _ in readings[-1] if reading in common)
    forms = iter([_like(word, dict(of_word)[chosen]) for word, of_word in zip(changing, readings, strict=True)])
    return " ".join(word if word.isupper() else next(forms) for word in words)


def surnames(word: str) -> list[str]:
    """What a bare surname may be in the nominative, the likeliest first: «Громову» is Громов and Громова."""
    forms = [form for _, form in _readings(word.lower(), person=True)] if word.isalpha() else []
    return list(dict.fromkeys(_like(word, form) for form in forms)) or [word]


def _like(word: str, form: str) -> str:
    if word.lower() == form or not word[:1].isupper():
        return word
    return form.upper() if len(word) > 1 and word.isupper() else form[:1].upper() + form[1:]
