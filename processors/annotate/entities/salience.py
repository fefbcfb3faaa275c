"""How present each thing is in an article, by the classical cues of entity salience (Dunietz and Gillick 2014) that
need no model: whether the headline has it, whether the first paragraph has it, how often it is mentioned.
"""

from collections import Counter
from collections.abc import Sequence

from processors.annotate.entities.folding import fold
from schemas import Entity, Salience

_HEADLINE, _LEAD, _MENTIONS = 0.4, 0.3, 0.3
_MAX_LEAD = 600
"""A first "paragraph" that never ends is a page without paragraphs: what follows is no lead."""


def salience(entities: Sequence[Entity], title: str, text: str) -> list[Salience]:
    """One entry for each thing, the most salient first. ``text`` is the title, a line break and the body.

    The score is .4 for the headline, .3 for the first paragraph and .3 times the mentions over those of the most
    mentioned; derived words do not count. Of equals the one named first comes first: ``entities`` are in the order of
    the text. Things without an id are told apart by their name and type.
    """
    end = _lead_end(title, text)
    counts: Counter[tuple[str, str]] = Counter()
    first: dict[tuple[str, str], Entity] = {}
    headline: set[tuple[str, str]] = set()
    lead: set[tuple[str, str]] = set()
    for entity in entities:
        if entity.derived:
            continue
        key = (entity.id or fold(entity.norm or entity.text), "" if entity.id else entity.type)
        counts[key] += 1
        first.setdefault(key, entity)
        if entity.start < len(title):
            headline.add(key)
        elif entity.start < end:
            lead.add(key)
    most = max(counts.values(), default=1)
    found = [
        Salience(
            id=first[key].id,
            name=first[key].norm or first[key].text,
            type=first[key].type,
            mentions=count,
            headline=key in headline,
            lead=key in lead,
            score=round(_HEADLINE * (key in headline) + _LEAD * (key in lead) + _MENTIONS * count / most, 3),
        )
        for key, count in counts.items()
    ]
    return sorted(found, key=lambda one: (-one.score, -one.mentions))


def _lead_end(title: str, text: str) -> int:
    """Where the first paragraph of the body ends."""
    begin = len(title) + 1
    while begin < len(text) and text[begin].isspace():
        begin += 1
    end = text.find("\n", begin)
    return min(end if end >= 0 else len(text), begin + _MAX_LEAD)
