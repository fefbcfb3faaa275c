"""Quotations in every style of the press: where they begin and end, nested ones inside their outermost.

What opens and what closes is decided by the neighbours of a mark, because the same mark opens in one language and
closes in another (“ in English and in German), and because an apostrophe looks like a closing single mark. One pass
over each paragraph, no backtracking. A quotation that runs over several paragraphs (opened anew in each, closed only in
the last) is one quotation for each paragraph; so is one of « » or „ “ that is opened before the first and closed behind
the last only.
"""

import re
from dataclasses import dataclass, replace

# Behind a mark and a dash, in small letters, up to a mark and a dash.
_INSERTION = re.compile(r"(?<=[,!?…])(\s[—–]\s)(?=[a-zа-яёіїєґ])[^«»“”„\"\n—–]{4,200}[.,]\s[—–]\s(?=\S)")
# As archives print a double mark that their character set lacks.
_DOUBLED = re.compile(r"''|``")
_STRAIGHT = '"＂″〞'
_CLOSES: dict[str, str] = {
    "“": '”"“',
    "”": '”"',
    "„": '“”"‟',
    "‟": "”“",
    "«": "»",
    "»": "«",
    "‹": "›",
    "›": "‹",
    "‘": "’'",
    "’": "’",
    "'": "'’",
    "‚": "‘’",
    '"': '"”“',
    "＂": "＂",
    "″": "″",
    "「": "」",
    "『": "』",
}
_SINGLE = "'‘’‚"
_MARKS = frozenset(_CLOSES) | frozenset("」』")
_MARK = re.compile(f"[{re.escape(''.join(sorted(_MARKS)))}]")
_OPENING_BEFORE = frozenset(" \t\u00a0\u202f\n([{—–-/:…")
_LEAD = " \t—–-•*"
_MAX_DEPTH = 3
_MIN_CONTINUED = 3
# Marks whose closing one is another, so that it can be told from a slip; and paragraphs, each with an empty line
# behind, through which it is looked for.
_PAIRED = {"«": "»", "„": "“"}
_FURTHER = 12


@dataclass(frozen=True, slots=True)
class Quote:
    """``[start, end)`` has the marks inside; ``inner_start``/``inner_end`` is the wording without them.

    ``continued``: the mark was not closed in this paragraph, the quotation goes on in the next.
    """

    start: int
    end: int
    inner_start: int
    inner_end: int
    continued: bool = False


def find_quotes(text: str) -> list[Quote]:
    """Outermost quotations of ``text`` in order."""
    if _DOUBLED.search(text):
        return [_with_both(text, quote) for quote in find_quotes(_DOUBLED.sub(_as_one, text))]
    found: list[Quote] = []
    begin = 0
    lines = text.split("\n")
    following = ""
    firsts = [""] * len(lines)
    for number in range(len(lines) - 1, -1, -1):
        firsts[number] = following
        bare = lines[number].lstrip()
        following = bare[0] if bare else following
    through = -1  # the last line of a quotation that runs through
    for number, (line, then) in enumerate(zip(lines, firsts, strict=True)):
        end = begin + len(line)
        here = (
            _in_paragraph(text, begin, end, then) if number > through else _running(text, begin, end, number == through)
        )
        last = here[-1] if here and number > through else None
        if last is not None and last.continued and text[last.start] in _PAIRED and text[last.start] != then:
            through = number + _closed_after(lines[number + 1 : number + 1 + 2 * _FURTHER], text[last.start])
        found.extend(here)
        begin = end + 1
    return [piece for quote in found for piece in _without_insertions(text, quote)]


def _closed_after(lines: list[str], mark: str) -> int:
    """How many lines further on the quotation is closed that ``mark`` has opened; -1 where it is not."""
    for number, line in enumerate(lines, 1):
        if line.count(_PAIRED[mark]) > line.count(mark):
            return number
        if line.count(mark) > line.count(_PAIRED[mark]):
            break
    return -1


def _running(text: str, begin: int, end: int, last: bool) -> list[Quote]:
    """A paragraph inside a quotation, up to the mark that closes it where it is the last."""
    while begin < end and text[begin].isspace():
        begin += 1
    if begin >= end:
        return []
    closing = max(text.rfind(mark, begin, end) for mark in _PAIRED.values()) if last else end
    if closing <= begin:
        return []
    return [Quote(begin, min(closing + 1, end), begin, closing, continued=not last)]


def _as_one(doubled: re.Match[str]) -> str:
    """One straight mark and a blank outside it, so that all offsets stay."""
    behind = doubled.string[doubled.end() : doubled.end() + 1]
    return ' "' if behind.isalnum() or behind in {"$", "[", "…"} else '" '


