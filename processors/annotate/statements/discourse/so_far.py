"""What the sentences so far leave for the next: the statements found, and what was announced, asked or turned to."""

from dataclasses import dataclass, field

from processors.annotate.statements.article.article import Article
from processors.annotate.statements.article.drafts import Draft
from processors.annotate.statements.people.person import Person
from processors.annotate.statements.people.speakers import Speakers
from processors.annotate.statements.sentence.clauses import trim
from processors.annotate.statements.sentence.parts import Cue
from processors.annotate.statements.sentence.rows import Row
from processors.annotate.statements.text.tokens import Token
from schemas import Span

NEVER = -1
# Words of a sentence that only attributes the one before it, at most, and from its cue to its end.
_LONE_WORDS = 12
_LAST_WORDS = 8
# Statements, or sentences, that are looked back at.
_RECENT = 24
_INSTITUTIONS = ("org", "noun")


@dataclass(slots=True)
class Discourse:
    """The state of the rules between two sentences of an article; sentences are meant by their numbers."""

    article: Article
    speakers: Speakers
    drafts: list[Draft] = field(default_factory=list)
    """The statements found so far, in the order in which they were found."""
    topics: dict[int, set[Person]] = field(default_factory=dict)
    """Whom a sentence names, or has as its subject."""
    moved: int = NEVER
    """The sentence that last turned to another topic, so that the next one may begin to report on it."""
    heading: int = NEVER
    """The last of those that only named their topic."""
    prompted: int = NEVER
    """The sentence that last was a question of the reporter's, or announced words that the next one says."""
    labelled: tuple[int, Person] | None = None
    """The paragraph that begins with a name and a colon, and whose name it is."""
    asked: tuple[int, Person | None] = (NEVER, None)
    """The sentence that last told of a question, and who asked."""
    open: list[Draft] = field(default_factory=list)
    """Quotations of nobody's that go on in the next paragraph: whoever is named there has said them."""

    def add(
        self, number: int, tokens: list[Token], first: int, last: int, person: Person | None, cue: Cue | None = None,
        *, nested: bool = False,
    ) -> None:  # fmt: skip
        """Notes tokens ``[first, last)`` of a sentence as a statement, without the marks around them; a quotation at
        its beginning ends those that are ``open``.
        """
        first, last = trim(tokens, first, last)
        if last <= first:
            return
        said, source = _spans(tokens, cue) if cue is not None else (None, None)
        self.drafts.append(Draft(tokens[first].start, tokens[last - 1].end, person, source, said, number, nested))
        if person is not None and not nested:
            self.speakers.told(person)
        if self.open and first == 0 and tokens[0].kind == "q":
            for draft in self.open:
                if self._paragraphs_since(draft, number) <= len(self.open):
                    draft.speaker = draft.speaker or person
            self.open.clear()

    def add_row(self, row: Row, person: Person | None) -> None:
        """Notes a whole sentence that has no cue."""
        self.add(row.number, row.tokens, 0, len(row.tokens), person)

    def add_span(
        self, number: int, start: int, end: int, person: Person | None, source: Span | None = None,
        cue: Span | None = None,
    ) -> None:  # fmt: skip
        """Notes characters ``[start, end)`` of a sentence, without the marks at the end."""
        while end > start and self.article.text[end - 1] in ".,;: ":
            end -= 1
        if end > start:
            self.drafts.append(Draft(start, end, person, source, cue, number))
            if person is not None:
                self.speakers.told(person)

    def claim_previous(self, row: Row, cue: Cue, person: Person | None, *, back: bool) -> None:
        """As in "This was stated by Lavrov": the sentence before, if the cue's own has no room for content.

        ``back``: a pointer of the sentence takes it up.
        """
        number, tokens = row.number, row.tokens
        short = len(tokens) <= _LONE_WORDS and cue.last >= len(tokens) - _LAST_WORDS
        if person is None or number == 0 or not (back or short):
            return
        if self.article.lexicon.has("relay_verbs", cue.base) and self.attributed(number - 1):
            return  # «Про це повідомляє агентство»: what somebody says in the sentence before is his
        last = self.article.sentences[number - 1]
        if last.paragraph == 0 or row.sentence.paragraph - last.paragraph > int(back):
            return
        recent = self.drafts[-_RECENT:]
        if not back:
            taken = [d for d in recent if d.sentence == number - 1]
            if not any(d.speaker is not None and d.cue is not None for d in taken):
                for draft in taken:
                    draft.speaker = person
            return
        self.drafts[-_RECENT:] = [d for d in recent if d.sentence != number - 1]
        before = self.article.rows[number - 1].tokens
        if before:
            said, source = _spans(tokens, cue)
            self.add_span(number - 1, before[0].start, last.end, person, source, said)

    def attributed(self, number: int) -> bool:
        """Whether somebody's words are told in a sentence, by a verb of saying."""
        return any(d.sentence == number and d.speaker is not None and d.cue for d in self.drafts[-_RECENT:])

    def near(self, number: int) -> bool:
        """Whether the last statement stands in the sentence's paragraph or the one before."""
        if not self.drafts:
            return False
        last = self.article.sentences[self.drafts[-1].sentence]
        return self.article.sentences[number].paragraph - last.paragraph <= 1 and last.paragraph > 0

    def teller(self, number: int) -> Person | None:
        """Whose the last statement is, if it stands close by."""
        teller = self.drafts[-1].speaker if self.near(number) else None
        return teller if teller is not None and teller.kind == "person" else None

    def institution(self, number: int) -> Person | None:
        """Whom "it" means: the institution or country that spoke last, or begins the sentence before."""
        paragraph = self.article.sentences[number].paragraph
        for draft in reversed(self.drafts[-_RECENT:]):
            if draft.speaker is None or paragraph - self.article.sentences[draft.sentence].paragraph > 1:
                continue
            mentions = self.article.rows[draft.sentence].mentions if draft.source is not None else []
            source = next((m for m in mentions if draft.source is not None and m.start == draft.source.start), None)
            if draft.speaker.kind in _INSTITUTIONS or (source is not None and source.kind == "org"):
                return draft.speaker
        if number == 0 or not self.article.same_paragraph(number - 1, number):
            return None
        first = next((m for m in self.article.rows[number - 1].mentions if m.first <= 1), None)
        return self.speakers.see(first) if first is not None and first.kind == "org" else None

    def only_one(self, number: int) -> Person | None:
        """The only person of a sentence."""
        people = [p for p in self.topics.get(number, ()) if p.kind == "person"]
        return people[0] if len(people) == 1 else None

    def spoken_of(self, number: int, person: Person) -> bool:
        """Whether the sentences before in the same paragraph name a person; of who is known, also those before it."""
        paragraph = self.article.sentences[number].paragraph - int(person.id is not None)
        for before in range(number - 1, max(-1, number - _RECENT), -1):
            if self.article.sentences[before].paragraph < paragraph:
                return False
            if person in self.topics.get(before, ()):
                return True
        return False

    def answerer(self, number: int, person: Person | None) -> Person | None:
        """Who speaks in a sentence in which ``person`` would go on: if he asked in the one before, the answer is not
        his but that of whom the article is about, else of the last speaker.
        """
        if self.asked == (number - 1, person) and self.drafts:
            return self.speakers.focus or self.drafts[-1].speaker
        return person

    def _paragraphs_since(self, draft: Draft, number: int) -> int:
        return self.article.sentences[number].paragraph - self.article.sentences[draft.sentence].paragraph


def _spans(tokens: list[Token], cue: Cue) -> tuple[Span, Span | None]:
    """Where a cue stands, and its source."""
    source = Span(cue.source.start, cue.source.end) if cue.source is not None else None
    return Span(tokens[cue.first].start, tokens[cue.last - 1].end), source
