"""What a feed, a sitemap or a page list says of an article before it is opened."""

import contextlib
import datetime
import html
import re
from collections.abc import Iterable

import msgspec

from schemas.article import FeedFacts, Outlet

# "Rate < 5 %, debt > 60 %" has none. Those of lines stand between words.
_TAGS = re.compile(r"</?[A-Za-z!][^<>]{0,500}>")
_LINES = re.compile(r"</?(?:br|p|div|li|h[1-6])\b[^<>]{0,500}>", re.IGNORECASE)
# Of a title as it stands in the source, with its markup; of the title itself; of the names beside it.
_MOST_SOURCE_CHARS = 20_000
_MOST_CHARS = 2000
_MOST_AUTHORS = 50


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
    """A title without markup and entities, cut where it is longer than any; None where nothing is left."""
    if not text:
        return None
    text = _TAGS.sub("", _LINES.sub(" ", text[:_MOST_SOURCE_CHARS]))
    # An entity of thousands of digits is no character, and `int` refuses it: the title is as it stands then.
    with contextlib.suppress(ValueError):
        text = html.unescape(text)
    return " ".join(text.split())[:_MOST_CHARS].strip() or None


def names(found: Iterable[str | None]) -> list[str]:
    """Authors as plain text, as far as their number can be meant."""
    plains = (name for one in found if (name := plain(one)))
    return [name for _, name in zip(range(_MOST_AUTHORS), plains, strict=False)]
