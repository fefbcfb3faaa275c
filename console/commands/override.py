"""``remarkwire override``: what a person decides against the machine."""

import contextlib
import datetime
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from console import output
from runtime.counts import counted
from runtime.settings import Settings, load
from schemas import Override, Role

if TYPE_CHECKING:
    from console.overriding import IndexedReports

app = typer.Typer(
    no_args_is_help=True,
    help="Merge stories, split a report off, set a role, and take it back.\n\nAn override holds from now on, for what "
    "is decided already too, and in every replay.",
)
out = output.out()
_SHOWN = 3
_WIDE = 4096
_WHEN = "`group` acts on it within seconds, or as soon as it runs"
Note = Annotated[str, typer.Option(help="Why; shown by `override list` and in the evidence.")]
By = Annotated[str, typer.Option(help="Who decides it; shown like the note.")]


@contextlib.contextmanager
def _reports(settings: Settings) -> Iterator["IndexedReports"]:
    from console.overriding import IndexedReports
    from runtime import elastic

    client = elastic.client(settings)
    try:
        yield IndexedReports(client, settings.pipeline.index_prefix)
    finally:
        client.close()


def _take(settings: Settings, override: Override, said: str) -> None:
    """Notes an override that is not there yet, and says what it says."""
    from console import overriding

    held = overriding.held(overriding.standing(settings).values(), override)
    if held is not None:
        out.print(f"holds already as {held}; no second one was taken", soft_wrap=True)
        return
    overriding.put(settings, override)
    out.print(f"{override.override_id}: noted: {said}; {_WHEN}", soft_wrap=True)


@app.command()
def merge(
    stories: Annotated[list[str], typer.Argument(help="Two or more stories, by their ids or by ids of reports.")],
    note: Note = "",
    by: By = "",
) -> None:
    """Make two or more stories one.

    \b
    Examples:
      remarkwire override merge s-2f1c9b7d5e3a8640 s-91b3a7c2d4e5f607
      remarkwire override merge a81f-Q58217 c07d-Q58217 --note "same press conference"
    """
    from console import overriding

    settings = load()
    with _reports(settings) as reports:
        override = overriding.made("must_link", overriding.merged(reports, stories), _now(), note=note, by=by)
    _take(settings, override, f"{counted(len(override.report_ids), 'report')} are one story")


@app.command()
def split(
    report: Annotated[str, typer.Argument(help="Id of the report.")],
    other: Annotated[
        list[str] | None, typer.Option("--from", help="Only from these reports. Else from all of its story.")
    ] = None,
    note: Note = "",
    by: By = "",
) -> None:
    """Take a report out of its story; it goes where it fits else, or begins a story.

    The others keep the story's id, and so do links to it, unless it goes with more reports than it is split from.

    \b
    Examples:
      remarkwire override split a81f-Q58217
      remarkwire override split a81f-Q58217 --from c07d-Q58217 --note "the call, not the press conference"
    """
    from console import overriding

    settings = load()
    with _reports(settings) as reports:
        report_ids = overriding.split(reports, report, other or [])
        override = overriding.made("cannot_link", report_ids, _now(), note=note, by=by)
        ids = overriding.kept_id(reports, report_ids)
    said = f"{report} shares no story with {counted(len(report_ids) - 1, 'report')}"
    _take(settings, override, f"{said} ({ids})" if ids else said)


@app.command()
def role(
    report: Annotated[str, typer.Argument(help="Id of the report.")],
    is_: Annotated[str, typer.Argument(metavar="ROLE", help="report, copy, reaction or background.")],
    note: Note = "",
    by: By = "",
) -> None:
    """Set what a report is to its story. Only a report that has an original can be its copy.

    \b
    Examples:
      remarkwire override role a81f-Q58217 reaction
    """
    from typing import cast, get_args

    from console import overriding

    if is_ not in get_args(Role):
        raise typer.BadParameter(f"{is_!r}; allowed are {', '.join(get_args(Role))}", param_hint="ROLE")
    role_ = cast("Role", is_)
    settings = load()
    with _reports(settings) as reports:
        overriding.with_role(reports, report, role_)
    override = overriding.made("role", [report], _now(), role=role_, note=note, by=by)
    _take(settings, override, f"{report} is a {is_}")


@app.command()
def undo(override_id: Annotated[str, typer.Argument(help="As `override list` shows it.")]) -> None:
    """Take an override back; its reports are decided anew without it.

    Where others say the same of them they are named: a later merge keeps together what this one had brought together.

    \b
    Examples:
      remarkwire override undo o-5b1f09c2aa
    """
    from console import overriding

    gone, kept = overriding.take_back(load(), override_id)
    out.print(f"{override_id}: taken back; {_WHEN}", soft_wrap=True)
    if kept.report_ids:
        still = _still(gone, len(kept.report_ids))
        out.print(f"but {still} by {', '.join(kept.by)}", soft_wrap=True)


def _still(gone: Override, count: int) -> str:
    """What other overrides keep of it, for so many of its reports."""
    if gone.kind == "role":
        return f"it is still made a {gone.role}"
    if gone.kind == "cannot_link":
        return f"{gone.report_ids[0]} is still kept from {counted(count, 'report')} of these"
    return f"{count} of its {counted(len(gone.report_ids), 'report')} are still joined"


@app.command(name="list")
def list_(as_json: Annotated[bool, typer.Option("--json", help="One JSON object per line.")] = False) -> None:
    """The overrides that hold.

    \b
    Examples:
      remarkwire override list
      remarkwire override list --json | jq -r 'select(.kind == "must_link").report_ids[]'
    """
    from console import overriding

    found = overriding.standing(load())
    if as_json:
        for one in found.values():
            print(output.json_line(_facts(one)))
        return
    if not found:
        out.print("no overrides")
        return
    if out.is_terminal:
        out.print(_table(found.values(), _SHOWN))
    else:
        # Whatever reads this finds each id in one piece.
        output.out(width=_WIDE).print(_table(found.values()))


def _table(found: Iterable[Override], shown: int | None = None) -> Table:
    """With all reports of each, or the first ``shown``."""
    table = Table()
    for column in ("override", "made", "what", "reports", "note"):
        table.add_column(column, overflow="fold")
    for one in found:
        rest = len(one.report_ids[shown:]) if shown else 0
        report_ids = one.report_ids[:shown] + ([f"and {rest} more"] if rest else [])
        row = (one.override_id, f"{one.made:%Y-%m-%d %H:%M}", _what(one), "\n".join(report_ids), _note(one))
        table.add_row(*map(escape, row))
    return table


def _note(one: Override) -> str:
    return " ".join(part for part in (one.note, f"({one.by})" if one.by else "") if part)


def _what(one: Override) -> str:
    return {"must_link": "merge", "cannot_link": "split"}.get(one.kind, f"role {one.role}")


def _facts(one: Override) -> dict[str, object]:
    return {
        "override_id": one.override_id,
        "kind": one.kind,
        "role": one.role,
        "report_ids": one.report_ids,
        "made": one.made.isoformat(),
        "note": one.note,
        "by": one.by,
    }


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
