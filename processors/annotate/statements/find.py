"""All statements of an article: the rules of this package in order, sentence by sentence."""

import datetime
from collections.abc import Callable, Sequence
from itertools import chain, takewhile

from msgspec.structs import replace

from processors.annotate.knowledge import NOTHING, Knowledge
from processors.annotate.setting import Passage, find_setting
from processors.annotate.statements.article.acquaintance import get_acquainted, interviewed
from processors.annotate.statements.article.article import Article
from processors.annotate.statements.article.drafts import Draft, kind_of, settle
from processors.annotate.statements.article.headlines import find_headline
from processors.annotate.statements.article.identity import statement_ids
from processors.annotate.statements.article.printed import printed_form
from processors.annotate.statements.article.surroundings import Surroundings
from processors.annotate.statements.article.tails import body_end
from processors.annotate.statements.article.transcripts import Turn
from processors.annotate.statements.attribution.cues import find_cues
from processors.annotate.statements.attribution.phrases import REPLY
from processors.annotate.statements.content.find import find_contents
from processors.annotate.statements.discourse import continuation
from processors.annotate.statements.discourse.dialogue import speech_going_on, speech_so_far
from processors.annotate.statements.discourse.given import given_by
from processors.annotate.statements.discourse.nested import add_nested
from processors.annotate.statements.discourse.owned import ARTICLE, SPEECH, Owned, topics_of
from processors.annotate.statements.discourse.pointing import before_dash, takes_up, without_pointing
from processors.annotate.statements.discourse.so_far import Discourse
from processors.annotate.statements.discourse.speeches import author_of, greets
from processors.annotate.statements.discourse.taken_up import take_given, take_up
from processors.annotate.statements.discourse.uncued import add_quotations, go_on
from processors.annotate.statements.discourse.whose import first_of, speakers_of
from processors.annotate.statements.language.lexicon import Lexicon
from processors.annotate.statements.language.lexicon_file import load_lexicon
from processors.annotate.statements.language.mood import subjunctive
from processors.annotate.statements.people.mentions import Mention
from processors.annotate.statements.people.person import Person
from processors.annotate.statements.people.speakers import Speakers
from processors.annotate.statements.sentence.claims import CLAIM
from processors.annotate.statements.sentence.found import Content
from processors.annotate.statements.sentence.rows import Row
from processors.annotate.statements.sentence.subject import first_subject, neither
from processors.annotate.statements.text.tokens import Token
from schemas import Entity, Setting, Span, Statement

More = Callable[[Article, Sequence[Draft]], list[Draft]]

_THINKS = frozenset({"clause"})
# Kinds of occasion that a sentence which names nobody may introduce; an article or a parliament it may only be about.
_ANNOUNCED = frozenset({"press_conference", "briefing", "opening", "talks", "call", "forum", "ceremony", "university"})


