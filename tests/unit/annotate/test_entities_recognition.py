"""Names outside the gazetteer: found, typed, in the nominative, merged; and nothing that costs more than it must."""

import pytest

from processors.annotate.core import annotate
from processors.annotate.entities import Recognizer, find_entities, find_unlinked, load_gazetteer, with_norms
from processors.annotate.entities.nominative import nominative
from processors.annotate.entities.recognition import MAX_CHARS, Span
from tests.builders import clean_article

LAVROV = "Q58217"
ENGLISH = (
    "Anna Kowalski met Sergei Lavrov in Brussels on Monday. Kowalski said that talks would go on, and her company, "
    "Northwind Freight, agreed. Kowalski's lawyer was absent."
)
RUSSIAN = (
    "Олег Петренко встретился с Сергеем Лавровым в Москве. По словам Петренко, переговоры продолжатся. "
    "С Петренко приехала Дарья Громова, а Громову встретили в аэропорту."
)


class Counting(Recognizer):
    """How often the models are asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    def spans(self, text: str, lang: str | None) -> list[Span]:
        self.asked += 1
        return super().spans(text, lang)


class Told(Recognizer):
    """Knows what it is told."""

    def __init__(self, *words: str) -> None:
        super().__init__()
        self.words = words

    def spans(self, text: str, lang: str | None) -> list[Span]:
        return [Span(text.index(word), text.index(word) + len(word), "ORG") for word in self.words]


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer()


def unlinked(text: str, lang: str, recognizer: Recognizer) -> list[tuple[str, str, str | None]]:
    known = find_entities(text, lang, load_gazetteer())
    found = with_norms(find_unlinked(text, recognizer.spans(text, lang), known), lang)
    assert all(text[e.start : e.end] == e.text and e.id is None for e in found)
    return [(e.text, e.type, e.norm) for e in found]


def test_a_stranger_is_found_and_all_mentions_share_the_full_name(recognizer: Recognizer) -> None:
    found = unlinked(ENGLISH, "en", recognizer)
    assert found.count(("Kowalski", "PER", "Anna Kowalski")) == 2
    assert ("Anna Kowalski", "PER", None) in found


def test_what_the_gazetteer_knows_is_not_found_again(recognizer: Recognizer) -> None:
    assert not any("Lavrov" in text or "Brussels" in text for text, _, _ in unlinked(ENGLISH, "en", recognizer))


def test_russian_names_stand_in_the_nominative(recognizer: Recognizer) -> None:
    found = unlinked(RUSSIAN, "ru", recognizer)
    assert ("Дарья Громова", "PER", None) in found
    assert ("Громову", "PER", "Дарья Громова") in found


@pytest.mark.parametrize(
    ("name", "person", "expected"),
    [
        ("Дарьей Громовой", True, "Дарья Громова"),
        ("Олега Громова", True, "Олег Громов"),
        ("Громову", True, "Громов"),
        ("Урюпинске", False, "Урюпинск"),
        ("«Северного ветра»", False, "«Северного ветра»"),
        ("X-31", True, "X-31"),
        ("", True, ""),
    ],
)
def test_nominative(name: str, person: bool, expected: str) -> None:
    assert nominative(name, person=person) == expected


def test_two_people_of_one_surname_are_not_joined(recognizer: Recognizer) -> None:
    text = "Anna Kowalski met Peter Kowalski in Gdansk on Friday. Kowalski said on Friday that nothing was agreed."
    assert all(norm is None for _, _, norm in unlinked(text, "en", recognizer))


def test_other_languages_have_no_model(recognizer: Recognizer) -> None:
    assert recognizer.spans("Anna Kowalski a rencontré Paul Dupont à Lyon.", "fr") == []
    assert recognizer.spans(ENGLISH, None) == []


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize(
    "text",
    [
        "", " \n\t", '"' * 5000, "«»" * 5000, "\x00\x00 \x00", "😀🧑🏽‍🚀 " * 500, "\u200b\u200c\u200d\ufeff" * 500,
        "\u200fשלום\u200e عليكم " * 500, "a" * 50_000, "Ж" * 50_000, "A.B." * 5000, "Иван Ivan Іван " * 500, "\ud83d",
    ],
    ids=range(13),
)  # fmt: skip
def test_odd_texts_do_no_harm(text: str, lang: str, recognizer: Recognizer) -> None:
    spans = recognizer.spans(text, lang)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    with_norms(find_unlinked(text, spans, find_entities(text, lang, load_gazetteer())), lang)


def test_the_models_see_a_bounded_part_of_an_article(recognizer: Recognizer) -> None:
    spans = recognizer.spans((ENGLISH + "\n") * 400, "en")
    assert spans
    assert max(span.end for span in spans) <= MAX_CHARS


def test_the_models_are_asked_only_where_a_watched_speaker_is_named() -> None:
    counting, gazetteer = Counting(), load_gazetteer()
    other = clean_article(
        "A ferry is late", "Anna Kowalski waited for the ferry on Monday, and the captain of it slept."
    )
    annotate(other, gazetteer=gazetteer, recognizer=counting, speakers={LAVROV})
    assert counting.asked == 0
    annotate(other, gazetteer=gazetteer, recognizer=counting, speakers={LAVROV}, skip_unwatched=False)
    annotate(other, gazetteer=gazetteer, recognizer=counting, speakers=None)
    found = annotate(clean_article("Talks", ENGLISH), gazetteer=gazetteer, recognizer=counting, speakers={LAVROV})
    assert counting.asked == 3
    assert {e.norm or e.text for e in found.entities} >= {"Anna Kowalski"}


def test_statements_do_not_depend_on_the_models() -> None:
    gazetteer = load_gazetteer()
    bare = annotate(clean_article("Talks", ENGLISH), gazetteer=gazetteer)
    both = annotate(clean_article("Talks", ENGLISH), gazetteer=gazetteer, recognizer=Recognizer())
    assert bare.statements == both.statements
    assert len(both.entities) > len(bare.entities)


@pytest.mark.parametrize(
    ("lang", "text", "links", "person"),
    [
        ("en", "Lavrov met Malta Smith. She had come from Malta.", ["Q58217", "Q233"], "Malta Smith"),
        ("ru", "Лаврова видела певица Индия Мартинес, она была в Индии.", ["Q58217", "Q668"], "Индия Мартинес"),
        (
            "ru",
            "Лавров вспомнил, как хорошо пела Уитни Хьюстон, и сказал: песни Хьюстон звучали и в Хьюстоне.",
            ["Q58217", "Q16555"],
            "Уитни Хьюстон",
        ),
        (
            "en",
            "Lavrov flew to Houston, and Anna Kowalski came from Malta.",
            ["Q58217", "Q16555", "Q233"],
            "Anna Kowalski",
        ),
    ],
)
def test_a_place_in_a_persons_name_is_none(
    lang: str, text: str, links: list[str], person: str, recognizer: Recognizer
) -> None:
    article = clean_article(title="", text=text, lang=lang)
    found = annotate(article, gazetteer=load_gazetteer(), recognizer=recognizer).entities
    assert [e.id for e in found if e.id is not None] == links
    assert (person, "PER") in [(e.text, e.type) for e in found]


def test_a_derived_word_is_no_name_as_well() -> None:
    text = "Лавров вспомнил, что стамбульские договорённости и Турецкий банк обсуждали."
    article = clean_article(title="", text=text, lang="ru")
    found = annotate(article, gazetteer=load_gazetteer(), recognizer=Told("стамбульские", "Турецкий банк")).entities
    assert [(e.text, e.derived) for e in found if e.text == "стамбульские"] == [("стамбульские", True)]
    assert [(e.text, e.derived) for e in found if "Турецкий" in e.text] == [
        ("Турецкий банк", False),
        ("Турецкий", True),
    ]
