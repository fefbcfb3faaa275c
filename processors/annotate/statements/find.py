"""All statements of an article: the rules of this package in order, sentence by sentence."""

import bisect
import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from processors.annotate.knowledge import NOTHING, Knowledge
from processors.annotate.setting import Passage, find_setting
from processors.annotate.statements.contents import find_contents
from processors.annotate.statements.cues import Found, find_cues
from processors.annotate.statements.identity import statement_ids
from processors.annotate.statements.lexicon import Lexicon, load_lexicon
from processors.annotate.statements.mentions import Mention, find_mentions
from processors.annotate.statements.quotes import Quote, find_quotes
from processors.annotate.statements.sentences import Sentence, split
from processors.annotate.statements.speakers import Person, Speakers
from processors.annotate.statements.tails import body_end
from processors.annotate.statements.tokens import Token, tokenise
from schemas import Entity, Span, Statement, StatementKind

_DATELINE = re.compile(r"[^\W\d_a-zа-яёіїєґ]{3,}[^\n!?\"«“„]{0,70}?(?:\s--?|\s?[–—]|:|\s/[^/\n]{1,20}/\.)\s")
_QUOTE_WORDS = 4
_LONE_WORDS = 12
_INTRODUCTION = 3
_RECENT = 24
_S = TypeVar("_S", Quote, Entity, "_Draft")


@dataclass(slots=True)
class _Draft:
    start: int
    end: int
    speaker: Person | None
    source: Span | None
    cue: Span | None
    sentence: int


def find_statements(
    text: str,
    lang: str | None,
    entities: Sequence[Entity],
    published: datetime.datetime | None = None,
    *,
    article_id: str = "",
    knowledge: Knowledge = NOTHING,
) -> list[Statement]:
    """Statements of all speakers in ``text`` (title, line break, body), by position.

    ``published``: for dates and for who held an office then. ``knowledge``: offices and countries (see
    ``processors.annotate.knowledge``).
    """
    lexicon = load_lexicon(lang)
    body = text[: body_end(text, lexicon)]
    quotes = find_quotes(body)
    present = frozenset(e.id for e in entities if e.type == "PER" and e.id is not None)
    day = published.date() if published is not None else None
    speakers = Speakers(lexicon, knowledge, day, present)
    finder = _Finder(body, lexicon, sorted(entities, key=lambda e: e.start), quotes, speakers)
    drafts = finder.run()
    ids = statement_ids(article_id, [text[d.start : d.end] for d in drafts])
    homes = finder.homes()
    starts = [q.start for q in quotes]
    return [
        Statement(
            statement_id=ids[i], start=d.start, end=d.end, text=text[d.start : d.end],
            kind=_kind(d, quotes, starts), speaker=d.speaker.name if d.speaker else None,
            speaker_id=d.speaker.id if d.speaker else None, source=d.source, cue=d.cue,
            setting=find_setting(
                text, finder.passages(d, drafts), lang=lang, published=published, entities=entities,
                speaker_id=d.speaker.id if d.speaker else None, homes=homes, knowledge=knowledge,
            ),
        )
        for i, d in enumerate(drafts)
    ]  # fmt: skip


def _kind(draft: _Draft, quotes: list[Quote], starts: list[int]) -> StatementKind:
    near = _overlapping(quotes, starts, draft.start, draft.end)
    inside = [q for q in near if q.start >= draft.start and q.end <= draft.end + 1]
    if not inside:
        return "direct" if any(q.start <= draft.start and draft.end <= q.end for q in near) else "indirect"
    quoted = sum(q.end - q.start for q in inside)
    return "direct" if quoted >= 0.9 * (draft.end - draft.start) else "mixed"


def _overlapping(spans: Sequence[_S], starts: list[int], start: int, end: int) -> list[_S]:
    """Those of sorted, disjoint spans that overlap ``[start, end)``."""
    first = max(0, bisect.bisect_right(starts, start) - 1)
    return [s for s in spans[first : bisect.bisect_left(starts, end)] if s.end > start]


