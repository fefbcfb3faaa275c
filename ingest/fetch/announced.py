"""What a feed, a sitemap or a page list says of an article before it is opened."""

import datetime
import html
import re

import msgspec

from schemas.article import FeedFacts, Outlet

_TAGS = re.compile(r"<[^>]{0,500}>")


class Announced(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """``updated``: when the source says that the article was last changed."""

    url: str
    outlet: Outlet
    facts: FeedFacts | None = None
    updated: datetime.datetime | None = None

    @property
    def published(self) -> datetime.datetime | None:
        return self.facts.published if self.facts else None


def plain(text: str | None) -> str | None:
    """A title without markup and entities; None where nothing is left."""
    if not text:
        return None
    return " ".join(html.unescape(_TAGS.sub("", text)).split()) or None
