"""An article as the rules read it: quotations, paragraphs, turns of an interview, and a row for each sentence."""

import re
from collections.abc import Iterator, Sequence

from processors.annotate.knowledge import Knowledge
from processors.annotate.setting import Passage
from processors.annotate.statements.article.drafts import overlapping
from processors.annotate.statements.article.transcripts import Turn, find_turns, paragraphs_of
from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.people.mentions import Mention, find_mentions
from processors.annotate.statements.people.unlinked import with_names
from processors.annotate.statements.sentence.rows import Row
from processors.annotate.statements.text.quotes import find_quotes
from processors.annotate.statements.text.sentences import Sentence, pieces, split
from processors.annotate.statements.text.tokens import Token, tokenise
from schemas import Entity

# "MOSCOW, March 4 (Reuters) - ", «МОСКВА, 4 мар — РИА Новости. … — », "NEW YORK:", «МОСКВА /Вести/. »: a place in
# capitals, up to a dash, a colon or an agency between slashes.
_DATELINE = re.compile(
    r"(?:[^\W\d_a-zа-яёіїєґ]{3,40}|[A-ZА-Я]{2} [A-ZА-Я]{3,30})[^\n!?\"«“„]{0,70}?"
    r"(?:\s--?|\s?[–—]|:|\s/[^/\n]{1,20}/\.)\s"
    # As "Aug 16" with an agency in brackets and a dash.
    r"|[A-Z][a-z]{2,8}\.? \d{1,2} \([^()\n]{2,30}\) [-\u2013\u2014]{1,2} "
)
# Characters of a dateline, at most.
_MAX_DATELINE = 90
# Characters around passages in which entities count that describe what is in them.
_MARGIN = 60
# Title and paragraphs that tell whom an article is about.
_LEAD = 3


class Article:
    """``text`` ends where the page goes on. ``rows``: one for each of ``sentences``, with what the sentence alone tells
    of its mentions (``acquaintance`` adds what the others do). ``begins``: where a sentence begins behind its dateline,
    by where it begins.
    """

    def __init__(self, text: str, lexicon: Lexicon, entities: Sequence[Entity], knowledge: Knowledge) -> None:
        self.text = text
        self.lexicon = lexicon
        self.entities = sorted(entities, key=lambda e: e.start)
        self.quotes = find_quotes(text)
        self.quote_starts = [q.start for q in self.quotes]
        self.unclosed = {q.end for q in self.quotes if q.continued}
        self.paragraphs = paragraphs_of(text)
        self.turns = find_turns(text, self.paragraphs, self.entities, lexicon)
        self.knowledge = knowledge
        self._entity_starts = [e.start for e in self.entities]
        self._abbreviations = lexicon.words.get("abbreviations", frozenset())
        self._before_numbers = lexicon.words.get("before_numbers", frozenset())
        self.sentences = split(text, self.quotes, self._abbreviations, lexicon.month_stems, self._before_numbers)
        self.begins = {s.start: self._behind_dateline(s) for s in self.sentences}
        self.rows = [self._row(number, sentence) for number, sentence in enumerate(self.sentences)]

    @property
    def lead_end(self) -> int:
        return self.paragraphs[min(_LEAD, len(self.paragraphs)) - 1].end if self.paragraphs else 0

    def entities_at(self, passages: Sequence[Passage]) -> list[Entity]:
        """Those in the passages and a little around them; the whole list for each statement would be quadratic."""
        if not passages:
            return []
        start = min(p.start for p in passages) - _MARGIN
        return overlapping(self.entities, self._entity_starts, start, max(p.end for p in passages) + _MARGIN)

    def turn_of(self, number: int) -> Turn | None:
        """The turn of a printed interview that a sentence, by number, stands in."""
        return self.turns.get(self.paragraphs[self.sentences[number].paragraph].start)

    def inside(self, quotation: Token) -> Iterator[tuple[list[Token], list[Mention]]]:
        """The sentences within a quotation, as tokens and mentions."""
        first, last = quotation.start + 1, quotation.end - 1
        for start, end in pieces(self.text, first, last, self._abbreviations, self._before_numbers):
            tokens = tokenise(self.text, start, end, [])
            yield tokens, self._mentions(tokens, start, end)

    def same_paragraph(self, one: int, other: int) -> bool:
        """Whether two sentences, by number, stand in one paragraph."""
        return self.sentences[one].paragraph == self.sentences[other].paragraph

    def _behind_dateline(self, sentence: Sentence) -> int:
        start = sentence.start
        if not sentence.first or sentence.paragraph == 0:
            return start
        dateline = _DATELINE.match(self.text, start, sentence.end)
        # A script without capitals has no datelines before a colon: there «وقال لافروف:» looks like one.
        cased = dateline is not None and (dateline.group()[0].isupper() or ":" not in dateline.group())
        return dateline.end() if dateline and cased and dateline.end() - start < _MAX_DATELINE else start

    def _row(self, number: int, sentence: Sentence) -> Row:
        start = self.begins[sentence.start]
        quotes = overlapping(self.quotes, self.quote_starts, start, sentence.end)
        # An American headline has a capital in every word.
        titled = self.lexicon.lang == "en" and sentence.paragraph > 0
        tokens = tokenise(self.text, start, sentence.end, quotes, titled=titled)
        mentions = self._mentions(tokens, start, sentence.end)
        if self.lexicon.subject_follows:
            mentions = with_names(tokens, mentions, self.lexicon)
        return Row(number, sentence, tokens, [t.low for t in tokens], mentions)

    def _mentions(self, tokens: list[Token], start: int, end: int) -> list[Mention]:
        entities = overlapping(self.entities, self._entity_starts, start, end)
        return find_mentions(self.text, tokens, entities, self.lexicon, self.knowledge)
