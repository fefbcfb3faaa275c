"""What stands around a name: the word before it, the word after it, and whether its line is all capitals."""

import functools
import re

from processors.annotate.entities.context import lines, word_list
from processors.annotate.entities.folding import WORD, fold
from processors.annotate.entities.gazetteer import Gazetteer

# "S. V. "
INITIALS = re.compile(r"(?:[^\W\d_]\.[ \u00a0]?){1,3}")
# The word, or the initials, that a name stands behind.
_BEFORE = re.compile(r"((?:[^\W\d_][.][ \u00a0]?){1,3}|[^\W_][\w'’.-]*)[ \u00a0]?$")
_SENTENCE_END = frozenset(".!?…:;\n\r«»\"“”„'‘—–•|")
_SPACES = " \u00a0"
_ENDS_BEFORE = frozenset((*_SPACES, "."))
_OPENING = "«\"“„'‘(["
_WINDOW = 40
_LINE = 200
_LONG_LINE = 5000


@functools.cache
def given_names(gazetteer: Gazetteer) -> frozenset[str]:
    """Those listed, and those of the gazetteer's people, in all their spellings; gathered once for each gazetteer."""
    own = {name for entry in gazetteer.entries for name in entry.given if len(name) > 2}
    return word_list("given_names") | (own - no_given_names())


@functools.cache
def titles() -> frozenset[str]:
    """Titles, offices and origins: whoever has one before his name is no stranger."""
    return word_list("titles")


@functools.cache
def titles_of(*, women: bool) -> frozenset[str]:
    """Titles that say whether a woman follows or a man."""
    return word_list("her_titles" if women else "his_titles")


@functools.cache
def no_given_names() -> frozenset[str]:
    """Titles, and the words that sentences begin with."""
    return titles() | titles_of(women=True) | titles_of(women=False) | openers()


@functools.cache
def openers() -> frozenset[str]:
    return word_list("openers")


@functools.cache
def trades() -> frozenset[str]:
    return word_list("trades")


@functools.cache
def former() -> frozenset[str]:
    return word_list("former")


@functools.cache
def tails() -> frozenset[str]:
    return word_list("tails")


@functools.cache
def locatives() -> frozenset[str]:
    """Words before the name of a place."""
    return word_list("locatives")


@functools.cache
def _state() -> re.Pattern[str]:
    names = "|".join(re.escape(name) for name in lines("states"))
    behind = r"[\].,;:!?)\"'’”—–\n]|$| (?:on|in|at|after|before|when|where|who)(?![^\W_])"
    return re.compile(rf", (?:{names})(?![^\W_])(?={behind})")


def preceding(text: str, start: int) -> tuple[int, str] | None:
    """Start and form of the capitalised word, or the initials, right before; None where there is neither."""
    window = max(0, start - _WINDOW)
    if text[start - 1 : start] not in _ENDS_BEFORE:
        return None
    word_end = start - 1
    begin = max(text.rfind(" ", window, word_end), text.rfind("\u00a0", window, word_end)) + 1
    # Only initials have spaces within, and a full stop before the last one.
    if begin > window and text[word_end - 1] != "." and text[word_end] != ".":
        window = begin
    match = _BEFORE.search(text[window:start])
    if match is None or (not match[0].endswith((" ", "\u00a0")) and not INITIALS.fullmatch(match[0])):
        return None
    word = match[1].rstrip(_SPACES)
    return (window + match.start(1), word) if word[0].isupper() else None


def word_before(text: str, start: int) -> str:
    """The word before, folded, with its hyphens, parted by one space; empty where there is none."""
    if start == 0 or text[start - 1] not in _SPACES:
        return ""
    before = text[max(0, start - _WINDOW) : start - 1]
    return fold(before.split()[-1].lstrip(_OPENING)) if before[-1:].isalnum() else ""


def in_state(text: str, end: int) -> int | None:
    """Where the state ends that stands right after the name of a town: "Moscow, Idaho"; None where there is none."""
    state = _state().match(text, end) if text[end : end + 2] == ", " else None
    return state.end() if state is not None else None


def following(text: str, end: int) -> re.Match[str] | None:
    """The word right after, parted by one space or hyphen."""
    return WORD.match(text, end + 1) if text[end : end + 1] in (" ", "-", "\u00a0") else None


def begins_sentence(text: str, start: int) -> bool:
    """Whether nothing stands before in the text, the line, the sentence or the quotation."""
    if start == 0 or text[start - 1] in "\n\r":
        return True
    before = text[max(0, start - _WINDOW) : start].rstrip(_SPACES + "\t")
    return bool(before) and before[-1] in _SENTENCE_END


def has_tail(text: str, end: int) -> bool:
    """Whether a word follows that makes a person's name another's: Trump Tower, Biden Jr."""
    word = following(text, end)
    return word is not None and fold(word[0]) in tails()


def title_case(text: str, position: int) -> bool:
    """Whether most words of the line are capitals, as in English headlines."""
    long = [word for word in WORD.findall(_line(text, position)) if len(word) > 3]
    return bool(long) and sum(word[0].isupper() for word in long) > 0.6 * len(long)


def headline(text: str, position: int) -> bool:
    """Whether the line is a headline in capitals: names alone make no such of a line that ends as a sentence does."""
    line = _line(text, position).rstrip()
    return len(line) < _LINE and not line.endswith((".", "!", "?", "…")) and title_case(text, position)


def shouted(text: str, position: int) -> bool:
    """Whether the line is written in capitals."""
    letters = [char for char in _line(text, position) if char.isalpha()]
    return sum(char.isupper() for char in letters) > 0.7 * len(letters)


def _line(text: str, position: int) -> str:
    # Bounded both ways: a page without line breaks must not be searched whole for each of its names.
    floor = max(0, position - _LONG_LINE)
    begin = max(floor, text.rfind("\n", floor, position) + 1)
    end = text.find("\n", position, begin + _LINE)
    return text[begin : end if end >= 0 else begin + _LINE]
