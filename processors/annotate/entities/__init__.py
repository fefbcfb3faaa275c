"""Entities of the field: a reviewed gazetteer, and a matcher that finds its names in eleven languages.

``find_entities`` is pure; ``load_gazetteer`` reads the tables once a process.
"""

from processors.annotate.entities.derived import find_derived
from processors.annotate.entities.entry import Entry, Name, Office
from processors.annotate.entities.found import find_names
from processors.annotate.entities.gazetteer import Gazetteer, aliases_of, entries_of, known_people, load_gazetteer
from processors.annotate.entities.linking import link
from processors.annotate.entities.naming import named_alone
from processors.annotate.entities.recognition import Recognizer
from processors.annotate.entities.salience import salience
from processors.annotate.entities.spoken import spoken_languages
from processors.annotate.entities.unlinked import find_unlinked, with_norms, without_namesakes
from schemas import Entity

__all__ = [
    "Entry",
    "Gazetteer",
    "Name",
    "Office",
    "Recognizer",
    "aliases_of",
    "entries_of",
    "find_derived",
    "find_entities",
    "find_unlinked",
    "known_people",
    "load_gazetteer",
    "named_alone",
    "salience",
    "spoken_languages",
    "with_norms",
    "without_namesakes",
]


def find_entities(text: str, lang: str | None, gazetteer: Gazetteer) -> list[Entity]:
    """Mentions of the gazetteer's entries in ``text``, ordered by start, never overlapping.

    ``lang``: ISO 639-1 code of the text, None where unknown. Offsets are characters of ``text``. An entity without id
    is the name of somebody or something known to be none of ours, or of ours without a verified id.
    """
    return link(text, lang, find_names(text, lang, gazetteer), gazetteer)
