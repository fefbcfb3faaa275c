"""A raw article becomes a clean one, or a skipped one with its reason: one pure function for services and files."""

import datetime
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec
from lxml.etree import LxmlError

from ingest.body import unpack
from ingest.clean.body.extract import body_of, opened
from ingest.clean.body.kinds import other_than_article
from ingest.clean.metadata import dates, fields
from ingest.clean.metadata.credit import apart, credit_of, without_credit_lines
from ingest.clean.metadata.structured import Stated
from ingest.clean.profiles.profile import NO_PROFILE, Profile, hashes_of
from ingest.clean.text.decode import decode
from ingest.clean.text.furniture import strip_furniture
from ingest.clean.text.language import detected
from ingest.clean.text.lines import joined, lines_of, tidy, without_head
from ingest.clean.text.plain import plain_article
from schemas.article import CleanArticle, ImportedArticle, RawArticle, SkippedArticle, SkipReason
from schemas.errors import CleanError

MIN_CHARS = 120
_HTML = frozenset({"text/html", "application/xhtml+xml", "application/xml", "text/xml", ""})
_PAYWALL_STUB_CHARS = 240


@dataclass(frozen=True)
class Cleaned:
    """What became of an article, and the hashes of its page's lines (none where it is no article or no page)."""

    article: CleanArticle | SkippedArticle
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class _About:
    """What a page, a file or a row says of its article."""

    authors: list[str]
    published: dates.Published | None
    modified: datetime.datetime | None = None
    declared: str | None = None
    canonical: str | None = None
    section: str | None = None
    site: str | None = None
    image: str | None = None
    credited: str | None = None


def clean_page(
    raw: RawArticle, *, min_chars: int = MIN_CHARS, profile: Profile = NO_PROFILE
) -> CleanArticle | SkippedArticle:
    """Cleans one article. Pure: the same raw article and profile give the same result, whenever and wherever.

    Texts shorter than ``min_chars`` characters are skipped. Raises ``CleanError`` where the body cannot be read.
    """
    return clean_and_hash(raw, min_chars=min_chars, profile=profile).article


def clean_and_hash(raw: RawArticle, *, min_chars: int = MIN_CHARS, profile: Profile = NO_PROFILE) -> Cleaned:
    """As ``clean_page``, with what the page teaches of its outlet."""
    if raw.status in {404, 410}:
        return Cleaned(_skipped(raw, "gone", f"status {raw.status}"))
    if raw.status >= 400:
        return Cleaned(_skipped(raw, "http_error", f"status {raw.status}"))
    media_type = raw.media_type.partition(";")[0].strip().lower()
    try:
        body = unpack(raw.body)
    except CleanError as error:
        raise CleanError(f"article {raw.article_id} ({raw.url}): {error}") from error
    # Rows of an import have a body; JSON that a site sends comes without one, as all that is no page.
    if media_type == "application/json" and body:
        return Cleaned(_imported(raw, body, min_chars))
    if media_type == "text/plain":
        return Cleaned(_plain(raw, body, min_chars))
    if media_type not in _HTML:
        return Cleaned(_skipped(raw, "unsupported_media_type", media_type))
    return _html(raw, body, min_chars, profile)


