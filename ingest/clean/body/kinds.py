"""Pages that are no article: front pages, indices, videos, consent walls, logins, soft 404s, errors, paywalls.

Decided by structure and by how pages call themselves (``data/pages.toml``), and only where there is little prose: an
article about cookies is an article.
"""

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from ingest.clean.body.extract import Body, Page, link_share
from ingest.clean.text.tables import table
from ingest.identity import host_of, is_root
from schemas.article import RawArticle
from schemas.errors import InputError

# An index page: no statement that it is an article, most of its text in links, only short lines in what was found.
_INDEX_LINK_SHARE = 0.7
# A page of headlines with a sentence about itself: no date, no prose, and the links outweigh what is said.
_LINKS_OUTWEIGH = 0.5
_INDEX_LINES = 6
_INDEX_PROSE_SHARE = 0.3
_PROSE_CHARS = 80
_SENTENCE_MARKS = frozenset('.!?…؟»”"。！？')
# So much prose is an article, whatever stands around it.
_ENOUGH_PROSE = 900
_STUB_PROSE = 600
_FREE_PROSE = 300
_VIDEO_PROSE = 200
_LONGEST_LINE = 600
_SPOKEN_SHARE = 0.6
_FRONT_SHARE = 0.5
_LOGIN_PATH = re.compile(r"/(?:log-?in|sign-?in|auth|sso|account/login|users?/login|register)\b", re.IGNORECASE)
_CONSENT_HOST = re.compile(r"^(?:consent|privacy|cmp)\.", re.IGNORECASE)


@dataclass(frozen=True)
class Other:
    """What a page is instead of an article, in a word and in words for people."""

    kind: str
    detail: str


def other_than_article(raw: RawArticle, page: Page, body: Body, lines: Sequence[str], *, dated: bool) -> Other | None:
    """None where the page may well be an article. ``lines`` is the body without its furniture; ``dated``: the page
    states a date of publication.
    """
    if raw.final_url and _is_root(raw.final_url) and not _same(raw.url, raw.final_url):
        return Other("front_page", "front page")
    long = [line for line in lines if len(line) >= _PROSE_CHARS and line[-1] in _SENTENCE_MARKS]
    prose = sum(map(len, long))
    # Small sites have one long text on their front page; a news site's is mostly links and teasers.
    if _is_root(raw.url) and (prose < _ENOUGH_PROSE or prose < _FRONT_SHARE * sum(len(b.text) for b in page.blocks)):
        return Other("front_page", "front page")
    if prose < _ENOUGH_PROSE and (found := _by_name(raw, page, body, lines, prose, dated=dated)):
        return found
    if page.facts.kind == "article":
        return None
    og_type = page.facts.properties.get("og:type", "").lower()
    if page.facts.kind == "video" and not prose:
        return Other("video", "video")
    if og_type.startswith("video") and prose < _VIDEO_PROSE and not dated:
        return Other("video", "video")
    # Briefs have few lines and no prose either: only many short lines are an index.
    listing = len(lines) >= _INDEX_LINES and prose < _INDEX_PROSE_SHARE * sum(map(len, lines))
    linked = link_share(page)
    if listing and not dated and (linked >= _INDEX_LINK_SHARE or page.facts.kind == "index"):
        return Other("index", "index page")
    if not dated and prose < _VIDEO_PROSE and sum(map(len, lines)) < _VIDEO_PROSE and linked >= _LINKS_OUTWEIGH:
        return Other("index", "index page")
    if page.facts.kind == "index" and prose < _VIDEO_PROSE and linked >= _INDEX_LINK_SHARE:
        return Other("index", "index page")
    return None


def _by_name(raw: RawArticle, page: Page, body: Body, lines: Sequence[str], prose: int, *, dated: bool) -> Other | None:
    headings = [page.title, page.tree.findtext(".//title") or ""]
    headings += [block.text for block in page.blocks if block.tag == "h1"][:3]
    texts = [block.text for block in page.blocks if len(block.text) <= _LONGEST_LINE]

    def titled(kind: str) -> bool:
        return any(_titles(kind).search(heading) for heading in headings if len(heading) <= 120)

    def says(kind: str) -> list[str]:
        return [text for text in texts if _says(kind, text)]

    url = raw.final_url or raw.url
    # What is cheap is asked first: searching all of a page's lines costs more than the rest of this module.
    if page.facts.kind != "article":
        if (prose < _STUB_PROSE and titled("soft_404")) or (not prose and says("soft_404")):
            return Other("soft_404", "the page says that it does not exist")
        if prose < _STUB_PROSE and not dated and (titled("error_page") or (prose and _mostly("error_page", lines))):
            return Other("error_page", "an error or a question for robots instead of the article")
        if (consent := says("consent_wall")) and (
            titled("consent_wall")
            or bool(_CONSENT_HOST.match(urlsplit(url).hostname or ""))
            or (len(consent) >= 3 and _mostly("consent_wall", lines))
        ):
            return Other("consent_wall", "asks for consent instead of showing the article")
        if prose < _VIDEO_PROSE:
            secret = page.tree.find(".//input[@type='password']") is not None
            moved = url != raw.url and bool(_LOGIN_PATH.search(urlsplit(url).path))
            if (secret and (titled("login") or bool(says("login")))) or moved:
                return Other("login", "asks for a login instead of showing the article")
    # What asks for a subscription stands where the text breaks off; elsewhere it is an advertisement.
    if prose < _FREE_PROSE and any(_texts("paywall").search(text) for text in body.about if len(text) <= _LONGEST_LINE):
        return Other("paywall", f"paywall: {prose} characters of prose are free")
    return None


def _mostly(kind: str, lines: Sequence[str]) -> bool:
    """Whether most of the body is in lines that speak so."""
    of_kind = sum(len(line) for line in lines if _texts(kind).search(line))
    return of_kind >= _SPOKEN_SHARE * sum(map(len, lines))


def _is_root(url: str) -> bool:
    try:
        return is_root(url)
    except InputError:
        return False


def _same(one: str, other: str) -> bool:
    try:
        return host_of(one) == host_of(other) and is_root(one) == is_root(other)
    except InputError:
        return False


# Menus are the same on every page of an outlet. A pure function's memory changes no result.
@functools.lru_cache(maxsize=30_000)
def _says(kind: str, text: str) -> bool:
    return _texts(kind).search(text) is not None


@functools.cache
def _titles(kind: str) -> re.Pattern[str]:
    # Nothing matches where a kind has no titles.
    return re.compile("|".join(f"(?:{p})" for p in _data()[kind]["title"]) or r"(?!)", re.IGNORECASE)


@functools.cache
def _texts(kind: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in _data()[kind]["text"]) or r"(?!)", re.IGNORECASE)


@functools.cache
def _data() -> dict[str, dict[str, list[str]]]:
    return table("pages")
