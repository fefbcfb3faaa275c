"""When, where, with whom and in what form something was said: the words around a statement, never those inside it.

An occasion is known by its circumstances far better than by what was said there, so these are read from the sentence
of the cue and from the sentences just before it that speak of the speaker without reporting words of his ("In an
hour-long interview shown on Russian television …"). Words of time, place and form come from the language's lexicon.
"""

import datetime
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from processors.annotate.knowledge import NOTHING, Knowledge
from processors.annotate.phrases import Phrases, openings_of
from processors.annotate.stems import stems
from schemas import Entity, Setting

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_DIGIT = re.compile(r"\d")
_DAY_FIRST = (
    r"(?P<d1>\d{{1,2}})(?:st|nd|rd|th|er|\.)?\s(?:of\s|de\s)?(?P<m1>{months})\w{{0,4}}\.?(?:,?\s(?P<y1>20\d\d))?"
)
_MONTH_FIRST = r"(?P<m2>{months})\w{{0,7}}\.?\s(?P<d2>\d{{1,2}})(?!\d)(?:st|nd|rd|th)?(?:,?\s(?P<y2>20\d\d))?"
_NAME = re.compile(
    r"[«“„\"‘'](?P<quoted>[^«»“”„\"\n]{2,40})[»”“\"’']"
    r"|(?P<plain>[A-ZÀ-ÞА-ЯЁІЇЄҐĞİŞÇ][\w&.-]*(?:\s[A-ZÀ-ÞА-ЯЁІЇЄҐĞİŞÇ][\w&.-]*){0,4})"
)
# "told its Telegram channel": no medium.
_PLATFORMS = ("telegram", "телеграм", "телеграмм")
# Longer words for an institution are also looked for as the end of a compound («Außenministerium»).
_SHORT = 3
_COUNTERPART_REACH = 120
_COUNTERPART_BEFORE = 32
_ADJECTIVE = ("ian", "ish", "ese", "ch", "ean", "i")
_FUTURE_DAYS = 1
# Characters from "is expected" to the day, on either side.
_EXPECTED = 50
# Words from "flew" to "Sunday".
_ARRIVED = 4
_ARTICLES = frozenset(
    "the a an this der die das dem ein eine le la les un une el los las una il bu bir".split()  # noqa: SIM905
)


