"""Decisions that a person made, as constraints on those of ``group``."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from schemas import Evidence, Override, Role, Ruling
from schemas.override import OverrideKind

# Evidence names so many overrides, and reports that one is kept from, and so much of a note and of who made it.
_MOST_TOLD = 3
_MOST_REPORTS = 5
_MOST_NOTE = 120
_MOST_NAME = 40


@dataclass(frozen=True)
class Overrides:
    """All constraints that hold, in a form that is asked by report id."""

    given: tuple[Override, ...] = ()
    _must: dict[str, frozenset[str]] = field(default_factory=dict)
    _cannot: dict[str, frozenset[str]] = field(default_factory=dict)
    _roles: dict[str, Role] = field(default_factory=dict)
    _parted: dict[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, overrides: Iterable[Override]) -> "Overrides":
        """From the messages of the topic, those taken back left out; of two that contradict each other the later made
        one holds.
        """
        must: dict[str, set[str]] = {}
        cannot: dict[str, set[str]] = {}
        roles: dict[str, Role] = {}
        parted: dict[str, set[str]] = {}
        given = sorted(overrides, key=lambda o: (o.made, o.override_id))
        for override in given:
            if override.kind == "role" and override.role is not None:
                roles.update(dict.fromkeys(override.report_ids, override.role))
            elif override.kind == "must_link":
                # Transitive: who must be with B is with all whom B must be with.
                joint = set(override.report_ids).union(*(must.get(r, set()) for r in override.report_ids))
                must.update(dict.fromkeys(joint, joint))
                for report_id in joint & cannot.keys():
                    cannot[report_id] -= joint
            elif override.kind == "cannot_link":
                first, *others = override.report_ids
                parted.setdefault(first, set()).update(others)
                group = must.get(first, set())
                if not group.isdisjoint(others):
                    group.remove(first)  # the one set that all of the group share
                    del must[first]
                cannot.setdefault(first, set()).update(others)
                for other in others:
                    cannot.setdefault(other, set()).add(first)
        apart = _spread(must, cannot)
        return cls(
            given=tuple(given),
            _must={r: frozenset(group - {r}) for r, group in must.items()},
            _cannot=apart,
            _roles=roles,
            _parted={
                first: held for first, others in parted.items() if (held := apart.get(first, frozenset()) & others)
            },
        )

    @property
    def puts_together(self) -> bool:
        """Whether any reports must be in one story."""
        return bool(self._must)

    def must_link(self, report_id: str) -> frozenset[str]:
        return self._must.get(report_id, frozenset())

    def cannot_link(self, report_id: str) -> frozenset[str]:
        return self._cannot.get(report_id, frozenset())

    def split_off(self, report_id: str) -> frozenset[str]:
        """Those that a report was split off from; not those that were split off from it."""
        return self._parted.get(report_id, frozenset())

    def split_from(self, report_id: str) -> list[str]:
        """Those that were split off from a report."""
        return [first for first, others in self._parted.items() if report_id in others]

    def role(self, report_id: str) -> Role | None:
        return self._roles.get(report_id)

    def evidence(
        self, kind: OverrideKind, report_id: str, *, against: str | None = None, apart: Collection[str] = ()
    ) -> Evidence:
        """That a person decided this of a report, with the id, the day, the author and the note of the overrides that
        say so. ``against``: the story that it is in for that; ``apart``: the reports that it shares none with.
        """
        says = {"role": self._says_role, "must_link": self._says_with, "cannot_link": self._says_apart}[kind]
        found = [one for one in self.given if one.kind == kind and says(one, report_id)]
        if kind == "role":
            found = found[-1:]  # of several the one that was made last
        by = "; ".join(map(_named, found[-_MOST_TOLD:]))
        reports = ", ".join(sorted(apart)[:_MOST_REPORTS])
        value = self._roles.get(report_id, kind) if kind == "role" else kind
        return Evidence(
            feature="override",
            value=value,
            other=f"{reports} ({by})" if reports and by else reports or by,
            against=against,
        )

    def _says_role(self, one: Override, report_id: str) -> bool:
        return report_id in one.report_ids

    def _says_with(self, one: Override, report_id: str) -> bool:
        return report_id in one.report_ids and not self.must_link(report_id).isdisjoint(one.report_ids)

    def _says_apart(self, one: Override, report_id: str) -> bool:
        """Whether an override keeps the report, or one that it must be with, apart from others."""
        mates = self.must_link(report_id) | {report_id}
        return not mates.isdisjoint(one.report_ids) and not self.cannot_link(report_id).isdisjoint(one.report_ids)


def _named(one: Override) -> str:
    """As a person knows it again in `remarkwire override list`."""
    by = f" by {_cut(one.by, _MOST_NAME)}" if one.by else ""
    note = f": {_cut(one.note, _MOST_NOTE)}" if one.note else ""
    return f"{one.override_id} of {one.made.date()}{by}{note}"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}…"


def _spread(must: Mapping[str, set[str]], cannot: Mapping[str, set[str]]) -> dict[str, frozenset[str]]:
    """Spreads what is kept apart to all who must be with either side."""
    found: dict[str, set[str]] = {}
    for report_id, others in cannot.items():
        theirs = others.union(*(must.get(other, ()) for other in others))
        for one in must.get(report_id, {report_id}):
            found.setdefault(one, set()).update(theirs)
    return {report_id: frozenset(others) for report_id, others in found.items()}


def speaker_of(override: Override) -> str | None:
    """The speaker of its reports; None where they are not all of one."""
    speakers = {report_id.rpartition("-")[2] for report_id in override.report_ids}
    return speakers.pop() if len(speakers) == 1 else None


def missing_rulings(
    wanted: Mapping[str, Override], standing: Mapping[str, Ruling], speakers: Iterable[str]
) -> list[Ruling]:
    """What must still be put into the log so that it says what the topic says, in order of the overrides' ids.

    ``wanted``: all overrides of the topic; ``standing``: the rulings that were read from the log, or are under way;
    only overrides of ``speakers`` (and of standing rulings) are looked at.
    """
    found: list[Ruling] = []
    ours = set(speakers)
    for override_id, override in sorted(wanted.items()):
        speaker = speaker_of(override)
        known = standing.get(override_id)
        if speaker in ours and (known is None or known.override != override):
            found.append(
                Ruling(
                    override_id=override_id,
                    speaker_id=speaker,
                    report_ids=sorted({*override.report_ids, *(known.report_ids if known else ())}),
                    override=override,
                )
            )
    found += [
        Ruling(override_id=override_id, speaker_id=known.speaker_id, report_ids=known.report_ids)
        for override_id, known in sorted(standing.items())
        if known.override is not None and override_id not in wanted
    ]
    return found
