"""Quotations in every style of the press: where they begin and end, nested ones inside their outermost.

What opens and what closes is decided by the neighbours of a mark, because the same mark opens in one language and
closes in another (“ in English and in German), and because an apostrophe looks like a closing single mark. One pass
over each paragraph, no backtracking. A quotation that runs over several paragraphs (opened anew in each, closed only in
the last) is one quotation for each paragraph.
"""

from dataclasses import dataclass

_STRAIGHT = '"＂″〞'
_LOW = "„‟"
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
_OPENING_BEFORE = frozenset(" \t\u00a0\u202f\n([{—–-/:…")
_MAX_DEPTH = 3


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
    found: list[Quote] = []
    begin = 0
    for line in text.split("\n"):
        found.extend(_in_paragraph(text, begin, begin + len(line)))
        begin += len(line) + 1
    return found


def _in_paragraph(text: str, begin: int, end: int) -> list[Quote]:
    found: list[Quote] = []
    stack: list[tuple[str, int]] = []
    at = begin
    while at < end:
        char = text[at]
        if char not in _MARKS:
            at += 1
            continue
        before = text[at - 1] if at > begin else " "
        after = text[at + 1] if at + 1 < end else " "
        if stack and _closes(stack, char, before, after, text, at, end):
            depth = next(i for i in range(len(stack) - 1, -1, -1) if char in _CLOSES[stack[i][0]])
            opened = stack[depth][1]
            del stack[depth:]
            if not stack and at > opened + 1:
                found.append(Quote(opened, at + 1, opened + 1, at))
        elif len(stack) < _MAX_DEPTH and _opens(char, before, after, bool(stack)):
            stack.append((char, at))
        at += 1
    if stack:
        mark, opened = stack[0]
        lead = text[begin:opened].strip(" \t—–-•*")
        if mark not in _SINGLE and not lead and end - opened > 3:
            found.append(Quote(opened, end, opened + 1, end, continued=True))
        else:
            # The mark was a slip or a sign of inches: what stands after it is read as if it were not there.
            found.extend(_in_paragraph(text, opened + 1, end))
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
