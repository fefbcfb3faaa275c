"""Which addresses are one article: the normalised URL, and the article id that is minted from it once, at fetching.

A collision loses an article, a duplicate costs little: so only what is known to be the same is folded. Identity is
http/https, ``www.``, ``m.``, ``mobile.``, ``amp.``, ``/amp/``, AMP caches, default ports, case and spelling of the
host, trailing slashes, fragments, the order of parameters and tracking parameters (courlan's list).
"""

import functools
import hashlib
import re
import string
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urlsplit, urlunsplit

import idna
from courlan import extract_domain
from courlan.clean import TRACKERS_RE

from schemas.errors import InputError

ID_CHARACTERS = 32
# What follows takes time by the square of the length for addresses that are made for it.
MAX_URL_CHARS = 8192

_HOST_PREFIX = re.compile(r"^(?:www\d?|m|mobile|amp)\.(?=[^.]+\.[^.])")
_AMP_QUERY = {"amp", "outputtype"}
_AMP_VALUES = {"", "1", "true", "amp"}
_AMP_CACHE = re.compile(r"^/(?:amp/s|amp|c/s|c|v/s|v|wp/s|wp)/(?P<host>[^/]+)(?P<path>/.*)?$")
_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$")
# courlan counts these as trackers, yet old content systems name the article by them (``?cid=1234``).
_MAY_NAME_ARTICLE = re.compile(r"^(?:c?id|eid|clid|ref|uid|source|session)$", re.IGNORECASE)
# What a browser drops from an address.
_NO_CONTROLS = dict.fromkeys([*range(32), 127])
_NUMBER = re.compile(r"^\d{1,12}$")
_UNRESERVED = frozenset(string.ascii_letters + string.digits + "-._~")
_SAFE = "/!$&'()*+,;=:@-._~%"


def article_id(url: str) -> str:
    """32 hex digits, the same for every address of one article. Raises ``InputError`` where it is no web address."""
    return _digest(normalise_url(url).encode())


def article_id_of_bytes(outlet: str, body: bytes) -> str:
    """The id of an article that has no address: from its outlet and its bytes."""
    return _digest(b"bytes\0" + outlet.encode() + b"\0" + body)


def plain_url(url: str) -> str:
    """An address as a browser takes it: without white space around it, and without line breaks and other controls."""
    return url.strip().translate(_NO_CONTROLS)


@functools.lru_cache(maxsize=8192)
def normalise_url(url: str) -> str:
    """One spelling for all addresses of an article; idempotent. Raises ``InputError`` where it is no web address.

    The result is for comparison and need not answer a request: it always says https, without ``www.``.
    """
    parts = _split(url)
    # An address can be wrapped in caches as often as somebody likes: no recursion.
    while (original := _amp_original(parts)) is not None:
        parts = _split(original)
    host = _host(parts)
    port = parts.port
    netloc = f"[{host}]" if ":" in host else host
    if port not in {None, 80, 443}:
        netloc = f"{netloc}:{port}"
    return urlunsplit(("https", netloc, _path(parts.path), _query(parts.query), ""))


@functools.lru_cache(maxsize=8192)
def host_of(url: str) -> str:
    """The host in lower case, IDNA-encoded, without ``www.``, ``m.``, ``mobile.``, ``amp.`` in front.

    Raises ``InputError`` where ``url`` is no web address.
    """
    return _host(_split(url))


def outlet_id(named: str) -> str:
    """An outlet named by its address or host ("https://www.bbc.com/", "BBC.com") is the one that is fetched; a name
    ("Example Times") stays as it is. Ids of articles are made of what was given.
    """
    if "." not in named or any(character.isspace() for character in named):
        return named
    try:
        return host_of(named if "://" in named else f"https://{named}")
    except InputError:
        return named


