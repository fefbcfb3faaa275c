"""When a batch is sent, how it is cut, and how long to wait after a refusal. Pure: the clock is the caller's."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar


class Sized(Protocol):
    @property
    def size(self) -> int:
        """Bytes in a bulk request."""


S = TypeVar("S", bound=Sized)


@dataclass(frozen=True)
class Limits:
    """A request holds at most ``documents`` and ``size`` bytes. It goes when it is full or ``seconds`` after its first
    record, while fewer than ``requests`` others are out.
    """

    documents: int
    size: int
    seconds: float
    requests: int = 1

    def wait(self, count: int, size: int, age: float) -> float:
        """Seconds until ``count`` records of ``size`` bytes are due; 0.0 when they are."""
        if count >= self.documents or size >= self.size:
            return 0.0
        return max(0.0, self.seconds - age)

    def cut(self, documents: Sequence[S]) -> Iterator[list[S]]:
        """Cuts into requests within the limits, in order. A document beyond the limit of bytes goes alone."""
        part: list[S] = []
        size = 0
        for document in documents:
            if part and (len(part) >= self.documents or size + document.size > self.size):
                yield part
                part, size = [], 0
            part.append(document)
            size += document.size
        if part:
            yield part


@dataclass(frozen=True)
class Backoff:
    """Full jitter: uniform between zero and an exponential bound, so that workers do not come back all at once.

    Brooker, M. (2015): Exponential Backoff And Jitter. AWS Architecture Blog.
    """

    base: float = 0.25
    cap: float = 30.0

    def delay(self, failures: int, random: Callable[[], float]) -> float:
        """Seconds to wait after ``failures`` failures in a row (1 or more); ``random`` is uniform in [0, 1)."""
        return random() * min(self.cap, self.base * 2.0 ** min(failures, 30))
