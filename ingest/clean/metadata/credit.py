"""Whom an article names as its source: dateline, last line, byline, "(Reuters)" at a paragraph's end.

The patterns are general; names of agencies (``runtime.agencies``) unify spellings, and decide alone where a pattern
without them would take any word for an agency.
"""

import functools
import re
from collections.abc import Sequence

import msgspec

from ingest.clean.metadata.relays import relayed_from
from ingest.clean.text.lines import lines_of
from runtime.agencies import agencies, called, publisher
from runtime.folding import fold
from schemas import ImportedArticle

_NAME = r"[\w.’'&-]+(?: [\w.’'&-]+){0,4}"
_PLACE = r"[^\W\d_][\w.’'\- ]{1,30}(?:, [^\W\d_][\w.’' -]{1,25})?"
_DATE = r"(?:,? (?:\d{1,2}\.? [^\W\d_]{3,9}|[^\W\d_]{3,9}\.? \d{1,2})\.?(?:,? 20\d\d)?(?: г\.?)?)?"
_DASH = r"\s*[-–—:.]{1,2}\s"
# ANKARA (AA) – ; MOSCOW, May 28 (Reuters) - ; МОСКВА, 28 мая. /ТАСС/. ; PARIS/BERLIN (dpa).
_DATELINE = re.compile(
    rf"^{_PLACE}(?:/{_PLACE})?{_DATE}[.,]? ?(?:\((?P<a>{_NAME})(?:[/,;][^)]*)?\)|/(?P<b>{_NAME})/){_DASH}"
)
# МОСКВА, 28 мая - РИА Новости. ; MOSKAU, 28. Mai – RIA Nowosti,
_AFTER_DASH = re.compile(rf"^{_PLACE}{_DATE}\s*[-–—]\s*(?P<a>[\w’'&-]+(?: [\w’'&-]+){{0,3}})\s*[.,:]")
_SOURCE = re.compile(
    r"^(?:sources?|via|quellen?|kaynak|источник|джерело|источники|fuentes?|fonte|źródło|المصدر|πηγή|zdroj|bron|källa|kilde"
    r"|lähde|forrás|sursa|izvor|извор|מקור|منبع|来源|來源|出典)"
    rf"\s*[:：;|–—-]\s*(?P<a>{_NAME})\s*[.,;|]?.{{0,60}}$",
    re.IGNORECASE,
)
# По материалам Русинформ ; Avec Rheinland-Bote ; mit Material von dpa: a line of its own at the end.
_FROM = re.compile(
    r"^(?i:по (?:материалам|сообщению|информации|данным)|за (?:матеріалами|інформацією)|(?:with|mit|avec|con)"
    r"(?: (?:material|input|agency inputs?)(?: (?:from|von))?)?)\s+"
    rf"[«\"„“]?(?P<a>(?=[A-ZА-ЯЁІЇЄÀ-Þ]){_NAME})[»\"”“]?\.?$"
)
_AT_END = re.compile(rf"(?:\((?P<a>{_NAME})(?:[/,][^()]*)?\)|[-–—/]\s?(?P<b>{_NAME})/?)\s*[.]?$")
_AFTER_DATELINE = " \t-–—:.,/"
_FIRST_LINES = 3
_LAST_LINES = 4
_LINE_CHARS = 60
# A name at the end of a paragraph, with what stands beside it in its brackets.
_END_CHARS = 200


def credit_of(
    lines: Sequence[str], authors: Sequence[str], outlet: str, *, near: Sequence[str] = (), stated: str | None = None
) -> str | None:
    """Whom an article credits: what came with it says so (``stated``), else itself, else a line about its body
    (``near``), else a sentence of its first paragraphs. ``outlet``: see ``credited``.
    """
    return (
        (_others(stated, outlet) if stated else None)
        or credited(lines, authors, outlet)
        or credited(near, (), outlet, sources_only=True)
        or credited_in_text(lines, outlet)
    )


def with_credit(row: ImportedArticle) -> ImportedArticle:
    """A row of somebody's own cleaning with whom it credits, as ``clean`` tells it of an imported article."""
    found = credit_of(lines_of(row.text), row.authors, row.outlet or "", stated=row.credited)
    return row if found == row.credited else msgspec.structs.replace(row, credited=found)


