"""Why a statement is wording of its remark, and why that repeats an earlier one, as a person reads it; and which
statements brought a report to its story.

The other statement is named by its id, under which the index has it. Its words are not written down here, so that what
is taken out of everything (``forget``) does not stay in the evidence of others.
"""

from collections.abc import Iterable
from typing import Literal

from processors.group.remarks.likeness import Placed
from processors.group.report.facts import Facts, spelled
from processors.group.report.rarity import Rarity
from schemas import Evidence, RemarkUse, Statement

Feature = Literal["meaning", "words", "together", "repeats_meaning", "repeats_words"]
"""Alike by their vectors (and what rare numbers and names add), by their rarer words, on average with all that are one
remark now; the same of a remark of an earlier story.
"""

_REPEATS = frozenset({"repeats_meaning", "repeats_words"})
_MOST_SHARED = 5

FIRST = Evidence(feature="remark", value="like none of the story before")
UNASKED = Evidence(feature="remark", value="not compared: too many statements before it")
APART = Evidence(feature="remark", value="less like the others than these are like each other")
FOLLOWED = Evidence(feature="remark", value="goes where most of what it quotes went")


def alike(feature: Feature, ours: Placed, theirs: Placed, likeness: float, rarity: Rarity) -> Evidence:
    """``likeness``: what was compared with the threshold of the ``feature`` (docs/grouping.md)."""
    return Evidence(
        feature=feature,
        value=_told((ours.marks & theirs.marks) | (ours.words & theirs.words), ours.statement.text, rarity),
        against=theirs.use.statement_id,
        score=round(likeness, 2),
    )


def passage(ours: tuple[Facts, str], theirs: tuple[Facts, str], likeness: float, rarity: Rarity) -> Evidence:
    """Two statements, each by its report and id, that speak for one occasion. ``likeness``: their cosine, or the share
    of our wording that stands in theirs.
    """
    (mine, our_id), (others, their_id) = ours, theirs
    words = (mine.words[our_id] & others.words[their_id]) | (mine.marks[our_id] & others.marks[their_id])
    return Evidence(
        feature="passage",
        value=_told(words, mine.statements[our_id].text, rarity),
        other=others.report.outlet.id,
        against=their_id,
        score=round(likeness, 2),
    )


def unattributed(statement: Statement) -> list[Evidence]:
    """That no attribution says whose a statement is, and how likely it is the speaker's; nothing where one does."""
    if statement.confidence is None:
        return []
    told = "none: his by its place in the article and by what it says"
    return [Evidence(feature="attribution", value=told, score=statement.confidence)]


def of_remark(use: RemarkUse) -> list[Evidence]:
    """What was told of why it is a wording of its remark."""
    return [one for one in use.evidence if one.feature not in _REPEATS]


def of_repetition(use: RemarkUse) -> list[Evidence]:
    """What was told of what it repeats; it holds for the other wordings of its remark too."""
    return [one for one in use.evidence if one.feature in _REPEATS]


def _told(shared: Iterable[str], text: str, rarity: Rarity) -> str:
    """The rarest numbers, names and words that both have; a few. Words as our ``text`` spells them."""
    rarest = sorted(shared, key=lambda key: (-rarity.of(key), key))[:_MOST_SHARED]
    return ", ".join(key[1:] if key[0] in "#@" else spelled(text, key) for key in rarest) or "no word in common"
