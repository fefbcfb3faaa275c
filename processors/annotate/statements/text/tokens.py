"""Words, marks and whole quotations of a sentence as tokens with offsets."""

import re

import msgspec

from processors.annotate.statements.text.quotes import Quote

_TOKEN = re.compile(
    # French "qu'elle" is a complementizer and what stands behind it.
    r"[Qq]u['’](?=[^\W\d_])"
    # Initials and abbreviations: "U.S", the last stop apart.
    r"|(?:[^\W\d_]\.){1,5}[^\W\d_](?![^\W_])"
    # A word, with Arabic vowel signs, hyphens and apostrophes in it; or, in the group, a mark.
    r"|[^\W_]+(?:[\u064b-\u0652]+[^\W_]*)*(?:[-’'‑][^\W_]+)*|([^\w\s]|_)"
)
DASHES = frozenset("—–-")
# A longer word, which has a capital in a title unless it is one of these prepositions.
_LONGER = re.compile(r"\b(?!(?:from|into|over|with)\b)[^\W_]{4,}")
_MARKS = "«»“”„\"‹›‘’' \u00a0\u202f"
# Arabic seldom writes them, and when it does no list has the word («حذّر»).
VOWEL_SIGNS = dict.fromkeys(range(0x064B, 0x0653))
# Arabic has marks of its own; what looks at commas looks at these, too.
_SAME_MARK = {"،": ",", "؛": ";", "؟": "?"}


class Token(msgspec.Struct, gc=False):
    """``kind``: ``w`` a word, ``p`` a mark, ``q`` a whole quotation (marks included).

    A struct, as quickly made as a tuple: an article has a thousand.
    """

    text: str
    low: str
    start: int
    end: int
    kind: str

    @property
    def capital(self) -> bool:
        text = self.text
        if self.kind != "w":
            return False
        return text[0].isupper() or (len(text) > 2 and text[1].isupper() and text[0] not in _MARKS)


def tokenise(text: str, start: int, end: int, quotes: list[Quote], *, titled: bool = False) -> list[Token]:
    """Tokens of ``text[start:end]``; a quotation is one token. ``titled``: what looks like the title of a programme or
    a book is a word, and nobody's.
    """
    found: list[Token] = []
    at = start
    for quote in quotes:
        if quote.end <= start or quote.start >= end:
            continue
        _words(text, at, quote.start, found)
        stop = min(quote.end, end)
        inside = text[quote.start : stop]
        found.append(Token(inside, "", quote.start, stop, "w" if titled and _is_title(inside) else "q"))
        at = stop
    _words(text, at, end, found)
    return found


def _words(text: str, start: int, end: int, found: list[Token]) -> None:
    for match in _TOKEN.finditer(text, start, end):
        word = match[0]
        begin = match.start()
        low = word.lower()
        if "’" in low:
            low = low.replace("’", "'")
        if low == "qu'":
            low = "qu"
        if word >= "\u0600" and word[0] <= "\u06ff":
            low = low.translate(VOWEL_SIGNS)
            if match.lastindex:
                word = low = _SAME_MARK.get(word, word)
        found.append(Token(word, low, begin, begin + len(word), "p" if match.lastindex else "w"))


def _is_title(quotation: str) -> bool:
    """As in “Guardians of the Galaxy”: every longer word has a capital, and two of them at least."""
    longer = [word for word in _LONGER.findall(quotation) if not word[0].isdigit()]
    return len(longer) > 1 and all(word[0].isupper() for word in longer)


def names_something(quotation: Token) -> bool:
    """Whether one or two words with a capital stand in quotation marks: « Golden Dome »."""
    words = quotation.text.strip(_MARKS)
    return words.count(" ") < 2 and words[:1].isupper()
