"""Strings that keep a pattern busy: made from its structure, and some that are bad for many.

For every repetition without a small bound: what must come before it, many times what it repeats, and an end that it
does not expect. The generator knows Python's own parse tree of a pattern.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

_parser: Any = re._parser  # type: ignore[attr-defined]
_c: Any = re._constants  # type: ignore[attr-defined]

GENERIC = (
    " ", "\n", "\t", '"', "'", "«", "“", "»", "”", "a", "A", "1", "а", "А", "é", "م", "字", "_", "-", "—", ".", ",",
    ":", "/", "<", ">", "&", "(", ")", "[", "=", "%", "\u200b", "\x00", "a ", "A ", "1 ", "а ", ". ", "? ", " \n",
    "a.", "A. ", "А. ", "a-", "a'", "1,", "1.", "1:", "1 000 ", "<a ", "<a href='", "</a>", "«a", "a»", "“a” ",
    "A-a ", "a—", " — ", "a: ", "a\n", "http://", "://", "a@", "<!--", "<link ", "<meta ", "<script>", "&amp;",
    "%zz", "Mr. A ", "2026-", "/amp", "x" * 60 + " ",
)  # fmt: skip
_LARGE = 20
_MOST_BRANCHES = 3
_MOST_STRINGS = 40
_CLASSES = {
    _c.CATEGORY_DIGIT: "1", _c.CATEGORY_NOT_DIGIT: "a", _c.CATEGORY_SPACE: " ", _c.CATEGORY_NOT_SPACE: "a",
    _c.CATEGORY_WORD: "a", _c.CATEGORY_NOT_WORD: "-",
}  # fmt: skip
_TRIED = "a1 A.-,'\"аАé«»“”:;/<>()=\n\t_\u00a0%&字"


def attacks(pattern: str | bytes, flags: int, length: int) -> Iterator[str]:
    """Strings of about ``length`` characters."""
    text = pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern
    given = flags & ~re.UNICODE if isinstance(pattern, bytes) else flags
    tree = _parser.parse(text, given & ~(_c.SRE_FLAG_DEBUG if hasattr(_c, "SRE_FLAG_DEBUG") else 0))
    for unit in GENERIC:
        yield _times(unit, length)
        yield _times(unit, length) + "\x00"
    for before, inner in islice(_repetitions(list(tree), ""), _MOST_STRINGS):
        yield before + _times(inner, length)
        yield before + _times(inner, length) + "\x00"
        yield _times(inner, length) + "\n!"
        yield _times(before + inner, length)
        yield _times(before + inner + " ", length)
    whole = _sample(list(tree))
    yield _times(whole, length)
    yield _times(whole + " ", length)
    yield _times(whole[:-1], length)


def _times(unit: str, length: int) -> str:
    return unit * (length // len(unit) + 1) if unit else ""


def _repetitions(nodes: list[Any], before: str) -> Iterator[tuple[str, str]]:
    """For each large repetition: a string for what precedes it, and one for what it repeats (several, where it may)."""
    for op, value in nodes:
        if op in {_c.MAX_REPEAT, _c.MIN_REPEAT, _c.POSSESSIVE_REPEAT}:
            _, most, body = value
            if most is _c.MAXREPEAT or most >= _LARGE:
                for inner in _samples(list(body)):
                    yield before, inner
            yield from _repetitions(list(body), before)
        elif op is _c.SUBPATTERN:
            yield from _repetitions(list(value[-1]), before)
        elif op is _c.BRANCH:
            for branch in value[1][:_MOST_BRANCHES]:
                yield from _repetitions(list(branch), before)
        elif op in {_c.ASSERT, _c.ASSERT_NOT}:
            yield from _repetitions(list(value[1]), before)
        elif op is _c.ATOMIC_GROUP:
            yield from _repetitions(list(value), before)
        before += _sample([(op, value)])


def _samples(nodes: list[Any]) -> list[str]:
    """A few strings that the nodes match: of a single class, a few of its characters."""
    if len(nodes) == 1 and nodes[0][0] in {_c.IN, _c.ANY, _c.NOT_LITERAL}:
        return _members(*nodes[0])[:4] or [""]
    if len(nodes) == 1 and nodes[0][0] is _c.BRANCH:
        return [_sample(list(branch)) for branch in nodes[0][1][1][:_MOST_BRANCHES]]
    one = _sample(nodes)
    # Optional parts are left out of a sample; with them it is another string.
    return [one, _sample(nodes, optional=True)]


def _sample(nodes: list[Any], *, optional: bool = False) -> str:
    out = ""
    for op, value in nodes:
        if op is _c.LITERAL:
            out += chr(value)
        elif op in {_c.IN, _c.ANY, _c.NOT_LITERAL}:
            out += (_members(op, value) or [""])[0]
        elif op in {_c.MAX_REPEAT, _c.MIN_REPEAT, _c.POSSESSIVE_REPEAT}:
            least, most, body = value
            out += _sample(list(body), optional=optional) * max(int(least), 1 if optional and most else 0)
        elif op is _c.SUBPATTERN:
            out += _sample(list(value[-1]), optional=optional)
        elif op is _c.ATOMIC_GROUP:
            out += _sample(list(value), optional=optional)
        elif op is _c.BRANCH:
            out += _sample(list(value[1][0]), optional=optional)
    return out


def _members(op: Any, value: Any) -> list[str]:
    if op is _c.ANY:
        return ["a", " ", "<"]
    if op is _c.NOT_LITERAL:
        return [c for c in _TRIED if ord(c) != value]
    negated = value[0][0] is _c.NEGATE
    named: list[str] = []
    for kind, what in value:
        if kind is _c.LITERAL:
            named.append(chr(what))
        elif kind is _c.RANGE:
            named.append(chr(what[0]))
        elif kind is _c.CATEGORY:
            named.append(_CLASSES.get(what, "a"))
    if not negated:
        return list(dict.fromkeys(named))
    return [c for c in _TRIED if not _within(c, value[1:])]


def _within(character: str, members: list[Any]) -> bool:
    for kind, what in members:
        if kind is _c.LITERAL and ord(character) == what:
            return True
        if kind is _c.RANGE and what[0] <= ord(character) <= what[1]:
            return True
        if kind is _c.CATEGORY:
            escape = {
                _c.CATEGORY_DIGIT: r"\d", _c.CATEGORY_NOT_DIGIT: r"\D", _c.CATEGORY_SPACE: r"\s",
                _c.CATEGORY_NOT_SPACE: r"\S", _c.CATEGORY_WORD: r"\w", _c.CATEGORY_NOT_WORD: r"\W",
            }[what]  # fmt: skip
            if re.match(escape, character):
                return True
    return False
