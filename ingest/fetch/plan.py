"""When something is fetched next, and under which id: pure decisions, no clock, no I/O. Times are in seconds."""

from collections.abc import Sequence

from ingest.identity import article_id, host_of, is_root, normalise_url, site_of

_WEEK = 7 * 24 * 3600.0
_SHORTEST = 30.0
# A feed is asked for in full now and then: some answer 304 for ever.
FULL_EVERY = 20
MOST_FAILURES = 5

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
    """The time to the next try after so many failures in a row: doubles, up to a week; never gives up."""
    return min(base * 2.0 ** min(failures - 1, 30), _WEEK)


def jittered(interval: float, chance: float) -> float:
    """``interval`` up to a tenth longer or shorter; ``chance`` is in [0, 1)."""
    return interval * (0.9 + 0.2 * chance)


def next_check(first: float, checks: int, delays: Sequence[float]) -> float | None:
    """When an article is looked at again that was fetched first at ``first`` and ``checks`` times in all."""
    return first + sorted(delays)[checks - 1] if 0 < checks <= len(delays) else None


def article_retry(failures: int) -> float | None:
    """Seconds until an article that could not be had is tried again; None: it is given up."""
    return 300.0 * 4 ** (failures - 1) if failures < MOST_FAILURES else None


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


def _depth(url: str) -> int:
    return normalise_url(url).partition("?")[0].count("/")