_LISTS = (
    "today", "yesterday", "before_yesterday", "vague", "flashback", "with", "with_before", "media_nouns",
    "media_markers", "writing", "expected",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Words:
    today: Phrases
    yesterday: Phrases
    before_yesterday: Phrases
    vague: Phrases
    last: frozenset[str]
    not_after: frozenset[str]
    arrivals: frozenset[str]
    meetings: frozenset[str]
    relatives: frozenset[str]
    expected: Phrases
    flashback: Phrases
    place_before: frozenset[str]
    conjunctions: frozenset[str]
    audiences: tuple[str, ...]
    """"a read-out posted by the Foreign Ministry", "told the UN Security Council": these are no paper or channel."""
    with_: Phrases
    with_before: Phrases
    occasions: tuple[tuple[str, Phrases], ...]
    named_occasions: tuple[tuple[str, Phrases], ...]
    """Words for a kind that may as well tell what is spoken about: they count where nothing tells how one spoke."""
    writing: Phrases
    """Verbs by which a speaker who writes is cited: what he says is an article of his."""
    media_nouns: Phrases
    media_markers: Phrases
    weekdays: tuple[tuple[str, int], ...]
    weekday_stems: tuple[str, ...]
    weekday: Phrases
    months: dict[str, int]
    dates: tuple[re.Pattern[str], ...]
    within: Callable[[str], frozenset[Phrases]]
    """Which of the lists can have a phrase in a passage."""


@cache
def _words(lang: str | None) -> _Words | None:
    if lang is None or not lang.isalpha():
        return None
    file = resources.files("processors.annotate") / "data" / "lexicon" / f"{lang}.yaml"
    if not file.is_file():
        return None
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    setting: dict[str, Any] = data.get("setting", {})
    months = {stem: i + 1 for i, w in enumerate(data.get("months", ())) for stem in stems(w)}
    shortened = Counter(name[:3] for name in months)
    short = {name[:3]: number for name, number in months.items() if shortened[name[:3]] == 1 and name[:3] not in months}
    # «25 апр», "25 Apr."; of other languages than English no part of a longer word («10 сенаторов»).
    written = [*map(re.escape, months), *(name if lang == "en" else name + r"(?!\w)" for name in short)]
    months.update(short)
    names = "|".join(sorted(written, key=lambda n: (-len(n), n)))
    dates = tuple(re.compile(r"(?<!\w)" + p.format(months=names)) for p in (_DAY_FIRST, _MONTH_FIRST)) if names else ()
    occasions, named = _kinds(setting.get("occasions", {})), _kinds(setting.get("named_occasions", {}))
    lists = {name: Phrases(setting.get(name)) for name in _LISTS}
    weekday_stems = tuple(stem for w in data.get("weekdays", ()) for stem in stems(w))
    lists["weekday"] = Phrases(f"{stem}*" for stem in weekday_stems)
    return _Words(
        today=lists["today"],
        yesterday=lists["yesterday"],
        before_yesterday=lists["before_yesterday"],
        vague=lists["vague"],
        last=frozenset(setting.get("last", ())),
        not_after=frozenset(setting.get("not_after", ())),
        arrivals=frozenset(setting.get("arrivals", ())),
        meetings=frozenset(setting.get("meetings", ())),
        relatives=frozenset(str(data.get("relatives", "")).split()),
        expected=lists["expected"],
        flashback=lists["flashback"],
        place_before=frozenset(setting.get("place_before", ())),
        conjunctions=frozenset(str(data.get("conjunctions", "")).split()),
        audiences=tuple(setting.get("audiences", ())),
        with_=lists["with"],
        with_before=lists["with_before"],
        occasions=occasions,
        named_occasions=named,
        writing=lists["writing"],
        media_nouns=lists["media_nouns"],
        media_markers=lists["media_markers"],
        weekdays=tuple((stem, i) for i, w in enumerate(data.get("weekdays", ())) for stem in stems(w)),
        weekday_stems=weekday_stems,
        weekday=lists["weekday"],
        months=months,
        dates=dates,
        within=openings_of([*lists.values(), *(phrases for _, phrases in (*occasions, *named))]),
    )


def _kinds(phrases: Mapping[str, Iterable[str]]) -> tuple[tuple[str, Phrases], ...]:
    return tuple((kind, Phrases(words)) for kind, words in phrases.items())


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of the article's text, ``[start, end)``, with holes where statements stand."""

    start: int
    end: int


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
    form: str | None = None,
) -> Setting | None:
    """What the passages (nearest first) tell of an occasion; None where they tell nothing.

    ``cue``: the words by which the speaker is cited. ``form``: the kind of occasion where nothing tells another.

    ``homes`` maps a person's id to the country that the article gives him, so that "his Turkish colleague" and the
    colleague's name are the same counterpart.
    """
    words = _words(lang)
    if words is None:
        return None
    date: str | None = None
    vague = flashback = False
    place = medium = occasion = named = None
    counterparts: list[str] = []
    for order, passage in enumerate(passages):
        raw = text[passage.start : passage.end]
        # The Turkish capital would become two characters, and offsets be wrong.
        low = raw.replace("İ", "i").lower().replace("’", "'")
        if len(low) != len(raw):
            low = raw
        here = words.within(low)
        if date is None:
            date, vague = _date(low, words, here, published)
        flashback = flashback or (order == 0 and _stands(words.flashback, low, here))
        medium = medium or _medium(raw, low, words, here, passage.start, entities, knowledge, lang)
        occasion = occasion or _occasion(low, words.occasions, here)
        if occasion is None and named is None:
            named = _occasion(low, words.named_occasions, here)
        inside = [e for e in entities if passage.start <= e.start and e.end <= passage.end]
        place = place or _place(text, inside, words, passage)
        if not counterparts:
            counterparts = _counterparts(low, inside, words, here, passage, speaker_id, homes or {}, knowledge, lang)
    if medium and occasion in (None, "briefing", "statement"):
        occasion = "interview"
    occasion = occasion or form
    if occasion is None and cue is not None and words.writing.pattern.search(cue.lower()):
        occasion = "article"
    occasion = occasion or named
    found = Setting(
        date=date, vague=vague, place=place, counterparts=counterparts, medium=medium, occasion=occasion,
        flashback=flashback,
    )  # fmt: skip
    return found if found != Setting() else None


