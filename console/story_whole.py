"""A story shown whole: all wordings with who has them, what was taken back, and each article for other commands."""

from collections import defaultdict
from collections.abc import Iterator

from rich.padding import Padding
from rich.text import Text

from console.story_members import Document, stories_of
from console.story_remarks import numbers
from console.story_shown import Shown, how, outlet_names, outlets_of, short, spread, text, time_of, version_line


def all_words(shown: Shown) -> Iterator[Text | Padding]:
    """Each remark with its number and all wordings at full length, with who has them and since when."""
    kinds = {doc["report_id"]: "translation" if doc.get("translated") else doc["role"] for doc in shown.members}
    for number, remark in enumerate(shown.remarks, 1):
        yield Text()
        head = text(f"{number}  {short(remark.canonical, None)}", style="bold")
        yield head + text(f"  {spread(remark)}", style="dim")
        for wording in remark.wordings:
            who = []
            for doc in wording.uses:
                kind = kinds.get(doc["report_id"], doc["role"])
                who.append(doc["outlet_name"] if kind == "report" else f"{doc['outlet_name']} ({kind})")
            line = f"{wording.lang}  {time_of(wording.uses[0])}  {', '.join(dict.fromkeys(who))}: "
            yield Padding(text(line, style="dim") + text(short(wording.text, None)), (0, 0, 0, 4))


def taken_back(shown: Shown) -> Iterator[Text | Padding]:
    """Wordings that an article had before it was changed, and who has them still."""
    if shown.retracted:
        yield Text()
        yield Text("Taken back", style="bold")
    living: dict[str, list[str]] = defaultdict(list)
    for wording in (one for remark in shown.remarks for one in remark.wordings):
        living[_plain(wording.text)] += outlets_of(wording)
    for doc in shown.retracted:
        still = living.get(_plain(doc["wording"]))
        line = text(f"{doc.get('lang', '?')}  {doc['outlet_name']}: ", style="dim") + text(short(doc["wording"], None))
        if still:
            line += text(f"  still in {', '.join(dict.fromkeys(still))}", style="yellow")
        yield Padding(line, (0, 0, 0, 4))


def article_list(shown: Shown) -> Iterator[Text]:
    """Each article, with what other commands and a reader need of it."""
    names = outlet_names(shown)
    told = {doc["report_id"] for doc in shown.told}
    numbered = list(enumerate(shown.remarks, 1))
    # What only a reaction or background has, the reports do not leave out.
    reported = {number for number, remark in numbered if told & remark.reports}
    for doc in shown.members:
        mine = doc["report_id"]
        yield from article_lines(doc, how(doc, names) if mine in told else doc["role"])
        has = {number for number, remark in numbered if mine in remark.reports}
        new = {number for number, remark in numbered if remark.first and remark.first["report_id"] == mine}
        missing = reported - has if mine in told else set()
        words = [("new", new), ("also has" if new else "has", has - new), ("leaves out", missing)]
        if line := "; ".join(f"{word} {numbers(which)}" for word, which in words if which):
            yield text(f"    {line}", style="dim")
        if others := [story_id for story_id in stories_of(doc) if story_id != shown.story["story_id"]]:
            yield text(f"    also in {', '.join(others)}", style="dim")
        if shown.version(doc) > 1:
            older = ", ".join(dict.fromkeys(_older_copies(shown, doc)))
            yield text(
                f"    {version_line(shown, doc)}{f'; copies older than it: {older}' if older else ''}", style="yellow"
            )


def article_lines(doc: Document, what: str) -> Iterator[Text]:
    facts = ", ".join((what, doc["outlet_name"], time_of(doc), doc.get("lang", "?")))
    yield text(f"{doc['report_id']}  {facts}: {doc.get('title') or '–'}")
    if doc.get("url"):
        yield text(f"    {doc['url']}", style="dim")


def _older_copies(shown: Shown, doc: Document) -> list[str]:
    """Whose copies of an article are as they were before its last version."""
    since = shown.since(doc)
    copies = [one for one in shown.members if one.get("copy_of") == doc["report_id"]]
    return [one["outlet_name"] for one in copies if since and (theirs := shown.since(one)) and theirs < since]


def _plain(text: str) -> str:
    """A wording without its marks and cases."""
    return " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())
