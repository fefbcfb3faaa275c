"""``remarkwire stories``: the question of the project, asked on the command line."""

import contextlib
from typing import Annotated

import typer

from console import output
from console.progress import errors
from console.speakers import speakers
from console.times import moment
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
    as_json: Annotated[
        bool,
        typer.Option(
            "--json", help="One JSON object per line: story, reports, remarks, articles, as in docs/indices.md."
        ),
    ] = False,
) -> None:
    """Show who reported which remarks, when, in which words, who only copied, and what was new.

    A story that is named is shown whole: its remarks by number, with all wordings at full length, who has them and
    since when; then each article with its address and which remarks it is the first to have, has, and leaves out. Its
    id is what `override` takes; what stands before the hyphen is that of the article, which `forget` takes.

    \b
    Examples:
      remarkwire stories
      remarkwire stories --since 1d --speaker Q58217
      remarkwire stories s-2f1c9b7d5e3a8640
      remarkwire stories --since 7d --limit 1000 --json | jq -r '.reports[] | select(.role == "copy").url'
    """
    from console.stories import latest, named
    from console.story_panels import WIDTH
    from console.story_panels import stories as panels
    from runtime import elastic

    wanted, begin = speakers(speaker), moment(since)
    if ids and (wanted or begin):
        raise typer.BadParameter("name stories, or give --since and --speaker")
    settings = load()
    prefix = settings.pipeline.index_prefix
    with contextlib.closing(elastic.client(settings)) as client:
        found = named(client, prefix, ids) if ids else latest(client, prefix, speakers=wanted, since=begin, most=limit)
    if as_json:
        for story in found.stories:
            print(output.json_line(found.of(story)))
        return
    if not found.stories:
        errors.print("no stories")
    out = output.out()
    if not out.is_terminal:
        out.width = WIDTH
    panels(out, found.stories, found.reports, found.remarks, found.articles, ids=True, whole=bool(ids))
