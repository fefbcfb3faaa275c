"""No regular expression that meets foreign text takes time by the square of its length.

The patterns are gathered by running the code (gather.py), so a new one is tested without being named here. A pattern
that is not linear by itself is named in BOUNDED, with what bounds it. Time is that of the processor.
"""

import ast
import json
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.redos.attack import attacks
from tests.redos.gather import PACKAGES, ROOT

TINY, SHORT, LONG = 20, 750, 3000
# A pattern that goes over 3000 characters from each of them takes some 50 ms; 4 times the length in 16 times the time.
SUSPICIOUS = 0.005
STEEPEST = 9.0
ROUNDS = 4
"""Long and short in turn: what else the machine does meets both, and the quickest of each counts."""
MOST_SLOW = 6
"""Linear strings above MOST_SECONDS after which a pattern is as slow as it gets. More than one: a single measurement
of a machine that does other things has called the square linear."""
MOST_SECONDS = 0.05
"""For a bounded pattern at its bound."""


@dataclass(frozen=True)
class Bound:
    """``most``: characters that it ever sees at once. ``anchored``: only tried at the beginning (match, fullmatch)."""

    most: int
    why: str
    anchored: bool = False


BOUNDED = {
    ("ingest/clean/metadata/credit.py", "_AT_END"): Bound(200, "the end of a paragraph"),
    ("ingest/clean/text/furniture.py", "_patterns"): Bound(320, "only short lines, whole", anchored=True),
    ("ingest/fetch/visit.py", "_LOOKS_LIKE_HTML"): Bound(2000, "the first bytes of a body", anchored=True),
    ("processors/annotate/entities/surroundings.py", "_BEFORE"): Bound(40, "what stands before a name"),
}
# Dashboards and tables of ours: nothing foreign gets there.
OURS = ("console/kibana/", "processors/annotate/entities/tables.py")


@dataclass(frozen=True)
class Found:
    place: str
    line: int
    pattern: "re.Pattern[str] | re.Pattern[bytes]"

    @property
    def name(self) -> str:
        return f"{self.place}:{self.line}"

    def seconds(self, text: str, *, anchored: bool = False) -> float:
        pattern = self.pattern
        given: str | bytes = text.encode("utf-8", "replace") if isinstance(pattern.pattern, bytes) else text
        begin = time.process_time()
        if anchored:
            pattern.match(given)  # type: ignore[arg-type]
            pattern.fullmatch(given)  # type: ignore[arg-type]
        else:
            for _ in pattern.finditer(given):  # type: ignore[arg-type]
                pass
        return time.process_time() - begin


@pytest.fixture(scope="module")
def patterns() -> list[Found]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.redos.gather"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = []
    for line in done.stdout.splitlines():
        one = json.loads(line)
        text, flags = one["pattern"], one["flags"]
        made: re.Pattern[str] | re.Pattern[bytes]
        made = re.compile(text[2:].encode("latin-1"), flags) if text.startswith("b:") else re.compile(text, flags)
        found.append(Found(one["place"], one["line"], made))
    return found


def test_every_place_that_makes_a_pattern_is_seen(patterns: list[Found]) -> None:
    seen = {(one.place, one.line) for one in patterns}
    unseen = []
    for place, call in calls():
        lines = range(call.lineno, (call.end_lineno or call.lineno) + 1)
        if not any((place, line) in seen for line in lines) and not isinstance(call.args[0], ast.Constant):
            unseen.append(f"{place}:{call.lineno}")
    assert [name for name in unseen if not name.startswith(OURS)] == []


def test_no_pattern_takes_time_by_the_square_of_the_length(patterns: list[Found]) -> None:
    bounded = places_of_bounded()
    seen, slow = set(), []
    for one in [*patterns, *constants()]:
        if one.pattern in seen or one.place.startswith(OURS):
            continue
        seen.add(one.pattern)
        bound = bounded.get((one.place, one.line))
        if bound is not None:
            texts = sorted({text[: bound.most] for text in attacks(one.pattern.pattern, one.pattern.flags, bound.most)})
            slow += [
                f"{one.name}: {text[:40]!r}… of {bound.most}"
                for text in texts
                if min(one.seconds(text, anchored=bound.anchored) for _ in range(2)) > MOST_SECONDS
            ]
        elif (text := slowest(one)) is not None:
            slow.append(f"{one.name}: {one.pattern.pattern[:60]!r} on {text[:40]!r}…")
    assert slow == []
    assert len(seen) > 150


def test_the_test_finds_what_it_looks_for() -> None:
    for text in (r"\s+;", r"(?:a+)+b", r"<!--.*?-->", r"(\w+)@x", r"[a-z']+ьк", r'="?\s*"?\s*x'):
        assert slowest(Found("here", 1, re.compile(text))) is not None, text
    for text in (r"\s;", r"a+b?", r"<[^<>]*>", r"\w+(?:-\w+)*", r"x{2,40}y"):
        assert slowest(Found("here", 1, re.compile(text))) is None, text


def slowest(one: Found) -> str | None:
    """A string on which the time is not linear; None where there is none."""
    for text in dict.fromkeys(attacks(one.pattern.pattern, one.pattern.flags, TINY)):
        # Exponential: it would never end on longer ones.
        if one.seconds(text) > SUSPICIOUS and min(one.seconds(text), one.seconds(text)) > SUSPICIOUS:
            return text
    long = list(dict.fromkeys(attacks(one.pattern.pattern, one.pattern.flags, LONG)))
    short: list[str] | None = None
    slow = 0
    for number, text in enumerate(long):
        took = one.seconds(text)
        if took < SUSPICIOUS:
            continue
        short = short or list(dict.fromkeys(attacks(one.pattern.pattern, one.pattern.flags, SHORT)))
        if len(short) != len(long):
            short = [text[:SHORT] for text in long]
        rounds = [(one.seconds(text), one.seconds(short[number])) for _ in range(ROUNDS)]
        best = min(took, *(of_long for of_long, _ in rounds))
        if best > STEEPEST * min(of_short for _, of_short in rounds):
            return text
        slow += best > MOST_SECONDS
        if slow == MOST_SLOW:
            break  # a bounded repetition within a bounded one
    return None


def calls() -> list[tuple[str, ast.Call]]:
    """Every call of a function of ``re`` with a pattern in the project."""
    files = [file for package in PACKAGES for file in sorted((ROOT / package).rglob("*.py"))]
    return [
        (str(file.relative_to(ROOT)), node)
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and node.func.attr not in {"escape", "purge"}
    ]


def constants() -> list[Found]:
    """Those that stand in the text of a call: run or not, they are tested."""
    found = []
    for place, call in calls():
        first = call.args[0]
        if isinstance(first, ast.Constant) and isinstance(first.value, str | bytes):
            found.append(Found(place, call.lineno, re.compile(first.value)))
    return found


def places_of_bounded() -> dict[tuple[str, int], Bound]:
    """The lines of the names in BOUNDED, so that they may move."""
    lines: dict[tuple[str, int], Bound] = {}
    for (place, name), bound in BOUNDED.items():
        tree = ast.parse(Path(ROOT, place).read_text(encoding="utf-8"))
        nodes = [
            node
            for node in tree.body
            if (isinstance(node, ast.FunctionDef) and node.name == name)
            or (isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == name for t in node.targets))
        ]
        assert len(nodes) == 1, f"{place} has no {name}"
        for line in range(nodes[0].lineno, (nodes[0].end_lineno or 0) + 1):
            lines[place, line] = bound
    return lines
