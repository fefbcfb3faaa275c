"""The worker of ``annotate`` as it would be with another gazetteer: without the entry that the first argument names.

``python annotate_without.py Q269 annotate --instance 1``
"""

import sys

from console.main import main
from processors.annotate.entities import tables


def without(left_out: str) -> None:
    every = tables.entries()
    assert any(entry.id == left_out for entry in every), left_out
    tables.entries = lambda: tuple(entry for entry in every if entry.id != left_out)  # type: ignore[assignment]


if __name__ == "__main__":
    without(sys.argv.pop(1))
    main()
