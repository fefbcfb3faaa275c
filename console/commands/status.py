"""``remarkwire status``."""

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from console.accounting import Account, Lag, account, lags
from console.progress import steps
from runtime import elastic
from runtime.settings import load
from schemas.index import alias_of


def status(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of tables.")] = False,
    check: Annotated[bool, typer.Option("--check", help="End with code 3 unless the sum is whole.")] = False,
) -> None:
    """Where everything is: the sum of all articles, and how far each stage is behind.

    The sum is computed from what lies in the topics and indices:
    articles in raw = indexed + skipped + dead-lettered + in flight.

    \b
    Examples:
      remarkwire status
      remarkwire status --json | jq .account.in_flight
      remarkwire status --check && echo "nothing lost, nothing under way"
    """
    settings = load()
    client = elastic.client(settings)
    try:
        with steps("status") as step:
            step("reading lags")
            behind = lags(settings)
            step("counting articles")
            total = account(settings, client, alias_of("articles", settings.pipeline.index_prefix))
    finally:
        client.close()
    if as_json:
        numbers = {"account": asdict(total) | {"whole": total.whole}, "lags": [asdict(lag) for lag in behind]}
        print(json.dumps(numbers))
    else:
        out = Console(highlight=False)
        out.print(sum_table(total))
        out.print(lag_table(behind))
    if check and not total.whole:
        raise typer.Exit(3)


def sum_table(total: Account) -> Table:
    """The sum as a table."""
    table = Table(title="Articles", title_justify="left")
    for column in ("in raw", "= indexed", "+ skipped", "+ dead-lettered", "+ in flight", "sum"):
        table.add_column(column, justify="right")
    verdict = "[green]whole[/green]" if total.whole else "[yellow]under way[/yellow]"
    table.add_row(*(str(n) for n in (total.raw, total.indexed, total.skipped, total.dead, total.in_flight)), verdict)
    notes = [f"skipped: {reason} {count}" for reason, count in sorted(total.skip_reasons.items())]
    notes += [f"dead letters: {reason} {count}" for reason, count in sorted(total.dead_reasons.items())]
    if total.unreadable:
        notes.append(f"records that name no article: {total.unreadable}, dead-lettered {total.unreadable_dead}")
    if notes:
        table.caption = " · ".join(notes)
    return table


def lag_table(behind: list[Lag]) -> Table:
    """Lag of each stage as a table."""
    table = Table(title="Stages", title_justify="left")
    table.add_column("stage")
    table.add_column("reads")
    table.add_column("done", justify="right")
    table.add_column("of", justify="right")
    table.add_column("behind", justify="right")
    for lag in behind:
        table.add_row(lag.stage, lag.topic, str(lag.committed), str(lag.end), str(lag.behind))
    return table
