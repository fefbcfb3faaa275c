"""``batch``: files in, results in their order, by the code of the services. All texts are synthetic."""

from typing import Any

import pytest
from msgspec.structs import replace

from processors import batch
from processors.batch import clean_articles, run_batch
from schemas import AnnotatedArticle, CleanArticle, ImportedArticle
from schemas.errors import InputError, ProcessingFailed

LAVROV = "Q58217"
FIRST = (
    "Russia will send observers to the harbour conference in October, Foreign Minister Sergei Lavrov said on Monday. "
    '"We shall bring forty engineers and one piano," he told reporters in Moscow. '
    "Lavrov added that nobody had answered the proposal on lighthouses since the spring."
)
OTHER = "The price of apples rose again in the northern provinces, farmers said. Rain is expected."


def _line(article: str, text: str, title: str = "", **more: str) -> ImportedArticle:
    return ImportedArticle(id=article, outlet=f"{article}.example", title=title, text=text, **more)  # type: ignore[arg-type]


def test_articles_are_ordered_by_publication_and_the_undated_keep_their_place_in_the_file() -> None:
    lines = [
        _line("c", "x", published="2026-02-03T10:00:00+03:00"),
        _line("undated", "x"),
        _line("day alone", "x", published="2026-02-03"),
        _line("a", "x", published="2026-02-01"),
        _line("b", "x", published="2026-02-03T06:59:00Z"),
    ]
    clean = clean_articles(lines)
    assert [a.article_id for a in clean] == ["c", "undated", "day alone", "a", "b"]
    assert [a.article_id for a in sorted(clean, key=lambda a: a.seq)] == ["a", "b", "c", "undated", "day alone"]
    assert clean[1].published is None
    assert clean[0].published is not None
    assert clean[0].fetched >= clean[0].published


@pytest.mark.parametrize(
    ("lines", "word"),
    [
        ([_line("a", "x"), _line("a", "y")], "twice"),
        ([_line("a", "x", published="yesterday")], "yesterday"),
    ],
)
def test_wrong_lines_are_refused_by_name(lines: list[ImportedArticle], word: str) -> None:
    with pytest.raises(InputError, match=word):
        clean_articles(lines)


def test_a_copy_is_found_in_input_order_and_offsets_are_those_of_title_and_text() -> None:
    lines = [
        _line("later", FIRST, "Lavrov: forty engineers", published="2026-02-02T12:00:00Z"),
        _line("other", OTHER, "Apples", published="2026-02-02T09:00:00Z"),
        _line("first", FIRST, "Engineers for the harbour, says Lavrov", published="2026-02-02T10:00:00Z"),
    ]
    seen: list[tuple[int, int]] = []
    later, other, first = run_batch(
        lines, speakers=[LAVROV], embeddings=False, workers=1, progress=lambda done, of: seen.append((done, of))
    )
    assert [r["id"] for r in (later, other, first)] == ["later", "other", "first"]
    assert seen == [(1, 3), (2, 3), (3, 3)]
    assert other["reports"] == []
    (copy,), (original,) = later["reports"], first["reports"]
    assert (copy["role"], copy["copy_of"], copy["story"]) == ("copy", "first", original["story"])
    assert original["speaker_id"] == LAVROV
    full = f"{lines[2].title}\n{lines[2].text}"
    said = [s for s in first["statements"] if s["speaker_id"] == LAVROV]
    assert said
    for statement in said:
        assert full[statement["start"] : statement["end"]] == statement["text"]
    assert {(r["start"], r["end"]) for r in original["remarks"]} <= {(s["start"], s["end"]) for s in said}
    assert all(set(e) >= {"feature"} for e in copy["evidence"])


def test_a_line_tells_by_itself_who_wrote_what_when_and_what_is_new() -> None:
    again = f"{FIRST} He also wants a second piano, Lavrov said."
    first, later = run_batch(
        [
            _line("first", FIRST, "Engineers, says Lavrov", published="2026-02-02T10:00:00+03:00"),
            _line("later", again, "Pianos", published="2026-02-02T12:00:00Z"),
        ],
        speakers=[LAVROV], embeddings=False, workers=1,
    )  # fmt: skip
    assert list(first)[:5] == ["id", "outlet", "published", "title", "lang"]
    assert (first["outlet"], first["published"]) == ("first.example", "2026-02-02T10:00:00+03:00")
    assert (first["title"], first["lang"]) == ("Engineers, says Lavrov", "en")
    for result in (first, later):
        (report,) = result["reports"]
        assert report["main"]
        assert [use["text"] for use in report["remarks"]] == [s["text"] for s in result["statements"]]
    assert first["reports"][0]["brings"] == [use["remark"] for use in first["reports"][0]["remarks"]]
    (new,) = later["reports"][0]["brings"]
    assert new not in first["reports"][0]["brings"]
    (bare,) = run_batch([ImportedArticle(id="x", text=OTHER)], embeddings=False, workers=1)
    assert (bare["outlet"], bare["published"], bare["title"]) == (None, None, "")


