"""``remarkwire run``: all services of one machine, supervised."""

import contextlib
import dataclasses
import shlex
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from console.commands.setup import prepare_fed
from console.generations import lineage, registry
from console.progress import errors, steps
from console.run_lock import only_one, only_one_instance
from console.speakers import refuse_unknown
from console.supervisor import Spec, Supervisor, refuse_unwritable
from deploy.services.kinds import Kind
from runtime.lifecycle import stopping
from runtime.logging import configure, logger
from runtime.settings import (
    ENV_PREFIX,
    ElasticsearchSettings,
    KafkaSettings,
    PipelineSettings,
    Settings,
    as_environment,
    load,
)
from schemas.errors import MessageError, SettingsError, Transient

# How often a running pipeline looks whether generations came or went.
_LOOK_SECONDS = 3.0
# Ports of each generation, from ``http.port`` on.
_PORTS = 100
_LAST_PORT = 65_535
_PORT = f"{ENV_PREFIX}HTTP__PORT"
_PORT_SECONDS = 3.0
_PORT_POLL = 0.2
_log = logger(__name__)


def run(
    services: Annotated[
        Kind | None,
        typer.Option(help="Start Kafka and Elasticsearch too, and end them with us. Else the settings' clusters."),
    ] = None,
    annotate: Annotated[int, typer.Option(min=1, help="Workers of annotate.", metavar="N")] = 1,
    group: Annotated[int, typer.Option(min=1, help="Workers of group.", metavar="N")] = 1,
    fetch: Annotated[bool, typer.Option(help="Run the fetcher; not needed where articles are imported.")] = True,
    fetchers: Annotated[
        int, typer.Option(min=1, help="Fetchers that share the sites, as fetch --shard 1/N to N/N.", metavar="N")
    ] = 1,
    logs: Annotated[Path | None, typer.Option(help="Folder for one log file per service; else all here.")] = None,
) -> None:
    """Run all stages on this machine until Ctrl-C: fetch, clean, annotate, group, index.

    A service that ends is started again, sooner or later as it proves healthy or not; one whose settings cannot be used
    is left after some tries. SIGTERM or Ctrl-C ends all. What can never work is refused before anything is started.
    Every generation that was replayed is fed until it is pruned; its stages start and end here as it comes and goes.

    \b
    Examples:
      remarkwire run
      remarkwire run --services local --no-fetch      # then, elsewhere: remarkwire import articles.jsonl
      remarkwire run --annotate 2 --logs /var/log/remarkwire
      remarkwire run --fetchers 2
      REMARKWIRE_HTTP__PORT=9400 remarkwire run       # /metrics of the first service at 9400, of the next at 9401, …
    """
    from processors.annotate.features import SentenceModel
    from processors.group.vectors.space import space_for

    settings = load()
    configure(settings.log, "run")
    many = fetchers if fetch else 0
    with contextlib.ExitStack() as stack:
        stack.enter_context(only_one(settings))
        if services is None:
            stack.enter_context(only_one_instance(settings))
        if logs is not None:
            refuse_unwritable(logs)
        refuse_unknown(settings.pipeline.speakers, settings.pipeline.gazetteer)
        space_for(SentenceModel.of(settings.annotate), settings.group.vector_space)
        if fetch:
            refuse_without_sources(settings)
        # Those of other generations are known only once Kafka has been asked.
        refuse_taken_ports(own_specs(settings, annotate=annotate, group=group, fetchers=many), settings)
        if services is not None:
            settings = stack.enter_context(with_services(services, settings))
        with steps("run") as step:
            step("topics and indices")
            prepare_fed(settings)
        stop = stack.enter_context(stopping())

        def wanted() -> list[Spec]:
            return every_spec(settings, annotate=annotate, group=group, fetchers=many)

        specs = wanted()
        refuse_taken_ports(specs, settings)
        supervisor = stack.enter_context(Supervisor(specs, logs))
        errors.print(f"running: {', '.join(map(_named, specs))}; Ctrl-C ends")
        while not stop.wait(_LOOK_SECONDS):
            now = wanted_now(wanted, specs)
            if now != specs:
                _log.info("generations have changed", running=[spec.name for spec in now])
                specs = now
                supervisor.reconcile(specs)
        errors.print("asked to end; the services finish what they have in hand")


