"""All statements of an article: the rules of this package in order, sentence by sentence."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import replace

from processors.annotate.knowledge import NOTHING, Knowledge
from processors.annotate.setting import Passage, find_setting
from processors.annotate.statements import continuation
from processors.annotate.statements.clauses import trim
from processors.annotate.statements.contents import find_contents
from processors.annotate.statements.cues import REPLY, find_cues
from processors.annotate.statements.drafts import Draft, kind_of, overlapping, settle
from processors.annotate.statements.found import Found
from processors.annotate.statements.headlines import find_headline
from processors.annotate.statements.identity import statement_ids
from processors.annotate.statements.lexicon import Lexicon, load_lexicon
from processors.annotate.statements.mentions import LATTER, Mention, find_mentions, first_subject
from processors.annotate.statements.owned import Owned
from processors.annotate.statements.pointing import (
    before_dash,
    names_words,
    pointed,
    pointed_object,
    stated_by,
    without_pointing,
)
from processors.annotate.statements.possessives import possessed
from processors.annotate.statements.quotes import Quote, find_quotes
from processors.annotate.statements.sentences import Sentence, pieces, split
from processors.annotate.statements.speakers import Person, Speakers
from processors.annotate.statements.subjects import tells_news
from processors.annotate.statements.surroundings import Surroundings
from processors.annotate.statements.tails import body_end
from processors.annotate.statements.tokens import Token, tokenise
from processors.annotate.statements.transcripts import Turn, find_turns, paragraphs_of
from processors.annotate.statements.unlinked import surnames_of, with_known, with_names, with_surnames
from processors.annotate.statements.verb_final import Content
from schemas import Entity, Span, Statement

_DATELINE = re.compile(
    r"(?:[^\W\d_a-zа-яёіїєґ]{3,40}|[A-ZА-Я]{2} [A-ZА-Я]{3,30})[^\n!?\"«“„]{0,70}?"
    r"(?:\s--?|\s?[–—]|:|\s/[^/\n]{1,20}/\.)\s"
    # As "Aug 16" with an agency in brackets and a dash.
    r"|[A-Z][a-z]{2,8}\.? \d{1,2} \([^()\n]{2,30}\) [-\u2013\u2014]{1,2} "
)
_WORD = re.compile(r"[^\W_]+")
_QUOTE_WORDS = 4
_LONE_WORDS = 12
_LONG_QUOTE = 4000
_MARGIN = 60
_RECENT = 24
_FEW = 4
# Kinds of cues that never have a subject; a participle's is that of its clause, known or not.
_UNSAID = frozenset({"noun", "impersonal", REPLY})
# Title and paragraphs that tell whom an article is about.
_LEAD = 3
# "the document", but not "the United Nations document".
_DOCUMENT_WORDS = 2


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
    plain = [d for d in drafts if not d.nested]
    ids = statement_ids(article_id, [text[d.start : d.end] for d in drafts])
    homes = finder.homes()
    starts = [q.start for q in quotes]
    around = [finder.surroundings.passages(d, plain) for d in drafts]
    return [
        Statement(
            statement_id=ids[i], start=d.start, end=d.end, text=text[d.start : d.end],
            kind=kind_of(d, quotes, starts), speaker=d.speaker.name if d.speaker else None,
            speaker_id=d.speaker.id if d.speaker else None, source=d.source, cue=d.cue,
            setting=find_setting(
                text, around[i], lang=lang, published=published, entities=finder.entities_at(around[i]),
                speaker_id=d.speaker.id if d.speaker else None, homes=homes, knowledge=knowledge,
            ),
        )
        for i, d in enumerate(drafts)
    ]  # fmt: skip


class _Finder:
    def __init__(
        self, text: str, lexicon: Lexicon, entities: list[Entity], quotes: list[Quote], speakers: Speakers
    ) -> None:
        self._text = text
        self._lexicon = lexicon
        self._entities = entities
        self._quotes = quotes
        self._speakers = speakers
        self._drafts: list[Draft] = []
        self._abbreviations = lexicon.words.get("abbreviations", frozenset())
        self._sentences = split(text, quotes, self._abbreviations, lexicon.month_stems)
        self._unclosed = {q.end for q in quotes if q.continued}
        self._open: list[Draft] = []
        self._quote_starts = [q.start for q in quotes]
        self._entity_starts = [e.start for e in entities]
        self._starts: dict[int, int] = {}
        self._topics: dict[int, set[Person]] = {}
        self._paragraphs = paragraphs_of(text)
        self._turns = find_turns(text, self._paragraphs, entities, lexicon)
        self._owned = Owned(text, self._paragraphs, lexicon, speakers)
        self._moved = -1
        self._heading = -1
        self._prompted = -1
        # The paragraph that begins with a name and a colon, and whose name it is.
        self._labelled: tuple[int, Person] | None = None
        self._asked: tuple[int, Person | None] = (-1, None)
        """The sentence that last told of a question, and who asked."""
        self.surroundings = Surroundings((), {}, {}, ())

    def run(self) -> list[Draft]:
        rows = [self._read(s) for s in self._sentences]
        roles: list[tuple[int, str]] = []
        for _, mentions in rows:
            # Roles are bound by their names wherever these stand, so that a lead without the name is resolved too.
            for mention in mentions:
                self._speakers.learn(mention)
                tells = mention.kind == "person" or (
                    mention.kind == "role"
                    and (mention.name or (mention.places and mention.office == "foreign_minister"))
                )
                if mention.office and tells:
                    person = self._speakers.see(mention)
                    if mention.kind == "role" and person is not None and person.id is not None:
                        roles.append((mention.start, person.id))
        rows = possessed(rows, self._lexicon, self._speakers)
        if self._speakers.surnames:
            rows = [(tokens, with_known(tokens, mentions, self._speakers.surnames)) for tokens, mentions in rows]
        if self._lexicon.lang == "de":
            surnames = surnames_of(mentions for _, mentions in rows)
            rows = [(tokens, with_surnames(tokens, mentions, surnames)) for tokens, mentions in rows]
        names = [m for _, mentions in rows for m in mentions if m.kind == "name"]
        self._speakers.look_at(self._text, self._entities, names, roles, self._lead_end())
        guest = self._guest([mentions for _, mentions in rows]) if self._turns else None
        for number, (sentence, (tokens, mentions)) in enumerate(zip(self._sentences, rows, strict=True)):
            turn = self._turns.get(self._paragraphs[sentence.paragraph].start)
            if turn is not None:
                self._answer(number, sentence, turn, guest)
            elif (
                tokens
                and not self._owned.signed(sentence, tokens, mentions, self._sentences)
                and not self._thesis(number, sentence, tokens, mentions)
            ):
                self._sentence(number, sentence, tokens, mentions)
        kept, nested = settle(self._drafts, self._text)
        self.surroundings = Surroundings(self._sentences, self._starts, self._topics, kept)
        return sorted(kept + nested, key=lambda d: (d.start, -d.end))

    def _lead_end(self) -> int:
        return self._paragraphs[min(_LEAD, len(self._paragraphs)) - 1].end if self._paragraphs else 0

    def _guest(self, rows: list[list[Mention]]) -> Person | None:
        """Who is interviewed: the first known person before the first question, by name or office, else the first
        named; else whom the article is about.
        """
        begin = min(self._turns)
        ahead = [m for s, mentions in zip(self._sentences, rows, strict=True) if s.start < begin for m in mentions]
        named = [m for m in ahead if m.kind == "person" or (m.kind == "role" and m.name)]
        seen = (self._speakers.see(m) for m in ahead if m in named[:1] or (m.kind == "role" and not m.oblique))
        known = next((p for p in seen if p is not None and p.id is not None), None)
        return known or (self._speakers.see(named[0]) if named else self._speakers.focus)

    def _answer(self, number: int, sentence: Sentence, turn: Turn, guest: Person | None) -> None:
        """A sentence of an interview's answer; questions are nobody's statements."""
        person = guest
        if turn.entity is not None:
            name = turn.entity
            person = self._speakers.see(
                Mention(0, 0, name.start, name.end, name.text, "person", id=name.id, name=name.text)
            )
        if turn.asks or sentence.end <= turn.start:
            return
        source = Span(*turn.label) if turn.label is not None else None
        self._add_span(number, max(sentence.start, turn.start), sentence.end, person, source, None)

    def _thesis(self, number: int, sentence: Sentence, tokens: list[Token], mentions: list[Mention]) -> bool:
        """A sentence of a paragraph that is somebody's, unless it has an attribution of its own."""
        owner = self._owned.of(sentence.paragraph)
        if owner is None or any(c.source is not None for c in find_cues(tokens, mentions, self._lexicon)):
            return False
        person, begin = owner
        self._add_span(number, max(sentence.start, begin), sentence.end, person, None, None)
        return True

    def homes(self) -> dict[str, str]:
        return self._speakers.homes()

    def entities_at(self, passages: list[Passage]) -> list[Entity]:
        """Those in the passages and a little around them; the whole list for each statement would be quadratic."""
        if not passages:
            return []
        start = min(p.start for p in passages) - _MARGIN
        return overlapping(self._entities, self._entity_starts, start, max(p.end for p in passages) + _MARGIN)

    def _read(self, sentence: Sentence) -> tuple[list[Token], list[Mention]]:
        start = sentence.start
        if sentence.first and sentence.paragraph > 0:
            dateline = _DATELINE.match(self._text, start, sentence.end)
            # A script without capitals has no datelines before a colon: there «وقال لافروف:» looks like one.
            cased = dateline is not None and (dateline.group()[0].isupper() or ":" not in dateline.group())
            if dateline and cased and dateline.end() - start < 90:
                start = dateline.end()
        quotes = overlapping(self._quotes, self._quote_starts, start, sentence.end)
        self._starts[sentence.start] = start
        tokens = tokenise(self._text, start, sentence.end, quotes)
        entities = overlapping(self._entities, self._entity_starts, start, sentence.end)
        mentions = find_mentions(self._text, tokens, entities, self._lexicon, self._speakers.knowledge)
        return tokens, with_names(tokens, mentions, self._lexicon) if self._lexicon.subject_follows else mentions

    def _sentence(self, number: int, sentence: Sentence, tokens: list[Token], mentions: list[Mention]) -> None:
        if sentence.first:
            self._speakers.turn()
        headline = find_headline(sentence, tokens, mentions)
        if headline is not None:
            person = self._speakers.see(headline.source)
            self._add(number, tokens, headline.first, headline.last, person, headline.cue)
            if headline.leads and person is not None:
                self._speakers.topic(person)
                self._labelled = (sentence.paragraph, person) if sentence.paragraph else None
            return
        cues = find_cues(tokens, mentions, self._lexicon)
        contents, lone = find_contents(tokens, cues, self._lexicon)
        contents, lone = without_pointing(tokens, contents, lone, self._lexicon)
        dash = before_dash(tokens, self._lexicon)
        contents = [c for c in contents if not dash or c.first < dash]
        before = self._speakers.last_person
        subject, place = self._first_subject(tokens, _outside(mentions, contents, known=before is not None))
        # "Ähnlich hatte sich der Sprecher geäußert": the article goes on with whom it is about.
        compared = not contents and self._lexicon.has("comparing", tokens[0].low) and self._speakers.focus is not None
        compared = compared and subject is not self._speakers.focus
        if subject is not None and not compared:
            self._speakers.topic(subject)
        about = {self._speakers.see(m) for m in mentions if m.kind == "person"} | {subject}
        self._topics[number] = {person for person in about if person is not None}
        whom: dict[int, Person | None] = {}
        telling = {content.cue.first for content in contents}
        previous: Person | None = None
        for cue in sorted(cues, key=lambda c: c.first):
            here = subject if place < cue.first else None
            if here is None and cue.self_contained and self._lexicon.cases:
                # «На це відреагувала віцеспікер: мовляв, …» is not who spoke in the sentence before.
                here = next(reversed(whom.values()), None) or self._stranger(mentions, cue)
            person = self._person(number, tokens, cue, previous, here, before)
            whom[cue.first] = person
            if cue.first in telling:
                previous = person or previous
        claimed: set[int] = set()
        for content in contents:
            person = whom[content.cue.first]
            self._add(number, tokens, content.first, content.last, person, content.cue)
            claimed.update(range(content.first, content.last))
            if person is not None:
                self._within(number, tokens, mentions, content.first, content.last, person)
        # Whoever speaks only inside another's words is no candidate for the next pronoun.
        settled = {c.cue.first for c in contents} | {c.first for c in lone}
        for cue in sorted(cues, key=lambda c: c.first):
            person = whom[cue.first]
            if person is not None and cue.source is not None and cue.first in settled and not compared:
                self._speakers.topic(person)
        pointer, named = pointed(tokens, self._lexicon), names_words(tokens, self._lexicon)
        for cue in lone if not compared else ():
            if self._lexicon.has("asking", cue.base):
                self._asked = number, whom[cue.first]
            if self._lexicon.has("denials", cue.base) or cue.kinds == {"infinitive"}:
                continue  # "Ukraine has denied this before": the sentence before is not Ukraine's
            back = named or pointer >= 0 or pointed_object(tokens, cue, self._lexicon)
            self._claim_previous(number, tokens, cue, whom[cue.first], back=back)
        agent = stated_by(tokens, mentions, self._lexicon) if not claimed else None
        if agent is not None:
            stated = Found(agent.first - 2, agent.first - 1, frozenset({"say"}), "", agent)
            self._claim_previous(number, tokens, stated, self._speakers.see(agent), back=True)
        taken_up = subject or (self._speakers.focus if named else None)
        any_verb = named or (pointer >= 0 and self._lexicon.order == "free")
        if any_verb and not claimed and not lone and taken_up is not None:
            # «С таким заявлением выступил министр», "That was the answer he gave".
            at = 0 if named else pointer
            cue = Found(at, at + 1, frozenset({"say"}), "", None, True)
            self._claim_previous(number, tokens, cue, taken_up, back=True)
        teller = next((p for p in whom.values() if p is not None), subject) or self._speakers.focus
        if dash and not claimed and teller is not None:
            self._add(number, tokens, 0, dash, teller, None)
            claimed.update(range(dash))
        alone = not cues and not any(m.kind in ("person", "name", "pronoun") for m in mentions)
        self._loose_quotes(number, tokens, claimed, before, subject, alone)
        if self._labelled is not None and self._labelled[0] == sentence.paragraph:
            led = continuation.others_lead(mentions, [t.low for t in tokens], self._lexicon)
            if not cues and not claimed and not led:
                self._add(number, tokens, 0, len(tokens), self._labelled[1], None)
                claimed.update(range(len(tokens)))
        if not claimed and (not cues or (self._moved == number - 1 and all(c in lone for c in cues))):
            self._goes_on(number, sentence, tokens, mentions, before)
        if subject is not None and not claimed and continuation.moves_topic(tokens, self._lexicon):
            self._moved = number
        if not cues and not claimed and sentence.paragraph > 0 and continuation.prompts(tokens, self._lexicon):
            self._prompted = number
        self._owned.introduce(
            sentence, next((p for p in whom.values() if p is not None), subject) or self._named(mentions)
        )

    def _named(self, mentions: list[Mention]) -> Person | None:
        """The only person of a heading ("What Lavrov told the club:")."""
        people = [m for m in mentions if m.kind == "person"]
        return self._speakers.see(people[0]) if len(people) == 1 else None

    def _within(
        self, number: int, tokens: list[Token], mentions: list[Mention], first: int, last: int, person: Person | None
    ) -> None:
        """What somebody named says within another's words; both statements are kept."""
        inside = [
            replace(m, first=m.first - first, last=m.last - first)
            for m in mentions if first <= m.first and m.last <= last
        ]  # fmt: skip
        self._nested(number, tokens[first:last], inside, person)
        for token in tokens[first:last]:
            if token.kind != "q" or token.end - token.start > _LONG_QUOTE:
                continue
            for start, end in pieces(self._text, token.start + 1, token.end - 1, self._abbreviations):
                entities = overlapping(self._entities, self._entity_starts, start, end)
                words = tokenise(self._text, start, end, [])
                named = find_mentions(self._text, words, entities, self._lexicon, self._speakers.knowledge)
                self._nested(number, words, named, person)

    def _nested(self, number: int, tokens: list[Token], mentions: list[Mention], holder: Person | None) -> None:
        if not any(m.kind in ("person", "role") for m in mentions):
            return
        cues = find_cues(tokens, mentions, self._lexicon)
        for content in find_contents(tokens, cues, self._lexicon)[0]:
            source = content.cue.source
            if source is None or source.kind not in ("person", "role"):
                continue
            person = self._speakers.see(source)
            if person is not holder and person is not None and person.id is not None:
                self._add(number, tokens, content.first, content.last, person, content.cue, nested=True)

    def _person(
        self, number: int, tokens: list[Token], cue: Found, previous: Person | None, subject: Person | None,
        before: Person | None,
    ) -> Person | None:  # fmt: skip
        if cue.self_contained:
            return previous or subject or before or self._speakers.focus
        if cue.source is None:
            if cue.base == REPLY and self._speakers.focus is not None:
                return self._speakers.focus
            here = previous or subject or before
            if cue.base == REPLY and self._asked == (number - 1, here) and self._drafts:
                return self._drafts[-1].speaker  # not whoever asked
            if previous is None and self._lexicon.pro_drop and cue.first > 0 and tokens[cue.first - 1].text == ",":
                # "X, dijo, Y": who has spoken, whoever was named in between.
                here = self._teller(number) or here
            asked = here is not None and (here.id is None or here.passing) and self._speakers.focus is not None
            if asked and previous is None and cue.elided and self._lexicon.has("responders", cue.base):
                # "Un periodista le recordó que … El reactor, contestó, …": not who has asked.
                here = self._speakers.focus
            if cue.base in _UNSAID and (here is None or here.id is None):
                # «Оказалось, что …» after somebody's question is whom the article is about.
                here = self._speakers.focus or here
            return here if cue.elided else (before if self._lexicon.order == "sov" else None)
        if cue.source.name == LATTER and self._speakers.focus is not None:
            # «Депутат спросил министра. Тот сообщил, что …»: not the subject of the sentence before.
            return self._speakers.focus
        if cue.source.kind == "pronoun" and cue.source.number == "s" and self._lexicon.has("continuing", cue.base):
            # "…," he went on: who has spoken, whoever was named in between.
            teller = self._teller(number)
            if teller is not None and _agrees(teller, cue.source):
                return teller
        told = cue.source.start > self._paragraphs[0].end and tells_news(tokens, cue, self._lexicon)
        person = (self._speakers.speaks_for(cue.source) if told else None) or self._speakers.see(cue.source)
        if person is not None:
            self._speakers.heard(person)
        if person is not None and person.kind in ("org", "noun") and self._a_document(cue.source):
            # «…, отмечается в документе»: the text of whom the article is about.
            return self._speakers.focus or person
        if person is None and cue.source.kind == "pronoun" and cue.source.number == "s":
            return self._speakers.focus or self._only_one(number - 1)
        return person

    def _stranger(self, mentions: list[Mention], cue: Found) -> Person | None:
        """Whom a full name that nobody knows introduces: «Відповіла віцеспікер Ганна Гук: мовляв, …»."""
        named = [m for m in mentions if m.kind == "name" and " " in m.text and not m.oblique and m.last <= cue.first]
        return self._speakers.see(named[-1]) if named else None

    def _teller(self, number: int) -> Person | None:
        """Whose the last statement is, if it stands close by."""
        teller = self._drafts[-1].speaker if self._near(number) else None
        return teller if teller is not None and teller.kind == "person" else None

    def _only_one(self, number: int) -> Person | None:
        """The only person of a sentence."""
        people = [p for p in self._topics.get(number, ()) if p.kind == "person"]
        return people[0] if len(people) == 1 else None

    def _a_document(self, source: Mention) -> bool:
        words = source.text.lower().split()
        return len(words) <= _DOCUMENT_WORDS and self._lexicon.has("documents", words[-1])

    def _first_subject(self, tokens: list[Token], mentions: list[Mention]) -> tuple[Person | None, int]:
        """The first person who can be a subject, and the token where he stands."""
        mention = first_subject(tokens, mentions, self._lexicon)
        return (self._speakers.see(mention), mention.first) if mention is not None else (None, 0)

    def _add(
        self, number: int, tokens: list[Token], first: int, last: int, person: Person | None, cue: Found | None,
        *, nested: bool = False,
    ) -> None:  # fmt: skip
        first, last = trim(tokens, first, last)
        if last <= first:
            return
        source = Span(cue.source.start, cue.source.end) if cue is not None and cue.source is not None else None
        span = Span(tokens[cue.first].start, tokens[cue.last - 1].end) if cue is not None else None
        self._drafts.append(Draft(tokens[first].start, tokens[last - 1].end, person, source, span, number, nested))
        if self._open and first == 0 and tokens[0].kind == "q":
            for draft in self._open:
                if self._sentences[number].paragraph - self._sentences[draft.sentence].paragraph <= len(self._open):
                    draft.speaker = draft.speaker or person
            self._open.clear()

    def _claim_previous(
        self, number: int, tokens: list[Token], cue: Found, person: Person | None, *, back: bool
    ) -> None:
        """As in "This was stated by Lavrov": the sentence before, if the cue's own sentence has no room for content.

        ``back``: a pointer of the sentence takes it up.
        """
        if person is None or number == 0 or not (back or (len(tokens) <= _LONE_WORDS and cue.last >= len(tokens) - 8)):
            return
        last = self._sentences[number - 1]
        here = self._sentences[number]
        if last.paragraph == 0 or here.paragraph - last.paragraph > (0 if not back else 1):
            return
        recent = self._drafts[-_RECENT:]
        taken = [d for d in recent if d.sentence == number - 1]
        if back:
            self._drafts[-_RECENT:] = [d for d in recent if d.sentence != number - 1]
            taken = []
        if taken and any(d.speaker is not None and d.cue is not None for d in taken):
            return
        for draft in taken:
            draft.speaker = person
        span = Span(tokens[cue.first].start, tokens[cue.last - 1].end)
        source = Span(cue.source.start, cue.source.end) if cue.source is not None else None
        if not taken and back:
            before, _ = self._read(last)
            if before:
                self._add_span(number - 1, before[0].start, last.end, person, source, span)

    def _add_span(
        self, number: int, start: int, end: int, person: Person | None, source: Span | None, cue: Span | None
    ) -> None:
        while end > start and self._text[end - 1] in ".,;: ":
            end -= 1
        if end > start:
            self._drafts.append(Draft(start, end, person, source, cue, number))

    def _loose_quotes(
        self, number: int, tokens: list[Token], claimed: set[int], before: Person | None, subject: Person | None,
        alone: bool,
    ) -> None:  # fmt: skip
        """Quotations that no cue has claimed: the speaker goes on, or the sentence's subject is quoted in part; where
        the sentence names nobody (``alone``), whom the article is about.
        """
        words = sum(1 for t in tokens if t.kind == "w")
        for i, token in enumerate(tokens):
            if token.kind != "q" or i in claimed or len(_WORD.findall(token.text)) < _QUOTE_WORDS:
                continue
            goes_on = before if self._near(number) else None
            if self._asked[0] == number - 1 and self._asked[1] is goes_on is not None:
                # The answer to a question is not the asker's.
                goes_on = self._speakers.focus or self._drafts[-1].speaker
            person = goes_on if words <= 2 else subject
            if person is None and alone:
                person = self._speakers.focus
            told = words > _FEW and alone and person is not None and not continuation.dated(tokens, self._lexicon)
            if told and not claimed:
                # Where nobody else is named, what surrounds his words tells them as well.
                self._add(number, tokens, 0, len(tokens), person, None)
                return
            self._drafts.append(Draft(token.start, token.end, person, None, None, number))
            if token.end in self._unclosed and person is None:
                # It goes on in the next paragraph: whoever is named there has said it.
                self._open.append(self._drafts[-1])

    def _goes_on(
        self, number: int, sentence: Sentence, tokens: list[Token], mentions: list[Mention], before: Person | None
    ) -> None:
        """A sentence without a cue that still reports the last speaker."""
        focus = self._speakers.focus
        if focus is not None and self._answers(number, sentence, tokens, mentions):
            last = self._drafts[-1] if self._drafts else None
            same = last is not None and self._sentences[last.sentence].paragraph == sentence.paragraph
            teller = last.speaker if last is not None and same else None
            person = teller if teller is not None and teller.kind == "person" and teller.id is not None else focus
            self._add(number, tokens, 0, len(tokens), person, None)
            return
        lexicon = self._lexicon
        moved = self._moved == number - 1 >= 0 and self._sentences[number - 1].paragraph == sentence.paragraph
        if moved and not self._near(number):
            mover = before or focus
            if mover is not None and not self._others(tokens, mentions):
                self._add(number, tokens, 0, len(tokens), mover, None)
            return
        if before is None or not self._near(number):
            if focus is not None and continuation.names_a_topic(tokens, lexicon):
                self._moved = number
            return
        teller = self._drafts[-1].speaker
        lows = [t.low for t in tokens]
        # "Kapitän Sund widersprach: …" has its speaker.
        others = ":" in lows and continuation.others_lead(mentions, lows, lexicon)
        if continuation.subjunctive(tokens, lexicon) and not others and teller is not None and teller.kind == "person":
            # The mood says that somebody's words go on, whoever has become the topic in between.
            self._add(number, tokens, 0, len(tokens), teller, None)
            return
        last = self._drafts[-1]
        colon = continuation.topic_colon(tokens, lexicon)
        whose = focus if last.speaker is focus else before
        if colon and last.speaker is whose and last.sentence >= number - 3:
            self._add(number, tokens, colon, len(tokens), whose, None)
            return
        if continuation.names_a_topic(tokens, lexicon) and (focus is not None or last.speaker is before or moved):
            self._moved = number
            self._heading = number
            return
        if moved and self._heading == number - 1 and focus is not None:
            before = focus  # under a heading an article goes on with whom it is about
        if last.speaker is not before and not moved:
            return
        adjacent = last.sentence == number - 1 and self._sentences[number - 1].paragraph == sentence.paragraph
        about = (
            before in self._topics.get(number - 1, ())
            and number > 0
            and number - 1 not in {d.sentence for d in self._drafts[-2:]}
        )
        spoken_of = about and self._sentences[number - 1].paragraph == sentence.paragraph
        led = continuation.others_lead(mentions, lows, lexicon)
        if (
            ((adjacent or spoken_of) and not led and continuation.claims(tokens, lexicon))
            or (adjacent and continuation.plans(tokens, mentions, lexicon))
            or (moved and not led and not continuation.dated(tokens, lexicon))
            or (adjacent and self._text[self._paragraphs[sentence.paragraph].start] in "—–-")
        ):
            self._add(number, tokens, 0, len(tokens), before, None)

    def _others(self, tokens: list[Token], mentions: list[Mention]) -> bool:
        """Whether a sentence is led by somebody else, or told as an event."""
        led = continuation.others_lead(mentions, [t.low for t in tokens], self._lexicon)
        return led or continuation.dated(tokens, self._lexicon)

    def _answers(self, number: int, sentence: Sentence, tokens: list[Token], mentions: list[Mention]) -> bool:
        """Whether a sentence says what the one before it asked or announced; its paragraph says nothing else."""
        if not 0 <= self._prompted == number - 1:
            return False
        lows = [t.low for t in tokens]
        asked = self._text[self._sentences[number - 1].end - 1] == "?"
        taken_up = any(m.kind == "pronoun" and m.first <= 1 for m in mentions) or self._lexicon.has("pointers", lows[0])
        return (
            # "The phrase is not new. It was first heard in May": about the words, not the words.
            (asked or not taken_up)
            and self._sentences[number - 1].paragraph == sentence.paragraph
            and not continuation.others_lead(mentions, lows, self._lexicon)
            # "… for another year" may be announced, what happened on Tuesday is told.
            and not any(low.startswith(self._lexicon.weekday_stems) for low in lows)
            and tokens[-1].text != "?"
        )

    def _near(self, number: int) -> bool:
        """Whether the last statement stands in this paragraph or the one before."""
        if not self._drafts:
            return False
        last = self._sentences[self._drafts[-1].sentence]
        return self._sentences[number].paragraph - last.paragraph <= 1 and last.paragraph > 0


def _outside(mentions: list[Mention], contents: list[Content], *, known: bool) -> list[Mention]:
    """Without those in what a pronoun behind it says: "The job of Guterres, he said, …" is not about what he said,
    where it is ``known`` whom he can be; nor is "Let Zelensky speak first, came the reply".
    """
    said = [
        (c.first, c.last)
        for c in contents
        if (c.cue.source is None and c.cue.base in ("impersonal", REPLY))
        or (known and c.cue.source is not None and c.cue.source.kind == "pronoun")
    ]
    pronouns = {c.cue.source.first for c in contents if c.cue.source is not None}
    return [m for m in mentions if m.first in pronouns or not any(a <= m.first < b for a, b in said)]


def _agrees(person: Person, pronoun: Mention) -> bool:
    return not (person.gender and pronoun.gender) or person.gender == pronoun.gender
