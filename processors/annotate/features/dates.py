"""Which calendar dates a text names; an explainer names many, a report of one occasion few."""

import re
from functools import lru_cache

from babel import Locale, UnknownLocaleError

from processors.annotate.features.words import fold

_YEAR = re.compile(r"(?<![\w.,-])(?:19|20)\d\d(?![\w-]|[.,]\d)")
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d\d)-(\d\d)(?!\d)")


def dates_named(text: str, lang: str | None) -> set[str]:
    """Distinct dates as ``M-D`` or ``YYYY``; months by their names in ``lang`` (CLDR) and in English."""
    folded = fold(text)
    found = {match.group() for match in _YEAR.finditer(folded)}
    found |= {f"{int(m)}-{int(d)}" for _, m, d in _ISO.findall(folded)}
    names = {**_months("en"), **_months(lang or "en")}
    pattern = _pattern(lang or "en")
    for match in pattern.finditer(folded):
        day = match.group(1) or match.group(3)
        # Without a day beside it "may" or "march" is as likely a verb.
        if day:
            found.add(f"{names[match.group(2)]}-{int(day)}")
    return found


@lru_cache(maxsize=64)
def _months(lang: str) -> dict[str, int]:
    """Folded names of the months to their numbers, inflected as in dates and as alone."""
    try:
        locale = Locale.parse(lang)
    except (UnknownLocaleError, ValueError):
        return {}
    return {
        fold(str(name)): number
        for context in ("format", "stand-alone")
        for number, name in locale.months[context]["wide"].items()
    }


@lru_cache(maxsize=64)
def _pattern(lang: str) -> re.Pattern[str]:
    names = sorted({*_months("en"), *_months(lang)}, key=lambda name: (-len(name), name))
    months = "|".join(re.escape(name) for name in names)
    day = r"(\d{1,2})(?:st|nd|rd|th|er|\.)? (?:de |of )?"
    return re.compile(rf"(?<!\w)(?:{day})?({months})\w{{0,2}}(?!\w)(?: (\d{{1,2}})(?!\d))?")