def _with_both(text: str, quote: Quote) -> Quote:
    """A quotation that was found by one of two characters of its marks; both are part of it."""
    first, last = text[max(0, quote.start - 1) : quote.start + 1], text[quote.end - 1 : quote.end + 1]
    return replace(
        quote,
        start=quote.start - int(_DOUBLED.fullmatch(first) is not None),
        end=quote.end + int(_DOUBLED.fullmatch(last) is not None),
    )


def _without_insertions(text: str, quote: Quote) -> list[Quote]:
    """«X, — сказал он. — Y»: the marks enclose the attribution too, which is taken out."""
    pieces: list[Quote] = []
    start, inner = quote.start, quote.inner_start
    for match in _INSERTION.finditer(text, quote.inner_start, quote.inner_end):
        pieces.append(Quote(start, match.start(1), inner, match.start(1)))
        start = inner = match.end()
    return [*pieces, Quote(start, quote.end, inner, quote.inner_end, quote.continued)]


def _in_paragraph(text: str, begin: int, end: int, then: str) -> list[Quote]:
    """``then``: the first character of the next paragraph; a quotation that goes on is opened anew there."""
    pairs: list[tuple[int, int]] = []
    stack: list[tuple[str, int]] = []
    initial: tuple[str, int] | None = None
    at = begin
    while at < end and text[at] in _LEAD:
        at += 1
    lead = at
    for match in _MARK.finditer(text, begin, end):
        char, at = match[0], match.start()
        before = text[at - 1] if at > begin else " "
        after = text[at + 1] if at + 1 < end else " "
        if stack and _closes(stack, char, before, after, text, at, end):
            depth = next(i for i in range(len(stack) - 1, -1, -1) if char in _CLOSES[stack[i][0]])
            opened = stack[depth][1]
            if initial is not None and opened <= initial[1]:
                initial = None
            del stack[depth:]
            if at > opened + 1:
                pairs.append((opened, at + 1))
        elif _opens(char, before, after, bool(stack)):
            if len(stack) == _MAX_DEPTH:
                # Nothing is nested so deep: the oldest was a slip.
                del stack[0]
            stack.append((char, at))
            if initial is None and not pairs and at <= lead:
                initial = (char, at)
    if initial is not None and initial[0] not in _SINGLE and end - initial[1] > _MIN_CONTINUED:
        return [Quote(initial[1], end, initial[1] + 1, end, continued=True)]
    going_on = next((opened for mark, opened in stack if mark == then and mark not in _SINGLE), end)
    found: list[Quote] = []
    # A mark that was never closed was a slip or a sign of inches: what stands after it is read as if it were not there.
    for opened, closed in sorted(pairs):
        if opened < going_on and (not found or opened >= found[-1].end):
            found.append(Quote(opened, closed, opened + 1, closed - 1))
    if end - going_on > _MIN_CONTINUED:
        found.append(Quote(going_on, end, going_on + 1, end, continued=True))
    return found


def _opens(char: str, before: str, after: str, inside: bool) -> bool:
    if char in "「『„‟‚“«‹" and char not in _SINGLE:
        return after.isalnum() or not after.isspace() or char in "«„"
    if char in "»›":
        return after.isalnum() and not before.isalnum()
    if char in "」』":
        return False
    free = before in _OPENING_BEFORE or before in _MARKS
    if char in _SINGLE:
        return free and (after.isalpha() or after in "[…" or (after.isdigit() and char == "‘"))
    return free and not after.isspace() and (not inside or char == "”")


def _closes(stack: list[tuple[str, int]], char: str, before: str, after: str, text: str, at: int, end: int) -> bool:
    if not any(char in _CLOSES[mark] for mark, _ in stack):
        return False
    if char in "»›」』":
        return True
    if char in _SINGLE:
        if after.isalnum() or before.isspace():
            return False
        return not (before in "sSxz" and after == " " and _another_close(text, at + 1, end, char))
    if char in "“„" and before.isspace() and after.isalnum():
        return False
    if char in _STRAIGHT and before.isspace() and after.isalnum():
        return False
    return not (char == "«" and after.isalnum())


def _another_close(text: str, at: int, end: int, char: str) -> bool:
    """Whether a further closing single mark comes before a next opening one: then this one was a possessive."""
    for i in range(at, min(end, at + 400)):
        if text[i] in "'’" or text[i] == char:
            before = text[i - 1]
            after = text[i + 1] if i + 1 < end else " "
            if before in _OPENING_BEFORE and after.isalnum():
                return False
            if not after.isalnum() and not before.isspace():
                return True
        elif text[i] == "‘":
            return False
    return False
