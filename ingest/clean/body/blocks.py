"""A page as blocks: runs of text between block-level tags, in order, each with where it stands.

The cut is that of Kohlschütter et al. 2010 ("Boilerplate detection using shallow text features"), with line breaks as
borders, too. One pass over the tree, no recursion: pages nest as deep as they like.
"""

import functools
import re
from enum import IntFlag

import msgspec
from lxml.etree import iterwalk
from lxml.html import HtmlElement

from ingest.clean.text.lines import tidy
from ingest.clean.text.tables import table

# fmt: off
_SKIPPED = frozenset([
    "script", "style", "noscript", "template", "svg", "head", "iframe", "select", "object", "embed", "canvas", "map",
    "audio", "video", "textarea", "option", "math", "datalist",
])
_INLINE = frozenset([
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img",
    "ins", "kbd", "label", "mark", "nobr", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong",
    "sub", "sup", "time", "tt", "u", "var", "wbr", "input",
])
# fmt: on
_BREAKS = frozenset(["br", "hr"])
_UNREAD = _SKIPPED | _BREAKS
_BOLD = frozenset(["b", "strong"])


class Place(IntFlag):
    """What the tags and the names of classes around a block say of it."""

    ARTICLE = 1
    MAIN = 2
    NAV = 4
    FOOTER = 8
    HEADER = 16
    ASIDE = 32
    FORM = 64
    FIGURE = 128
    LIST = 256
    TABLE = 512
    QUOTE = 1024
    BODY_NAME = 2048
    COMMENT_NAME = 4096
    RELATED_NAME = 8192
    SHARE_NAME = 16384
    MENU_NAME = 32768
    META_NAME = 65536
    PROMO_NAME = 131072
    CAPTION_NAME = 262144
    HIDDEN = 524288


_PLACES = {
    "article": Place.ARTICLE, "main": Place.MAIN, "nav": Place.NAV, "menu": Place.NAV, "footer": Place.FOOTER,
    "header": Place.HEADER, "aside": Place.ASIDE, "form": Place.FORM, "button": Place.FORM, "fieldset": Place.FORM,
    "figure": Place.FIGURE, "figcaption": Place.FIGURE, "ul": Place.LIST, "ol": Place.LIST, "dl": Place.LIST,
    "table": Place.TABLE, "blockquote": Place.QUOTE, "dialog": Place.HIDDEN,
}  # fmt: skip
# Plain numbers: the arithmetic of enumerations is slow, and a page has thousands of elements.
_TAGS = {tag: int(place) for tag, place in _PLACES.items()}
_HIDDEN_PLACE = int(Place.HIDDEN)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")


class Block(msgspec.Struct, frozen=True, gc=False):
    """One run of text. ``tag`` is the block-level tag around it, ``parent`` and ``over`` number the elements around;
    ``path`` is the place by its names; ``linked`` counts characters in links.
    """

    text: str
    tag: str
    parent: int
    over: int
    path: int
    places: int
    depth: int
    linked: int
    links: int
    bold: bool
    after_break: bool


class _Frame(msgspec.Struct, frozen=True, gc=False):
    tag: str
    number: int
    over: int
    path: int
    places: int
    depth: int


def blocks_of(tree: HtmlElement, limit: int = 20_000) -> list[Block]:
    """The blocks of a page, in order; at most ``limit``. Scripts, styles and controls have none."""
    body = tree.find("body")
    root = tree if body is None else body
    out: list[Block] = []
    frame, around = _Frame(str(root.tag), 0, 0, 0, 0, 0), list[_Frame]()
    paths: dict[tuple[int, str, str], int] = {}
    # The run that is being read: its parts, the characters of it that are in links and bold, and how many links it has.
    parts: list[str] = []
    chars = linked = bold = links = 0
    broken = False
    in_link = in_bold = numbers = 0

    def flush() -> None:
        nonlocal parts, chars, linked, bold, links
        if text := tidy("".join(parts)):
            out.append(
                Block(
                    text, frame.tag, frame.number, frame.over, frame.path, frame.places, frame.depth,
                    min(linked, len(text)), links, bold * 2 > chars, broken,
                )
            )  # fmt: skip
        parts, chars, linked, bold, links = [], 0, 0, 0, 0

    walk = iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if len(out) >= limit:
            break
        tag = element.tag
        if event != "start":
            # What is skipped ends, too: as a comment does, with the text behind it.
            if event == "end" and tag not in _UNREAD:
                if element is root:
                    break
                if tag == "a":
                    in_link -= 1
                elif tag in _BOLD:
                    in_bold -= 1
                if tag not in _INLINE:
                    if parts:
                        flush()
                    broken = False
                    frame = around.pop()
            text = element.tail
        elif element is root:
            text = element.text
        elif tag in _UNREAD:
            walk.skip_subtree()
            if tag in _BREAKS:
                if parts:
                    flush()
                broken = True
            continue
        else:
            if tag in _INLINE:
                if tag == "a":
                    in_link += 1
                    links += 1
                elif tag in _BOLD:
                    in_bold += 1
            else:
                if parts:
                    flush()
                broken = False
                numbers += 1
                names, hidden = _names(element)
                path = paths.setdefault((frame.path, tag, names), len(paths) + 1)
                places = frame.places | _TAGS.get(tag, 0) | _hints(names)
                if hidden:
                    places |= _HIDDEN_PLACE
                around.append(frame)
                frame = _Frame(tag, numbers, frame.number, path, places, frame.depth + 1)
            text = element.text
        if text:
            parts.append(text)
            if not text.isspace():
                size = len(text.strip())
                chars += size
                if in_link:
                    linked += size
                if in_bold:
                    bold += size
    if parts:
        flush()
    return out


def _names(element: HtmlElement) -> tuple[str, bool]:
    """What an element's attributes call it, and whether they hide it."""
    items = element.items()
    if not items:
        return "", False
    attributes = dict(items)
    names = " ".join([attributes.get(name, "") for name in ("class", "id", "itemprop", "role")])
    hidden = (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or ("style" in attributes and bool(_HIDDEN.search(attributes["style"])))
    )
    return names, hidden


@functools.lru_cache(maxsize=20_000)
def _hints(names: str) -> int:
    text = names[:300].lower()
    found = 0
    if text.strip():
        for place, pattern in _patterns():
            if pattern.search(text):
                found |= place
    return found


@functools.cache
def _patterns() -> tuple[tuple[int, re.Pattern[str]], ...]:
    data = table("places")
    return tuple((int(Place[name]), re.compile("|".join(f"(?:{p})" for p in parts))) for name, parts in data.items())
