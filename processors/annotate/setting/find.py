"""When, where, with whom and in what form something was said: the words around a statement, never those inside it.

An occasion is known by its circumstances far better than by what was said there, so these are read from the sentence
of the cue and from the sentences just before it that speak of the speaker without reporting words of his ("In an
hour-long interview shown on Russian television …"). Words of time, place and form come from the language's lexicon.
"""

import datetime
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from processors.annotate.knowledge import NOTHING, Knowledge
from processors.annotate.phrases import Phrases
from processors.annotate.setting.ahead import Stretch, ahead
from processors.annotate.setting.company import counterparts_of, place_of
from processors.annotate.setting.dates import spoken_on
from processors.annotate.setting.media import medium_of
from processors.annotate.setting.passage import Passage, Reading
from processors.annotate.setting.past import long_ago
from processors.annotate.setting.titles import in_nominative
from processors.annotate.setting.words import words_of
from schemas import Entity, Setting


def find_setting(
    text: str,
    passages: Sequence[Passage],
    *,
    lang: str | None,
    published: datetime.datetime | None,
    entities: Sequence[Entity],
    speaker_id: str | None = None,
    homes: Mapping[str, str] | None = None,
    knowledge: Knowledge = NOTHING,
    cue: str | None = None,
    source: str | None = None,
    form: str | None = None,
    citing: AbstractSet[int] = frozenset(),
) -> Setting | None:
    """What the passages (nearest first) tell of an occasion; None where they tell nothing.

    ``cue``: the words by which the speaker is cited; ``source``: those that name him. ``form``: the kind of occasion
    where nothing tells another.
    ``citing``: where in the text whoever is cited stands: who reports what was said is not to whom it was said.

    ``homes`` maps a person's id to the country that the article gives him, so that "his Turkish colleague" and the
    colleague's name are the same counterpart.
    """
    words = words_of(lang)
    if words is None:
        return None
    date: str | None = None
    vague = flashback = False
    past: Setting | None = None
    place = medium = occasion = named = None
    counterparts: list[str] = []
    for order, passage in enumerate(passages):
        reading = Reading(text, passage, words)
        inside = [e for e in entities if passage.start <= e.start and e.end <= passage.end]
        subjects = _subjects(reading, inside, speaker_id, cue)
        coming = ahead(reading, subjects)
        if date is None and not past:
            date, vague = spoken_on(reading, published, coming)
            if order == 0 and date is None and cue is not None:
                past = long_ago(reading, published, subjects, cue)
                date = past.date if past is not None else None
        flashback = flashback or past is not None or (order == 0 and reading.has(words.flashback))
        medium = medium or medium_of(reading, entities, knowledge, lang, citing)
        occasion = occasion or _occasion(reading, words.occasions)
        if occasion is None and named is None:
            named = _occasion(reading, words.named_occasions)
        place = place or place_of(text, inside, reading, coming)
        if not counterparts:
            counterparts = counterparts_of(inside, reading, speaker_id, homes or {}, knowledge, lang, source)
    if medium and occasion in (None, "briefing", "statement"):
        occasion = "interview"
    occasion = occasion or form
    if occasion is None and cue is not None and words.writing.pattern.search(cue.lower()):
        occasion = "article"
    occasion = occasion or named
    medium = in_nominative(medium, lang) if medium is not None else None
    found = Setting(
        date=date, vague=vague, place=place, counterparts=counterparts, medium=medium, occasion=occasion,
        flashback=flashback,
    )  # fmt: skip
    return found if found != Setting() else None


def _occasion(reading: Reading, kinds: tuple[tuple[str, Phrases], ...]) -> str | None:
    """The most telling kind whose words stand there."""
    return next((kind for kind, phrases in kinds if reading.has(phrases)), None)


def _subjects(reading: Reading, inside: Sequence[Entity], speaker_id: str | None, cue: str | None) -> list[Stretch]:
    """Where the speaker and the verb by which he is cited stand in a passage."""
    found = [
        (e.start - reading.start, e.end - reading.start) for e in inside if e.id is not None and e.id == speaker_id
    ]
    if cue is not None and (verb := reading.low.find(cue.lower())) >= 0:
        found.append((verb, verb + len(cue)))
    return found
