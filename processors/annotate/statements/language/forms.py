"""The forms of a reporting verb that can have somebody as their subject, and those that name nobody.

Russian and Ukrainian verbs are inflected by pymorphy3's dictionaries, those of other languages by the endings of
their data file.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from processors.annotate.morphology import parses
from processors.annotate.statements.language.harmony import inflected

DICTIONARIES = frozenset({"ru", "uk"})
Phrase = tuple[str, ...]


def forms(
    lang: str, base: str, rules: list[dict[str, Any]], irregular: dict[str, list[str]], last: bool
) -> list[Phrase]:
    """``base``: words joined by ``_``, of which the first is inflected, or the ``last``. ``irregular``: forms that a
    word has instead of those of the rules, or beside them where ``+`` is one of them.
    """
    words = base.split("_")
    at = len(words) - 1 if last else 0
    word = words[at]
    found = [form for form in _finite(word, lang) if not _function_word(form, lang)] if lang in DICTIONARIES else []
    own = irregular.get(word, [])
    found += [form for form in own if form != "+"]
    if not found or "+" in own:
        found += _by_ending(word, rules)
    return [(*words[:at], form, *words[at + 1 :]) for form in dict.fromkeys(found)]


def impersonal(lang: str, base: str) -> list[Phrase]:
    """Short passive participles and forms in -но, -то: «отмечена», «наголошено»."""
    first, *rest = base.split("_")
    return [
        (form, *rest)
        for word, tags in _lexeme(first, lang)
        if tags >= {"PRTS", "past"} or "Impe" in tags
        for form in _spellings(word)
    ]


def _function_word(form: str, lang: str) -> bool:
    """As «хотя», which is hardly ever a form of «хотеть»."""
    found = parses(form, lang)
    return bool(found) and found[0].tag.POS in ("CONJ", "PREP", "PRCL")


def _finite(word: str, lang: str) -> Iterator[str]:
    """Past tense, third person, gerund, and the active participle as its noun phrase's head has it."""
    for form, tags in _lexeme(word, lang):
        finite = "VERB" in tags and ("past" in tags or ("3per" in tags and "impr" not in tags))
        if finite or "GRND" in tags or {"PRTF", "actv", "past", "nomn", "masc"} <= tags:
            yield from _spellings(form)
            if lang == "uk":
                yield from _ukrainian_gerund(form, tags)


def _ukrainian_gerund(form: str, tags: frozenset[str]) -> Iterator[str]:
    """The dictionary has none: «підкреслюють» gives «підкреслюючи», «підкреслив» gives «підкресливши»."""
    if {"plur", "pres"} <= tags and form.endswith(("ть", "ться")):
        yield form.removesuffix("ться") + "чись" if form.endswith("ться") else form.removesuffix("ть") + "чи"
    if {"masc", "past"} <= tags and form.endswith(("в", "вся")):
        yield form.removesuffix("вся") + "вшись" if form.endswith("вся") else form + "ши"


def _lexeme(word: str, lang: str) -> Iterator[tuple[str, frozenset[str]]]:
    """All forms of an infinitive with their grammemes (OpenCorpora's)."""
    for parse in parses(word, lang):
        if parse.is_known and parse.tag.grammemes & {"INFN", "infn"}:
            for form in parse.lexeme:
                yield form.word, form.tag.grammemes
            return


def _spellings(form: str) -> tuple[str, ...]:
    return (form, form.replace("ё", "е")) if "ё" in form else (form,)


def _by_ending(word: str, rules: Iterable[dict[str, Any]]) -> list[str]:
    for rule in rules:
        if "harmony" in rule:
            return inflected(word, str(rule["harmony"]).split(), frozenset(str(rule["softened"]).split()))
        if any(word.endswith(end) for end in str(rule["ends"]).split() or [""]):
            stem = word[: len(word) - int(rule["cut"])]
            # "ge*t" is put around the stem.
            return [
                add.replace("*", stem) if "*" in add else stem + add.replace("-", "")
                for add in str(rule["add"]).split()
            ]
    return [word]
