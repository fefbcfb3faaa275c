"""Real articles, where they lie beside the project: three report one occasion, two others have its stock phrases."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from console.demo import read
from deploy.services import Services
from runtime import elastic
from runtime.settings import GroupSettings, as_environment
from tests.pipeline import eventually, prepared, workers

pytestmark = pytest.mark.e2e

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
needs_seeds = pytest.mark.skipif(not SEEDS.is_dir(), reason="the five real articles are not beside the project")


@needs_seeds
@pytest.mark.integration
def test_imported_seeds(services: Services, unique: str, tmp_path: Path) -> None:
    with prepared(services, unique, tmp_path, group=GroupSettings()) as settings:
        client = elastic.client(settings)
        environment = {**os.environ, **as_environment(settings)}
        with workers(settings, tmp_path, "clean", "annotate", "group", "index") as supervisor:
            command = [sys.executable, "-P", "-m", "console.main", "import", str(SEEDS)]
            done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
            assert done.returncode == 0, done.stderr[-2000:]

            def reports() -> list[read.Document]:
                return read.documents(client, settings.pipeline.index_prefix, "reports")

            eventually(lambda: len(reports()) == 5, "five reports", tmp_path, supervisor)
        articles = {
            doc["article_id"]: doc for doc in read.documents(client, settings.pipeline.index_prefix, "articles")
        }
        stories = {}
        for doc in reports():
            text = next(v for k, v in articles[doc["article_id"]].items() if k.startswith("text_"))
            stories[seed_of(text)] = doc["story_id"]
        check(stories)
        longest = next(
            next(v for k, v in doc.items() if k.startswith("text_"))
            for doc in articles.values()
            if "advanced stage" in str(doc)
        )
        assert "Wadephul" not in longest
        client.close()


@needs_seeds
def test_batch_of_seeds(tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    rows = [
        {"id": path.name[:3], "title": "", "text": path.read_text(encoding="utf-8")}
        for path in sorted(SEEDS.glob("*.txt"))
    ]
    source.write_text("".join(json.dumps(row) + "\n" for row in rows))
    command = [sys.executable, "-P", "-m", "console.main", "batch", "--input", str(source), "--output", str(target)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    out = [json.loads(line) for line in target.read_text().splitlines()]
    check({row["id"]: row["reports"][0]["story"] for row in out})


def seed_of(text: str) -> str:
    """Which seed a cleaned text is, by words that only it has."""
    marks = {"000": "Stoltenberg", "001": "advanced stage", "002": "13th Meeting", "003": "RIA", "004": "Blinken"}
    return next(seed for seed, mark in marks.items() if mark in text)


def check(stories: dict[str, str]) -> None:
    assert set(stories) == {"000", "001", "002", "003", "004"}
    assert stories["000"] == stories["001"] == stories["002"]
    assert stories["003"] != stories["000"]
    assert stories["004"] != stories["000"]