def _stands(phrases: Phrases, low: str, here: frozenset[Phrases]) -> bool:
    """Whether any of the phrases stands in a passage, which has words of the lists ``here``."""
    return phrases in here and phrases.pattern.search(low) is not None


def _all(phrases: Phrases, low: str, here: frozenset[Phrases]) -> Iterable[re.Match[str]]:
    return phrases.pattern.finditer(low) if phrases in here else ()


def _date(
    low: str, words: _Words, here: frozenset[Phrases], published: datetime.datetime | None
) -> tuple[str | None, bool]:
    """ISO date of the speaking and whether it is vague; what lies in the future is not it."""
    if published is None:
        return None, False
    day = published.date()
    best: tuple[int, datetime.date] | None = None
    for pattern in words.dates if _DIGIT.search(low) else ():
        for match in pattern.finditer(low):
            found = _calendar(match, words, day)
            if found is None or _excluded(low, match.start(), words) or found > day + datetime.timedelta(_FUTURE_DAYS):
                continue
            if (day - found).days <= 60 and (best is None or match.start() < best[0]):
                best = (match.start(), found)
    for match in _WORD.finditer(low) if words.weekday in here else ():
        word = match.group()
        if not word.startswith(words.weekday_stems):
            continue
        number = next((n for stem, n in words.weekdays if word.startswith(stem) and len(word) <= len(stem) + 3), None)
        if number is None or _excluded(low, match.start(), words):
            continue
        back = (day.weekday() - number) % 7
        if back == 0 and _before(low, match.start()) in words.last:
            back = 7
        if best is None or match.start() < best[0]:
            best = (match.start(), day - datetime.timedelta(back))
    if best is not None:
        return best[1].isoformat(), False
    if _stands(words.before_yesterday, low, here):
        return (day - datetime.timedelta(2)).isoformat(), False
    if _stands(words.yesterday, low, here):
        return (day - datetime.timedelta(1)).isoformat(), False
    if _stands(words.today, low, here):
        return day.isoformat(), False
    if _stands(words.vague, low, here):
        return (day - datetime.timedelta(3)).isoformat(), True
    return None, False


def _calendar(match: re.Match[str], words: _Words, day: datetime.date) -> datetime.date | None:
    groups = match.groupdict()
    month = words.months.get(groups.get("m1") or groups.get("m2") or "")
    number = int(groups.get("d1") or groups.get("d2") or 0)
    year = groups.get("y1") or groups.get("y2")
    if month is None:
        return None
    try:
        if year:
            return datetime.date(int(year), month, number)
        found = datetime.date(day.year, month, number)
        return found if (found - day).days < 180 else datetime.date(day.year - 1, month, number)
    except ValueError:
        return None


def _before(low: str, at: int) -> str:
    words = low[max(0, at - 30) : at].split()
    return words[-1] if words else ""


def _excluded(low: str, at: int, words: _Words) -> bool:
    """After "since", "until", "next" … a date is not that of the speaking, nor in "who flew in on Sunday night",
    "who met him on Friday" or "is expected in Cairo on Friday".
    """
    if words.expected.pattern.search(low, max(0, at - _EXPECTED), at + _EXPECTED):
        return True
    clause = low[low.rfind(",", 0, at) + 1 : _comma_behind(low, at)].split()
    if clause and clause[0] in words.relatives and not words.meetings.isdisjoint(clause):
        return True
    before = low[max(0, at - 40) : at].split()
    if not before:
        return False
    if any(word in words.arrivals for word in before[-_ARRIVED:]):
        return True
    return before[-1] in words.not_after or (
        len(before) > 1 and before[-1] in ("on", "the", "am", "le") and before[-2] in words.not_after
    )


def _comma_behind(low: str, at: int) -> int:
    found = low.find(",", at)
    return found if found >= 0 else len(low)


def _occasion(low: str, kinds: tuple[tuple[str, Phrases], ...], here: frozenset[Phrases]) -> str | None:
    """The most telling kind whose words stand there."""
    return next((kind for kind, phrases in kinds if _stands(phrases, low, here)), None)


