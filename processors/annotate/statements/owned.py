"""Paragraphs that are somebody's as a whole: theses listed under a heading, and what stands under a byline."""

import re
from collections.abc import Sequence

from processors.annotate.statements.lexicon import Lexicon
from processors.annotate.statements.mentions import Mention
from processors.annotate.statements.sentences import Sentence
from processors.annotate.statements.speakers import Person, Speakers
from processors.annotate.statements.tokens import Token
from processors.annotate.statements.transcripts import Paragraph, theses_after

_BYLINES = 2
_FEW = 2
_WORD = re.compile(r"\w+")


class Owned:
    def __init__(self, text: str, paragraphs: Sequence[Paragraph], lexicon: Lexicon, speakers: Speakers) -> None:
        self._text = text
        self._paragraphs = paragraphs
        self._lexicon = lexicon
        self._speakers = speakers
        self._owners: dict[int, tuple[Person, int]] = {}
        self.byline: int | None = None
        """The paragraph that says who has written all that follows."""

    def of(self, paragraph: int) -> tuple[Person, int] | None:
        """Whose a paragraph is, and where its words begin."""
        return self._owners.get(paragraph)

    def introduce(self, sentence: Sentence, person: Person | None) -> None:
        """Notes whose theses follow a sentence that ends its paragraph with a colon."""
        if person is None or person.kind != "person" or self._paragraphs[sentence.paragraph].end != sentence.end:
            return
        for offset, item in enumerate(theses_after(self._text, self._paragraphs, sentence.paragraph)):
            self._owners[sentence.paragraph + 1 + offset] = (person, item.start)

    def signed(
        self, sentence: Sentence, tokens: list[Token], mentions: list[Mention], sentences: Sequence[Sentence]
    ) -> bool:
        """A byline ("By Sergey Lavrov, Minister of Foreign Affairs") over a text in the first person: it is all theirs,
        but for what others say in it.
        """
        if not 0 < sentence.paragraph <= _BYLINES or not sentence.first or len(tokens) < 2:
            return False
        if not self._lexicon.has("bylines", tokens[0].low):
            return False
        author = next((m for m in mentions if m.first == 1 and m.kind == "person" and m.id is not None), None)
        if author is None or sum(self._in_first_person(s) for s in sentences) < _FEW:
            return False
        person = self._speakers.see(author)
        if person is not None:
            self._speakers.topic(person)
            self.byline = sentence.paragraph
            for number in range(sentence.paragraph + 1, len(self._paragraphs)):
                self._owners[number] = (person, self._paragraphs[number].start)
        return True

    def _in_first_person(self, sentence: Sentence) -> bool:
        words = _WORD.findall(self._text[sentence.start : sentence.end].lower())
        return any(self._lexicon.has("first_person", word) for word in words)
