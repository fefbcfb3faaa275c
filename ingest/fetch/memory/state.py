"""What the fetcher remembers: sources with how they fare, and every article from its announcement on. SQLite, WAL.

The table of articles is also the queue: what a source announces is written in one transaction with the hash of the
answer that announced it, so a crash loses nothing that a 304 would hide. An article counts as visited only after Kafka
confirmed its delivery. All times are milliseconds since 1970.
"""

import contextlib
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import msgspec

from ingest.fetch.announced import Announced
from ingest.fetch.memory.database import VERSION, Transaction, opened
from ingest.fetch.volume import BACKLOG, DAY_MS, DAYS
from ingest.identity import host_of
from schemas.errors import SettingsError
from schemas.message import epoch_ms

Entry = tuple[str, Announced, int | None, str | None]
"""An article that a source announces: id, what it says, when to fetch it (None: not at all), and why not."""


@dataclass(frozen=True)
class SourceState:
    """``answer``: hash of the last answer that was read; ``since_ms``: of the first poll, ``ok_ms``: of the last one
    that succeeded, ``new_ms``: of the last one that brought something.
    """

    url: str
    answer: str | None
    due_ms: int
    interval: float
    polls: int
    failures: int
    note: str | None
    since_ms: int | None
    ok_ms: int | None
    new_ms: int | None


@dataclass(frozen=True)
class ArticleState:
    """``first_ms`` is stamped once, before the first delivery is tried. ``visits``: confirmed deliveries; ``checks``:
    answers, changed or not; ``watched``: it reports a watched speaker.
    """

    article_id: str
    announced: Announced
    first_ms: int | None
    last_ms: int | None
    visits: int
    checks: int
    failures: int
    watched: bool
    body_hash: str | None
    note: str | None


