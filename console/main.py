"""The command ``remarkwire``."""

import os
import sys
from pathlib import Path
from typing import Annotated

try:
    import typer

    from console import commands, output
    from runtime.version import VERSION
    from schemas.errors import ElasticsearchUnavailable, KafkaUnavailable, RemarkwireError, SettingsError
except KeyboardInterrupt:
    # These take a second or two, in which typer cannot catch Ctrl-C for us yet.
    sys.exit(130)

app = typer.Typer(
    name="remarkwire",
    help="Who reported these remarks, when, in which words, who only copied, what is new?\n\n"
    "First steps: [bold]remarkwire demo[/bold]. For real: [bold]remarkwire services up --kind local[/bold] (or your "
    "own clusters), [bold]remarkwire setup[/bold], [bold]remarkwire run[/bold].",
    no_args_is_help=True,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)
_errors = output.out(stderr=True)


def _version(asked: bool) -> None:
    if asked:
        print(VERSION)
        raise typer.Exit


@app.callback()
def root(
    config: Annotated[
        Path | None,
        typer.Option(help="Settings file (TOML). Else REMARKWIRE_CONFIG, else ./remarkwire.toml.", metavar="FILE"),
    ] = None,
    version: Annotated[  # noqa: ARG001 - its callback has done it
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    if config is not None:
        os.environ["REMARKWIRE_CONFIG"] = str(config)


try:
    commands.register(app)
except KeyboardInterrupt:
    # What the commands import takes a second more.
    sys.exit(130)


def main() -> None:
    """Runs the command line; an error of ours is a sentence and an exit code, a defect is a traceback."""
    try:
        app()
    except SettingsError as error:
        _errors.print(f"[red]remarkwire:[/red] {_plain(error)}", soft_wrap=True)
        sys.exit(2)
    except RemarkwireError as error:
        _errors.print(f"[red]remarkwire:[/red] {_plain(cause_of(error))}", soft_wrap=True)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output has gone (`remarkwire ... | head`); standard output must not be flushed again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)


def cause_of(error: RemarkwireError) -> RemarkwireError:
    """A client that is refused says only that it cannot connect: whether that is so, and why, is asked here."""
    if not isinstance(error, KafkaUnavailable | ElasticsearchUnavailable):
        return error
    from runtime.access import check_elasticsearch, check_kafka
    from runtime.settings import load

    try:
        (check_kafka if isinstance(error, KafkaUnavailable) else check_elasticsearch)(load())
    except RemarkwireError as refused:
        return refused
    return error


def _plain(error: Exception) -> str:
    from rich.markup import escape

    return escape(str(error))


if __name__ == "__main__":
    main()
