"""A sentence of an article with the words that it has and those who may speak in it."""

from dataclasses import dataclass

from processors.annotate.statements.sentence.parts import Mention
from processors.annotate.statements.text.sentences import Sentence
from processors.annotate.statements.text.tokens import Token


@dataclass(slots=True)
class Row:
    """``number`` counts the sentences of the article from 0; ``tokens`` are those behind a dateline, ``lows`` theirs in
    lower case. ``mentions`` are those that the sentence alone tells, until ``acquaintance`` completes them.
    """

    number: int
    sentence: Sentence
    tokens: list[Token]
    lows: list[str]
    mentions: list[Mention]
