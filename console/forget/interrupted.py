"""Ending before all was done."""

from runtime.lifecycle import Stop
from schemas.errors import Transient


class Interrupted(Transient):
    """Somebody asked to end before all was done; the same call goes on."""


def go_on(stop: Stop) -> None:
    """What cannot be undone is not begun once somebody has asked to end."""
    if stop:
        raise Interrupted("interrupted; the same command goes on")
