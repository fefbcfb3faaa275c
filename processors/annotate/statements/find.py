"""All statements of an article, each with the setting in which it was made."""

import datetime
from collections.abc import Callable, Sequence

from msgspec.structs import replace

from processors.annotate.knowledge import NOTHING, Knowledge
from processors.annotate.setting import Passage, find_setting
from processors.annotate.statements.article.acquaintance import get_acquainted
from processors.annotate.statements.article.article import Article
from processors.annotate.statements.article.drafts import Draft, kind_of, settle
from processors.annotate.statements.article.identity import statement_ids
from processors.annotate.statements.article.printed import printed_form
from processors.annotate.statements.article.surroundings import Surroundings
from processors.annotate.statements.article.tails import body_end
from processors.annotate.statements.discourse.dialogue import speech_going_on
from processors.annotate.statements.discourse.owned import ARTICLE, SPEECH
from processors.annotate.statements.discourse.pointing import takes_up
from processors.annotate.statements.discourse.so_far import Discourse
from processors.annotate.statements.language.lexicon_file import load_lexicon
from processors.annotate.statements.people.speakers import Speakers
from processors.annotate.statements.rules import Rules
from schemas import Entity, Setting, Span, Statement

More = Callable[[Article, Sequence[Draft]], list[Draft]]

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
    form = Rules(discourse).apply()
    speech_going_on(discourse)
    kept, nested = settle(discourse.drafts, article.text)
    unmarked = more(article, kept) if more is not None else []
    drafts = sorted(kept + nested + unmarked, key=lambda d: (d.start, -d.end))
    ids = statement_ids(article_id, [text[d.start : d.end] for d in drafts])
    settings = _Settings(text, discourse, kept, nested, form, lang, published)
    return [
        Statement(
            statement_id=statement_id, start=d.start, end=d.end, text=text[d.start : d.end],
            kind=kind_of(d, article.quotes, article.quote_starts), speaker=d.speaker.name if d.speaker else None,
            speaker_id=d.speaker.id if d.speaker else None, source=d.source, cue=d.cue,
            # What nothing marks as said has nothing that tells when: it goes with the statement before it.
            setting=settings.of(d) if d.likely is None else None, confidence=d.likely,
        )
        for statement_id, d in zip(ids, drafts, strict=True)
    ]  # fmt: skip


class _Settings:
    """When, where and on which occasion the statements of an article were made, by the words around them."""

    def __init__(
        self, text: str, discourse: Discourse, kept: list[Draft], nested: list[Draft], form: str | None,
        lang: str | None, published: datetime.datetime | None,
    ) -> None:  # fmt: skip
        article = discourse.article
        self._text = text
        self._article = article
        self._lang = lang
        self._published = published
        self._knowledge = discourse.speakers.knowledge
        self._homes = discourse.speakers.homes()
        self._kept = sorted(kept, key=lambda d: (d.start, -d.end))
        taking_up = {row.number for row in article.rows if takes_up(row.tokens, article.lexicon)}
        self._surroundings = Surroundings(
            article.text, article.sentences, article.begins, discourse.topics, kept, taking_up, nested
        )
        sources = (d.source for d in (*kept, *nested) if d.source is not None)
        self._citing = frozenset(i for source in sources for i in range(source.start, source.end))
        self._speech = form == SPEECH
        self._signed = form == ARTICLE
        self._form = ARTICLE if form == ARTICLE else printed_form(article, lang, published)

    def of(self, draft: Draft) -> Setting | None:
        """The setting; a kind of occasion that nothing near a statement tells is that of a sentence announcing it."""
        setting = self._found(draft, self._passages(draft))
        if setting is not None and setting.occasion is not None:
            return setting
        announcing = self._surroundings.announcing(draft)
        announced = self._found(draft, announcing) if announcing else None
        if announced is None or announced.occasion not in _ANNOUNCED:
            return setting
        return replace(setting or Setting(), occasion=announced.occasion)

    def _passages(self, draft: Draft) -> list[Passage]:
        """Where the setting is looked for; that of a printed speech is in its title."""
        if self._speech and self._article.turn_of(draft.sentence) is None:
            return [Passage(0, self._article.paragraphs[0].end)]
        return self._surroundings.passages(draft, self._kept)

    def _found(self, draft: Draft, passages: list[Passage]) -> Setting | None:
        printed = self._signed or self._article.turn_of(draft.sentence) is not None
        return find_setting(
            self._text, passages, lang=self._lang, published=self._published,
            entities=self._article.entities_at(passages), speaker_id=draft.speaker.id if draft.speaker else None,
            homes=self._homes, knowledge=self._knowledge, cue=self._words(draft.cue),
            source=self._words(draft.source), form=self._form if printed else None, citing=self._citing,
        )  # fmt: skip

    def _words(self, span: Span | None) -> str | None:
        return self._text[span.start : span.end] if span is not None else None
