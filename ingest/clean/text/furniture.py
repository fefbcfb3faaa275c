"""Takes the page's furniture out of an article's lines: share buttons, "read also", comments, related articles.

Patterns are data (``data/furniture.toml``), general ones per language; all languages are tried, because pages mix them.
"""

import functools
import re

from ingest.clean.text.tables import table

# Behind so much body a line like "Comments" is the end of the article; before it, it is a button or a menu.
_BODY_CHARS = 250
_BODY_SENTENCES = 2
_SENTENCE_END = re.compile(r"[.!?…؟][»”\"'’)\]]*(?=\s|$)")
_LONGEST = 320
# What goes on behind a list of related articles with so many paragraphs in a row is the article: teasers stand between
# their headlines, and such a list between paragraphs has few of them.
_MOST_HEADLINES = 6
_PARAGRAPHS = 3
_PARAGRAPH_CHARS = 80
_MARKS = " \t-–—•·*>»|"


def strip_furniture(lines: list[str]) -> list[str]:
    """The lines of the article. ``lines`` are paragraphs without line breaks inside."""
    tail, related, aside, single = _patterns()
    kept: list[str] = []
    chars = sentences = 0
    in_aside = False
    for number, line in enumerate(lines):
        short = line.strip(_MARKS + ":") if len(line) <= _LONGEST else ""
        ends = len(_SENTENCE_END.findall(line))
        if short:
            linked = related.fullmatch(short)
            if linked or tail.fullmatch(short):
                if chars >= _BODY_CHARS and sentences >= _BODY_SENTENCES:
                    if not (linked and _goes_on(lines, number + 1)):
                        break
                    in_aside = True
                continue
            if aside.fullmatch(short):
                in_aside = True
                continue
            if single.fullmatch(line.strip(_MARKS)) or (in_aside and not ends):
                continue
        in_aside = False
        kept.append(line)
        chars += len(line)
        sentences += ends
    return kept


def kind_of(line: str) -> str:
    """``tail``, ``aside`` or ``line`` where a line is written as furniture is; else an empty text."""
    if len(line) > _LONGEST:
        return ""
    tail, related, aside, single = _patterns()
    short = line.strip(_MARKS + ":")
    if not short:
        return "line"
    if tail.fullmatch(short) or related.fullmatch(short):
        return "tail"
    if aside.fullmatch(short):
        return "aside"
    return "line" if single.fullmatch(line.strip(_MARKS)) else ""


def _goes_on(lines: list[str], start: int) -> bool:
    """Whether the article goes on behind a few headlines of other articles."""
    end = min(len(lines), start + _MOST_HEADLINES)
    while start < end and not _is_paragraph(lines[start]):
        start += 1
    behind = lines[start : start + _PARAGRAPHS]
    return len(behind) == _PARAGRAPHS and all(map(_is_paragraph, behind))


def _is_paragraph(line: str) -> bool:
    return len(line) >= _PARAGRAPH_CHARS and _SENTENCE_END.search(line) is not None


@functools.cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    data: dict[str, dict[str, list[str]]] = table("furniture")
    return tuple(
        re.compile("|".join(f"(?:{p})" for part in data.values() for p in part.get(kind, [])), re.IGNORECASE)
        for kind in ("tail", "related", "aside", "line")
    )
