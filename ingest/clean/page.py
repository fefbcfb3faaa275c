"""A raw article becomes a clean one, or a skipped one with its reason: one pure function for services and files."""

import datetime
import hashlib
from collections.abc import Iterator

import msgspec
from lxml.etree import LxmlError

from ingest.body import unpack
from ingest.clean import dates, metadata
from ingest.clean.credit import credited, without_credit_lines
from ingest.clean.decode import decode
from ingest.clean.extract import body_lines, link_share, opened
from ingest.clean.furniture import strip_furniture
from ingest.clean.lines import joined, lines_of, tidy, without_head
from ingest.clean.plain import plain_article
from ingest.clean.profile import NO_PROFILE, Profile
from ingest.clean.structured import Stated
from ingest.identity import host_of, is_root
from schemas.article import CleanArticle, ImportedArticle, RawArticle, SkippedArticle, SkipReason
from schemas.errors import CleanError, InputError

MIN_CHARS = 120
_HTML = frozenset({"text/html", "application/xhtml+xml", "application/xml", "text/xml", ""})
_PAYWALL_STUB_CHARS = 240
# An index page: no statement that it is an article, most of its text in links, only short lines in what was found.
_INDEX_LINK_SHARE = 0.7
_INDEX_LINES = 6
_INDEX_PROSE_SHARE = 0.3
_PROSE_CHARS = 80
_SENTENCE_MARKS = frozenset('.!?…؟»”"')


def clean_page(
    raw: RawArticle, *, min_chars: int = MIN_CHARS, profile: Profile = NO_PROFILE
) -> CleanArticle | SkippedArticle:
    """Cleans one article. Pure: the same raw article and profile give the same result, whenever and wherever.

    Texts shorter than ``min_chars`` characters are skipped. Raises ``CleanError`` where the body cannot be read.
    """
    if raw.status in {404, 410}:
        return _skipped(raw, "gone", f"status {raw.status}")
    if raw.status >= 400:
        return _skipped(raw, "http_error", f"status {raw.status}")
    media_type = raw.media_type.partition(";")[0].strip().lower()
    try:
        body = unpack(raw.body)
    except CleanError as error:
        raise CleanError(f"article {raw.article_id} ({raw.url}): {error}") from error
    if media_type == "application/json":
        return _imported(raw, body, min_chars)
    if media_type == "text/plain":
        return _plain(raw, body, min_chars)
    if media_type not in _HTML:
        return _skipped(raw, "unsupported_media_type", media_type)
    return _html(raw, body, min_chars, profile)


def revision_of(text: str) -> str:
    """The hash of a cleaned body: 32 hex digits, white space does not count."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:32]


def _html(raw: RawArticle, body: bytes, min_chars: int, profile: Profile) -> CleanArticle | SkippedArticle:
    html = decode(body, raw.charset)
    url = raw.final_url or raw.url
    try:
        page = opened(html, raw.feed.title if raw.feed else None)
        if page is None:
            return _skipped(raw, "empty_text", "no HTML in the body")
        tree, facts, title = page.tree, page.facts, page.title
        authors = metadata.authors_of(tree, facts, raw.feed.authors if raw.feed else ())
        found = body_lines(page, profile)
        lines = without_head(strip_furniture(found), title, authors)
        candidates = [*_from_feed(raw), *dates.in_page(tree, facts.published, url)]
        published = dates.choose(candidates, raw.fetched)
        dated = any(word in {"json-ld", "meta"} for word, _ in candidates)
        no_article = _why_no_article(raw, facts, lines, linked=link_share(page), dated=dated)
        if no_article:
            return _skipped(raw, "not_an_article", no_article)
        if published is None:
            in_text = (*dates.of_lines(found), *dates.in_text(tree, raw.fetched))
            published = dates.choose([("text", moment) for moment in in_text], raw.fetched)
        lang = metadata.language_of(tree, facts) or (raw.feed.lang if raw.feed else None)
        canonical = metadata.canonical_of(tree, url)
        section = metadata.section_of(tree, facts)
    except (LxmlError, RecursionError) as error:
        raise CleanError(f"article {raw.article_id} ({raw.url}): {type(error).__name__}: {error}") from error
    short = _why_short(lines, facts, min_chars)
    if short:
        return _skipped(raw, *short)
    return _clean(
        raw, title, lines, authors=authors, published=published, lang=lang, canonical=canonical, section=section
    )


def _plain(raw: RawArticle, body: bytes, min_chars: int) -> CleanArticle | SkippedArticle:
    found = plain_article(decode(body, raw.charset))
    if short := _why_short(found.lines, Stated(), min_chars):
        return _skipped(raw, *short)
    authors = found.authors or (list(raw.feed.authors) if raw.feed else [])
    title = found.title or (tidy(raw.feed.title) if raw.feed and raw.feed.title else "")
    published = dates.choose([*_from_feed(raw), *_from_url(raw)], raw.fetched)
    return _clean(
        raw, title, found.lines, authors=authors, published=published, lang=raw.feed.lang if raw.feed else None
    )


def _imported(raw: RawArticle, body: bytes, min_chars: int) -> CleanArticle | SkippedArticle:
    """A row of somebody's own cleaning: its text stays, lines are tidied."""
    try:
        row = msgspec.json.decode(body, type=ImportedArticle)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise CleanError(f"article {raw.article_id}: body is no imported article: {error}") from error
    lines = lines_of(row.text)
    if short := _why_short(lines, Stated(), min_chars):
        return _skipped(raw, *short)
    moment = dates.parse(row.published) if row.published else None
    candidates = [*_from_feed(raw), *([("import", moment)] if moment else []), *_from_url(raw)]
    published = dates.choose(candidates, raw.fetched)
    return _clean(
        raw, tidy(row.title), lines, authors=list(row.authors), published=published, lang=row.lang, furnished=False
    )