def wanted_now(wanted: Callable[[], list[Spec]], specs: list[Spec]) -> list[Spec]:
    """What shall run now; ``specs``, which run, where that cannot be told at the moment."""
    try:
        return wanted()
    except (Transient, SettingsError, MessageError) as error:
        _log.warning("services stay as they are", why=str(error))
        return specs


def refuse_without_sources(settings: Settings) -> None:
    """Raises ``SettingsError`` where the fetcher could only end with one."""
    from ingest.sources import load_sources

    try:
        load_sources(settings.fetch.sources)
    except SettingsError as error:
        raise SettingsError(f"{error}; or give --no-fetch, where articles are imported only") from error


def refuse_taken_ports(specs: Sequence[Spec], settings: Settings) -> None:
    """Raises ``SettingsError`` where a service could not have its port.

    Services of a ``run`` that was killed need a moment to see it and end; so a taken port is looked at again for a
    while.
    """
    deadline = time.monotonic() + _PORT_SECONDS
    for spec in specs:
        port = int(spec.environment[_PORT])
        while port and (why := _taken(settings.http.host, port)) is not None:
            if time.monotonic() >= deadline:
                raise SettingsError(
                    f"http: {spec.name} cannot bind {settings.http.host}:{port} ({why}); end who has it, or set "
                    "http.port to another one, or to 0"
                )
            time.sleep(_PORT_POLL)


def _taken(host: str, port: int) -> str | None:
    """Why a port cannot be bound; None where it can."""
    try:
        # As `runtime.health` binds it: what a closed connection has left over is no hindrance.
        socket.create_server((host, port)).close()
    except OSError as error:
        return error.strerror or str(error)
    return None


@contextlib.contextmanager
def with_services(kind: Kind, settings: Settings) -> Iterator[Settings]:
    """Kafka and Elasticsearch of our own while the context lasts; gives settings that point to them.

    ``services.env`` in the data folder has their addresses for other shells.
    """
    from deploy.services import start

    data = settings.pipeline.data / "services" / kind
    with steps(f"{kind} services") as step:
        running = start(kind, data=data, progress=step)
    with running:
        pointed = pointed_at(settings, running.bootstrap_servers, running.elasticsearch_url)
        note = settings.pipeline.data / "services.env"
        note.write_text(exports(pointed))
        errors.print(f"Kafka {running.bootstrap_servers}, Elasticsearch {running.elasticsearch_url}")
        errors.print(
            f'for other shells: source {shlex.quote(str(note))}, or in this folder eval "$(remarkwire services env)"',
            soft_wrap=True,
            markup=False,
        )
        try:
            yield pointed
        finally:
            note.unlink(missing_ok=True)


def pointed_at(settings: Settings, kafka: str, elasticsearch: str) -> Settings:
    """The same settings for services of our own, which are plain, ask for no user, and are one broker and one node."""
    own_kafka = KafkaSettings(bootstrap_servers=kafka, session_timeout_ms=settings.kafka.session_timeout_ms)
    own_elasticsearch = ElasticsearchSettings(url=elasticsearch, timeout_seconds=settings.elasticsearch.timeout_seconds)
    return settings.model_copy(update={"kafka": own_kafka, "elasticsearch": own_elasticsearch})


def exports(settings: Settings, *, pipeline: bool = False) -> str:
    """Shell lines that point other commands to the same services and data, whatever their settings file says of these;
    with ``pipeline``, to the same topics and indices, too. Secrets are only taken back: our own services have none.
    """
    folders = {"data": settings.pipeline.data, "gazetteer": settings.pipeline.gazetteer}
    absolute = {key: folder.absolute() for key, folder in folders.items() if folder is not None}
    pipeline_settings = settings.pipeline.model_copy(update=absolute)
    values = as_environment(settings.model_copy(update={"pipeline": pipeline_settings}))
    told = {
        "kafka": KafkaSettings.model_fields.keys() - {"session_timeout_ms"},
        "elasticsearch": ElasticsearchSettings.model_fields.keys() - {"timeout_seconds"},
        "pipeline": PipelineSettings.model_fields.keys() if pipeline else {"data"},
    }
    names = sorted(f"{ENV_PREFIX}{section}__{key}".upper() for section, keys in told.items() for key in keys)
    return "".join(f"export {name}={shlex.quote(values[name])}\n" for name in names)


