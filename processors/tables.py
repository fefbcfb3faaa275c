"""Looks whether the tables on this disk are sound, before Faust opens them.

They are a cache of their changelogs, so one that is damaged is deleted and made again. Without this a worker whose
files are damaged would end for ever in the same way; worse, RocksDB's iteration stops at a block whose checksum is
wrong as if it were the end, and Faust does not ask why: half of the state would be missing, and nothing would say so.
"""

import shutil
from pathlib import Path

from rocksdict import Options, Rdict

from runtime.logging import logger

log = logger(__name__)
# Not the files' fault: another process has them (it is just ending), or there is no room to open them.
_NOT_DAMAGE = ("/LOCK:", "No space left", "Permission denied")


def drop_damaged(folder: Path) -> list[Path]:
    """Reads every table under ``folder`` whole, and deletes those that cannot be read; returns these."""
    dropped = []
    for table in sorted(folder.glob("v*/tables/*.db")):
        why = damage(table)
        if why is not None:
            log.error("table is damaged; it is deleted and made again from its changelog", table=str(table), why=why)
            shutil.rmtree(table)
            dropped.append(table)
    return dropped


def damage(table: Path) -> str | None:
    """What is wrong with the files of a table; None where it can be read from its first entry to the last."""
    try:
        store = Rdict(str(table), Options(raw_mode=True))
        try:
            entries = store.iter()
            entries.seek_to_first()
            while entries.valid():
                entries.next()
            entries.status()
        finally:
            store.close()
    except Exception as error:  # noqa: BLE001 - rocksdict raises nothing more special
        text = str(error)
        return None if any(word in text for word in _NOT_DAMAGE) else text[:300]
    return None