def _clean(
    raw: RawArticle,
    title: str,
    lines: list[str],
    *,
    authors: list[str],
    published: dates.Published | None,
    lang: str | None,
    canonical: str | None = None,
    section: str | None = None,
    furnished: bool = True,
) -> CleanArticle:
    """``furnished``: the text came from a page, not from somebody's own cleaning."""
    text = joined(without_credit_lines(lines) if furnished else lines)
    return CleanArticle(
        article_id=raw.article_id,
        seq=raw.seq,
        revision=revision_of(text),
        url=raw.url,
        outlet=raw.outlet,
        fetched=raw.fetched,
        title=title,
        text=text,
        canonical_url=canonical,
        lang=lang,
        published=published.moment if published else None,
        published_from=published.found_in if published else None,
        authors=authors,
        section=section,
        credited=credited(lines, authors, raw.outlet.id),
        visit=raw.visit,
    )


def _from_feed(raw: RawArticle) -> Iterator[tuple[str, datetime.datetime]]:
    if raw.feed and raw.feed.published:
        moment = raw.feed.published
        yield (
            "import" if raw.feed.source.startswith("import:") else "feed",
            moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC),
        )


def _from_url(raw: RawArticle) -> Iterator[tuple[str, datetime.datetime]]:
    if moment := dates.of_url(raw.url):
        yield "url", moment


def _why_no_article(raw: RawArticle, facts: Stated, lines: list[str], *, linked: float, dated: bool) -> str | None:
    """A word for what the page is instead of an article; None where it may well be one."""
    if _is_root(raw.url) or (raw.final_url and _is_root(raw.final_url) and not _same(raw.url, raw.final_url)):
        return "front page"
    if facts.kind == "article":
        return None
    prose = sum(len(line) for line in lines if len(line) >= _PROSE_CHARS and line[-1] in _SENTENCE_MARKS)
    if facts.kind == "video" and not prose:
        return "video"
    # Briefs have few lines and no prose either: only many short lines are an index.
    listing = len(lines) >= _INDEX_LINES and prose < _INDEX_PROSE_SHARE * sum(map(len, lines))
    if listing and not dated and (linked >= _INDEX_LINK_SHARE or facts.kind == "index"):
        return "index page"
    return None


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


def _why_short(lines: list[str], facts: Stated, min_chars: int) -> tuple[SkipReason, str] | None:
    chars = sum(map(len, lines))
    if not chars:
        return "empty_text", "no text found in the page"
    if facts.paywalled and chars < _PAYWALL_STUB_CHARS:
        return "too_short", f"paywall: {chars} characters of it are free"
    if chars < min_chars:
        return "too_short", f"{chars} characters, at least {min_chars} are an article"
    return None


def _skipped(raw: RawArticle, reason: SkipReason, detail: str) -> SkippedArticle:
    return SkippedArticle(
        article_id=raw.article_id,
        seq=raw.seq,
        url=raw.url,
        outlet=raw.outlet,
        fetched=raw.fetched,
        reason=reason,
        detail=detail,
        visit=raw.visit,
    )
