"""Dates as people write them: "5 июня 2026, 13:20", "June 5, 2026 9:30 p.m. EDT", "٥ يونيو/حزيران ٢٠٢٦".

Names of months are those of the languages that are watched; zones are numbers or the abbreviations of
``data/dates.toml``. Without a zone a time is UTC.
"""

import datetime
import functools
import re
from dataclasses import dataclass
from typing import Any

from babel import Locale

from ingest.clean.text.tables import table

_LANGUAGES = ("en", "ru", "uk", "tr", "de", "fr", "es", "it", "pl", "pt", "cs", "ar")
_CLOCK = re.compile(
    r"(?<![\d.])(?P<hour>[01]?\d|2[0-3])(?:[:h]|\.(?=\d\d ?Uhr))(?P<minute>[0-5]\d)(?!\d)(?::[0-5]\d)?(?:\.\d{1,9})?"
    r"(?: ?(?P<half>[apAP])\.?[mM]\b\.?)?"
    r"(?: ?\(?(?:(?:GMT|UTC)(?P<hours>[+-]\d{1,2})(?!\d|:?\d\d)"
    r"|(?:GMT|UTC)?(?P<offset>[+-]\d\d:?\d\d)(?!\d)|(?P<zone>[A-ZА-Я]{3,4})(?!\w)))?",
    re.ASCII,
)
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})[./](\d{1,2})[./](20\d\d)(?!\d)")
_YEAR_FIRST = re.compile(r"(?<!\d)(20\d\d)[-/](\d\d)[-/](\d\d)(?!\d)")
# Arabic papers name a month twice, with a stroke between.
_SECOND_NAME = r"(?:/[^\W\d_]{2,12}(?: [^\W\d_]{3,12})?)?"
_DAY_MONTH = re.compile(
    r"(?<!\d)(\d{1,2})(?:er|st|nd|rd|th|\.)? (?:de )?([^\W\d_]{2,12})" + _SECOND_NAME + r"\.?,? (?:de )?(20\d\d)(?!\d)"
)
_MONTH_DAY = re.compile(r"([^\W\d_]{3,12})\.? (\d{1,2})(?:st|nd|rd|th)?,? (20\d\d)(?!\d)")
_FORMS = ((_NUMERIC, "dmy"), (_DAY_MONTH, "dmy"), (_MONTH_DAY, "mdy"), (_YEAR_FIRST, "ymd"))
# Which of the two is the month, the language alone would tell.
_DOUBTFUL = re.compile(r"(?<!\d)\d{1,2}/\d{1,2}/20\d\d")
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "0123456789" * 2)
# Capitals of Turkish in a form that knows no Turkish: "HAZİRAN", "MAYIS".
_ONE_I = str.maketrans({"ı": "i", "\u0307": None})
_NAMED_ZONE = re.compile(r" ?\b(?P<zone>[A-ZА-Я]{3,4})$")
_OFFSET = re.compile(r" ?(?:GMT|UTC)?(?P<sign>[+-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d\d))?(?: \([^()]*\))?$")
_AFTER_CLOCK = re.compile(r":\d\d(?:\.\d+)?$")


@dataclass(frozen=True)
class Written:
    """A moment and whether the words before it say that something was changed then."""

    moment: datetime.datetime
    changed: bool


def written(line: str) -> Written | None:
    """The first date of a line; midnight where no time stands beside it. None where there is none."""
    line = line.translate(_DIGITS)
    for pattern, names in _FORMS:
        if (found := pattern.search(line)) is None:
            continue
        parts = dict(zip(names, found.groups(), strict=True))
        month = int(parts["m"]) if parts["m"].isdigit() else _months().get(_folded(parts["m"]))
        if month is None:
            continue
        try:
            day = datetime.datetime(int(parts["y"]), month, int(parts["d"]), tzinfo=datetime.UTC)
            moment = _at(day, _CLOCK.search(line))
        except (ValueError, OverflowError):
            continue
        before = line[: found.start()].casefold()
        return Written(moment, any(word in before for word in _data()["changed"]))
    return None


def unmistakable(text: str) -> datetime.datetime | None:
    """The date of a short text, where it does not depend on the country which number is the month."""
    if len(text) > 60 or "20" not in text.translate(_DIGITS) or _DOUBTFUL.search(text):
        return None
    found = written(text)
    return found.moment if found else None


def with_offset(text: str) -> str:
    """A time with its zone as ISO 8601 and RFC 2822 write it: "… MSK", "… GMT+3", "… +3:00" as "… +0300"."""
    if (named := _NAMED_ZONE.search(text)) and (minutes := _data()["zones"].get(named["zone"])) is not None:
        sign = "-" if minutes < 0 else "+"
        return f"{text[: named.start()]} {sign}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"
    if (given := _OFFSET.search(text)) and _AFTER_CLOCK.search(text[: given.start()]):
        return f"{text[: given.start()]} {given['sign']}{int(given['hours']):02}{given['minutes'] or '00'}"
    return text


def _at(day: datetime.datetime, clock: re.Match[str] | None) -> datetime.datetime:
    if clock is None:
        return day
    hour = int(clock["hour"])
    if clock["half"] and hour <= 12:
        hour = hour % 12 + (12 if clock["half"] in "pP" else 0)
    minutes = _data()["zones"].get(clock["zone"] or "", 0)
    if offset := clock["offset"] or clock["hours"]:
        digits = offset[1:].replace(":", "")
        size = int(digits) * 60 if clock["hours"] else int(digits[:2]) * 60 + int(digits[2:])
        minutes = -size if offset[0] == "-" else size
    zone = datetime.timezone(datetime.timedelta(minutes=minutes)) if minutes else datetime.UTC
    return day.replace(hour=hour, minute=int(clock["minute"]), tzinfo=zone)


def _folded(name: str) -> str:
    return name.casefold().translate(_ONE_I).rstrip(".")


@functools.cache
def _months() -> dict[str, int]:
    """Names of months, long and short."""
    found: dict[str, int] = {}
    for language in _LANGUAGES:
        locale = Locale.parse(language)
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in locale.months[context][width].items():
                    found.setdefault(_folded(name), number)
    return {_folded(name): number for name, number in _data()["months"].items()} | found


@functools.cache
def _data() -> dict[str, Any]:
    return table("dates")
