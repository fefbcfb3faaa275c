"""How sources and what an address would bring are shown."""

import datetime
from collections.abc import Iterator
from typing import Any

from rich.markup import escape
from rich.table import Table

from ingest.fetch.health import Fare
from ingest.fetch.lists.discover import Place
from ingest.fetch.preview import Preview
from runtime.counts import counted
from schemas.article import CleanArticle, SkippedArticle

_MOST_ENTRIES = 15
_COLOURS = {"ok": "green", "new": "dim", "failing": "red", "silent": "yellow"}


def source_row(fare: Fare) -> dict[str, Any]:
    """A source as JSON; times in ISO 8601."""
    state = fare.state
    return {
        "outlet": fare.source.outlet.id,
        "name": fare.source.outlet.name,
        "kind": fare.source.kind,
        "url": fare.source.url,
        "health": fare.health,
        "last_success": _iso(state.ok_ms) if state else None,
        "last_new": _iso(state.new_ms) if state else None,
        "new_today": fare.volume.today,
        "usual_per_day": None if fare.volume.usual is None else round(fare.volume.usual, 1),
        "silent_hours": None if fare.volume.silent_ms is None else round(fare.volume.silent_ms / 3_600_000, 1),
        "next_poll": _iso(state.due_ms) if state else None,
        "failures": state.failures if state else 0,
        "note": state.note if state else None,
    }


def source_table(fares: list[Fare], now_ms: int) -> Table:
    """All sources, those in trouble first; in 80 columns the addresses are what is folded."""
    counts = {word: sum(fare.health == word for fare in fares) for word in _COLOURS}
    table = Table(title=", ".join(f"{count} {word}" for word, count in counts.items() if count), title_justify="left")
    table.add_column("source", overflow="fold")
    table.add_column("health", no_wrap=True)
    for column in ("last\nsuccess", "today /\nusual", "next\npoll"):
        table.add_column(column, justify="right", no_wrap=True)
    order = {"failing": 0, "silent": 1, "new": 2, "ok": 3}
    for fare in sorted(fares, key=lambda one: (order[one.health], one.source.outlet.id, one.source.url)):
        state, much = fare.state, fare.volume
        usual = "–" if much.usual is None else f"{much.usual:.1f}"
        note = state.note or "" if state else ""
        if fare.health == "silent" and much.silent_ms is not None:
            note = f"nothing new for {_span(much.silent_ms)}"
        lines = (f"{fare.source.outlet.id} ({fare.source.kind})", fare.source.url, note[:200])
        table.add_row(
            escape("\n".join(filter(None, lines))),
            f"[{_COLOURS[fare.health]}]{fare.health}[/]",
            f"{_span(now_ms - state.ok_ms)} ago" if state and state.ok_ms else "never",
            f"{much.today} / {usual}",
            "" if state is None else "now" if state.due_ms <= now_ms else f"in {_span(state.due_ms - now_ms)}",
        )
    return table


def place_table(places: list[Place]) -> Table:
    """Feeds and sitemaps that were found."""
    table = Table(title=f"{len(places)} found", title_justify="left")
    for column in ("kind", "address", "entries", "newest"):
        table.add_column(column, overflow="fold", justify="right" if column == "entries" else "left")
    for place in places:
        newest = place.newest.isoformat(timespec="minutes") if place.newest else ""
        table.add_row(place.kind, escape(place.url), str(place.entries), newest)
    return table


def preview_lines(found: Preview, characters: int) -> Iterator[str]:
    """What was found, as plain text."""
    yield f"{found.url}: {found.what}"
    for place in found.places:
        yield f"  {place.kind} {place.url}: {counted(place.entries, 'entry', 'entries')}"
    if found.entries:
        yield counted(len(found.entries), "entry", "entries")
    for entry in found.entries[:_MOST_ENTRIES]:
        date = entry.published.isoformat(timespec="minutes") if entry.published else "no date"
        yield f"  {date}  {entry.facts.title if entry.facts and entry.facts.title else '–'}"
        yield f"    {entry.url}"
    if len(found.entries) > _MOST_ENTRIES:
        yield f"  … {len(found.entries) - _MOST_ENTRIES} more"
    for why, count in sorted(found.dropped.items()):
        yield f"not taken: {count} ({why})"
    if isinstance(found.article, SkippedArticle):
        yield f"\n{found.article.url}\nskipped: {found.article.reason} {found.article.detail}".rstrip()
    elif isinstance(found.article, CleanArticle):
        yield from _article(found.article, characters)


def _article(article: CleanArticle, characters: int) -> Iterator[str]:
    yield f"\n{article.url}"
    facts = {
        "title": article.title,
        "published": f"{article.published.isoformat()} (from {article.published_from})" if article.published else None,
        "authors": ", ".join(article.authors) or None,
        "language": article.lang,
        "outlet": article.outlet.name or article.outlet.id,
        "section": article.section,
        "credited": article.credited,
        "canonical": f"{article.canonical_url} (as ids are made of it)" if article.canonical_url else None,
    }
    for name, value in facts.items():
        if value:
            yield f"{name + ':':<11}{value}"
    yield ""
    yield article.text[:characters] + (" …" if len(article.text) > characters else "")


def _iso(ms: int | None) -> str | None:
    return None if ms is None else datetime.datetime.fromtimestamp(ms / 1000, datetime.UTC).isoformat()


def _span(ms: float) -> str:
    seconds = ms / 1000
    for size, word in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.0f} {word}"
    return f"{seconds:.0f} s"
