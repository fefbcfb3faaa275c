"""The two tables of ``group``: entries, one for each report, and the history of stock phrases.

Rulings stand beside the entries.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar, cast

import faust

from processors.faust_app import ConfirmedTable
from processors.group.grouper import Outcome
from runtime.settings import Settings
from runtime.steps import step
from runtime.topics import names
from schemas.topics import ENTRIES, STOCK, Topic

T = TypeVar("T")
# Values of a table that are read in one go.
_SLICE = 500


class Tables:
    """Both tables, written together: each has a changelog of its own."""

    def __init__(self, app: faust.App, settings: Settings) -> None:
        self._entries = _made(app, settings, "entries", ENTRIES)
        self._stock = _made(app, settings, "stock", STOCK)

    def store(self, puts: list[tuple[bytes, bytes]], outcome: Outcome) -> None:
        # The two tables have a changelog each, of which a crash may leave either without its last write. The record is
        # acknowledged after both; when it comes again, both writes are made again, from the entry if it is there.
        if outcome.said is not None:
            self._stock[outcome.said.report_id.encode()] = outcome.said.encode()
        for report_id in outcome.unsaid:
            self._stock.pop(report_id.encode(), None)
        # What an expiring entry still says of others is put before the entry goes.
        for key, value in puts:
            self._entries[key] = value
            step("group.table")
        for report_id in outcome.expired:
            self._entries.pop(report_id.encode(), None)

    def unconfirmed(self) -> list[Awaitable[Any]]:
        """Confirmations of the writes since the last call."""
        return self._stock.unconfirmed() + self._entries.unconfirmed()

    def again(self, key: bytes) -> list[tuple[bytes, bytes]]:
        """A stored entry is put again with its record: after a kill the table on this machine may have it, and the
        changelog, from which the next owner of the partition reads, not.
        """
        stored = self._entries.get(key)
        return [] if stored is None else [(key, stored)]

    async def values(self, lost: Callable[[], bool]) -> tuple[list[tuple[bytes, bytes]], list[bytes]] | None:
        """All that the two tables have, read a little at a time; None where partitions are ``lost`` meanwhile."""
        entries = await _in_slices(self._entries.items(), lost)
        said = None if entries is None else await _in_slices(self._stock.values(), lost)
        return None if entries is None or said is None else (entries, said)


async def _in_slices(values: Iterable[T], lost: Callable[[], bool]) -> list[T] | None:
    """All of them; others have their turn after each slice. None where they are ``lost`` then."""
    found: list[T] = []
    for value in values:
        found.append(value)
        if len(found) % _SLICE == 0:
            await asyncio.sleep(0)
            if lost():
                return None
    return found


def _made(app: faust.App, settings: Settings, name: str, changelog: Topic) -> ConfirmedTable:
    table = app.Table(
        name,
        partitions=settings.pipeline.partitions,
        changelog_topic=app.topic(names(settings, changelog), key_serializer="raw", value_serializer="raw"),
        options={"driver": "rocksdict"},
        key_type=bytes,
        value_type=bytes,
    )
    return cast("ConfirmedTable", table)


def size_of(file: Path) -> int:
    """Bytes of a file; 0 where it is gone meanwhile, as files of a store that compacts itself are."""
    try:
        return file.stat().st_size
    except OSError:
        return 0
