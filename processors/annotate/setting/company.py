"""Where, and with whom, something was said: the sites and people that a passage names."""

from collections.abc import Iterator, Mapping, Sequence

from processors.annotate.knowledge import Knowledge
from processors.annotate.setting.ahead import Stretch, within
from processors.annotate.setting.passage import WORD, Reading, word_before
from processors.annotate.setting.words import Words
from schemas import Entity

_COUNTERPART_REACH = 120
_COUNTERPART_BEFORE = 32
# Of a language that has endings instead of words like "in" (Turkish).
_LOCATIVE = ("da", "de", "ta", "te")


def place_of(text: str, inside: Sequence[Entity], reading: Reading, coming: Sequence[Stretch] = ()) -> str | None:
    """The first site behind a word like "in", or with such an ending, that is not one of two. ``inside``: what the
    passage names; ``coming``: where it tells of an event still to come.
    """
    words = reading.words
    sites = [e for e in inside if e.type in ("GPE", "LOC") and not within(e.start - reading.start, coming)]
    for number, entity in enumerate(sites):
        if not _with_another(text, sites, number, words) and _is_where(entity, reading):
            return entity.id or entity.text
    return None


def _is_where(entity: Entity, reading: Reading) -> bool:
    """Whether a site stands behind a word like "in", or has such an ending: it is no counterpart then."""
    words = reading.words
    if not words.place_before:
        end = entity.end - reading.start
        return reading.low[end : end + 3].strip("'")[:2] in _LOCATIVE
    return word_before(reading.low, entity.start - reading.start) in words.place_before


def _with_another(text: str, sites: Sequence[Entity], number: int, words: Words) -> bool:
    """As in "read with care in Warsaw and Vilnius": nobody speaks in two places at once."""
    pairs = [(sites[n], sites[n + 1]) for n in (number - 1, number) if 0 <= n < len(sites) - 1]
    return any(text[one.end : other.start].strip().lower() in words.conjunctions for one, other in pairs)


def counterparts_of(
    inside: Sequence[Entity], reading: Reading, speaker_id: str | None, homes: Mapping[str, str], knowledge: Knowledge,
    lang: str | None, source: str | None = None,
) -> list[str]:  # fmt: skip
    """Countries and people that follow a word like "with", up to the end of the clause; never the speaker's own, which
    of an institution without an id its name (``source``) tells: „das russische Außenministerium“.
    """
    low, words, own = reading.low, reading.words, {_home(speaker_id, homes, knowledge)}
    if speaker_id is None and source is not None:
        own.update(_countries(WORD.findall(source.lower()), knowledge, lang))
    found: dict[str, None] = {}
    spans = [(max(0, m.start() - _COUNTERPART_BEFORE), m.start()) for m in reading.all(words.with_before)]
    for marker in reading.all(words.with_):
        stop = next((i for i in range(marker.end(), len(low)) if low[i] in ";:—"), len(low))
        spans.append((marker.end(), min(stop, marker.end() + _COUNTERPART_REACH)))
    for start, stop in spans:
        for entity in inside:
            at = entity.start - reading.start
            if not start <= at < stop or (entity.id is not None and entity.id == speaker_id):
                continue
            if entity.type == "PER":
                name = entity.norm or entity.text
                unlinked = knowledge.unlinked.get(name.casefold()) if entity.id is None else None
                home = unlinked.country if unlinked is not None else _home(entity.id, homes, knowledge)
                if home is not None:
                    found[home] = None
                found[entity.id or (unlinked.label if unlinked is not None else name)] = None
            elif entity.type == "GPE" and entity.id is not None and not _is_where(entity, reading):
                found[knowledge.seats.get(entity.id, entity.id)] = None
        found.update(dict.fromkeys(_countries(WORD.findall(low, start, stop), knowledge, lang)))
    return sorted(c for c in found if c not in own)


def _countries(words: Sequence[str], knowledge: Knowledge, lang: str | None) -> Iterator[str]:
    """Countries of the adjectives among the words; those of two words ("South African") count first."""
    at = 0
    while at < len(words):
        country = knowledge.country_of_adjective("_".join(words[at : at + 2]), lang) if at + 1 < len(words) else None
        at += 2 if country is not None else 1
        country = country or knowledge.country_of_adjective(words[at - 1], lang)
        if country is not None:
            yield country


def _home(person: str | None, homes: Mapping[str, str], knowledge: Knowledge) -> str | None:
    """The country that the article names with a person, else that of his office."""
    if person is None:
        return None
    offices = knowledge.offices_of(person)
    return offices[0][1] if offices else homes.get(person)
