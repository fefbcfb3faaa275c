"""Reads the data file of a language.

Adding a language is adding ``data/lexicon/<lang>.yaml``; a language without one gets the empty lexicon, with which
quotations and capitalised names still work. Verbs are listed by base form and inflected by ``forms``; a form that no
one writes does no harm.
"""

from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any

import yaml

from processors.annotate.statements.language.forms import Phrase, forms, impersonal
from processors.annotate.statements.language.lexicon import NOMINAL, Lexicon, role_stem
from processors.annotate.statements.text.tokens import VOWEL_SIGNS
from processors.annotate.stems import stems, whole

_Cues = dict[str, list[tuple[Phrase, str, str]]]
_Roles = dict[str, list[tuple[Phrase, str]]]

LISTS = (
    "abbreviations", "about", "abstracts", "according_behind", "adding_participles", "addressed", "addressees",
    "addressing", "adverbs", "adversatives", "afterthoughts", "aged", "agents", "answerer", "answering_by", "asking",
    "authors", "auxiliaries", "backshifted", "bare_clauses", "before_infinitives", "before_numbers", "bodies_behind",
    "both", "bylines", "circumstance_openers", "citing", "claims", "clausal", "clitics", "collective", "coming",
    "commitments", "common_starts", "comparing", "complementizers", "conditional", "conjunctions", "connectors",
    "content_infinitives", "continuing", "contrasting", "copulas", "correlatives", "day_words", "definite", "denials",
    "determiners", "documents", "doyens", "envoys", "female_titles", "feminine_articles", "figure_closers",
    "figure_leads", "figures", "finite", "finite_auxiliaries", "first_person", "foreign", "foreign_ministries",
    "free_relatives", "futures", "genitives", "given_out", "givens", "givers", "going_on", "heard_from",
    "heard_verbs", "hearing", "imperatives", "indefinite", "infinitive_marks", "inserted_particles", "interviewees",
    "interviews", "latter", "makes", "ministers", "ministries", "modals", "naming", "nationals", "needs_country",
    "negating", "negations", "neither", "nobody", "nominative_articles", "nominative_pronouns", "not_participles",
    "not_reflexive", "noun_cues", "object_articles", "object_prepositions", "oblique_articles",
    "oblique_feminine_articles", "occasion_prepositions", "occasion_verbs", "of_verbs", "only_negated", "only_verbs",
    "openers", "opinions", "origins", "own", "own_country", "own_feminine", "own_words", "particles",
    "passive_auxiliaries", "passive_verbs", "perceiving", "perfect_auxiliaries", "plainly", "plural_nouns",
    "pointers", "portfolio_links", "portfolios", "possessed", "possessives", "postpositions", "predicates",
    "predicating", "predicatives", "prepositions", "printed", "prints", "prospective", "purpose",
    "purpose_correlatives", "purposes", "questioner", "questions", "quoted", "quoters", "receptions", "referring",
    "reflexives", "refusals", "regional", "relative_adverbs", "relative_complementizers", "relative_subjects",
    "relatives", "relay_verbs", "releases", "replying", "reporters", "responders", "retelling",
    "retelling_auxiliaries", "role_joins", "role_links", "separated", "sides", "so", "speech_nouns", "speeches",
    "spoken_for", "stages", "stances", "states", "subject_links", "subjunctive", "subjunctive_subjects",
    "telling_moods", "that", "that_correlatives", "these", "thus", "time_qualifiers", "time_verbs", "time_words",
    "titles", "to", "together", "told", "told_negated", "told_of", "told_verbs", "topic_prepositions", "topics",
    "unnamed", "unspoken", "verbal_nouns", "verdicts", "view_nouns", "view_prepositions", "voicing", "weak_modals",
    "with_object",
)  # fmt: skip
# Keys of a data file that are neither lists of words nor of phrases.
OPTIONS = (
    "order", "cases", "pro_drop", "subject_follows", "objects_behind", "que_conjunctions", "inflect", "inflect_last",
    "infinitives", "irregular", "say", "clause", "name", "roles", "pronouns", "weekdays", "months", "participles",
    "adjectives", "finite_ends", "passives", "predicate_ends", "claim_ends", "reportive_ends", "circumstances",
    "prefixes", "role_prefixes", "governing_prefixes", "setting", "home", "nominals", "inserted_ends", "future_ends",
    "feminine_ends", "indicative_ends", "question_stems", "circumstance_ends", "complement_ends", "place_ends",
    "article_genders", "contracted", "office_countries", "suffixed", "object_suffixes", "object_pronouns", "compounds",
    "plural_ends", "circumstantial", "dash_speech",
)  # fmt: skip
PHRASES = (
    "gists",
    "according",
    "according_self",
    "according_person",
    "according_around",
    "according_his",
    "relayed",
    "quoted_as",
    "according_after",
    "as_verb",
    "demonstratives",
    "tails",
    "topic_moves",
    "pointed_objects",
    "impersonal",
    "agreed",
    "additions",
    "claimed",
    "split",
)


