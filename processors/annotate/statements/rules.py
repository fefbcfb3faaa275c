"""The rules of this package in the order in which they are asked, sentence by sentence."""

from dataclasses import dataclass, field
from itertools import chain, takewhile

from processors.annotate.statements.article.acquaintance import interviewed
from processors.annotate.statements.article.headlines import find_headline
from processors.annotate.statements.article.transcripts import Turn
from processors.annotate.statements.attribution.cues import find_cues
from processors.annotate.statements.attribution.phrases import REPLY
from processors.annotate.statements.content.find import find_contents
from processors.annotate.statements.discourse import continuation
from processors.annotate.statements.discourse.dialogue import speech_so_far
from processors.annotate.statements.discourse.given import given_by
from processors.annotate.statements.discourse.nested import add_nested
from processors.annotate.statements.discourse.owned import SPEECH, Owned, topics_of
from processors.annotate.statements.discourse.pointing import before_dash, without_pointing
from processors.annotate.statements.discourse.so_far import Discourse
from processors.annotate.statements.discourse.speeches import author_of, greets
from processors.annotate.statements.discourse.taken_up import take_given, take_up
from processors.annotate.statements.discourse.uncued import add_quotations, go_on
from processors.annotate.statements.discourse.whose import first_of, speakers_of
from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.language.mood import subjunctive
from processors.annotate.statements.people.mentions import Mention
from processors.annotate.statements.people.person import Person
from processors.annotate.statements.sentence.claims import CLAIM
from processors.annotate.statements.sentence.parts import Content, Cue
from processors.annotate.statements.sentence.rows import Row
from processors.annotate.statements.sentence.subject import first_subject, neither
from processors.annotate.statements.text.tokens import Token
from schemas import Span

_THINKS = frozenset({"clause"})


@dataclass(slots=True)
class _Reading:
    """What the attributions of a sentence were found to be."""

    row: Row
    cues: list[Cue]
    contents: list[Content]
    lone: list[Cue]
    """The cues for which the sentence has no content."""
    given: Cue | None
    """The verb that gives the sentence before to somebody ("The date was given by Lavrov")."""
    dash: int
    """Where the content ends that stands before a dash and is pointed to behind it; 0 where there is none."""
    before: Person | None
    """Who a pronoun at the beginning may be."""
    subject: Person | None
    place: int
    """The token where the subject stands."""
    compared: bool
    """The sentence only compares whom the article is about with somebody else: "Ähnlich hatte sich Sund geäußert"."""
    whom: dict[int, Person | None] = field(default_factory=dict)
    """The speaker of each cue, by the token where the cue begins."""

    @property
    def telling(self) -> frozenset[int]:
        """Where the cues begin that have content."""
        return frozenset(content.cue.first for content in self.contents)

    @property
    def speaker(self) -> Person | None:
        """Who speaks first, or else whom the sentence is about."""
        return first_of(self.whom) or self.subject


