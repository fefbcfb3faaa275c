"""``remarkwire export``: raw articles as a WARC file."""

import datetime
from pathlib import Path
from typing import Annotated

import typer

from console.progress import bar, errors
from console.times import check_span, moment
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
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="In place of the file, where there is one and an article was found.")
    ] = False,
) -> None:
    """Write the articles as they were fetched in a time range to a WARC file, with the dates of their fetches.

    `remarkwire import` reads it again, and so do the tools of web archives. A file that is there is left as it is,
    unless --overwrite is given.

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
    check_span(begin, end, now)
    if output.exists() and not overwrite:
        raise InputError(f"{output}: is there already; name another file, or give --overwrite")
    settings = load()
    configure(settings.log, "export")
    with bar("exporting") as advance:
        count = write(settings, output, since=begin, until=end, progress=advance)
    errors.print(f"{counted(count, 'article')} in {output}", soft_wrap=True, markup=False)
