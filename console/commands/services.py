"""``remarkwire services``: Kafka and Elasticsearch on this machine, without Docker."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from console.commands.run import exports, pointed_at
from console.progress import errors, steps
from deploy import services
from deploy.services import Kind
from runtime.settings import load

app = typer.Typer(
    help="Kafka and Elasticsearch on this machine, for development and tests: up, down, status, env.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)

Data = Annotated[
    Path | None, typer.Option(help="Folder for data and logs. Default: services/standing in the data folder.")
]


def _folder(data: Path | None) -> Path:
    return data or load().pipeline.data / "services" / "standing"


def _there(data: Path | None) -> str:
    """What a command needs to find the same folder."""
    return "" if data is None else f" --data {shlex.quote(str(data))}"


@app.command()
def up(
    kind: Annotated[Kind, typer.Option(help="embedded: one small process; local: the real ones (JDK 21+, Maven).")],
    data: Data = None,
) -> None:
    """Start them, and leave them running until `down`.

    \b
    Examples:
      remarkwire services up --kind local
      eval "$(remarkwire services env)"     # points the other commands to them
    """
    with steps(f"{kind} services") as step:
        found, started = services.up(kind, data=_folder(data), progress=step)
    errors.print(f"{'started' if started else 'they were up'}; logs in {found.logs}")
    errors.print(f"Kafka {found.bootstrap_servers}, Elasticsearch {found.elasticsearch_url}")
    errors.print(
        f'next: eval "$(remarkwire services env{_there(data)})" && remarkwire setup', soft_wrap=True, markup=False
    )


@app.command()
def down(data: Data = None) -> None:
    """Stop them; their data stays."""
    errors.print("stopped" if services.down(_folder(data)) else "none were running")


@app.command()
def status(data: Data = None) -> None:
    """Say what runs and where."""
    found = services.status(_folder(data))
    if found is None:
        errors.print("none are running")
        raise typer.Exit(3)
    for one in found.services:
        state = "healthy" if one.problem is None else one.problem
        print(f"{one.name}\t{one.address}\tpid {one.pid}\t{one.resident_bytes >> 20} MiB\t{state}\t{one.log}")
    if not found.healthy:
        raise typer.Exit(3)


@app.command()
def env(data: Data = None) -> None:
    """Print shell lines that point the other commands to them: eval "$(remarkwire services env)"."""
    found = services.attach(_folder(data))
    if found is None:
        start = f"remarkwire services up --kind embedded{_there(data)}"
        errors.print(f"none are running; start them by: {start}", soft_wrap=True, markup=False)
        raise typer.Exit(3)
    print(exports(pointed_at(load(), found.bootstrap_servers, found.elasticsearch_url)), end="")
