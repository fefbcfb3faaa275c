"""Who fills what, over all generations: what a new one reads, and what must stay when an old one goes. Pure."""

import datetime
from collections.abc import Iterable, Mapping

import msgspec

from schemas import Generation, StartName
from schemas.errors import SettingsError
from schemas.operations import StageName
from schemas.topics import FILLS, READS, STAGES, Topic, stages_from

# What a trial reads is copied, chosen, to topics of its own; `index` needs the articles beside the reports.
TRIAL_COPIES: Mapping[StartName, tuple[str, ...]] = {
    "raw": ("articles.raw",),
    "clean": ("articles.clean",),
    "annotated": ("articles.annotated",),
    "reports": ("articles.annotated", "reports"),
}


def filled_by(one: Generation, topic: Topic) -> int:
    """The generation whose topic of this role ``one`` reads or fills; 0 for what is there only once."""
    if topic.name in one.inputs:
        return one.inputs[topic.name]
    return one.generation if topic.derived else 0


def follow(
    number: int,
    base: Generation,
    start: StartName,
    made: datetime.datetime,
    *,
    since: datetime.datetime | None = None,
    until: datetime.datetime | None = None,
    speakers: Iterable[str] = (),
) -> Generation:
    """A new generation that is replayed from a topic of ``base``, the live one.

    What stands before its first stage it reads from whichever generation fills it for the live one. With ``since``,
    ``until`` or ``speakers`` it is a trial, which reads a copy of its own.
    """
    stages = stages_from(start)
    own = {topic.name for stage in stages for topic in FILLS[stage]}
    inputs = {
        topic.name: filled_by(base, topic)
        for stage in STAGES
        for topic in FILLS[stage]
        if topic.name not in own
    }  # fmt: skip
    chosen = sorted(set(speakers))
    trial = bool(since or until or chosen)
    if trial:
        inputs |= dict.fromkeys(TRIAL_COPIES[start], number)
    return Generation(
        generation=number, made=made, state="filling", start=start, stages=list(stages), inputs=inputs, trial=trial,
        since=since, until=until, speakers=chosen,
    )  # fmt: skip


def unfinished(generations: Mapping[int, Generation]) -> Generation | None:
    """The replay that was interrupted."""
    return next((one for one in generations.values() if one.state == "filling"), None)


def same_replay(one: Generation, wanted: Generation) -> bool:
    """Whether an unfinished replay is the one that is asked for, so that it goes on."""
    return (one.start, one.since, one.until, one.speakers) == (
        wanted.start, wanted.since, wanted.until, wanted.speakers,
    )  # fmt: skip


def fed(generations: Mapping[int, Generation]) -> list[Generation]:
    """The generations whose stages a running pipeline runs. A trial is a picture of a moment; one that is being filled
    is run by its replay.
    """
    return [one for one in generations.values() if one.stages and one.state != "filling" and not one.trial]


def last_promoted(generations: Mapping[int, Generation]) -> Generation | None:
    """The one that was made live last, the oldest where none was; None where there is none. Which one is live the read
    aliases say: this is for where they are gone, or where one that is fed and will stay is enough.
    """
    never = datetime.datetime.min.replace(tzinfo=datetime.UTC)
    there = [one for one in fed(generations) if one.state == "ready"]
    return max(there, key=lambda one: (one.promoted or never, -one.generation), default=None)


def kept(generations: Mapping[int, Generation], number: int) -> tuple[list[StageName], set[str]]:
    """What must stay of a generation that is pruned, because others read it: stages, and topics by role."""
    one = generations[number]
    by_name = {topic.name: topic for stage in STAGES for topic in FILLS[stage]}
    topics: set[str] = set()
    for other in generations.values():
        if other.generation != number:
            reads = [topic for stage in other.stages for topic in READS[stage]]
            topics |= {topic.name for topic in reads if other.inputs.get(topic.name) == number}
    stages: set[StageName] = set()
    waiting = sorted(topics)
    while waiting:
        name = waiting.pop()
        for stage in one.stages:
            if by_name.get(name) not in FILLS[stage] or stage in stages:
                continue
            stages.add(stage)
            beside = {t.name for t in (*FILLS[stage], *READS[stage]) if filled_by(one, t) == number}
            waiting += sorted(beside - topics)
            topics |= beside
    return [stage for stage in STAGES if stage in stages], topics


def pruned(one: Generation, stages: list[StageName]) -> Generation:
    """What is left of it in the list: nothing but what feeds others."""
    return msgspec.structs.replace(one, state="pruned", stages=stages)


def promotable(generations: Mapping[int, Generation], number: int, live: int | None) -> Generation:
    """Raises ``SettingsError`` that says why it cannot be promoted."""
    one = generations.get(number)
    if one is None or one.state == "pruned":
        there = ", ".join(str(n) for n, g in generations.items() if g.state != "pruned") or "none"
        raise SettingsError(f"generation {number} does not exist; there are: {there}")
    if one.trial:
        raise SettingsError(f"generation {number} is a trial, a part of the articles: look at it, then prune it")
    if one.state == "filling":
        raise SettingsError(f"generation {number} is being filled: let `remarkwire replay` end first")
    if number == live:
        raise SettingsError(f"generation {number} is live already")
    return one
