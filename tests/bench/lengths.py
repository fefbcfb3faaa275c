"""``python -m tests.bench.lengths [LONGEST]``: seconds of annotation for texts of doubling length, up to 1 MB.

Reports in every language that has a lexicon and in two that have none, and texts that are no articles: only quotation
marks, one endless sentence, mixed scripts, zero-width characters, NULs. The time must double with the length, not grow
with its square. Ends with 1 where one grows faster than that.
"""

import datetime
import gc
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count, islice
from pathlib import Path
from typing import TypeVar

import yaml
from rich.console import Console
from rich.table import Table

from processors.annotate.core import annotate
from processors.annotate.entities import Recognizer, find_entities, load_gazetteer
from processors.annotate.knowledge import knowledge_of
from processors.annotate.statements import find_statements
from schemas import CleanArticle, Outlet, Seq

DAY = datetime.datetime(2026, 5, 20, 12, tzinfo=datetime.UTC)
T = TypeVar("T")
STEPS = 4
_AGAIN = 2
LONGEST = 1_000_000
STEEPEST = 12.0
"""Of the time for eight times the length: 8 is linear, 64 quadratic."""
REPORTS = Path(__file__).parents[1] / "unit" / "annotate" / "fresh"
LANGUAGES = ("ar", "de", "en", "es", "fr", "pl", "ru", "tr", "uk")


def _names() -> Iterator[str]:
    """A new stranger in each sentence."""
    for number in count():
        word = "".join(chr(ord("a") + int(digit)) for digit in str(number))
        yield f"Mr X{word} said that the ferries will sail. "


TEXTS: dict[str, tuple[str, Callable[[], Iterator[str]] | str]] = {
    "report": (
        "en",
        'Lavrov told Harbour TV on Monday that "the ferries will not sail". He added that Rubio agreed.\n',
    ),
    "new names": ("en", _names),
    "one sentence": ("en", "the minister said and Lavrov added that he knew, "),
    "no space": ("en", "абв"),
    "opening marks": ("ru", "«a "),
    "only marks": ("en", '"“„«‹‘'),
    "mixed scripts": ("ru", "Лавров said أن 外相 „што“ "),
    "right to left": ("ar", "وقال لافروف إن \u200fالعبارات\u200e ستعود. "),
    "zero width, NUL, emoji": ("en", "Lav\u200brov\u200d sa\u00adid \x00 🙂 “x\u2060”. "),
    "list under a colon": ("en", "- Lavrov said so:\n"),
    "questions": ("ru", "Вопрос: Так ли?\nС.В.Лавров: Так.\n"),
    "dashes": ("ru", "«Да, — сказал Лавров. — Нет, — "),
    "Czech": ("cs", "Lavrov v Moskvě řekl, že „trajekty nevyplují“. Ministr dodal, že se čeká na Ankaru.\n"),
    "Bulgarian": ("bg", "Лавров каза в Москва, че „фериботите няма да тръгнат“. Министърът добави, че чакат Анкара.\n"),
}


def _reports(lang: str) -> str:
    """The constructions that the tests have for a language, one after the other."""
    cases = yaml.safe_load((REPORTS / f"{lang}.yaml").read_text(encoding="utf-8"))
    return "".join(str(case) for case in cases.values()).replace("{{", "").replace("}}", "")


TEXTS.update({f"reports, {lang}": (lang, _reports(lang)) for lang in LANGUAGES})


def text_of(name: str, length: int) -> str:
    """One of ``TEXTS``, as long as that."""
    _, source = TEXTS[name]
    pieces = source if isinstance(source, str) else "".join(islice(source(), length // 40 + 1))
    return (pieces * (length // len(pieces) + 1))[:length]


@dataclass(frozen=True)
class Growth:
    """Seconds of processor time for each length, the shortest first; ``share``: of the shortest, what finding
    statements alone takes.
    """

    name: str
    seconds: tuple[float, ...]
    share: float

    @property
    def ratio(self) -> float:
        return self.seconds[-1] / self.seconds[0]


def lengths_to(longest: int) -> list[int]:
    return [longest >> (STEPS - 1 - i) for i in range(STEPS)]


def measure(longest: int) -> Iterator[Growth]:
    """Each kind of text in turn. One that seems too steep is measured twice more: of each length the fastest counts."""
    gazetteer, recognizer = load_gazetteer(), Recognizer()
    gc.collect()
    gc.freeze()  # what going through all of the lexicons takes falls on some text or other
    for name, (lang, _) in TEXTS.items():
        text = text_of(name, longest)
        given = [article(text[:length], lang) for length in lengths_to(longest)]
        annotate(article(text[:5000], lang), gazetteer=gazetteer, recognizer=recognizer)
        work = partial(annotate, gazetteer=gazetteer, recognizer=recognizer)
        seconds = [_seconds(work, one) for one in given]
        for _ in range(_AGAIN):
            if seconds[-1] > STEEPEST * seconds[0]:
                seconds = [min(before, _seconds(work, one)) for before, one in zip(seconds, given, strict=True)]
        full = given[0].full_text
        entities = find_entities(full, lang, gazetteer)
        found = partial(find_statements, lang=lang, entities=entities, published=DAY, knowledge=knowledge_of(gazetteer))
        yield Growth(name, tuple(seconds), _seconds(found, full) / seconds[0])
    gc.unfreeze()


def _seconds(work: Callable[[T], object], given: T) -> float:
    begin = time.process_time()
    work(given)
    return time.process_time() - begin


def printed(out: Console, longest: int = LONGEST) -> bool:
    """Prints one row for each kind of text, as it is measured to stderr; whether none grows faster than it may."""
    table = Table("text", *(f"{n:,}" for n in lengths_to(longest)), "last / first", "of these statements")
    table.title, table.title_justify = "Annotation of long texts, seconds of processor time by characters", "left"
    steepest = 0.0
    for one in measure(longest):
        steepest = max(steepest, one.ratio)
        row = (one.name, *(f"{s:.2f}" for s in one.seconds), f"{one.ratio:.1f}", f"{one.share:.2f}")
        print(*row, sep="\t", file=sys.stderr, flush=True)
        table.add_row(*row)
    out.print(table)
    return steepest <= STEEPEST


def main() -> None:
    longest = int(sys.argv[1]) if len(sys.argv) > 1 else LONGEST
    sys.exit(not printed(Console(width=112), longest))


def article(text: str, lang: str) -> CleanArticle:
    """A text under a title of its own."""
    return CleanArticle(
        article_id="a", seq=Seq(0, "a"), revision="", url="", outlet=Outlet(id=""), fetched=DAY, title="Title",
        text=text, lang=lang, published=DAY,
    )  # fmt: skip


if __name__ == "__main__":
    main()
