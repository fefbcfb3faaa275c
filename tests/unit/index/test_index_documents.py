"""What is written to the indices for each message. All content is synthetic."""

import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from schemas import (
    AnnotatedArticle,
    Decision,
    Entity,
    Evidence,
    GroupedReport,
    Occasion,
    Outlet,
    Part,
    Remark,
    RemarkUse,
    Salience,
    Statement,
    Story,
    StoryRemark,
)
from schemas.errors import InvalidMessage
from schemas.examples import example
from schemas.index import ANALYZERS, INDICES, VERSION, document, evidence_line, language_field, mapping
from schemas.index.docs import PAGE, page
from schemas.index.documents import Indexed, remark_line
from tests.builders import clean_article

FETCHED = datetime.datetime(2026, 6, 3, 9, 0, tzinfo=datetime.UTC)
PUBLISHED = datetime.datetime(2026, 6, 3, 11, 30, tzinfo=datetime.timezone(datetime.timedelta(hours=3)))
OUTLET = Outlet(id="example.org", country="GB", kind="paper")
NAMES = {"Q1": "Example Speaker", "Q2": "Exampleland"}
ROOT = Path(__file__).parents[3]


def article(**changes: Any) -> AnnotatedArticle:
    given = {"outlet": OUTLET, "fetched": FETCHED, "published": PUBLISHED}
    clean = clean_article("Synthetic title", "Synthetic text.", **given)
    return AnnotatedArticle(article=msgspec.structs.replace(clean, **changes), lang="en")


def report(*parts: Part, **changes: Any) -> GroupedReport:
    return GroupedReport(
        decision=Decision(report_id="a-Q1", decision_seq=7, parts=list(parts)),
        article_id="a",
        speaker_id="Q1",
        revision="r",
        fetched=FETCHED,
        url="https://example.org/a",
        outlet=OUTLET,
        title="Synthetic title",
        **changes,
    )


def story(**changes: Any) -> Story:
    return Story(
        story_id="s", speaker_id="Q1", decision_seq=9, updated=FETCHED, title="Synthetic story", **changes
    )  # fmt: skip


def test_the_most_salient_entities_have_fields_of_their_own() -> None:
    found = [
        Salience(id="Q1", name="Speaker", type="PER", mentions=3, headline=True, lead=True, score=1.0),
        Salience(name="Northwind Freight", type="ORG", headline=True, score=0.5),
        Salience(id="Q9", name="Elsewhere", type="GPE", lead=True, score=0.31),
        Salience(id="Q2", name="Exampleland", type="GPE", score=0.1),
    ]
    body = document(msgspec.structs.replace(article(), salience=found), NAMES).body
    assert body["main_entities"] == ["Example Speaker", "Northwind Freight", "Elsewhere"]
    assert body["main_entity_ids"] == ["Q1", "Q9"]
    assert body["headline_entities"] == ["Example Speaker", "Northwind Freight"]


def test_an_entity_without_id_is_shown_in_the_nominative_and_an_adjective_only_by_the_name_of_its_place() -> None:
    entities = [
        Entity(start=0, end=9, text="Петренком", type="PER", norm="Олег Петренко"),
        Entity(start=10, end=20, text="российский", type="GPE", id="Q159", derived=True),
        Entity(start=21, end=30, text="примерский", type="GPE", id="Q2", derived=True),
    ]
    body = document(msgspec.structs.replace(article(), entities=entities), NAMES).body
    assert body["people"] == ["Олег Петренко"]
    assert body["places"] == ["Exampleland"]
    assert body["entity_ids"] == ["Q159", "Q2"]


@pytest.mark.parametrize("kind", [AnnotatedArticle, GroupedReport, Remark, Story])
def test_every_field_of_a_document_is_mapped_and_every_mapped_field_is_filled(kind: type[Indexed]) -> None:
    message = example(kind)
    if isinstance(message, AnnotatedArticle):
        types = ("PER", "ORG", "GPE", "AGR")
        entities = [msgspec.structs.replace(message.entities[0], type=one, derived=False) for one in types]
        salience = [msgspec.structs.replace(message.salience[0], score=0.9)]
        message = msgspec.structs.replace(message, entities=entities, salience=salience)
    actions = [document(in_language(message, lang)) for lang in ANALYZERS]
    filled = {field for action in actions for field in action.body}
    assert filled == mapping(actions[0].role)["properties"].keys()


def in_language(message: Indexed, lang: str) -> Indexed:
    if isinstance(message, Story):
        return msgspec.structs.replace(message, langs=[lang])
    return msgspec.structs.replace(message, lang=lang)


