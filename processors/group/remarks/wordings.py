"""The wordings of a remark: which one is canonical, and how a quotation differs from another."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping

from processors.annotate.features.words import MARKS
from processors.group.remarks.likeness import Placed
from processors.group.report.facts import Order

# Accents and vowel signs that are characters of their own belong to their word, and do not make it another one.
_MARK = re.compile(f"[{MARKS}]+")
_WORD = re.compile(rf"[^\W_][\w{MARKS}]*(?:[-'’][\w{MARKS}]+)*")
_QUOTED = frozenset({"direct", "mixed"})
# Longer wordings are not compared word by word: whole articles are no quotations.
_MOST_WORDS = 200


def canonical(wordings: Iterable[Placed]) -> Placed | None:
    """The longest direct quotation, in a language of the speaker's where there is one in it, else the longest wording;
    of equals the earliest.
    """
    return min(
        wordings,
        key=lambda w: (
            w.statement.kind != "direct",
            bool(w.facts.spoken) and w.facts.report.lang not in w.facts.spoken,
            -len(w.statement.text),
            w.facts.order,
            w.use.start,
        ),
        default=None,
    )


def quotations(wordings: Iterable[Placed]) -> Mapping[str | None, Placed]:
    """The longest direct quotation of each language; of equals the earliest."""
    found: dict[str | None, Placed] = {}
    for one in wordings:
        if one.statement.kind == "direct":
            lang = one.facts.report.lang
            if lang not in found or _place(one) < _place(found[lang]):
                found[lang] = one
    return found


def compared(own: Placed, longest: Mapping[str | None, Placed]) -> Placed | None:
    """The quotation that a quotation is compared with: of the ``longest`` the one in its language; None where it is
    that itself, or where one is no quotation.

    Asked for each wording of a remark, so it does not go through the others.
    """
    if own.statement.kind not in _QUOTED:
        return None
    chosen = longest.get(own.facts.report.lang)
    if chosen is None or chosen.use.statement_id == own.use.statement_id:
        return None
    return None if own.statement.kind == "direct" and _place(own) < _place(chosen) else chosen


def _place(one: Placed) -> tuple[int, Order, int]:
    """Where a quotation stands among those of its language."""
    return -len(one.statement.text), one.facts.order, one.use.start


def diff(ours: str, theirs: str) -> str:
    """Ours against theirs, word by word: ``[-what we leave out-]`` and ``{+what we put in+}``; empty where only marks
    and case differ, or where a text is longer than 200 words.
    """
    a, b = (_WORD.findall(unicodedata.normalize("NFC", text)) for text in (theirs, ours))
    before, after = ([_MARK.sub("", word.casefold()) for word in words] for words in (a, b))
    if before == after or max(len(a), len(b)) > _MOST_WORDS:
        return ""
    found: list[str] = []
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            found += b[k:m]
            continue
        if j > i:
            found.append(f"[-{' '.join(a[i:j])}-]")
        if m > k:
            found.append(f"{{+{' '.join(b[k:m])}+}}")
    return " ".join(found)
