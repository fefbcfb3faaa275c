"""Reading and scoring of the extraction sets.

Measure: mean over pages of precision and of recall of the multiset of 4-word shingles, F1 of the two means.
"""

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

EVAL = Path(__file__).resolve().parents[3] / "shared/eval/extraction"


def rows(name: str) -> Iterator[dict[str, Any]]:
    """The pages of a set."""
    with gzip.open(EVAL / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def host(row: dict[str, Any]) -> str:
    return (row.get("host") or urlsplit(row["url"]).hostname or "").removeprefix("www.")


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def shingles(text: str) -> Counter[tuple[str, ...]]:
    found = words(text)
    if len(found) < 4:
        return Counter([tuple(found)] if found else [])
    return Counter(tuple(found[i : i + 4]) for i in range(len(found) - 3))


def prf(gold: str, found: str) -> tuple[float, float]:
    """Precision and recall of one page."""
    wanted, got = shingles(gold), shingles(found)
    both = (wanted & got).total()
    return both / got.total() if got else float(not wanted), both / wanted.total() if wanted else float(not got)


def mean_f1(pairs: Sequence[tuple[float, float]]) -> float:
    precision, recall = (sum(pair[side] for pair in pairs) / len(pairs) for side in (0, 1))
    return 2 * precision * recall / (precision + recall)


def segments_f1(texts: Sequence[tuple[str, Sequence[str], Sequence[str]]]) -> float:
    """F1 over (text, wanted segments, unwanted segments): wanted ones should be found, others not."""
    right = missed = wrong = 0
    for text, wanted, unwanted in texts:
        flat = " ".join(text.split())
        for segment in wanted:
            right, missed = (right + 1, missed) if " ".join(segment.split()) in flat else (right, missed + 1)
        wrong += sum(" ".join(segment.split()) in flat for segment in unwanted)
    return 2 * right / (2 * right + missed + wrong)
