"""``remarkwire export``: raw articles as a WARC file."""

from pathlib import Path
from typing import Annotated

import typer

from console.progress import bar, errors
from runtime.logging import configure
from runtime.settings import load
from schemas.errors import InputError


def export(
    output: Annotated[Path, typer.Argument(help="The archive to write: .warc or .warc.gz.", metavar="FILE")],
    since: Annotated[str, typer.Option(help="Fetched from then on (ISO 8601).", metavar="TIME")] = "1970-01-01",
    until: Annotated[str | None, typer.Option(help="Fetched before then (ISO 8601); else now.", metavar="TIME")] = None,
) -> None:
    """Write the articles as they were fetched in a time range to a WARC file, with the dates of their fetches.

    `remarkwire import` reads it again, and so do the tools of web archives.

    \b
    Examples:
      remarkwire export june.warc.gz --since 2026-06-01 --until 2026-07-01
    """
    import datetime

    from ingest.clean.metadata.dates import parse
    from ingest.exports import export as write

    if not output.name.endswith((".warc", ".warc.gz")):
        raise InputError(f"{output}: ends in neither .warc nor .warc.gz")
    moments = [parse(since), parse(until) if until else datetime.datetime.now(datetime.UTC)]
    for text, moment in zip((since, until), moments, strict=True):
        if moment is None:
            raise InputError(f"{text!r} is no date; write it as 2026-06-01 or 2026-06-01T12:00:00+03:00")
    settings = load()
    configure(settings.log, "export")
    with bar("exporting") as advance:
        count = write(settings, output, since=moments[0], until=moments[1], progress=advance)  # type: ignore[arg-type]
    errors.print(f"{count} articles in {output}", soft_wrap=True, markup=False)
