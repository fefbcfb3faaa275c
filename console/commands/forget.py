"""``remarkwire forget``."""

import json
from collections.abc import Mapping
from typing import Annotated

import typer

from console.progress import bar, errors
from console.prompts import confirm
from runtime import elastic
from runtime.counts import counted
from runtime.lifecycle import stopping
from runtime.settings import load


def forget(
    articles: Annotated[list[str] | None, typer.Argument(help="Article ids.", metavar="[ARTICLE…]")] = None,
    url: Annotated[list[str] | None, typer.Option(help="Articles by their addresses.", metavar="URL")] = None,
    outlet: Annotated[
        list[str] | None, typer.Option(help="All articles of these outlets, each by its host or name.", metavar="HOST")
    ] = None,
    purge: Annotated[
        bool,
        typer.Option("--purge", help="Their records in articles.raw, too: partitions are rewritten, and cleaned anew."),
    ] = False,
    note: Annotated[str, typer.Option(help="Why, for the record; nothing of the content.", metavar="TEXT")] = "",
    wait: Annotated[float, typer.Option(min=1, help="Seconds to wait for each stage to pass.", metavar="S")] = 300.0,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was removed as one JSON object.")] = False,
) -> None:
    """Take articles out of everything: indices, tables, derived topics, in every generation.

    Reports of other articles are decided again. The stages must be running. What was done is kept in the topic
    `forgotten`, without the content; an article in it never comes back by a revisit or a replay. docs/replay.md says
    what stays until its retention ends. Nothing is taken out where one of those named is not in articles.raw.

    \b
    Examples:
      remarkwire forget --url https://outlet.example/2026/06/wrong --note "published in error"
      remarkwire forget 4f2c0a9be1d34c5580d1a2b3c4d5e6f7 --purge
      remarkwire forget --outlet outlet.example --purge --yes
    """
    from console import forget as forgetting
    from ingest.identity import article_id

    ids = {one: one for one in articles or []} | {article_id(address): address for address in url or []}
    if not ids and not outlet:
        raise typer.BadParameter("name articles, addresses (--url) or outlets (--outlet)")
    settings = load()
    with bar("reading articles.raw") as advance:
        found = forgetting.find_articles(settings, ids, outlet or [], advance)
    if not yes:
        confirm(f"take {counted(len(found), 'article')} out for good?")
    client = elastic.client(settings)
    with stopping() as stop:
        try:
            done = forgetting.forget(settings, client, found, note, say=errors.print, wait=wait, stop=stop)
            rewritten = forgetting.purge(settings, found, say=errors.print, stop=stop) if purge else None
        except forgetting.Interrupted as interrupted:
            errors.print(str(interrupted))
            raise typer.Exit(130) from interrupted
        finally:
            client.close()
    if as_json:
        now, before = done.removed, done.before
        print(json.dumps({"articles": done.articles, "removed": now, "removed_before": before, "raw": rewritten}))
        return
    errors.print(f"{counted(done.articles, 'article')} forgotten: {_told(done.removed) or 'nothing was left of them'}")
    if done.before:
        errors.print(f"by earlier calls: {_told(done.before)}")
    if rewritten is not None:
        gone = counted(rewritten["removed"], "record")
        errors.print(f"articles.raw: {gone} removed, {rewritten['rewritten']} rewritten")


def _told(removed: Mapping[str, int]) -> str:
    """``removed``: counts by what it was, such as ``records of remarks``."""
    told = []
    for what, count in sorted(removed.items()):
        noun, *of = what.split(" ", 1)
        told.append(" ".join([counted(count, noun.removesuffix("s")), *of]))
    return ", ".join(told)
