"""Decides what the names found in an article link to. A wrong id is worse than none."""

from collections.abc import Sequence

from processors.annotate.entities.found import Found
from processors.annotate.entities.gazetteer import Gazetteer
from processors.annotate.entities.people import People
from processors.annotate.entities.things import Things
from schemas import Entity


def link(text: str, lang: str | None, found: Sequence[Found], gazetteer: Gazetteer) -> list[Entity]:
    """Entities for the names found, in order, without overlaps."""
    people = People(text, lang, found, gazetteer)
    things = Things(text, lang, found, gazetteer)
    out: list[Entity] = []
    for name in found:
        of_person = any(gazetteer.entries[hit.entry].type == "PER" for hit in name.hits)
        entity = people.entity(name) if of_person else things.entity(name)
        if entity is not None and (not out or entity.start >= out[-1].end):
            out.append(entity)
    return out
