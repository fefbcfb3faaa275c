"""Takes the page's furniture out of an article's lines: share buttons, "read also", comments, related articles.

Patterns are data (``data/furniture.toml``), general ones per language; all languages are tried, because pages mix them.
"""

import functools
import re
import tomllib
from importlib.resources import files

# Behind so much body a line like "Comments" is the end of the article; before it, it is a button or a menu.
_BODY_CHARS = 250
_BODY_SENTENCES = 2
_SENTENCE_END = re.compile(r"[.!?…؟][»”\"'’)\]]*(?=\s|$)")
_LONGEST = 320
_MARKS = " \t-–—•·*>»|"


def strip_furniture(lines: list[str]) -> list[str]:
    """The lines of the article. ``lines`` are paragraphs without line breaks inside."""
    tail, aside, single = _patterns()
    kept: list[str] = []
    chars = sentences = 0
    in_aside = False
    for line in lines:
        short = line.strip(_MARKS + ":") if len(line) <= _LONGEST else ""
        ends = len(_SENTENCE_END.findall(line))
        if short:
            if tail.fullmatch(short):
                if chars >= _BODY_CHARS and sentences >= _BODY_SENTENCES:
                    break
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
    tail, aside, single = _patterns()
    short = line.strip(_MARKS + ":")
    if not short:
        return "line"
    if tail.fullmatch(short):
        return "tail"
    if aside.fullmatch(short):
        return "aside"
    return "line" if single.fullmatch(line.strip(_MARKS)) else ""


@functools.cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    text = files("ingest.clean").joinpath("data/furniture.toml").read_text(encoding="utf-8")
    data: dict[str, dict[str, list[str]]] = tomllib.loads(text)
    return tuple(
        re.compile("|".join(f"(?:{p})" for part in data.values() for p in part.get(kind, [])), re.IGNORECASE)
        for kind in ("tail", "aside", "line")
    )
