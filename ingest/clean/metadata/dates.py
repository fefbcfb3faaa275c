"""When an article was published, and where that was found. Dates lie: each candidate is checked against the fetch.

The date of the feed comes first, then JSON-LD, meta tags, the URL, the text. What lies more than a day after the fetch
or before the web is no date; what lies a little after it is set to the time of fetching.
"""

import datetime
import email.utils
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from htmldate import find_date
from lxml.etree import XPath
from lxml.html import HtmlElement

from ingest.clean.metadata.structured import Stated
from ingest.clean.metadata.written import unmistakable, with_offset, written

_FIRST_YEAR = 1995
_SLACK = datetime.timedelta(days=1)
_META_NAMES = frozenset(
    [
        "article:published_time",
        "og:published_time",
        "published_time",
        "publishdate",
        "publish_date",
        "publish-date",
        "pubdate",
        "date",
        "parsely-pub-date",
        "sailthru.date",
        "dc.date",
        "dc.date.issued",
        "dc.date.created",
        "dcterms.date",
        "dcterms.created",
        "dcterms.issued",
        "cxenseparse:recs:publishtime",
        "datepublished",
        "mediator_published_time",
        "article.published",
        "article:published",
        "bt:pubdate",
        "analyticsattributes.articledate",
    ]
)
_MARKED = XPath('//*[@itemprop="datePublished" or @pubdate]')
_DATE_LINE_CHARS = 70
_HALF_DAY = re.compile(r"\d ?[ap]\.?m\b", re.IGNORECASE)
_URL = re.compile(r"/(20\d\d)[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?=[/_-]|$)")
_URL_DAY_FIRST = re.compile(r"/(0[1-9]|[12]\d|3[01])[-_.](0[1-9]|1[0-2])[-_.](20\d\d)(?=[/_-]|$)")


@dataclass(frozen=True)
class Published:
    """A moment with its zone (UTC where none was given), and the word for where it was found."""

    moment: datetime.datetime
    found_in: str


def parse(value: str) -> datetime.datetime | None:
    """ISO 8601, RFC 2822 or a date in words; one without time is midnight, without zone UTC. None where it is none."""
    text = " ".join(value.split()).strip()
    if not any(character.isdigit() for character in text):
        return None
    moment = _iso(text)
    if moment is None:
        # Python's reading of RFC 2822 takes a zone that it does not know for none, and passes over "PM".
        offset = with_offset(text)
        moment = _iso(offset) or (None if _HALF_DAY.search(text) else _rfc(offset)) or unmistakable(text)
    if moment is None:
        return None
    try:
        # An offset of a day or more, or a moment outside the calendar in UTC, is accepted by the parsers above.
        return moment if moment.tzinfo and moment.astimezone(datetime.UTC) else moment.replace(tzinfo=datetime.UTC)
    except (ValueError, OverflowError):
        return None


def _iso(text: str) -> datetime.datetime | None:
    try:
        return datetime.datetime.fromisoformat(re.sub(r"(?<=\d) (?=[+-]\d\d:?\d\d$)", "", text))
    except ValueError:
        return None


def _rfc(text: str) -> datetime.datetime | None:
    try:
        return email.utils.parsedate_to_datetime(text)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None


def choose(candidates: Iterable[tuple[str, datetime.datetime]], fetched: datetime.datetime) -> Published | None:
    """The first candidate (word, moment) that can be true; moments after ``fetched`` become ``fetched``.

    Where another candidate states the same clock with a zone, one in UTC is local time whose zone was left out.
    """
    candidates = list(candidates)
    zones = {_clock(moment): moment.tzinfo for _, moment in reversed(candidates) if moment.utcoffset()}
    for found_in, stated in candidates:
        moment = stated
        if not stated.utcoffset() and (zone := zones.get(_clock(stated))):
            moment = stated.replace(tzinfo=zone)
        if moment.year < _FIRST_YEAR or moment > fetched + _SLACK:
            continue
        return Published(min(moment, fetched.astimezone(moment.tzinfo)), found_in)
    return None


def _clock(moment: datetime.datetime) -> datetime.datetime:
    return moment.replace(second=0, microsecond=0, tzinfo=None)


def in_page(tree: HtmlElement, facts: Stated, url: str | None) -> Iterator[tuple[str, datetime.datetime]]:
    """Candidates of a page, the most trusted first, without the search of its text."""
    for value in facts.published:
        if moment := parse(value):
            yield "json-ld", moment
    for value in _meta_values(tree, facts):
        if moment := parse(value):
            yield "meta", moment
    if url and (moment := of_url(url)):
        yield "url", moment


def of_url(url: str) -> datetime.datetime | None:
    path = urlsplit(url).path
    try:
        if found := _URL.search(path):
            return datetime.datetime(int(found[1]), int(found[2]), int(found[3]), tzinfo=datetime.UTC)
        if found := _URL_DAY_FIRST.search(path):
            return datetime.datetime(int(found[3]), int(found[2]), int(found[1]), tzinfo=datetime.UTC)
    except ValueError:
        return None
    return None


def of_lines(lines: Sequence[str]) -> Iterator[datetime.datetime]:
    """Dates that stand alone, or nearly so, in lines about the body: "5 июня 2026", "01.06.2026 13:20"; those of
    changes last.
    """
    found = [date for line in lines if len(line) <= _DATE_LINE_CHARS and (date := written(line))]
    yield from (date.moment for date in sorted(found, key=lambda date: date.changed))


def in_text(tree: HtmlElement, fetched: datetime.datetime) -> Iterator[datetime.datetime]:
    """The date that htmldate finds in the page. Bounded by the fetch, because its own bound is today's date."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="tzname", category=RuntimeWarning)
        try:
            found = find_date(
                tree,
                original_date=True,
                extensive_search=False,
                deferred_url_extractor=True,
                min_date=f"{_FIRST_YEAR}-01-01",
                max_date=fetched.astimezone(datetime.UTC).strftime("%Y-%m-%d"),
            )
        except (ValueError, OverflowError, AssertionError):
            # AssertionError: htmldate drops an element that is the whole tree (a page that begins with an iframe).
            return
    if found and (moment := parse(found)):
        yield moment


def _meta_values(tree: HtmlElement, facts: Stated) -> Iterator[str]:
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        if name.lower() in _META_NAMES and element.get("content"):
            yield element.get("content")
    for element in _MARKED(tree) if facts.dated else ():
        if value := element.get("datetime") or element.get("content"):
            yield value
    # A single <time> is that of the article; where there are several, teasers have theirs.
    times = [e.get("datetime") for e in tree.xpath("//article//time[@datetime]|//main//time[@datetime]")]
    if times:
        yield times[0]
    elif len(alone := tree.xpath("//time[@datetime]")) == 1:
        yield alone[0].get("datetime")
