"""Quotations, sentences, ids, and what must hold for any text (synthetic)."""

import datetime
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.annotate.entities import find_entities, load_gazetteer
from processors.annotate.knowledge import knowledge_of
from processors.annotate.statements import find_statements, load_lexicon
from processors.annotate.statements.text.quotes import find_quotes
from processors.annotate.statements.text.sentences import split

QUOTED = [
    ("“Yes, we can,” he said.", ["“Yes, we can,”"]),
    ("„Ja, sofort“, sagte er.", ["„Ja, sofort“"]),
    ("»Ja, sofort«, sagte er.", ["»Ja, sofort«"]),
    ("« Oui, demain », dit-il.", ["« Oui, demain »"]),
    ("«Он сказал „да“ и ушел», — вспомнил он.", ["«Он сказал „да“ и ушел»"]),
    ("'We don't know the ministers' plan yet,' he said.", ["'We don't know the ministers' plan yet,'"]),
    ("‘We don’t know,’ he said.", ["‘We don’t know,’"]),
    ("The ministers' plan isn't Lavrov's.", []),
    ("İstanbul'da Lavrov'un planı yok.", []),
    ("He is 5'11\" tall.", []),
    ('"The first part of it,” he said.', ['"The first part of it,”']),
    ("“First paragraph.\n“Second paragraph.”", ["“First paragraph.", "“Second paragraph.”"]),
]


@pytest.mark.parametrize(("text", "quotes"), QUOTED)
def test_quotations(text: str, quotes: list[str]) -> None:
    assert [text[q.start : q.end] for q in find_quotes(text)] == quotes


@pytest.mark.parametrize(
    ("text", "lang", "count"),
    [
        ("The U.S. President met Mr. Smith on Feb. 3 in St. Ives. He left.", "en", 2),
        ("Встреча прошла на ул. Мира в 2026 г. в Москве. Министр уехал.", "ru", 2),
        ("“It is over. We go home.” He left.", "en", 2),
        ("“Is it over?” asked nobody.", "en", 1),
        ("First.\nSecond", "en", 2),
        ("The mayor said no. The bridge stayed shut.", "en", 2),
        ("Berth No. 4 is shut. Nobody sails.", "en", 2),
        ("Das Abkommen, Art. 5 und Nr. 3, gilt. Niemand bestreitet es.", "de", 2),
        ("Так говорится в ст. 5 договора. Спорить не о чем.", "ru", 2),
        ("Згідно з п. 4 угоди, порт закрито.", "uk", 1),
        ("Le traité, art. 5, reste en vigueur. Rien ne change.", "fr", 2),
        ("El tratado, art. 5, sigue vigente. Nada cambia.", "es", 2),
    ],
)
def test_sentences(text: str, lang: str, count: int) -> None:
    words = load_lexicon(lang).words
    found = split(text, find_quotes(text), words["abbreviations"], before_numbers=words["before_numbers"])
    assert len(found) == count


def test_ids_survive_a_shift_and_tell_repeats_apart() -> None:
    said = "The mayor said that the bridge is shut. The mayor said that the bridge is shut."
    first = find_statements(f"T\n{said}", "en", [], article_id="a")
    later = find_statements(f"A longer title\nMore before it. {said}", "en", [], article_id="a")
    assert [s.statement_id for s in first] == [s.statement_id for s in later]
    assert len({s.statement_id for s in first}) == 2
    other = find_statements(f"T\n{said}", "en", [], article_id="b")
    assert not {s.statement_id for s in first} & {s.statement_id for s in other}


_PIECES = st.sampled_from(
    ["Lavrov", "Лавров", "said", "заявил", "что", "that", "he", "министр", '"', "«", "»", "“", "”", "'", "—", ",", ".",
     ":", "\n", " ", "according to", "по словам", "söyledi", "sagte", "dass", "laut", "12 мая", "Monday", "with", "("]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(st.text(max_size=200), st.lists(_PIECES, max_size=60).map(" ".join)),
    st.sampled_from(["en", "ru", "tr", "de", "fr", "uk", "es", "ar", "pl", None]),
)
def test_any_text_gives_sound_statements(text: str, lang: str | None) -> None:
    gazetteer = load_gazetteer()
    day = datetime.datetime(2026, 5, 20, tzinfo=datetime.UTC)
    entities = find_entities(text, lang, gazetteer)
    found = find_statements(text, lang, entities, day, article_id="a", knowledge=knowledge_of(gazetteer))
    assert found == find_statements(text, lang, entities, day, article_id="a", knowledge=knowledge_of(gazetteer))
    for statement in found:
        assert text[statement.start : statement.end] == statement.text
        assert statement.start < statement.end
        assert statement.source is None or 0 <= statement.source.start < statement.source.end <= len(text)
    # Apart from one another, or one within another speaker's words.
    assert all(a.end <= b.start or (b.end <= a.end and a.start <= b.start) for a, b in itertools.pairwise(found))
    assert len({s.statement_id for s in found}) == len(found)


HOSTILE = [
    '"',
    "«a ",
    "he said, ",
    "Lavrov said “yes we can do it”. ",
    "x' 'y ",
    "told the x, that ",
    "Ab ",
    ". ",
    "ABC ",
    "12 may ",
    "b «a ",
    "b 'a ",
    "\u200bLav\u00adrov\x00 🙂 said ",
    "وقال لافروف إن ",
    "- он сказал:\n",
    "Вопрос: да?\n",
    "«Да, — сказал он. — Нет, — ",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_repetition_is_read_to_the_end(piece: str) -> None:
    """Work that grew with the square or cube of these would run into the timeout of the test run."""
    text = "T\n" + piece * (20_000 // len(piece))
    for lang in ("en", "ru", "tr", "ar"):
        find_statements(text, lang, [])