class State:
    """Use as a context manager; one fetcher at a time, others may look and announce."""

    def __init__(self, path: Path) -> None:
        self._db = opened(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    # Sources.

    def source(self, url: str) -> SourceState | None:
        row = self._db.execute(f"SELECT {_SOURCE} FROM sources WHERE url = ?", (url,)).fetchone()  # noqa: S608
        return SourceState(*row) if row else None

    def polled(
        self, url: str, entries: Iterable[Entry], *, answer: str | None, due_ms: int, interval: float, now_ms: int
    ) -> int:
        """A poll that succeeded: its entries and the source's state, at once.

        Returns how many articles are new. One that is known is due again where its entry has a time for that.
        """
        with self._transaction():
            new = sum(self._announce(*entry, now_ms=now_ms) for entry in entries)
            first = self._db.execute("SELECT since_ms FROM sources WHERE url = ?", (url,)).fetchone()
            self._db.execute(
                "INSERT INTO sources (url, answer, due_ms, interval_s, polls, since_ms, ok_ms, new_ms) "
                "VALUES (?, ?, ?, ?, 1, ?, ?, ?) ON CONFLICT (url) DO UPDATE SET answer = excluded.answer, "
                "due_ms = excluded.due_ms, interval_s = excluded.interval_s, polls = polls + 1, failures = 0, "
                "unreached = 0, note = NULL, since_ms = coalesce(since_ms, excluded.since_ms), ok_ms = excluded.ok_ms, "
                "new_ms = coalesce(excluded.new_ms, new_ms)",
                (url, answer, due_ms, interval, now_ms, now_ms, now_ms if new else None),
            )
            if new:
                # The first answer is a backlog and says nothing of a usual day.
                day = now_ms // DAY_MS if first is not None and first[0] is not None else BACKLOG
                self._db.execute(
                    "INSERT INTO volumes VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET new = new + excluded.new",
                    (url, day, new),
                )
                self._db.execute(
                    "DELETE FROM volumes WHERE url = ? AND day < ? AND day <> ?",
                    (url, now_ms // DAY_MS - DAYS, BACKLOG),
                )
        return new

    def poll_failed(
        self, url: str, *, due_ms: int, interval: float, note: str, counted: bool = True, unreached: bool = False
    ) -> None:
        """``counted``: whether it is a failure of the source; an outage of our own network is none. ``unreached``: no
        answer came, not even one that refuses.
        """
        self._db.execute(
            "INSERT INTO sources (url, due_ms, interval_s, failures, note, unreached) VALUES (?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (url) DO UPDATE SET due_ms = excluded.due_ms, failures = failures + excluded.failures, "
            "note = excluded.note, unreached = CASE WHEN excluded.failures = 0 THEN unreached "
            "WHEN excluded.unreached THEN unreached + 1 ELSE 0 END",
            (url, due_ms, interval, int(counted), note[:500], int(counted and unreached)),
        )

    def failing(self) -> list[str]:
        """Sources that were not reached more than once in a row; once may have been the beginning of an outage of ours.
        What answers with an error is there, and tells of our network.
        """
        return [url for (url,) in self._db.execute("SELECT url FROM sources WHERE unreached > 1")]

    def daily(self, url: str) -> dict[int, int]:
        """New articles of a source by day since 1970; those of its first answer under ``BACKLOG``."""
        return dict(self._db.execute("SELECT day, new FROM volumes WHERE url = ?", (url,)))

    def discover(self, home: str, places: Iterable[tuple[str, str]]) -> None:
        """What was found behind a home page: (address, kind). What was found before and is gone stays."""
        with self._transaction():
            self._db.executemany(
                "INSERT OR REPLACE INTO discovered VALUES (?, ?, ?)", [(home, url, kind) for url, kind in places]
            )

    def discovered(self, home: str) -> list[tuple[str, str]]:
        """What was found behind a home page: (address, kind)."""
        return list(self._db.execute("SELECT url, kind FROM discovered WHERE home = ? ORDER BY url", (home,)))

    # Articles.

    def announce(self, entries: Iterable[Entry], *, now_ms: int) -> int:
        """Entries of a page list, or of another shard's source, which does not know what we know: only what is new to
        us counts.
        """
        with self._transaction():
            return sum(self._announce(*entry, now_ms=now_ms, again=False) for entry in entries)

    def due(self, now_ms: int, most: int, per_host: int = 1_000_000) -> list[ArticleState]:
        """Articles to fetch now, the earliest published first, ``per_host`` of a host at most."""
        rows = self._db.execute(
            f"SELECT {_ARTICLE} FROM (SELECT *, row_number() OVER "  # noqa: S608
            "(PARTITION BY host ORDER BY published_ms, article_id) AS place FROM articles WHERE due_ms <= ?) "
            "WHERE place <= ? ORDER BY published_ms, article_id LIMIT ?",
            (now_ms, per_host, most),
        )
        return [_article(row) for row in rows]

    def article(self, article_id: str) -> ArticleState | None:
        row = self._db.execute(
            f"SELECT {_ARTICLE} FROM articles WHERE article_id = ?",  # noqa: S608
            (article_id,),
        ).fetchone()
        return _article(row) if row else None

    def stamp(self, article_id: str, announced: Announced, now_ms: int) -> int:
        """The time of the first fetch: ``now_ms`` the first time, ever after what was said then."""
        with self._transaction():
            self._announce(article_id, announced, None, None, now_ms=now_ms)
            self._db.execute(
                "UPDATE articles SET first_ms = coalesce(first_ms, ?) WHERE article_id = ?", (now_ms, article_id)
            )
        found: int = self._db.execute("SELECT first_ms FROM articles WHERE article_id = ?", (article_id,)).fetchone()[0]
        return found

    def confirmed(
        self, article_id: str, *, visit: int, now_ms: int, body_hash: str, due_ms: int | None, page: bytes | None = None
    ) -> None:
        """Kafka confirmed visit number ``visit``. ``page``: what the next visit is compared with."""
        with self._transaction():
            self._db.execute(
                "UPDATE articles SET visits = ?, checks = checks + 1, last_ms = ?, body_hash = ?, due_ms = ?, "
                "failures = 0, note = NULL WHERE article_id = ?",
                (visit, now_ms, body_hash, due_ms, article_id),
            )
            if page is not None:
                self._db.execute("INSERT OR REPLACE INTO pages VALUES (?, ?, ?)", (article_id, page, now_ms))
            else:
                self._db.execute("DELETE FROM pages WHERE article_id = ?", (article_id,))

    def unchanged(self, article_id: str, *, now_ms: int, body_hash: str, due_ms: int | None) -> None:
        with self._transaction():
            self._db.execute(
                "UPDATE articles SET checks = checks + 1, last_ms = ?, body_hash = ?, due_ms = ?, failures = 0 "
                "WHERE article_id = ?",
                (now_ms, body_hash, due_ms, article_id),
            )
            if due_ms is None:
                self._db.execute("DELETE FROM pages WHERE article_id = ?", (article_id,))

    def failed(self, article_id: str, *, due_ms: int | None, note: str) -> None:
        self._db.execute(
            "UPDATE articles SET failures = failures + 1, due_ms = ?, note = ? WHERE article_id = ?",
            (due_ms, note[:500], article_id),
        )

    def postponed(self, article_id: str, *, due_ms: int, note: str) -> None:
        """Its host asks to wait, or our own network is away; that is no failure of the article."""
        self._db.execute("UPDATE articles SET due_ms = ?, note = ? WHERE article_id = ?", (due_ms, note, article_id))

    def settled(self, article_id: str, note: str) -> None:
        """Not to be fetched again, and why."""
        self._db.execute("UPDATE articles SET due_ms = NULL, note = ? WHERE article_id = ?", (note[:500], article_id))

    def taken_out(self, article_ids: Iterable[str]) -> None:
        """Taken out for good: not to be fetched again, and nothing of their pages stays."""
        ids = [(article_id,) for article_id in article_ids]
        with self._transaction():
            self._db.executemany("UPDATE articles SET due_ms = NULL, note = 'forgotten' WHERE article_id = ?", ids)
            self._db.executemany("DELETE FROM pages WHERE article_id = ?", ids)

    # Pages that report a watched speaker.

    def page(self, article_id: str) -> bytes | None:
        """The last version that was delivered, while it may be compared with another."""
        row = self._db.execute("SELECT raw FROM pages WHERE article_id = ?", (article_id,)).fetchone()
        return row[0] if row else None

    def watched(
        self,
        found: Iterable[str],
        due: Callable[[ArticleState], int | None],
        *,
        offsets: Iterable[tuple[str, int, int]] = (),
    ) -> int:
        """These articles report a watched speaker: they are due when ``due`` says. Returns how many are ours.

        ``offsets`` (topic, partition, next): as far as the reports are read, in the same transaction.
        """
        ours = 0
        with self._transaction():
            for article_id in found:
                article = self.article(article_id)
                if article is None or article.watched or not article.visits:
                    continue
                ours += 1
                self._db.execute(
                    "UPDATE articles SET watched = 1, due_ms = coalesce(?, due_ms) WHERE article_id = ?",
                    (due(article), article_id),
                )
            self._db.executemany("INSERT OR REPLACE INTO offsets VALUES (?, ?, ?)", list(offsets))
        return ours

    def offsets(self) -> dict[tuple[str, int], int]:
        """How far each (topic, partition) of reports is read."""
        rows = self._db.execute("SELECT topic, partition, next FROM offsets")
        return {(topic, partition): following for topic, partition, following in rows}

    def prune(self, before_ms: int) -> None:
        """Drops the pages kept before then that no visit is due to be compared with."""
        self._db.execute(
            "DELETE FROM pages WHERE kept_ms < ? AND NOT EXISTS "
            "(SELECT 1 FROM articles WHERE articles.article_id = pages.article_id AND due_ms IS NOT NULL)",
            (before_ms,),
        )

    def forget_old(self, after: int, rows: int, *, before_ms: int, dated_from_ms: int) -> int | None:
        """Forgets what is settled among the next ``rows`` rows behind row ``after``: published, announced and fetched
        before ``before_ms``. What its source gives no date for, or one before ``dated_from_ms``, is kept for ever:
        nothing but this table tells that it is not new. Returns the last row looked at; None at the end of the table.
        """
        last: int | None = self._db.execute(
            "SELECT max(rowid) FROM (SELECT rowid FROM articles WHERE rowid > ? ORDER BY rowid LIMIT ?)", (after, rows)
        ).fetchone()[0]
        if last is None:
            return None
        with self._transaction():
            old = self._db.execute(
                "DELETE FROM articles WHERE rowid > ? AND rowid <= ? AND due_ms IS NULL AND published_ms >= ? "
                "AND published_ms < ? AND seen_ms < ? AND coalesce(last_ms, first_ms, 0) < ? "
                "AND json_extract(CAST(announced AS TEXT), '$.facts.published') IS NOT NULL RETURNING article_id",
                (after, last, dated_from_ms, before_ms, before_ms, before_ms),
            ).fetchall()
            self._db.executemany("DELETE FROM pages WHERE article_id = ?", old)
        return last

    def adopt(self, other: Path, owns: Callable[[str], bool]) -> int:
        """Takes over from the state of another number of shards what is ours now; returns the articles.

        Each time that it has changed since: with the number set back, it goes on without us. Of an article that both
        know the row counts that was visited last.
        """
        with contextlib.suppress(SettingsError), State(other):
            # Opened once, so that it is of today's version, and whole in one file.
            pass
        changed = other.stat().st_mtime_ns
        found = self._db.execute("SELECT changed_ns FROM taken_over WHERE name = ?", (other.name,)).fetchone()
        if found is not None and found[0] == changed:
            return 0
        self._db.execute("ATTACH DATABASE ? AS other", (f"{other}",))
        try:
            if self._db.execute("PRAGMA other.user_version").fetchone()[0] != VERSION:
                return 0
            self._db.create_function("owned", 1, lambda host: owns(f"https://{host}/"), deterministic=True)
            with self._transaction():
                done = self._db.execute(
                    f"INSERT INTO articles ({_ALL}) SELECT {_ALL} FROM other.articles WHERE owned(host) "  # noqa: S608
                    f"ON CONFLICT (article_id) DO UPDATE SET ({_ALL}) = ({_THEIRS}) "
                    "WHERE excluded.last_ms > coalesce(last_ms, 0)"
                )
                self._db.execute(
                    "INSERT INTO pages SELECT page.* FROM other.pages AS page JOIN articles AS ours USING (article_id) "
                    "JOIN other.articles AS theirs USING (article_id) WHERE ours.last_ms IS theirs.last_ms "
                    "ON CONFLICT (article_id) DO UPDATE SET raw = excluded.raw, kept_ms = excluded.kept_ms "
                    "WHERE excluded.kept_ms > kept_ms"
                )
                self._db.execute("INSERT OR IGNORE INTO sources SELECT * FROM other.sources")
                self._db.execute("INSERT OR IGNORE INTO volumes SELECT * FROM other.volumes")
                self._db.execute("INSERT OR IGNORE INTO discovered SELECT * FROM other.discovered")
                self._db.execute("INSERT OR REPLACE INTO taken_over VALUES (?, ?)", (other.name, changed))
            return done.rowcount
        finally:
            self._db.execute("DETACH DATABASE other")

    def _announce(
        self,
        article_id: str,
        announced: Announced,
        due_ms: int | None,
        note: str | None,
        *,
        now_ms: int,
        again: bool = True,
    ) -> int:
        published = epoch_ms(announced.published) if announced.published else (due_ms or 0)
        done = self._db.execute(
            "INSERT OR IGNORE INTO articles (article_id, announced, host, published_ms, due_ms, note, seen_ms) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (article_id, msgspec.json.encode(announced), host_of(announced.url), published, due_ms, note, now_ms),
        )
        if done.rowcount:
            return 1
        # To the day: most entries are announced at every poll.
        self._db.execute(
            "UPDATE articles SET seen_ms = ? WHERE article_id = ? AND seen_ms < ?",
            (now_ms, article_id, now_ms - DAY_MS),
        )
        if due_ms is not None and again:
            self._db.execute(
                "UPDATE articles SET due_ms = min(coalesce(due_ms, ?), ?) WHERE article_id = ? AND visits > 0",
                (due_ms, due_ms, article_id),
            )
        return 0

    def _transaction(self) -> Transaction:
        return Transaction(self._db)


_SOURCE = "url, answer, due_ms, interval_s, polls, failures, note, since_ms, ok_ms, new_ms"
_ARTICLE = "article_id, announced, first_ms, last_ms, visits, checks, failures, watched, body_hash, note"
_ALL = (
    "article_id, announced, host, published_ms, due_ms, first_ms, last_ms, visits, checks, failures, watched, "
    "body_hash, note, seen_ms"
)
_THEIRS = ", ".join(f"excluded.{column}" for column in _ALL.split(", "))


def _article(
    row: tuple[str, bytes, int | None, int | None, int, int, int, int, str | None, str | None],
) -> ArticleState:
    try:
        announced = msgspec.json.decode(row[1], type=Announced)
    except msgspec.DecodeError as error:
        # SQLite has no sums of its pages: wrong bytes inside of a value show only here.
        raise sqlite3.DatabaseError(f"article {row[0]}: {error}") from error
    return ArticleState(row[0], announced, *row[2:7], bool(row[7]), row[8], row[9])