def test_a_line_tells_why_and_how_sure_it_is_of_each_decision() -> None:
    again = f"{FIRST} He also wants a second piano, Lavrov said."
    lines = [
        _line("first", FIRST, "Engineers, says Lavrov", published="2026-02-02T10:00:00+03:00"),
        _line("later", again, "Pianos", published="2026-02-02T12:00:00Z"),
    ]
    first, later = run_batch(lines, speakers=[LAVROV], embeddings=False, workers=1)
    (original,), (copy,) = first["reports"], later["reports"]
    assert 0 < original["confidence"]["story"] <= 1
    assert 0 < copy["confidence"]["copy"] <= 1
    passages = [one for one in copy["evidence"] if one["feature"] == "passage"]
    assert passages
    for one in passages:  # with the words of the other article
        assert one["article"] == "first"
        assert one["other"] in {use["text"] for use in original["remarks"]}
    assert {original["review"], copy["review"]} <= {True, False}
    texts = {use["remark"]: use["text"] for use in original["remarks"]}
    for use in original["remarks"]:
        assert [one["feature"] for one in use["evidence"]] == ["remark"]
    for use in copy["remarks"]:
        (why,) = use["evidence"]
        assert 0 < use["confidence"] <= 1
        assert use["review"] in {True, False}
        if use["remark"] in texts:
            assert (why["feature"], why["article"], why["other"]) == ("words", "first", texts[use["remark"]])
        else:
            assert "other" not in why
    (whole, _) = run_batch(lines, whole=True, embeddings=False, workers=1)
    (use,) = whole["reports"][0]["remarks"]
    assert use["confidence"] is None


def test_of_an_article_on_two_occasions_one_part_is_the_main_one() -> None:
    text = (
        'Lavrov said at a press conference in Baku on Monday: "We shall bring forty engineers and one piano to you." '
        '"The lighthouses will be lit again before the autumn storms come," he told reporters in Baku. '
        'On January 12, in an interview with the Harbour channel, Lavrov had said: "No ferry will leave in winter."'
    )
    (result,) = run_batch(
        [_line("a", text, "Lavrov in Baku", published="2026-02-03T10:00:00Z")],
        speakers=[LAVROV], embeddings=False, workers=1,
    )  # fmt: skip
    assert [report["main"] for report in result["reports"]] == [True, False]
    assert len({report["story"] for report in result["reports"]}) == 2


def test_derived_words_and_vague_days_are_marked() -> None:
    text = "Российские инженеры построили мост. Сергей Лавров заявил в Минске, что мост откроют осенью."
    (found,) = run_batch(
        [_line("a", text, lang="ru", published="2026-02-06T10:00:00Z")],
        speakers=[LAVROV], embeddings=False, workers=1,
    )  # fmt: skip
    derived = {e["text"]: e["derived"] for e in found["entities"]}
    assert (derived["Российские"], derived["Сергей Лавров"]) == (True, False)
    english = FIRST.replace("on Monday", "earlier this week")
    (found,) = run_batch(
        [_line("b", english, published="2026-02-06T10:00:00Z")], speakers=[LAVROV], embeddings=False, workers=1
    )
    assert [s["vague"] for s in found["statements"] if s["when"]][:1] == [True]


def test_whole_articles_have_one_report_each_of_nobody() -> None:
    lines = [_line(f"a{n}", FIRST if n % 2 else OTHER, published="2026-02-02") for n in range(4)]
    results = run_batch(lines, whole=True, embeddings=False, workers=1)
    reports = [r["reports"] for r in results]
    assert all(len(found) == 1 and found[0]["speaker_id"] is None for found in reports)
    stories = [found[0]["story"] for found in reports]
    assert stories[0] == stories[2] != stories[1] == stories[3]
    assert [found[0]["copy_of"] for found in reports] == [None, None, "a0", "a1"]
    assert all("text" not in use for found in reports for use in found[0]["remarks"]), "it is all of the article"


def test_a_pool_of_processes_finds_the_same() -> None:
    lines = [_line(f"a{n}", f"{FIRST} Again {n}." if n % 3 else OTHER, published="2026-02-02") for n in range(9)]
    alone = run_batch(lines, speakers=[LAVROV], embeddings=False, workers=1)
    assert run_batch(lines, speakers=[LAVROV], embeddings=False, workers=2) == alone


def test_an_article_that_meets_a_defect_costs_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [_line(name, FIRST, published="2026-02-02") for name in "abc"]
    whole = run_batch([lines[0], lines[2]], speakers=[LAVROV], embeddings=False, workers=1)
    annotate = batch.annotate

    def defective(article: CleanArticle, **options: Any) -> AnnotatedArticle:
        if article.article_id == "b":
            raise IndexError("list index out of range")
        return annotate(article, **options)

    monkeypatch.setattr(batch, "annotate", defective)
    first, second, third = run_batch(lines, speakers=[LAVROV], embeddings=False, workers=1)
    assert [first, third] == whole
    assert second == {"id": "b", "error": "IndexError: list index out of range"}
    with pytest.raises(ProcessingFailed, match="IndexError"):
        batch.reports(lines, speakers=[LAVROV], workers=1)


def test_no_lines_give_no_results() -> None:
    assert run_batch([], speakers=[LAVROV], embeddings=False) == []


def test_any_speaker_is_grouped_apart() -> None:
    line = _line("a", FIRST, "Lavrov: forty engineers", published="2026-02-02")
    (result,) = run_batch([replace(line, id="x-y")], embeddings=False, workers=1)
    assert LAVROV in {r["speaker_id"] for r in result["reports"]}
