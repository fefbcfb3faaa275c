"""The remarks of one story as they are shown: in order, numbered, each with who worded it how."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from console.story_members import Document, moment


@dataclass(frozen=True)
class Wording:
    """One wording of a remark, with the statements that have it: one of each report, the earliest first."""

    text: str
    uses: list[Document]

    @property
    def lang(self) -> str:
        return str(self.uses[0].get("lang", "?"))


@dataclass(frozen=True)
class Remark:
    """``wordings``: the canonical one first, where somebody of the story has it, then by time."""

    remark_id: str
    canonical: str
    wordings: list[Wording]

    @property
    def uses(self) -> list[Document]:
        return [doc for wording in self.wordings for doc in wording.uses]

    @property
    def reports(self) -> set[str]:
        return {doc["report_id"] for doc in self.uses}

    @property
    def outlets(self) -> list[str]:
        return sorted({doc["outlet_name"] for doc in self.uses})

    @property
    def first(self) -> Document | None:
        """The statement that had it first: none where that was in an earlier story, or is not in the index yet."""
        return next((doc for doc in self.uses if doc.get("first")), None)

    @property
    def repeats(self) -> bool:
        """Whether it was said on an earlier occasion."""
        return any(doc.get("repeats") for doc in self.uses)


def remarks_of(documents: Sequence[Document]) -> list[Remark]:
    """In order of first appearance, in an article by place."""
    groups: dict[str, list[Document]] = defaultdict(list)
    for doc in sorted(documents, key=lambda doc: (moment(doc), doc["report_id"], doc["start"], doc["statement_id"])):
        groups[doc["remark_id"]].append(doc)
    return [Remark(remark_id, docs[0]["canonical"], _wordings(docs)) for remark_id, docs in groups.items()]


def _wordings(docs: Iterable[Document]) -> list[Wording]:
    """Copies of a wording counted once."""
    found: dict[str, dict[str, Document]] = defaultdict(dict)
    for doc in docs:
        found[doc["wording"]].setdefault(doc["report_id"], doc)
    made = [Wording(text, list(uses.values())) for text, uses in found.items()]
    return sorted(made, key=lambda wording: wording.text != wording.uses[0]["canonical"])


def numbers(chosen: Iterable[int]) -> str:
    """``1-3, 5``: numbers in order, runs of them put together."""
    runs: list[list[int]] = []
    for number in sorted(chosen):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)
