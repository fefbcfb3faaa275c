"""Constructions that were written down before the rules for them: who said what, and on which occasion."""

import re
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.builders import statements_of

LAVROV = "Q58217"
FOLDER = Path(__file__).parent / "fresh"
# What does not work yet, and why.
KNOWN = {
    "en view of": '"For him, …" is as often no attribution',
    "ru причастие": "a participle between commas: where its clause ends is not seen",
}
_MARKS = re.compile(r"\{\{|\}\}|\[\[|\]\]")


def unmarked(marked: str) -> tuple[str, list[tuple[int, int]], list[tuple[int, int]]]:
    """The text without marks, spans of his, spans of others; his may stand inside others'."""
    text, his, others = "", list[tuple[int, int]](), list[tuple[int, int]]()
    opened: list[int] = []
    at = 0
    for mark in _MARKS.finditer(marked):
        text += marked[at : mark.start()]
        at = mark.end()
        if mark.group() in ("{{", "[["):
            opened.append(len(text))
        else:
            (his if mark.group() == "}}" else others).append((opened.pop(), len(text)))
    return text + marked[at:], his, others


def cases() -> list[Any]:
    found = []
    for path in sorted(FOLDER.glob("??.yaml")):
        for name, marked in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            known = KNOWN.get(f"{path.stem} {name}")
            # Names may come to the gazetteer at any time.
            marks = [pytest.mark.xfail(strict="gazetteer" not in known, reason=known)] if known else []
            found.append(pytest.param(path.stem, marked.rstrip("\n"), id=f"{path.stem} {name}", marks=marks))
    return found


@pytest.mark.parametrize(("lang", "marked"), cases())
def test_fresh_constructions(lang: str, marked: str) -> None:
    text, his, others = unmarked(marked)
    found = statements_of(text, lang)
    said = {i for s in found if s.speaker_id == LAVROV for i in range(s.start, s.end)}
    told = {i for s in found if s.speaker_id != LAVROV for i in range(s.start, s.end)}
    for start, end in his:
        assert len(said & set(range(start, end))) >= 0.7 * (end - start), f"not his: {text[start:end]}"
    # An attribution inserted into indirect speech may stay in the span.
    gaps = [(a, b) for (_, a), (b, _) in pairwise(sorted(his)) if b - a <= 40 and "\n" not in text[a:b]]
    inside = {i for start, end in [*his, *gaps] for i in range(start, end)}
    for start, end in others:
        span = set(range(start, end))
        assert len(told & span) >= 0.5 * len(span - inside), f"nobody's: {text[start:end]}"
    stray = "".join(text[i] for i in sorted(said - inside))
    assert len(stray) <= max(12, 0.3 * len(inside)), f"given to him: {stray}"


def reports() -> list[Any]:
    return [
        pytest.param(lang, marked, id=f"{path.stem} {lang}")
        for path in sorted(FOLDER.glob("reports*.yaml"))
        for lang, marked in yaml.safe_load(path.read_text(encoding="utf-8")).items()
    ]


@pytest.mark.parametrize(("lang", "marked"), reports())
def test_fresh_reports(lang: str, marked: str) -> None:
    text, his, others = unmarked(marked)
    said = {i for s in statements_of(text, lang) if s.speaker_id == LAVROV for i in range(s.start, s.end)}
    found = [span for span in his if len(said & set(range(*span))) >= 0.5 * (span[1] - span[0])]
    assert len(found) >= 0.6 * len(his), [text[a:b] for a, b in his if (a, b) not in found]
    assert not any(said & set(range(*span)) for span in others)


def settings() -> list[Any]:
    rows = yaml.safe_load((FOLDER / "settings.yaml").read_text(encoding="utf-8"))
    return [pytest.param(row, id=f"{row['lang']} {row['occasion']}") for row in rows]


@pytest.mark.parametrize("row", settings())
def test_fresh_settings(row: dict[str, Any]) -> None:
    setting = next((s.setting for s in statements_of(f"Title\n{row['text']}", row["lang"]) if s.setting), None)
    assert setting is not None
    if "date" in row:
        assert setting.date == (str(row["date"]) if row["date"] else None)
    assert setting.occasion == row["occasion"]
    if "medium" in row:
        assert setting.medium == row["medium"]
    if "counterpart" in row:
        assert row["counterpart"] in setting.counterparts


def test_every_language_with_a_lexicon_has_fresh_texts() -> None:
    folder = resources.files("processors.annotate") / "data" / "lexicon"
    assert {f.name for f in folder.iterdir()} <= {p.name for p in FOLDER.glob("??.yaml")}
