"""A story with all that is shown of it, and how its parts are said in words."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from rich.text import Text

from console.story_members import Document, moment
from console.story_remarks import Remark, Wording
from runtime.counts import counted
from runtime.visible import visible
from schemas import latest_moment

NAME = 24


@dataclass(frozen=True)
class Shown:
    """A story with all that is shown of it; ``members`` as they are in it, the first reporter first."""

    story: Document
    members: list[Document]
    remarks: list[Remark]
    retracted: list[Document]
    """What articles had before they were changed: statements, in the order in which they were taken back."""
    articles: Mapping[str, Document]

    @property
    def told(self) -> list[Document]:
        return [doc for doc in self.members if doc["role"] in {"report", "copy"}]

    def version(self, doc: Document) -> int:
        """Of the article that a report or statement is of: 1 until its page is changed."""
        return int(self.articles.get(doc.get("article_id", ""), {}).get("visit", 1))

    def since(self, doc: Document) -> datetime.datetime | None:
        """When that version was fetched."""
        article = self.articles.get(doc.get("article_id", ""))
        return datetime.datetime.fromisoformat(article["fetched"]) if article else None


def version_line(shown: Shown, doc: Document) -> str:
    return f"version {shown.version(doc)} of {utc(shown.since(doc))}"


def spread(remark: Remark) -> str:
    first = f", first {short(remark.first['outlet_name'], NAME)}" if remark.first else ""
    return f"{counted(len(remark.outlets), 'outlet')}{first}{', said before' if remark.repeats else ''}"


def outlets_of(wording: Wording) -> list[str]:
    return list(dict.fromkeys(doc["outlet_name"] for doc in wording.uses))


def outlet_names(shown: Shown) -> dict[str, str]:
    return {doc["report_id"]: doc["outlet_name"] for doc in shown.members}


def how(doc: Document, names: dict[str, str]) -> str:
    if doc["role"] == "copy" and "other" in doc:
        return "part of a copied article"  # its main part was; whether this one was, too, is not known
    if doc["role"] == "copy":
        original = names.get(doc.get("copy_of", ""), "another")
        return f"{'translation' if doc.get('translated') else 'copy'} of {original}"
    new = doc.get("new_remarks", 0)
    how = "own words in part" if "other" in doc else "own words"
    return f"{how}, {new} new" if new else how


def time_of(doc: Document) -> str:
    stated = datetime.datetime.fromisoformat(doc["time"])
    if latest_moment(stated) != stated:  # a day alone
        return stated.strftime("%d %b")
    return utc(moment(doc))


def utc(when: datetime.datetime | None) -> str:
    return when.astimezone(datetime.UTC).strftime("%d %b %H:%M") if when else "?"


def short(text: str, most: int | None) -> str:
    plain = " ".join(text.split())
    return plain if most is None or len(plain) <= most else plain[: most - 1] + "…"


def text(foreign: str, style: str = "") -> Text:
    return Text(visible(foreign), style=style)
