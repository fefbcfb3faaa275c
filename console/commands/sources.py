"""``remarkwire sources``: how the sources fare, and what an address would bring."""

import asyncio
import contextlib
import json
import os
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer

from console import output
from console.progress import errors
from runtime.logging import configure
from runtime.settings import Settings, load
from runtime.visible import visible
from schemas.errors import InputError

if TYPE_CHECKING:
    from ingest.fetch.health import Fare
    from ingest.fetch.web.polite import PoliteClient
    from schemas.article import Outlet

app = typer.Typer(
    help="The outlets that are watched: list, add, test, discover.", no_args_is_help=True, rich_markup_mode="rich"
)

Address = Annotated[str, typer.Argument(help="A feed, a sitemap, a robots.txt, a home page or an article.")]


@app.command(name="list")
def list_(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line instead of a table.")] = False,
    health: Annotated[
        str | None, typer.Option(help="Only those that are so: new, ok, failing, silent.", metavar="WORD")
    ] = None,
) -> None:
    """How each source fares: health, last success, new articles against the usual, next poll.

    Silent is a source that answers and has brought nothing for far longer than is usual for it.

    \b
    Examples:
      remarkwire sources list
      remarkwire sources list --health silent
      remarkwire sources list --json | jq 'select(.failures > 3)'
    """
    from console.source_tables import source_row, source_table
    from ingest.fetch.volume import Health

    if health not in {None, *get_args(Health)}:
        raise typer.BadParameter(f"--health {health!r} is none; known are: {', '.join(get_args(Health))}")
    settings = load()
    now = time.time_ns() // 1_000_000
    found = [fare for fare in _fares(settings, now) if health in {None, fare.health}]
    if as_json:
        for fare in found:
            print(json.dumps(source_row(fare)))
        return
    out = output.out()
    out.print(source_table(found, now))


@app.command(name="test")
def try_(url: Address, characters: Annotated[int, typer.Option(min=0, help="Of the text, at most.")] = 3000) -> None:
    """Show what would be found at an address, and its first article cleaned, as text. Nothing is kept.

    \b
    Examples:
      remarkwire sources test https://outlet.example/rss.xml
      remarkwire sources test https://outlet.example/2026/11/an-article.html
    """
    from console.source_tables import preview_lines
    from ingest.fetch.preview import preview

    settings = load()

    async def look() -> Any:
        async with _client(settings) as client:
            return await preview(client, url, _outlet(settings, url), max_bytes=settings.fetch.max_bytes)

    found = asyncio.run(look())
    for line in preview_lines(found, characters):
        print(visible(line))
    if found.problem is not None:
        errors.print(found.problem, soft_wrap=True, markup=False)
        raise typer.Exit(1)


@app.command()
def discover(url: Annotated[str, typer.Argument(help="An outlet's home page.")]) -> None:
    """Look for the feeds and news sitemaps of a home page: link tags, robots.txt, common places.

    \b
    Examples:
      remarkwire sources discover https://outlet.example/
    """
    from console.source_tables import place_table

    settings = load()
    places = asyncio.run(_discovered(settings, url))
    output.out().print(place_table(places))
    if not places:
        raise typer.Exit(1)


@app.command()
def add(
    url: Address,
    name: Annotated[str, typer.Option(help="The outlet's name, as people know it.")],
    kind: Annotated[str, typer.Option(help="agency, state, broadcaster, paper or aggregator.")],
    outlet: Annotated[str | None, typer.Option(help="Its host; else that of the address.", metavar="HOST")] = None,
    country: Annotated[str | None, typer.Option(help="ISO 3166-1 alpha-2.", metavar="XX")] = None,
    lang: Annotated[str | None, typer.Option(help="ISO 639-1.", metavar="xx")] = None,
    check: Annotated[bool, typer.Option(help="Look at the address first.")] = True,
) -> None:
    """Add an outlet to the list of sources; what stands in the file stays as it is.

    Of a home page the feeds and sitemaps are looked for and written down. The outlet's host is its id everywhere, so
    one that another outlet has, or that is a mere address, is warned of.

    \b
    Examples:
      remarkwire sources add https://outlet.example/rss.xml --name Outlet --kind paper --country GB --lang en
    """
    from ingest.fetch.poll import kind_of_sitemap
    from ingest.identity import host_of, is_root
    from ingest.sources import SourceEntry, doubts, listed, text_of, with_source

    settings = load()
    path = settings.fetch.sources
    _refuse_known(path, [url])
    given: dict[str, Any] = {"outlet": outlet or host_of(url), "name": name, "country": country, "lang": lang}
    given["kind"] = kind
    if is_root(url) and check:
        places = asyncio.run(_discovered(settings, url))
        if not places:
            raise InputError(f"{url}: no feed and no news sitemap was found")
        given["feeds"] = [place.url for place in places if place.kind == "feed"]
        given["sitemaps"] = [place.url for place in places if place.kind == "sitemap"]
    elif is_root(url):
        given["discover"] = url
    else:
        what = asyncio.run(_what(settings, url)) if check else "feed"
        given["sitemaps" if "sitemap" in what or kind_of_sitemap(url) == "robots" else "feeds"] = [url]
    entry = _validated(SourceEntry, given)
    _refuse_known(path, [*entry.feeds, *entry.sitemaps])
    unsure = doubts(entry, listed(path))
    _write(path, with_source(text_of(path) if path.exists() else "", entry, str(path)))
    errors.print(f"{path}: {entry.outlet} added")
    for doubt in unsure:
        errors.print(f"look again: {doubt}", soft_wrap=True, markup=False)


