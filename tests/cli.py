"""The command line in this process, pointed at the services of a test."""

from typer.testing import CliRunner, Result

from console.main import app
from runtime.settings import Settings, as_environment


def remarkwire(settings: Settings, *arguments: str, answer: str | None = None) -> Result:
    """Runs a command; an error of ours is in ``Result.exception``."""
    return CliRunner().invoke(app, list(arguments), env=as_environment(settings), input=answer)


def done(settings: Settings, *arguments: str, answer: str | None = None) -> str:
    """The standard output of a command that must succeed."""
    result = remarkwire(settings, *arguments, answer=answer)
    assert result.exit_code == 0, f"{arguments}: {result.output} {result.exception!r}"
    return result.stdout