def revision_of(text: str) -> str:
    """The hash of a cleaned body: 32 hex digits, white space does not count."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:32]


def _html(raw: RawArticle, body: bytes, min_chars: int, profile: Profile) -> Cleaned:
    url = raw.final_url or raw.url
    try:
        page = opened(decode(body, raw.charset), raw.feed.title if raw.feed else None)
        if page is None:
            return Cleaned(_skipped(raw, "empty_text", "no HTML in the body"))
        tree, facts = page.tree, page.facts
        authors = fields.authors_of(tree, facts, raw.feed.authors if raw.feed else ())
        found = body_of(page, profile)
        lines = without_head(strip_furniture(found.lines), page.title, authors)
        candidates = [*_from_feed(raw), *dates.in_page(tree, facts, url)]
        published = dates.choose(candidates, raw.fetched)
        dated = any(word in {"json-ld", "meta"} for word, _ in candidates)
        if other := other_than_article(raw, page, found, lines, dated=dated):
            return Cleaned(_skipped(raw, "not_an_article", other.detail, other.kind))
        if short := _why_short(lines, facts, min_chars):
            return Cleaned(_skipped(raw, *short))
        if published is None:
            in_text = (*dates.of_lines(found.about), *dates.in_text(tree, raw.fetched))
            published = dates.choose([("text", moment) for moment in in_text], raw.fetched)
        changed = [("page", moment) for value in fields.modified_of(facts) if (moment := dates.parse(value))]
        modified = dates.choose(changed, raw.fetched)
        about = _About(
            authors=authors,
            published=published,
            modified=modified.moment if modified else None,
            declared=fields.language_of(tree, facts),
            canonical=fields.canonical_of(tree, facts, url),
            section=fields.section_of(tree, facts),
            site=fields.site_of(facts),
            image=fields.image_of(tree, facts, url),
        )
    except (LxmlError, RecursionError) as error:
        raise CleanError(f"article {raw.article_id} ({raw.url}): {type(error).__name__}: {error}") from error
    article = _clean(raw, page.title, lines, about, near=found.about, version=profile.version)
    return Cleaned(article, hashes_of(block.text for block in page.blocks))


def _plain(raw: RawArticle, body: bytes, min_chars: int) -> CleanArticle | SkippedArticle:
    found = plain_article(decode(body, raw.charset))
    if short := _why_short(found.lines, Stated(), min_chars):
        return _skipped(raw, *short)
    authors = found.authors or (list(raw.feed.authors) if raw.feed else [])
    title = found.title or (tidy(raw.feed.title) if raw.feed and raw.feed.title else "")
    published = dates.choose([*_from_feed(raw), *_from_url(raw)], raw.fetched)
    return _clean(raw, title, found.lines, _About(authors=authors, published=published))


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
    about = _About(
        authors=list(row.authors),
        published=dates.choose(candidates, raw.fetched),
        declared=row.lang,
        credited=row.credited,
    )
    return _clean(raw, tidy(row.title), lines, about, furnished=False)


def _clean(
    raw: RawArticle,
    title: str,
    lines: list[str],
    about: _About,
    *,
    near: Sequence[str] = (),
    version: int | None = None,
    furnished: bool = True,
) -> CleanArticle:
    """``furnished``: the text came from a page, not from somebody's own cleaning. ``near``: lines around the body."""
    named = credit_of(lines, about.authors, raw.outlet.id, near=near, stated=about.credited)
    dateline, body = apart(without_credit_lines(lines)) if furnished else (None, lines)
    text = joined(body)
    lang, lang_from = _language(raw, text, about.declared, furnished=furnished)
    return CleanArticle(
        article_id=raw.article_id,
        seq=raw.seq,
        revision=revision_of(text),
        url=raw.url,
        outlet=raw.outlet,
        fetched=raw.fetched,
        title=title,
        text=text,
        canonical_url=about.canonical,
        lang=lang,
        lang_from=lang_from,
        published=about.published.moment if about.published else None,
        published_from=about.published.found_in if about.published else None,
        modified=about.modified,
        authors=about.authors,
        section=about.section,
        credited=named,
        dateline=dateline,
        image=about.image,
        site=about.site,
        profile_version=version,
        visit=raw.visit,
    )


def _language(raw: RawArticle, text: str, declared: str | None, *, furnished: bool) -> tuple[str | None, str | None]:
    """The language and where it was found: what the text is written in beats what anybody declares."""
    if not furnished:
        return (declared, "import") if declared else (None, None)
    if found := detected(text):
        return found, "text"
    if declared:
        return declared, "page"
    return (raw.feed.lang, "feed") if raw.feed and raw.feed.lang else (None, None)


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


def _why_short(lines: list[str], facts: Stated, min_chars: int) -> tuple[SkipReason, str, str] | None:
    chars = sum(map(len, lines))
    if not chars:
        return "empty_text", "no text found in the page", ""
    if facts.paywalled and chars < _PAYWALL_STUB_CHARS:
        return "too_short", f"paywall: {chars} characters of it are free", "paywall"
    if chars < min_chars:
        return "too_short", f"{chars} characters, at least {min_chars} are an article", ""
    return None


def _skipped(raw: RawArticle, reason: SkipReason, detail: str, kind: str = "") -> SkippedArticle:
    return SkippedArticle(
        article_id=raw.article_id,
        seq=raw.seq,
        url=raw.url,
        outlet=raw.outlet,
        fetched=raw.fetched,
        reason=reason,
        detail=detail,
        visit=raw.visit,
        kind=kind,
    )
