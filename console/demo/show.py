"""Prints how the demo's result compares with its labels."""

from rich.table import Table

from console.demo.score import Scores


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
