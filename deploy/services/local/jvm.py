"""What both Java programs are started with."""

from collections.abc import Sequence
from pathlib import Path

from deploy.services.local.jdk import Jdk

LOGGING = Path(__file__).parent / "config" / "log4j2.properties"


def command(jdk: Jdk, folder: Path, options: Sequence[str], program: Sequence[str]) -> tuple[str, ...]:
    """``folder`` takes all that the program would leave in the system's temporary folder (native libraries)."""
    temporary = folder / "tmp"
    temporary.mkdir(parents=True, exist_ok=True)
    return (
        str(jdk.java),
        *options,
        "-XX:+ExitOnOutOfMemoryError",
        "-XX:-UsePerfData",  # no hsperfdata folder in the temporary folder
        "-Djava.awt.headless=true",
        f"-Djava.io.tmpdir={temporary}",
        "-Dlog4j2.disable.jmx=true",
        *program,
    )
