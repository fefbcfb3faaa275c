"""Words made from the name of a place: its adjective («российский», «московский») and its people (Polacy, британците).

They link to the place but are no names: a «российский министр» is not Russia speaking. So they are kept apart, for the
index and for dashboards, and the rules that look for speakers do not see them. What is taken was measured on labelled
sets (docs/gazetteer.md): adjectives in Russian and Ukrainian, peoples in Polish, Czech and Bulgarian.
"""

import functools
import re
from collections.abc import Sequence

from processors.annotate.entities import tables
from processors.annotate.entities.context import word_list
from processors.annotate.entities.folding import fold, plain
from processors.annotate.entities.gazetteer import Gazetteer
from schemas import Entity

_LANGUAGES = ("ru", "uk", "pl", "cs", "bg")
# Candidates only: in Russian and Ukrainian, words that can be such an adjective; in the others all words.
_ANY_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?")
_WORD = {
    "ru": re.compile(r"(?<![^\W\d_])[а-яёА-ЯЁ]+(?:-[а-яё]+)?[сц]к[аоиуоы][а-я]{1,2}(?![^\W\d_])"),
    "uk": re.compile(
        r"(?<![^\W\d_])(?<!['’])[а-яіїєґА-ЯІЇЄҐ'’]+(?:-[а-яіїєґ]+)?[сц]ьк[аоиуеії][а-яії]{0,2}(?![^\W\d_])"
    ),
    "pl": re.compile(r"(?<![^\W\d_])[A-ZŁŚŻŹĆ][^\W\d_]+"),
    "cs": re.compile(r"(?<![^\W\d_])[A-ZŘŠŽČŇŤĎ][^\W\d_]+"),
}
_ADJECTIVE = {
    "ru": re.compile("ий|ого|ому|им|ом|ая|ой|ую|ою|ое|ие|их|ими"),
    "uk": re.compile("ий|ого|ому|им|а|ої|ій|у|ою|е|і|их|ими"),
}
_NOUN = {
    "pl": re.compile("(?:|a|u|owi|em|iem|ie|y|i|ów|om|ami|ach|ę|ą|ka|kę|ce|ki|zy|ek)"),
    "cs": re.compile("(?:|a|u|ovi|em|e|y|i|é|ů|ům|ech|ích|ka|ku|ky|kou|ce|ek|ové)"),
    "bg": re.compile("(?:|а|ът|ят|и|ите|ка|ката|ин|ина|инът|е|ето|ки|ките)"),
}
_SHORTEST = 2
_MAX_ENDING = 5
_AND = frozenset(("и", "і", "й", "та"))
_ADJECTIVAL = re.compile(r"(?:ый|ий|ой|ого|его|ому|ему|ым|им|ом|ая|яя|ую|юю|ое|ее|ые|ие|ых|их|ыми|ими|ої|ій|ою)$")
_MAX_ADJECTIVES = 4
_NEXT = re.compile(r"[ \u00a0](?:[«\"“„](?=[А-ЯЁІЇЄҐA-Z]))?([^\W\d_]+)")


@functools.cache
def _stems() -> dict[str, dict[str, str]]:
    """Language to stem to the id of the place."""
    out: dict[str, dict[str, str]] = {lang: {} for lang in _LANGUAGES}
    for row in tables.rows(tables.folder() / "derived.tsv"):
        for lang in _LANGUAGES:
            out[lang].update((plain(stem), row["id"]) for stem in row[lang].split())
    return out


def find_derived(text: str, lang: str | None, gazetteer: Gazetteer, names: Sequence[Entity]) -> list[Entity]:
    """Derived words outside the ``names`` already found, ordered by start; none in other languages."""
    stems = _stems().get(lang or "")
    if not stems:
        return []
    taken = {position for entity in names for position in range(entity.start, entity.end)}
    out = []
    for match in _WORD.get(lang or "", _ANY_WORD).finditer(text):
        qid = _place(plain(match[0]), lang or "", stems)
        if qid is None or match.start() in taken or (lang in ("pl", "cs") and not match[0][0].isupper()):
            continue
        if lang in _ADJECTIVE and not _names_the_state(text, match.end()):
            continue
        entry = gazetteer.by_id(qid)
        if entry is not None:
            out.append(
                Entity(
                    start=match.start(), end=match.end(), text=match[0], type=entry.type, id=qid, derived=True
                )
            )  # fmt: skip
    return out


def derived_places(text: str, lang: str | None) -> set[str | None]:
    """Ids of all places that the text has derived words of, whatever follows them."""
    stems = _stems().get(lang or "")
    if not stems:
        return set()
    words = _WORD.get(lang or "", _ANY_WORD).finditer(text)
    return {qid for match in words if (qid := _place(plain(match[0]), lang or "", stems)) is not None}


@functools.cache
def _nationality() -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, word_list("nationality_nouns")))))


def _names_the_state(text: str, end: int) -> bool:
    """Whether the noun that the adjective belongs to leaves it the state's; none where it ends a clause."""
    position = end
    for _ in range(_MAX_ADJECTIVES):
        after = _NEXT.match(text, position)
        if after is None:
            return False
        word = after[1]
        if word[0].isupper() or not word[0].isalpha():
            return True
        if word not in _AND and _ADJECTIVAL.search(word) is None:
            return _nationality().match(fold(word)) is None
        position = after.end()
    return False


def _place(word: str, lang: str, stems: dict[str, str]) -> str | None:
    """The place of a lower-case word; of two joined by a hyphen, that of the last («российско-британский»)."""
    first, hyphen, last = word.partition("-")
    if hyphen and first.endswith("о"):
        word = last
    for ending in (_ADJECTIVE.get(lang), _NOUN.get(lang)):
        for length in range(len(word), _SHORTEST, -1) if ending is not None else ():
            qid = stems.get(word[:length])
            if qid is not None and ending is not None and ending.fullmatch(word, length):
                return qid
            if len(word) - length > _MAX_ENDING:
                break
    return None