def _refuse_known(path: Path, urls: list[str]) -> None:
    """Raises ``InputError`` where one of the addresses is in the list."""
    from ingest.sources import listed

    for source in listed(path):
        for url in urls:
            if url in {*source.feeds, *source.sitemaps, source.discover}:
                raise InputError(f"{path}: {source.outlet} is there already, with {url}; nothing was added")


def _validated(model: Any, given: dict[str, Any]) -> Any:
    from pydantic import ValidationError

    try:
        return model.model_validate(given)
    except ValidationError as error:
        details = "; ".join(f"{item['loc'][0]}: {item['msg']}" for item in error.errors(include_url=False))
        raise InputError(f"the outlet cannot be added: {details}") from error


async def _what(settings: Settings, url: str) -> str:
    from ingest.fetch.preview import preview

    async with _client(settings) as client:
        found = await preview(client, url, _outlet(settings, url), max_bytes=settings.fetch.max_bytes)
    if found.what in {"article", "home page"}:
        raise InputError(f"{url}: is neither a feed nor a sitemap but a page; give the address of a feed or home page")
    return found.what


async def _discovered(settings: Settings, url: str) -> list[Any]:
    from ingest.fetch.lists.discover import discover as look

    async with _client(settings) as client:
        return [*await look(client, url, _outlet(settings, url), max_bytes=settings.fetch.max_bytes)]


def _client(settings: Settings) -> "PoliteClient":
    from ingest.fetch.web.polite import PoliteClient

    configure(settings.log, "sources")
    return PoliteClient(settings.fetch.model_copy(update={"attempts": min(2, settings.fetch.attempts)}))


def _outlet(settings: Settings, url: str) -> "Outlet":
    """The outlet that the list names for an address; else its site."""
    from ingest.fetch.lists.discover import outlet_at
    from ingest.identity import host_of, site_of
    from ingest.sources import listed

    sources = listed(settings.fetch.sources)
    for source in sources:
        if url in {*source.feeds, *source.sitemaps, source.discover}:
            return source.as_outlet()
    site = site_of(host_of(url))
    return next((source.as_outlet() for source in sources if site_of(source.outlet) == site), outlet_at(url))


def _fares(settings: Settings, now_ms: int) -> "list[Fare]":
    from ingest.fetch.health import all_fares, with_discovered
    from ingest.fetch.memory.shards import states_in
    from ingest.fetch.memory.state import State
    from ingest.fetch.memory.trouble import looked_at
    from ingest.fetch.poll import sources_of
    from ingest.sources import load_sources

    sources = sources_of(load_sources(settings.fetch.sources), settings.fetch.interval_seconds)
    with contextlib.ExitStack() as stack:
        stack.enter_context(looked_at(settings.pipeline.data))
        states = [stack.enter_context(State(path)) for path, _ in states_in(settings.pipeline.data)]
        known = {source.url: source for state in states for source in with_discovered(state, sources)}
        return all_fares(states, [*({source.url: source for source in sources} | known).values()], now_ms)


def _write(path: Path, text: str) -> None:
    """Whole or not at all. Where a link leads to the list it stays one, and who may read the list stays as it is."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        target = path.resolve()
        beside = target.with_name(f".{target.name}.{os.getpid()}")
        beside.write_text(text, encoding="utf-8")
        if target.exists():
            shutil.copymode(target, beside)
        beside.replace(target)
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror}; nothing was added") from error
