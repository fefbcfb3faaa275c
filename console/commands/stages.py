"""The stages as services, one command each."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from console.outcome import exit_code
from console.progress import bar, errors
from console.speakers import refuse_unknown
from console.targets import writable
from runtime.lifecycle import stopping
from runtime.logging import configure
from runtime.settings import Settings, load

Instance = Annotated[
    str | None, typer.Option(help="Tells workers of this stage on this machine apart; each needs its own.")
]


def _settings(instance: str | None) -> Settings:
    settings = load()
    if instance is None:
        return settings
    pipeline = settings.pipeline.model_copy(update={"instance": instance})
    return settings.model_copy(update={"pipeline": pipeline})


def _ask(settings: Settings, *, elasticsearch: bool = False) -> None:
    """Whether the clusters let us in; who is refused must not try again for ever."""
    from runtime.access import check_elasticsearch, check_kafka

    check_kafka(settings)
    if elasticsearch:
        check_elasticsearch(settings)


def fetch(
    once: Annotated[bool, typer.Option("--once", help="One pass over all sources, then end.")] = False,
    shard: Annotated[
        str, typer.Option(help="Which part of the sites is this fetcher's, of how many.", metavar="I/N")
    ] = "1/1",
) -> None:
    """Find new articles of the sources and publish them as fetched to articles.raw.

    Several fetchers share the sites with --shard; each has a state of its own in the same data folder.

    \b
    Examples:
      remarkwire fetch
      remarkwire fetch --shard 1/2
      REMARKWIRE_FETCH__SOURCES=my-sources.yaml remarkwire fetch --once
    """
    import uvloop

    from ingest.fetch import KafkaPublisher, KafkaReports, Shard
    from ingest.fetch import fetch as run_fetch
    from ingest.sources import load_sources
    from runtime.health import Health, serve
    from runtime.watch import Watch, turning

    settings = load()
    configure(settings.log, "fetch")
    _ask(settings)
    part = Shard.parse(shard)
    sources = load_sources(settings.fetch.sources)
    health = Health()
    with (
        stopping() as stop,
        serve(settings.http, health),
        KafkaPublisher(settings) as publisher,
        KafkaReports(settings) as reports,
    ):
        watch = Watch(settings, "fetch")
        with watch.running():
            work = run_fetch(
                settings, sources, publisher, once=once, stop=stop, reports=reports, shard=part,
                taken_out=publisher.taken_out, health=health,
            )  # fmt: skip
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                totals = runner.run(turning(work, watch.turned))
    if once:
        errors.print(str(totals))


def clean(
    input_: Annotated[
        Path | None,
        typer.Option(
            "--input", help="Pages: JSONL or a JSON array of id, url, html. Else the service.", metavar="FILE"
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", help="Where the cleaned pages go, a line for each; .gz compresses.", metavar="FILE"),
    ] = None,
    workers: Annotated[int, typer.Option(min=0, help="Processes; 0: as the settings say.", metavar="N")] = 0,
    instance: Instance = None,
) -> None:
    """Clean articles with trafilatura and what it lacks: from topic to topic, or from file to file.

    From file to file it ends with code 3 where some lines could not be read or cleaned, and with 1 where nothing
    came of the others either. A page that is no article (too short, say) has an error in its line as well, but is no
    failure.

    \b
    Examples:
      remarkwire clean
      remarkwire clean --input pages.jsonl.gz --output cleaned.jsonl
    """
    settings = _settings(instance)
    configure(settings.log, f"clean-{settings.pipeline.instance}", settings.pipeline.generation)
    if (input_ is None) != (output is None):
        raise typer.BadParameter("--input and --output go together")
    if input_ is None or output is None:
        from ingest.clean.service import run

        _ask(settings)
        with stopping() as stop:
            raise typer.Exit(run(settings, stop))
    writable(output, input_)
    from ingest.clean.files import clean_file

    with bar("cleaning") as advance:
        totals = clean_file(input_, output, settings=settings.clean, workers=workers, progress=advance)
    errors.print(str(totals))
    raise typer.Exit(exit_code(totals.cleaned, totals.failed))


def annotate(instance: Instance = None) -> None:
    """Find statements, speakers and entities of each article; send a report for each watched speaker.

    \b
    Examples:
      remarkwire annotate
      remarkwire annotate --instance 2
    """
    from processors.annotate.app import build
    from processors.run import run
    from runtime.forgotten import ForgottenIds

    settings = _settings(instance)
    configure(settings.log, f"annotate-{settings.pipeline.instance}", settings.pipeline.generation)
    refuse_unknown(settings.pipeline.speakers, settings.pipeline.gazetteer)
    _ask(settings)
    raise typer.Exit(run(build(settings, ForgottenIds(settings)), settings))


def group(instance: Instance = None) -> None:
    """Recognise copies, stories and remarks, in order, with state that survives.

    \b
    Examples:
      remarkwire group
    """
    from processors.group.app import build
    from processors.group.overrides_topic import OverridesTopic
    from processors.run import run
    from runtime.forgotten import ForgottenIds

    settings = _settings(instance)
    configure(settings.log, f"group-{settings.pipeline.instance}", settings.pipeline.generation)
    _ask(settings)
    app, busy = build(settings, OverridesTopic(settings), ForgottenIds(settings))
    raise typer.Exit(run(app, settings, busy))


def index(instance: Instance = None) -> None:
    """Write articles, reports, remarks and stories to Elasticsearch.

    \b
    Examples:
      remarkwire index
    """
    from processors.index.service import run

    settings = _settings(instance)
    configure(settings.log, f"index-{settings.pipeline.instance}", settings.pipeline.generation)
    _ask(settings, elasticsearch=True)
    with stopping() as stop:
        raise typer.Exit(run(settings, stop))
