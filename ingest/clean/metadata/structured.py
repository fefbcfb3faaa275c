"""What a page states of itself in JSON-LD and meta tags: its type, headline, dates, authors, section."""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.etree import XPath
from lxml.html import HtmlElement

from ingest.identity import normalise_url
from schemas.errors import InputError

_MAX_BLOCK = 500_000
_MAX_DEPTH = 6
_ARTICLE = frozenset(
    [
        "article",
        "newsarticle",
        "reportagenewsarticle",
        "analysisnewsarticle",
        "opinionnewsarticle",
        "backgroundnewsarticle",
        "reviewnewsarticle",
        "liveblogposting",
        "blogposting",
        "socialmediaposting",
        "report",
        "scholarlyarticle",
        "techarticle",
    ]
)
_INDEX = frozenset(["collectionpage", "searchresultspage", "itemlist", "profilepage", "website"])
_VIDEO = frozenset(["videoobject"])
_MARKED = XPath("//*[@itemprop]")
_BLOCKS = XPath('//script[starts-with(@type, "application/ld+json")]')
_BEGINS = re.compile(r'[\[{]\s*["\[{\]}]')
_CDATA = "<![CDATA["
_DECODER = json.JSONDecoder(strict=False)
# With its semicolon: "?a=1&copy=2" has none.
_ESCAPE = re.compile(r"&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[A-Za-z]{2,8}\d?);")


@dataclass
class Stated:
    """Facts of JSON-LD; ``kind`` is article, index, video or None. ``properties`` and ``names`` are the page's meta
    tags by ``property`` and by ``name`` or ``http-equiv``, the first of each, ``marked`` its microdata by ``itemprop``.
    ``authored``, ``crumbed``, ``dated``: authors, paths of links, dates may be marked in its markup; most pages have
    none, and looking through all elements for them costs more than all else that is stated.
    """

    kind: str | None = None
    headline: str | None = None
    published: list[str] = field(default_factory=list)
    modified: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    section: str | None = None
    lang: str | None = None
    image: str | None = None
    publisher: str | None = None
    url: str | None = None
    paywalled: bool = False
    properties: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    marked: dict[str, list[HtmlElement]] = field(default_factory=dict)
    authored: bool = False
    crumbed: bool = False
    dated: bool = False


def stated(tree: HtmlElement, source: str) -> Stated:
    """Reads all JSON-LD, meta tags and microdata of a page; what is broken is passed over. ``source`` is its HTML."""
    nodes = [node for block in _BLOCKS(tree) for node in _nodes(_parsed(block))]
    named = {key: node for node in reversed(nodes) if isinstance(key := node.get("@id"), str)}
    articles = [node for node in nodes if _types(node) & _ARTICLE]
    facts = Stated()
    for meta in tree.iter("meta"):
        if (content := meta.get("content")) is None:
            continue
        if (name := meta.get("property")) is not None:
            facts.properties.setdefault(name, content)
        for key in ("name", "http-equiv"):
            if (name := meta.get(key)) is not None:
                facts.names.setdefault(name, content)
    for element in _MARKED(tree):
        facts.marked.setdefault(element.get("itemprop"), []).append(element)
    facts.authored = any(word in source for word in ("author", "Author", "byline", "Byline"))
    facts.crumbed = "readcrumb" in source
    facts.dated = "datePublished" in facts.marked or any(word in source for word in ("pubdate", "pubDate", "PUBDATE"))
    kinds = set().union(*(_types(node) for node in nodes)) if nodes else set()
    facts.kind = "article" if articles else "video" if kinds & _VIDEO else "index" if kinds & _INDEX else None
    if len(articles) > 1:
        articles = _own(articles, tree, facts)
    for node in articles or [node for node in nodes if "datePublished" in node and not _types(node) & _VIDEO]:
        facts.headline = facts.headline or _text(node.get("headline"))
        facts.published += [
            value for key in ("datePublished", "dateCreated") if (value := _text(_first(node.get(key))))
        ]
        facts.authors += [name for name in _names(_meant(node.get("author"), named)) if name not in facts.authors]
        facts.modified += [value] if (value := _text(_first(node.get("dateModified")))) else []
        facts.image = facts.image or _address(_meant(node.get("image"), named)) or _address(node.get("thumbnailUrl"))
        facts.publisher = facts.publisher or next(_names(_meant(node.get("publisher"), named)), None)
        facts.url = facts.url or _address(node.get("mainEntityOfPage")) or _address(node.get("url"))
        facts.section = facts.section or _text(_first(node.get("articleSection")))
        facts.lang = facts.lang or _text(node.get("inLanguage"))
        facts.paywalled = facts.paywalled or str(node.get("isAccessibleForFree")).lower() == "false"
    return facts


