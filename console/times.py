"""Times as people give them on the command line."""

import datetime
import re

import typer

_AGO = re.compile(r"^(\d+)\s*(m|h|d|w)$")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def moment(text: str | None, now: datetime.datetime | None = None) -> datetime.datetime | None:
    """A time from ISO 8601 (UTC where it names no zone), or so long ago: ``90m``, ``2h``, ``7d``, ``3w``."""
    if text is None:
        return None
    if ago := _AGO.match(text.strip()):
        length = datetime.timedelta(**{_UNITS[ago.group(2)]: int(ago.group(1))})
        return (now or datetime.datetime.now(datetime.UTC)) - length
    try:
        found = datetime.datetime.fromisoformat(text.strip())
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is no time; give 2026-06-03, 2026-06-03T11:30+03:00, or how long ago: 90m, 2h, 7d, 3w"
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=datetime.UTC)
