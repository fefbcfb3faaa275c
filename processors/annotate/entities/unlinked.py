"""Names outside the gazetteer, as a statistical recogniser finds them: typed, never linked, in the nominative, and with
one name for all mentions of a thing in the article.

The gazetteer goes first: what overlaps a name of its own is left out, since it knows the cases and the look-alikes. But
a place of one word that begins or ends the name of a person (Malta Smith, «Уитни Хьюстон») is none. A bare surname has
the full name that the article has for it ("Kowalski" … "Anna Kowalski"), unless it has two of them.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from processors.annotate.entities.folding import fold
from processors.annotate.entities.nominative import nominative, surnames
from processors.annotate.entities.recognition import Span
from processors.annotate.entities.surroundings import locatives, title_case, word_before
from schemas import Entity

_OUTSIDE = " \u00a0\t'’\"“”„«»()[],.;:!?-–—…*"
_POSSESSIVE = re.compile(r"['’][sS]?$")
_LETTER = re.compile(r"[^\W\d_]")
_TITLES = re.compile(r"^(?:Mr|Mrs|Ms|Dr|Sir|President|Minister|Senator|Rep|Sen|Gov|Gen)\.? (?=\w)")
_MAX_WORDS = 8
_MIN_LETTERS = 3


def without_namesakes(text: str, spans: Sequence[Span], known: Sequence[Entity]) -> list[Entity]:
    """Those of ``known`` that are no part of a person's name. Who is called like a place by surname ("Whitney Houston")
    is meant by the bare word, too, unless a preposition of place stands before it. ``spans`` are the recogniser's; all
    are in order.
    """
    dropped, namesakes = set(), set()
    for span, inside in _taken_in(spans, known):
        name = _trimmed(text, span)
        place = inside[0]
        if span.type != "PER" or name is None or len(inside) > 1 or place.type not in ("GPE", "LOC"):
            continue
        first, last = place.start == name.start, place.end == name.end
        if first == last or " " in place.text:  # all of it, or in its middle
            continue
        dropped.add(place)
        if last and not title_case(text, name.start):
            namesakes.add(place.id)
    return [
        e
        for e in known
        if e not in dropped
        and (e.id is None or e.id not in namesakes or " " in e.text or word_before(text, e.start) in locatives())
    ]


def find_unlinked(text: str, spans: Sequence[Span], known: Sequence[Entity]) -> list[Entity]:
    """Entities without ids for those of the recogniser's ``spans`` that ``known`` (the gazetteer's names) has not. All
    are in order.
    """
    out = []
    for span in _free(spans, known):
        trimmed = _trimmed(text, span)
        if trimmed is not None:
            out.append(
                Entity(start=trimmed.start, end=trimmed.end, text=text[trimmed.start : trimmed.end], type=trimmed.type)
            )
    return out


def with_norms(entities: Sequence[Entity], lang: str | None) -> list[Entity]:
    """The same entities; those without an id have the name that all mentions of the thing share as ``norm``."""
    plain = {entity: _plain(entity, lang) for entity in entities if entity.id is None}
    full = _full_names(name for entity, name in plain.items() if entity.type == "PER")
    out = []
    for entity in entities:
        name = plain.get(entity)
        if name is not None and entity.type == "PER" and " " not in name:
            forms = [name, *(surnames(entity.text) if lang == "ru" else ())]
            name = next((full[key] for form in forms if (key := _surname(form)) in full), name)
        out.append(entity if name in (None, entity.text) else replace(entity, norm=name))
    return out


def _free(spans: Sequence[Span], known: Sequence[Entity]) -> list[Span]:
    """Those that overlap no known entity."""
    taken = {span for span, _ in _taken_in(spans, known)}
    return [span for span in spans if span not in taken]


def _taken_in(spans: Iterable[Span], known: Sequence[Entity]) -> Iterator[tuple[Span, list[Entity]]]:
    """The spans that overlap known entities, with these. Both are in order, so one pass will do."""
    at = 0
    for span in spans:
        while at < len(known) and known[at].end <= span.start:
            at += 1
        end = at
        while end < len(known) and known[end].start < span.end:
            end += 1
        if end > at:
            yield span, list(known[at:end])


def _trimmed(text: str, span: Span) -> Span | None:
    """The span without quotes, punctuation and a possessive; None where no name is left."""
    start, end = span.start, span.end
    while start < end and text[start] in _OUTSIDE:
        start += 1
    while end > start and text[end - 1] in _OUTSIDE:
        end -= 1
    possessive = _POSSESSIVE.search(text[start:end])
    if possessive is not None:
        end -= len(possessive[0])
    written = text[start:end]
    if span.type == "PER" and (title := _TITLES.match(written)):
        start, written = start + title.end(), written[title.end() :]
    if "\n" in written or len(written.split()) > _MAX_WORDS or len(_LETTER.findall(written)) < _MIN_LETTERS:
        return None
    capital = any(char.isupper() for char in written)
    return Span(start, end, span.type) if capital else None


def _plain(entity: Entity, lang: str | None) -> str:
    name = " ".join(entity.text.split())
    return nominative(name, person=entity.type == "PER") if lang == "ru" else name


def _full_names(names: Iterable[str]) -> dict[str, str]:
    """By folded surname, the one full name of the article that ends in it; its longest form."""
    by_surname: dict[str, set[str]] = {}
    for name in names:
        if " " in name:
            by_surname.setdefault(_surname(name), set()).add(name)
    out = {}
    for surname, found in by_surname.items():
        longest = max(found, key=lambda name: (len(name), name))
        if all(fold(name.split()[0])[:1] == fold(longest.split()[0])[:1] for name in found):
            out[surname] = longest
    return out


def _surname(name: str) -> str:
    return fold(name.rpartition(" ")[2])
