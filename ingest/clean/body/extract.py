"""The body of a page as lines: the blocks that are the article, trafilatura's own choice as one of the figures.

The page is parsed once. trafilatura runs once, in its fast mode; the comparison with other algorithms that it makes
else costs as much again and is what ``choose`` does better (docs/ingest.md, "Measured").
"""

import functools
from dataclasses import dataclass

from lxml.html import HtmlElement
from trafilatura import bare_extraction, load_html
from trafilatura.settings import Document, Extractor

from ingest.clean.body.blocks import Block, blocks_of
from ingest.clean.body.choose import chosen
from ingest.clean.body.features import rows_of
from ingest.clean.metadata.fields import title_of
from ingest.clean.metadata.structured import Stated, stated
from ingest.clean.profiles.profile import NO_PROFILE, Profile
from ingest.clean.text.lines import lines_of, with_times

# Its time grows with the square of the elements; no article has so many.
_MOST_FOR_TRAFILATURA = 6000
_ABOVE = 10
_ABOUT = 5


@dataclass(frozen=True)
class Page:
    """A parsed page: its blocks, what trafilatura took of it, what it states of itself, its title."""

    tree: HtmlElement
    blocks: list[Block]
    taken: str
    facts: Stated
    title: str


def opened(html: str, feed_title: str | None = None) -> Page | None:
    """Parses a page; None where there is nothing to parse."""
    tree = load_html(html)
    if tree is None:
        return None
    facts = stated(tree, html)
    title = title_of(tree, facts, feed_title)
    blocks = blocks_of(tree)
    return Page(tree, blocks, _taken(tree) if len(blocks) <= _MOST_FOR_TRAFILATURA else "", facts, title)


@dataclass(frozen=True)
class Body:
    """``lines`` are the article's paragraphs, none where the page has none; ``about`` what stands close to its ends:
    dates, bylines and sources are there.
    """

    lines: list[str]
    about: list[str]


def body_of(page: Page, profile: Profile = NO_PROFILE) -> Body:
    """Chooses the article's blocks."""
    texts = [block.text for block in page.blocks]
    numbers = chosen(page.blocks, rows_of(page.blocks, page.taken, page.title, profile))
    if not numbers:
        # A page unlike all that the network has seen: trafilatura's word counts alone.
        lines = lines_of(page.taken)
        return Body(with_times(lines), [*lines[:_ABOUT], *lines[-_ABOUT:]])
    first, last = numbers[0], numbers[-1]
    above = texts[max(0, first - _ABOVE) : first + _ABOUT]
    below = texts[max(first + _ABOUT, last - _ABOUT) : last + 1 + _ABOUT]
    return Body(with_times([texts[n] for n in numbers]), [*above, *below])


def link_share(page: Page) -> float:
    """Share of the page's characters that stand in links: index pages have most of theirs there."""
    whole = sum(len(block.text) for block in page.blocks)
    return sum(block.linked for block in page.blocks) / whole if whole else 0.0


@functools.cache
def _options() -> Extractor:
    """Made once: reading its defaults costs as much as a tenth of a small page."""
    # deduplicate stays off: it is a state that lives from page to page, and results would depend on their order.
    return Extractor(output_format="python", fast=True, precision=True, tables=True, comments=False, dedup=False)


def _taken(tree: HtmlElement) -> str:
    found = bare_extraction(tree, options=_options())
    return (found.text or "") if isinstance(found, Document) else ""


__all__ = ["Body", "Page", "body_of", "link_share", "opened"]
