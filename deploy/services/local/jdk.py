"""The JDK that runs the local services: 21 or newer, with its compiler."""

import os
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from schemas.errors import ServiceError

MINIMUM = 21
PLACES = (
    "/usr/lib/jvm/*",
    "/usr/java/*",
    "/opt/java/*",
    "/opt/jdk*",
    "/Library/Java/JavaVirtualMachines/*/Contents/Home",
    "/opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home",
)
_VERSION = re.compile(r'^JAVA_VERSION="(?:1\.)?(\d+)', re.MULTILINE)


@dataclass(frozen=True, order=True)
class Jdk:
    """``major`` as in Java 21; ``home`` has bin/java and bin/javac."""

    major: int
    home: Path

    @property
    def java(self) -> Path:
        return self.home / "bin" / "java"

    @property
    def javac(self) -> Path:
        return self.home / "bin" / "javac"


def read_jdk(home: Path) -> Jdk | None:
    """What this folder holds: its ``release`` file says the version. None when it is no JDK (or a mere JRE)."""
    try:
        found = _VERSION.search((home / "release").read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return None
    jdk = Jdk(int(found[1]), home) if found else None
    return jdk if jdk and jdk.java.is_file() and jdk.javac.is_file() else None


def choose(named: Jdk | None, found: Iterable[Jdk]) -> Jdk | None:
    """JAVA_HOME's when it is new enough, else the newest that is."""
    if named is not None and named.major >= MINIMUM:
        return named
    fit = [jdk for jdk in found if jdk.major >= MINIMUM]
    return max(fit, default=None)


def find_jdk(environment: Mapping[str, str] = os.environ, places: Sequence[str] = PLACES) -> Jdk:
    """``places``: patterns of absolute paths, ``~`` for the home folder. Raises ServiceError that says what to do."""
    java_home = environment.get("JAVA_HOME")
    named = read_jdk(Path(java_home)) if java_home else None
    found = sorted(
        {jdk for home in _homes(environment, places) if (jdk := read_jdk(home))} | ({named} if named else set())
    )
    chosen = choose(named, found)
    if chosen is None:
        versions = ", ".join(f"{jdk.major} in {jdk.home}" for jdk in found) or "none"
        raise ServiceError(
            f"the local services need a JDK {MINIMUM} or newer; found: {versions}. Install one (Temurin 21, say) or "
            "set JAVA_HOME to it; or use the embedded services, which need no Java"
        )
    return chosen


def _homes(environment: Mapping[str, str], places: Sequence[str]) -> Iterable[Path]:
    for pattern in places:
        path = Path(pattern).expanduser()
        yield from Path(path.anchor).glob(str(path.relative_to(path.anchor)))
    on_path = shutil.which("java", path=environment.get("PATH"))
    if on_path:
        yield Path(on_path).resolve().parent.parent
