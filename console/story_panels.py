"""Prints what a user wants to see: each story with who had it first, who copied, who reworded, and the remarks."""

import datetime
from collections import defaultdict
from collections.abc import Iterator, Sequence

from rich.console import Console, Group
from rich.markup import escape
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from console.story_members import Document, in_story, moment, stories_of
from console.story_remarks import remarks_of
from console.story_shown import NAME, Shown, how, outlet_names, outlets_of, short, spread, text, time_of, version_line
from console.story_titles import title_of
from console.story_whole import all_words, article_lines, article_list, taken_back
from runtime.counts import counted

_WORDINGS = 3
WIDTH = 112
_INNER = WIDTH - 4


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
            shown = Shown(story, members, remarks_of(said), gone, by_id)
            out.print(_panel(shown, ids=ids, whole=whole))
            if whole:
                for line in article_list(shown):
                    out.print(line, soft_wrap=True)  # an id or an address that is broken cannot be copied


def _panel(shown: Shown, *, ids: bool, whole: bool) -> Panel:
    story, members = shown.story, shown.members
    parts: list[Text | Table | Padding] = [text(_occasion(story), style="dim"), _table(shown)]
    parts += [
        text(f"{doc['role']}: {doc['outlet_name']}: {doc.get('title') or '–'}", style="yellow")
        for doc in members
        if doc["role"] in {"reaction", "background"}
    ]
    parts += _changes(shown)
    parts += all_words(shown) if whole else _few_words(shown)
    parts += taken_back(shown) if whole else ()
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


def _table(shown: Shown) -> Table:
    names = outlet_names(shown)
    table = Table(show_header=True, header_style="dim", box=None, padding=(0, 1))
    columns = (("UTC", 12), ("", 6), ("outlet", 18), ("lang", 4), ("how", 25), ("title", 31))  # fit into the panel
    for name, width in columns:
        table.add_column(name, no_wrap=True, overflow="ellipsis", width=width)
    for number, doc in enumerate(shown.told):
        table.add_row(
            time_of(doc), _lag(doc) if number else "first", escape(doc["outlet_name"]), doc.get("lang", "?"),
            escape(how(doc, names)), escape(doc.get("title", "")) or "–",
        )  # fmt: skip
    return table


def _changes(shown: Shown) -> Iterator[Text]:
    """Which articles are no longer as they were first reported."""
    for doc in {doc["report_id"]: doc for doc in (*shown.retracted, *shown.members)}.values():
        gone = sum(one["report_id"] == doc["report_id"] for one in shown.retracted)
        facts = [version_line(shown, doc)] if shown.version(doc) > 1 else []
        facts += [f"{counted(gone, 'wording')} taken back"] if gone else []
        if facts:
            yield text(f"changed: {doc['outlet_name']}: {', '.join(facts)}", style="yellow")


def _few_words(shown: Shown) -> Iterator[Text]:
    """The canonical wording of each remark and a few others, a line each."""
    for remark in shown.remarks:
        facts = spread(remark)
        head = text(f"● {short(remark.canonical, _INNER - 4 - len(facts))}", style="bold")
        yield head + text(f"  {facts}", style="dim")
        others = [one for one in remark.wordings if one.text != remark.canonical]
        for wording in others[:_WORDINGS]:
            outlets = outlets_of(wording)
            more = f" +{len(outlets) - 1}" if len(outlets) > 1 else ""
            line = f"    {wording.lang} {short(outlets[0], NAME)}{more}: "
            yield text(line + short(wording.text, _INNER - len(line)))
        if len(others) > _WORDINGS:
            yield Text(f"    … and {counted(len(others) - _WORDINGS, 'more wording')}", style="dim")


def apart(out: Console, reports: Sequence[Document]) -> None:
    """Reactions and background that are in no story, two lines each."""
    for doc in reports:
        of = f"{doc['role']}, {doc.get('speaker_name') or doc.get('speaker_id', '?')}"
        for line in article_lines(doc, of):
            out.print(line, soft_wrap=True)


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
