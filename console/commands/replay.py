"""``remarkwire replay``, ``promote``, ``rollback``, ``generations``, ``prune``."""

import contextlib
import datetime
import json
from collections.abc import Callable, Iterator
from typing import Annotated, Literal

import msgspec
import typer
from elasticsearch import Elasticsearch

from console import output
from console.commands.run import command, stage_specs
from console.generations import fill, lineage, registry
from console.generations import replay as replaying
from console.generations.aliases import flip
from console.generations.compare import Snapshot, compare
from console.generations.overview import comparison_tables, generation_table, overview
from console.generations.prune import idle, unfinished
from console.generations.prune import prune as remove
from console.progress import bar, errors, steps
from console.prompts import confirm
from console.run_lock import only_one_replay
from console.speakers import speakers
from console.supervisor import Supervisor
from console.times import check_span, is_ago, moment
from runtime import elastic
from runtime.counts import counted
from runtime.lifecycle import Stop, stopping
from runtime.logging import configure
from runtime.settings import ENV_PREFIX, Settings, as_environment, load
from runtime.steps import step
from runtime.topics import names
from schemas import Generation
from schemas.errors import ServiceError, SettingsError
from schemas.topics import READS

_TOO_MANY_ENDS = 6
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def replay(
    start: Annotated[
        Literal["raw", "clean", "annotated", "reports"], typer.Option("--from", help="The topic to begin at.")
    ],
    since: Annotated[
        str | None, typer.Option(help="A trial: articles fetched since (date, 2h, 7d).", metavar="TIME")
    ] = None,
    until: Annotated[str | None, typer.Option(help="A trial: articles fetched before.", metavar="TIME")] = None,
    speaker: Annotated[list[str] | None, typer.Option(help="A trial: of these speakers.", metavar="QID")] = None,
    plan: Annotated[
        bool,
        typer.Option("--plan", help="Start nothing here: print what to start, on whatever machine, and wait for it."),
    ] = False,
    annotate: Annotated[int, typer.Option(min=1, help="Workers of annotate.", metavar="N")] = 1,
    group: Annotated[int, typer.Option(min=1, help="Workers of group.", metavar="N")] = 1,
) -> None:
    """Process everything again with today's code, into a new generation beside the live one.

    Readers see nothing of it until `promote`. Live traffic goes on, and reaches both. Interrupted, the same command
    goes on where it was. With --since, --until or --speaker it is a trial: to be looked at, not to be promoted.

    \b
    Examples:
      remarkwire replay --from reports
      remarkwire replay --from raw --annotate 4 --group 2
      remarkwire replay --from annotated --since 7d --speaker Q58217
      remarkwire replay --from raw --plan
    """
    ids = speakers(speaker)
    begin, end = _time(since), _time(until)
    # The trial of a time in which nothing can have been fetched is a slip.
    check_span(begin, end, datetime.datetime.now(datetime.UTC), hint=" (how long ago is cut to the hour)")
    settings = load()
    configure(settings.log, "replay")

    def wanted(number: int, base: Generation) -> Generation:
        now = datetime.datetime.now(datetime.UTC)
        return lineage.follow(number, base, start, now, since=begin, until=end, speakers=ids)

    with only_one_replay(settings):
        one, again = replaying.begin(settings, registry.live_now(settings), wanted)
        for topic, count in replaying.lost_before(registry.live(settings), one).items():
            errors.print(lost_line(topic, count, for_ever=start == "raw"))
        errors.print(f"generation {one.generation}, from {start}{', goes on' if again else ''}")
        # Lines above the bar: two live displays at once are one too many.
        say = errors.print
        with stopping() as stop, bar(f"generation {one.generation}") as advance:

            @contextlib.contextmanager
            def workers(theirs: Settings) -> Iterator[object]:
                if plan:
                    print(plan_of(theirs, one), flush=True)
                    yield None
                    return
                logs = settings.pipeline.data / f"replay-g{one.generation}"
                # Numbered as those of `remarkwire run` on this machine, which take their places when these have ended.
                specs = stage_specs(theirs, annotate=annotate, group=group, fetch=False, suffix=f"-g{one.generation}")
                with Supervisor(specs, logs) as supervisor:
                    watched.append(_Watched(supervisor, str(logs)))
                    yield supervisor

            watched: list[_Watched] = []
            pause = _pause(stop, watched)
            if not replaying.fill_generation(settings, one, workers, say=say, advance=advance, pause=pause):
                errors.print("interrupted; the same command goes on")
                raise typer.Exit(130)
    for line in done_lines(one, settings.pipeline.index_prefix):
        errors.print(line)


