"""Floors on the labels of the demo's own corpus, through the code of the services; runs everywhere."""

from dataclasses import asdict

import pytest

from console.demo.data import load_gold, url_of
from console.demo.score import Found, Use, score
from processors.batch import run_batch
from schemas import ImportedArticle

pytestmark = pytest.mark.quality

SPEAKER = "Q58217"
# A little under what is reached (docs/quality.md); the corpus was written before the rules were tuned, by other hands.
FLOORS = {
    "story_f1": 0.88,
    "role_f1": 0.92,
    "copy_precision": 0.95,
    "copy_recall": 0.95,
    "remarks_found": 0.86,
    "remark_f1": 0.73,
}


def test_demo_labels(capsys: pytest.CaptureFixture[str]) -> None:
    gold = load_gold().as_of()
    articles = [
        ImportedArticle(
            id=a.id, title=a.title, text=a.text, outlet=a.outlet, url=url_of(a), published=a.published.isoformat()
        )
        for a in gold
    ]
    found = {}
    for article, row in zip(gold, run_batch(articles, speakers=[SPEAKER]), strict=True):
        parts = [part for part in row["reports"] if part["speaker_id"] == SPEAKER]
        if parts:
            full = f"{article.title}\n{article.text}"
            uses = tuple(Use(u["remark"], full[u["start"] : u["end"]]) for part in parts for u in part["remarks"])
            main = parts[0]
            found[article.id] = Found(main["role"], main["story"], main.get("copy_of"), uses)
    values = asdict(score(gold, found))
    with capsys.disabled():
        print("\ndemo labels " + "  ".join(f"{name} {value:.3f}" for name, value in values.items()))
    for name, floor in FLOORS.items():
        assert values[name] >= floor, name
