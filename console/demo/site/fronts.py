"""How each outlet presents itself: template, charset, feeds, furniture and faults, read from fronts.yaml."""

import datetime
import functools
from importlib import resources
from typing import Literal

import msgspec
import yaml

Stamp = Literal["jsonld", "meta", "time", "text"]


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a feed lists by mistake: a page that is gone, a section, a bare video, or one that robots.txt forbids."""

    page: Literal["missing", "section", "video", "private"]
    path: str
    title: str
    at: datetime.datetime


class Comment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    by: str
    text: str


class Front(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One outlet's presentation; the head of fronts.yaml explains the fields. Article ids are those of the corpus."""

    outlet: str
    template: str
    locale: str
    date: str
    stamp: Stamp
    nav: tuple[str, ...]
    words: dict[str, str]
    advert: str
    new_advert: str = ""
    charset: str = "utf-8"
    declared: bool = True
    claimed: str | None = None
    feed: Literal["rss", "atom"] | None = None
    feed_query: str = ""
    feed_only: tuple[str, ...] = ()
    sitemap: Literal["news", "index"] | None = None
    amp: bool = False
    gzip: bool = False
    crawl_delay: float | None = None
    disallow: tuple[str, ...] = ()
    mirrors: tuple[str, ...] = ()
    links: dict[str, tuple[str, ...]] = {}
    redirects: dict[str, str] = {}
    entries: tuple[Entry, ...] = ()
    untitled: tuple[str, ...] = ()
    fails_once: tuple[str, ...] = ()
    ticker: tuple[str, ...] = ()
    comments: tuple[Comment, ...] = ()

    @property
    def url(self) -> str:
        return f"http://{self.outlet}"

    @property
    def feed_path(self) -> str | None:
        return {"rss": "/rss.xml", "atom": "/atom.xml"}[self.feed] if self.feed else None

    @property
    def sitemap_path(self) -> str | None:
        return {"news": "/news-sitemap.xml", "index": "/sitemap.xml"}[self.sitemap] if self.sitemap else None


@functools.cache
def load_fronts() -> dict[str, Front]:
    """All fronts by outlet."""
    text = resources.files(__package__).joinpath("fronts.yaml").read_text(encoding="utf-8")
    return {front.outlet: front for front in msgspec.convert(yaml.safe_load(text), list[Front])}
