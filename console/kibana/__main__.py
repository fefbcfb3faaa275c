"""``python -m console.kibana`` writes the compiled file that lies beside the source; a test keeps it fresh."""

import sys
from pathlib import Path

from console.kibana import compiled, lines, load

FILE = Path(__file__).parents[2] / "deploy" / "kibana" / "remarkwire.ndjson"


def main() -> None:
    """Writes it."""
    FILE.write_text(lines(compiled(load())), encoding="utf-8")
    sys.stdout.write(f"{FILE.name} is written\n")


if __name__ == "__main__":
    main()
