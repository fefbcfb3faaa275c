"""Stories, roles, remarks and copies on labelled sets that are not part of the project: ``../shared/eval``.

Prints a table and asserts floors a little under what is reached; docs/quality.md has the figures, docs/quality-log.md
what was tried.
"""

import json
import random
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise, permutations
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from ingest.clean.metadata.credit import with_credit
from processors import batch
from processors.batch import run_batch
from schemas import ImportedArticle, Report, Seq

SHARED = Path(__file__).resolve().parents[3] / "shared"
EVAL = SHARED / "eval"

pytestmark = [
    pytest.mark.quality,
    pytest.mark.skipif(not EVAL.is_dir(), reason="the labelled sets are not there: ../shared/eval"),
]

SPEAKER = "Q58217"
FLOORS = {
    "remarks-dev": {"story": 0.96, "role": 0.97, "remark": 0.82, "copy_recall": 0.93, "copy_precision": 0.93},
    # .963 and .956 with the rules for roles that were made with it in view; .95 is aimed at (docs/quality-log.md).
    "remarks-dev-2": {"story": 0.95, "role": 0.94, "copy_recall": 0.5, "copy_precision": 0.5},
    "remarks-dev-3": {"story": 0.95, "role": 0.88, "copy_recall": 1.0, "copy_precision": 1.0},
}


def _in_process(embeddings: bool) -> Callable[..., dict[str, dict[str, Any]]]:
    """What the scorers call to run ``batch``, without the command line."""

    def run(verb: str, rows: list[dict[str, Any]], *flags: str) -> dict[str, dict[str, Any]]:
        assert verb == "batch"
        speakers = [after for flag, after in pairwise(flags) if flag == "--speaker"]
        articles = [with_credit(msgspec.convert(row, ImportedArticle)) for row in rows]
        whole = "--whole-articles" in flags
        results = run_batch(articles, speakers=speakers, whole=whole, embeddings=embeddings, workers=2)
        return {result["id"]: result for result in results}

    return run


@pytest.fixture(scope="module")
def scorers() -> Iterator[tuple[ModuleType, ModuleType]]:
    """The modules that score remarks and rewordings."""
    sys.path.insert(0, str(EVAL / "score"))
    try:
        import remarks
        import rewording

        yield remarks, rewording
    finally:
        sys.path.remove(str(EVAL / "score"))


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_stories_roles_and_remarks(name: str, scorers: tuple[ModuleType, ModuleType], capsys: Any) -> None:
    remarks, _ = scorers
    remarks.run = _in_process(embeddings=True)
    scores = remarks.score(EVAL / name)
    with capsys.disabled():
        roles = " ".join(f"{role} {value:.2f}" for role, value in sorted(scores["roles"].items()))
        print(
            f"\n{name:14} story B3 P {scores['story'][0]:.3f} R {scores['story'][1]:.3f} F1 {scores['story'][2]:.3f}"
            f" | role {scores['role']:.3f} ({roles}) | remark B3 {scores['remark'][2]:.3f}"
            f" | copies P {scores['copy_precision']:.2f} R {scores['copy_recall']:.2f}"
        )
    for measure, floor in FLOORS[name].items():
        got = scores[measure][2] if isinstance(scores[measure], tuple) else scores[measure]
        assert got >= floor, f"{name}: {measure} {got:.3f}, floor {floor}"


def test_shuffled_arrival_tells_the_same_stories(capsys: Any) -> None:
    """Twenty orders of arrival, each article up to an hour late, against the order of publication: mean B³ F1."""
    articles = [
        with_credit(
            msgspec.convert(
                {key: row[key] for key in ("id", "outlet", "url", "published", "title", "text")}, ImportedArticle
            )
        )
        for row in map(json.loads, (EVAL / "remarks-dev" / "articles.jsonl").read_text("utf-8").splitlines())
    ]
    sys.path.insert(0, str(EVAL / "score"))
    try:
        from metrics import bcubed
    finally:
        sys.path.remove(str(EVAL / "score"))
    reports = batch.reports(articles, speakers=[SPEAKER])
    ids = [one.report_id for one in reports]
    plain = _stories(reports)
    scores = []
    for seed in range(20):
        late = random.Random(seed)
        moved = [replace(r, seq=Seq(r.seq.ms + late.randrange(3_600_000), r.seq.article_id)) for r in reports]
        stories = _stories(moved)
        scores.append(bcubed([plain[i] for i in ids], [stories[i] for i in ids])[2])
    mean = sum(scores) / len(scores)
    with capsys.disabled():
        print(f"\nshuffled within an hour: B3 F1 mean {mean:.3f}, least {min(scores):.3f}")
    assert mean >= 0.98


