"""slovnet's recogniser, its spans exactly, at half of the cost.

The weights are slovnet's, and so are the sums, in the same order. What slovnet does for each word, again and again, is
done once for each run of characters between spaces: razdel's tokens, the numbers of the words and of their shapes. Its
layers are run without the masks and the changes of layout that only serve several texts at a time.
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
        words = np.array([token.word for _, token in found])
        shapes = np.array([token.shape for _, token in found])
        path = best_path(emissions(self._model, words, shapes), self._transitions)
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


def emissions(model: Any, words: npt.NDArray[np.int64], shapes: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    """What slovnet's ``Tag`` network gives for one text: a row for each word, a column for each tag."""
    word, shape = model.emb.word, model.emb.shape
    vectors = word.codes.array[word.qdims, word.indexes.array[words]].reshape(len(words), -1)
    rows: npt.NDArray[np.float32] = np.concatenate((vectors, shape.weight.array[shapes]), axis=-1)
    for layer in model.encoder.layers:
        filters, width, kernel = layer.conv.weight.array.shape
        padded = np.zeros((len(rows) + 2 * layer.conv.padding, width), dtype=rows.dtype)
        padded[layer.conv.padding : layer.conv.padding + len(rows)] = rows
        windows = np.empty((len(padded) - kernel + 1, width, kernel), dtype=rows.dtype)
        for at in range(kernel):
            windows[:, :, at] = padded[at : at + len(windows)]
        weight = layer.conv.weight.array.reshape(filters, width * kernel)
        rows = np.matmul(windows.reshape(len(windows), width * kernel), weight.T)
        rows += layer.conv.bias.array
        np.maximum(rows, 0, out=rows)
        rows -= layer.norm.mean.array
        rows /= layer.norm.std.array
        rows *= layer.norm.weight.array
        rows += layer.norm.bias.array
    tags: npt.NDArray[np.float32] = np.matmul(rows, model.head.proj.weight.array) + model.head.proj.bias.array
    return tags


def best_path(scores: npt.NDArray[np.float32], transitions: npt.NDArray[np.float32]) -> list[int]:
    """The likeliest row of tags, for scores of shape (words, tags), as slovnet's ``CRF.decode`` finds it (Viterbi
    1967): the same sums in the same order, the first of equal scores.
    """
    count, tags = scores.shape
    history = np.empty((count, tags), dtype=np.intp)
    sums = np.empty_like(transitions)
    every = np.arange(tags)
    score = scores[0]
    for i in range(1, count):
        np.add(score[:, None], transitions, out=sums)
        np.add(sums, scores[i], out=sums)
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
