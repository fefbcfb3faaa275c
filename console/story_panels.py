"""Prints what a user wants to see: each story with who had it first, who copied, who reworded, and the remarks."""

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console, Group
from rich.markup import escape
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from console.story_members import Document, in_story, moment, stories_of
from console.story_remarks import Remark, Wording, numbers, remarks_of
from console.story_titles import title_of
from runtime.counts import counted
from runtime.visible import visible
from schemas import latest_moment

_WORDINGS = 3
_NAME = 24
WIDTH = 112
_INNER = WIDTH - 4


@dataclass(frozen=True)
class _Shown:
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


def stories(
    out: Console,
    found: Sequence[Document],
    reports: Sequence[Document],
    remarks: Sequence[Document],
    articles: Sequence[Document],
    *,
    ids: bool = False,
    whole: bool = False,
) -> None:
    """One panel for each story, in order of first publication; with ``ids`` its own is told, and ``whole`` with all
    wordings at full length, and below it each of its articles: id, address, which remarks are new and which left out.
    """
    by_id = {doc["article_id"]: doc for doc in articles}
    by_story: dict[str, list[Document]] = defaultdict(list)
    for report in reports:
        if not report.get("retracted"):
            for story_id in stories_of(report):
                by_story[story_id].append(report)
    wordings: dict[str, list[Document]] = defaultdict(list)
    retracted: dict[str, list[Document]] = defaultdict(list)
    for remark in sorted(remarks, key=lambda doc: (doc.get("fetched", ""), doc["statement_id"])):
        (retracted if remark.get("retracted") else wordings)[remark.get("story_id", "")].append(remark)
    for story in sorted(found, key=lambda doc: (moment(doc), doc["story_id"])):
        if not story.get("merged") and story.get("members") != 0:
            said, gone = wordings[story["story_id"]], retracted[story["story_id"]]
            members = sorted((in_story(doc, story, said) for doc in by_story[story["story_id"]]), key=_order)
            shown = _Shown(story, members, remarks_of(said), gone, by_id)
            out.print(_panel(shown, ids=ids, whole=whole))
            if whole:
                for line in _articles(shown):
                    out.print(line, soft_wrap=True)  # an id or an address that is broken cannot be copied


def _panel(shown: _Shown, *, ids: bool, whole: bool) -> Panel:
    story, members = shown.story, shown.members
    parts: list[Text | Table | Padding] = [_text(_occasion(story), style="dim"), _table(shown)]
    parts += [
        _text(f"{doc['role']}: {doc['outlet_name']}: {doc.get('title') or '–'}", style="yellow")
        for doc in members
        if doc["role"] in {"reaction", "background"}
    ]
    parts += _changes(shown)
    parts += _all_words(shown) if whole else _few_words(shown)
    parts += _taken_back(shown) if whole else ()
    who = story.get("speaker_name") or story.get("speaker_id") or ""
    title = f"[bold]{escape(title_of(story, shown.told, shown.articles))}[/bold]"
    counts = ", ".join((
        counted(story.get("reports", 0), "report"), counted(story.get("copies", 0), "copy", "copies"),
        counted(len(story.get("langs", [])), "language"),
    ))  # fmt: skip
    return Panel(
        Group(*parts),
        title=f"{escape(who)} · {title}" if who else title,
        title_align="left",
        subtitle=f"{story['story_id']}: {counts}" if ids else counts,
        subtitle_align="right",
        width=WIDTH,
    )


def _table(shown: _Shown) -> Table:
    names = _outlets(shown)
    table = Table(show_header=True, header_style="dim", box=None, padding=(0, 1))
    columns = (("UTC", 12), ("", 6), ("outlet", 18), ("lang", 4), ("how", 25), ("title", 31))  # fit into the panel
    for name, width in columns:
        table.add_column(name, no_wrap=True, overflow="ellipsis", width=width)
    for number, doc in enumerate(shown.told):
        table.add_row(
            _time(doc), _lag(doc) if number else "first", escape(doc["outlet_name"]), doc.get("lang", "?"),
            escape(_how(doc, names)), escape(doc.get("title", "")) or "–",
        )  # fmt: skip
    return table