def lost_line(topic: str, count: int, *, for_ever: bool) -> str:
    """What is said of the first records of a topic that are gone; ``for_ever``: retention takes nothing from it."""
    first, they = ("the first record is", "it") if count == 1 else (f"the first {count} records are", "they")
    if for_ever:
        return (
            f"{topic}: {first} gone; where `remarkwire forget --purge` cut it, all that was to stay stands behind them"
        )
    return f"{topic}: {first} gone (retention); what only {they} had will be missing"


def done_lines(one: Generation, index_prefix: str) -> list[str]:
    """What is said of a generation that is filled, and what to do with it."""
    number = one.generation
    if one.trial:
        return [
            f"generation {number} is done; it is a trial, and is fed no more",
            f"look at it: index {index_prefix}-stories-g{number}; then: remarkwire prune {number}",
        ]
    return [
        f"generation {number} has caught up; it is fed by `remarkwire run`",
        f"next: remarkwire promote {number}",
    ]


class _Watched:
    def __init__(self, supervisor: Supervisor, logs: str) -> None:
        self._supervisor, self._logs = supervisor, logs

    def check(self) -> None:
        for name, ends in self._supervisor.restarts().items():
            if ends >= _TOO_MANY_ENDS:
                raise ServiceError(f"{name} ends again and again; see {self._logs}/{name}.log, then go on")


def _pause(stop: Stop, watched: list[_Watched]) -> Callable[[float], bool]:
    def pause(seconds: float) -> bool:
        for one in watched:
            one.check()
        return stop.wait(seconds)

    return pause


def _time(text: str | None) -> datetime.datetime | None:
    """Relative times are cut to the hour, so that a command that is given again soon is the same replay."""
    at = moment(text)
    if at is None or text is None or not is_ago(text):
        return at
    return at.replace(minute=0, second=0, microsecond=0)


def plan_of(settings: Settings, one: Generation) -> str:
    """What to start, as lines for a shell; secrets and addresses are those of each machine's own settings."""
    environment = as_environment(settings)
    keys = ["PIPELINE__GENERATION", "PIPELINE__STAGES", "PIPELINE__INPUTS"]
    if one.speakers:
        keys.append("PIPELINE__SPEAKERS")
    reads = sorted({names(settings, topic) for stage in one.stages for topic in READS[stage]})
    lines = [f"# generation {one.generation}, from {one.start}; reads {', '.join(reads)}"]
    lines += [f"export {ENV_PREFIX}{key}='{environment[ENV_PREFIX + key]}'" for key in keys]
    partitions = settings.pipeline.partitions
    for spec in stage_specs(settings, fetch=False):
        stage = spec.command[len(command())]
        more = (
            "one is enough" if stage in {"clean", "index"} else f"up to {partitions} in all, each with its own number"
        )
        lines.append(f"remarkwire {stage} --instance 1   # {more}")
    return "\n".join(lines)


def promote(
    number: Annotated[int, typer.Argument(help="The generation.", metavar="N")],
    sample: Annotated[
        int, typer.Option(min=0, help="So many documents of each kind are compared whole; 0: all.", metavar="N")
    ] = 200,
    as_json: Annotated[bool, typer.Option("--json", help="Print the comparison as one JSON object.")] = False,
    only_compare: Annotated[bool, typer.Option("--compare", help="Compare, and move nothing.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Even where articles are missing in it, or it has not caught up.")
    ] = False,
    yes: Yes = False,
) -> None:
    """Make a replayed generation the one that readers see, after comparing it with the live one.

    All read aliases move in one call. The old generation is fed on, so `rollback` loses nothing until it is pruned.

    \b
    Examples:
      remarkwire promote 2 --compare
      remarkwire promote 2
      remarkwire promote 2 --yes --json | jq .regrouped
    """
    settings = load()
    prefix = settings.pipeline.index_prefix
    known = registry.read(settings)
    client = elastic.client(settings)
    with contextlib.closing(client):
        with stopping() as stop:
            live = _live(client, prefix, force)
            one = lineage.promotable(known, number, live)
            if live is not None:
                with steps("promote") as say:
                    say(f"reading generation {live}")
                    before = Snapshot.take(client, prefix, live)
                    say(f"waiting until generation {number} has all that generation {live} has")
                    caught_up = _catches_up(settings, one, stop)
                    if not stop:
                        say("comparing")
                        found = compare(client, prefix, before, number, sample or None)
            _nothing_moved(stop)
        if live is not None:
            if as_json:
                print(json.dumps(found.as_json(), ensure_ascii=False))
            else:
                for table in comparison_tables(found, live, number):
                    output.out().print(table)
            if only_compare:
                return
            if not caught_up and not force:
                raise SettingsError(
                    f"generation {number} is behind and does not move: start its stages (`remarkwire run`), or --force"
                )
            if found.missing and not force:
                raise SettingsError(
                    f"{counted(len(found.missing), 'article')} of generation {live} not in generation {number}, first: "
                    f"{', '.join(found.missing[:3])}; replay --from raw has all, or --force"
                )
            if not yes:
                # Outside of `stopping`, which would only note Ctrl-C, and the question would go on waiting.
                confirm(f"make generation {number} live instead of {live}?")
        with stopping() as stop:
            _nothing_moved(stop)
            # Noted before the aliases move: killed between the two, the way back would not be known otherwise.
            now = datetime.datetime.now(datetime.UTC)
            registry.write(settings, msgspec.structs.replace(one, promoted=now, before=live))
            step("promote.noted")
            flip(client, prefix, number)
            step("promote.flipped")
    errors.print(f"generation {number} is live" + (f"; back: remarkwire rollback (to {live})" if live else ""))