class _Finder:
    def __init__(
        self, text: str, lexicon: Lexicon, entities: list[Entity], quotes: list[Quote], speakers: Speakers
    ) -> None:
        self._text = text
        self._lexicon = lexicon
        self._entities = entities
        self._quotes = quotes
        self._speakers = speakers
        self._drafts: list[_Draft] = []
        self._sentences = split(text, quotes, lexicon.words.get("abbreviations", frozenset()))
        self._quote_starts = [q.start for q in quotes]
        self._entity_starts = [e.start for e in entities]
        self._draft_starts: list[int] = []
        self._stating: set[int] = set()
        self._starts: dict[int, int] = {}
        self._topics: dict[int, set[Person]] = {}

    def run(self) -> list[_Draft]:
        rows = [self._read(s) for s in self._sentences]
        for _, mentions in rows:
            # Roles are bound by their names wherever these stand, so that a lead without the name is resolved too.
            for mention in mentions:
                if mention.kind == "person" and mention.office:
                    self._speakers.see(mention)
        for number, (sentence, (tokens, mentions)) in enumerate(zip(self._sentences, rows, strict=True)):
            if tokens:
                self._sentence(number, sentence, tokens, mentions)
        return self._settle()

    def homes(self) -> dict[str, str]:
        return self._speakers.homes()

    def passages(self, draft: _Draft, drafts: list[_Draft]) -> list[Passage]:
        """What stands around a statement: the rest of its sentence and of its cue's, then what introduces it."""
        numbers = [draft.sentence]
        if draft.cue is not None:
            numbers += [
                n for n in (draft.sentence, draft.sentence + 1)
                if n < len(self._sentences) and self._sentences[n].start <= draft.cue.start < self._sentences[n].end
                and n != draft.sentence
            ]  # fmt: skip
        stating = self._stating
        at = draft.sentence - 1
        while at > 0 and draft.sentence - at <= _INTRODUCTION and at not in stating:
            if draft.speaker is not None and draft.speaker in self._topics.get(at, ()):
                numbers.append(at)
            at -= 1
        passages: list[Passage] = []
        for number in numbers:
            sentence = self._sentences[number]
            start = self._starts.get(sentence.start, sentence.start)
            for other in _overlapping(drafts, self._draft_starts, start, sentence.end):
                if other.end <= start or other.start >= sentence.end:
                    continue
                if other.start > start + 2:
                    passages.append(Passage(start, other.start))
                start = max(start, other.end)
            if sentence.end > start + 2:
                passages.append(Passage(start, sentence.end))
        return passages

    def _read(self, sentence: Sentence) -> tuple[list[Token], list[Mention]]:
        start = sentence.start
        if sentence.first and sentence.paragraph > 0:
            dateline = _DATELINE.match(self._text, start, sentence.end)
            if dateline and dateline.end() - start < 90:
                start = dateline.end()
        quotes = _overlapping(self._quotes, self._quote_starts, start, sentence.end)
        self._starts[sentence.start] = start
        tokens = tokenise(self._text, start, sentence.end, quotes)
        entities = _overlapping(self._entities, self._entity_starts, start, sentence.end)
        return tokens, find_mentions(self._text, tokens, entities, self._lexicon, self._speakers.knowledge)

    def _sentence(self, number: int, sentence: Sentence, tokens: list[Token], mentions: list[Mention]) -> None:
        if self._headline(number, sentence, tokens, mentions):
            return
        cues = find_cues(tokens, mentions, self._lexicon)
        contents, lone = find_contents(tokens, cues, self._lexicon)
        before = self._speakers.last_person
        subject, place = self._first_subject(tokens, mentions)
        if subject is not None:
            self._speakers.topic(subject)
        if subject is not None:
            self._topics.setdefault(number, set()).add(subject)
        whom: dict[int, Person | None] = {}
        previous: Person | None = None
        for cue in sorted(cues, key=lambda c: c.first):
            person = self._person(cue, previous, subject if place < cue.first else None, before)
            whom[cue.first] = person
            previous = person or previous
        claimed: set[int] = set()
        for content in contents:
            person = whom[content.cue.first]
            self._add(number, tokens, content.first, content.last, person, content.cue)
            claimed.update(range(content.first, content.last))
        # Whoever speaks only inside another's words is no candidate for the next pronoun.
        settled = {c.cue.first for c in contents} | {c.first for c in lone}
        for cue in sorted(cues, key=lambda c: c.first):
            person = whom[cue.first]
            if person is not None and cue.source is not None and cue.first in settled:
                self._speakers.topic(person)
        for cue in lone:
            self._claim_previous(number, tokens, cue, whom[cue.first])
        self._loose_quotes(number, tokens, claimed, before, subject)
        if not cues and not claimed:
            self._reported_mood(number, tokens, before)

    def _person(
        self, cue: Found, previous: Person | None, subject: Person | None, before: Person | None
    ) -> Person | None:
        if cue.self_contained:
            return previous or before
        if cue.source is None:
            return (previous or subject or before) if cue.elided else (before if self._lexicon.order == "sov" else None)
        return self._speakers.see(cue.source)

    def _first_subject(self, tokens: list[Token], mentions: list[Mention]) -> tuple[Person | None, int]:
        """The first person who can be a subject, and the token where he stands."""
        start = 0
        if tokens and (self._lexicon.has("openers", tokens[0].low) or self._lexicon.is_participle(tokens[0].low)):
            # "Asked about Putin, he said": the subject stands behind the comma.
            start = next((i for i, t in enumerate(tokens) if t.text == ","), 0)
        for mention in mentions:
            if mention.first >= start and mention.kind in ("person", "role", "pronoun") and not mention.oblique:
                low = tokens[mention.first - 1].low if mention.first else ""
                if not self._lexicon.has("prepositions", low):
                    return self._speakers.see(mention), mention.first
        for mention in mentions[:1]:
            # "Lavrov's latest appearance came", «Лаврова спросили»: he is spoken of, though he is no subject.
            if mention.first <= 1 and mention.kind == "person":
                return self._speakers.see(mention), mention.first
        return None, 0

    def _headline(self, number: int, sentence: Sentence, tokens: list[Token], mentions: list[Mention]) -> bool:
        """As in "Lavrov: talks resume", "Talks resume — Lavrov"."""
        if not sentence.first or len(tokens) < 4:
            return False
        for mention in mentions:
            if mention.kind not in ("person", "role", "name", "org"):
                continue
            if mention.first == 0 and mention.last < len(tokens) and tokens[mention.last].text == ":":
                if mention.kind == "org" and sentence.paragraph > 0:
                    return False
                cue = Found(mention.last, mention.last + 1, frozenset({"say"}), ":", mention)
                person = self._speakers.see(mention)
                self._add(number, tokens, mention.last + 1, len(tokens), person, cue)
                if person is not None:
                    self._speakers.topic(person)
                return True
            if (
                sentence.paragraph == 0 and mention.last == len(tokens) and mention.first >= 3
                and tokens[mention.first - 1].text in "—–-:|" and mention.kind != "name"
            ):  # fmt: skip
                cue = Found(mention.first - 1, mention.first, frozenset({"say"}), "-", mention)
                self._add(number, tokens, 0, mention.first - 1, self._speakers.see(mention), cue)
                return True
        return False

    def _add(
        self, number: int, tokens: list[Token], first: int, last: int, person: Person | None, cue: Found | None
    ) -> None:
        while first < last and tokens[first].kind == "p" and tokens[first].text not in "([$€£#":
            first += 1
        while last > first and tokens[last - 1].kind == "p" and tokens[last - 1].text in ",;:—–-.":
            last -= 1
        if last <= first:
            return
        source = Span(cue.source.start, cue.source.end) if cue is not None and cue.source is not None else None
        span = Span(tokens[cue.first].start, tokens[cue.last - 1].end) if cue is not None else None
        self._drafts.append(_Draft(tokens[first].start, tokens[last - 1].end, person, source, span, number))

    def _claim_previous(self, number: int, tokens: list[Token], cue: Found, person: Person | None) -> None:
        """As in "This was stated by Lavrov": the sentence before, if the cue's own sentence has no room for content."""
        lows = [t.low for t in tokens]
        pointed = any(self._lexicon.phrase_at("demonstratives", lows, i) for i in range(min(3, len(tokens))))
        if (
            person is None
            or number == 0
            or not (pointed or (len(tokens) <= _LONE_WORDS and cue.last >= len(tokens) - 8))
        ):
            return
        last = self._sentences[number - 1]
        here = self._sentences[number]
        if last.paragraph == 0 or here.paragraph - last.paragraph > (0 if not pointed else 1):
            return
        recent = self._drafts[-_RECENT:]
        taken = [d for d in recent if d.sentence == number - 1]
        if pointed:
            self._drafts[-_RECENT:] = [d for d in recent if d.sentence != number - 1]
            taken = []
        if taken and any(d.speaker is not None and d.cue is not None for d in taken):
            return
        for draft in taken:
            draft.speaker = person
        span = Span(tokens[cue.first].start, tokens[cue.last - 1].end)
        source = Span(cue.source.start, cue.source.end) if cue.source is not None else None
        if not taken and pointed:
            before, _ = self._read(last)
            if before:
                self._add_span(number - 1, before[0].start, last.end, person, source, span)

    def _add_span(
        self, number: int, start: int, end: int, person: Person | None, source: Span | None, cue: Span | None
    ) -> None:
        while end > start and self._text[end - 1] in ".,;: ":
            end -= 1
        if end > start:
            self._drafts.append(_Draft(start, end, person, source, cue, number))

    def _loose_quotes(
        self, number: int, tokens: list[Token], claimed: set[int], before: Person | None, subject: Person | None
    ) -> None:
        """Quotations that no cue has claimed: the speaker goes on, or the sentence's subject is quoted in part."""
        words = sum(1 for t in tokens if t.kind == "w")
        for i, token in enumerate(tokens):
            if token.kind != "q" or i in claimed or token.text.count(" ") + 1 < _QUOTE_WORDS:
                continue
            goes_on = before if self._near(number) else None
            person = goes_on if words <= 2 else subject
            self._drafts.append(_Draft(token.start, token.end, person, None, None, number))

    def _reported_mood(self, number: int, tokens: list[Token], before: Person | None) -> None:
        """German goes on in the subjunctive: a sentence without a cue is still the last speaker's."""
        if before is None or not self._near(number):
            return
        if not any(self._lexicon.has("subjunctive", t.low) for t in tokens):
            return
        if self._drafts and self._drafts[-1].speaker is before:
            self._add(number, tokens, 0, len(tokens), before, None)

    def _near(self, number: int) -> bool:
        """Whether the last statement stands in this paragraph or the one before."""
        if not self._drafts:
            return False
        last = self._sentences[self._drafts[-1].sentence]
        return self._sentences[number].paragraph - last.paragraph <= 1 and last.paragraph > 0

    def _settle(self) -> list[_Draft]:
        """Order by position; a draft inside another is dropped."""
        drafts = sorted(self._drafts, key=lambda d: (d.start, -d.end))
        kept: list[_Draft] = []
        for draft in drafts:
            if kept and draft.end <= kept[-1].end:
                continue
            if kept and draft.start < kept[-1].end:
                draft.start = kept[-1].end
                while draft.start < draft.end and self._text[draft.start] in " \n,.;:":
                    draft.start += 1
            if draft.end - draft.start > 1:
                kept.append(draft)
        self._draft_starts = [d.start for d in kept]
        self._stating = {d.sentence for d in kept}
        return kept
