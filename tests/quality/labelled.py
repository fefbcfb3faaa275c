"""Runs ``batch`` on a labelled corpus and compares: what the tests of labels share."""

import json
from collections.abc import Callable, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

import msgspec

from console.demo.data.gold import Article
from console.demo.score import Found, Scores, Use, score
from ingest.clean.metadata.credit import with_credit
from processors.batch import read, results, run_batch
from schemas import ImportedArticle

SPEAKER = "Q58217"


def read_set(folder: Path) -> tuple[list[Article], Callable[[Article], str]]:
    """The labelled articles of a folder of ``heldout`` or ``../shared/eval``, and what tells the address of each."""
    rows = [json.loads(line) for line in (folder / "articles.jsonl").read_text("utf-8").splitlines()]
    addresses = {row["id"]: row.pop("url") for row in rows}
    gold = [msgspec.convert({**row, "lang": row.get("lang") or "", "path": ""}, Article) for row in rows]
    return gold, lambda article: addresses[article.id]


def imported(gold: Sequence[Article], url_of: Callable[[Article], str]) -> list[ImportedArticle]:
    """The articles as the files of ``batch`` give them, without their labels."""
    return [
        with_credit(
            ImportedArticle(
                id=a.id, title=a.title, text=a.text, outlet=a.outlet, url=url_of(a), published=a.published.isoformat()
            )
        )
        for a in gold
    ]


def scores_of(gold: Sequence[Article], url_of: Callable[[Article], str]) -> Scores:
    """What ``batch`` makes of the articles, against their labels."""
    return _scores(gold, run_batch(imported(gold, url_of), speakers=[SPEAKER]))


def scores_of_sets(folders: Sequence[Path]) -> dict[str, Scores]:
    """The same for each folder by its name: all are read as one, in one pool of processes, and grouped one by one."""
    golds = {folder.name: read_set(folder) for folder in folders}
    articles = {name: imported(*gold) for name, gold in golds.items()}
    annotated = iter(read(list(chain.from_iterable(articles.values())), speakers=[SPEAKER]))
    return {
        name: _scores(golds[name][0], results(lines, list(islice(annotated, len(lines))), speakers=[SPEAKER]))
        for name, lines in articles.items()
    }


def _scores(gold: Sequence[Article], rows: Sequence[dict[str, Any]]) -> Scores:
    return score(gold, found_in(gold, rows))


def found_in(gold: Sequence[Article], rows: Sequence[dict[str, Any]]) -> dict[str, Found]:
    """What ``batch`` made of each article that has a report."""
    found = {}
    for article, row in zip(gold, rows, strict=True):
        parts = [part for part in row["reports"] if part["speaker_id"] == SPEAKER]
        if parts:
            full = f"{article.title}\n{article.text}"
            uses = tuple(Use(u["remark"], full[u["start"] : u["end"]]) for part in parts for u in part["remarks"])
            main = parts[0]
            found[article.id] = Found(main["role"], main["story"], main.get("copy_of"), uses)
    return found
