"""When something is fetched next, and under which id: pure decisions, no clock, no I/O. Times are in seconds."""

import datetime
import email.utils
import re
from collections.abc import Mapping, Sequence

from ingest.fetch.headers import whole
from ingest.identity import article_id, host_of, is_root, normalise_url, site_of
from schemas.errors import InputError

_DAY = 24 * 3600.0
_LONGEST_BACKOFF = 14 * _DAY
_LONGEST_FLOOR = _DAY
_SHORTEST = 30.0
# How often it is looked anew for the feeds of a home page.
DISCOVER_SECONDS = 7 * _DAY
# A feed is asked for in full now and then: some answer 304 for ever.
FULL_EVERY = 20
MOST_FAILURES = 8
# Feeds often name a page before every server of the site has it, and a server may lose one for a moment.
_MISSING_AT_FIRST = 3
_MISSING_LATER = 1
# What lies before is no date of an article on the web; 1970-01-01 is a field that nobody filled.
FIRST_DATE = datetime.datetime(1995, 1, 1, tzinfo=datetime.UTC)
_MOST_UPDATES = 10
_UPDATE_SECONDS = 900.0
# A page that reports a watched speaker and does change is looked at again sooner: never sooner than this, and the older
# it is the later.
_CORRECTION_SECONDS = 300.0
_CORRECTION_SHARE = 0.25

_REDIRECTORS = frozenset(
    {"feedproxy.google.com", "feeds.feedburner.com", "rss.feedsportal.com", "t.co", "bit.ly", "tinyurl.com", "ow.ly"}
)


def next_interval(last: float, *, base: float, new: int) -> float:
    """The time to the next poll after one that succeeded: sooner while there is news, later while there is none.

    Between a quarter of ``base`` (30 s at least) and twelve times ``base``.
    """
    factor = 0.7 if new else 1.4
    return min(max(last * factor, base / 4, _SHORTEST), base * 12)


def after_failure(failures: int, *, base: float) -> float:
    """The time to the next try after so many failures in a row: doubles, up to two weeks; never gives up."""
    return min(base * 2.0 ** min(failures - 1, 30), _LONGEST_BACKOFF)


def floor(headers: Mapping[str, str], ttl: float, now: datetime.datetime) -> float:
    """Seconds for which a source asks to be left alone: the longest of what its answer's freshness (RFC 9111, 4.2.1)
    and its own ``ttl`` say, a day at most, because some say a year. ``headers`` in lower case.
    """
    fresh = 0.0
    control = _directives(headers.get("cache-control", ""))
    if "max-age" in control:
        if (seconds := whole(control["max-age"])) is not None:
            fresh = float(seconds - (whole(headers.get("age", "0")) or 0))
    elif "no-cache" not in control and "no-store" not in control and (expires := headers.get("expires")):
        until = _http_date(expires)
        fresh = (until - (_http_date(headers.get("date", "")) or now)).total_seconds() if until else 0.0
    return min(max(fresh, ttl, 0.0), _LONGEST_FLOOR)


def effective_date(published: datetime.datetime | None, now: datetime.datetime) -> datetime.datetime:
    """When an entry counts as published for its age: not later than now; now where its date cannot be meant."""
    return min(published, now) if published is not None and published >= FIRST_DATE else now


def jittered(interval: float, chance: float) -> float:
    """An interval of our own, up to a tenth longer or shorter, so that not all come due at once; ``chance`` is in
    [0, 1).
    """
    return interval * (0.9 + 0.2 * chance)


def delayed(wait: float, chance: float) -> float:
    """The same of a wait that somebody asked for: up to a tenth longer, never shorter."""
    return wait * (1 + 0.1 * chance)


def next_visit(first: float, last: float, delays: Sequence[float], now: float) -> float | None:
    """When a page is looked at again that was fetched first at ``first`` and last at ``last``; None: no more.

    A visit that was missed is made up for once; one that is over for more than a day is not worth it.
    """
    if not delays:
        return None
    coming = [first + delay for delay in sorted(delays) if first + delay > last]
    if not coming or now > first + max(delays) + _DAY:
        return None
    return max([moment for moment in coming if moment <= now] or coming[:1])


def update_visit(last: float, checks: int, now: float) -> float | None:
    """When a page is looked at again whose source says that it was updated: at once the first time, then ever more
    seldom; None: no more. Some sources say it at every poll.
    """
    if checks > _MOST_UPDATES:
        return None
    return now if checks <= 1 else max(now, last + _UPDATE_SECONDS * 2.0 ** (checks - 2))


def correction_visit(first: float, last: float, in_vain: int, now: float) -> float | None:
    """The same of a page that reports a watched speaker, where a correction counts: at once after the first fetch, then
    a quarter of the page's age (five minutes at least) after the last; longer the more often nothing was changed
    (``in_vain``) though the source had said so. None: no more.
    """
    if in_vain > _MOST_UPDATES:
        return None
    if last <= first:
        return now
    waits = [_CORRECTION_SECONDS, (last - first) * _CORRECTION_SHARE]
    if in_vain:
        waits.append(_UPDATE_SECONDS * 2.0 ** (in_vain - 1))
    return max(now, last + max(waits))


def article_retry(failures: int) -> float | None:
    """Seconds until an article that could not be had is tried again; None: it is given up."""
    return min(300.0 * 4 ** (failures - 1), _DAY) if failures < MOST_FAILURES else None


def is_gone(status: int, visits: int, failures: int) -> bool:
    """Whether a page that is answered so (404, 410) after so many visits and failures is not to come (again)."""
    return status == 410 or failures >= (_MISSING_LATER if visits else _MISSING_AT_FIRST)


def id_after_redirect(requested: str, final: str) -> str:
    """The id of an article that was asked for at one address and answered from another.

    A redirector's address says nothing; a site's own redirect leads to the article's newer address. But a redirect to
    the front page, to a shallower page or to another site (consent, log-in) is not the article's address.
    """
    if normalise_url(requested) == normalise_url(final):
        return article_id(requested)
    asked, answered = host_of(requested), host_of(final)
    if asked in _REDIRECTORS and not is_root(final):
        return article_id(final)
    same_site = site_of(asked) == site_of(answered)
    if same_site and not is_root(final) and _depth(final) >= _depth(requested):
        return article_id(final)
    return article_id(requested)


def id_of_canonical(minted: str, final: str, canonical: str | None) -> str:
    """The id of a page that names a canonical address, where ``minted`` is the one from its own.

    Only an address of the same site can be the article's, and only one that tells it from the site's others: not a
    shallower page (broken sites name their front page or the section), not the same path without its parameters.
    """
    if canonical is None:
        return minted
    try:
        named, own = normalise_url(canonical), normalise_url(final)
    except InputError:
        return minted
    if named == own or is_root(canonical) or site_of(host_of(canonical)) != site_of(host_of(final)):
        return minted
    if _depth(canonical) < _depth(final) or (own.partition("?")[0] == named.partition("?")[0] and "?" in own):
        return minted
    return article_id(canonical)


def _depth(url: str) -> int:
    return normalise_url(url).partition("?")[0].count("/")


def _directives(value: str) -> dict[str, str]:
    parts = (part.strip().partition("=") for part in value.split(","))
    return {name.strip().lower(): found.strip().strip('"') for name, _, found in parts}


def _http_date(value: str) -> datetime.datetime | None:
    if not re.search(r"\d", value):
        return None
    try:
        found = email.utils.parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=datetime.UTC)
