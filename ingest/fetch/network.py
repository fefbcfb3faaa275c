"""Whether it is our own network that is away, and not the sites: then no source is to blame.

No connection to several sites in a row, while everybody else who is being asked fails as well: that is an outage of
ours, and the first answer ends it. A site that failed while others answered is gone for itself and proves nothing.
Pure: no clock, no I/O.
"""

from collections import Counter
from collections.abc import Iterable

from schemas.errors import FetchFailed

# Sites, not hosts: those of one outlet share a name server.
WITNESSES = 3
# How soon it is tried again: long enough not to burden a router that comes back, short against a poll's interval.
OUTAGE_SECONDS = 60.0
_MOST_GONE = 1000


class Unreached(FetchFailed):
    """No connection came about: no name, no route, nobody who accepts; or nothing at all came over it."""


class Outage(FetchFailed):
    """Our own network is away; that is no failure of the site. ``seconds``: when to try again."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "outage")
        self.seconds = OUTAGE_SECONDS


class Network:
    """Told of each request: ``began``, then ``answered`` or ``unreached`` where it ended so, and always ``ended``.

    ``gone``: sites that are known to have failed while others answered.
    """

    def __init__(self, gone: Iterable[str] = ()) -> None:
        self._gone = dict.fromkeys(gone)
        self._witnesses: set[str] = set()
        self._asked: Counter[str] = Counter()
        self._answers = 0
        self.away = False

    def began(self, site: str) -> int:
        """Returns how many answers there were before: ``unreached`` asks whether any came meanwhile."""
        self._asked[site] += 1
        return self._answers

    def ended(self, site: str) -> None:
        self._asked[site] -= 1
        if not self._asked[site]:
            del self._asked[site]

    def answered(self, site: str) -> bool:
        """A site answered, whatever it said. Whether that ends an outage."""
        ends = self.away
        self.away = False
        self._answers += 1
        self._witnesses.discard(site)
        if not ends:
            self._gone |= dict.fromkeys(self._witnesses)
        self._witnesses.clear()
        self._gone.pop(site, None)
        while len(self._gone) > _MOST_GONE:
            del self._gone[next(iter(self._gone))]
        return ends

    def unreached(self, site: str, answers: int) -> bool:
        """A site could not be reached; ``answers`` as ``began`` gave it. Whether an outage begins with that."""
        # Where another answered meanwhile our network was there, and may have gone since: this tells neither.
        if self.away or answers != self._answers or site in self._gone:
            return False
        self._witnesses.add(site)
        # Whoever is still being asked may answer: dead names fail faster than living sites answer.
        waiting = self._asked.keys() - self._witnesses - self._gone.keys()
        self.away = len(self._witnesses) >= WITNESSES and not waiting
        return self.away
