"""Questions before what cannot be taken back."""

import typer


def confirm(question: str) -> None:
    """Goes on where the answer is yes. Ends with 1 for another answer or none, with 130 for Ctrl-C, as elsewhere."""
    try:
        agreed = typer.confirm(question, err=True)
    except typer.Abort as end:
        # click makes one of both, and keeps from which.
        if isinstance(end.__context__, KeyboardInterrupt):
            typer.echo(err=True)
            raise typer.Exit(130) from None
        raise
    if not agreed:
        raise typer.Abort
