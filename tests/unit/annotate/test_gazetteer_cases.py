"""Places of the gazetteer in all cases that a dictionary of the language knows."""

import pymorphy3
import pytest

from processors.annotate.entities import load_gazetteer

CASES = ("gent", "datv", "accs", "ablt", "loct")
# What the dictionary itself declines wrongly, or the rules do not reach.
KNOWN = {("ru", "Лахор"), ("uk", "Перм"), ("uk", "Твер"), ("uk", "Анталья")}


@pytest.mark.parametrize("lang", ["ru", "uk"])
def test_places_are_known_in_every_case(lang: str) -> None:
    dictionary = pymorphy3.MorphAnalyzer(lang=lang)
    gazetteer = load_gazetteer()
    missing, tried = [], 0
    for entry in gazetteer.entries:
        if entry.type != "GPE" or entry.id is None:
            continue
        aliases = {form.casefold().replace("ё", "е") for form in gazetteer.aliases_of(entry.id)}
        for name in {name.text for name in entry.names if name.lang == lang}:
            known = [
                word for word in dictionary.parse(name)
                if word.is_known and "NOUN" in word.tag and "nomn" in word.tag and word.normal_form == name.casefold()
            ]  # fmt: skip
            if not known or not name.isalpha() or name.isupper() or (lang, name) in KNOWN:
                continue
            declined = [known[0].inflect({case, "sing"}) or known[0].inflect({case}) for case in CASES]
            words = {word.word.replace("ё", "е") for word in declined if word is not None}
            tried += len(words)
            missing += [f"{name}: {word}" for word in sorted(words - aliases)]
    assert tried > 1000
    assert not missing