@functools.lru_cache(maxsize=8192)
def site_of(host: str) -> str:
    """The registrable part of a host (``bbc.co.uk`` of ``news.bbc.co.uk``)."""
    found = extract_domain(f"https://{host}/", fast=False)
    if isinstance(found, str) and found:
        return found
    # Private and reserved top-level domains are in no public list.
    labels = host.split(".")
    return host if labels[-1].isdigit() or ":" in host else ".".join(labels[-2:])


def is_address(host: str) -> bool:
    """Whether a host is a number or this machine, which names no outlet."""
    return ":" in host or host == "localhost" or re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}", host) is not None


def is_root(url: str) -> bool:
    """Whether an address is the front page of a site."""
    parts = urlsplit(normalise_url(url))
    return parts.path in {"", "/"} and not parts.query


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:ID_CHARACTERS]


def _host(parts: SplitResult) -> str:
    host = _ascii_host(parts.hostname or "")
    while (shorter := _HOST_PREFIX.sub("", host)) != host:
        host = shorter
    return host


def _split(url: str) -> SplitResult:
    if len(url) > MAX_URL_CHARS:
        raise InputError(f"{url[:80]!r}… is no web address: {len(url)} characters, at most {MAX_URL_CHARS} are taken")
    try:
        parts = urlsplit(plain_url(url))
        parts.port  # noqa: B018 - reading it is the check
    except ValueError as error:
        raise InputError(f"{url!r} is no web address: {error}") from error
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname:
        raise InputError(f"{url!r} is no web address; give one that begins with http:// or https://")
    return parts


def _ascii_host(host: str) -> str:
    host = host.rstrip(".").lower()
    if not host:
        raise InputError("a host of dots alone is no host name")
    try:
        return idna.encode(host, uts46=True).decode() if not host.isascii() else host
    except idna.IDNAError as error:
        raise InputError(f"host {host!r} is no host name: {error}") from error


def _amp_original(parts: SplitResult) -> str | None:
    """The publisher's address inside an address of an AMP cache or viewer."""
    host = (parts.hostname or "").lower()
    if not (host.endswith(".cdn.ampproject.org") or host in {"google.com", "www.google.com"}):
        return None
    found = _AMP_CACHE.match(parts.path)
    if found is None or "." not in found["host"]:
        return None
    host, path = str(found["host"]), str(found["path"] or "/")
    return urlunsplit(("https", host, path, parts.query, ""))


def _path(path: str) -> str:
    path = re.sub(r"/{2,}", "/", _escaped(path))
    while True:
        before = path
        if path.strip("/") != "amp":
            path = re.sub(r"/amp(?=/|$)", "", path)
        path = re.sub(r"\.amp(\.html?)?$", lambda found: found[1] or "", path)
        path = _INDEX.sub("/", path).rstrip("/")
        if path == before:
            return path or "/"


def _escaped(path: str) -> str:
    """RFC 3986, 6.2.2: one spelling of escapes, so that %d0%90, %D0%90 and the letter itself are one."""
    path = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", path)

    def spell(found: re.Match[str]) -> str:
        character = chr(int(found[1], 16))
        return character if character in _UNRESERVED else found[0].upper()

    return quote(re.sub(r"%([0-9A-Fa-f]{2})", spell, path), safe=_SAFE, errors="replace")


def _query(query: str) -> str:
    # Latin-1 keeps every byte: old sites write parameters in windows-1251, which is no UTF-8.
    plain = quote(query.replace("&amp;", "&"), safe=_SAFE + "?&=+;", errors="replace")
    kept = []
    for name, value in parse_qsl(plain, keep_blank_values=True, encoding="latin-1"):
        folded = name.lower()
        if folded in _AMP_QUERY and value.lower() in _AMP_VALUES:
            continue
        if TRACKERS_RE.search(folded) and not (_MAY_NAME_ARTICLE.match(folded) and _NUMBER.match(value)):
            continue
        kept.append((name, value))
    return urlencode(sorted(kept), encoding="latin-1")
