"""Every language's data file is whole: a misspelt key or a missing day would fail silently otherwise."""

import re
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import yaml

from processors.annotate.statements.language.lexicon_file import LISTS, OPTIONS, PHRASES, load_lexicon
from processors.annotate.stems import stems

FOLDER = resources.files("processors.annotate") / "data" / "lexicon"
GLOSSARY = Path(__file__).parents[3] / "docs" / "lexicon.md"
LANGUAGES = sorted(f.name.removesuffix(".yaml") for f in FOLDER.iterdir())
OFFICES = {
    "foreign_minister", "minister", "other_minister", "deputy", "president", "prime_minister", "spokesperson",
    "diplomat", "counterpart", "epithet", "secretary_general", "other",
}  # fmt: skip
KINDS = {
    "interview", "article", "press_conference", "briefing", "opening", "talks", "call", "parliament", "forum",
    "ceremony", "ambassadors", "university", "statement",
}  # fmt: skip
SETTING = {
    "today", "yesterday", "before_yesterday", "vague", "not_after", "last", "flashback", "place_before", "audiences",
    "arrivals", "meetings", "with", "with_before", "occasions", "media_nouns", "media_markers", "media_relays",
    "writing", "expected", "named_occasions", "ahead", "ahead_behind", "before_events", "on_day",
    "in_year", "earlier", "year_behind",
}  # fmt: skip
# What the rules cannot do without.
NEEDED = {"say", "name", "roles", "weekdays", "months", "pronouns", "tails", "questioner", "setting", "common_starts"}


class _Unique(yaml.SafeLoader):
    """Refuses a key that stands twice: YAML would silently keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value]
        assert len(keys) == len(set(keys)), {k for k in keys if keys.count(k) > 1}
        return super().construct_mapping(node, deep)


def data_of(lang: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load((FOLDER / f"{lang}.yaml").read_text(encoding="utf-8"), _Unique)
    return loaded


@pytest.mark.parametrize("lang", LANGUAGES)
def test_keys_are_known_and_none_is_missing(lang: str) -> None:
    data = data_of(lang)
    assert set(data) <= {*LISTS, *PHRASES, *OPTIONS}
    assert not (NEEDED - ({"common_starts"} if lang == "ar" else set())) - set(data)
    assert set(data["roles"]) <= OFFICES
    assert set(data["setting"]) <= SETTING
    assert set(data["setting"]["occasions"]) == KINDS
    assert set(data["setting"]["named_occasions"]) <= KINDS


def test_every_key_is_explained() -> None:
    rows = [line for line in GLOSSARY.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    explained = [key for row in rows for key in re.findall(r"`(\w+)`", row.split("|")[1])]
    assert sorted(explained) == sorted({*LISTS, *PHRASES, *OPTIONS})


@pytest.mark.parametrize("lang", LANGUAGES)
def test_days_and_months_are_complete_and_apart(lang: str) -> None:
    data = data_of(lang)
    for name, count in (("weekdays", 7), ("months", 12)):
        assert len(data[name]) == count
        every = [stem for entry in data[name] for stem in stems(entry)]
        assert len(every) == len(set(every))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_verbs_are_inflected_and_irregular_ones_used(lang: str) -> None:
    data = data_of(lang)
    lexicon = load_lexicon(lang)
    listed = " ".join(str(data.get(kind, "")) for kind in ("say", "clause", "name"))
    parts = set(re.split(r"[\s_]+", listed))
    assert set(data.get("irregular", {})) <= parts
    assert all(phrase[0] == word for word, hits in lexicon.cues.items() for phrase, _, _ in hits)


def test_every_list_is_asked_for_and_no_other_is() -> None:
    with resources.as_file(resources.files("processors.annotate") / "statements") as package:
        code = {f.relative_to(package).as_posix(): f.read_text(encoding="utf-8") for f in package.rglob("*.py")}
    # The names themselves stand there.
    lexicon = "language/lexicon_file.py"
    code[lexicon] = re.sub(r"(?s)\n(?:LISTS|OPTIONS|PHRASES) = \(.*?\n\)", "", code[lexicon])
    asked = {name for source in code.values() for name in re.findall(r"\bhas\(\s*\"(\w+)\"", source)}
    assert asked <= set(LISTS)
    unused = {name for name in LISTS if not any(f'"{name}"' in source for source in code.values())}
    assert not unused
    given = {key for lang in LANGUAGES for key in data_of(lang)}
    assert set(LISTS) <= given


@pytest.mark.parametrize("lang", LANGUAGES)
def test_endings_are_lists_and_genders_are_known(lang: str) -> None:
    data = data_of(lang)
    endings = {name: value for name, value in data.items() if name.endswith(("_ends", "_stems"))}
    assert all(isinstance(value, list) for value in endings.values())
    titles = {name for names in data["roles"].values() for name in (names.split() if isinstance(names, str) else names)}
    nationals = set(data.get("nationals", "").split())
    assert set(data.get("office_countries", {})) <= titles | nationals
    assert nationals <= set(data.get("office_countries", {})), "whoever is named by his nation is of its country"
    assert all(re.fullmatch(r"Q\d+", country) for country in data.get("office_countries", {}).values())
    assert set(data.get("article_genders", {}).values()) <= {"m", "f"}
    # An article whose gender is known is an article.
    assert set(data.get("article_genders", {})) <= set(data.get("determiners", "").split())


@pytest.mark.parametrize(
    ("lang", "forms"),
    [
        ("en", "implied guaranteeing committed_to struck_a_note gave_an_assurance replied"),
        ("de", "entgegnete bezeichnete leugnete unterstrich unterstrichen abgestritten hinzufügte mitteilte vorwarf"),
        ("fr", "répète suggère révèle martèle rappela répondit soutinrent rappelait énumèrent"),
        ("es", "insistido insistiendo recordando sostenido advirtieron proponía confiesa recomiendan pedían"),
    ],
)
def test_verbs_have_the_forms_that_their_language_gives_them(lang: str, forms: str) -> None:
    """Irregular ones stand in the data files; they were compared with those of verbecc, lemminflect and simplemma."""
    known = {"_".join(phrase) for hits in load_lexicon(lang).cues.values() for phrase, _, _ in hits}
    assert set(forms.split()) <= known


@pytest.mark.parametrize(
    ("lang", "times", "others"),
    [
        ("en", "Monday mondays monday's may", "mayor maybe marched"),
        ("fr", "mai lundi lundis", "mais maison maintenir"),
        ("de", "mai montags dienstagabend", "mais"),
        ("es", "mayo martes", "mayor mayoría"),
        ("ru", "среда среду средой мая", "среди средства"),
        ("uk", "середа середу", "серед середній"),
        ("tr", "cuma cumaya cumartesi pazartesiye", "pazarlık"),
    ],
)
def test_a_day_or_a_month_is_no_beginning_of_other_words(lang: str, times: str, others: str) -> None:
    lexicon = load_lexicon(lang)
    assert all(lexicon.is_time(word) for word in times.lower().split())
    assert not any(lexicon.is_time(word) for word in others.split())
