"""``remarkwire gazetteer``: what a newsroom's own tables would change."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from runtime.counts import counted
from runtime.settings import load
from runtime.visible import one_line
from schemas.errors import SettingsError

if TYPE_CHECKING:
    from processors.annotate.entities import Entry

app = typer.Typer(
    help="Your own people, organisations, places, agreements and objects: check.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)


@app.command()
def check(
    folder: Annotated[
        Path | None, typer.Argument(help="Folder of own tables. Default: pipeline.gazetteer.", metavar="FOLDER")
    ] = None,
) -> None:
    """Read own tables as the stages would, and tell what they add, replace and share.

    It ends with 1 where a row cannot be used, and names the file and the line. No failures, but
    told: a name that somebody else has, too (an article that has only this name is linked to neither), and an office
    that the package does not have (no rule goes by it).

    \b
    Examples:
      remarkwire gazetteer check own-tables/
      REMARKWIRE_PIPELINE__GAZETTEER=own-tables remarkwire gazetteer check
    """
    from processors.annotate.entities import own, tables

    folder = folder or load().pipeline.gazetteer
    if folder is None:
        raise SettingsError("pipeline.gazetteer is not set; name a folder: remarkwire gazetteer check FOLDER")
    rows = own.read(folder)
    package = tables.entries()
    joined = own.joined(package, rows)
    for table in dict.fromkeys(row.table for row in rows):
        of_table = [row for row in rows if row.table == table]
        instead = sum(row in joined.replaced for row in of_table)
        _say(f"{table}: {counted(len(of_table), 'row')}, {len(of_table) - instead} new, {instead} in place of others")
    for row, others in joined.replaced.items():
        them = ", ".join(map(_named, others))
        _say(f"{row.where}: {_named(row.entry)} in place of the package's {them}{_lost(row.entry, others)}")
    offices = sorted({office.office for entry in package for office in entry.offices})
    for row in rows:
        for office in row.entry.offices:
            if office.office not in offices:
                _say(
                    f"{row.where}: {office.office!r} is no office that the package has; these are {', '.join(offices)}"
                )
    for one in own.shared(rows, joined.entries):
        both = f"{_named(one.row.entry)} and {_named(one.other)}"
        _say(f"{one.row.where}: {one.name!r} names {both}; by itself it is linked to neither")


def _lost(entry: "Entry", others: "tuple[Entry, ...]") -> str:
    """What the package knew, and the row that takes its place does not say."""
    langs = dict.fromkeys(name.lang for other in others for name in other.names)
    lost = [lang for lang in langs if lang not in {name.lang for name in entry.names}]
    parts = [f"its names in {', '.join(lost)}"] if lost else []
    if any(other.offices for other in others) and not entry.offices:
        parts.append("its offices")
    return f"; without {' and '.join(parts)}" if parts else ""


def _named(entry: "Entry") -> str:
    return f"{entry.label} ({entry.id or 'no id'})"


def _say(line: str) -> None:
    print(one_line(line))
