"""slovnet's recogniser, its spans exactly, at three quarters of the cost.

The network is slovnet's own and runs as it is. What it does around it for each word, again and again, is done here once
for each run of characters between spaces: razdel's tokens, the numbers of the words and of their shapes. The best path
through the tags is found with the same sums, without the bookkeeping for several texts at a time.
"""

import functools
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

_RUN = re.compile(r"\S+")
# razdel joins these to their neighbours even across a space ("5, 6"), by the kind of the neighbour.
_JOINTS = frozenset("‑–—−-_.,/\\")
_ALIKE = {"RU": "я", "LAT": "z", "INT": "1", "PUNCT": "(", "OTHER": "§"}
_REMEMBERED = 20_000


class Name(NamedTuple):
    """Characters ``[start, stop)`` that are a name of a type: PER, LOC or ORG."""

    start: int
    stop: int
    type: str


class Token(NamedTuple):
    """``start`` and ``stop`` within the run of characters; the numbers of the word and of its shape."""

    start: int
    stop: int
    word: int
    shape: int


class RussianNames:
    """``ner``: slovnet's ``NER``, its embeddings set. Not for several threads at once."""

    def __init__(self, ner: Any) -> None:
        self._model = ner.infer.model
        self._encoder = ner.infer.encoder
        self._tags: list[tuple[str, str]] = [_parted(tag) for tag in ner.infer.decoder.tags_vocab.items]
        self._transitions = self._model.head.crf.transitions.array
        self._tokens = functools.lru_cache(maxsize=_REMEMBERED)(self._tokens_of)

    def names(self, text: str) -> list[Name]:
        """As ``ner(text).spans``; empty for a text without words, at which slovnet stops."""
        runs = [(match.start(), match.group()) for match in _RUN.finditer(text)]
        found: list[tuple[int, Token]] = []
        for i, (start, run) in enumerate(runs):
            before = _kind(runs[i - 1][1][-1]) if i and run[0] in _JOINTS else ""
            after = _kind(runs[i + 1][1][0]) if i + 1 < len(runs) and run[-1] in _JOINTS else ""
            found.extend((start, token) for token in self._tokens(run, before, after))
        if not found:
            return []
        words = np.array([[token.word for _, token in found]])
        shapes = np.array([[token.shape for _, token in found]])
        emissions = self._model(words, shapes, np.zeros_like(words, dtype=bool))[0]
        path = best_path(emissions, self._transitions)
        places = ((start + token.start, start + token.stop) for start, token in found)
        return list(_joined(places, (self._tags[tag] for tag in path)))

    def _tokens_of(self, run: str, before: str, after: str) -> tuple[Token, ...]:
        """``before``, ``after``: kinds of the neighbouring characters, where these matter."""
        from razdel import tokenize
        from slovnet.shape import word_shape

        lead = f"{_ALIKE[before]} " if before else ""
        whole = f"{lead}{run} {_ALIKE[after]}" if after else lead + run
        words, shapes = self._encoder.words_vocab, self._encoder.shapes_vocab
        return tuple(
            Token(
                t.start - len(lead), t.stop - len(lead), words.encode(t.text.lower()), shapes.encode(word_shape(t.text))
            )
            for t in tokenize(whole)
            if len(lead) <= t.start < len(lead) + len(run)
        )


def _kind(char: str) -> str:
    from razdel.segmenters.tokenize import ATOM

    match = ATOM.match(char)
    return (match.lastgroup or "") if match else ""


def best_path(emissions: npt.NDArray[np.float32], transitions: npt.NDArray[np.float32]) -> list[int]:
    """The likeliest row of tags, for emissions of shape (words, tags), as slovnet's ``CRF.decode`` finds it (Viterbi
    1967): the same sums in the same order, the first of equal scores.
    """
    count, tags = emissions.shape
    history = np.empty((count, tags), dtype=np.intp)
    sums = np.empty_like(transitions)
    every = np.arange(tags)
    score = emissions[0]
    for i in range(1, count):
        np.add(score[:, None], transitions, out=sums)
        np.add(sums, emissions[i], out=sums)
        came = history[i]
        sums.argmax(0, out=came)
        score = sums[came, every]
    best = int(score.argmax())
    path = [best]
    for row in reversed(history[1:].tolist()):
        best = row[best]
        path.append(best)
    path.reverse()
    return path


def _parted(tag: str) -> tuple[str, str]:
    part, _, kind = tag.partition("-")
    return part, kind


def _joined(places: Iterable[tuple[int, int]], tags: Iterable[tuple[str, str]]) -> Iterator[Name]:
    """Names from tags of beginnings (B) and insides (I), as slovnet's ``bio_spans`` joins them."""
    name: Name | None = None
    for (start, stop), (part, kind) in zip(places, tags, strict=True):
        if part == "I":
            name = name._replace(stop=stop) if name is not None else None
            continue
        if part in ("O", "B") and name is not None:
            yield name
            name = None
        if part == "B":
            name = Name(start, stop, kind)
    if name is not None:
        yield name
