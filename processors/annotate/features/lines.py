"""The sentences of a text with what survives translation in each: identified names and numbers."""

import re
from bisect import bisect_left
from collections.abc import Sequence

from processors.annotate.features.numbers import numbers
from processors.annotate.features.words import fold
from schemas import Entity

# A stop, closing marks, a blank, and what can begin a sentence; or the end of a paragraph.
_END = re.compile(r"[.!?…][»”\"'’)]*\s+(?=[\"'«“„(—–-]*\s?[^\W\d_a-zа-яёіїєґß-öø-ÿ])|\n+")
_MOST = 48


def lines(text: str, start: int, lang: str | None, entities: Sequence[Entity], speaker: str | None) -> str:
    """The sentences of ``text`` from ``start`` on, at most 48, as ``schemas.Context.lines`` has them: names are
    Wikidata ids, else folded words; the speaker is left out.
    """
    found: list[str] = []
    named = sorted((e.start, e.id or fold(e.text)) for e in entities if not e.id or e.id != speaker)
    for end in (*(match.end() for match in _END.finditer(text, start)), len(text)):
        raw = text[start:end]
        if raw.strip():
            first, last = (bisect_left(named, (at,)) for at in (start, end))
            inside = {name for _, name in named[first:last]}
            marks = sorted(inside | set(numbers(raw, lang)))
            kept = [" ".join(mark.split()) for mark in marks]
            found.append("\t".join([str(start), str(start + len(raw.rstrip())), *kept]))
            if len(found) == _MOST:
                break
        start = end
    return "\n".join(found)
