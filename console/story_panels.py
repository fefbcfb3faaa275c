"""Prints what a user wants to see: each story with who had it first, who copied, who reworded, and the remarks."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console, Group
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from console.story_members import Document, in_story, moment, stories_of
from console.story_titles import title_of
from runtime.counts import counted
from runtime.visible import visible
from schemas import latest_moment

_WORDINGS = 3
WIDTH = 112


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
    wordings at full length and the ids of its reports.
    """
    by_id = {doc["article_id"]: doc for doc in articles}
    by_story: dict[str, list[Document]] = defaultdict(list)
    for report in reports:
        if not report.get("retracted"):
            for story_id in stories_of(report):
                by_story[story_id].append(report)
    wordings: dict[str, list[Document]] = defaultdict(list)
    for remark in remarks:
        if not remark.get("retracted") and remark.get("story_id"):
            wordings[remark["story_id"]].append(remark)
    for story in sorted(found, key=lambda doc: (moment(doc), doc["story_id"])):
        if not story.get("merged") and story.get("members") != 0:
            said = wordings[story["story_id"]]
            members = sorted((in_story(doc, story, said) for doc in by_story[story["story_id"]]), key=_order)
            out.print(_story(story, members, said, by_id, ids=ids, whole=whole))


def _story(
    story: Document,
    members: Sequence[Document],
    remarks: Sequence[Document],
    articles: Mapping[str, Document],
    *,
    ids: bool,
    whole: bool,
) -> Panel:
    names = {doc["report_id"]: doc["outlet_name"] for doc in members}
    parts: list[Text | Table] = [_text(_occasion(story), style="dim")]
    table = Table(show_header=True, header_style="dim", box=None, padding=(0, 1))
    columns = (("UTC", 12), ("", 6), ("outlet", 18), ("lang", 4), ("how", 25), ("title", 31))  # fit into the panel
    for name, width in columns:
        table.add_column(name, no_wrap=True, overflow="ellipsis", width=width)
    told = [doc for doc in members if doc["role"] in {"report", "copy"}]
    for number, doc in enumerate(told):
        table.add_row(
            _time(doc), _lag(doc) if number else "first", escape(doc["outlet_name"]), doc.get("lang", "?"),
            _how(doc, names), escape(doc.get("title", "")) or "–",
        )  # fmt: skip
    parts.append(table)
    parts += [
        _text(f"{doc['role']}: {doc['outlet_name']}: {doc.get('title') or '–'}", style="yellow")
        for doc in members
        if doc["role"] in {"reaction", "background"}
    ]
    parts += _remarks(remarks, whole=whole)
    if whole:
        parts += [_text(f"{doc['report_id']}  {doc['outlet_name']}: {doc['role']}", style="dim") for doc in members]
    who = story.get("speaker_name") or story.get("speaker_id") or ""
    title = " · ".join(filter(None, [escape(who), f"[bold]{escape(title_of(story, told, articles))}[/bold]"]))
    counts = ", ".join((
        counted(story.get("reports", 0), "report"), counted(story.get("copies", 0), "copy", "copies"),
        counted(len(story.get("langs", [])), "language"),
    ))  # fmt: skip
    if ids:
        counts = f"{story['story_id']}: {counts}"
    return Panel(Group(*parts), title=title, title_align="left", subtitle=counts, subtitle_align="right", width=WIDTH)


def _remarks(remarks: Sequence[Document], *, whole: bool) -> Iterable[Text]:
    """Each remark with its canonical wording and other wordings, copies of a wording counted once."""
    most, long, longer = (None, None, None) if whole else (_WORDINGS, 80, 96)
    groups: dict[str, list[Document]] = defaultdict(list)
    for doc in sorted(remarks, key=lambda doc: (moment(doc), doc["statement_id"])):
        groups[doc["remark_id"]].append(doc)
    for docs in groups.values():
        canonical = docs[0]["canonical"]
        again = "  (said before)" if any(doc.get("repeats") for doc in docs) else ""
        outlets = sorted({doc["outlet_name"] for doc in docs})
        yield _text(f"● {_short(canonical, long)}", style="bold") + Text(
            f"  {counted(len(outlets), 'outlet')}{again}", style="dim"
        )
        others = list(dict.fromkeys(doc["wording"] for doc in docs if doc["wording"] != canonical))
        for wording in others[:most]:
            lang = next(doc.get("lang", "?") for doc in docs if doc["wording"] == wording)
            yield _text(f"    {lang}: {_short(wording, longer)}")
        if most is not None and len(others) > most:
            yield Text(f"    … and {counted(len(others) - most, 'more wording')}", style="dim")


def _occasion(story: Document) -> str:
    facts = [
        story.get("occasion_date"),
        str(story.get("occasion_kind", "")).replace("_", " "),
        story.get("occasion_place_name"),
        ", ".join(story.get("occasion_counterpart_names", [])),
        story.get("occasion_medium"),
    ]
    return " · ".join(str(fact) for fact in facts if fact) or "occasion not told"


def _how(doc: Document, names: dict[str, str]) -> str:
    if doc["role"] == "copy":
        original = names.get(doc.get("copy_of", ""), "another")
        return escape(f"{'translation' if doc.get('translated') else 'copy'} of {original}")
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
    return moment(doc).strftime("%d %b %H:%M")


def _short(text: str, most: int | None) -> str:
    plain = " ".join(text.split())
    return plain if most is None or len(plain) <= most else plain[: most - 1] + "…"


def _text(foreign: str, style: str = "") -> Text:
    return Text(visible(foreign), style=style)
