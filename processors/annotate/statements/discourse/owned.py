"""Paragraphs that are somebody's as a whole: theses listed under a heading, topics of a digest, and what stands under
a byline.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from processors.annotate.statements.article.transcripts import Paragraph, pointed, theses_after
from processors.annotate.statements.discourse.authorship import ends_or_places, in_first_person, stem, words_of
from processors.annotate.statements.discourse.continuation import names_a_topic, topic_colon
from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.people.mentions import Mention
from processors.annotate.statements.people.person import Person
from processors.annotate.statements.people.speakers import Speakers
from processors.annotate.statements.sentence.rows import Row
from processors.annotate.statements.text.sentences import Sentence
from processors.annotate.statements.text.tokens import Token

ARTICLE = "article"
SPEECH = "speech"
# Paragraphs in which a byline may stand.
_BYLINES = 2
_FEW = 2
# Characters of a name's initial, at most.
_INITIALS = 3
# Words of a note about the author, at most.
_NOTE = 5
# Words from the beginning to where a text was printed.
_OPENING = 3
_TOPICS = 3
"""At least, of paragraphs that begin with what they are about."""


class Owned:
    def __init__(self, text: str, paragraphs: Sequence[Paragraph], lexicon: Lexicon, speakers: Speakers) -> None:
        self._text = text
        self._paragraphs = paragraphs
        self._lexicon = lexicon
        self._speakers = speakers
        self._owners: dict[int, tuple[Person, int]] = {}
        self._points: set[int] = set()
        self.byline: int | None = None
        """The paragraph that says whose all that follows is."""
        self.form: str | None = None
        """What that is: an article, or a speech, whose title tells its occasion."""

    def of(self, paragraph: int, *, first: bool = True) -> tuple[Person, int] | None:
        """Whose a paragraph is, and where its words begin; of a point in a list that nothing announces only the
        ``first`` sentence is, since channels comment on what they list.
        """
        return None if paragraph in self._points and not first else self._owners.get(paragraph)

    def before_points(self, sentence: Sentence) -> bool:
        """Whether a sentence ends its paragraph, and the next one begins with the sign of a point."""
        behind = self._paragraphs[sentence.paragraph + 1 : sentence.paragraph + 2]
        ends = self._paragraphs[sentence.paragraph].end == sentence.end
        return ends and any(pointed(self._text, paragraph) for paragraph in behind)

    def introduce(self, sentence: Sentence, person: Person | None) -> None:
        """Notes whose theses follow a sentence that ends its paragraph."""
        if person is None or person.kind != "person" or self._paragraphs[sentence.paragraph].end != sentence.end:
            return
        announced = self._text[sentence.end - 1] == ":"
        for paragraph, item in enumerate(
            theses_after(self._text, self._paragraphs, sentence.paragraph), sentence.paragraph + 1
        ):
            if announced or paragraph not in self._owners:
                self._owners[paragraph] = (person, item.start)
                if not announced:
                    self._points.add(paragraph)

    def digest(self, topics: Mapping[int, int], person: Person | None) -> None:
        """Gives paragraphs to whose words they sum up (see ``topics_of``)."""
        if person is not None and person.kind == "person":
            self._owners.update((paragraph, (person, begin)) for paragraph, begin in topics.items())

    def printed(self, author: Person, paragraph: int, form: str) -> None:
        """All behind a paragraph is ``author``'s, but for what others say in it."""
        self.byline, self.form = paragraph, form
        self._speakers.topic(author)
        for number in range(paragraph + 1, len(self._paragraphs)):
            self._owners[number] = (author, self._paragraphs[number].start)

    def signed(
        self, sentence: Sentence, tokens: list[Token], mentions: list[Mention], sentences: Sequence[Sentence]
    ) -> bool:
        """A byline ("By Sergey Lavrov, Minister of Foreign Affairs") over a text in the first person: it is all theirs,
        but for what others say in it. So it is below a name and office that stand alone, and below a title that says
        as much («Статья Министра С.В.Лаврова для …»), where the text does not name the author: who writes of an
        article does.
        """
        if sentence.paragraph > _BYLINES or len(tokens) < 2 or not (sentence.first or sentence.paragraph == 0):
            return False
        by = self._lexicon.has("bylines", tokens[0].low)
        labelled = by and tokens[1].text == ":"  # «Автор: Сергей Лавров»
        if sentence.paragraph > 0 and self._lexicon.has_any("prints", [t.low for t in tokens[:_OPENING]]):
            return self._reprinted(sentence, tokens, mentions, sentences)
        headed = self._lexicon.has("documents", tokens[0].low)
        headed = headed and (self._lexicon.cases or self._lexicon.has("bylines", tokens[1].low))
        bare = not by and not headed and sentence.paragraph > 0 and self._alone(sentence, tokens, mentions, sentences)
        if not headed and not bare and not (by and sentence.paragraph > 0):
            return False
        author = next((m for m in mentions if m.kind == "person" and m.id is not None), None)
        at = 0 if bare else 1 + int(labelled or (headed and not self._lexicon.cases))
        if author is None or not self._signs(author, at, tokens, mentions):
            return False
        least = 0 if labelled else 1 if headed else _FEW + int(bare)
        own = sum(in_first_person(self._text[s.start : s.end], self._lexicon) for s in sentences)
        if own < least:
            return False
        if (headed or bare or labelled) and self._speaks_of(author, sentence.end, documents=not bare or own <= least):
            return False
        if headed and not self._only_heads(author, tokens):
            return False
        self._printed_article(author, sentence.paragraph)
        return True

    def _reprinted(
        self, sentence: Sentence, tokens: list[Token], mentions: list[Mention], sentences: Sequence[Sentence]
    ) -> bool:
        """Whether an editor's note over the text says whose article it is: «Публикуем с сокращениями статью министра
        С.В.Лаврова», "We print below an essay by Sergei Lavrov".
        """
        document = next((i for i, t in enumerate(tokens) if self._lexicon.has("printed", t.low)), None)
        author = next((m for m in mentions if m.kind == "person" and m.id is not None), None)
        if document is None or author is None or author.first < document:
            return False
        own = any(
            in_first_person(self._text[s.start : s.end], self._lexicon) for s in sentences if s.start > sentence.end
        )
        if not own or self._speaks_of(author, sentence.end, documents=True):
            return False
        self._printed_article(author, sentence.paragraph)
        return True

    def _printed_article(self, author: Mention, paragraph: int) -> None:
        person = self._speakers.see(author)
        if person is None:
            return
        self.printed(person, paragraph, ARTICLE)
        last = self._paragraphs[-1]
        # «Статья публикуется в журнале …», «Полный текст — на сайте»
        if self._lexicon.has_any("documents", words_of(self._text[last.start : last.end])[:_FEW]):
            self._owners.pop(len(self._paragraphs) - 1, None)

    def _alone(
        self, sentence: Sentence, tokens: list[Token], mentions: list[Mention], sentences: Sequence[Sentence]
    ) -> bool:
        """Whether a paragraph is a name and an office and no more, but for a short note on the print: «Сергей Лавров,
        министр иностранных дел России. Печатается с сокращениями».
        """
        paragraph = self._paragraphs[sentence.paragraph]
        named = {i for m in mentions if m.kind in ("person", "role") for i in range(m.first, m.last)}
        rest = [t for i, t in enumerate(tokens) if i not in named and t.text not in ",."]
        notes = [s for s in sentences if s.paragraph == sentence.paragraph and s.start >= sentence.end]
        short = all(len(words_of(self._text[s.start : s.end])) <= _NOTE for s in notes)
        return sentence.start == paragraph.start and len(notes) <= 1 and short and not rest

    def _signs(self, author: Mention, at: int, tokens: list[Token], mentions: list[Mention]) -> bool:
        """Whether a person stands at ``at``, or behind the role there with nothing between but initials."""
        if author.first == at:
            return True
        role = next((m for m in mentions if m.first == at and m.kind == "role"), None)
        if role is None or not self._lexicon.cases:
            return False
        return all(len(t.text) <= _INITIALS for t in tokens[role.last : author.first])

    def _speaks_of(self, author: Mention, at: int, *, documents: bool) -> bool:
        """Whether the text names its author, or speaks of ``documents``, as who writes of an article does; its last
        paragraph may tell where the whole text is printed.
        """
        if stem(author.text) in self._text[at:]:
            return True
        told = self._text[at : self._paragraphs[-1].start]
        return documents and self._lexicon.has_any("documents", words_of(told))

    def _only_heads(self, author: Mention, tokens: list[Token]) -> bool:
        """Whether a title tells no more than whose article it is, and where it is printed."""
        return ends_or_places(tokens, author, self._lexicon) and all(t.text != ":" for t in tokens)


def topics_of(rows: Sequence[Row], lexicon: Lexicon) -> dict[int, int]:
    """Where the words begin of an interview's or a speech's paragraphs in brief, each below its topic ("On the ports.
    They must open."), by paragraph; empty where few begin so.
    """
    begins: dict[int, int] = {}
    for row, following in pairwise(rows):
        if row.sentence.paragraph == 0 or not row.sentence.first or not row.tokens:
            continue
        if names_a_topic(row.tokens, lexicon) and following.sentence.paragraph == row.sentence.paragraph:
            begins[row.sentence.paragraph] = following.sentence.start
        elif (colon := topic_colon(row.tokens, lexicon)) > 0:
            begins[row.sentence.paragraph] = row.tokens[colon].start
    return begins if len(begins) >= _TOPICS else {}
