"""Drives the demo: services, site, stages as real processes, two passes of the fetcher, and the result."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from elasticsearch import Elasticsearch
from rich.live import Live

from console import output, story_panels
from console.accounting import Account, account, lags
from console.commands.run import command, exports, pointed_at, stage_specs
from console.commands.setup import prepare
from console.demo import read, show
from console.demo.data.gold import load_gold
from console.demo.score import Scores, score
from console.demo.site import Site, serve
from console.progress import errors, steps
from console.supervisor import Spec, Supervisor, wait_until
from console.tables import lag_table, sum_table
from deploy.services import Kind, ServiceError, Services, start
from runtime import elastic, kafka
from runtime.counts import counted
from runtime.lifecycle import Stop, stopping
from runtime.logging import configure
from runtime.settings import LogSettings, PipelineSettings, Settings, as_environment, load
from schemas.index import alias_of

_PHASES = (1, 2)
_PHASE_SECONDS = 300.0


def drive(services: Kind, *, keep: bool, report: Path | None) -> None:
    """Runs the demo from start to end. ``report``: where the scores and the sum go as JSON.

    Raises ``ServiceError`` where a stage fails, or where the sum is not whole.
    """
    folder = Path(tempfile.mkdtemp(prefix="remarkwire-demo-"))
    configure(LogSettings(level="error"), "demo")
    try:
        with contextlib.ExitStack() as stack:
            stop = stack.enter_context(stopping())
            running = stack.enter_context(_services(services, folder))
            site = stack.enter_context(serve())
            settings = _settings(folder, running, site)
            prepare(settings)
            supervisor = stack.enter_context(Supervisor(stage_specs(settings, fetch=False), folder / "logs"))
            client = elastic.client(settings)
            stack.callback(client.close)
            for phase in _PHASES:
                _crawl(phase, site, settings, client, supervisor, stop, folder)
            scores, total = _tell(settings, client, running)
            if report is not None:
                _write(report, scores, total)
            if keep:
                note = folder / "services.env"
                note.write_text(exports(settings, pipeline=True))
                errors.print(f"still running, site included; in another shell: source {note}; Ctrl-C ends all")
                while not stop.wait(3600.0):
                    pass
        if not total.whole:
            raise ServiceError(f"{counted(total.in_flight, 'article')} missing: {', '.join(total.missing)}")
    except KeyboardInterrupt:
        shutil.rmtree(folder)
        raise
    except BaseException:
        errors.print(f"logs are in {folder / 'logs'}")
        raise
    else:
        shutil.rmtree(folder)


@contextlib.contextmanager
def _services(kind: Kind, folder: Path) -> Iterator[Services]:
    with steps(f"{kind} services") as step:
        running = start(kind, data=folder / "services", progress=step)
    with running:
        yield running


def _settings(folder: Path, running: Services, site: Site) -> Settings:
    """The user's settings, pointed to the demo's own services, site and folder; its speaker, stages and topics are not
    the user's.
    """
    base = pointed_at(load(), running.bootstrap_servers, running.elasticsearch_url)
    sources = folder / "sources.yaml"
    sources.write_text(site.sources_yaml(), encoding="utf-8")
    fetch = base.fetch.model_copy(
        update={
            "sources": sources,
            "resolve": site.resolve,
            "host_interval_seconds": 0.02,
            "revisit_seconds": [0.5],
            # The corpus has dates of its own; how long ago they are depends on the day of the demo.
            "max_age_days": 36500.0,
        }
    )
    group = base.group.model_copy(update={"reorder_seconds": 1.0, "window_days": 28.0})
    kafka = base.kafka.model_copy(update={"session_timeout_ms": 10_000})
    pipeline = PipelineSettings(data=folder, partitions=2)
    return base.model_copy(update={"fetch": fetch, "group": group, "kafka": kafka, "pipeline": pipeline})


def _crawl(
    phase: int, site: Site, settings: Settings, client: Elasticsearch, supervisor: Supervisor, stop: Stop, folder: Path
) -> None:
    """One pass of the fetcher over the site as it is in ``phase``, until every stage has caught up."""
    site.phase = phase
    fetcher = Spec("fetch", [*command(), "fetch", "--once"], as_environment(settings), restart=False)
    alias = alias_of("articles", settings.pipeline.index_prefix)
    with Supervisor([fetcher], folder / "logs") as fetching, Live(console=errors, transient=True) as live:
        watch = kafka.admin(settings)

        def caught_up() -> bool:
            behind = lags(settings, watch)
            live.update(lag_table(behind))
            if bool(stop) or max(supervisor.restarts().values()) > 3:
                return True
            return fetching.finished("fetch") and all(lag.behind == 0 for lag in behind)

        def whole() -> bool:
            return caught_up() and account(settings, client, alias).in_flight == 0

        done = wait_until(whole, _PHASE_SECONDS, poll=0.4)
    if stop:
        raise KeyboardInterrupt
    failing = [name for name, count in supervisor.restarts().items() if count > 3]
    if failing:
        raise ServiceError(f"{', '.join(failing)}: ends again and again; its log says why")
    if not done:
        raise ServiceError(f"not done within {_PHASE_SECONDS:.0f} s; the logs say why")


def _tell(settings: Settings, client: Elasticsearch, running: Services) -> tuple[Scores, Account]:
    out = output.out()
    if not out.is_terminal:
        out.width = story_panels.WIDTH
    prefix = settings.pipeline.index_prefix
    stories, reports, remarks, articles = (
        read.documents(client, prefix, role) for role in ("stories", "reports", "remarks", "articles")
    )
    gold = load_gold()
    story_panels.stories(out, stories, reports, remarks, articles)
    total = account(settings, client, alias_of("articles", prefix))
    scores = score(gold.as_of(), read.found(reports, remarks, articles, gold))
    out.print(sum_table(total))
    out.print(show.scores(scores))
    url = running.elasticsearch_url
    out.print(f"Elasticsearch {url}, Kafka {running.bootstrap_servers}; with --keep you can ask:")
    out.print(f"  curl '{url}/{alias_of('stories', prefix)}/_search?q=langs:ru&pretty'")
    out.print(f"  curl '{url}/{alias_of('reports', prefix)}/_search?q=role:copy&pretty'")
    out.print(f"  curl '{url}/{alias_of('remarks', prefix)}/_search?q=repeats:true&pretty'")
    return scores, total


def _write(path: Path, scores: Scores, total: Account) -> None:
    import json
    from dataclasses import asdict

    path.write_text(
        json.dumps({"scores": asdict(scores), "account": asdict(total) | {"whole": total.whole}}) + os.linesep
    )
