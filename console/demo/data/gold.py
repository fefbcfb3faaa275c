"""The labelled corpus as typed rows: what the site serves and what the result is compared with.

The files beside this module are the only source; README.md there says what the labels mean and that everything in
them is invented. ``Gold.as_of`` is the corpus as the site shows it in a phase: what has appeared, in its version.
"""

import datetime
import functools
from importlib import resources
from typing import Literal, TypeVar

import msgspec
import yaml

from schemas.article import OutletKind

Role = Literal["report", "copy", "reaction", "background", "unrelated"]

LAST_PHASE = 2

_RowT = TypeVar("_RowT", bound=msgspec.Struct)


class Mention(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A passage that reports a remark. ``span`` occurs exactly once in the article's text."""

    remark: str
    span: str


class Article(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One article with its labels. Paragraphs of ``text`` are separated by an empty line; the title is not in it.

    ``path`` is the address on the outlet's host, with its query where it has one. ``credited``: the page says whose
    article it copies. ``translated``: the copy is in another language than its original. ``phase``: when the site
    begins to show it; ``modified`` is set in the version that a revision made.
    """

    id: str
    outlet: str
    path: str
    lang: str
    published: datetime.datetime
    title: str
    text: str
    occasion: str | None
    role: Role
    copy_of: str | None
    remarks: tuple[Mention, ...]
    authors: tuple[str, ...] = ()
    section: str = ""
    translated: bool = False
    credited: bool = False
    phase: int = 1
    modified: datetime.datetime | None = None

    @property
    def paragraphs(self) -> list[str]:
        return self.text.split("\n\n")


class Occasion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One time and place at which he spoke. ``date`` is local."""

    occasion: str
    date: datetime.date
    place: str
    kind: str
    description: str


class Remark(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One proposition of one occasion; ``repeats`` names the remark with which it first occurs in the corpus."""

    remark: str
    occasion: str
    proposition: str
    repeats: str | None


class Revision(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What replaces an article from ``phase`` on.

    ``changes`` is ``body`` (title, text and labels given here), ``title`` (the text stays to the letter) or ``advert``
    (only what stands around the article differs). A field that is None stays as it was.
    """

    id: str
    phase: int
    modified: datetime.datetime
    changes: Literal["body", "title", "advert"]
    title: str | None = None
    text: str | None = None
    remarks: tuple[Mention, ...] | None = None
    role: Role | None = None
    note: str = ""

    def applied_to(self, article: Article) -> Article:
        """The article's new version."""
        given = {"title": self.title, "text": self.text, "remarks": self.remarks, "role": self.role}
        changed = {name: value for name, value in given.items() if value is not None}
        return msgspec.structs.replace(article, modified=self.modified, **changed)


class Outlet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who publishes. ``outlet`` is the host; ``about`` one line for a reader of the demo."""

    outlet: str
    name: str
    country: str
    lang: str
    kind: OutletKind
    about: str = ""


class Gold(msgspec.Struct, frozen=True):
    """All rows; articles in order of publication, in their first version."""

    articles: tuple[Article, ...]
    occasions: tuple[Occasion, ...]
    remarks: tuple[Remark, ...]
    revisions: tuple[Revision, ...]
    outlets: tuple[Outlet, ...]

    def as_of(self, phase: int = LAST_PHASE) -> tuple[Article, ...]:
        """The articles that have appeared by ``phase``, each in its version of then."""
        revised = {row.id: row for row in self.revisions if row.phase <= phase}
        return tuple(
            revised[article.id].applied_to(article) if article.id in revised else article
            for article in self.articles
            if article.phase <= phase
        )


@functools.cache
def load_gold() -> Gold:
    """Read the corpus that lies beside this module."""
    outlets = yaml.safe_load(_read("outlets.yaml"))["outlets"]
    return Gold(
        articles=tuple(_rows("articles.jsonl", Article)),
        occasions=tuple(_rows("occasions.jsonl", Occasion)),
        remarks=tuple(_rows("remarks.jsonl", Remark)),
        revisions=tuple(_rows("revisions.jsonl", Revision)),
        outlets=tuple(msgspec.convert(outlets, list[Outlet])),
    )


def url_of(article: Article) -> str:
    """The address at which the article is published: the one that the site's variants of it lead to."""
    return f"http://{article.outlet}{article.path}"


def _rows(name: str, kind: type[_RowT]) -> list[_RowT]:
    return msgspec.json.Decoder(kind).decode_lines(_read(name))


def _read(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
