"""What the server can answer with: a page as bytes, with the facts that HTTP needs of it."""

import dataclasses
import datetime
import hashlib


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """``failures``: so many first requests end in a 500. ``location``: this is a redirect. ``kind`` is for tests."""

    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    modified: datetime.datetime | None = None
    kind: str = "article"
    status: int = 200
    location: str | None = None
    failures: int = 0
    gzip: bool = False

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:16]}"'


Host = dict[str, Page]
"""The pages of one host by path (with the query where the address has one)."""
