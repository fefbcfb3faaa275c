"""Polls and hosts of which no request ends any more: each has a time limit, so that is a defect, and its source is lost
until somebody starts the fetcher anew. The event loop turns all the while, so the watch does not see it.
"""

import asyncio
import time
from collections.abc import Callable


class Hung:
    """Told of what begins and ends, by the names of the tasks. ``seconds``: without the end of a request; more than
    whoever waits in line for a slow host may need.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._moved: dict[str, float] = {}

    def begun(self, name: str) -> None:
        self._moved[name] = self._clock()

    def ended(self, name: str) -> None:
        self._moved.pop(name, None)

    def moved(self) -> None:
        """A request of the task that runs now has ended, or another step of it."""
        task = asyncio.current_task()
        if task is not None and task.get_name() in self._moved:
            self._moved[task.get_name()] = self._clock()

    def reason(self) -> str | None:
        """Why the fetcher must be started anew; None while it need not."""
        if not self._moved:
            return None
        name, since = min(self._moved.items(), key=lambda pair: pair[1])
        stood = self._clock() - since
        return f"{name}: nothing has ended for {stood:.0f} s" if stood > self._seconds else None
