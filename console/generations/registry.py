"""Which generations there are: a small compacted topic. Which one is live: the read aliases, and nothing else.

Two places that both said what is live could disagree; so the topic holds only what Elasticsearch cannot know.
"""

import datetime
import functools
import re
from typing import Any

from elasticsearch import ApiError, Elasticsearch, NotFoundError, TransportError

from console.progress import errors
from runtime import elastic, kafka
from runtime.kafka import headers, origin
from runtime.records import exists, records
from runtime.settings import Settings
from runtime.topics import names
from schemas import Generation, headers_of
from schemas.errors import ElasticsearchUnavailable, MessageError, SettingsError
from schemas.index import alias_of
from schemas.topics import GENERATIONS

_KEY = re.compile(rb"[1-9][0-9]*")
_NUMBER = re.compile(r"-g([1-9][0-9]*)$")


def read(settings: Settings) -> dict[int, Generation]:
    """All generations, by number. Empty where `remarkwire setup` has not been run.

    Of each only the last record counts, as after compaction. Raises ``MessageError`` where that one cannot be read. A
    record whose key is no number is of none, and is passed over.
    """
    name = names(settings, GENERATIONS)
    if not exists(settings, name):
        return {}
    last = {record.key(): record for record in records(settings, name)}
    found = [_decoded(record) for record in last.values() if record.value() is not None and _of_one(record)]
    return {one.generation: one for one in sorted(found, key=lambda one: one.generation)}


def _of_one(record: Any) -> bool:
    if _KEY.fullmatch(record.key() or b""):
        return True
    _pass_over(_place(record))
    return False


@functools.cache
def _pass_over(place: str) -> None:
    """Says so once: `remarkwire run` reads the topic every few seconds."""
    errors.print(f"{place}: the key is no number of a generation; the record is passed over", markup=False)


def _decoded(record: Any) -> Generation:
    try:
        return Generation.decode(record.value(), headers(record))
    except MessageError as error:
        raise type(error)(
            f"{_place(record)}: {error}; which generations there are is not known until a sound record with this key, "
            "or one without a value where nothing is left of the generation, stands behind it"
        ) from error


def _place(record: Any) -> str:
    at = origin(record)
    return f"{at.topic}/{at.partition}/{at.offset} (key {(record.key() or b'').decode(errors='replace')!r})"


def write(settings: Settings, one: Generation) -> None:
    """Returns once it is durable. A generation is never taken off the list: its number must not be used again, since
    workers elsewhere may still have its tables.
    """
    deliveries = kafka.Deliveries(kafka.producer(settings))
    found = headers_of(one, "replay")
    deliveries.send(names(settings, GENERATIONS), one.encode(), key=str(one.generation), headers=found)
    deliveries.flush()


def register(settings: Settings) -> None:
    """Notes the generation that the settings name, where it is not known."""
    number = settings.pipeline.generation
    if number not in read(settings):
        now = datetime.datetime.now(datetime.UTC)
        stages = list(settings.pipeline.stages)
        one = Generation(
            generation=number, made=now, filled=now, state="ready", start="raw", stages=stages,
            inputs=settings.pipeline.inputs,
        )  # fmt: skip
        write(settings, one)


def settings_of(settings: Settings, one: Generation) -> Settings:
    """The settings for the stages of a generation."""
    update: dict[str, object] = {"generation": one.generation, "stages": list(one.stages), "inputs": dict(one.inputs)}
    if one.speakers:
        update["speakers"] = list(one.speakers)
    return settings.model_copy(update={"pipeline": settings.pipeline.model_copy(update=update)})


def live_number(client: Elasticsearch, prefix: str) -> int | None:
    """The generation that readers see; None where there is none yet.

    Raises ``SettingsError`` where the aliases disagree: somebody moved one by hand.
    """
    numbers = set()
    for role in ("articles", "reports", "remarks", "stories"):
        alias = alias_of(role, prefix)
        try:
            on = client.indices.get_alias(name=alias)
        except NotFoundError:
            continue
        except (ApiError, TransportError) as error:
            raise ElasticsearchUnavailable(
                f"Elasticsearch does not answer: {error}; is elasticsearch.url right?"
            ) from error
        numbers |= {int(found.group(1)) for index in on if (found := _NUMBER.search(index))}
    if len(numbers) > 1:
        raise SettingsError(
            f"the read aliases {alias_of('articles', prefix)}, … are on several generations ({sorted(numbers)}); "
            "put them on one with `remarkwire promote N --force`"
        )
    return next(iter(numbers), None)


def live_now(settings: Settings) -> int | None:
    """As ``live_number``, by a client of its own."""
    client = elastic.client(settings)
    try:
        return live_number(client, settings.pipeline.index_prefix)
    finally:
        client.close()


def live(settings: Settings) -> Settings:
    """The settings of the live generation; those given where nothing is set up yet."""
    known = read(settings)
    number = live_now(settings)
    if number is None or number not in known:
        return settings
    return settings_of(settings, known[number])


def of_number(settings: Settings, number: int | None, *, pruned: bool = True, feeding: bool = False) -> Settings:
    """The settings of a generation; of the live one without a number. Raises ``SettingsError`` for one unknown, and,
    unless ``pruned``, for one that was, unless it is ``feeding`` others and may be.
    """
    if number is None:
        return live(settings)
    one = known(read(settings), number)
    if one.state == "pruned" and not pruned and not (feeding and one.stages):
        raise SettingsError(
            f"generation {number} was pruned; give another one (`remarkwire generations` has them), or none for the "
            "live one: stages that feed a generation are shown with it"
        )
    return settings_of(settings, one)


def known(generations: dict[int, Generation], number: int) -> Generation:
    if number not in generations:
        there = ", ".join(map(str, generations)) or "none"
        raise SettingsError(f"generation {number} does not exist; there are: {there}")
    return generations[number]
