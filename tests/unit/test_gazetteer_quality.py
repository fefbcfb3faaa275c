"""Floors of linking quality on labelled data that is not part of the project; skipped where it is absent."""

import collections
import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest

from processors.annotate.entities import find_entities, load_gazetteer

DATA = Path(__file__).parents[3] / "shared" / "eval"
pytestmark = pytest.mark.quality


def read(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        pytest.skip(f"no labelled data at {path}")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def test_links_agree_with_nerel() -> None:
    """Precision of the set of ids of a text. NEREL links to disambiguation pages at times, which counts against us."""
    right = linked = 0
    for document in read(DATA / "entities" / "nerel_train_dev.jsonl.gz"):
        gold = {match[1] for link in document["links"] if (match := re.search(r"Wikidata:(Q\d+)", link[0]))}
        ours = {e.id for e in find_entities(document["text"], "ru", load_gazetteer()) if e.id is not None}
        right += len(gold & ours)
        linked += len(ours)
    assert linked >= 2400
    assert right / linked >= 0.965


def test_one_id_for_one_thing_in_slavic_texts() -> None:
    """Share of linked mentions whose id is the one most often given to their gold entity."""
    ids: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for article in read(DATA / "slavicner" / "articles.jsonl.gz"):
        ours = [e for e in find_entities(article["text"], article["lang"], load_gazetteer()) if e.id is not None]
        for mention in article["entities"]:
            if mention["type"] in {"PER", "LOC", "ORG"}:
                hit = next((e.id for e in ours if e.start < mention["end"] and e.end > mention["start"]), None)
                if hit is not None:
                    ids[mention["id"]][hit] += 1
    linked = sum(counter.total() for counter in ids.values())
    assert linked >= 3000
    assert sum(max(counter.values()) for counter in ids.values()) / linked >= 0.985
