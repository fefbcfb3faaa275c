"""``remarkwire export``: raw articles as a WARC file."""

import datetime
from pathlib import Path
from typing import Annotated

import typer

from console.progress import bar, errors
from console.times import moment
from runtime.counts import counted
from runtime.logging import configure
from runtime.settings import load
from schemas.errors import InputError


def export(
    output: Annotated[Path, typer.Argument(help="The archive to write: .warc or .warc.gz.", metavar="FILE")],
    since: Annotated[
        str, typer.Option(help="Fetched from then on: a date, or 90m, 2h, 7d.", metavar="TIME")
    ] = "1970-01-01",
    until: Annotated[str | None, typer.Option(help="Fetched before then; else now.", metavar="TIME")] = None,
) -> None:
    """Write the articles as they were fetched in a time range to a WARC file, with the dates of their fetches.

    `remarkwire import` reads it again, and so do the tools of web archives.

    \b
    Examples:
      remarkwire export june.warc.gz --since 2026-06-01 --until 2026-07-01
      remarkwire export week.warc.gz --since 7d
    """
    from ingest.exports import export as write

    if not output.name.endswith((".warc", ".warc.gz")):
        raise InputError(f"{output}: ends in neither .warc nor .warc.gz")
    now = datetime.datetime.now(datetime.UTC)
    begin, end = moment(since, now) or now, moment(until, now) or now
    settings = load()
    configure(settings.log, "export")
    with bar("exporting") as advance:
        count = write(settings, output, since=begin, until=end, progress=advance)
    errors.print(f"{counted(count, 'article')} in {output}", soft_wrap=True, markup=False)
