"""Whether it is our own network that is away, and not the sites: then no source is to blame.

Several sites in a row cannot be reached, nor does anybody answer who was just being asked when the third of them
failed: that is an outage of ours, and the first answer ends it. A site that failed while others answered is gone for
itself and proves nothing.
Pure: no clock, no I/O.
"""

from collections.abc import Iterable
from typing import NamedTuple

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


class Asked(NamedTuple):
    """A request, by its running number, and how many answers there were before it."""

    site: str
    number: int
    answers: int


class Network:
    """Told of each request: ``began``, then ``answered`` or ``unreached`` where it ended so, and last always ``ended``.

    ``gone``: sites that are known to have failed while others answered.
    """

    def __init__(self, gone: Iterable[str] = ()) -> None:
        self._gone = dict.fromkeys(gone)
        self._witnesses: set[str] = set()
        self._asked: dict[int, str] = {}
        """Who is just being asked, by the number of the request."""
        self._number = 0
        self._awaited = 0
        """The number of the last request that had begun when there were enough witnesses; 0 before that."""
        self._answers = 0
        self.away = False

    def began(self, site: str) -> Asked:
        """Returns what ``unreached`` and ``ended`` are to be told."""
        self._number += 1
        self._asked[self._number] = site
        return Asked(site, self._number, self._answers)

    def ended(self, asked: Asked) -> bool:
        """Whether an outage begins with that: nobody is left who could have answered."""
        del self._asked[asked.number]
        return self._begins()

    def answered(self, site: str) -> bool:
        """A site answered, whatever it said. Whether that ends an outage."""
        ends = self.away
        self.away = False
        self._answers += 1
        self._witnesses.discard(site)
        if not ends:
            self._gone |= dict.fromkeys(self._witnesses)
        self._witnesses.clear()
        self._awaited = 0
        self._gone.pop(site, None)
        while len(self._gone) > _MOST_GONE:
            del self._gone[next(iter(self._gone))]
        return ends

    def unreached(self, asked: Asked) -> bool:
        """A site could not be reached. Whether an outage begins with that."""
        # Where another answered meanwhile our network was there, and may have gone since: this tells neither.
        if self.away or asked.answers != self._answers or asked.site in self._gone:
            return False
        self._witnesses.add(asked.site)
        return self._begins()

    def _begins(self) -> bool:
        if self.away or len(self._witnesses) < WITNESSES:
            return False
        # Whoever is still being asked may answer: dead names fail faster than living sites answer. Who is asked later
        # is not waited for: of many sites some are always being asked, each for as long as a time-out.
        self._awaited = self._awaited or self._number
        waiting = (site for number, site in self._asked.items() if number <= self._awaited)
        self.away = all(site in self._witnesses or site in self._gone for site in waiting)
        return self.away
