"""What holds for any text: entities are slices of it, in order, apart from each other, and the same every time."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from processors.annotate.entities import Entry, Gazetteer, Name, find_entities, load_gazetteer
from processors.annotate.entities.folding import fold, words

NAMES = sorted(name.text for entry in load_gazetteer().entries for name in entry.names)
BETWEEN = [
    " ",
    " ",
    " ",
    ", ",
    ". ",
    "\n",
    "-",
    " and ",
    " и ",
    "'ın ",
    "’s ",
    " Dmitry ",
    " «",
    "» ",
    "\u00a0",
    "St. ",
    "",
]
texts = st.lists(st.one_of(st.sampled_from(NAMES), st.sampled_from(BETWEEN), st.text(max_size=8)), max_size=30).map(
    "".join
)
langs = st.sampled_from(["en", "ru", "uk", "tr", "de", "fr", "pl", None])


@settings(max_examples=300, deadline=None)
@given(texts, langs)
@example("İİİ İstanbul'da Ankara", "tr")
@example("\U0001f600 Лавров\u0301 Лавров", "ru")
@example("St. Petersburg. Washington, D.C., U.S. Sergey V. Lavrov", "en")
def test_entities_are_ordered_slices_that_do_not_overlap(text: str, lang: str | None) -> None:
    gazetteer = load_gazetteer()
    entities = find_entities(text, lang, gazetteer)
    end = 0
    for entity in entities:
        assert end <= entity.start < entity.end <= len(text)
        assert text[entity.start : entity.end] == entity.text
        assert entity.id is None or gazetteer.by_id(entity.id) is not None
        end = entity.end
    assert find_entities(text, lang, gazetteer) == entities


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([entry for entry in load_gazetteer().entries if entry.id is not None]), langs)
def test_a_name_links_to_its_own_entry_or_to_none(entry: Entry, lang: str | None) -> None:
    text = f"{entry.label}."
    ids = {entity.id for entity in find_entities(text, lang, load_gazetteer())}
    assert ids <= {entry.id, None}


def test_every_english_label_is_found_in_an_english_sentence() -> None:
    """A label that others share needs its country in the article."""
    missed = []
    for entry in load_gazetteer().entries:
        text = f"She spoke of {entry.label} yesterday."
        country = load_gazetteer().by_id(entry.country or "")
        if entry.names[0].reach == "careful" and country is not None:
            text += f" It was her first visit to {country.label}."
        if (entry.label, entry.id) not in [(e.text, e.id) for e in find_entities(text, "en", load_gazetteer())]:
            missed.append(entry.label)
    assert missed == []


@given(st.text(max_size=20))
def test_folding_is_stable(text: str) -> None:
    for word in words(text):
        assert fold(fold(word)) == fold(word)
        assert fold(word) == fold(word).lower()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Erdoğan", "ERDOGAN"),
        ("İstanbul", "istanbul"),
        ("В’ячеслав", "В'ЯЧЕСЛАВ"),
        ("Королёв", "королев"),
        ("Sergueï", "Serguei"),
    ],
)
def test_spellings_meet(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_letters_that_are_not_marks_stay_apart() -> None:
    assert fold("й") != fold("и")
    assert fold("ї") != fold("і")


def test_a_gazetteer_of_ones_own() -> None:
    entry = Entry("Q42", "ORG", "Sunrise Council", (Name("Sunrise Council", "en"), Name("Совет Рассвета", "ru")))
    own = Gazetteer((entry,))
    assert [(e.text, e.id) for e in find_entities("В Совете Рассвета сказали.", "ru", own)] == [
        ("Совете Рассвета", "Q42")
    ]
    assert find_entities("Lavrov", "en", own) == []
    assert find_entities("", None, own) == []
