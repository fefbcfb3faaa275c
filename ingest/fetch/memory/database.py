"""The file beneath ``state``: its tables, its version and how it is opened. SQLite, WAL."""

import sqlite3
from pathlib import Path

from schemas.errors import SettingsError

VERSION = 4
_SCHEMA = """
CREATE TABLE IF NOT EXISTS sources (
    url TEXT PRIMARY KEY, answer TEXT, due_ms INTEGER NOT NULL, interval_s REAL NOT NULL,
    polls INTEGER NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0, note TEXT,
    since_ms INTEGER, ok_ms INTEGER, new_ms INTEGER, unreached INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE IF NOT EXISTS volumes (
    url TEXT NOT NULL, day INTEGER NOT NULL, new INTEGER NOT NULL, PRIMARY KEY (url, day)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS articles (
    article_id TEXT PRIMARY KEY, announced BLOB NOT NULL, host TEXT NOT NULL, published_ms INTEGER NOT NULL,
    due_ms INTEGER, first_ms INTEGER, last_ms INTEGER, visits INTEGER NOT NULL DEFAULT 0,
    checks INTEGER NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0, watched INTEGER NOT NULL DEFAULT 0,
    body_hash TEXT, note TEXT, seen_ms INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX IF NOT EXISTS articles_due ON articles (due_ms) WHERE due_ms IS NOT NULL;
CREATE TABLE IF NOT EXISTS pages (article_id TEXT PRIMARY KEY, raw BLOB NOT NULL, kept_ms INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS discovered (
    home TEXT NOT NULL, url TEXT NOT NULL, kind TEXT NOT NULL, PRIMARY KEY (home, url)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS taken_over (name TEXT PRIMARY KEY, changed_ns INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS offsets (
    topic TEXT NOT NULL, partition INTEGER NOT NULL, next INTEGER NOT NULL, PRIMARY KEY (topic, partition)
) STRICT, WITHOUT ROWID;
"""
_BUSY_SECONDS = 30.0


class Transaction:
    """A context manager: all that is written in it, or nothing."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._db.execute("COMMIT")
        elif self._db.in_transaction:
            # A full disk has rolled it back by itself, and that is what is to be told.
            self._db.execute("ROLLBACK")


def opened(path: Path) -> sqlite3.Connection:
    """The state's file, made where it is missing, of today's version. Raises ``SettingsError`` for any other.

    Like all that uses it: ``sqlite3.OperationalError`` where the disk has no room, ``sqlite3.DatabaseError`` where the
    file is damaged (``trouble``).
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(path, isolation_level=None, timeout=_BUSY_SECONDS)
    db.execute("PRAGMA journal_mode=WAL")
    # In WAL the file stays whole in any case and a killed process loses nothing; what a power cut takes back is
    # fetched once more, with the same ids.
    db.execute("PRAGMA synchronous=NORMAL")
    found = db.execute("PRAGMA user_version").fetchone()[0]
    if found not in {0, 2, 3, VERSION}:
        db.close()
        raise SettingsError(f"{path}: fetch state has version {found}, this code reads {VERSION}; move it away")
    db.executescript(_SCHEMA)
    if found in {2, 3}:
        _take_over(db)
    if not found:
        db.execute(f"PRAGMA user_version={VERSION}")
    return db


def _take_over(db: sqlite3.Connection) -> None:
    """Version 2 did not note when an article was seen last; what it knows counts as seen today. Version 3 did not note
    which failures of a source were answers; a status in the last one's note tells, else nobody was reached.
    """
    with Transaction(db):
        found = db.execute("PRAGMA user_version").fetchone()[0]
        if found == VERSION:
            return
        if found == 2:
            db.execute("ALTER TABLE articles ADD COLUMN seen_ms INTEGER NOT NULL DEFAULT 0")
            db.execute("UPDATE articles SET seen_ms = strftime('%s', 'now') * 1000")
        db.execute("ALTER TABLE sources ADD COLUMN unreached INTEGER NOT NULL DEFAULT 0")
        db.execute("UPDATE sources SET unreached = failures WHERE coalesce(note, '') NOT LIKE '%: status %'")
        db.execute(f"PRAGMA user_version={VERSION}")
