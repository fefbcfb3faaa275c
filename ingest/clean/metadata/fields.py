"""Title, authors, section, language and canonical address of a page."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from urllib.parse import urljoin

from lxml.etree import XPath
from lxml.html import HtmlElement
from trafilatura.metadata import examine_meta, extract_title

from ingest.clean.metadata.structured import Stated
from ingest.clean.text.lines import tidy, weight
from ingest.identity import is_root, normalise_url
from runtime.folding import fold
from schemas.errors import InputError

_SITE_SUFFIX = re.compile(r"\s(?:[|–—·•«»‹›:]|::|//|-)\s+")
_BY = re.compile(
    r"^(?:by|von|par|por|di|da|author|автор|текст|written by|yazan|haber|reporting by)\s*:?\s+", re.IGNORECASE
)
_NO_NAME = re.compile(
    r"https?://|@|\d{3}|^(?:admin|editor|redaktion|редакция|staff|webmaster|news ?desk|author)$", re.IGNORECASE
)
_AND = re.compile(r" (?:(?i:and|und|et|ve|и|та)|y|і|й|&) ")
_PARTICLES = frozenset(
    ["van", "von", "der", "den", "de", "del", "da", "di", "du", "la", "le", "el", "al", "bin", "ter"]
)
_AUTHORS = XPath("//*[@itemprop='author' or @rel='author']")
_AUTHOR_TAGS = ("a", "span", "p", "div", "address", "li")
_AUTHOR_CLASS = re.compile("author|byline|Author|Byline")
_CRUMBS = XPath(
    "(//*[contains(@class, 'breadcrumb') or contains(@class, 'Breadcrumb') or contains(@id, 'breadcrumb')"
    " or contains(@itemtype, 'BreadcrumbList')])[1]//a"
)
_PICTURES = XPath("(//article//figure//img/@src | //main//figure//img/@src | //*[@itemprop='image']/@src)")
_LONGEST_SECTION = 40
_MAX_AUTHORS = 8
_MAX_NAME = 80


def title_of(tree: HtmlElement, facts: Stated, feed_title: str | None) -> str:
    """The headline without the site's name; an empty text where the page has none."""
    headings = [tidy(h.text_content()) for h in tree.xpath("//h1[normalize-space()]")[:5]]
    tag = tidy(tree.findtext(".//title") or "")
    opened = _property(facts, "og:title") or ""
    stated = [text for text in (facts.headline, opened, tag, feed_title) if text]
    headings = [heading for heading in headings if not _names_site(heading, opened, tag, facts)]
    # A heading that the page or the feed states as title, too, is the headline in its own words.
    for heading in headings:
        if weight(fold(heading)) > 8 and any(_agree(heading, text) for text in stated):
            return heading
    for text in (facts.headline, feed_title, _without_site(opened, tag, facts)):
        if text and fold(text):
            return tidy(text)
    if len(headings) == 1:
        return headings[0]
    return tidy(extract_title(tree) or "")


def authors_of(tree: HtmlElement, facts: Stated, feed_authors: Iterable[str]) -> list[str]:
    """Names of people and agencies in the byline, each once, in order."""
    found = _names(facts.authors)
    if not found:
        # trafilatura joins names by "; "
        found = _names((examine_meta(tree).author or "").split("; "))
    return found or (_names(_bylines(tree, facts)) if facts.authored else []) or _names(feed_authors)


def _bylines(tree: HtmlElement, facts: Stated) -> list[str]:
    """What stands in places that are marked as the author's, the most outspoken marks first."""
    for mark in (_names_of_authors, _marked_as_authors, _named_as_authors):
        found = [tidy(element.text_content()) for element in islice(mark(tree, facts), _MAX_AUTHORS)]
        short = [text for text in found if 1 < len(text) <= _MAX_NAME]
        if short:
            return list(dict.fromkeys(short))
    return []


def _names_of_authors(_tree: HtmlElement, facts: Stated) -> Iterator[HtmlElement]:
    if "author" not in facts.marked:
        return
    for one in facts.marked.get("name", ()):
        if any(around.get("itemprop") == "author" for around in one.iterancestors()):
            yield one


def _marked_as_authors(tree: HtmlElement, _facts: Stated) -> list[HtmlElement]:
    found: list[HtmlElement] = _AUTHORS(tree)
    return found


def _named_as_authors(tree: HtmlElement, _facts: Stated) -> Iterator[HtmlElement]:
    # An XPath of this takes three times as long.
    return (one for one in tree.iter(*_AUTHOR_TAGS) if _AUTHOR_CLASS.search(one.get("class", "")))


def section_of(tree: HtmlElement, facts: Stated) -> str | None:
    """The section by JSON-LD, meta tags or microdata, else the last step of the page's breadcrumbs ("Home > World")."""
    for value in (
        facts.section,
        _property(facts, "article:section"),
        _named(facts, "section"),
        _named(facts, "article:section"),
        _itemprop(facts, "articleSection"),
    ):
        if value:
            return value
    if not facts.crumbed:
        return None
    steps = [tidy(link.text_content()) for link in _CRUMBS(tree)]
    # The first step is the site itself.
    return steps[-1] if len(steps) > 1 and 1 < len(steps[-1]) <= _LONGEST_SECTION else None


