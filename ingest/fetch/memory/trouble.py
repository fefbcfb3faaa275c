"""What comes of the fetcher's files when their disk has no room, or they are damaged.

Both end the process as what may pass, so that it is started again: a disk has room again some day, and a damaged file
is put aside, without which the next start begins anew. What was known of pages is then lost, so they are fetched again,
under the same ids; news that nobody fetches meanwhile would be lost for good.
"""

import contextlib
import errno
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from ingest.fetch.memory.shards import Shard, states_in
from schemas.errors import SettingsError, StateUnavailable

_MAY_PASS = {errno.ENOSPC, errno.EDQUOT, errno.EIO}


def not_written(folder: Path, error: OSError) -> SettingsError | StateUnavailable:
    """What is to be raised where the folder of the state refuses us: no room may pass, missing rights do not."""
    kind = StateUnavailable if error.errno in _MAY_PASS else SettingsError
    return kind(f"pipeline.data: {folder} cannot be written ({error.strerror})")


@contextlib.contextmanager
def told(folder: Path, shard: Shard) -> Iterator[None]:
    """Raises ``StateUnavailable`` for what SQLite meets meanwhile; damaged files that are not another fetcher's are put
    aside. To be entered with the shard's lock, before its files are opened.
    """
    try:
        yield
    except sqlite3.OperationalError as error:
        # Python's own check of texts has the kind of error of a full disk.
        if "decode to UTF-8" not in str(error):
            raise StateUnavailable(f"pipeline.data: {folder} cannot be written ({error})") from error
        raise StateUnavailable(_put_aside(folder, shard, error)) from error
    except sqlite3.DatabaseError as error:
        # Its other heirs are defects of ours.
        if type(error) is not sqlite3.DatabaseError:
            raise
        raise StateUnavailable(_put_aside(folder, shard, error)) from error


@contextlib.contextmanager
def looked_at(folder: Path) -> Iterator[None]:
    """For who only looks at the states: raises ``StateUnavailable`` for what SQLite meets, and moves nothing."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if type(error) not in {sqlite3.DatabaseError, sqlite3.OperationalError}:
            raise
        damaged = next((file for file, _ in states_in(folder) if _broken(file)), None)
        what = f"{folder}: the fetcher's state cannot be read" if damaged is None else f"{damaged}: damaged"
        then = "" if damaged is None else "; `remarkwire fetch` puts it aside and begins anew"
        raise StateUnavailable(f"{what} ({error}){then}") from error


def _put_aside(folder: Path, shard: Shard, error: sqlite3.DatabaseError) -> str:
    """Moves the damaged file away; returns what is to be said."""
    state = shard.state_path(folder)
    others = dict(states_in(folder))
    # The error does not name its file. Bytes that are wrong inside of a value show to us alone, in the state.
    file = next((one for one in (state, shard.cache_path(folder), *others) if _broken(one)), state)
    if file != state and others.get(file, Shard(0, 0)).count == shard.count:
        return f"{file}: damaged ({error}); its own fetcher puts it aside, start that one"
    aside = file.with_name(f"{file.name}.damaged")
    try:
        # With its log, without which a database that is only cut off lacks what was written last.
        file.replace(aside)
        with contextlib.suppress(FileNotFoundError):
            file.with_name(f"{file.name}-wal").replace(f"{aside}-wal")
        file.with_name(f"{file.name}-shm").unlink(missing_ok=True)
    except OSError as refused:
        return f"{file}: damaged ({error}), and cannot be put aside as {aside.name} ({refused.strerror}); move it away"
    return f"{file}: damaged ({error}); put aside as {aside.name}, and the next start begins without it"


def _broken(file: Path) -> bool:
    try:
        with contextlib.closing(sqlite3.connect(file)) as db:
            found: str = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.OperationalError:
        return False
    except sqlite3.DatabaseError:
        return True
    return found != "ok"
