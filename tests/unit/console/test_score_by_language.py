"""Precision and recall by language: what one article has and lacks counts for its own language."""

import datetime
from typing import Any

from console.demo.data.gold import Article, Mention
from tests.quality.by_language import by_language, table
from tests.quality.labelled import SPEAKER

DAY = datetime.datetime(2026, 5, 20, tzinfo=datetime.UTC)
TEXT = "The ferry will sail. Nobody asked the captain."


def _gold(article: str, lang: str, **labels: Any) -> Article:
    given = {"occasion": "o1", "role": "report", "copy_of": None, "remarks": ()} | labels
    return Article(id=article, outlet="", path="", lang=lang, published=DAY, title="Title", text=TEXT, **given)


def _row(story: str | None, *texts: str, lang: str = "en", **more: Any) -> dict[str, Any]:
    full = f"Title\n{TEXT}"
    uses = [{"remark": text, "start": full.index(text), "end": full.index(text) + len(text)} for text in texts]
    part = {"speaker_id": SPEAKER, "story": story, "role": "report", "remarks": uses} | more
    return {"lang": lang, "reports": [part] if story else []}


def test_each_article_counts_for_its_language_and_for_all() -> None:
    said = (Mention("r1", "The ferry will sail."),)
    gold = [
        _gold("a", "en", remarks=said),
        _gold("b", "en", remarks=said, role="copy", copy_of="a"),
        _gold("c", "tr", remarks=said),
        _gold("d", "", occasion=None, role="unrelated"),
    ]
    rows = [
        _row("s1", "The ferry will sail."),
        _row("s1", "The ferry will sail", "Nobody asked the captain.", role="copy", copy_of="a"),
        _row(None),
        _row("s2", "Title", lang="de"),
    ]
    told = by_language([(gold, rows)])
    assert list(told) == ["all", "en", "de", "tr"]
    assert told["en"].stories == [(1.0, 2 / 3)] * 2
    assert told["tr"].stories == [(1.0, 1 / 3)]
    assert (told["en"].passages, told["en"].passages_found) == (2, 2)
    assert (told["tr"].passages, told["tr"].passages_found) == (1, 0)
    assert told["en"].statements == [True, True, False]
    assert told["de"].statements == []  # a title is not labelled
    assert told["de"].roles == [("unrelated", "report")]
    assert (told["all"].copies, told["all"].copies_named, told["all"].copies_right) == (1, 1, 1)
    assert "| copies, P / R | 1.0 / 1.0 | 1.0 / 1.0 |  |  |" in table(told)


def test_a_set_without_labels_of_remarks_says_nothing_of_passages() -> None:
    told = by_language([([_gold("a", "en")], [_row("s1", "The ferry will sail.")])])
    assert (told["en"].passages, told["en"].statements, told["en"].remarks) == (0, [], [])