def _nothing_moved(stop: Stop) -> None:
    """Ends where somebody has asked to: until the aliases move, nothing has changed."""
    if stop:
        errors.print("interrupted; nothing was moved")
        raise typer.Exit(130)


def _live(client: Elasticsearch, prefix: str, force: bool) -> int | None:
    try:
        return registry.live_number(client, prefix)
    except SettingsError:
        # The aliases disagree: --force is how they are brought together again.
        if force:
            return None
        raise


def _catches_up(settings: Settings, one: Generation, stop: Stop, seconds: float = 60.0) -> bool:
    """Whether what is there now goes through its stages in this time."""
    theirs = registry.settings_of(settings, one)
    return fill.rounds(theirs, one.stages, lambda _: None, pause=fill.patience(seconds, stop), within=float("inf"))


def rollback(yes: Yes = False) -> None:
    """Put the read aliases back on the generation that was live before.

    It was fed all the time, so it has what came since.

    \b
    Examples:
      remarkwire rollback
    """
    settings = load()
    known = registry.read(settings)
    client = elastic.client(settings)
    with contextlib.closing(client):
        live = registry.live_number(client, settings.pipeline.index_prefix)
        if live is None:
            raise SettingsError("nothing is live yet, so there is none to go back to; run `remarkwire setup` first")
        before = known[live].before if live in known else None
        if before is None or before not in known or known[before].state != "ready":
            raise SettingsError(f"generation {live}: there is none to go back to; `remarkwire generations` lists them")
        if not yes:
            confirm(f"make generation {before} live instead of {live}?")
        # Noted, too: where all aliases are lost, `setup` puts them on the generation that was made live last.
        now = datetime.datetime.now(datetime.UTC)
        registry.write(settings, msgspec.structs.replace(known[before], promoted=now))
        flip(client, settings.pipeline.index_prefix, before)
    errors.print(f"generation {before} is live; generation {live} is fed on until it is pruned")


def generations(as_json: Annotated[bool, typer.Option("--json", help="One JSON object per line.")] = False) -> None:
    """List the generations: state, age, size, and how far each is behind.

    \b
    Examples:
      remarkwire generations
    """
    settings = load()
    client = elastic.client(settings)
    with contextlib.closing(client):
        found = overview(settings, client)
    if as_json:
        for one in found:
            print(json.dumps(one.as_json()))
    else:
        output.out().print(generation_table(found))


def prune(
    numbers: Annotated[
        list[int] | None, typer.Argument(help="Generations; else all that are older than the live one.", metavar="[N…]")
    ] = None,
    yes: Yes = False,
) -> None:
    """Remove generations: indices, topics, consumer groups, tables of this machine. The live one is never removed.

    What another generation reads stays, and so do the stages that fill it. Interrupted, the same command goes on.

    \b
    Examples:
      remarkwire prune
      remarkwire prune 3 --yes
    """
    settings = load()
    known = registry.read(settings)
    client = elastic.client(settings)
    with contextlib.closing(client):
        live = registry.live_number(client, settings.pipeline.index_prefix)
        for number in numbers or []:
            registry.known(known, number)
            if number == live:
                raise SettingsError(f"generation {number} is live; promote another one first")
        chosen = numbers or [
            *(number for number, one in known.items() if one.state == "ready" and live is not None and number < live),
            *unfinished(settings, client, known),
        ]
        if not chosen:
            errors.print("there is nothing to remove")
            return
        if not yes:
            shown = ", ".join(map(str, chosen))
            lost = live in known and known[live].before in chosen
            confirm(f"remove generation {shown} for good?" + (" There is no rollback then." if lost else ""))
        with steps("prune") as say:
            done = [remove(settings, client, number, say=say) for number in chosen]
            # A generation that only fed those that are gone now goes, too.
            done += [remove(settings, client, number, say=say) for number in idle(registry.read(settings))]
    for one in done:
        rest = f"; {', '.join(one.stages)} still run for others" if one.stages else ""
        topics, indices = counted(len(one.topics), "topic"), counted(len(one.indices), "index", "indices")
        errors.print(f"{topics}, {indices}, {counted(len(one.groups), 'group')} removed{rest}")
