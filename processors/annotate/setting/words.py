"""The words of time, place and form by which a language tells of an occasion, from its lexicon."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from processors.annotate.phrases import Phrases, openings_of
from processors.annotate.stems import stems

_DAY_FIRST = (
    r"(?P<d1>\d{{1,2}})(?:st|nd|rd|th|er|\.)?\s(?:of\s|de\s)?(?P<m1>{months})\w{{0,4}}\.?(?:/\w{{1,10}})?"
    r"(?:,?\s(?:del?\s)?(?P<y1>(?:19|20)\d\d))?"
)
_MONTH_FIRST = r"(?P<m2>{months})\w{{0,7}}\.?\s(?P<d2>\d{{1,2}})(?!\d)(?:st|nd|rd|th)?(?:,?\s(?P<y2>(?:19|20)\d\d))?"
_NUMBERS = re.compile(r"(?<![\w.,/-])(?P<n1>\d{1,2})(?P<mark>[./])(?P<n2>\d{1,2})(?P=mark)(?P<y3>(?:19|20)\d\d)(?!\w)")
_YEAR = r"(?<![\w.,/-])(?:(?:{months})\w{{0,7}}\.?\s(?:of\s|del?\s)?)?(?P<year>(?:19|20)\d\d)(?![\w-]|[.,]\d)"
_LISTS = (
    "today", "yesterday", "before_yesterday", "vague", "flashback", "with", "with_before", "media_nouns",
    "media_markers", "media_relays", "writing", "expected", "ahead", "ahead_behind",
)  # fmt: skip


class Nouns:
    """Nouns, each as a whole word or behind a hyphen; a star at either end stands for the rest of a compound."""

    def __init__(self, nouns: Collection[str]) -> None:
        self._whole = {noun for noun in nouns if "*" not in noun}
        self._first = tuple(noun[:-1] for noun in nouns if noun.endswith("*") and not noun.startswith("*"))
        self._last = tuple(noun[1:] for noun in nouns if noun.startswith("*") and not noun.endswith("*"))
        self._within = tuple(noun[1:-1] for noun in nouns if noun.startswith("*") and noun.endswith("*"))

    def __contains__(self, word: str) -> bool:
        word = word.removesuffix("'s").rpartition("-")[2]
        told = word in self._whole or word.startswith(self._first) or word.endswith(self._last)
        return told or any(part in word for part in self._within)


@dataclass(frozen=True, eq=False)
class Words:
    """What the lexicon's part ``setting`` has, by its names there (docs/statements.md)."""

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
    ahead: Phrases
    """"ahead of", "on the eve of": what follows has still to come."""
    ahead_behind: Phrases
    """What stands before these has ("öncesinde")."""
    before_events: Phrases
    """Words that mean the same before an event alone: "before talks", but not "before students"."""
    events: Mapping[str, Nouns]
    """The events, by the word before them."""
    prepositions: frozenset[str]
    determiners: frozenset[str]
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
    media_relays: Phrases
    """What stands before who only passes it on: "according to the agency Interfax"."""
    weekdays: tuple[tuple[str, int], ...]
    weekday_stems: tuple[str, ...]
    weekday: Phrases
    months: dict[str, int]
    dates: tuple[re.Pattern[str], ...]
    month_or_day: bool
    """Whether 3/4/2026 may as well be the third of April as the fourth of March."""
    year: re.Pattern[str]
    """A year alone or with a month."""
    on_day: tuple[str, ...]
    """What stands before a date, or before a year, that tells when somebody spoke, the longest first."""
    in_year: tuple[str, ...]
    month: re.Pattern[str]
    earlier: tuple[str, ...]
    year_behind: tuple[str, ...]
    """What follows such a year where nothing stands before it ("2014 yılında")."""
    within: Callable[[str], frozenset[Phrases]]
    """Which of the lists can have a phrase in a passage."""


@cache
def words_of(lang: str | None) -> Words | None:
    """None of a language without a lexicon."""
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
    dates += (_NUMBERS,)
    occasions, named = _kinds(setting.get("occasions", {})), _kinds(setting.get("named_occasions", {}))
    lists = {name: Phrases(setting.get(name)) for name in _LISTS}
    weekday_stems = tuple(stem for w in data.get("weekdays", ()) for stem in stems(w))
    before_events: dict[str, list[str]] = setting.get("before_events", {})
    lists["before_events"] = Phrases(before_events)
    lists["weekday"] = Phrases(f"{stem}*" for stem in weekday_stems)
    return Words(
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
        ahead=lists["ahead"],
        ahead_behind=lists["ahead_behind"],
        before_events=lists["before_events"],
        events={before: Nouns(events) for before, events in before_events.items()},
        prepositions=frozenset(str(data.get("prepositions", "")).split()),
        determiners=frozenset(str(data.get("determiners", "")).split()),
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
        media_relays=lists["media_relays"],
        weekdays=tuple((stem, i) for i, w in enumerate(data.get("weekdays", ())) for stem in stems(w)),
        weekday_stems=weekday_stems,
        weekday=lists["weekday"],
        months=months,
        dates=dates,
        month_or_day=lang == "en",
        year=re.compile(_YEAR.format(months=names or "(?!)")),
        on_day=_longest_first(setting.get("on_day", ())),
        in_year=_longest_first(setting.get("in_year", ())),
        month=_month(data.get("months", ())),
        earlier=tuple(setting.get("earlier", ())),
        year_behind=tuple(setting.get("year_behind", ())),
        within=openings_of([*lists.values(), *(phrases for _, phrases in (*occasions, *named))]),
    )


def _kinds(phrases: Mapping[str, Iterable[str]]) -> tuple[tuple[str, Phrases], ...]:
    return tuple((kind, Phrases(words)) for kind, words in phrases.items())


def _month(months: Iterable[str]) -> re.Pattern[str]:
    """Finds a month written in full; a star at its end stands for an ending."""
    written = sorted((form for month in months for form in month.split("|")), key=lambda form: (-len(form), form))
    ended = "|".join(re.escape(form[:-1]) for form in written if form.endswith("*")) or "(?!)"
    whole = "|".join(re.escape(form) for form in written if not form.endswith("*")) or "(?!)"
    return re.compile(rf"(?<!\w)(?:(?P<stem>{ended})\w{{0,3}}|(?P<whole>{whole}))(?!\w)")


def _longest_first(phrases: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(map(str, phrases), key=len, reverse=True))
