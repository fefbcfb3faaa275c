"""Tables of the sum, of the dead letters that wait and of the lags."""

from rich.markup import escape
from rich.table import Table

from console.accounting import Account, Lag
from console.dead_letters import Waiting
from runtime.visible import one_line


def sum_table(total: Account) -> Table:
    """The sum as a table."""
    table = Table(title="Articles", title_justify="left")
    for column in ("in raw", "= indexed", "+ skipped", "+ dead-lettered", "+ in flight", "sum"):
        table.add_column(column, justify="right")
    verdict = "[green]whole[/green]" if total.whole else "[yellow]under way[/yellow]"
    table.add_row(*(str(n) for n in (total.raw, total.indexed, total.skipped, total.dead, total.in_flight)), verdict)
    notes = [f"skipped: {reason} {count}" for reason, count in sorted(total.skip_reasons.items())]
    notes += [f"dead-lettered: {reason} {count}" for reason, count in sorted(total.dead_reasons.items())]
    if total.unreadable:
        notes.append(f"records that name no article: {total.unreadable}, dead-lettered {total.unreadable_dead}")
    if notes:
        # Reasons are what headers and messages say, whoever wrote them.
        table.caption = escape(one_line(" · ".join(notes)))
    return table


def waiting_table(waiting: list[Waiting]) -> Table:
    """Dead letters that wait for somebody, as a table."""
    table = Table(title="Dead letters that wait", title_justify="left")
    table.add_column("topic")
    table.add_column("stage")
    table.add_column("reason")
    table.add_column("letters", justify="right")
    for kind in waiting:
        table.add_row(*map(escape, (kind.topic, kind.stage, kind.reason)), str(kind.letters))
    return table


def lag_table(behind: list[Lag]) -> Table:
    """Lag of each stage as a table."""
    table = Table(title="Stages", title_justify="left")
    table.add_column("stage")
    table.add_column("reads")
    table.add_column("done", justify="right")
    table.add_column("of", justify="right")
    table.add_column("behind", justify="right")
    for lag in behind:
        table.add_row(lag.stage, lag.topic, str(lag.committed), str(lag.end), str(lag.behind))
    return table
