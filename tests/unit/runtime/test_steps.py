"""Every step that the code names is one at which a fault test kills."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.faults.test_fetcher import STEPS
from tests.faults.test_generations import PROMOTION
from tests.faults.test_kills import PROFILES, ROUNDS

ROOT = Path(__file__).parents[3]
# The stages that come by where the name of a step has the stage's in it.
SHARED = {
    "processors/acknowledge.py": ("annotate", "dispatch", "group"),
    "processors/faust_app.py:run_stateless": ("annotate", "dispatch"),
    "processors/faust_app.py:_commit": ("annotate", "group"),
}


def steps_of_the_code() -> Iterator[str]:
    for folder in ("runtime", "ingest", "processors", "console"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            if "from runtime.steps import step" in text or "steps.step" in text:
                yield from _named(ast.parse(text), path.relative_to(ROOT).as_posix())


def _named(tree: ast.AST, path: str, function: str = "") -> Iterator[str]:
    for node in ast.iter_child_nodes(tree):
        inner = node.name if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else function
        if isinstance(node, ast.Call) and ast.unparse(node.func).removeprefix("steps.") == "step":
            match node.args[0]:
                case ast.Constant(value=str(name)):
                    yield name
                case ast.JoinedStr(values=[ast.FormattedValue(), ast.Constant(value=str(rest))]):
                    stages = SHARED.get(f"{path}:{inner}") or SHARED[path]
                    yield from (f"{stage}{rest}" for stage in stages)
                case other:
                    raise AssertionError(f"{path}: a step whose name is not written out: {ast.unparse(other)}")
        yield from _named(node, path, inner)


def test_each_step_is_killed_at() -> None:
    lines = [*(line for steps in ROUNDS for lines in steps for line in lines.split(", ")), *STEPS, PROFILES, *PROMOTION]
    assert sorted(set(steps_of_the_code())) == sorted({line.split()[0] for line in lines})
