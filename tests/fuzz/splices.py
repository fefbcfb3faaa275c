"""A strategy for text that reads like news up to an accident: sentences of the labelled articles, cut short, with a
word lost or moved, a quotation opened where none was, another article run into it.

Word lists (``inputs.prose``) hardly ever put together what a rule of four words waits for; real sentences do.
"""

import functools
import json
import re
from pathlib import Path

from hypothesis import strategies as st

_HELD_OUT = Path(__file__).resolve().parents[1] / "quality/heldout"
_SENTENCE = re.compile(r"(?<=[.!?؟»”\"])\s+|\n+")
_MARKS = ("“", "”", '"', "'", "«", "»", "„", ":", ",", "—", "– ", "(", ")", ".", "?", "…", "\n", "\n\n")
_PAIRS = (("“", "”"), ('"', '"'), ("«", "»"), ("'", "'"), ("„", "“"))
_MOST_SENTENCES = 4


@functools.cache
def _articles() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Language and sentences of each labelled article, its title first."""
    found = []
    for path in sorted(_HELD_OUT.glob("*/articles.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            found.append((row["lang"], tuple(filter(None, _SENTENCE.split(f"{row['title']}\n{row['text']}")))))
    return tuple(found)


@st.composite
def _accident(draw: st.DrawFn, sentence: str) -> str:
    words = sentence.split()
    if not words:
        return sentence
    kind = draw(st.sampled_from(["cut", "tail", "lost", "moved", "quoted", "marked", "whole"]))
    place, other = (draw(st.integers(0, len(words) - 1)) for _ in range(2))
    if kind == "cut":
        words = words[: place + 1]
    elif kind == "tail":
        words = words[place:]
    elif kind == "lost":
        del words[place]
    elif kind == "moved":
        words.insert(other, words.pop(place))
    elif kind == "quoted":
        before, behind = draw(st.sampled_from(_PAIRS))
        first, last = sorted((place, other))
        words[first], words[last] = before + words[first], words[last] + behind
    elif kind == "marked":
        words.insert(place, draw(st.sampled_from(_MARKS)))
    return " ".join(words)


@st.composite
def spliced(draw: st.DrawFn) -> tuple[str, str]:
    """A language, and a text of a few neighbouring sentences of one article or of two, each with an accident."""
    parts, language = [], ""
    for _ in range(draw(st.integers(1, 2))):
        lang, sentences = _articles()[draw(st.integers(0, len(_articles()) - 1))]
        language = language or lang
        first = draw(st.integers(0, len(sentences) - 1))
        many = draw(st.integers(1, _MOST_SENTENCES))
        parts += [draw(_accident(sentence)) for sentence in sentences[first : first + many]]
    return language, draw(st.sampled_from([" ", "\n", "\n\n"])).join(parts)
