"""When, where, with whom and in what form: the occasions that one report covers, and the features of each.

What identifies an occasion is its date, place, counterpart, medium and kind; what was said comes last, because a
speaker repeats himself. So statements are first divided by the occasions that their passages tell.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from processors.group.report.facts import Facts, day_of
from processors.group.report.media import is_key, name_key
from schemas import Outlet, Setting, Statement

# Kinds of occasion that many days have; the others say more when two reports share them.
ORDINARY = frozenset({"press_conference", "talks", "briefing", "meeting", "statement"})
# Kinds that journalists give to anything: that another kind is told elsewhere does not speak against them.
LOOSE = frozenset({"briefing", "meeting", "statement"})
# Kinds whose words also tell what is spoken about.
SOLEMN = frozenset({"ceremony", "ambassadors", "university"})
# The form in which a ministry tells of any kind; it goes with all others within a report.
_FORM = "statement"
# What is spoken about, or what any conversation is called.
TOLD = frozenset({"talks"})
# Kinds that take place with nobody else there.
APART = frozenset({"interview", "article", "call"})
# One event under two names: talks end with a press conference, a briefing is one.
_SAME = (
    frozenset({"press_conference", "talks", "briefing", "meeting"}),
    frozenset({"opening", "talks", "meeting"}),
    frozenset({"interview", "article"}),
    frozenset({"forum", "ceremony", "speech", "opening"}),
    # Students are spoken to at forums, too.
    frozenset({"forum", "university"}),
)
# Statements of a report whose kind of occasion is taken for that of the report; what stands deeper may be background.
_FIRST = 3
# A day longer before publication than this is not taken for that of the speaking.
_OLD_DAYS = 7
# Hours after midnight at the outlet in which news are of the evening before.
_NIGHT_HOURS = 4


@lru_cache(maxsize=1024)
def kinds_agree(ours: str, theirs: str) -> bool:
    """Whether two kinds may be one occasion."""
    return ours == theirs or any(ours in group and theirs in group for group in _SAME)


def kinds_mixed(kinds: Iterable[str]) -> bool:
    """Whether there are two among these that cannot be one occasion; kinds that are given to anything are left out."""
    telling = sorted(set(kinds) - LOOSE)
    return any(not kinds_agree(a, b) for i, a in enumerate(telling) for b in telling[i + 1 :])


@dataclass
class Segment:
    """The statements of one report that belong to one occasion, in order of the text."""

    statements: list[Statement] = field(default_factory=list)
    dates: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    media: set[str] = field(default_factory=set)
    counterparts: set[str] = field(default_factory=set)
    flashback: bool = False

    def add(self, statement: Statement) -> None:
        self.statements.append(statement)
        setting = statement.setting
        if setting is None:
            return
        if setting.date and not setting.vague:
            self.dates.add(setting.date)
        if setting.occasion:
            self.kinds.add(setting.occasion)
        if setting.medium:
            self.media.add(setting.medium)
        self.counterparts.update(setting.counterparts)

    def fits(self, setting: Setting) -> bool:
        """Whether nothing in the setting speaks against this segment."""
        if setting.flashback != self.flashback:
            return False
        if setting.date and not setting.vague and self.dates and setting.date not in self.dates:
            return False
        if setting.medium and self.media and setting.medium not in self.media:
            return False
        if not setting.occasion or setting.occasion == _FORM:
            return True
        telling = self.kinds - {_FORM}
        return not telling or any(kinds_agree(setting.occasion, kind) for kind in telling)

    def shares(self, setting: Setting) -> bool:
        """Whether something in the setting speaks for this segment."""
        return (
            setting.date in self.dates
            or setting.occasion in self.kinds
            or setting.medium in self.media
            or bool(self.counterparts & set(setting.counterparts))
        )


def segments(facts: Facts) -> list[Segment]:
    """The report's statements by occasion, the main one first.

    A statement whose passage says nothing of its occasion stays with the one before it. The main segment is the one
    with most statements, the first of equals, and not a look back unless there is nothing else.
    """
    found: list[Segment] = []
    current: Segment | None = None
    for statement in facts.statements.values():
        setting = statement.setting
        if current is None or (setting is not None and not current.fits(setting)):
            current = _place(found, setting)
        current.add(statement)
        if current.flashback and found[0] is not current:
            current = found[0]
    return sorted(found, key=lambda segment: (segment.flashback, -len(segment.statements)))


def _place(found: list[Segment], setting: Setting | None) -> Segment:
    """The earlier segment that the setting goes on with, else a new one."""
    if setting is not None:
        for segment in reversed(found):
            if segment.fits(setting) and segment.shares(setting):
                return segment
    segment = Segment(flashback=setting is not None and setting.flashback)
    found.append(segment)
    return segment


@dataclass(frozen=True)
class Features:
    """One part of one report as it is compared with stories. All sets hold normalised strings."""

    moment_ms: int
    statements: tuple[str, ...]
    dated: bool = True
    dates: frozenset[str] = frozenset()
    vague: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    counterparts: frozenset[str] = frozenset()
    media: frozenset[str] = frozenset()
    outlet: str = ""
    kinds: frozenset[str] = frozenset()
    scene_kinds: frozenset[str] = frozenset()
    """Kinds that title and beginning tell, where the first statements tell none."""
    deep_kinds: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    elsewhere: frozenset[str] = frozenset()
    days: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    lang: str = ""
    length: int = 0
    spelled: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    """For each key of a name, the name as the article has it first: a key says nothing to a reader."""


def features_of(facts: Facts, statement_ids: Sequence[str], main: bool) -> Features:
    """The features of the part that has these statements (unknown ids are left out); worked out once.

    ``main``: it is the report's main part, to which all else that the article names belongs.
    """
    key = ("main" if main else "part", *statement_ids)
    known = facts.features.get(key)
    if not isinstance(known, Features):
        known = facts.features[key] = _features_of(facts, statement_ids, main)
    return known


def _features_of(facts: Facts, statement_ids: Sequence[str], main: bool) -> Features:
    chosen = [facts.statements[s] for s in statement_ids if s in facts.statements]
    settings = [s.setting for s in chosen if s.setting is not None]
    first = [s.setting for s in chosen[:_FIRST] if s.setting is not None]
    kinds = _some(s.occasion for s in first)
    places = frozenset(name_key(s.place) for s in settings if s.place)
    counterparts = frozenset(name_key(c) for s in settings for c in s.counterparts)
    names = frozenset(name_key(n) for s in chosen for n in s.names if n != facts.report.speaker_id)
    elsewhere = frozenset(name_key(n) for n in facts.report.context.names)
    dates = _some(s.date for s in settings if not s.vague and not _old(s.date, facts))
    media = _some(s.medium for s in settings)
    vague = _some(s.date for s in settings if s.vague)
    scene_kinds: frozenset[str] = frozenset()
    scene = facts.report.context.scene
    generic = kinds == TOLD or (kinds and kinds <= SOLEMN)
    if generic and main and scene is not None and scene.occasion in APART:
        # An article of his that appears on a holiday, or a call that is told as talks: the beginning tells what it is.
        kinds = frozenset({scene.occasion})
    deep_kinds = _some(s.occasion for s in settings) - kinds
    if main and scene is not None:
        # What the article tells of the occasion elsewhere, where the passages with his words do not.
        if not dates and not vague:
            told = _some([None if _old(scene.date, facts) else scene.date])
            dates, vague = (dates, told) if scene.vague else (told, vague)
        media = media or _some([scene.medium])
        scene_kinds = frozenset() if kinds else _some([scene.occasion]) - LOOSE - {"talks"}
        deep_kinds |= _some([scene.occasion]) - kinds
    return Features(
        moment_ms=facts.moment_ms,
        statements=tuple(s.statement_id for s in chosen),
        dated=facts.report.published is not None,
        dates=dates | _evening_before(dates, facts),
        vague=vague,
        places=places,
        counterparts=counterparts,
        media=media,
        outlet=_outlet(facts.report.outlet),
        kinds=kinds,
        scene_kinds=scene_kinds,
        deep_kinds=deep_kinds,
        numbers=frozenset(n for s in chosen for n in s.numbers),
        names=names - places - counterparts,
        elsewhere=elsewhere - names if main else frozenset(),
        days=frozenset(facts.report.context.days) if main else frozenset(),
        lang=facts.report.lang or "",
        length=facts.report.context.length,
        words=frozenset(w for s in chosen for w in facts.words[s.statement_id]),
        spelled=_spelled(facts, chosen),
    )


def _spelled(facts: Facts, chosen: Iterable[Statement]) -> dict[str, str]:
    """By its key each name of the statements, and of the rest of the article."""
    settings = [(s, s.setting) for s in chosen]
    told = (n for _, setting in settings if setting for n in (setting.place, *setting.counterparts) if n)
    found: dict[str, str] = {}
    for name in (*told, *(n for s, _ in settings for n in s.names), *facts.report.context.names):
        if is_key(key := name_key(name)):
            found.setdefault(key, name)
    return found


def _old(date: str | None, facts: Facts) -> bool:
    """Whether a day is too long before publication to be that of a story that is still told of."""
    return date is not None and (day_of(facts.moment_ms) - datetime.date.fromisoformat(date)).days > _OLD_DAYS


def _evening_before(dates: frozenset[str], facts: Facts) -> frozenset[str]:
    """The day before, where an article of the night has the day of its publication: what is told at half past midnight
    in Moscow was said in the evening, or farther west on a day that is not over.
    """
    published = facts.report.published
    if published is None or published.hour >= _NIGHT_HOURS or published.date().isoformat() not in dates:
        return frozenset()
    return frozenset({(published.date() - datetime.timedelta(days=1)).isoformat()})


def _outlet(outlet: Outlet) -> str:
    """Its name; of a host the label before the ending."""
    name = outlet.name or outlet.id
    labels = name.split(".")
    return name if " " in name or len(labels) < 2 else labels[-2]


def _some(values: Iterable[str | None]) -> frozenset[str]:
    return frozenset(value for value in values if value)
