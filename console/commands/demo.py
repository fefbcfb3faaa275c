"""``remarkwire demo``: the main job on a synthetic news site, over the real protocols, in a few minutes."""

from pathlib import Path
from typing import Annotated

import typer

from deploy.services.kinds import Kind


def demo(
    services: Annotated[
        Kind, typer.Option(help="embedded: one small process; local: real Kafka and Elasticsearch.")
    ] = Kind.EMBEDDED,
    keep: Annotated[bool, typer.Option("--keep", help="Leave all running until Ctrl-C, to look around.")] = False,
    json: Annotated[Path | None, typer.Option(help="Write the scores and the sum here.", metavar="FILE")] = None,
) -> None:
    """Crawl a synthetic news site, run all stages as real processes, show what came of it.

    Everything the site says is invented; the labels beside its articles say what should be found.

    \b
    Examples:
      remarkwire demo
      remarkwire demo --services local --keep
    """
    from console.demo.drive import drive

    drive(services, keep=keep, report=json)