def find_statements(
    text: str,
    lang: str | None,
    entities: Sequence[Entity],
    published: datetime.datetime | None = None,
    *,
    article_id: str = "",
    knowledge: Knowledge = NOTHING,
    more: More | None = None,
) -> list[Statement]:
    """Statements of all speakers in ``text`` (title, line break, body), by position.

    ``published``: for dates and for who held an office then. ``knowledge``: offices and countries (see
    ``processors.annotate.knowledge``). ``more`` is given the article and all that the rules have found in it, and
    returns further statements, which overlap none of these.
    """
    lexicon = load_lexicon(lang)
    present = frozenset(e.id for e in entities if e.type == "PER" and e.id is not None)
    day = published.date() if published is not None else None
    speakers = Speakers(lexicon, knowledge, day, present)
    article = Article(text[: body_end(text, lexicon)], lexicon, entities, knowledge)
    discourse = Discourse(article, speakers)
    get_acquainted(article, speakers)
    signed = _Rules(discourse).apply()
    speech_going_on(discourse)
    title = [Passage(0, article.paragraphs[0].end)] if signed == SPEECH else []
    kept, nested = settle(discourse.drafts, article.text)
    if more is not None:
        kept = sorted([*kept, *more(article, kept)], key=lambda d: (d.start, -d.end))
    drafts = sorted(kept + nested, key=lambda d: (d.start, -d.end))
    plain = [d for d in drafts if not d.nested]
    ids = statement_ids(article_id, [text[d.start : d.end] for d in drafts])
    homes = speakers.homes()
    taking_up = {row.number for row in article.rows if takes_up(row.tokens, lexicon)}
    surroundings = Surroundings(
        article.text, article.sentences, article.begins, discourse.topics, kept, taking_up, nested
    )
    citing = frozenset(i for d in drafts if d.source is not None for i in range(d.source.start, d.source.end))
    around = [
        title if title and article.turn_of(d.sentence) is None else surroundings.passages(d, plain) for d in drafts
    ]
    form = ARTICLE if signed == ARTICLE else printed_form(article, lang, published)

    def setting_of(draft: Draft, passages: list[Passage]) -> Setting | None:
        printed = signed == ARTICLE or article.turn_of(draft.sentence) is not None
        return find_setting(
            text, passages, lang=lang, published=published, entities=article.entities_at(passages),
            speaker_id=draft.speaker.id if draft.speaker else None, homes=homes, knowledge=knowledge,
            cue=text[draft.cue.start : draft.cue.end] if draft.cue is not None else None,
            source=text[draft.source.start : draft.source.end] if draft.source is not None else None,
            form=form if printed else None, citing=citing,
        )  # fmt: skip

    def told(draft: Draft, passages: list[Passage]) -> Setting | None:
        setting = setting_of(draft, passages)
        if setting is not None and setting.occasion is not None:
            return setting
        announcing = surroundings.announcing(draft)
        announced = setting_of(draft, announcing) if announcing else None
        if announced is None or announced.occasion not in _ANNOUNCED:
            return setting
        return replace(setting or Setting(), occasion=announced.occasion)

    return [
        Statement(
            statement_id=ids[i], start=d.start, end=d.end, text=text[d.start : d.end],
            kind=kind_of(d, article.quotes, article.quote_starts), speaker=d.speaker.name if d.speaker else None,
            speaker_id=d.speaker.id if d.speaker else None, source=d.source, cue=d.cue,
            # What nothing marks as said has nothing that tells when: it goes with the statement before it.
            setting=told(d, around[i]) if d.likely is None else None, confidence=d.likely,
        )
        for i, d in enumerate(drafts)
    ]  # fmt: skip


