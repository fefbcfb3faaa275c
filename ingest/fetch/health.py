"""How sources fare, from what the state remembers."""

from collections.abc import Iterable
from dataclasses import dataclass

from ingest.fetch.memory.state import SourceState, State
from ingest.fetch.poll import Source, kind_of_sitemap
from ingest.fetch.volume import Health, Volume, health, volume
from runtime.logging import logger
from runtime.metrics import SOURCE_NEVER_WORKED, SOURCE_SILENT, SOURCES

_log = logger(__name__)


@dataclass(frozen=True)
class Fare:
    """A source with its state; ``state`` None: it was never asked."""

    source: Source
    health: Health
    volume: Volume
    state: SourceState | None


def with_discovered(state: State, sources: Iterable[Source]) -> list[Source]:
    """The sources, and after each home page what was found behind it; each address once, as first named."""
    out: dict[str, Source] = {}
    for source in sources:
        out.setdefault(source.url, source)
        for url, kind in state.discovered(source.url) if source.kind == "home" else ():
            place = Source(url, kind_of_sitemap(url) if kind == "sitemap" else "feed", source.outlet, source.interval)
            out.setdefault(url, place)
    return list(out.values())


def fares(state: State, url: str, now_ms: int) -> tuple[Health, Volume]:
    """Health and volume of a source."""
    known = state.source(url)
    return _judged(known, state.daily(url) if known else {}, now_ms)


def look(state: State, sources: Iterable[Source], now_ms: int) -> int:
    """Shows in metrics and log how the sources fare; returns how many are silent."""
    counts: dict[Health, int] = {"new": 0, "ok": 0, "failing": 0, "silent": 0}
    SOURCE_SILENT.clear()
    for source in sources:
        word, found = fares(state, source.url, now_ms)
        counts[word] += 1
        known = state.source(source.url)
        SOURCE_NEVER_WORKED.labels(source.url).set(known is None or known.ok_ms is None)
        if found.silent_ms is not None:
            SOURCE_SILENT.labels(source.url).set(found.silent_ms / 1000)
            if word == "silent":
                _log.warning("source is silent", source=source.url, hours=round(found.silent_ms / 3_600_000))
    for name, count in counts.items():
        SOURCES.labels(name).set(count)
    return counts["silent"]


def all_fares(states: Iterable[State], sources: Iterable[Source], now_ms: int) -> list[Fare]:
    """Every source with its newest state among those of all shards."""
    opened = list(states)
    out = []
    for source in sources:
        found = [(known, state) for state in opened if (known := state.source(source.url)) is not None]
        if not found:
            out.append(Fare(source, "new", Volume(None, 0), None))
            continue
        known, state = max(found, key=lambda pair: (pair[0].ok_ms or 0, pair[0].due_ms))
        word, much = _judged(known, state.daily(source.url), now_ms)
        out.append(Fare(source, word, much, known))
    return out


def _judged(known: SourceState | None, daily: dict[int, int], now_ms: int) -> tuple[Health, Volume]:
    if known is None or known.since_ms is None:
        return health(polls=0, failures=known.failures if known else 0, found=Volume(None, 0)), Volume(None, 0)
    found = volume(daily, since_ms=known.since_ms, last_new_ms=known.new_ms, now_ms=now_ms)
    return health(polls=known.polls, failures=known.failures, found=found), found
