"""What ``clean`` remembers of an outlet's pages."""

from typing import ClassVar

from schemas.message import Message, Moment, epoch_ms


class OutletProfile(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The furniture of an outlet's pages: hashes of lines that recur. Topic ``outlets.profile``, key: outlet id.

    ``lines`` maps a line's 64-bit hash (hex) to the number of distinct articles it was seen in; ``pages`` is how many
    articles were looked at; ``version`` grows by one with each new set of ``lines``. What the next version is made of
    is kept beside it: ``learned`` counts all articles, ``waiting`` the lines of the last ``waiting_pages`` of them,
    ``recent`` are marks of the last articles, so that none counts twice.
    """

    TYPE: ClassVar[str] = "outlet.profile"

    outlet: str
    version: int
    pages: int
    made: Moment
    lines: dict[str, int] = {}
    learned: int = 0
    waiting: dict[str, int] = {}
    waiting_pages: int = 0
    recent: list[str] = []

    @property
    def message_id(self) -> str:
        return f"{self.outlet}#{self.version}"

    @property
    def subject(self) -> str:
        return self.outlet

    @property
    def time_ms(self) -> int:
        return epoch_ms(self.made)
