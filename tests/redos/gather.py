"""``python -m tests.redos.gather``: every regular expression that our code makes, as JSON lines.

In a process of its own: the standard library's compiler is wrapped before anything of ours is imported. Then all
modules are imported, and articles of every language go the whole way, so that what is built from lexicons is built.
"""

import importlib
import json
import pkgutil
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PACKAGES = ("schemas", "runtime", "ingest", "processors", "console")
_HERE = tuple(f"{ROOT / package}/" for package in PACKAGES)

found: dict[tuple[str, int, str, int], None] = {}
_compile: Any = re._compile  # type: ignore[attr-defined]


def recording(pattern: Any, flags: Any) -> re.Pattern[Any]:
    made: re.Pattern[Any] = _compile(pattern, flags)
    caller = sys._getframe(2)
    while caller is not None and caller.f_code.co_filename == re.__file__:
        caller = caller.f_back  # type: ignore[assignment]
    if caller.f_code.co_filename.startswith(_HERE):
        place = str(Path(caller.f_code.co_filename).relative_to(ROOT))
        text = made.pattern if isinstance(made.pattern, str) else "b:" + made.pattern.decode("latin-1")
        found[place, caller.f_lineno, text, made.flags] = None
    return made


def main() -> None:
    re._compile = recording  # type: ignore[attr-defined]
    from runtime.logging import configure
    from runtime.settings import LogSettings

    for package in PACKAGES:
        for module in pkgutil.walk_packages([str(ROOT / package)], f"{package}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    configure(LogSettings(level="error"), "gather")
    walk_the_whole_way()
    for place, line, pattern, flags in found:
        print(json.dumps({"place": place, "line": line, "pattern": pattern, "flags": flags}))


def walk_the_whole_way() -> None:
    from hypothesis import HealthCheck, given, settings

    from ingest.clean.metadata.credit import credited_in_text
    from ingest.fetch.web.robots import Robots
    from processors.annotate.core import annotate
    from processors.annotate.entities import Recognizer, load_gazetteer
    from processors.annotate.knowledge import knowledge_of
    from processors.dispatch import reports_of
    from tests.bench.lengths import LANGUAGES, TEXTS, article
    from tests.fuzz.targets import TARGETS

    credited_in_text(["Reuters reported."], "example.org")
    Robots(None, "Remarkwire/0.1", lambda *_: None)  # type: ignore[arg-type]
    recognizer, gazetteer = Recognizer(), load_gazetteer()
    for lang in LANGUAGES:
        text = TEXTS[f"reports, {lang}"][1]
        assert isinstance(text, str)
        found = annotate(article(text, lang), gazetteer=gazetteer, recognizer=recognizer)
        reports_of(found, ["Q58217", "any"], known=knowledge_of(gazetteer))
    for target in TARGETS:
        quick = settings(max_examples=15, derandomize=True, deadline=None, database=None,
                         suppress_health_check=list(HealthCheck))  # fmt: skip
        quick(given(target.inputs)(target.check))()


if __name__ == "__main__":
    main()
