"""Progress bars for long work, on standard error, so that standard output stays clean for results."""

import contextlib
from collections.abc import Callable, Iterator

from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

from console import output

errors = output.out(stderr=True)

Advance = Callable[[int, int | None], None]


@contextlib.contextmanager
def bar(what: str) -> Iterator[Advance]:
    """A bar; the context gives a function of (done, total). Shows nothing where the output is no terminal."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as progress:
        task = progress.add_task(what, total=None)

        def advance(done: int, total: int | None = None) -> None:
            progress.update(task, completed=done, total=total)

        yield advance


@contextlib.contextmanager
def steps(what: str) -> Iterator[Callable[[str], None]]:
    """A spinner with the sentence of the step at hand; lines where the output is no terminal."""
    if not errors.is_terminal:
        yield lambda sentence: errors.print(f"{what}: {sentence}")
        return
    with errors.status(what) as status:
        yield lambda sentence: status.update(f"{what}: {sentence}")
