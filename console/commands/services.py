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


def _running(data: Path | None) -> tuple[Path, services.Services] | None:
    """Those that run on the folder; without one, those that `up` started, else those of a `run` on the data folder."""
    folders = [_folder(data)]
    if data is None:
        folders += [load().pipeline.data / "services" / kind for kind in Kind]
    found = [(folder, one) for folder in folders if (one := services.attach(folder)) is not None]
    if len(found) > 1:
        others = ", ".join(f"--data {shlex.quote(str(folder))}" for folder, _ in found[1:])
        errors.print(f"these are those in {found[0][0]}; others run: {others}", soft_wrap=True, markup=False)
    return found[0] if found else None


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
    """Stop them; their data stays. Those that `run --services` started end with it."""
    if services.down(_folder(data)):
        errors.print("stopped")
    elif data is None and _running(None) is not None:
        errors.print("those that run were started by `remarkwire run --services`, and end with it")
    else:
        errors.print("none were running")


@app.command()
def status(data: Data = None) -> None:
    """Say what runs and where, be it by `up` or by `run --services`."""
    running = _running(data)
    found = services.status(running[0]) if running is not None else None
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
    """Print shell lines that point the other commands to them: eval "$(remarkwire services env)".

    They may have been started by `up` or by `run --services` on the same data folder. Where none run, it ends with
    code 3, and so that `eval` fails, too.
    """
    running = _running(data)
    if running is None:
        start = f"remarkwire services up --kind embedded{_there(data)}"
        errors.print(
            f"none are running on {_folder(data) if data else load().pipeline.data}; start them by: {start}, or by "
            "`remarkwire run --services embedded` (then look from its folder, or with its pipeline.data)",
            soft_wrap=True,
            markup=False,
        )
        # `eval` of nothing succeeds, and what comes after it would ask the default address.
        print("false")
        raise typer.Exit(3)
    found = running[1]
    print(exports(pointed_at(load(), found.bootstrap_servers, found.elasticsearch_url)), end="")