def _changes(shown: _Shown) -> Iterator[Text]:
    """Which articles are no longer as they were first reported."""
    for doc in {doc["report_id"]: doc for doc in (*shown.retracted, *shown.members)}.values():
        gone = sum(one["report_id"] == doc["report_id"] for one in shown.retracted)
        facts = [_version(shown, doc)] if shown.version(doc) > 1 else []
        facts += [f"{counted(gone, 'wording')} taken back"] if gone else []
        if facts:
            yield _text(f"changed: {doc['outlet_name']}: {', '.join(facts)}", style="yellow")


def _taken_back(shown: _Shown) -> Iterator[Text | Padding]:
    """Wordings that an article had before it was changed, and who has them still."""
    if shown.retracted:
        yield Text()
        yield Text("Taken back", style="bold")
    living = [wording for remark in shown.remarks for wording in remark.wordings]
    for doc in shown.retracted:
        still = [name for one in living if _plain(one.text) == _plain(doc["wording"]) for name in _names(one)]
        line = _text(f"{doc.get('lang', '?')}  {doc['outlet_name']}: ", style="dim") + _text(
            _short(doc["wording"], None)
        )
        if still:
            line += _text(f"  still in {', '.join(dict.fromkeys(still))}", style="yellow")
        yield Padding(line, (0, 0, 0, 4))


def _version(shown: _Shown, doc: Document) -> str:
    return f"version {shown.version(doc)} of {_utc(shown.since(doc))}"


def _older_copies(shown: _Shown, doc: Document) -> list[str]:
    """Whose copies of an article are as they were before its last version."""
    since = shown.since(doc)
    copies = [one for one in shown.members if one.get("copy_of") == doc["report_id"]]
    return [one["outlet_name"] for one in copies if since and (theirs := shown.since(one)) and theirs < since]


def _few_words(shown: _Shown) -> Iterator[Text]:
    """Of each remark the canonical wording and a few others, a line each."""
    for remark in shown.remarks:
        facts = _facts(remark)
        head = _text(f"● {_short(remark.canonical, _INNER - 4 - len(facts))}", style="bold")
        yield head + _text(f"  {facts}", style="dim")
        others = [one for one in remark.wordings if one.text != remark.canonical]
        for wording in others[:_WORDINGS]:
            outlets = _names(wording)
            more = f" +{len(outlets) - 1}" if len(outlets) > 1 else ""
            line = f"    {wording.lang} {_short(outlets[0], _NAME)}{more}: "
            yield _text(line + _short(wording.text, _INNER - len(line)))
        if len(others) > _WORDINGS:
            yield Text(f"    … and {counted(len(others) - _WORDINGS, 'more wording')}", style="dim")


def _all_words(shown: _Shown) -> Iterator[Text | Padding]:
    """Each remark with its number and all wordings at full length, with who has them and since when."""
    kinds = {doc["report_id"]: "translation" if doc.get("translated") else doc["role"] for doc in shown.members}
    for number, remark in enumerate(shown.remarks, 1):
        yield Text()
        head = _text(f"{number}  {_short(remark.canonical, None)}", style="bold")
        yield head + _text(f"  {_facts(remark)}", style="dim")
        for wording in remark.wordings:
            who = []
            for doc in wording.uses:
                kind = kinds.get(doc["report_id"], doc["role"])
                who.append(doc["outlet_name"] if kind == "report" else f"{doc['outlet_name']} ({kind})")
            line = f"{wording.lang}  {_time(wording.uses[0])}  {', '.join(dict.fromkeys(who))}: "
            yield Padding(_text(line, style="dim") + _text(_short(wording.text, None)), (0, 0, 0, 4))


def apart(out: Console, reports: Sequence[Document]) -> None:
    """Reactions and background that are in no story, two lines each."""
    for doc in reports:
        of = f"{doc['role']}, {doc.get('speaker_name') or doc.get('speaker_id', '?')}"
        for line in _article(doc, of):
            out.print(line, soft_wrap=True)


def _article(doc: Document, what: str) -> Iterator[Text]:
    facts = ", ".join((what, doc["outlet_name"], _time(doc), doc.get("lang", "?")))
    yield _text(f"{doc['report_id']}  {facts}: {doc.get('title') or '–'}")
    if doc.get("url"):
        yield _text(f"    {doc['url']}", style="dim")