def _medium(
    raw: str, low: str, words: _Words, here: frozenset[Phrases], start: int, entities: Sequence[Entity],
    knowledge: Knowledge, lang: str | None,
) -> str | None:  # fmt: skip
    """The name beside a word for a broadcaster or paper."""
    if here.isdisjoint((words.media_nouns, words.media_markers)):
        return None
    named = [(e.start - start, e.end - start) for e in entities if e.type in ("PER", "GPE", "LOC")]
    people = [(e.start - start, e.end - start) for e in entities if e.type == "PER"]

    def is_other(match: re.Match[str], at: int = 0) -> bool:
        """Somebody ("told Turkish Foreign Minister Hakan Fidan") or a place is no medium."""
        begin, end = at + match.start(), at + match.end()
        return _within(begin, named) or any(a < end and begin < b for a, b in people)

    for noun in _all(words.media_nouns, low, here):
        after = _NAME.match(raw, noun.end() + 1) if noun.end() + 1 < len(raw) else None
        ahead = raw[max(0, noun.start() - 50) : noun.start()].rstrip()
        if ahead.rstrip("-").lower().endswith(_PLATFORMS):
            continue  # whoever has a channel there
        if after is not None and not is_other(after):
            if _is_audience(_named(after), words):
                continue
            return _named(after)
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
    for marker in _all(words.media_markers, low, here):
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


def _named(match: re.Match[str]) -> str:
    return (match.group("quoted") or match.group("plain")).strip(" ,.")


def _is_audience(name: str, words: _Words) -> bool:
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


def _place(text: str, inside: Sequence[Entity], words: _Words, passage: Passage) -> str | None:
    sites = [e for e in inside if e.type in ("GPE", "LOC")]
    for number, entity in enumerate(sites):
        if not _with_another(text, sites, number, words):
            before = _before(text[passage.start : entity.start].lower(), entity.start - passage.start)
            if before in words.place_before:
                return entity.id or entity.text
            if not words.place_before and text[entity.end : entity.end + 3].lower().strip("'’")[:2] in (
                "da",
                "de",
                "ta",
                "te",
            ):
                return entity.id or entity.text
    return None


def _with_another(text: str, sites: Sequence[Entity], number: int, words: _Words) -> bool:
    """As in "read with care in Warsaw and Vilnius": nobody speaks in two places at once."""
    pairs = [(sites[n], sites[n + 1]) for n in (number - 1, number) if 0 <= n < len(sites) - 1]
    return any(text[one.end : other.start].strip().lower() in words.conjunctions for one, other in pairs)


def _counterparts(
    low: str, inside: Sequence[Entity], words: _Words, here: frozenset[Phrases], passage: Passage,
    speaker_id: str | None, homes: Mapping[str, str], knowledge: Knowledge, lang: str | None,
) -> list[str]:  # fmt: skip
    """Countries and people that follow a word like "with", up to the end of the clause; never the speaker's own."""
    own = _home(speaker_id, homes, knowledge)
    found: dict[str, None] = {}
    spans = [(max(0, m.start() - _COUNTERPART_BEFORE), m.start()) for m in _all(words.with_before, low, here)]
    for marker in _all(words.with_, low, here):
        stop = next((i for i in range(marker.end(), len(low)) if low[i] in ";:—"), len(low))
        spans.append((marker.end(), min(stop, marker.end() + _COUNTERPART_REACH)))
    for start, stop in spans:
        for entity in inside:
            at = entity.start - passage.start
            if not start <= at < stop or (entity.id is not None and entity.id == speaker_id):
                continue
            if entity.type == "PER":
                name = entity.norm or entity.text
                unlinked = knowledge.unlinked.get(name.casefold()) if entity.id is None else None
                home = unlinked.country if unlinked is not None else _home(entity.id, homes, knowledge)
                if home is not None:
                    found[home] = None
                found[entity.id or (unlinked.label if unlinked is not None else name)] = None
            elif entity.type == "GPE" and entity.id is not None:
                found[knowledge.seats.get(entity.id, entity.id)] = None
        found.update(dict.fromkeys(_countries(_WORD.findall(low, start, stop), knowledge, lang)))
    return sorted(c for c in found if c != own)


def _countries(words: Sequence[str], knowledge: Knowledge, lang: str | None) -> Iterator[str]:
    """Of the adjectives among the words, those of two words ("South African") first."""
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
