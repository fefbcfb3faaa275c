"""Speakers as a command line names them: by the same rule as the settings."""

import re
from collections.abc import Sequence

import typer

from runtime.settings import QID_PATTERN
from schemas import ANY

_QID = re.compile(QID_PATTERN)


def speakers(given: Sequence[str] | None, *, anybody: bool = False) -> list[str]:
    """The ids of ``--speaker``; with ``anybody`` the one word ``any`` too.

    A name or an id that is none would find nobody and say nothing: raises ``BadParameter``.
    """
    found = list(given or ())
    if anybody and found == [ANY]:
        return found
    for one in found:
        if one == ANY and anybody:
            raise typer.BadParameter("`any` stands alone: give `--speaker any`, or Wikidata ids")
        if _QID.fullmatch(one) is None:
            also = ", or `any`" if anybody else ""
            raise typer.BadParameter(
                f"--speaker {one!r} is no Wikidata id; give one such as Q58217 (the letter Q and a number){also}"
            )
    return found
