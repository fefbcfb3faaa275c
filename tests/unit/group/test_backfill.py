"""Old articles that are imported while live ones come in change nothing in the stories of the live ones.

The way of the services, without Kafka: clean, annotate, dispatch, group, in the order in which the articles came.
"""

import datetime
from collections.abc import Sequence

import msgspec
import pytest

from ingest.clean.page import clean_page
from processors.annotate.core import annotate
from processors.annotate.entities import load_gazetteer
from processors.annotate.knowledge import knowledge_of
from processors.dispatch import reports_of
from processors.group.grouper import Grouper
from schemas import CleanArticle, Decision, GroupedReport, ImportedArticle, RawArticle, Seq, Story
from schemas.report import report_id
from tests.articles import articles
from tests.builders import QUAY, report, source

LAVROV = "Q58217"
BEGAN = datetime.datetime(2026, 5, 9, 8, 0, tzinfo=datetime.UTC)


def grouped(raws: Sequence[RawArticle]) -> tuple[dict[str, Decision], dict[str, Story]]:
    """The last decision on each article and the last document of each story."""
    grouper = Grouper(LAVROV)
    decisions: dict[str, Decision] = {}
    stories: dict[str, Story] = {}
    for offset, one in enumerate(raws):
        clean = clean_page(one, min_chars=50)
        assert isinstance(clean, CleanArticle)
        found = annotate(clean, gazetteer=load_gazetteer(), embedder=None, speakers=frozenset({LAVROV}))
        for one_report in reports_of(found, [LAVROV], known=knowledge_of(load_gazetteer())):
            for message in grouper.decide(one_report, source(offset)).outputs:
                if isinstance(message, GroupedReport):
                    decisions[message.article_id] = message.decision
                elif isinstance(message, Story):
                    stories[message.story_id] = message
    return decisions, stories


def of_last_year(raws: Sequence[RawArticle]) -> list[RawArticle]:
    """The same pages as an archive would bring them: published a year before, fetched when they are imported."""
    made = []
    for one in raws:
        row = msgspec.json.decode(_unpacked(one), type=ImportedArticle)
        text = row.text.replace("2026-", "2025-")
        published = (row.published or "").replace("2026-", "2025-")
        row = msgspec.structs.replace(row, text=text, published=published)
        made.append(msgspec.structs.replace(one, body=_packed(row)))
    return made


def _unpacked(one: RawArticle) -> bytes:
    import zstandard

    return zstandard.decompress(one.body)


def _packed(row: ImportedArticle) -> bytes:
    import zstandard

    return zstandard.compress(msgspec.json.encode(row))


def company(decisions: dict[str, Decision], ids: set[str]) -> dict[str, object]:
    """What was decided on each of the articles, counters and marks of being new aside."""
    return {
        one: [(part.story_id, part.role, part.copy_of, part.translated) for part in decision.parts]
        + [(decision.lag_minutes, decision.overlap, decision.retracted)]
        for one, decision in decisions.items()
        if one in ids
    }


def repeats_aside(story: Story) -> Story:
    """What a remark repeats may well have been said a year ago: that is what an archive is read for."""
    return msgspec.structs.replace(
        story, details=[msgspec.structs.replace(one, repeats_of=None, evidence=[]) for one in story.details]
    )


def test_live_stories_are_as_they_would_be_without_the_archive() -> None:
    live = articles(40, began=BEGAN)
    # Other articles, and other pages of the same occasions' wordings a year earlier: stock phrases and all.
    old = of_last_year(articles(30, seed=8, began=BEGAN, first=1000))
    mixed: list[RawArticle] = []
    for number, one in enumerate(live):
        mixed.append(one)
        mixed += old[number - 10 : number - 9] if 10 <= number < 40 else []
    alone, alone_stories = grouped(live)
    beside, beside_stories = grouped(mixed)
    ids = {one.article_id for one in live}
    assert len(company(alone, ids)) >= 20
    assert company(beside, ids) == company(alone, ids)
    for story_id, story in alone_stories.items():
        other = beside_stories[story_id]
        same = msgspec.structs.replace(other, decision_seq=story.decision_seq, updated=story.updated)
        assert repeats_aside(same) == repeats_aside(story)
    archive = {one.article_id for one in old}
    their_stories = {part.story_id for one in archive & beside.keys() for part in beside[one].parts}
    assert their_stories
    assert their_stories.isdisjoint(alone_stories)


def test_the_archive_of_an_occasion_that_is_live_joins_it_and_says_who_was_first() -> None:
    live = articles(6, began=BEGAN)
    late = msgspec.structs.replace(
        live[0], fetched=BEGAN + datetime.timedelta(hours=3),
        seq=msgspec.structs.replace(live[0].seq, ms=live[-1].seq.ms + 60_000),
    )  # fmt: skip
    in_order, stories = grouped(live)
    loaded, _ = grouped([*live[1:], late])
    assert {d.parts[0].story_id for d in in_order.values()} == set(stories), "one story"
    copy, original = live[1].article_id, live[0].article_id
    assert in_order[copy].parts[0].copy_of == f"{original}-{LAVROV}"
    assert loaded[copy].parts[0].copy_of == f"{original}-{LAVROV}", "published first, although it came last"
    assert loaded[original].parts[0].role == "report"
    assert len({d.parts[0].story_id for d in loaded.values()}) == 1


@pytest.mark.parametrize("dated", [True, False])
def test_pages_of_an_archive_meet_though_they_were_fetched_long_ago(dated: bool) -> None:
    """Who was first is told by publication, and where that is not known by the fetch, not by the place in the file."""
    grouper, decisions = Grouper("Q1"), {}
    grouper.decide(report("live", "He said nothing of it.", minute=100 * 24 * 60), source(0))
    for number, (name, minute) in enumerate((("b", 30), ("a", 0), ("c", 60)), start=1):
        one = report(name, *QUAY, minute=minute, dated=dated)
        came = 100 * 24 * 60 * 60_000 + number
        one = msgspec.structs.replace(one, seq=Seq(one.seq.ms + came - minute * 60_000, name))
        for message in grouper.decide(one, source(number)).outputs:
            if isinstance(message, GroupedReport):
                decisions[message.article_id] = message.decision
    assert {name: decision.parts[0].copy_of for name, decision in decisions.items()} == {
        "a": None, "b": report_id("a", "Q1"), "c": report_id("a", "Q1"),
    }  # fmt: skip
    assert len({decision.parts[0].story_id for decision in decisions.values()}) == 1
