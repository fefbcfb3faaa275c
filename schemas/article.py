"""Articles on their way in: as fetched, as cleaned, and those that end as skipped."""

from typing import ClassVar, Literal

import msgspec

from schemas.message import Message, Model, Moment, epoch_ms

OutletKind = Literal["agency", "state", "broadcaster", "paper", "aggregator", "unknown"]


class Seq(msgspec.Struct, frozen=True, order=True, array_like=True):
    """The order in which reports are decided: time of fetching in milliseconds (UTC), then article id. Stamped once."""

    ms: int
    article_id: str


class Outlet(Model, frozen=True, kw_only=True, omit_defaults=True):
    """Who published. ``id`` is the outlet's host; ``country`` ISO 3166-1 alpha-2; ``lang`` ISO 639-1."""

    id: str
    name: str = ""
    country: str | None = None
    lang: str | None = None
    kind: OutletKind = "unknown"


class FeedFacts(Model, frozen=True, kw_only=True, omit_defaults=True):
    """What the feed or sitemap said of an article before it was opened."""

    source: str
    title: str | None = None
    published: Moment | None = None
    authors: list[str] = []
    lang: str | None = None


class RawArticle(Message, frozen=True, kw_only=True, omit_defaults=True):
    """One fetch of one page, immutable. Topic ``articles.raw``, key: host.

    ``body`` is the response body as it came, zstd-compressed (base64 in the JSON). ``visit`` counts the fetches of
    this article from 1; ``seq`` is stamped at the first fetch and stays. ``media_type`` ``application/json`` is a
    cleaned article brought by ``remarkwire import`` (see ``ImportedArticle``), ``text/plain`` a text file.
    """

    TYPE: ClassVar[str] = "article.raw"

    article_id: str
    seq: Seq
    url: str
    outlet: Outlet
    fetched: Moment
    media_type: str
    body: bytes
    final_url: str | None = None
    status: int = 200
    charset: str | None = None
    http_headers: dict[str, str] = {}
    feed: FeedFacts | None = None
    visit: int = 1

    @property
    def message_id(self) -> str:
        return f"{self.article_id}@{epoch_ms(self.fetched)}"

    @property
    def subject(self) -> str:
        return self.article_id

    @property
    def time_ms(self) -> int:
        return epoch_ms(self.fetched)


class ImportedArticle(Model, frozen=True, kw_only=True, omit_defaults=True):
    """A line of the JSONL that ``import`` and ``batch`` read, as ``clean`` writes it among others. ``credited``: see
    ``CleanArticle``; where a line says nothing of it, its text is asked.
    """

    id: str
    text: str
    title: str = ""
    outlet: str | None = None
    url: str | None = None
    lang: str | None = None
    published: str | None = None
    authors: list[str] = []
    credited: str | None = None


class CleanArticle(Message, frozen=True, kw_only=True, omit_defaults=True):
    """An article as text. Topic ``articles.clean``, key: article_id.

    ``revision`` is the hash of the cleaned body alone (never of byline or URL). ``published`` keeps its zone, is
    never later than ``fetched``, and ``published_from`` says where it was found (feed, json-ld, meta, url, text,
    import). ``lang`` is what the text is written in where its script or commonest words tell, else what the page or the
    feed declares (``lang_from``: text, page, feed, import); ``annotate`` detects by more. ``credited`` is the agency or
    paper that the article names as its source. ``dateline`` is what stood before the first sentence: "ISTANBUL (AA)".
    ``image`` is the address of the lead picture, ``site`` what the page calls its outlet, ``modified`` when the page
    says that it was changed. Paragraphs of ``text`` are separated by one line break.
    """

    TYPE: ClassVar[str] = "article.clean"

    article_id: str
    seq: Seq
    revision: str
    url: str
    outlet: Outlet
    fetched: Moment
    title: str
    text: str
    canonical_url: str | None = None
    lang: str | None = None
    published: Moment | None = None
    published_from: str | None = None
    authors: list[str] = []
    section: str | None = None
    credited: str | None = None
    profile_version: int | None = None
    visit: int = 1
    modified: Moment | None = None
    lang_from: str | None = None
    image: str | None = None
    dateline: str | None = None
    site: str | None = None

    @property
    def message_id(self) -> str:
        return f"{self.article_id}@{epoch_ms(self.fetched)}"

    @property
    def subject(self) -> str:
        return self.article_id

    @property
    def time_ms(self) -> int:
        return epoch_ms(self.fetched)

    @property
    def full_text(self) -> str:
        """What all character offsets of annotations refer to."""
        return f"{self.title}\n{self.text}"


SkipReason = Literal["not_an_article", "empty_text", "too_short", "unsupported_media_type", "gone", "http_error"]


class SkippedArticle(Message, frozen=True, kw_only=True, omit_defaults=True):
    """An article that is not for the index, and why. Topic ``articles.skipped``, key: article_id.

    ``kind`` says what the page is instead (consent_wall, login, soft_404, paywall, video, index, front_page), where
    that was recognised.
    """

    TYPE: ClassVar[str] = "article.skipped"

    article_id: str
    seq: Seq
    url: str
    outlet: Outlet
    fetched: Moment
    reason: SkipReason
    detail: str = ""
    visit: int = 1
    kind: str = ""

    @property
    def message_id(self) -> str:
        return f"{self.article_id}@{epoch_ms(self.fetched)}"

    @property
    def subject(self) -> str:
        return self.article_id

    @property
    def time_ms(self) -> int:
        return epoch_ms(self.fetched)
