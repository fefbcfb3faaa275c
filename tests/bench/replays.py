"""``python -m tests.bench.replays [--services embedded|local] [--articles N]``: a replay from raw, annotated and
reports, one worker of each stage; the start of the workers is in the figures.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from deploy.services import Kind, start
from runtime.settings import AnnotateSettings
from tests.articles import articles, send
from tests.cli import done
from tests.pipeline import prepared


def main() -> None:
    """Prints one table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.replays", description="Rates of replays.")
    parser.add_argument("--services", choices=[str(kind) for kind in Kind], default=str(Kind.LOCAL))
    parser.add_argument("--articles", type=int, default=2000)
    asked = parser.parse_args()
    table = Table(title=f"{asked.articles} articles, {asked.services} services", title_justify="left")
    for column in ("replay from", "seconds", "articles/s"):
        table.add_column(column, justify="left" if column == "replay from" else "right")
    with tempfile.TemporaryDirectory(prefix="remarkwire-bench-") as name:
        folder = Path(name)
        with start(Kind(asked.services), data=folder / "services") as services:
            sections = {"annotate": AnnotateSettings(embeddings=False)}
            with prepared(services, "bench-replays", folder, **sections) as settings:
                send(settings, articles(asked.articles))
                for begin in ("raw", "annotated", "reports"):
                    began = time.monotonic()
                    done(settings, "replay", "--from", begin)
                    seconds = time.monotonic() - began
                    table.add_row(begin, f"{seconds:.1f}", f"{asked.articles / seconds:.1f}")
                    # At once: a run of many articles that is cut off has told what it knew.
                    print(f"{begin}: {seconds:.1f} s, {asked.articles / seconds:.1f}/s", file=sys.stderr, flush=True)
                    if begin == "raw":
                        done(settings, "promote", "2", "--yes", "--force")
    Console(width=112).print(table)


if __name__ == "__main__":
    main()
