"""Times as people give them on the command line."""

import datetime
import re

import typer

_AGO = re.compile(r"^(\d+)\s*(m|h|d|w)$")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def is_ago(text: str) -> bool:
    """Whether a time is given as so long ago; the ``Z`` of a zone is no unit."""
    return _AGO.match(text.strip()) is not None


def moment(text: str | None, now: datetime.datetime | None = None) -> datetime.datetime | None:
    """A time from ISO 8601 (UTC where it names no zone), or so long ago: ``90m``, ``2h``, ``7d``, ``3w``."""
    if text is None:
        return None
    if ago := _AGO.match(text.strip()):
        try:
            length = datetime.timedelta(**{_UNITS[ago.group(2)]: int(ago.group(1))})
            return (now or datetime.datetime.now(datetime.UTC)) - length
        except (OverflowError, ValueError):
            raise typer.BadParameter(f"{text!r} lies before the year 1") from None
    try:
        found = datetime.datetime.fromisoformat(text.strip())
        found = found if found.tzinfo else found.replace(tzinfo=datetime.UTC)
        found.astimezone(datetime.UTC)  # in UTC it may lie outside of the calendar
    except (ValueError, OverflowError):
        raise typer.BadParameter(
            f"{text!r} is no time; give 2026-06-03, 2026-06-03T11:30+03:00, or how long ago: 90m, 2h, 7d, 3w"
        ) from None
    return found


def check_span(
    begin: datetime.datetime | None, end: datetime.datetime | None, now: datetime.datetime, *, hint: str = ""
) -> None:
    """Raises ``BadParameter`` for a time, from ``--since`` to ``--until``, in which nothing can have been fetched."""
    if begin is not None and begin > now:
        raise typer.BadParameter(f"{begin.isoformat()} is yet to come", param_hint="--since")
    if begin is not None and end is not None and begin >= end:
        raise typer.BadParameter(
            f"{begin.isoformat()} is not before --until {end.isoformat()}{hint}", param_hint="--since"
        )