@cache
def load_lexicon(lang: str | None) -> Lexicon:
    """The lexicon of an ISO 639-1 code; the empty one for a language without data."""
    if lang is None or not lang.isalpha():
        return Lexicon(None)
    file = resources.files("processors.annotate") / "data" / "lexicon" / f"{lang}.yaml"
    if not file.is_file():
        return Lexicon(None)
    return _build(lang, yaml.safe_load(file.read_text(encoding="utf-8")))


def _build(lang: str, data: dict[str, Any]) -> Lexicon:
    def ends(name: str) -> tuple[str, ...]:
        return tuple(_items(data.get(name)))

    role_words, role_stems = _roles(data)
    return Lexicon(
        lang=lang,
        order=data.get("order", "svo"),
        cases=bool(data.get("cases")),
        words={name: frozenset(_items(data.get(name))) for name in LISTS},
        pronouns=_pronouns(data.get("pronouns", {})),
        object_pronouns=_pronouns(data.get("object_pronouns", {})),
        cues=_cues(lang, data),
        role_words=role_words,
        governed_roles=_governed(role_stems, data),
        role_stems=role_stems,
        phrases=_phrases(lang, data),
        weekday_stems=tuple(stem for w in data.get("weekdays", ()) for stem in stems(w)),
        month_stems=tuple(stem for w in data.get("months", ()) for stem in stems(w)),
        uninflected_times=whole([*data.get("weekdays", ()), *data.get("months", ())]),
        participles=ends("participles"),
        adjective_ends=ends("adjectives"),
        finite_ends=ends("finite_ends"),
        predicate_ends=ends("predicate_ends"),
        reportive_ends=ends("reportive_ends"),
        claim_ends=ends("claim_ends"),
        inserted_ends=ends("inserted_ends"),
        future_ends=ends("future_ends"),
        plural_ends=ends("plural_ends"),
        feminine_ends=ends("feminine_ends"),
        indicative_ends=ends("indicative_ends"),
        question_stems=ends("question_stems"),
        circumstance_ends=ends("circumstance_ends"),
        complement_ends=ends("complement_ends"),
        place_ends=ends("place_ends"),
        compounds={str(end): str(office) for end, office in data.get("compounds", {}).items()},
        article_genders=dict(data.get("article_genders", {})),
        office_countries=dict(data.get("office_countries", {})),
        contracted={word: tuple(_items(joined)) for word, joined in data.get("contracted", {}).items()},
        circumstances=ends("circumstances"),
        pro_drop=bool(data.get("pro_drop")),
        subject_follows=bool(data.get("subject_follows")),
        objects_behind=bool(data.get("objects_behind")),
        que_conjunctions=bool(data.get("que_conjunctions")),
        dash_speech=bool(data.get("dash_speech")),
        home=str(data.get("home", "")),
    )


