"""What the fetcher remembers: sources with their validators, and every article from its announcement on. SQLite, WAL.

The table of articles is also the queue: what a source announces is written in one transaction with the source's ETag,
so a crash loses nothing that a 304 would hide. An article counts as visited only after Kafka confirmed its delivery.
All times are milliseconds since 1970.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import msgspec

from ingest.fetch.announced import Announced
from schemas.errors import SettingsError
from schemas.message import epoch_ms

_VERSION = 1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS sources (
    url TEXT PRIMARY KEY, etag TEXT, modified TEXT, due_ms INTEGER NOT NULL, interval_s REAL NOT NULL,
    polls INTEGER NOT NULL DEFAULT 0, failures INTEGER NOT NULL DEFAULT 0, note TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS articles (
    article_id TEXT PRIMARY KEY, announced BLOB NOT NULL, published_ms INTEGER NOT NULL, due_ms INTEGER,
    first_ms INTEGER, last_ms INTEGER, visits INTEGER NOT NULL DEFAULT 0, checks INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0, body_hash TEXT, note TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS articles_due ON articles (due_ms) WHERE due_ms IS NOT NULL;
"""


@dataclass(frozen=True)
class SourceState:
    etag: str | None
    modified: str | None
    due_ms: int
    interval: float
    polls: int
    failures: int


@dataclass(frozen=True)
class ArticleState:
    """``first_ms`` is stamped once, before the first delivery is tried. ``visits``: confirmed deliveries; ``checks``:
    answers, changed or not; ``due_ms`` None: not looked at again.
    """

    article_id: str
    announced: Announced
    first_ms: int | None
    last_ms: int | None
    visits: int
    checks: int
    failures: int
    body_hash: str | None


