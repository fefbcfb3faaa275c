"""``remarkwire status``."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

from console import output
from console.generations import registry
from console.progress import steps
from runtime.settings import Settings, load


def status(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of tables.")] = False,
    generation: Annotated[
        int | None, typer.Option(help="Of this generation; else of the live one.", metavar="N")
    ] = None,
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="End with code 3 unless the sum is whole, no stage is behind, and no dead letter waits."
        ),
    ] = False,
) -> None:
    """Where everything is: the sum of all articles, dead letters that wait, and how far each stage is behind.

    The sum is computed from what lies in the topics and indices:
    articles in raw = indexed + skipped + dead-lettered + in flight.
    Dead letters are told apart from it, those of reports, remarks and stories too, until they are requeued or dropped
    (remarkwire dlq): the sum is whole with an article that was given up, and knows nothing of what was made of it.
    Stages that another generation runs for this one are shown, too. One that only feeds others has no index and so
    no sum.

    \b
    Examples:
      remarkwire status
      remarkwire status --json | jq .account.in_flight
      remarkwire status --check && echo "nothing under way, nothing given up that somebody must look at"
    """
    from console.accounting import account
    from console.dead_letters import Wanted, counted, find
    from console.positions import feeders, lags
    from console.tables import lag_table, sum_table, waiting_table
    from runtime import elastic
    from runtime.access import check_elasticsearch, check_kafka
    from schemas.errors import SettingsError
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
            behind = [lag for part in (*feeders(settings), settings) for lag in lags(part)]
            step("reading dead letters")
            waiting = counted(find(settings, Wanted()))
            total = None
            if "index" in pipeline.stages:
                step("counting articles")
                index = IndexName("articles", pipeline.generation, pipeline.index_prefix).index
                total = account(settings, client, index)
    finally:
        client.close()
    if as_json:
        sums = None if total is None else asdict(total) | {"whole": total.whole}
        letters = [asdict(kind) for kind in waiting]
        print(json.dumps({"account": sums, "dead_letters": letters, "lags": [asdict(lag) for lag in behind]}))
    else:
        out = output.out()
        if total is None:
            out.print(f"generation {pipeline.generation} {_left(settings)}: no index, so no sum")
        else:
            out.print(sum_table(total))
        if waiting:
            out.print(waiting_table(waiting))
        out.print(lag_table(behind))
    if check and total is None:
        raise SettingsError(f"generation {pipeline.generation} has no index, so there is no sum to check")
    if check and total is not None and (waiting or not total.whole or any(lag.behind for lag in behind)):
        raise typer.Exit(3)


def _left(settings: Settings) -> str:
    """What is left of a generation without an index, in words."""
    number = settings.pipeline.generation
    known = registry.read(settings)
    readers = [str(one) for one, other in known.items() if other.stages and number in other.inputs.values()]
    return f"feeds generation {', '.join(readers)}" if readers else "was removed"