def test_an_article_is_written_under_its_id_with_its_time_of_fetching_as_version() -> None:
    action = document(article())
    assert (action.role, action.id, action.version) == ("articles", "a", 1_780_477_200_000)
    assert action.body["outlet_name"] == "example.org"
    assert action.body["published"] == "2026-06-03T11:30:00.000+03:00"
    assert action.body["time"] == action.body["published"]
    assert (action.body["title_en"], action.body["text_en"]) == ("Synthetic title", "Synthetic text.")
    assert "section" not in action.body


def test_without_a_time_of_publication_the_time_of_fetching_is_the_time() -> None:
    body = document(article(published=None)).body
    assert body["time"] == body["fetched"] == "2026-06-03T09:00:00.000+00:00"
    assert "published" not in body


@pytest.mark.parametrize(
    ("lang", "field"), [("ru", "text_ru"), ("uk", "text_uk"), ("pl", "text_other"), (None, "text_other")]
)
def test_a_text_goes_to_the_field_of_its_language(lang: str | None, field: str) -> None:
    assert language_field("text", lang) == field


def test_entities_are_named_by_the_knowledge_base_else_by_their_first_words() -> None:
    def entity(text: str, kind: Any, qid: str | None = None) -> Entity:
        return Entity(start=0, end=1, text=text, type=kind, id=qid)

    found = [
        entity("Exampleland's", "GPE", "Q2"),
        entity("Town", "LOC", "Q3"),
        entity("the town", "LOC", "Q3"),
        entity("A. Nobody", "PER"),
    ]
    body = document(msgspec.structs.replace(article(), entities=found), NAMES).body
    assert body["entity_ids"] == ["Q2", "Q3"]
    assert body["entity_names"] == ["Exampleland", "Town", "A. Nobody"]
    assert body["places"] == ["Exampleland", "Town"]
    assert body["people"] == ["A. Nobody"]


def test_speakers_of_statements_are_named() -> None:
    def said(speaker: str, qid: str | None) -> Statement:
        return Statement(
            statement_id="x", start=0, end=1, text="x", kind="direct", speaker=speaker, speaker_id=qid
        )  # fmt: skip

    found = [said("he", "Q1"), said("Somebody", None), said("The other", "Q7")]
    body = document(msgspec.structs.replace(article(), statements=found), NAMES).body
    assert (body["speaker_ids"], body["speaker_names"]) == (["Q1", "Q7"], ["Example Speaker", "The other"])
    assert body["statements"] == 3


def test_a_report_is_flat_with_its_main_part_first() -> None:
    def use(remark: str, repeats: str | None = None) -> RemarkUse:
        return RemarkUse(statement_id=remark, remark_id=remark, start=0, end=1, repeats_of=repeats)

    main = Part(
        story_id="s1",
        role="copy",
        copy_of="b-Q1",
        translated=True,
        remarks=[use("m1"), use("m2", "m0")],
        evidence=[Evidence(feature="date", value="2026-06-03", other="2026-06-03", score=1.5)],
    )
    other = Part(
        story_id="s2", role="background", remarks=[use("m1")], evidence=[Evidence(feature="place", value="Q2")]
    )  # fmt: skip
    action = document(report(main, other, missing=["m9"]), NAMES)
    body = action.body
    assert (action.role, action.id, action.version) == ("reports", "a-Q1", 7)
    assert (body["story_id"], body["role"], body["copy_of"], body["translated"]) == ("s1", "copy", "b-Q1", True)
    assert (body["story_ids"], body["roles"]) == (["s1", "s2"], ["copy", "background"])
    assert (body["remarks"], body["remark_ids"], body["repeats"]) == (3, ["m1", "m2"], 1)
    assert body["missing_remarks"] == 1
    assert body["evidence"] == ["date: 2026-06-03 = 2026-06-03 (+1.5)", "part 2, place: Exampleland"]
    assert not any(isinstance(value, dict) for value in body.values())


def test_a_retracted_report_is_a_document_that_says_so() -> None:
    message = msgspec.structs.replace(report(), decision=Decision(report_id="a-Q1", decision_seq=8, retracted=True))
    body = document(message).body
    assert body["retracted"] is True
    assert "story_id" not in body


def test_evidence_reads_as_a_line() -> None:
    assert (
        evidence_line(Evidence(feature="date", value="a", other="b", against="r", score=-4)) == "date: a / b [r] (-4)"
    )
    assert evidence_line(Evidence(feature="override")) == "override: "