class State:
    """Use as a context manager; one process at a time."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        found = self._db.execute("PRAGMA user_version").fetchone()[0]
        if found not in {0, _VERSION}:
            self._db.close()
            raise SettingsError(f"{path}: fetch state has version {found}, this code reads {_VERSION}")
        self._db.executescript(_SCHEMA)
        self._db.execute(f"PRAGMA user_version={_VERSION}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def source(self, url: str) -> SourceState | None:
        row = self._db.execute(
            "SELECT etag, modified, due_ms, interval_s, polls, failures FROM sources WHERE url = ?", (url,)
        ).fetchone()
        return SourceState(*row) if row else None

    def polled(
        self,
        url: str,
        entries: Iterable[tuple[str, Announced, int | None, str | None]],
        *,
        etag: str | None,
        modified: str | None,
        due_ms: int,
        interval: float,
    ) -> int:
        """A poll that succeeded: its entries (id, announced, due or None, note) and the source's state, at once.

        Returns how many articles are new. One that is known is due again where its source says it was updated since.
        """
        new = 0
        with self._transaction():
            for article_id, announced, when, note in entries:
                new += self._announce(article_id, announced, when, note)
            self._db.execute(
                "INSERT INTO sources (url, etag, modified, due_ms, interval_s, polls) VALUES (?, ?, ?, ?, ?, 1) "
                "ON CONFLICT (url) DO UPDATE SET etag = excluded.etag, modified = excluded.modified, "
                "due_ms = excluded.due_ms, interval_s = excluded.interval_s, polls = polls + 1, failures = 0, "
                "note = NULL",
                (url, etag, modified, due_ms, interval),
            )
        return new

    def poll_failed(self, url: str, *, due_ms: int, interval: float, note: str) -> None:
        self._db.execute(
            "INSERT INTO sources (url, due_ms, interval_s, failures, note) VALUES (?, ?, ?, 1, ?) "
            "ON CONFLICT (url) DO UPDATE SET due_ms = excluded.due_ms, failures = failures + 1, note = excluded.note",
            (url, due_ms, interval, note[:500]),
        )

    def due(self, now_ms: int, most: int) -> list[ArticleState]:
        """Articles to fetch now, the earliest published first."""
        rows = self._db.execute(
            f"SELECT {_COLUMNS} FROM articles WHERE due_ms <= ? ORDER BY published_ms, article_id LIMIT ?",  # noqa: S608
            (now_ms, most),
        )
        return [_article(row) for row in rows]

    def next_due(self) -> int | None:
        """When the next article is due; None where none is."""
        found: int | None = self._db.execute("SELECT min(due_ms) FROM articles").fetchone()[0]
        return found

    def article(self, article_id: str) -> ArticleState | None:
        row = self._db.execute(
            f"SELECT {_COLUMNS} FROM articles WHERE article_id = ?",  # noqa: S608
            (article_id,),
        ).fetchone()
        return _article(row) if row else None

    def stamp(self, article_id: str, announced: Announced, now_ms: int) -> int:
        """The time of the first fetch: ``now_ms`` the first time, ever after what was said then."""
        with self._transaction():
            self._announce(article_id, announced, None, None)
            self._db.execute(
                "UPDATE articles SET first_ms = coalesce(first_ms, ?) WHERE article_id = ?", (now_ms, article_id)
            )
        found: int = self._db.execute("SELECT first_ms FROM articles WHERE article_id = ?", (article_id,)).fetchone()[0]
        return found

    def confirmed(self, article_id: str, *, visit: int, now_ms: int, body_hash: str, due_ms: int | None) -> None:
        """Kafka confirmed visit number ``visit``."""
        self._db.execute(
            "UPDATE articles SET visits = ?, checks = checks + 1, last_ms = ?, body_hash = ?, due_ms = ?, "
            "failures = 0, note = NULL WHERE article_id = ?",
            (visit, now_ms, body_hash, due_ms, article_id),
        )

    def unchanged(self, article_id: str, *, now_ms: int, due_ms: int | None) -> None:
        self._db.execute(
            "UPDATE articles SET checks = checks + 1, last_ms = ?, due_ms = ?, failures = 0 WHERE article_id = ?",
            (now_ms, due_ms, article_id),
        )

    def failed(self, article_id: str, *, due_ms: int | None, note: str) -> None:
        self._db.execute(
            "UPDATE articles SET failures = failures + 1, due_ms = ?, note = ? WHERE article_id = ?",
            (due_ms, note[:500], article_id),
        )

    def settled(self, article_id: str, note: str) -> None:
        """Not to be fetched again, and why."""
        self._db.execute("UPDATE articles SET due_ms = NULL, note = ? WHERE article_id = ?", (note[:500], article_id))

    def _announce(self, article_id: str, announced: Announced, due_ms: int | None, note: str | None) -> int:
        published = epoch_ms(announced.published) if announced.published else (due_ms or 0)
        done = self._db.execute(
            "INSERT OR IGNORE INTO articles (article_id, announced, published_ms, due_ms, note) VALUES (?, ?, ?, ?, ?)",
            (article_id, msgspec.json.encode(announced), published, due_ms, note),
        )
        if done.rowcount:
            return 1
        if announced.updated is not None and due_ms is not None:
            self._db.execute(
                "UPDATE articles SET due_ms = min(coalesce(due_ms, ?), ?) "
                "WHERE article_id = ? AND visits > 0 AND last_ms < ? AND ? <= ?",
                (due_ms, due_ms, article_id, epoch_ms(announced.updated), epoch_ms(announced.updated), due_ms),
            )
        return 0

    def _transaction(self) -> "_Transaction":
        return _Transaction(self._db)


class _Transaction:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._db.execute("COMMIT" if kind is None else "ROLLBACK")


_COLUMNS = "article_id, announced, first_ms, last_ms, visits, checks, failures, body_hash"


def _article(row: tuple[str, bytes, int | None, int | None, int, int, int, str | None]) -> ArticleState:
    return ArticleState(row[0], msgspec.json.decode(row[1], type=Announced), *row[2:])
