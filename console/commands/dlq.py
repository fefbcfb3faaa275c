"""``remarkwire dlq``: look at dead letters, send them again, or set them aside."""

import datetime
import json
from collections.abc import Collection, Sequence
from typing import Annotated, Any, NoReturn

import typer
from rich.markup import escape
from rich.table import Table

from console import output
from console.dead_letters import DeadLetter, Wanted, drop, find, requeue
from console.generations import registry
from console.progress import bar, errors, steps
from console.times import moment
from runtime.settings import Settings, load
from runtime.topics import names
from runtime.visible import one_line
from schemas.dlq import UNKNOWN
from schemas.errors import Terminal, below
from schemas.topics import STAGES, TOPICS, dlq_name

app = typer.Typer(
    no_args_is_help=True,
    help="Dead letters: what could not be processed, and why. A letter that was requeued or dropped counts as handled "
    "and is neither listed nor handled again.",
)

Places = Annotated[
    list[str] | None, typer.Argument(help="Letters, as `list` names them: QUEUE/PARTITION/OFFSET.", metavar="[ID…]")
]
Topic = Annotated[str | None, typer.Option(help="Of records of this topic, by role or whole name.", metavar="TOPIC")]
Reason = Annotated[str | None, typer.Option(help="That died for this reason (docs/topics.md).", metavar="REASON")]
Stage = Annotated[str | None, typer.Option(help="That this stage gave up.", metavar="STAGE")]
Since = Annotated[str | None, typer.Option(help="That died since: a date, or 90m, 2h, 7d.", metavar="TIME")]
Key = Annotated[str | None, typer.Option(help="Of records with this key or article id.", metavar="KEY")]
Limit = Annotated[int | None, typer.Option(min=1, help="So many at most.", metavar="N")]
All = Annotated[bool, typer.Option("--all", help="All of them: no filter is needed.")]
Number = Annotated[int | None, typer.Option(help="Of this generation; else of the live one.", metavar="N")]


@app.command(name="list")
def list_(
    topic: Topic = None,
    reason: Reason = None,
    stage: Stage = None,
    since: Since = None,
    key: Key = None,
    limit: Limit = 50,
    with_handled: Annotated[bool, typer.Option("--handled", help="Those that were handled too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per line.")] = False,
    generation: Number = None,
) -> None:
    """List dead letters that wait for somebody.

    \b
    Examples:
      remarkwire dlq list
      remarkwire dlq list --stage index --reason index_rejected --since 2h
      remarkwire dlq list --json --limit 1000 | jq -r .message | sort | uniq -c
    """
    wanted = Wanted(topic, reason, stage, moment(since), key, handled=with_handled)
    settings = _settings_for(wanted, generation)
    with steps("dlq") as step:
        step("reading the queues")
        found = list(find(settings, wanted, limit))
    if as_json:
        for dead in found:
            print(output.json_line(_facts(dead)))
        return
    output.out().print(_table(found) if found else "no dead letters")
    if limit is not None and len(found) == limit:
        errors.print(f"the first {limit}; --limit shows more")


@app.command()
def show(
    place: Annotated[str, typer.Argument(help="The letter, as `list` names it.", metavar="ID")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    generation: Number = None,
) -> None:
    """Show one dead letter whole: why it died, its headers, and its value.

    \b
    Examples:
      remarkwire dlq show reports.g1.dlq/0/12
    """
    settings = registry.of_number(load(), generation, pruned=False, feeding=True)
    found = list(find(settings, Wanted(places=frozenset({place}), handled=True), 1, values=True))
    if not found:
        _none_such({place})
    facts = _facts(found[0]) | _content(found[0])
    if as_json:
        print(output.json_line(facts))
        return
    out = output.out()
    for name, value in facts.items():
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)
        out.print(f"[bold]{name}[/bold]: {escape(text)}", soft_wrap=True)


@app.command(name="requeue")
def requeue_(
    places: Places = None,
    topic: Topic = None,
    reason: Reason = None,
    stage: Stage = None,
    since: Since = None,
    key: Key = None,
    limit: Limit = None,
    every: All = False,
    generation: Number = None,
) -> None:
    """Send records back where they came from, byte for byte; do so once the cause is mended.

    A record that several readers gave up is sent once, and every reader of its topic gets it: all its letters then
    count as handled, those that the filter leaves out too.

    \b
    Examples:
      remarkwire dlq requeue reports.g1.dlq/0/12
      remarkwire dlq requeue --stage annotate --reason processing_failed
    """
    settings, found = _chosen(Wanted(topic, reason, stage, moment(since), key, frozenset(places or ())), limit, every,
                              generation)  # fmt: skip
    with bar("requeueing") as advance:
        sent = requeue(settings, found, advance)
    errors.print(f"records sent back: {sent.records}; letters handled: {sent.letters}")


