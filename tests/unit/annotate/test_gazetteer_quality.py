"""Floors of linking quality on labelled data that is not part of the project; skipped where it is absent."""

import collections
import gzip
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from processors.annotate.entities import find_derived, find_entities, load_gazetteer
from schemas import Entity

DATA = Path(__file__).parents[4] / "shared" / "eval"
pytestmark = pytest.mark.quality


def read(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        pytest.skip(f"no labelled data at {path}")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def linked(text: str, lang: str) -> list[Entity]:
    names = find_entities(text, lang, load_gazetteer())
    found = [*names, *find_derived(text, lang, load_gazetteer(), names)]
    return sorted((e for e in found if e.id is not None), key=lambda e: (e.start, -e.end))


@pytest.mark.parametrize(("splits", "precision", "recall"), [(("dev",), 0.93, 0.75), (("train", "dev"), 0.94, 0.755)])
def test_links_agree_with_nerel(
    splits: tuple[str, ...], precision: float, recall: float, record_property: Callable[[str, object], None]
) -> None:
    """Precision of the set of ids of a text, and recall of the ids that are in five or more texts. NEREL links to
    disambiguation pages and to common nouns ("police") at times, which counts against us.
    """
    right = count = found = wanted = 0
    listed = set((DATA / "entities" / "nerel_ids.txt").read_text().split()) if DATA.exists() else set()
    for document in read(DATA / "entities" / "nerel_train_dev.jsonl.gz"):
        if document["split"] not in splits:
            continue
        gold = {match[1] for link in document["links"] if (match := re.search(r"Wikidata:(Q\d+)", link[0]))}
        ours = {e.id for e in linked(document["text"], "ru")}
        right, count = right + len(gold & ours), count + len(ours)
        found, wanted = found + len(gold & ours & listed), wanted + len(gold & listed)
    record_property("precision", right / count)
    record_property("recall", found / wanted)
    assert right / count >= precision
    assert found / wanted >= recall


def test_one_id_for_one_thing_in_slavic_texts() -> None:
    """Share of linked mentions whose id is the one most often given to their gold entity, of those whose gold entity is
    the one most often given to their id, and of mentions that are linked.
    """
    ids: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    things: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    mentions: collections.Counter[str] = collections.Counter()
    hits: collections.Counter[str] = collections.Counter()
    for article in read(DATA / "slavicner" / "articles.jsonl.gz"):
        lang = article["lang"]
        if lang not in {"ru", "uk", "pl", "cs", "bg"}:
            continue
        ours = linked(article["text"], lang)
        for mention in article["entities"]:
            if mention["type"] in {"PER", "LOC", "ORG"}:
                mentions[lang] += 1
                hit = next((e.id for e in ours if e.start < mention["end"] and e.end > mention["start"]), None)
                if hit is not None:
                    hits[lang] += 1
                    ids[mention["id"]][hit] += 1
                    things[hit][mention["id"]] += 1
    count = hits.total()
    assert sum(max(counter.values()) for counter in ids.values()) / count >= 0.985
    assert sum(max(counter.values()) for counter in things.values()) / count >= 0.955
    assert min(hits[lang] / mentions[lang] for lang in mentions) >= 0.55
