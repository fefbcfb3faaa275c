"""``remarkwire status``."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

from console import output
from console.generations import registry
from console.progress import steps
from runtime.settings import load


def status(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of tables.")] = False,
    generation: Annotated[
        int | None, typer.Option(help="Of this generation; else of the live one.", metavar="N")
    ] = None,
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
    from console.accounting import account, lags
    from console.tables import lag_table, sum_table
    from runtime import elastic
    from runtime.access import check_elasticsearch, check_kafka
    from schemas.index import IndexName

    settings = load()
    check_kafka(settings)
    check_elasticsearch(settings)
    settings = registry.of_number(settings, generation)
    pipeline = settings.pipeline
    client = elastic.client(settings)
    try:
        with steps("status") as step:
            step("reading lags")
            behind = lags(settings)
            step("counting articles")
            total = account(settings, client, IndexName("articles", pipeline.generation, pipeline.index_prefix).index)
    finally:
        client.close()
    if as_json:
        numbers = {"account": asdict(total) | {"whole": total.whole}, "lags": [asdict(lag) for lag in behind]}
        print(json.dumps(numbers))
    else:
        out = output.out()
        out.print(sum_table(total))
        out.print(lag_table(behind))
    if check and not total.whole:
        raise typer.Exit(3)