@app.command(name="drop")
def drop_(
    places: Places = None,
    topic: Topic = None,
    reason: Reason = None,
    stage: Stage = None,
    since: Since = None,
    key: Key = None,
    limit: Limit = None,
    every: All = False,
    note: Annotated[str, typer.Option(help="Why, for the record in dlq.handled.", metavar="TEXT")] = "",
    generation: Number = None,
) -> None:
    """Set dead letters aside for good; what was dropped, when and why is kept in dlq.handled.

    \b
    Examples:
      remarkwire dlq drop --reason not_json --since 1d --note "a test producer"
    """
    settings, found = _chosen(Wanted(topic, reason, stage, moment(since), key, frozenset(places or ())), limit, every,
                              generation)  # fmt: skip
    with bar("dropping") as advance:
        count = drop(settings, found, note, advance)
    errors.print(f"{count} dropped")


def _chosen(
    wanted: Wanted, limit: int | None, every: bool, generation: int | None
) -> tuple[Settings, list[DeadLetter]]:  # fmt: skip
    if not wanted.narrows and not every:
        raise typer.BadParameter("name letters, give a filter, or say --all")
    settings = _settings_for(wanted, generation)
    before = False
    with steps("dlq") as step:
        step("reading the queues")
        found = list(find(settings, wanted, limit))
        if missing := wanted.places - {dead.place for dead in found}:
            # Left out by another filter, or handled before; or a mistake: then nothing is done to the others either.
            there = list(find(settings, Wanted(places=missing, handled=True)))
            if missing := missing - {dead.place for dead in there}:
                _none_such(missing)
            for dead in there:
                if dead.handled is not None:
                    before = True
                    errors.print(f"{dead.place}: was {dead.handled} before", markup=False)
    # Who says --all, or repeats a command, has what he wants.
    if wanted.narrows and not found and not before:
        errors.print("no dead letter that waits fits; `remarkwire dlq list` lists them")
        raise typer.Exit(1)
    return settings, found


def _none_such(places: Collection[str]) -> NoReturn:
    for place in sorted(places):
        errors.print(f"{place}: there is no such letter; `remarkwire dlq list --handled` lists them", markup=False)
    raise typer.Exit(1)


def _settings_for(wanted: Wanted, generation: int | None) -> Settings:
    """Those of the generation. Raises ``BadParameter`` for a filter that no letter could fit: nothing found would be no
    answer to it.
    """
    _known("--stage", wanted.stage, STAGES)
    _known("--reason", wanted.reason, [UNKNOWN, *(kind.reason for kind in below(Terminal))])
    settings = registry.of_number(load(), generation, pruned=False, feeding=True)
    with_letters = [topic for topic in TOPICS if topic.dlq]
    whole = [names(settings, topic) for topic in with_letters]
    roles = [topic.name for topic in with_letters]
    if wanted.topic not in {*whole, *map(dlq_name, whole)}:
        _known("--topic", wanted.topic, roles)
    return settings


def _known(option: str, word: str | None, known: Collection[str]) -> None:
    if word is not None and word not in known:
        raise typer.BadParameter(f"{option} {word!r} is none; known are: {', '.join(known)}")


def _facts(dead: DeadLetter) -> dict[str, Any]:
    letter = dead.letter
    return {
        "id": dead.place,
        "died": _shown_time(dead.died_ms),
        "topic": letter.origin.topic,
        "partition": letter.origin.partition,
        "offset": letter.origin.offset,
        "stage": letter.stage,
        "reason": letter.reason,
        "error": letter.error,
        "message": letter.message,
        "attempts": letter.attempts,
        "version": letter.version,
        "key": dead.shown_key,
        "article_id": dead.article_id,
        "handled": dead.handled,
    }


def _content(dead: DeadLetter) -> dict[str, Any]:
    """Headers and value; a value that is no JSON, or too deep, as text, replaced where it is no UTF-8 either."""
    headers = [[key, value.decode(errors="replace")] for key, value in dead.letter.original]
    value: Any = None
    if dead.value is not None:
        try:
            value = json.loads(dead.value)
            # Writing needs more of the stack than reading. In a list, as it will stand in something else.
            json.dumps([value], indent=1)
        except (ValueError, RecursionError):
            value = dead.value.decode(errors="replace")
    return {"headers": headers, "bytes": 0 if dead.value is None else len(dead.value), "value": value}


def _table(found: Sequence[DeadLetter]) -> Table:
    """The id whole in its line, however narrow that is: `show`, `requeue` and `drop` need it so. What is foreign and
    long shares the other column, which wraps.
    """
    table = Table(title="Dead letters", title_justify="left", show_lines=True)
    table.add_column("id", no_wrap=True, min_width=max(len(dead.place) for dead in found))
    table.add_column("died, stage, reason; key; message", overflow="fold")
    for dead in found:
        letter = dead.letter
        reason = letter.reason if dead.handled is None else f"{letter.reason} ({dead.handled})"
        first = f"{_shown_time(dead.died_ms)} {letter.stage} {reason}"
        lines = [line for line in (first, dead.shown_key, letter.message[:160]) if line]
        table.add_row(escape(dead.place), "\n".join(escape(one_line(line)) for line in lines))
    return table


def _shown_time(milliseconds: int) -> str:
    when = datetime.datetime.fromtimestamp(milliseconds / 1000, datetime.UTC)
    return when.isoformat(timespec="seconds").replace("+00:00", "Z")