def credited(lines: Sequence[str], authors: Sequence[str], outlet: str, *, sources_only: bool = False) -> str | None:
    """The name of the agency or paper that the article says it is taken from; None where it names none.

    ``sources_only``: the lines stand about the body, not in it; only one that says "Source: …" tells.

    ``outlet`` is the host of the article's own outlet, or its name in files: its own name is no credit.
    """
    names = _sources(lines) if sources_only else _candidates(lines, authors)
    return next((name for one in names if (name := _others(one, outlet)) is not None), None)


def credited_in_text(lines: Sequence[str], outlet: str) -> str | None:
    """The known agency or paper that a sentence of the first paragraphs names as its source; None where none does."""
    names = relayed_from(lines, _aliases())
    return next((name for one in names if (name := _others(one, outlet)) is not None), None)


def _others(name: str, outlet: str) -> str | None:
    """A credit by its usual name; None where it is the outlet's own."""
    agency = called(name)
    if agency is None:
        return None if fold(name) == fold(outlet) else name
    return None if publisher(outlet) is agency else agency.name


def apart(lines: list[str]) -> tuple[str | None, list[str]]:
    """The agency's dateline of the first line, and the lines without it: "ISTANBUL (AA)" and what it said."""
    if not lines:
        return None, lines
    head = lines[0][:160]
    match = _DATELINE.match(head)
    name = (match["a"] or match["b"]) if match else None
    if match is None or name is None or not _looks_like_name(name):
        match = _AFTER_DASH.match(head)
        if match is None or not is_agency(match["a"]):
            return None, lines
    rest = lines[0][match.end() :].lstrip(_AFTER_DATELINE)
    dateline = head[: match.end()].strip(_AFTER_DATELINE)
    if rest:
        return dateline, [rest, *lines[1:]]
    # A dateline may be a paragraph of its own.
    return (dateline, lines[1:]) if len(lines) > 1 else (None, lines)


def without_credit_lines(lines: list[str]) -> list[str]:
    """Drops the last lines that say only where the article is from: they are the outlet's, not the author's."""
    end = len(lines)
    while end > 1 and len(line := lines[end - 1]) <= _LINE_CHARS and (_SOURCE.match(line) or _FROM.match(line)):
        end -= 1
    return lines[:end]


def is_agency(name: str) -> bool:
    return called(name) is not None


def _sources(lines: Sequence[str]) -> list[str]:
    return [match["a"].strip() for line in lines if len(line) <= 120 and (match := _SOURCE.match(line))]


def _candidates(lines: Sequence[str], authors: Sequence[str]) -> list[str]:
    found: list[str] = []
    for line in lines[:_FIRST_LINES]:
        head = line[:160]
        if (match := _DATELINE.match(head)) and _looks_like_name(name := match["a"] or match["b"]):
            found.append(name)
        elif (match := _AFTER_DASH.match(head)) and is_agency(match["a"]):
            found.append(match["a"])
    for line in reversed(lines[-_LAST_LINES:]):
        if len(line) <= 120 and (match := _SOURCE.match(line)):
            found.append(match["a"].strip())
        elif len(line) <= _LINE_CHARS and (match := _FROM.match(line)):
            found.append(match["a"])
        elif (match := _AT_END.search(line[-_END_CHARS:])) and is_agency(name := match["a"] or match["b"]):
            found.append(name)
        elif len(line) <= 40 and is_agency(line.strip(" .()[]/—–-")):
            found.append(line.strip(" .()[]/—–-"))
    for author in authors:
        parts = re.split(r",|/|;| and | with |\bи\b|\bmit\b", author)
        found += [name for part in parts if is_agency(name := part.strip())]
    return found


def _looks_like_name(name: str) -> bool:
    """An agency in brackets after a place: capitals or a known name, not "(updated)"."""
    return is_agency(name) or (name.isupper() and 2 <= len(name) <= 12)


@functools.cache
def _aliases() -> frozenset[str]:
    return frozenset(alias for one in agencies() for alias in one.aliases)
