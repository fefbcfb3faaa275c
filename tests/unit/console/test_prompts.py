"""How a question ends that is not answered by yes."""

import pytest
import typer
from typer.testing import CliRunner

from console.prompts import confirm

app = typer.Typer()


@app.command()
def ask() -> None:
    confirm("really?")


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("n\n", 1), ("", 1)])
def test_who_does_not_agree_ends_with_one(answer: str, code: int) -> None:
    assert CliRunner().invoke(app, [], input=answer).exit_code == code


def test_an_interrupt_ends_as_it_does_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: str) -> str:
        raise KeyboardInterrupt

    monkeypatch.setitem(typer.confirm.__globals__, "visible_prompt_func", interrupted)
    with pytest.raises(typer.Exit) as end:
        confirm("really?")
    assert end.value.exit_code == 130
