"""``remarkwire stories``: the question of the project, asked on the command line."""

import contextlib
from typing import Annotated, Any

import typer

from console import output
from console.progress import errors
from console.speakers import speakers
from console.times import moment
from runtime.counts import counted
from runtime.settings import load


def stories(
    ids: Annotated[
        list[str] | None, typer.Argument(help="Ids of stories. Else the latest.", metavar="[STORY…]")
    ] = None,
    since: Annotated[
        str | None, typer.Option(help="That a report came to since: a date, or 90m, 2h, 7d.", metavar="TIME")
    ] = None,
    speaker: Annotated[list[str] | None, typer.Option(help="Of these speakers.", metavar="QID")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="The last that changed.", metavar="N")] = 10,
    apart: Annotated[
        bool, typer.Option("--apart", help="Instead, the reactions and background that are in no story.")
    ] = False,
    as_json: Annotated[
        bool,
        typer.Option("--json", help="One JSON object per line, for each story; with --apart for each report."),
    ] = False,
) -> None:
    """Show who reported which remarks, when, in which words, who only copied, and what was new.

    A story that is named is shown whole: its remarks by number, with all wordings at full length, who has them and
    since when, and what a changed article took back; then each article with its address, which remarks it is the first
    to have, has, and leaves out, and where it was changed its version, and whose copies are older. Its id is what
    `override` takes; what stands before the hyphen is that of the article, which `forget` takes. With --json also what
    the boxes do not show: `story`, `reports`, `remarks` as docs/indices.md has them, `retracted` remarks of earlier
    versions, and of `articles` their versions.

    \b
    Examples:
      remarkwire stories
      remarkwire stories --since 1d --speaker Q58217
      remarkwire stories s-2f1c9b7d5e3a8640
      remarkwire stories --apart --since 2d
      remarkwire stories --since 7d --limit 1000 --json | jq -r '.reports[] | select(.role == "copy").url'
    """
    from console import stories as search
    from console import story_panels as panels
    from runtime import elastic

    wanted, begin = speakers(speaker), moment(since)
    if ids and (wanted or begin or apart):
        raise typer.BadParameter("name stories, or give --since, --speaker and --apart")
    settings = load()
    prefix = settings.pipeline.index_prefix
    counts: dict[str, int] = {}
    with contextlib.closing(elastic.client(settings)) as client:
        if apart:
            _print_apart(search.apart(client, prefix, speakers=wanted, since=begin, most=limit), as_json)
            return
        if ids:
            found = search.named(client, prefix, ids)
        else:
            found = search.latest(client, prefix, speakers=wanted, since=begin, most=limit)
            counts = search.count_apart(client, prefix, speakers=wanted, since=begin)
    if as_json:
        for story in found.stories:
            print(output.json_line(found.of(story)))
        return
    if not found.stories:
        errors.print("no stories")
    out = _out()
    remarks = [*found.remarks, *found.retracted]
    panels.stories(out, found.stories, found.reports, remarks, found.articles, ids=True, whole=bool(ids))
    if any(counts.values()):
        told = (counted(counts["reaction"], "reaction"), counted(counts["background"], "background piece"))
        out.print(f"In no story: {', '.join(told)}; `remarkwire stories --apart` lists them", style="dim")


def _print_apart(reports: list[dict[str, Any]], as_json: bool) -> None:
    from console.story_panels import apart

    if as_json:
        for report in reports:
            print(output.json_line(report))
        return
    if not reports:
        errors.print("every reaction and all background is in a story")
    apart(_out(), reports)


def _out() -> output.Out:
    from console.story_panels import WIDTH

    out = output.out()
    if not out.is_terminal:
        out.width = WIDTH
    return out
