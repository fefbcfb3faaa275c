"""A sentence of an article with the words that it has and those who may speak in it."""

from dataclasses import dataclass, field

from processors.annotate.statements.found import Mention
from processors.annotate.statements.sentences import Sentence
from processors.annotate.statements.tokens import Token


@dataclass(frozen=True, slots=True)
class Row:
    """``number`` counts the sentences of the article from 0; ``tokens`` are those behind a dateline; ``lows`` are
    theirs in lower case.
    """

    number: int
    sentence: Sentence
    tokens: list[Token]
    mentions: list[Mention]
    lows: list[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lows", [t.low for t in self.tokens])
