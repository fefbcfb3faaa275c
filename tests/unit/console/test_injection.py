"""Foreign text in logs and on terminals is text: it moves no cursor, makes no second line, is no markup."""

import io
import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.table import Table

from console.accounting import Account
from console.output import Out, out
from console.source_tables import place_table
from console.tables import sum_table
from ingest.fetch.lists.discover import Place
from runtime.visible import one_line, visible

ESCAPES = "\x1b[2J\x1b]0;title\x07\x9b31m\r\u202eabc\x00"
MARKUP = "[red]x[/red] [/nothing] [link=http://x]"
LOG = """
import sys
from runtime.logging import configure, logger
from runtime.settings import LogSettings
configure(LogSettings(format=sys.argv[1]), "test")
import logging
secret = "canary-local"
logger("x").warning("title\\n2026 [error] forged", url=sys.argv[2], word=sys.argv[2].replace(" ", ""))
logging.getLogger("library").warning("header %s", sys.argv[2])
try:
    raise ValueError("broken")
except ValueError:
    logger("x").exception("defect")
"""


@given(st.text())
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    shown = visible(text)
    assert not any(c != "\n" and c != "\t" and (ord(c) < 32 or 127 <= ord(c) < 160) for c in shown)
    assert "\n" not in one_line(text)
    shown.encode()
    if text.isprintable():
        assert shown == text


@pytest.mark.parametrize("kind", ["json", "console"])
def test_a_log_line_is_one_line_and_shows_what_it_was_given(kind: str) -> None:
    given = ESCAPES.replace("\x00", "") + "\nlevel=error forged"
    done = subprocess.run([sys.executable, "-c", LOG, kind, given], capture_output=True, text=True, check=True)
    lines = done.stderr.splitlines()
    assert not any(c in done.stderr for c in "\x1b\x07\x9b\r\u202e")
    assert "canary-local" not in done.stderr.replace('secret = "canary-local"', ""), "local variables are not shown"
    assert not any(line.startswith(("2026 [error] forged", "level=error forged")) for line in lines)
    if kind == "json":
        assert [json.loads(line)["level"] for line in lines] == ["warning", "warning", "error"]


def shown(*things: object) -> str:
    file = io.StringIO()
    out = Out(file=file, force_terminal=True, color_system="truecolor", highlight=False, width=200)
    for thing in things:
        out.print(thing)
    return file.getvalue()


def test_text_on_the_console_cannot_steer_it() -> None:
    table = Table()
    table.add_column("title")
    table.add_row(ESCAPES)
    found = shown(table, ESCAPES)
    for word in ("\x1b[2J", "\x1b]0;", "\x07", "\x9b", "\u202e"):
        assert word not in found
    assert "\\x1b[2J" in found


def test_an_address_in_a_table_is_no_markup() -> None:
    assert MARKUP in shown(place_table([Place(f"http://x/{MARKUP}", "feed", 1, None)]))


def test_a_reason_below_the_sum_is_no_markup() -> None:
    total = Account(
        raw=2, indexed=0, skipped=1, dead=1, in_flight=0, skip_reasons={MARKUP: 1}, dead_reasons={"[/bold]\n1": 1}
    )
    console = Out(file=io.StringIO(), width=200, record=True)
    console.print(sum_table(total))
    told = console.export_text()
    assert f"skipped: {MARKUP} 1" in told
    assert "[/bold]\\n1 1" in told


def test_a_line_number_on_the_console_is_no_picture(capsys: pytest.CaptureFixture[str]) -> None:
    table = Table()
    table.add_column("place")
    table.add_row("b.jsonl:100: is no JSON")
    out().print("a.jsonl:100: is no JSON", markup=False)
    out().print(table)
    found = capsys.readouterr().out
    assert "a.jsonl:100: is no JSON" in found
    assert "b.jsonl:100: is no JSON" in found


def test_titles_and_problems_that_commands_print_are_no_markup() -> None:
    """Each place that prints foreign text says so: escaped, without markup, or by ``print(visible(…))``."""
    from pathlib import Path

    console = Path(__file__).parents[3] / "console"
    for name in ("commands/files.py", "commands/sources.py"):
        text = (console / name).read_text(encoding="utf-8")
        assert "problem, soft_wrap=True)" not in text, name
    for file in console.rglob("*.py"):
        if "site" not in file.parts and file.name != "output.py":
            assert " Console(" not in file.read_text(encoding="utf-8"), f"{file}: console.output.out() is the console"