def _articles(shown: _Shown) -> Iterator[Text]:
    """Each article, with what other commands and a reader need of it."""
    names = _outlets(shown)
    told = {doc["report_id"] for doc in shown.told}
    numbered = list(enumerate(shown.remarks, 1))
    # What only a reaction or background has, the reports do not leave out.
    reported = {number for number, remark in numbered if told & remark.reports}
    for doc in shown.members:
        mine = doc["report_id"]
        yield from _article(doc, _how(doc, names) if mine in told else doc["role"])
        has = {number for number, remark in numbered if mine in remark.reports}
        new = {number for number, remark in numbered if remark.first and remark.first["report_id"] == mine}
        missing = reported - has if mine in told else set()
        words = [("new", new), ("also has" if new else "has", has - new), ("leaves out", missing)]
        if line := "; ".join(f"{word} {numbers(which)}" for word, which in words if which):
            yield _text(f"    {line}", style="dim")
        if shown.version(doc) > 1:
            older = ", ".join(dict.fromkeys(_older_copies(shown, doc)))
            yield _text(
                f"    {_version(shown, doc)}{f'; copies older than it: {older}' if older else ''}", style="yellow"
            )


def _facts(remark: Remark) -> str:
    first = f", first {_short(remark.first['outlet_name'], _NAME)}" if remark.first else ""
    return f"{counted(len(remark.outlets), 'outlet')}{first}{', said before' if remark.repeats else ''}"


def _names(wording: Wording) -> list[str]:
    return list(dict.fromkeys(doc["outlet_name"] for doc in wording.uses))


def _outlets(shown: _Shown) -> dict[str, str]:
    return {doc["report_id"]: doc["outlet_name"] for doc in shown.members}


def _occasion(story: Document) -> str:
    place, others = story.get("occasion_place_name", ""), story.get("occasion_counterpart_names", [])
    facts = [
        story.get("occasion_date"),
        str(story.get("occasion_kind", "")).replace("_", " "),
        *(name for name in (place, ", ".join(name for name in others if not _is_key(name))) if not _is_key(name)),
        story.get("occasion_medium"),
    ]
    return " · ".join(str(fact) for fact in facts if fact) or "occasion not told"


def _is_key(name: str) -> bool:
    """What documents of an earlier version have for a name without an id: the key that it was compared by."""
    return name.startswith("~")


def _how(doc: Document, names: dict[str, str]) -> str:
    if doc["role"] == "copy":
        original = names.get(doc.get("copy_of", ""), "another")
        return f"{'translation' if doc.get('translated') else 'copy'} of {original}"
    new = doc.get("new_remarks", 0)
    how = "own words in part" if "other" in doc else "own words"
    return f"{how}, {new} new" if new else how


def _lag(doc: Document) -> str:
    minutes = doc.get("lag_minutes")
    if minutes is None:
        return ""
    days, rest = divmod(minutes, 24 * 60)
    return f"+{days} d" if days else f"+{rest // 60}:{rest % 60:02}"


def _order(doc: Document) -> tuple[bool, int, datetime.datetime, bool, str]:
    """By how long after the first it came, which knows that a day without a time may mean its end; of one minute, what
    was copied before its copies.
    """
    lag = doc.get("lag_minutes")
    return lag is None, lag or 0, moment(doc), doc["role"] == "copy", doc["report_id"]


def _time(doc: Document) -> str:
    stated = datetime.datetime.fromisoformat(doc["time"])
    if latest_moment(stated) != stated:  # a day alone
        return stated.strftime("%d %b")
    return _utc(moment(doc))


def _utc(when: datetime.datetime | None) -> str:
    return when.astimezone(datetime.UTC).strftime("%d %b %H:%M") if when else "?"


def _plain(text: str) -> str:
    """A wording without its marks and cases."""
    return " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())


def _short(text: str, most: int | None) -> str:
    plain = " ".join(text.split())
    return plain if most is None or len(plain) <= most else plain[: most - 1] + "…"


def _text(foreign: str, style: str = "") -> Text:
    return Text(visible(foreign), style=style)
