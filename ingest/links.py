"""Addresses that a page names in its head, read from its bytes without parsing it."""

import html
import re
from urllib.parse import urljoin

from ingest.identity import host_of, plain_url
from schemas.errors import InputError

_HEAD_BYTES = 256 * 1024
_CANONICAL = re.compile(rb"""<link[^>]{0,300}\brel=["']?canonical["'\s>][^>]{0,600}>?""", re.IGNORECASE)
_HREF = re.compile(rb"""\bhref=(?:"([^"]{1,2000})"|'([^']{1,2000})'|([^"'\s>]{1,2000}))""", re.IGNORECASE)


def canonical_of(body: bytes, base: str | None = None) -> str | None:
    """The address that a page calls its own; None where it names none, or a relative one without a ``base``."""
    link = _CANONICAL.search(body[:_HEAD_BYTES])
    found = _HREF.search(link[0]) if link else None
    if found is None:
        return None
    try:
        named = plain_url(html.unescape((found[1] or found[2] or found[3]).decode()))
        url = urljoin(base, named) if base else named
        host_of(url)
    except (UnicodeDecodeError, ValueError, InputError):
        return None
    return url
