"""Plain-text files as articles: which first line is a title, which a byline, what is no part of the article.

A text whose first line is no title gets an empty one: a sentence taken for a title would be in the article twice.
"""

import re
from dataclasses import dataclass

from ingest.clean.text.furniture import strip_furniture
from ingest.clean.text.lines import lines_of

_LONGEST_TITLE = 180
_MOST_WORDS = 28
_SENTENCE_END = re.compile(r"[.,;:!…][»”\"'’)\]]*$")
_BYLINE = re.compile(
    r"^(?:by|von|par|por|автор:?)\s+(?P<name>[^\W\d_][\w.’'-]*(?: [^\W\d_][\w.’'-]*){1,4})$", re.IGNORECASE
)
_DATELINE = re.compile(r"^.{2,60}[)/]\s*[-–—]\s")


@dataclass(frozen=True)
class PlainArticle:
    title: str
    lines: list[str]
    authors: list[str]


def plain_article(text: str) -> PlainArticle:
    """Takes a text file apart: furniture out, title and byline from the first lines."""
    lines = strip_furniture(lines_of(text))
    title = ""
    if len(lines) > 1 and _is_title(lines[0], lines[1:]):
        title, lines = lines[0], lines[1:]
    authors = []
    if len(lines) > 1 and (byline := _BYLINE.match(lines[0])):
        authors, lines = [byline["name"]], lines[1:]
    return PlainArticle(title, lines, authors)


def _is_title(first: str, rest: list[str]) -> bool:
    if len(first) > _LONGEST_TITLE or len(first.split()) > _MOST_WORDS or len(first.split()) < 2:
        return False
    if _SENTENCE_END.search(first) or _BYLINE.match(first) or _DATELINE.match(first):
        return False
    return max(len(line) for line in rest) > len(first)
