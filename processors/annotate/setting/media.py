"""Which broadcaster or paper something was said to: the name beside a word for one."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from processors.annotate.knowledge import Knowledge
from processors.annotate.setting.passage import Reading
from processors.annotate.setting.words import Words
from schemas import Entity

# The name of a medium: in quotation marks, or up to five words with capitals, "&" between them.
_NAME = re.compile(
    r"[«“„\"‘'](?P<quoted>[^«»“”„\"\n]{2,40})[»”“\"’']"
    r"|(?P<plain>[A-ZÀ-ÞА-ЯЁІЇЄҐĞİŞÇ][\w&.-]*(?:(?:\s&)?\s[A-ZÀ-ÞА-ЯЁІЇЄҐĞİŞÇ][\w&.-]*){0,4})"
)
# "told its Telegram channel": no medium.
_PLATFORMS = ("telegram", "телеграм", "телеграмм")
# Longer words for an institution are also looked for as the end of a compound («Außenministerium»).
_SHORT = 3
# Between "according to" and the name: "the state news agency".
_RELAYED_WORDS = 4
_RELAY_REACH = 60
_ADJECTIVE = ("ian", "ish", "ese", "ch", "ean", "i")
_ARTICLES = frozenset(
    "the a an this der die das dem ein eine le la les un une el los las una il bu bir".split()  # noqa: SIM905
)


def medium_of(
    reading: Reading, entities: Sequence[Entity], knowledge: Knowledge, lang: str | None,
    citing: AbstractSet[int] = frozenset(),
) -> str | None:  # fmt: skip
    """The name beside a word for a broadcaster or paper, but for one that is itself ``citing`` ("…, the agency TASS
    reported").
    """
    raw, words, start = reading.raw, reading.words, reading.start
    if not (reading.may_have(words.media_nouns) or reading.may_have(words.media_markers)):
        return None
    named = [(e.start - start, e.end - start) for e in entities if e.type in ("PER", "GPE", "LOC")]
    people = [(e.start - start, e.end - start) for e in entities if e.type == "PER"]

    def is_other(match: re.Match[str], at: int = 0) -> bool:
        """Somebody ("told Turkish Foreign Minister Hakan Fidan"), a place or who reports it is no medium."""
        begin, end = at + match.start(), at + match.end()
        return (
            not citing.isdisjoint(range(start + begin, start + end))
            or _within(begin, named)
            or any(a < end and begin < b for a, b in people)
            or _relays(reading, begin)
        )

    for noun in reading.all(words.media_nouns):
        if start + noun.start() in citing:
            continue
        after = _NAME.match(raw, noun.end() + 1) if noun.end() + 1 < len(raw) else None
        ahead = raw[max(0, noun.start() - 50) : noun.start()].rstrip()
        if ahead.rstrip("-").lower().endswith(_PLATFORMS):
            continue  # whoever has a channel there
        if after is not None and not is_other(after):
            name = _named(after)
            if _is_audience(name, words):
                continue
            # "Channel One"
            return f"{raw[noun.start() : noun.end()]} {name}" if name.lower() in words.determiners else name
        names = list(_NAME.finditer(ahead))
        if names and names[-1].end() >= len(ahead) - 1 and not is_other(names[-1], max(0, noun.start() - 50)):
            name = _named(names[-1])
            if not _is_name(name) or _is_audience(name, words):
                continue
            if knowledge.country_of_adjective(name.lower(), lang) is not None:
                continue
            if raw[noun.start()].isupper():
                return f"{name} {raw[noun.start() : noun.end()]}"
            if names[-1].group("quoted") or " " in name or not name.endswith(_ADJECTIVE):
                return name
    for marker in reading.all(words.media_markers):
        at = marker.end() + 1
        for article in ("the ", "der ", "dem ", "la ", "le "):
            if raw[at : at + len(article)] == article:
                at += len(article)
        match = _NAME.match(raw, at) if at < len(raw) else None
        if match is None or is_other(match):
            continue
        name = _named(match)
        if _is_audience(name, words):
            continue
        if match.group("quoted") or name.isupper() or len(name.split()) > 1:
            return name
    return None


def _relays(reading: Reading, at: int) -> bool:
    """Whether the name at ``at`` only passes the words on: "…, according to the news agency Interfax"."""
    if not reading.may_have(reading.words.media_relays):
        return False
    before = reading.low[max(0, at - _RELAY_REACH) : at]
    ends = [match.end() for match in reading.words.media_relays.pattern.finditer(before)]
    if not ends:
        return False
    between = before[ends[-1] :]
    return len(between.split()) <= _RELAYED_WORDS and not any(mark in between for mark in ",;:.!?")


def _named(match: re.Match[str]) -> str:
    return (match.group("quoted") or match.group("plain")).strip(" ,.")


def _is_audience(name: str, words: Words) -> bool:
    """Whether a name ends with a word for an institution; a short one as a word of its own ("The Sun" is no UN)."""
    low = name.lower()
    return any(
        low.endswith(word) and (len(word) > _SHORT or not low[: -len(word)][-1:].isalnum()) for word in words.audiences
    )


def _is_name(name: str) -> bool:
    """Not an article alone, as in "The paper"."""
    return name.lower() not in _ARTICLES


def _within(at: int, spans: list[tuple[int, int]]) -> bool:
    return any(a <= at < b for a, b in spans)
