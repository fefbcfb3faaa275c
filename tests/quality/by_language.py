"""``python -m tests.quality.by_language [NAME …] [--rows FOLDER]``: precision and recall by language.

Prints the table of docs/quality.md over all sets of ``tests/quality/heldout`` and, where they are there, those of
remarks in ``../shared/eval``, or over the named ones alone. With ``--rows`` the sets are not read anew:
``FOLDER/NAME.jsonl`` is what ``remarkwire batch`` gave for a set, for example by the code that was the newest when the
set came.

An article, or a labelled passage, counts for its language with the share that is its own (B-cubed), among the articles
of all languages of its set.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from console.demo.data.gold import Article
from console.demo.score import Found, bcubed_each, copies_named, covers, remark_labels, story_labels
from processors.batch import read, results
from tests.quality.labelled import SPEAKER, found_in, imported, read_set

SETS = Path(__file__).parent / "heldout"
EVAL = Path(__file__).resolve().parents[3] / "shared" / "eval"
ALL = "all"
Row = dict[str, Any]
Pairs = list[tuple[float, float]]


@dataclass
class Told:
    """What was found in the articles of one language, each with its precision and recall or as the label and what was
    found; ``statements``: whether each that is said to be his shares half of itself or of a labelled passage.
    """

    articles: int = 0
    stories: Pairs = field(default_factory=list)
    remarks: Pairs = field(default_factory=list)
    roles: list[tuple[str, str]] = field(default_factory=list)
    copies: int = 0
    copies_named: int = 0
    copies_right: int = 0
    passages: int = 0
    passages_found: int = 0
    statements: list[bool] = field(default_factory=list)


def by_language(sets: Iterable[tuple[Sequence[Article], Sequence[Row]]]) -> dict[str, Told]:
    """Of sets with what was found in each, article by article; the language with most articles first, before it all."""
    told: dict[str, Told] = defaultdict(Told)
    for labels, rows in sets:
        # Some labelled sets leave the language out; then the detected one counts.
        gold = [a if a.lang else replace(a, lang=row["lang"] or "?") for a, row in zip(labels, rows, strict=True)]
        found = found_in(gold, rows)
        _articles(told, gold, found)
        if any(article.remarks for article in gold):  # else remarks have no labels in this set
            _passages(told, gold, rows, found)
    return dict(sorted(told.items(), key=lambda item: (item[0] != ALL, -item[1].articles, item[0])))


def _articles(told: Mapping[str, Told], gold: Sequence[Article], found: Mapping[str, Found]) -> None:
    named, right = copies_named(gold, found)
    stories = bcubed_each(*story_labels(gold, found))
    for article, each in zip(gold, stories, strict=True):
        for one in (told[ALL], told[article.lang]):
            one.articles += 1
            one.stories.append(each)
            one.roles.append((article.role, found.get(article.id, Found()).role or "unrelated"))
            one.copies += article.copy_of is not None
            one.copies_named += article.id in named
            one.copies_right += article.id in right


def _passages(
    told: Mapping[str, Told], gold: Sequence[Article], rows: Sequence[Row], found: Mapping[str, Found]
) -> None:
    wanted, got = remark_labels(gold, found)
    langs = [article.lang for article in gold for _ in article.remarks]
    for lang, each, remark in zip(langs, bcubed_each(wanted, got), got, strict=True):
        for one in (told[ALL], told[lang]):
            one.remarks.append(each)
            one.passages += 1
            one.passages_found += isinstance(remark, str)
    for article, row in zip(gold, rows, strict=True):
        parts = [part for part in row["reports"] if part["speaker_id"] == SPEAKER]
        # A title repeats what the text says, and only the text is labelled.
        uses = [use for part in parts for use in part["remarks"] if use["start"] > len(article.title)]
        full = f"{article.title}\n{article.text}"
        for text in (full[use["start"] : use["end"]] for use in uses):
            right = any(covers(m.span, text) or covers(text, m.span) for m in article.remarks)
            for one in (told[ALL], told[article.lang]):
                one.statements.append(right)


def table(told: Mapping[str, Told]) -> str:
    """In Markdown, a column for each language."""
    rows: dict[str, Callable[[Told], str]] = {
        "articles": lambda one: f"{one.articles:,}",
        "stories, P / R": lambda one: _mean(one.stories),
        "remarks, P / R": lambda one: _mean(one.remarks),
        "passages, P / R": lambda one: _pair(
            (sum(one.statements), len(one.statements)), (one.passages_found, one.passages)
        ),
        "roles, P / R": lambda one: _macro(one.roles),
        "roles right": lambda one: _share(sum(want == got for want, got in one.roles), len(one.roles)),
        "copies, P / R": lambda one: _pair((one.copies_right, one.copies_named), (one.copies_right, one.copies)),
        "passages labelled": lambda one: f"{one.passages:,}",
        "copies labelled": lambda one: str(one.copies),
    }
    lines = ["| | " + " | ".join(told) + " |", "|---" * (len(told) + 1) + "|"]
    lines += [f"| {name} | " + " | ".join(tell(one) for one in told.values()) + " |" for name, tell in rows.items()]
    return "\n".join(lines)


def _mean(each: Pairs) -> str:
    return _pair((sum(p for p, _ in each), len(each)), (sum(r for _, r in each), len(each)))


def _pair(precision: tuple[float, int], recall: tuple[float, int]) -> str:
    return f"{_share(*precision)} / {_share(*recall)}" if precision[1] or recall[1] else ""


def _macro(pairs: Sequence[tuple[str, str]]) -> str:
    """Means over the roles that are labelled; a role that was never given has no precision and counts as 0."""
    each = []
    for role in sorted({want for want, _ in pairs}):
        right = sum(want == got == role for want, got in pairs)
        given, labelled = sum(got == role for _, got in pairs), sum(want == role for want, _ in pairs)
        each.append((right / max(1, given), right / labelled))
    return _mean(each)


def _share(part: float, whole: int) -> str:
    return f"{part / whole:.3f}".removeprefix("0").replace("1.000", "1.0") if whole else "none"


def folders(names: Sequence[str]) -> list[Path]:
    """Those of the named sets; of all without a name."""
    every = [path for at in (SETS, EVAL) for path in sorted(at.glob("*")) if (path / "articles.jsonl").is_file()]
    return [path for path in every if path.name in names] if names else every


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.quality.by_language")
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--rows", type=Path, metavar="FOLDER")
    asked = parser.parse_args()
    chosen = folders(asked.names)
    golds = [read_set(path) for path in chosen]
    if asked.rows is not None:
        rows = [_lines(asked.rows / f"{path.name}.jsonl") for path in chosen]
    else:
        articles = [imported(*gold) for gold in golds]
        annotated = iter(read(list(chain.from_iterable(articles)), speakers=[SPEAKER]))
        rows = [list(results(one, list(islice(annotated, len(one))), speakers=[SPEAKER])) for one in articles]
    print(table(by_language((gold, each) for (gold, _), each in zip(golds, rows, strict=True))))


def _lines(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


if __name__ == "__main__":
    main()
