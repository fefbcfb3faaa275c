"""Prints what a user wants to see: each story with who had it first, who copied, who reworded, and the remarks."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence

from rich.console import Console, Group
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from console.demo.read import Document
from console.demo.score import Scores
from schemas import latest_moment

_WORDINGS = 3
WIDTH = 112


def stories(out: Console, found: Sequence[Document], reports: Sequence[Document], remarks: Sequence[Document]) -> None:
    """One panel for each story, in order of first publication."""
    by_story: dict[str, list[Document]] = defaultdict(list)
    for report in reports:
        if not report.get("retracted") and report.get("story_id"):
            by_story[report["story_id"]].append(report)
    wordings: dict[str, list[Document]] = defaultdict(list)
    for remark in remarks:
        if not remark.get("retracted") and remark.get("story_id"):
            wordings[remark["story_id"]].append(remark)
    for story in sorted(found, key=lambda doc: (_moment(doc), doc["story_id"])):
        members = sorted(by_story[story["story_id"]], key=_order)
        if not story.get("merged") and any(doc["role"] in {"report", "copy"} for doc in members):
            out.print(_story(story, members, wordings[story["story_id"]]))


def _story(story: Document, members: Sequence[Document], remarks: Sequence[Document]) -> Panel:
    names = {doc["report_id"]: doc["outlet_name"] for doc in members}
    parts: list[Text | Table] = [Text(_occasion(story), style="dim")]
    table = Table(show_header=True, header_style="dim", box=None, padding=(0, 1))
    columns = (("UTC", 12), ("", 6), ("outlet", 18), ("lang", 4), ("how", 25), ("title", 31))  # fit into the panel
    for name, width in columns:
        table.add_column(name, no_wrap=True, overflow="ellipsis", width=width)
    told = [doc for doc in members if doc["role"] in {"report", "copy"}]
    for number, doc in enumerate(told):
        table.add_row(
            _time(doc), _lag(doc) if number else "first", escape(doc["outlet_name"]), doc.get("lang", "?"),
            _how(doc, names), escape(doc["title"]) or "–",
        )  # fmt: skip
    parts.append(table)
    parts += [
        Text(f"{doc['role']}: {doc['outlet_name']}: {doc['title']}", style="yellow")
        for doc in members
        if doc["role"] in {"reaction", "background"}
    ]
    parts += _remarks(remarks)
    title = f"[bold]{escape(story['title'])}[/bold]"
    counts = ", ".join((
        _count(story.get("reports", 0), "report"), _count(story.get("copies", 0), "copy", "copies"),
        _count(len(story.get("langs", [])), "language"),
    ))  # fmt: skip
    return Panel(Group(*parts), title=title, title_align="left", subtitle=counts, subtitle_align="right", width=WIDTH)


def _remarks(remarks: Sequence[Document]) -> Iterable[Text]:
    """Each remark with its canonical wording and other wordings, copies of a wording counted once."""
    groups: dict[str, list[Document]] = defaultdict(list)
    for doc in sorted(remarks, key=lambda doc: (_moment(doc), doc["statement_id"])):
        groups[doc["remark_id"]].append(doc)
    for docs in groups.values():
        canonical = docs[0]["canonical"]
        again = "  (said before)" if any(doc.get("repeats") for doc in docs) else ""
        outlets = sorted({doc["outlet_name"] for doc in docs})
        yield Text(f"● {_short(canonical, 80)}", style="bold") + Text(
            f"  {_count(len(outlets), 'outlet')}{again}", style="dim"
        )
        others = list(dict.fromkeys(doc["wording"] for doc in docs if doc["wording"] != canonical))
        for wording in others[:_WORDINGS]:
            lang = next(doc.get("lang", "?") for doc in docs if doc["wording"] == wording)
            yield Text(f"    {lang}: {_short(wording)}")
        if len(others) > _WORDINGS:
            yield Text(f"    … and {len(others) - _WORDINGS} more wordings", style="dim")


def scores(values: Scores) -> Table:
    """The comparison with the labels."""
    table = Table(title="Against the labels of the corpus", title_justify="left")
    table.add_column("measure")
    table.add_column("value", justify="right")
    for name, value in (
        ("stories, B³ precision", values.story_precision),
        ("stories, B³ recall", values.story_recall),
        ("stories, B³ F1", values.story_f1),
        ("roles, macro F1", values.role_f1),
        ("copies, precision", values.copy_precision),
        ("copies, recall", values.copy_recall),
        ("labelled remarks found", values.remarks_found),
        ("remarks, B³ F1", values.remark_f1),
    ):
        table.add_row(name, f"{value:.3f}")
    return table


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
    return f"own words, {new} new" if new else "own words"


def _lag(doc: Document) -> str:
    minutes = doc.get("lag_minutes")
    if minutes is None:
        return ""
    days, rest = divmod(minutes, 24 * 60)
    return f"+{days} d" if days else f"+{rest // 60}:{rest % 60:02}"


def _order(doc: Document) -> tuple[bool, int, datetime.datetime, str]:
    """By how long after the first it came, which knows that a day without a time may mean its end."""
    lag = doc.get("lag_minutes")
    return lag is None, lag or 0, _moment(doc), doc["report_id"]


def _moment(doc: Document) -> datetime.datetime:
    """In UTC: each page states its time in a zone of its own."""
    return datetime.datetime.fromisoformat(doc["time"]).astimezone(datetime.UTC)


def _time(doc: Document) -> str:
    stated = datetime.datetime.fromisoformat(doc["time"])
    if latest_moment(stated) != stated:  # a day alone
        return stated.strftime("%d %b")
    return _moment(doc).strftime("%d %b %H:%M")


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _short(text: str, most: int = 96) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= most else plain[: most - 1] + "…"
