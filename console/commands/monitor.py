"""``remarkwire monitor``."""

from typing import Annotated

import typer

from console.progress import errors
from runtime.settings import load


def monitor(
    generation: Annotated[
        int | None, typer.Option(help="Of this generation; else of the live one, whichever that is then.", metavar="N")
    ] = None,
) -> None:
    """Measure the pipeline without end: lag, rates, dead letters, skipped articles, silent outlets, disks.

    For Prometheus (http.port) and for the dashboard "Pipeline". One is enough; no stage needs it. After a promotion or
    a rollback it goes on with the generation that is live then.

    \b
    Examples:
      remarkwire monitor
      remarkwire monitor --generation 2
      REMARKWIRE_HTTP__PORT=9400 remarkwire monitor
    """
    from console.monitor import STAGE, run
    from runtime.access import check_elasticsearch, check_kafka
    from runtime.health import Health, serve
    from runtime.lifecycle import stopping
    from runtime.logging import configure

    settings = load()
    configure(settings.log, STAGE)
    # Who is refused must not try again for ever.
    check_kafka(settings)
    check_elasticsearch(settings)
    health = Health()
    with stopping() as stop, serve(settings.http, health) as port:
        served = (
            f"metrics at http://{settings.http.host}:{port}/metrics" if port else "no metrics served (http.port is 0)"
        )
        errors.print(f"monitor: {served}; measures go to Elasticsearch too; Ctrl-C ends", soft_wrap=True, markup=False)
        run(settings, stop, health, generation)