class _Rules:
    """The rules in the order in which they are asked; what they find and leave is the discourse's."""

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
        discourse, lexicon, tokens, number = self._discourse, self._lexicon, row.tokens, row.number
        if row.sentence.first:
            self._speakers.turn()
        if self._headline(row):
            return
        cues = find_cues(tokens, row.mentions, lexicon)
        contents, lone = find_contents(tokens, cues, lexicon)
        contents, lone = without_pointing(tokens, contents, lone, lexicon)
        given = given_by(tokens, row.lows, row.mentions, lexicon)
        contents = [] if given is not None else contents
        dash = before_dash(tokens, lexicon)
        contents = [c for c in contents if not dash or c.first < dash]
        before = self._speakers.last_person
        mentions = _outside(row.mentions, contents, known=before is not None)
        if row.sentence.paragraph == 0:
            # "Russia's Top Diplomat Takes Aim": no stranger's name.
            mentions = [m for m in mentions if m.kind != "name"]
        subject, place = self._first_subject(tokens, mentions)
        # "Ähnlich hatte sich der Sprecher geäußert": the article goes on with whom it is about.
        compared = not contents and lexicon.has("comparing", tokens[0].low) and self._speakers.focus is not None
        compared = compared and subject is not self._speakers.focus
        # "Trump habe als einziger begriffen, …" is about whoever says so.
        retold = not cues and not row.sentence.first and subjunctive(tokens, lexicon)
        if subject is not None and not compared and not retold:
            self._speakers.topic(subject)
        about = {self._speakers.see(m) for m in row.mentions if m.kind == "person"} | {subject}
        discourse.topics[number] = {person for person in about if person is not None}
        telling = frozenset(content.cue.first for content in contents)
        whom = speakers_of(row, cues, telling, subject, place, before, discourse)
        discourse.topics[number].update(person for person in whom.values() if person is not None)
        claimed = self._add_contents(row, contents, whom)
        speech_so_far(row, contents, whom, discourse)
        # Whoever speaks only inside another's words is no candidate for the next pronoun.
        settled = telling.union(c.first for c in lone)
        for cue in cues if not compared else ():
            person = whom[cue.first]
            # "Kallas had no patience with Lavrov's claim that …": it is she who speaks on. "He was dismissive when a
            # reporter asked about it. …, he said": not who has asked.
            commented = (cue.base == CLAIM or lexicon.has("asking", cue.base)) and subject is not None
            commented = commented and place < cue.first
            # "… for Macron, who rules nothing out. …, he rasped": nor is it he.
            if person is not None and cue.source is not None and cue.first in settled and not commented:
                between = row.lows[cue.source.last : cue.first]
                related = lexicon.order == "svo" and lexicon.has_any("relative_subjects", between)
                if not related and not neither(tokens, cue.source, lexicon):
                    self._speakers.topic(person)
        if given is None or not take_given(row, given, discourse):
            take_up(row, lone, whom, subject, discourse, claimed=bool(claimed), compared=compared)
        speaker = first_of(whom) or subject
        teller = speaker or self._speakers.focus
        if dash and not claimed and teller is not None:
            discourse.add(number, tokens, 0, dash, teller)
            claimed.update(range(dash))
        alone = not cues and not any(_may_speak(m, row, lexicon) for m in row.mentions)
        add_quotations(row, claimed, before, subject, discourse, alone=alone)
        if not cues and not claimed and self._add_labelled(row):
            claimed.update(range(len(tokens)))
        if not claimed and (not cues or (discourse.moved == number - 1 and all(c in lone for c in cues))):
            go_on(row, before, subject, place, discourse)
        mover = subject or (self._speakers.focus if not cues else None)  # "The Caucasus came up as well"
        if mover is not None and not claimed and continuation.moves_topic(tokens, lexicon):
            discourse.moved = number
        if not cues and not claimed and row.sentence.paragraph > 0 and continuation.prompts(tokens, lexicon):
            discourse.prompted = number
        if not claimed and any(continuation.leads_up(tokens, cue.last, lexicon) for cue in lone):
            discourse.prompted = number
        if tokens[-1].text == ":":
            self._owned.introduce(row.sentence, speaker or self._only_named(row.mentions))
        elif teller is self._speakers.focus and self._owned.before_points(row.sentence) and self._named_above(row):
            self._owned.introduce(row.sentence, teller)

    def _first_subject(self, tokens: list[Token], mentions: list[Mention]) -> tuple[Person | None, int]:
        """The first person who can be a subject, and the token where he stands."""
        mention = first_subject(tokens, mentions, self._lexicon)
        return (self._speakers.see(mention), mention.first) if mention is not None else (None, 0)

    def _add_contents(self, row: Row, contents: list[Content], whom: dict[int, Person | None]) -> set[int]:
        """Notes what the cues report, and what others say in it; which tokens that are."""
        claimed: set[int] = set()
        for content in contents:
            person = whom[content.cue.first]
            if person is None and content.cue.base == CLAIM:
                continue  # a country's, for which nobody known speaks
            self._discourse.add(row.number, row.tokens, content.first, content.last, person, content.cue)
            claimed.update(range(content.first, content.last))
            add_nested(row, content, person, self._discourse)
        return claimed

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