class Rules:
    """What the rules find and leave for the next sentence is the discourse's."""

    def __init__(self, discourse: Discourse) -> None:
        self._discourse = discourse
        self._article = discourse.article
        self._lexicon = discourse.article.lexicon
        self._speakers = discourse.speakers
        self._owned = Owned(self._article.text, self._article.paragraphs, self._lexicon, self._speakers)

    def apply(self) -> str | None:
        """Fills the drafts, sentence by sentence. Returns what the whole is, if it is somebody's article or speech."""
        article = self._article
        guest = interviewed(article, self._speakers, min(article.turns)) if article.turns else None
        topics = topics_of(article.rows, self._lexicon) if not article.turns else {}
        if topics:
            told = interviewed(article, self._speakers, min(topics.values())) or self._speakers.focus
            self._owned.digest(topics, told)
        author = author_of(article)
        speaker = self._speakers.see(author) if author is not None else None
        if speaker is not None:
            self._owned.printed(speaker, 0, SPEECH)
        labelled = any(turn.entity is not None or turn.label is not None for turn in article.turns.values())
        for row in article.rows:
            turn = article.turn_of(row.number)
            if turn is not None and (turn.entity is not None or guest is not None or labelled):
                self._answer(row, turn, guest)
            elif row.tokens and not self._signed(row) and not self._thesis(row):
                self._sentence(row)
        return self._owned.form

    def _signed(self, row: Row) -> bool:
        if self._owned.form == SPEECH:
            return row.sentence.paragraph == 0 or greets(row, self._article)
        return self._owned.signed(row.sentence, row.tokens, row.mentions, self._article.sentences)

    def _answer(self, row: Row, turn: Turn, guest: Person | None) -> None:
        """A sentence of an interview's answer; questions are nobody's statements."""
        person = guest
        if turn.entity is not None:
            name = turn.entity
            person = self._speakers.see(
                Mention(0, 0, name.start, name.end, name.text, "person", id=name.id, name=name.text)
            )
        if turn.asks or row.sentence.end <= turn.start:
            return
        source = Span(*turn.label) if turn.label is not None else None
        self._discourse.add_span(row.number, max(row.sentence.start, turn.start), row.sentence.end, person, source)

    def _thesis(self, row: Row) -> bool:
        """A sentence of a paragraph that is somebody's, unless it has an attribution of its own; of countries and
        institutions ("Russia has proposed …") the author of a signed article speaks himself.
        """
        owner = self._owned.of(row.sentence.paragraph, first=row.sentence.first)
        if owner is None:
            return False
        person, begin = owner
        cues = find_cues(row.tokens, row.mentions, self._lexicon)
        # "Trump's team wants peace" is said of others.
        told = [(c.kinds, c.source) for c in cues if c.source is not None]
        sources = [s for kinds, s in told if kinds != _THINKS or self._speakers.see(s) is person]
        others = [s for s in sources if s.kind in ("person", "role") or (s.kind == "pronoun" and s.gender)]
        if others or (sources and self._owned.byline is None):
            return False
        if row.sentence.end <= begin:
            return False  # the heading
        self._discourse.add_span(row.number, max(row.sentence.start, begin), row.sentence.end, person)
        return True

    def _headline(self, row: Row) -> bool:
        """A headline that names its speaker, or a paragraph that begins with a name and a colon."""
        headline = find_headline(row.sentence, row.tokens, row.mentions)
        if headline is None or (headline.source.kind == "name" and self._topical(row)):
            return False
        person = self._speakers.see(headline.source)
        self._discourse.add(row.number, row.tokens, headline.first, headline.last, person, headline.cue)
        if headline.leads and person is not None:
            self._speakers.topic(person)
            self._discourse.labelled = (row.sentence.paragraph, person) if row.sentence.paragraph else None
        return True

    def _topical(self, row: Row) -> bool:
        """Whether somebody known says what a title has behind a colon: « Blé : Moscou est prêt, selon Lavrov »."""
        if row.sentence.paragraph > 0:
            return False
        cues = find_cues(row.tokens, row.mentions, self._lexicon)
        return any(c.source is not None and c.source.kind in ("person", "role") for c in cues)

    def _sentence(self, row: Row) -> None:
        """A sentence that may tell somebody's words, with or without a cue."""
        if row.sentence.first:
            self._speakers.turn()
        if self._headline(row):
            return
        reading = self._read(row)
        self._name_speakers(reading)
        claimed = self._add_contents(reading)
        speech_so_far(row, reading.contents, reading.whom, self._discourse)
        self._remember_speakers(reading)
        self._take_up(reading, claimed)
        self._add_uncued(reading, claimed)
        self._lead_up(reading, claimed)

    def _read(self, row: Row) -> _Reading:
        """The attributions of a sentence, with what they report, and its subject."""
        tokens, lexicon, before = row.tokens, self._lexicon, self._speakers.last_person
        cues = find_cues(tokens, row.mentions, lexicon)
        contents, lone = find_contents(tokens, cues, lexicon)
        contents, lone = without_pointing(tokens, contents, lone, lexicon)
        given = given_by(tokens, row.lows, row.mentions, lexicon)
        dash = before_dash(tokens, lexicon)
        contents = [c for c in contents if given is None and (not dash or c.first < dash)]
        mentions = _outside(row.mentions, contents, known=before is not None)
        if row.sentence.paragraph == 0:
            # "Russia's Top Diplomat Takes Aim": no stranger's name.
            mentions = [m for m in mentions if m.kind != "name"]
        subject, place = self._first_subject(tokens, mentions)
        focus = self._speakers.focus
        compares = not contents and lexicon.has("comparing", tokens[0].low) and focus is not None
        return _Reading(
            row, cues, contents, lone, given, dash, before, subject, place, compares and subject is not focus
        )

    def _name_speakers(self, reading: _Reading) -> None:
        """Tells the speaker of each cue, and notes whom the sentence is about."""
        row, subject, topics = reading.row, reading.subject, self._discourse.topics
        # "Trump habe als einziger begriffen, …" is about whoever says so.
        retold = not reading.cues and not row.sentence.first and subjunctive(row.tokens, self._lexicon)
        if subject is not None and not reading.compared and not retold:
            self._speakers.topic(subject)
        about = {self._speakers.see(m) for m in row.mentions if m.kind == "person"} | {subject}
        topics[row.number] = {person for person in about if person is not None}
        reading.whom = speakers_of(
            row, reading.cues, reading.telling, subject, reading.place, reading.before, self._discourse
        )
        topics[row.number].update(person for person in reading.whom.values() if person is not None)

    def _add_contents(self, reading: _Reading) -> set[int]:
        """Notes what the cues report, and what others say in it; which tokens that are."""
        row = reading.row
        claimed: set[int] = set()
        for content in reading.contents:
            person = reading.whom[content.cue.first]
            if person is None and content.cue.base == CLAIM:
                continue  # a country's, for which nobody known speaks
            self._discourse.add(row.number, row.tokens, content.first, content.last, person, content.cue)
            claimed.update(range(content.first, content.last))
            add_nested(row, content, person, self._discourse)
        return claimed

    def _remember_speakers(self, reading: _Reading) -> None:
        """Makes those who speak candidates for the next pronoun, but for who speaks only inside another's words."""
        row, lexicon = reading.row, self._lexicon
        settled = reading.telling.union(c.first for c in reading.lone)
        for cue in reading.cues if not reading.compared else ():
            person = reading.whom[cue.first]
            if person is None or cue.source is None or cue.first not in settled:
                continue
            # "Kallas had no patience with Lavrov's claim that …": it is she who speaks on. "He was dismissive when a
            # reporter asked about it. …, he said": not who has asked.
            commented = cue.base == CLAIM or lexicon.has("asking", cue.base)
            if commented and reading.subject is not None and reading.place < cue.first:
                continue
            # "… for Macron, who rules nothing out. …, he rasped": nor is it he.
            between = row.lows[cue.source.last : cue.first]
            related = lexicon.order == "svo" and lexicon.has_any("relative_subjects", between)
            if not related and not neither(row.tokens, cue.source, lexicon):
                self._speakers.topic(person)

    def _take_up(self, reading: _Reading, claimed: set[int]) -> None:
        """The sentence before, or what stands before a dash in this one, if the sentence points to it."""
        row, discourse = reading.row, self._discourse
        if reading.given is None or not take_given(row, reading.given, discourse):
            take_up(
                row, reading.lone, reading.whom, reading.subject, discourse,
                claimed=bool(claimed), compared=reading.compared,
            )  # fmt: skip
        teller = reading.speaker or self._speakers.focus
        if reading.dash and not claimed and teller is not None:
            discourse.add(row.number, row.tokens, 0, reading.dash, teller)
            claimed.update(range(reading.dash))

    def _add_uncued(self, reading: _Reading, claimed: set[int]) -> None:
        """What no cue reports: quotations, a labelled paragraph's sentences, and what goes on."""
        row, discourse, cues = reading.row, self._discourse, reading.cues
        alone = not cues and not any(_may_speak(m, row, self._lexicon) for m in row.mentions)
        add_quotations(row, claimed, reading.before, reading.subject, discourse, alone=alone)
        if not cues and not claimed and self._add_labelled(row):
            claimed.update(range(len(row.tokens)))
        moved = discourse.moved == row.number - 1 and all(c in reading.lone for c in cues)
        if not claimed and (not cues or moved):
            go_on(row, reading.before, reading.subject, reading.place, discourse)

    def _lead_up(self, reading: _Reading, claimed: set[int]) -> None:
        """Notes what the sentence leaves for the next: a topic that it turned to, a question, an announcement."""
        row, discourse, lexicon, focus = reading.row, self._discourse, self._lexicon, self._speakers.focus
        tokens, number = row.tokens, row.number
        if not claimed:
            mover = reading.subject or (focus if not reading.cues else None)  # "The Caucasus came up as well"
            if mover is not None and continuation.moves_topic(tokens, lexicon):
                discourse.moved = number
            asks = not reading.cues and row.sentence.paragraph > 0 and continuation.prompts(tokens, lexicon)
            if asks or any(continuation.leads_up(tokens, cue.last, lexicon) for cue in reading.lone):
                discourse.prompted = number
        teller = reading.speaker or focus
        if tokens[-1].text == ":":
            self._owned.introduce(row.sentence, reading.speaker or self._only_named(row.mentions))
        elif teller is focus and self._owned.before_points(row.sentence) and self._named_above(row):
            self._owned.introduce(row.sentence, teller)

    def _first_subject(self, tokens: list[Token], mentions: list[Mention]) -> tuple[Person | None, int]:
        """The first person who can be a subject, and the token where he stands."""
        mention = first_subject(tokens, mentions, self._lexicon)
        return (self._speakers.see(mention), mention.first) if mention is not None else (None, 0)

    def _add_labelled(self, row: Row) -> bool:
        """A further sentence of a paragraph that begins with a name and a colon, unless somebody else opens it."""
        label = self._discourse.labelled
        if label is None or label[0] != row.sentence.paragraph:
            return False
        if continuation.others_lead(row.mentions, row.lows, self._lexicon):
            return False
        self._discourse.add_row(row, label[1])
        return True

    def _named_above(self, row: Row) -> bool:
        """Whether the title, or the paragraph that a sentence ends, is about whom the article is about."""
        rows, paragraph = self._article.rows, row.sentence.paragraph
        title = takewhile(lambda r: r.sentence.paragraph == 0, rows)
        above = takewhile(lambda r: r.sentence.paragraph == paragraph, (rows[i] for i in range(row.number, -1, -1)))
        return any(self._speakers.focus in self._discourse.topics.get(r.number, ()) for r in chain(title, above))

    def _only_named(self, mentions: list[Mention]) -> Person | None:
        """The only person of a heading ("What Lavrov told the club:", «Из других тезисов министра:»)."""
        people = [m for m in mentions if m.kind == "person"] or [m for m in mentions if m.kind == "role"]
        return self._speakers.see(people[0]) if len(people) == 1 else None


def _may_speak(mention: Mention, row: Row, lexicon: Lexicon) -> bool:
    """Whether a quotation beside it can be a person's; none is that of the Germans in "And to the Germans: …"."""
    if mention.kind != "name" or mention.last >= len(row.tokens) or row.tokens[mention.last].text != ":":
        return mention.kind in ("person", "name", "pronoun")
    before = mention.first - 1
    while before > 0 and lexicon.has("determiners", row.lows[before]):
        before -= 1
    return before < 0 or not lexicon.has("prepositions", row.lows[before])


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
