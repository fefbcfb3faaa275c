"""``remarkwire kibana``: the dashboards."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import ValidationError

from console.progress import errors, steps
from runtime.counts import counted
from runtime.settings import KibanaSettings, Settings, explain, load
from schemas.errors import SettingsError

if TYPE_CHECKING:
    from console.kibana import Problem

app = typer.Typer(
    help="Dashboards, saved searches and data views: import, export, check.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)

Url = Annotated[str | None, typer.Option(help="Address of Kibana. Else kibana.url of the settings.", metavar="URL")]
Space = Annotated[str | None, typer.Option(help="Kibana space. Else kibana.space of the settings.", metavar="NAME")]


def _connection(settings: Settings, url: str | None, space: str | None) -> KibanaSettings:
    given = {key: value for key, value in (("url", url), ("space", space)) if value is not None}
    # By validation, so that what is given is checked as what is set is.
    try:
        return KibanaSettings.model_validate({**settings.kibana.model_dump(), **given})
    except ValidationError as error:
        raise SettingsError(explain(error, "kibana")) from None  # the cause would print the value


@app.command("import")
def import_(
    url: Url = None,
    space: Space = None,
    wait: Annotated[float, typer.Option(min=0, help="Wait this long for Kibana to be there.", metavar="SECONDS")] = 0.0,
) -> None:
    """Bring the dashboards into Kibana; what is there under the same ids is replaced.

    Fails unless Kibana reports success for all of them. The API key is read from REMARKWIRE_KIBANA__API_KEY.

    \b
    Examples:
      remarkwire kibana import --url http://127.0.0.1:5601
      REMARKWIRE_KIBANA__API_KEY=... remarkwire kibana import --url https://kibana:5601 --wait 300
    """
    from console.kibana import check, compiled
    from console.kibana import load as load_source
    from console.kibana.server import Kibana

    settings = load()
    prefix = settings.pipeline.index_prefix
    objects = compiled(load_source(), prefix)
    _fail_on(check(objects, prefix))
    with Kibana(_connection(settings, url, space)) as kibana, steps("kibana") as step:
        if wait:
            step("waiting for it")
            kibana.wait(wait)
        step(f"importing {counted(len(objects), 'object')}")
        done = kibana.load(objects)
    for warning in done.warnings:
        errors.print(f"Kibana warns: {warning}", markup=False)
    errors.print(f'{counted(done.count, "object")} in Kibana now; open the dashboard "Remarks now"', markup=False)


@app.command()
def export(
    url: Url = None,
    space: Space = None,
    output: Annotated[Path | None, typer.Option(help="File to write; else standard output.", metavar="FILE")] = None,
) -> None:
    """Print the objects, one a line: with --url those that Kibana has, else those that an import would bring.

    Nothing is written unless Kibana sends all of them.

    \b
    Examples:
      remarkwire kibana export --output remarkwire.ndjson        # to import by hand
      remarkwire kibana export --url http://127.0.0.1:5601       # what somebody changed there
    """
    from console.kibana import compiled, lines
    from console.kibana import load as load_source
    from console.kibana.server import Kibana
    from schemas.errors import InputError

    settings = load()
    objects = compiled(load_source(), settings.pipeline.index_prefix)
    if url is None:
        text = lines(objects).encode()
    else:
        with Kibana(_connection(settings, url, space)) as kibana:
            text = kibana.saved(objects)
    if output is None:
        sys.stdout.buffer.write(text)
        return
    try:
        output.write_bytes(text)
    except OSError as error:
        raise InputError(f"{output}: cannot be written: {error.strerror}") from error


@app.command()
def check(
    file: Annotated[
        Path | None, typer.Argument(help="Objects, one a line. Else those that an import would bring.", metavar="FILE")
    ] = None,
) -> None:
    """Look for what would break in Kibana: versions, references, grid, JSON as text, fields and their types.

    \b
    Examples:
      remarkwire kibana check
      remarkwire kibana check remarkwire.ndjson
    """
    from console.kibana import check as check_objects
    from console.kibana import compiled, read
    from console.kibana import load as load_source

    prefix = load().pipeline.index_prefix
    objects = compiled(load_source(), prefix) if file is None else read(file)
    _fail_on(check_objects(objects, prefix))
    errors.print(f"{counted(len(objects), 'object')}, nothing found")


def _fail_on(problems: "Sequence[Problem]") -> None:
    for problem in problems:
        print(problem)
    if problems:
        raise typer.Exit(3)
