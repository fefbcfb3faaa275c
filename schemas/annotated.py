r"""What ``annotate`` finds in an article. All offsets are characters of ``title + "\n" + text``.

``gc=False``: what holds only text and numbers can be in no cycle, and articles have many of them.
"""

from typing import ClassVar, Literal

import msgspec

from schemas.article import CleanArticle
from schemas.message import Message, Model

EntityType = Literal["PER", "ORG", "LOC", "GPE", "AGR", "MISC"]
StatementKind = Literal["direct", "indirect", "mixed"]


class Span(msgspec.Struct, frozen=True, order=True, gc=False):
    """Half-open character range ``[start, end)``."""

    start: int
    end: int


class Entity(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A mention of a person, organisation or place. ``id`` is a Wikidata id, or None where it is not certain.

    ``norm`` is the name in the nominative, as long as the article has it anywhere ("Лавровым" of an article that names
    him in full: "Сергей Лавров"), so that mentions of one thing can be counted; None where ``text`` is that already.
    ``derived``: no name but a word made from it, an adjective or a people («российский», Polacy).
    """

    start: int
    end: int
    text: str
    type: EntityType
    id: str | None = None
    norm: str | None = None
    derived: bool = False


class Salience(Model, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """How present a thing is in the article. ``name`` is that of its first mention, in the nominative where known;
    ``mentions`` counts all of them, the headline's included; ``headline`` and ``lead`` say whether the headline and the
    first paragraph have it; ``score`` (0 to 1) is the sum that it is ranked by.
    """

    id: str | None = None
    name: str
    type: EntityType
    mentions: int = 1
    headline: bool = False
    lead: bool = False
    score: float = 0.0


class Setting(Model, frozen=True, kw_only=True, omit_defaults=True):
    """When, where, with whom and in what form something was said, as far as the passage tells.

    ``date`` is ISO (YYYY-MM-DD), resolved against the publication date; ``vague`` says that it is only about right
    ("earlier this week"). ``place`` and ``counterparts`` are Wikidata ids, or names in the article's words.
    ``medium`` is the broadcaster or paper that he spoke to. ``occasion`` is the kind of occasion (interview,
    press_conference, talks, opening, forum, call, parliament, ceremony, briefing, article, …). ``flashback``: the
    passage is about an earlier occasion than the one that gave rise to the article.
    """

    date: str | None = None
    vague: bool = False
    place: str | None = None
    counterparts: list[str] = []
    medium: str | None = None
    occasion: str | None = None
    flashback: bool = False


class Statement(Model, frozen=True, kw_only=True, omit_defaults=True):
    """A passage that reports words of a speaker: source, cue and content in the terms of the attribution literature
    (Pareti 2015, PARC3). ``start``/``end`` bound the content, quotation marks included, cue and source not.

    ``kind``: ``direct`` within quotation marks, or between the dashes of direct speech; ``mixed`` where quotation marks
    stand in it; else ``indirect``, as also the answers of a printed interview are, though they are word for word.

    ``statement_id`` is derived from the article and the wording, so that it survives shifts of the text around it.
    ``numbers`` and ``names`` are normalised (names: Wikidata ids, else folded words). ``vector`` is the int8 sentence
    embedding of the content (scaled by 127; 384 dimensions of the shipped model, of another as many as it has, and four
    bytes that tell which), empty where none was made. ``confidence``: how likely it is that the words are the
    speaker's, 0 to 1, where only their place and their manner say so; None where an attribution does.
    """

    statement_id: str
    start: int
    end: int
    text: str
    kind: StatementKind
    speaker: str | None = None
    speaker_id: str | None = None
    source: Span | None = None
    cue: Span | None = None
    setting: Setting | None = None
    numbers: list[str] = []
    names: list[str] = []
    vector: bytes = b""
    confidence: float | None = None


class Signature(Model, frozen=True, kw_only=True, omit_defaults=True):
    """The wording of an article, for finding copies. ``shingles``: sorted distinct 32-bit hashes of its 3-word
    shingles, ``minhash``: 126 32-bit minima (42 bands of 3 rows); both packed little-endian.
    """

    shingles: bytes = b""
    minhash: bytes = b""


class AnnotatedArticle(Message, frozen=True, kw_only=True, omit_defaults=True):
    """Topic ``articles.annotated``, key: article_id. ``lang`` is detected, ISO 639-1, None where it is unsure.
    ``salience`` has one entry for each thing that ``entities`` mention, the most salient first.
    """

    TYPE: ClassVar[str] = "article.annotated"

    article: CleanArticle
    lang: str | None = None
    entities: list[Entity] = []
    salience: list[Salience] = []
    statements: list[Statement] = []
    signature: Signature = Signature()

    @property
    def message_id(self) -> str:
        return self.article.message_id

    @property
    def subject(self) -> str:
        return self.article.article_id

    @property
    def time_ms(self) -> int:
        return self.article.time_ms
