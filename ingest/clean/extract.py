"""The body of a page as lines: trafilatura, with the settings that measured best (docs/ingest.md)."""

from lxml.html import HtmlElement
from trafilatura import bare_extraction, load_html
from trafilatura.settings import Document

from ingest.clean.lines import lines_of, with_times


def tree_of(html: str) -> HtmlElement | None:
    """The parsed page; None where there is nothing to parse."""
    return load_html(html)


def body_lines(tree: HtmlElement) -> list[str]:
    """Paragraphs as trafilatura finds them, furniture and all; empty where it finds none. Leaves ``tree`` as it is."""
    # deduplicate stays off: it is a state that lives from page to page, and results would depend on their order.
    found = bare_extraction(
        tree, favor_precision=True, include_tables=True, include_comments=False, deduplicate=False, with_metadata=False
    )
    if not isinstance(found, Document) or not found.text:
        return []
    return with_times([_unmarked(line) for line in lines_of(found.text)])


def link_share(tree: HtmlElement) -> float:
    """Share of the page's characters that stand in links: index pages have most of theirs there."""
    body = tree.find("body")
    whole = _length(tree if body is None else body)
    linked = sum(_length(link) for link in tree.iter("a"))
    return linked / whole if whole else 0.0


def _length(element: HtmlElement) -> int:
    skipped = sum(len(e.text or "") for e in element.iter("script", "style", "noscript"))
    return max(0, sum(len(text.strip()) for text in element.itertext()) - skipped)


def _unmarked(line: str) -> str:
    """Without the marks that trafilatura writes for list items and table cells."""
    line = line.removeprefix("- ")
    if line.endswith("|") or line.startswith("|"):
        line = " ".join(cell.strip() for cell in line.split("|") if cell.strip(" -"))
    return line


__all__ = ["body_lines", "link_share", "tree_of"]
