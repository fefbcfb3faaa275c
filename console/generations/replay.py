"""One replay from beginning to end: note it, make it, hold, fill, release, until the new generation has caught up."""

import contextlib
import datetime
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

import msgspec

from console.commands.setup import prepare
from console.generations import fill, lineage, registry, trial
from console.generations.fill import Progress
from runtime import kafka
from runtime.counts import counted
from runtime.records import offsets, partitions
from runtime.settings import Settings
from runtime.topics import names
from schemas import Generation
from schemas.errors import InputError, SettingsError, Transient
from schemas.topics import READS, STARTS

Pause = Callable[[float], bool]

# How often a replay looks whether its generation was pruned: well within what a prune waits for the workers' ends.
_LOOK_SECONDS = 5.0
# The workers wait for a broker that is away, and so does the replay: it may be hours long, and nobody sits beside it.
_UNANSWERED_SECONDS = 600.0


def begin(
    settings: Settings, live: int | None, wanted: Callable[[int, Generation], Generation]
) -> tuple[Generation, bool]:
    """The generation to fill, noted; and whether it is one that was begun before.

    ``wanted`` makes it from its number and the live generation. Raises ``SettingsError`` where there is none that is
    live, or where another replay is unfinished, and ``InputError`` for a trial of nothing.
    """
    known = registry.read(settings)
    if live is None or live not in known:
        raise SettingsError("nothing is live yet, so there is nothing to replay; run `remarkwire setup` first")
    one = wanted(max(known) + 1, known[live])
    open_one = lineage.unfinished(known)
    if open_one is not None:
        if lineage.same_replay(open_one, one):
            return open_one, True
        raise SettingsError(
            f"the replay into generation {open_one.generation} ({_options(open_one)}) is unfinished: let it go on "
            f"with these options, or remove it: remarkwire prune {open_one.generation}"
        )
    base = registry.settings_of(settings, known[live])
    if one.trial and not trial.has_any(settings, base, one):
        raise InputError(f"no record of {names(base, trial.copies_from(one))} fits these options; nothing was made")
    registry.write(settings, one)
    return one, False


def _options(one: Generation) -> str:
    options = [f"--from {one.start}"]
    options += [f"--{name} {at.isoformat()}" for name, at in (("since", one.since), ("until", one.until)) if at]
    return " ".join([*options, *(f"--speaker {speaker}" for speaker in one.speakers)])


def lost_before(base: Settings, one: Generation) -> dict[str, int]:
    """Topics that the replay begins at and whose first records are gone by retention, with how many those are."""
    looker = kafka.looker(base)
    gone: dict[str, int] = {}
    try:
        for topic in READS[STARTS[one.start]]:
            name = names(base, topic)
            for partition in partitions(looker, name):
                low, _ = offsets(looker, name, partition)
                if low:
                    gone[name] = gone.get(name, 0) + low
    finally:
        looker.close()
    return gone


def fill_generation(
    settings: Settings,
    one: Generation,
    workers: Callable[[Settings], AbstractContextManager[object]],
    *,
    say: Callable[[str], None],
    advance: Callable[[int, int | None], None],
    pause: Pause,
) -> bool:
    """Fills it; ``workers`` runs its stages while the context lasts. False where ``pause`` said to end; the same call
    goes on from there, because all that it has done lies in Kafka.

    Raises ``SettingsError`` where it was pruned meanwhile.
    """
    pause = _unless_pruned(settings, one, pause)
    theirs = registry.settings_of(settings, one)
    say("topics and indices")
    prepare(theirs)
    sorted_here = fill.fills_reports(one)
    if sorted_here:
        fill.mark(theirs, "hold")
    if one.trial:
        say("copying what the trial reads")
        count = trial.copy(theirs, registry.live(settings), one, advance)
        say(f"{counted(count, 'record')} copied")
        if not count:
            say(f"so there will be nothing to look at; remove it: remarkwire prune {one.generation}")

    def look(progress: Progress) -> None:
        advance(progress.done, progress.total)

    with workers(theirs):
        if sorted_here:
            say("reading up to what is there now")
            if not fill.rounds(theirs, fill.upstream(one), look, pause=pause, unanswered=_UNANSWERED_SECONDS):
                return False
            fill.mark(theirs, "release")
        say("deciding and indexing")
        if not fill.rounds(theirs, one.stages, look, pause=pause, within=float("inf"), unanswered=_UNANSWERED_SECONDS):
            return False
    now = datetime.datetime.now(datetime.UTC)
    registry.write(settings, msgspec.structs.replace(_still_filling(settings, one), state="ready", filled=now))
    return True


def _still_filling(settings: Settings, one: Generation) -> Generation:
    """The generation as it is noted now. Raises ``SettingsError`` where it is not to be filled any more."""
    noted = registry.known(registry.read(settings), one.generation)
    if noted.state == "pruned":
        raise SettingsError(f"generation {one.generation} was pruned meanwhile; begin another replay")
    return noted


def _unless_pruned(settings: Settings, one: Generation, pause: Pause) -> Pause:
    """A pause that also looks, now and then, whether the generation was pruned."""
    looked = time.monotonic()

    def looking(seconds: float) -> bool:
        nonlocal looked
        if time.monotonic() - looked >= _LOOK_SECONDS:
            looked = time.monotonic()
            # Where that cannot be told at the moment it goes on; it looks again, and before it is done.
            with contextlib.suppress(Transient):
                _still_filling(settings, one)
        return pause(seconds)

    return looking