def _parsed(block: HtmlElement) -> object:
    text = block.text or ""
    # Newlines inside strings are the commonest fault of hand-made JSON-LD; around it stand comments and CDATA.
    marked = text.find(_CDATA, 0, 80)
    begins = _BEGINS.search(text, marked + len(_CDATA) if marked >= 0 else 0)
    if begins is None or len(text) > _MAX_BLOCK:
        return None
    try:
        return _DECODER.raw_decode(text, begins.start())[0]
    except (ValueError, RecursionError):
        return None


def _own(articles: list[dict[str, object]], tree: HtmlElement, facts: Stated) -> list[dict[str, object]]:
    """The articles that are the page's own: pages describe what they link to, too."""
    links = [*tree.xpath('//link[@rel="canonical"]/@href')[:1], facts.properties.get("og:url")]
    pages = {address for link in links if link and (address := _normalised(link))}
    said = [
        {address for key in ("url", "mainEntityOfPage") if (address := _normalised(_address(node.get(key))))}
        for node in articles
    ]
    if not pages or not any(pages & addresses for addresses in said):
        return articles
    return [node for node, addresses in zip(articles, said, strict=True) if not addresses or pages & addresses]


def _normalised(link: str | None) -> str | None:
    try:
        return normalise_url(link) if link else None
    except InputError:
        return None


def _nodes(value: object, depth: int = 0) -> Iterator[dict[str, object]]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            yield from _nodes(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _nodes(value.get(key), depth + 1)


def _types(node: dict[str, object]) -> set[str]:
    found = node.get("@type")
    names = found if isinstance(found, list) else [found]
    return {name.rpartition("/")[2].lower() for name in names if isinstance(name, str)}


def _first(value: object) -> object:
    return value[0] if isinstance(value, list) and value else value


def _meant(value: object, named: dict[str, dict[str, object]]) -> object:
    """What is said elsewhere of a thing that only its ``@id`` stands for."""
    if isinstance(value, list):
        return [_referred(one, named) for one in value]
    return _referred(value, named)


def _referred(value: object, named: dict[str, dict[str, object]]) -> object:
    if isinstance(value, dict) and isinstance(key := value.get("@id"), str) and not value.keys() & {"name", "url"}:
        return named.get(key, value)
    return value


def _text(value: object) -> str | None:
    """Words of a text that was often written for HTML: "O&#8217;Neill"."""
    if not isinstance(value, str):
        return None
    return " ".join(_ESCAPE.sub(lambda found: html.unescape(found[0]), value).split()) or None


def _address(value: object) -> str | None:
    """An address given as text, as an object with ``url`` or ``@id``, or the first of a list."""
    value = _first(value)
    if isinstance(value, dict):
        return _address(value.get("url") or value.get("contentUrl") or value.get("@id"))
    return " ".join(value.split()) or None if isinstance(value, str) else None


def _names(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _names(item)
    elif isinstance(value, dict):
        yield from _names(value.get("name"))
    elif (name := _text(value)) and not name.startswith("http"):
        yield name
