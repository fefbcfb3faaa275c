"""Speakers as a command line or the settings name them: by one rule, and somebody whom the gazetteer has."""

import re
from collections.abc import Sequence
from pathlib import Path

import typer

from runtime.settings import QID_PATTERN
from schemas import ANY
from schemas.errors import SettingsError

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


def refuse_unknown(watched: Sequence[str], folder: Path | None) -> None:
    """Raises ``SettingsError`` for who is neither in the gazetteer nor in the own tables of ``folder``: his statements
    would never be found, and nothing would say so. Raises it for a folder that cannot be used, too.
    """
    from processors.annotate.entities import known_people

    known = known_people(folder)
    missing = [one for one in watched if one not in known]
    if missing:
        raise SettingsError(
            f"{', '.join(missing)}: nobody of this id is among the people of the gazetteer, so nothing would be found; "
            "check the id (pipeline.speakers, --speaker), or add a row to a table of your own (pipeline.gazetteer, "
            "docs/gazetteer.md)"
        )