def own_specs(settings: Settings, *, annotate: int = 1, group: int = 1, fetchers: int = 1) -> list[Spec]:
    """The fetchers and the services of the generation that the settings name."""
    return fetch_specs(settings, fetchers) + stage_specs(
        settings, annotate=annotate, group=group, fetch=False, first=fetchers
    )


def every_spec(settings: Settings, *, annotate: int = 1, group: int = 1, fetchers: int = 1) -> list[Spec]:
    """The fetchers and the services of every generation that is fed. Raises ``SettingsError`` where ports run out.

    The fetchers learn what to visit again from the generation that was promoted last: the first one may be pruned.
    """
    known = registry.read(settings)
    newest = lineage.last_promoted(known)
    specs = fetch_specs(settings, fetchers, None if newest is None else registry.settings_of(settings, newest))
    for one in lineage.fed(known):
        mine = registry.settings_of(settings, one)
        suffix = "" if one.generation == settings.pipeline.generation else f"-g{one.generation}"
        specs += stage_specs(
            mine, annotate=annotate, group=group, fetch=False, suffix=suffix, first=0 if suffix else fetchers
        )
    return specs


def fetch_specs(settings: Settings, count: int, reads: Settings | None = None) -> list[Spec]:
    """So many fetchers, which share the sites and the data folder; ``reads``: the settings of the generation whose
    reports they read, where that is another one. Their ports stay those of ``settings``.
    """
    environment = as_environment(reads or settings)
    if count == 1:
        return with_ports([Spec("fetch", [*command(), "fetch"], environment)], settings)
    return with_ports(
        [
            Spec(f"fetch-{n}", [*command(), "fetch", "--shard", f"{n}/{count}"], environment)
            for n in range(1, count + 1)
        ],
        settings,
    )


def stage_specs(
    settings: Settings, *, annotate: int = 1, group: int = 1, fetch: bool = True, suffix: str = "", first: int = 0
) -> list[Spec]:
    """The services of one generation on one machine, upstream first.

    ``suffix`` goes after their names; ``first`` is how many of its ports others have.
    """
    environment = as_environment(settings)
    instance = settings.pipeline.instance
    # One that was chosen goes before the numbers, so that the workers of another `run` have other names.
    before = "" if instance == PipelineSettings().instance else f"{instance}-"

    def spec(stage: str, name: str, *arguments: str) -> Spec:
        return Spec(name + suffix, [*command(), stage, *arguments], environment)

    stages = set(settings.pipeline.stages)
    specs = fetch_specs(settings, 1) if fetch else []
    if "clean" in stages:
        specs.append(spec("clean", "clean"))
    if stages & {"annotate", "dispatch"}:
        specs += [spec("annotate", f"annotate-{n}", "--instance", f"{before}{n}") for n in range(1, annotate + 1)]
    if "group" in stages:
        specs += [spec("group", f"group-{n}", "--instance", f"{before}{n}") for n in range(1, group + 1)]
    if "index" in stages:
        specs.append(spec("index", "index"))
    return with_ports(specs, settings, first)


def with_ports(specs: list[Spec], settings: Settings, first: int = 0) -> list[Spec]:
    """Each with a port of its own, since one cannot be bound twice: ``http.port`` and those behind it, a hundred
    further for each generation, so that none moves when another comes or goes. Without ``http.port`` none has one.

    Raises ``SettingsError`` where there are not enough.
    """
    if not settings.http.port:
        return specs
    begin = settings.http.port + _PORTS * (settings.pipeline.generation - 1)
    last = first + len(specs) - 1
    if last >= _PORTS or begin + last > _LAST_PORT:
        raise SettingsError(
            f"http.port = {settings.http.port}: generation {settings.pipeline.generation} would need the ports {begin} "
            f"to {begin + last}; a generation has {_PORTS}, the last is {_LAST_PORT}: set it lower, or to 0, or run "
            "fewer workers"
        )
    return [
        dataclasses.replace(spec, environment=spec.environment | {_PORT: str(begin + first + n)})
        for n, spec in enumerate(specs)
    ]


def _named(spec: Spec) -> str:
    port = spec.environment[_PORT]
    return spec.name if port == "0" else f"{spec.name} (port {port})"


def command() -> list[str]:
    """How this very program is called again, whatever folder it is called from."""
    # -P: a folder of the user's that is named as one of our packages must not be imported instead of it.
    return [sys.executable, "-P", "-m", "console.main"]