def test_evidence_names_what_it_has_an_id_of() -> None:
    """An id of a report has one in it, too: that is told as it is."""
    known = {"Q3": "Exampleland", "Q4": "Town"}
    place = Evidence(feature="place", value="Q4", other="Q4", score=1.2)
    assert evidence_line(place, names=known) == "place: Town = Town (+1.2)"
    several = Evidence(feature="names", value="Q3, Ana Anda, Q77", other="Q3, Ana Anda")
    assert evidence_line(several, names=known) == "names: Exampleland, Ana Anda, Q77 / Exampleland, Ana Anda"
    apart = Evidence(feature="override", value="cannot_link", other="b-Q3, c-Q3", against="s-Q3")
    assert evidence_line(apart, names=known) == "override: cannot_link / b-Q3, c-Q3 [s-Q3]"


def test_a_story_is_searched_in_each_of_its_languages() -> None:
    body = document(story(langs=["en", "ru", "pl"], remarks=["one", "two"], remark_ids=["m1", "m2"])).body
    assert body["title_en"] == body["title_ru"] == body["title_other"] == "Synthetic story"
    assert body["text_ru"] == ["one", "two"]
    assert "title_de" not in body
    assert document(story()).body["title_other"] == "Synthetic story"


def test_a_story_counts_its_members_and_names_its_occasion() -> None:
    action = document(
        story(
            reports=2,
            copies=3,
            reactions=1,
            occasion=Occasion(date="2026-06-03", place="Q2", counterparts=["Q9", "Q2"]),
            first_published=PUBLISHED,
            last_published=PUBLISHED + datetime.timedelta(minutes=90, seconds=59),
        ),
        NAMES,
    )
    assert (action.id, action.version) == ("s", 9)
    assert (action.body["members"], action.body["span_minutes"]) == (6, 90)
    assert action.body["occasion_place_name"] == "Exampleland"
    assert action.body["occasion_counterpart_names"] == ["Q9", "Exampleland"]


@pytest.mark.parametrize(
    "message",
    [
        article(published=datetime.datetime(2026, 6, 3)),  # noqa: DTZ001 - what is refused
        article(fetched=datetime.datetime(2026, 6, 3)),  # noqa: DTZ001
        article(article_id=""),
        story(last_published=datetime.datetime(2026, 6, 3)),  # noqa: DTZ001
        msgspec.structs.replace(story(), decision_seq=-1),
    ],
)
def test_what_cannot_be_written_is_an_invalid_message(message: Indexed) -> None:
    with pytest.raises(InvalidMessage):
        document(message)


def test_mappings_are_strict_and_flat() -> None:
    for role, fields in INDICES.items():
        assert mapping(role)["dynamic"] == "strict"
        assert len({field.name for field in fields}) == len(fields)
        assert not {field.mapping["type"] for field in fields} & {"nested", "object", "flattened", "join"}
        assert not any("." in field.name for field in fields)


def test_why_a_wording_is_of_its_remark_and_what_it_repeats_are_lines_with_names() -> None:
    like = Evidence(feature="meaning", value="Q2, 2026, harbour", against="s-1", score=0.43)
    again = Evidence(feature="repeats_words", value="harbour, piano", against="s-2", score=0.7)
    wording = msgspec.structs.replace(example(Remark), evidence=[like, again], confidence=0.55, review=True)
    body = document(wording, NAMES).body
    assert body["evidence"] == [
        "meaning: Exampleland, 2026, harbour [s-1] (+0.43)",
        "repeats_words: harbour, piano [s-2] (+0.7)",
    ]
    assert body["evidence_against"] == ["s-1", "s-2"]
    assert (body["confidence"], body["review"]) == (0.55, True)
    detail = StoryRemark(remark_id="r", canonical="Synthetic", repeats_of="r-0", evidence=[again], having=2, unsure=1)
    assert remark_line(detail) == (
        "“Synthetic” (first unknown; 2 outlets; repeats r-0, repeats_words: harbour, piano [s-2] (+0.7); "
        "1 of its wordings unsure)"
    )
    uses = [RemarkUse(statement_id=one, remark_id=one, start=0, end=1, review=one == "b") for one in "abc"]
    assert document(report(Part(story_id="s", role="report", remarks=uses))).body["unsure_remarks"] == 1


def test_the_page_on_indices_is_up_to_date() -> None:
    assert (ROOT / PAGE).read_text(encoding="utf-8") == page(), "run: python -m schemas.index.docs"
    assert VERSION >= 1
