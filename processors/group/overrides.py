"""Decisions that a person made, as constraints on those of ``group``."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from schemas import Override, Role


@dataclass(frozen=True)
class Overrides:
    """All constraints that hold, in a form that is asked by report id."""

    _must: dict[str, frozenset[str]] = field(default_factory=dict)
    _cannot: dict[str, frozenset[str]] = field(default_factory=dict)
    _roles: dict[str, Role] = field(default_factory=dict)

    @classmethod
    def of(cls, overrides: Iterable[Override]) -> "Overrides":
        """From the messages of the topic, those taken back left out; of two roles the later made one holds."""
        must: dict[str, set[str]] = {}
        cannot: dict[str, set[str]] = {}
        roles: dict[str, Role] = {}
        for override in sorted(overrides, key=lambda o: (o.made, o.override_id)):
            if override.kind == "role" and override.role is not None:
                roles.update(dict.fromkeys(override.report_ids, override.role))
            elif override.kind == "must_link":
                # Transitive: who must be with B is with all whom B must be with.
                joint = set(override.report_ids).union(*(must.get(r, set()) for r in override.report_ids))
                must.update(dict.fromkeys(joint, joint))
            elif override.kind == "cannot_link":
                for report in override.report_ids:
                    cannot.setdefault(report, set()).update(set(override.report_ids) - {report})
        return cls(
            _must={r: frozenset(group - {r}) for r, group in must.items()},
            _cannot={r: frozenset(group) for r, group in cannot.items()},
            _roles=roles,
        )

    def must_link(self, report_id: str) -> frozenset[str]:
        return self._must.get(report_id, frozenset())

    def cannot_link(self, report_id: str) -> frozenset[str]:
        return self._cannot.get(report_id, frozenset())

    def role(self, report_id: str) -> Role | None:
        return self._roles.get(report_id)