def _cues(lang: str, data: dict[str, Any]) -> _Cues:
    """The forms of reporting verbs by their first words, each with its kind and base."""
    rules = data.get("inflect", [])
    irregular = {k: str(v).split() for k, v in data.get("irregular", {}).items()}
    last = bool(data.get("inflect_last"))
    cues: _Cues = {}
    for kind in ("say", "clause", "name"):
        for base in _items(data.get(kind)):
            for phrase in forms(lang, base, rules, irregular, last):
                cues.setdefault(phrase[0], []).append((phrase, kind, base))
            for led in _items(data.get("circumstantial")):
                # "tras reconocer que", « sans exclure que »
                phrase = (*led.split("_"), *base.split("_"))
                cues.setdefault(phrase[0], []).append((phrase, kind, base))
            if data.get("infinitives") and kind == "say":
                # An infinitive with a colon: he gathered the press to say that.
                phrase = tuple(base.split("_"))
                cues.setdefault(phrase[0], []).append((phrase, "infinitive", base))
            if kind == "say":
                # "profiter de sa visite pour affirmer que"
                for word in _items(data.get("purposes")):
                    cues.setdefault(word, []).append(((word, *base.split("_")), kind, base))
    for hits in list(cues.values()) if data.get("nominals") else ():
        for phrase, kind, base in hits:
            for form in _nominal(phrase[-1], data["nominals"]) if kind == "say" else ():
                noun = (*phrase[:-1], form)
                cues.setdefault(noun[0], []).append((noun, NOMINAL, base))
    for word in _items(data.get("suffixed")):
        # Arabic writes an object that is a pronoun together with the verb.
        for suffix in _items(data.get("object_suffixes")):
            cues[word + suffix] = [((word + suffix,), kind, base) for p, kind, base in cues[word] if len(p) == 1]
    prefixed = _items(data.get("prefixes"))
    for word, hits in list(cues.items()):
        # Arabic writes "and" together with the verb.
        for prefix in prefixed:
            cues.setdefault(prefix + word, []).extend(((prefix + p[0], *p[1:]), kind, base) for p, kind, base in hits)
    return cues


def _nominal(past: str, ends: dict[str, str]) -> list[str]:
    """The noun of a verb, made from its past, bare and as an object: "söyledi" gives "söylediği", "söylediğini"."""
    added = ends.get(past[-1]) if past[-2:-1] in ("d", "t") else None
    return [past + end for end in _items(added)]


def _roles(data: dict[str, Any]) -> tuple[_Roles, _Roles]:
    """Roles with their offices, by their first words and by the stems of these."""
    words: _Roles = {}
    by_stem: _Roles = {}
    for office, names in data.get("roles", {}).items():
        for name in _items(names):
            phrase = tuple(name.replace(" ", "_").split("_"))
            for word in (phrase[0], *_joined(phrase[0], data.get("role_prefixes"))):
                words.setdefault(word, []).append(((word, *phrase[1:]), office))
            by_stem.setdefault(role_stem(phrase[0]), []).append((phrase, office))
    return words, by_stem


def _governed(role_stems: _Roles, data: dict[str, Any]) -> frozenset[str]:
    """First words of roles with a preposition joined to them, but for those that are first words without one, too."""
    plain = {phrase[0] for names in role_stems.values() for phrase, _ in names}
    return frozenset(word for first in plain for word in _joined(first, data.get("governing_prefixes"))) - plain


def _joined(word: str, prefixes: object) -> list[str]:
    """An Arabic noun with the prepositions and conjunctions that are written together with it."""
    return [
        "لل" + word[2:] if prefix == "ل" and word.startswith("ال") else prefix + word for prefix in _items(prefixes)
    ]


def _phrases(lang: str, data: dict[str, Any]) -> dict[str, dict[str, list[Phrase]]]:
    """The phrases of each list by their first words."""
    phrases = {name: _by_first_word(_items(data.get(name))) for name in PHRASES}
    for base in _items(data.get("passives")):
        for phrase in impersonal(lang, base):
            phrases["impersonal"].setdefault(phrase[0], []).append(phrase)
    return phrases


def _by_first_word(items: list[str]) -> dict[str, list[Phrase]]:
    table: dict[str, list[Phrase]] = {}
    for item in items:
        phrase = tuple(item.replace(" ", "_").split("_"))
        table.setdefault(phrase[0], []).append(phrase)
    return table


def _pronouns(data: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Number and gender of each."""
    pronouns = {}
    for word, value in data.items():
        number, _, gender = str(value).partition(" ")
        pronouns[str(word)] = (number, gender)
    return pronouns


def _items(value: object) -> list[str]:
    if value is None:
        return []
    if isinstance(value, str):
        return value.translate(VOWEL_SIGNS).split()
    if isinstance(value, Iterable):
        return [str(item).translate(VOWEL_SIGNS) for item in value]
    return [str(value)]