def _stories(reports: list[Report]) -> dict[str, str]:
    found = {}
    for decided in batch.group(reports).values():
        for _, decision in decided:
            main = decision.parts[0] if decision.parts else None
            told = main is not None and main.role in {"report", "copy"} and main.story_id
            found[decision.report_id] = main.story_id if main and told and main.story_id else decision.report_id
    return found


def test_copies_on_natural_text(scorers: tuple[ModuleType, ModuleType], capsys: Any) -> None:
    _, rewording = scorers
    rewording.run = _in_process(embeddings=False)
    scores = rewording.slavic(EVAL / "slavicner")
    with capsys.disabled():
        print(
            f"\nslavicner      whole {scores['whole']:.3f} part {scores['part']:.3f} of {scores['pairs']},"
            f" stock phrases merged {scores['merged']} of {scores['negatives']}"
        )
    assert scores["whole"] >= 0.99
    assert scores["part"] >= 0.9
    assert scores["merged"] == 0


def test_translations_of_one_article_are_one_story(scorers: tuple[ModuleType, ModuleType], capsys: Any) -> None:
    """English versions of Russian articles by several translators, and the originals, of which none is dated."""
    _, rewording = scorers
    rewording.run = _in_process(embeddings=True)
    versions, (precision, recall, _), number = rewording.wmt([EVAL / "rewording" / "wmt21.ru-en.jsonl.gz"])
    with capsys.disabled():
        print(
            f"\nwmt21          English B3 F1 {versions[2]:.3f}, originals joined P {precision:.3f} R {recall:.3f}"
            f" of {number} articles"
        )
    assert versions[2] >= 0.985
    assert precision >= 0.95
    assert recall >= 0.95


needs_seeds = pytest.mark.skipif(
    not (SHARED / "seeds").is_dir(), reason="the five articles are not there: ../shared/seeds"
)


def _seeds() -> list[ImportedArticle]:
    """The five real articles, named by three digits."""
    files = sorted((SHARED / "seeds").glob("*.txt"))
    return [ImportedArticle(id=file.name[:3], text=file.read_text("utf-8").strip()) for file in files]


def _apart(story: dict[str, str | None]) -> bool:
    """Whether the three of one occasion are one story, and the other two are not in it."""
    return story["000"] == story["001"] == story["002"] not in {story["003"], story["004"]}


@needs_seeds
@pytest.mark.parametrize("order", [(0, 1, 2, 3, 4), (4, 3, 2, 1, 0), (2, 0, 4, 1, 3), (1, 3, 0, 4, 2)])
def test_of_five_undated_articles_three_are_one_story(order: tuple[int, ...]) -> None:
    articles = _seeds()
    results = run_batch([articles[n] for n in order], speakers=[SPEAKER], workers=1)
    story = {result["id"]: result["reports"][0]["story"] for result in results}
    assert _apart(story), story


@needs_seeds
def test_in_nearly_every_order_they_are() -> None:
    """114 of 120; what decides is a day that one of them names otherwise."""
    read = batch.reports(_seeds(), speakers=[SPEAKER], workers=1)
    right = 0
    for order in permutations(read):
        turned = [
            msgspec.structs.replace(report, seq=Seq(place.seq.ms, report.article_id), fetched=place.fetched)
            for report, place in zip(order, read, strict=True)
        ]
        story = {name: decisions[0][1].parts[0].story_id for name, decisions in batch.group(turned).items()}
        right += _apart(story)
    assert right >= 110
