"""Can a name be the subject? Case and gender of names in Russian and Ukrainian, by pymorphy3's dictionaries."""

from functools import lru_cache

from processors.annotate.morphology import parses

LANGUAGES = frozenset({"ru", "uk"})
_LIVING = frozenset({"anim", "Name", "Surn", "Patr", "Geox", "Orgn", "Trad", "Abbr", "Init"})
_UKRAINIAN_INFINITIVES = ("ти", "тися", "тись")
_NOMINAL = frozenset({"NOUN", "ADJF", "NUMR", "NPRO"})


@lru_cache(maxsize=20_000)
def _nominative_genders(word: str, lang: str) -> frozenset[str]:
    """Genders (m, f, p for plural) in which ``word`` can stand in the nominative; empty: in an oblique case only."""
    genders: set[str] = set()
    nominal = False
    for parse in parses(word, lang):
        tag = parse.tag
        if tag.POS not in _NOMINAL:
            continue
        nominal = True
        if "Fixd" in tag:
            genders.update("mf")
        elif "nomn" in tag:
            gender = (tag.gender or "masc")[0]
            genders.update("p" if tag.number == "plur" else "mf" if gender == "n" else gender)
    return frozenset(genders) if nominal else frozenset("mfp")


def name_case(words: list[str], lang: str) -> tuple[bool, str]:
    """(oblique, gender ``m``, ``f`` or empty) of a name of several words: all must agree on a nominative."""
    common = frozenset("mfp")
    for word in words:
        if len(word) < 3 or word.isupper():
            continue
        common &= _nominative_genders(word.lower(), lang)
    if not common:
        return True, ""
    return False, next(iter(common)) if len(common) == 1 and "p" not in common else ""


@lru_cache(maxsize=20_000)
def part_of_speech(word: str, lang: str) -> str:
    """The likeliest part of speech, as pymorphy3 (OpenCorpora) names it; empty where it has none."""
    found = parses(word, lang)
    return str(found[0].tag.POS or "") if found else ""


def is_infinitive(word: str, lang: str) -> bool:
    """Whether a word is likeliest an infinitive; the Ukrainian dictionary calls many of them verbs."""
    return part_of_speech(word, lang) == "INFN" or (lang == "uk" and word.endswith(_UKRAINIAN_INFINITIVES))


@lru_cache(maxsize=20_000)
def is_person(word: str, lang: str) -> bool:
    """Whether a word is likeliest the name of an animate being, in the nominative: «начальник», «посол»."""
    found = parses(word, lang)
    return bool(found) and {"NOUN", "anim", "nomn"} <= found[0].tag.grammemes


@lru_cache(maxsize=20_000)
def is_thing(word: str, lang: str) -> bool:
    """Whether a word is a noun that is no name and no living being's in any reading: «устав», «требования».

    Adjectives are not: institutions begin with them.
    """
    known = [p.tag for p in parses(word, lang) if p.is_known]
    return bool(known) and all(tag.POS == "NOUN" and _LIVING.isdisjoint(tag.grammemes) for tag in known)


@lru_cache(maxsize=20_000)
def is_nominative(word: str, lang: str) -> bool:
    """Whether a word can be a noun or pronoun in the nominative."""
    return any({"nomn"} <= p.tag.grammemes and p.tag.POS in ("NOUN", "NPRO") for p in parses(word, lang))


@lru_cache(maxsize=20_000)
def past_gender(word: str, lang: str) -> str:
    """The gender, ``m`` or ``f``, that a verb in the past tense shows; empty where it is neither."""
    found = parses(word, lang)
    tag = found[0].tag if found and found[0].is_known else None
    if (
        any("Surn" in p.tag for p in found)
        or tag is None
        or tag.POS != "VERB"
        or "past" not in tag
        or tag.number == "plur"
    ):
        return ""
    return {"masc": "m", "femn": "f"}.get(tag.gender or "", "")


@lru_cache(maxsize=20_000)
def is_future(word: str, lang: str) -> bool:
    """Whether a word is likeliest a verb of the third person in the future: «ответит», «будет»."""
    found = parses(word, lang)
    return bool(found) and found[0].is_known and {"VERB", "futr", "3per"} <= found[0].tag.grammemes


@lru_cache(maxsize=20_000)
def is_short_form(word: str, lang: str) -> bool:
    """Whether a word is a participle that stands with a verb and is nobody's surname: «настроен»."""
    found = parses(word, lang)
    named = any("Surn" in p.tag for p in found)
    return bool(found) and found[0].is_known and found[0].tag.POS == "PRTS" and not named


@lru_cache(maxsize=20_000)
def may_be_subject(word: str, lang: str, gender: str) -> bool:
    """Whether a word can be a noun or pronoun in the nominative that has a verb of that gender."""
    tags = (p.tag for p in parses(word, lang))
    return any(
        tag.POS in ("NOUN", "NPRO") and "nomn" in tag and tag.number != "plur"
        and (tag.gender is None or tag.gender[0] == gender or "ms-f" in str(tag))
        for tag in tags
    )  # fmt: skip


@lru_cache(maxsize=20_000)
def is_genitive_of_thing(word: str, lang: str) -> bool:
    """Whether a word can be a lifeless noun in the genitive: «транспорта», «дел»."""
    known = (p.tag for p in parses(word, lang) if p.is_known)
    return any(tag.POS == "NOUN" and "gent" in tag and _LIVING.isdisjoint(tag.grammemes) for tag in known)


@lru_cache(maxsize=20_000)
def is_genitive_adjective(word: str, lang: str) -> bool:
    """Whether a word can be an adjective in the genitive: «сельского»."""
    return any(p.tag.POS == "ADJF" and "gent" in p.tag for p in parses(word, lang))
