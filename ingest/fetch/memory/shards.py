"""Which fetcher does what: a shard has its own sources and articles, by the site that they are on.

By site and not by host, so that a host and its ``feeds.`` or ``m.`` neighbours, often one machine, meet one fetcher and
its one-request-at-a-time.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ingest.identity import host_of, site_of
from ingest.sources import SourceEntry
from schemas.errors import SettingsError

_FILE = re.compile(r"^fetch(?:\.(?P<index>\d+)-of-(?P<count>\d+))?\.(?:sqlite|lock)$")


@dataclass(frozen=True)
class Shard:
    """Number ``index`` of ``count``, from 1."""

    index: int = 1
    count: int = 1

    @classmethod
    def parse(cls, text: str) -> "Shard":
        """``2/5``. Raises ``SettingsError``."""
        found = re.fullmatch(r"(\d{1,4})/(\d{1,4})", text.strip())
        if found is None or not 1 <= int(found[1]) <= int(found[2]):
            raise SettingsError(f"--shard {text!r}: write it as i/n with i from 1 to n, like 1/2")
        return cls(int(found[1]), int(found[2]))

    def owner(self, url: str) -> "Shard":
        """The shard, of as many, that an address belongs to. Raises ``InputError`` where it is no web address."""
        number = int.from_bytes(hashlib.sha256(site_of(host_of(url)).encode()).digest()[:8], "big") % self.count
        return Shard(number + 1, self.count)

    def owns(self, url: str) -> bool:
        return self.count == 1 or self.owner(url) == self

    def of(self, sources: Iterable[SourceEntry]) -> list[SourceEntry]:
        """The outlets whose feeds this shard polls, wherever the feeds themselves lie."""
        return [source for source in sources if self.owns(f"https://{source.outlet}/")]

    def state_path(self, folder: Path) -> Path:
        return folder / ("fetch.sqlite" if self.count == 1 else f"fetch.{self.index}-of-{self.count}.sqlite")

    def lock_path(self, folder: Path) -> Path:
        return self.state_path(folder).with_suffix(".lock")

    def cache_path(self, folder: Path) -> Path:
        return self.state_path(folder).with_suffix(".http.sqlite")


def states_in(folder: Path) -> list[tuple[Path, Shard]]:
    """The states of all shards that lie in a folder, also of other numbers of shards."""
    return _named(folder.glob("fetch*.sqlite"))


def locks_in(folder: Path) -> list[tuple[Path, Shard]]:
    """The same of their locks, which are there at least while they are held."""
    return _named(folder.glob("fetch*.lock"))


def _named(paths: Iterable[Path]) -> list[tuple[Path, Shard]]:
    found = []
    for path in sorted(paths):
        name = _FILE.match(path.name)
        if name is not None:
            found.append((path, Shard(int(name["index"] or 1), int(name["count"] or 1))))
    return found
