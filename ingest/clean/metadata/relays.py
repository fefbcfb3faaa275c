"""Which agency or paper a text says that it has its news from, in a sentence: "…, Interfax reported".

Only known names count (``runtime.agencies``), and only beside words of relaying (``data/relays.toml``) in the first
paragraphs: further down others are cited for something else.
"""

import functools
import re
from collections.abc import Collection, Sequence

from ingest.clean.text.tables import table

_LINES = 3
_CHARS = 800
_OPENING, _CLOSING = '[«"„“]', '[»"”“]'
_END = r"(?![^\W_])"
# "РБК-Украина" is not RBC, "dpa-Informationen" are dpa's.
_JOINED = r"(?!-(?!(?i:{compounds}))[A-ZÀ-ÖØ-ÞĀĆČĞİŁŚŠŞŹŻŽА-ЯЁІЇЄҐ])"


def relayed_from(lines: Sequence[str], names: Collection[str]) -> list[str]:
    """Names, as they are written, in the order in which the first paragraphs have them. ``names``: all that count."""
    pattern = _pattern(frozenset(names))
    # The typographic apostrophe is the other's like.
    head = "\n".join(line[:_CHARS] for line in lines[:_LINES]).replace("’", "'")
    if not any(name in head for name in names):
        return []  # most articles, and the pattern takes three times as long to say so
    return [match["a"] or match["b"] for match in pattern.finditer(head)]


@functools.cache
def _pattern(names: frozenset[str]) -> re.Pattern[str]:
    before, behind, between = (_any(_words()[kind]) for kind in ("before", "behind", "between"))
    # Longest first: "RIA Novosti" is no "RIA".
    name = "|".join(re.escape(one) for one in sorted(names, key=len, reverse=True))
    end = _END + _JOINED.format(compounds=_any(_words()["compounds"]))
    return re.compile(
        rf"(?<![^\W_])(?:(?i:{before}) (?i:(?:{between})(?: |(?<=')))" + "{0,4}"
        rf"{_OPENING}?(?P<a>{name})(?:[а-яіїє]{{1,2}})?{end}"
        rf"|{_OPENING}?(?P<b>{name}){_CLOSING}?(?:'\w{{1,4}})? (?i:{behind}){_END})"
    )


def _any(words: Collection[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


@functools.cache
def _words() -> dict[str, list[str]]:
    return table("relays")