def site_of(facts: Stated) -> str | None:
    """What the page calls its outlet."""
    return _property(facts, "og:site_name") or facts.publisher or _named(facts, "application-name")


def image_of(tree: HtmlElement, facts: Stated, url: str) -> str | None:
    """Address of the lead picture, absolute: meta tags first, because JSON-LD often has the outlet's logo."""
    for found in _pictures(tree, facts):
        if not found:
            continue
        try:
            address = urljoin(url, str(found).strip())
        except ValueError:
            continue
        if address.startswith(("http://", "https://")):
            return address
    return None


def _pictures(tree: HtmlElement, facts: Stated) -> Iterator[str | None]:
    yield _property(facts, "og:image")
    yield _named(facts, "twitter:image")
    yield facts.image
    yield from _PICTURES(tree)[:1]


def modified_of(facts: Stated) -> list[str]:
    """Times at which the page says that it was changed, as written, the most trusted first."""
    found = [
        *facts.modified,
        _property(facts, "article:modified_time"),
        _property(facts, "og:updated_time"),
        _named(facts, "last-modified"),
        *(element.get("datetime") or element.get("content") for element in facts.marked.get("dateModified", ())[:2]),
    ]
    return [value for value in found if value]


def language_of(tree: HtmlElement, facts: Stated) -> str | None:
    """ISO 639-1 code that the page declares."""
    for value in (tree.get("lang"), _property(facts, "og:locale"), facts.lang, _named(facts, "language")):
        code = re.match(r"[A-Za-z]{2}(?=$|[-_])", value or "")
        if code:
            return code[0].lower()
    return None


def canonical_of(tree: HtmlElement, facts: Stated, url: str) -> str | None:
    """The address that the page calls canonical, absolute; None where it names none or a site's root.

    One on another domain is evidence of credit, not identity (docs/ingest.md, "Identity").
    """
    for link in (*tree.xpath('//link[@rel="canonical"]/@href')[:1], _property(facts, "og:url"), facts.url):
        if not link:
            continue
        try:
            found = urljoin(url, str(link).strip())
            normalised = normalise_url(found)
            if not is_root(found):
                return normalised
        except (InputError, ValueError):
            continue
    return None


def _agree(one: str, other: str) -> bool:
    a, b = fold(one), fold(other)
    return a == b or (weight(a) > 14 and a in b) or (weight(b) > 14 and b in a)


def _names_site(heading: str, opened: str, tag: str, facts: Stated) -> bool:
    """Whether a heading is the site's name, as many a page has it beside its logo, and not the title."""
    name = fold(heading)
    if name in {fold(text) for text in (facts.headline, opened) if text}:
        return False
    if name in {fold(text) for text in (_property(facts, "og:site_name"), facts.publisher) if text}:
        return True
    # "Title | Site", where the title is longer than the name.
    parts = _SITE_SUFFIX.split(tag)
    return len(parts) > 1 and fold(parts[-1]) == name and weight(name) < weight(fold("".join(parts[:-1])))


def _without_site(opened: str, tag: str, facts: Stated) -> str:
    """og:title or title tag without "| Site name": the part that other places do not repeat."""
    text = opened or tag
    site = _property(facts, "og:site_name")
    parts = _SITE_SUFFIX.split(text)
    if len(parts) < 2:
        return text
    if site and fold(parts[-1]) == fold(site):
        return text[: text.rindex(parts[-1])].rstrip(" |–—·•«»‹›:/-")
    if opened and tag and opened != tag and tag.startswith(opened):
        return opened
    return max(parts, key=weight) if not opened else text


def _names(values: Iterable[str]) -> list[str]:
    names: list[str] = []
    for value in values:
        for part in re.split(r"(?:;|\||, (?=[^\W\d_]+ [^\W\d_]))\s*", _BY.sub("", tidy(value))):
            for one in _each(part.strip(" ,.")):
                if 1 < len(one) <= _MAX_NAME and not _NO_NAME.search(one) and one not in names:
                    names.append(one)
    return names[:_MAX_AUTHORS]


def _each(part: str) -> list[str]:
    """The people of "Ann Other and Bob Some"; what is no such pair stays one."""
    people = _AND.split(part)
    return people if len(people) > 1 and all(map(_is_person, people)) else [part]


def _is_person(name: str) -> bool:
    words = name.split()
    named = [word for word in words if word not in _PARTICLES]
    return 2 <= len(named) <= 4 and all(word[0].isupper() or word[1:2] in {"'", "’"} for word in named)


def _property(facts: Stated, name: str) -> str | None:
    return tidy(facts.properties.get(name, "")) or None


def _itemprop(facts: Stated, name: str) -> str | None:
    found = facts.marked.get(name)
    return tidy(found[0].get("content") or found[0].text_content()) or None if found else None


def _named(facts: Stated, name: str) -> str | None:
    return tidy(facts.names.get(name, "")) or None
